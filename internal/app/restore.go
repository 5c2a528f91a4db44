package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// Restore puts a district back from an archive: into folder, which must not
// hold a district yet, and for PostgreSQL into the empty database at dsn. The
// archive is verified on the way; a failure leaves no half district behind.
func Restore(ctx context.Context, path, folder, dsn string, say Progress) (m Manifest, err error) {
	if _, err := os.Stat(filepath.Join(folder, db.SnapshotFile)); err == nil {
		return m, fmt.Errorf("%s holds a district already; nothing was touched", folder)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return m, err
	}
	part := folder + ".restoring"
	if err := os.RemoveAll(part); err != nil { // left by one that was stopped
		return m, err
	}
	defer os.RemoveAll(part)
	if m, err = VerifyArchive(ctx, path, part, say); err != nil {
		return m, err
	}
	switch {
	case m.Engine == db.Postgres.String() && dsn == "":
		return m, errors.New("this district lived on PostgreSQL: say which empty database it goes to (--dsn)")
	case m.Engine == db.Postgres.String():
		say("loading PostgreSQL", m.Bytes)
		if err := loadPostgres(ctx, filepath.Join(part, "db"), dsn, &m); err != nil {
			return m, err
		}
		if err := os.RemoveAll(filepath.Join(part, "db")); err != nil {
			return m, err
		}
	case dsn != "":
		return m, errors.New("this district lived on SQLite; an archive goes back to the engine that it came from")
	default:
		if err := os.Rename(filepath.Join(part, "db", db.SnapshotFile), filepath.Join(part, db.SnapshotFile)); err != nil {
			return m, err
		}
		if err := os.RemoveAll(filepath.Join(part, "db")); err != nil {
			return m, err
		}
	}
	// An empty folder may wait there already; anything else stops the rename.
	if err := os.Remove(folder); err != nil && !os.IsNotExist(err) {
		return m, fmt.Errorf("%s is not empty; nothing was touched", folder)
	}
	return m, os.Rename(part, folder)
}

func loadPostgres(ctx context.Context, dir, dsn string, m *Manifest) error {
	d, err := db.Open(ctx, db.Options{Engine: db.Postgres, DSN: dsn})
	if err != nil {
		return err
	}
	defer d.Close()
	empty, err := d.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return errors.New("the database holds tables already; nothing was touched")
	}
	// The tables first as they were when the archive was made, then the rows,
	// then whatever this program's version adds.
	if err := d.MigrateTo(ctx, Schemas(), m.Versions); err != nil {
		return err
	}
	if err := d.Load(ctx, dir); err != nil {
		return err
	}
	rep, err := event.Verify(ctx, d)
	if err != nil {
		return err
	}
	m.Place, m.Head = rep.Events, hex.EncodeToString(rep.Head)
	return d.Migrate(ctx, Schemas(), nil)
}

// ReadManifest reads only what an archive says of itself.
func ReadManifest(ctx context.Context, path string) (Manifest, error) {
	m, err := manifestOf(ctx, path)
	if err != nil {
		return m, fmt.Errorf("%s can't be used: %w", path, err)
	}
	return m, nil
}
