package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// copied is what reading a copy back showed.
type copied struct {
	tables, rows int
	log          event.Report
}

// readBack checks the copy of a PostgreSQL district in dir: it is read into a
// scratch database, where the event log is verified by the same code that
// verifies a district. columns are each table's, in the order of the copy. The
// scratch database is made and removed beside the copy.
func readBack(ctx context.Context, dir string, versions map[string]int64, columns map[string][]string) (c copied, err error) {
	scratch, err := os.MkdirTemp(dir, ".reading-")
	if err != nil {
		return c, err
	}
	defer os.RemoveAll(scratch)
	file := filepath.Join(scratch, db.SnapshotFile)
	c.tables, c.rows, err = db.Copy{Dir: dir, Schemas: Schemas(), Versions: versions, Columns: columns}.ReadBack(ctx, file)
	if err != nil {
		return c, err
	}
	c.log, err = verifyFile(ctx, file)
	// A copy of a database in use may hold events that had no place yet, which
	// the embedded engine never has: that alone is nothing wrong.
	if errors.Is(err, event.ErrBroken) && c.log.Open > 0 && len(c.log.Problem) == 1 {
		err = nil
	}
	return c, err
}

// verifyFile reads the event log of an SQLite file.
func verifyFile(ctx context.Context, file string) (rep event.Report, err error) {
	d, err := db.Open(ctx, db.Options{Engine: db.SQLite, Path: file, Fatal: func(error) {}})
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return event.Verify(ctx, d)
}
