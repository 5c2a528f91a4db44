package app

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/notice"
)

// keysLast is how long an idempotency key is remembered: longer than any
// client should go on repeating itself.
const keysLast = 48 * time.Hour

// blobAge is how long a file that no row names is kept: a writer may be about
// to name it, and a backup that was begun before may still want it.
const blobAge = 48 * time.Hour

func (d *District) pause(ctx context.Context, how time.Duration) {
	_ = clock.Sleep(ctx, d.clock, how)
}

func (d *District) sweepKeys(ctx context.Context) error {
	return d.DB.Write(ctx, "sweep idempotency records", func(tx *db.Tx) error {
		tx.Unlogged("a key that expired says nothing about the district")
		_, err := idem.Sweep(tx, tx.Now().Add(-keysLast))
		return err
	})
}

// noticesLast is how long a notice that was read stays in its person's list.
const noticesLast = 180 * 24 * time.Hour

func (d *District) sweepNotices(ctx context.Context) error {
	return d.DB.Write(ctx, "sweep notices", func(tx *db.Tx) error {
		tx.Unlogged("what was read long ago tells nobody anything")
		_, err := notice.Prune(tx, tx.Now().Add(-noticesLast), 1000)
		return err
	})
}

// sweepBlobs removes files that no row names any more.
func (d *District) sweepBlobs(ctx context.Context) error {
	named := map[string]bool{}
	if err := d.DB.Read(ctx, func(tx *db.Tx) error {
		return desk.EachBlob(tx, func(hash string) { named[hash] = true })
	}); err != nil {
		return err
	}
	for info, err := range d.Blobs.Walk(ctx) {
		if err != nil {
			return err
		}
		if !named[info.Hash] {
			if _, err := d.Blobs.RemoveOlder(info.Hash, blobAge); err != nil {
				return err
			}
		}
	}
	return nil
}
