package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// Finding is one thing that the doctor looked at.
type Finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

// Examine checks the district from outside, while it may be in use: pages and
// keys of the database, every link of the event log, a file for every row
// that names one, and jobs that gave up.
func (d *Source) Examine(ctx context.Context) []Finding {
	var out []Finding
	add := func(what string, err error, says string, args ...any) {
		f := Finding{What: what, OK: err == nil, Says: fmt.Sprintf(says, args...)}
		if err != nil {
			f.Says = err.Error()
		}
		out = append(out, f)
	}
	sound := "pages, indexes and foreign keys are sound"
	if d.DB.Engine() == db.Postgres {
		sound = "the server answers; it looks after pages and keys itself"
	}
	add("database", d.DB.Check(ctx), "%s: %s", d.DB.Engine(), sound)
	rep, err := event.Verify(ctx, d.DB)
	add("event log", err, "%d events in one unbroken chain, %d bodies erased, %d without a place yet, head %.16s", rep.Events, rep.Erased, rep.Open, hex.EncodeToString(rep.Head))
	rows, missing, spare, err := d.files(ctx)
	if err == nil && missing > 0 {
		err = fmt.Errorf("%d of %d files that rows name are not in the folder; restore them from a backup", missing, rows)
	}
	add("files", err, "all %d files that rows name are here; %d more wait to be swept", rows, spare)
	dead, err := d.DeadJobs(ctx)
	if err == nil && len(dead) > 0 {
		err = fmt.Errorf("%s gave up, the newest is %s, number %d; `trellis jobs` lists them and says why, `trellis jobs --retry %d` tries one again", many(len(dead), "job"), dead[0].Kind, dead[0].ID, dead[0].ID)
	}
	add("jobs", err, "none gave up")
	return out
}

// files compares the attachments that rows name with those in the folder. Rows
// are read first: a file is there before its row is, so one that is added
// meanwhile is spare and never missing.
func (d *Source) files(ctx context.Context) (rows, missing, spare int, err error) {
	named := map[string]int{}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		return eachBlob(tx, func(hash string) { rows++; named[hash]++ })
	})
	if err != nil {
		return 0, 0, 0, err
	}
	have := map[string]bool{}
	err = filepath.WalkDir(d.blobDir(), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && len(e.Name()) == 64 {
			have[e.Name()] = true
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, 0, 0, err
	}
	for h, n := range named {
		if !have[h] {
			missing += n
		}
	}
	for h := range have {
		if named[h] == 0 {
			spare++
		}
	}
	return rows, missing, spare, nil
}

// many is "1 job" or "3 jobs", for words on the command line.
func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
