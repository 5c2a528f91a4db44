package app

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/notice"
)

const (
	// tidyFirst is how long after opening it is tidied for the first time:
	// whoever came to the door goes before.
	tidyFirst = time.Minute
	// tidyEvery is how often after that.
	tidyEvery = time.Hour
	// filesEvery is how often the folder of attachments is walked, which takes
	// long where there are many.
	filesEvery = 24 * time.Hour

	// keysLast is how long an idempotency key is remembered: longer than any
	// client should go on repeating itself.
	keysLast = 48 * time.Hour
	// noticesLast is how long a notice that was read stays in its person's
	// list.
	noticesLast = 180 * 24 * time.Hour
	// blobAge is how long a file that no row names is kept: a writer may be
	// about to name it, and a backup that was begun before may still want it.
	blobAge = 48 * time.Hour
)

// tidy puts away what nobody needs any more, now and then until ctx ends.
func (d *District) tidy(ctx context.Context) {
	for clock.Sleep(ctx, d.clock, tidyFirst) == nil {
		d.Tidy(ctx)
		if clock.Sleep(ctx, d.clock, tidyEvery-tidyFirst) != nil {
			return
		}
	}
}

// Tidy puts away what nobody needs any more: what the modules say, old
// idempotency keys and notices, and once a day attachments that no row names.
// Run does so by itself.
func (d *District) Tidy(ctx context.Context) {
	step := func(what string, do func(context.Context) error) {
		if ctx.Err() != nil {
			return
		}
		if err := do(ctx); err != nil && ctx.Err() == nil {
			d.log.Warn("could not put away what is over; it is tried again", "what", what, "err", err)
		}
	}
	for _, m := range modules() {
		if m.Tidy != nil {
			step(m.Name, func(ctx context.Context) error { return m.Tidy(ctx, d) })
		}
	}
	step("idempotency keys", d.tidyKeys)
	step("notices", d.tidyNotices)
	step("files", d.tidyFiles)
}

func (d *District) tidyKeys(ctx context.Context) error {
	return d.DB.Write(ctx, "sweep idempotency records", func(tx *db.Tx) error {
		tx.Unlogged("a key that expired says nothing about the district")
		_, err := idem.Sweep(tx, tx.Now().Add(-keysLast))
		return err
	})
}

func (d *District) tidyNotices(ctx context.Context) error {
	return d.DB.Write(ctx, "sweep notices", func(tx *db.Tx) error {
		tx.Unlogged("what was read long ago tells nobody anything")
		_, err := notice.Prune(tx, tx.Now().Add(-noticesLast), 1000)
		return err
	})
}

// tidied is what the folder's tidied.json remembers from one opening to the
// next. Losing it costs one walk.
type tidied struct {
	Files time.Time `json:"files"` // when the attachments were last walked, by the machine's clock
}

func (d *District) tidiedFile() string { return filepath.Join(d.Folder, "tidied.json") }

// tidyFiles removes attachments that no row names any more, unless that was
// done less than filesEvery ago.
func (d *District) tidyFiles(ctx context.Context) error {
	var last tidied
	if raw, err := os.ReadFile(d.tidiedFile()); err == nil {
		_ = json.Unmarshal(raw, &last) // unreadable is the same as not there
	}
	// Files carry the machine's time, so a driven clock has no say here.
	now := clock.System().Now()
	if age := now.Sub(last.Files); age >= 0 && age < filesEvery {
		return nil
	}
	if err := d.removeUnnamed(ctx); err != nil {
		return err
	}
	raw, err := json.Marshal(tidied{Files: now})
	if err != nil {
		return err
	}
	part := d.tidiedFile() + ".part"
	if err := os.WriteFile(part, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(part, d.tidiedFile())
}

func (d *District) removeUnnamed(ctx context.Context) error {
	named := map[string]bool{}
	if err := d.DB.Read(ctx, func(tx *db.Tx) error { return eachBlob(tx, func(hash string) { named[hash] = true }) }); err != nil {
		return err
	}
	for info, err := range d.Blobs.Walk(ctx) {
		if err != nil {
			return err
		}
		if named[info.Hash] {
			continue
		}
		if _, err := d.Blobs.RemoveOlder(info.Hash, blobAge); err != nil {
			return err
		}
	}
	return nil
}
