package app

import (
	"context"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path/filepath"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
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
	add("database", d.DB.Check(ctx), "%s: pages, indexes and foreign keys are sound", d.DB.Engine())
	rep, err := event.Verify(ctx, d.DB)
	add("event log", err, "%d events in one unbroken chain, %d bodies erased, %d without a place yet, head %.16s", rep.Events, rep.Erased, rep.Open, hex.EncodeToString(rep.Head))
	rows, missing, spare, err := d.files(ctx)
	if err == nil && missing > 0 {
		err = fmt.Errorf("%d of %d files that rows name are not in the folder; restore them from a backup", missing, rows)
	}
	add("files", err, "all %d files that rows name are here; %d more wait to be swept", rows, spare)
	dead, err := d.deadJobs(ctx)
	if err == nil && dead > 0 {
		err = fmt.Errorf("%d jobs gave up; look at them under Settings", dead)
	}
	add("jobs", err, "none gave up")
	return out
}

func (d *Source) files(ctx context.Context) (rows, missing, spare int, err error) {
	have := map[string]bool{}
	err = filepath.WalkDir(d.blobDir(), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && len(e.Name()) == 64 {
			have[e.Name()] = true
		}
		return err
	})
	if err != nil {
		return 0, 0, 0, err
	}
	named := map[string]bool{}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		return desk.EachBlob(tx, func(hash string) {
			rows++
			named[hash] = true
			if !have[hash] {
				missing++
			}
		})
	})
	for h := range have {
		if !named[h] {
			spare++
		}
	}
	return rows, missing, spare, err
}

func (d *Source) deadJobs(ctx context.Context) (n int, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := job.Dead(tx, 1000)
		n = len(list)
		return err
	})
	return n, err
}
