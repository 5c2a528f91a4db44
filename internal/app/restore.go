package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"trellis/internal/platform/db"
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
	if m, err = unpackAll(ctx, path, part, say); err != nil {
		return m, err
	}
	rows := filepath.Join(part, "db")
	switch {
	case m.Engine == db.Postgres.String() && dsn == "":
		return m, errors.New("this district lived on PostgreSQL: say which empty database it goes to (--dsn)")
	case m.Engine == db.Postgres.String():
		if err := loadPostgres(ctx, rows, dsn, &m, say); err != nil {
			return m, err
		}
	case dsn != "":
		return m, errEngine
	default:
		if err := checkDatabase(ctx, rows, &m, say); err != nil {
			return m, err
		}
		if err := os.Rename(filepath.Join(rows, db.SnapshotFile), filepath.Join(part, db.SnapshotFile)); err != nil {
			return m, err
		}
	}
	if err := os.RemoveAll(rows); err != nil {
		return m, err
	}
	// An empty folder may wait there already; anything else stops the rename.
	if err := os.Remove(folder); err != nil && !os.IsNotExist(err) {
		return m, fmt.Errorf("%s is not empty; nothing was touched", folder)
	}
	return m, os.Rename(part, folder)
}

// ReadManifest reads only what an archive says of itself.
func ReadManifest(ctx context.Context, path string) (Manifest, error) {
	m, err := manifestOf(ctx, path)
	if err != nil {
		return m, fmt.Errorf("%s can't be used: %w", path, err)
	}
	return m, nil
}
