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

// VerifyArchive reads a whole archive, compares every entry with its hash and
// every attachment with its name, and checks the database in it: an SQLite
// file's pages, keys and event log in place, PostgreSQL's rows by reading them
// into a scratch database. With a dsn, that of an empty database, PostgreSQL's
// rows are loaded there, stay there, and are checked there instead. Checked of
// the manifest says what was done.
func VerifyArchive(ctx context.Context, path, dsn string, say Progress) (m Manifest, err error) {
	into, err := os.MkdirTemp("", "trellis-verify-")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(into)
	if m, err = unpackAll(ctx, path, into, say); err != nil {
		return m, err
	}
	switch {
	case m.Engine == db.SQLite.String() && dsn != "":
		return m, errEngine
	case dsn != "":
		return m, loadPostgres(ctx, filepath.Join(into, "db"), dsn, &m, say)
	}
	return m, checkDatabase(ctx, filepath.Join(into, "db"), &m, say)
}

var errEngine = errors.New("this district lived on SQLite; an archive goes back to the engine that it came from")

// unpackAll reads an archive into a folder that is new or empty.
func unpackAll(ctx context.Context, path, into string, say Progress) (m Manifest, err error) {
	if list, err := os.ReadDir(into); err == nil && len(list) > 0 {
		return m, fmt.Errorf("%s is not empty; nothing was written", into)
	}
	if m, err = unpack(ctx, path, into, say); err != nil {
		return m, fmt.Errorf("%s can't be used: %w", path, err)
	}
	m.checked("files: all %d read back as they were written, attachments under the names of their contents", len(m.Files))
	return m, nil
}

func (m *Manifest) checked(format string, args ...any) {
	m.Checked = append(m.Checked, fmt.Sprintf(format, args...))
}

func (m *Manifest) checkedLog(rep event.Report) {
	m.Place, m.Head = rep.Place, hex.EncodeToString(rep.Head)
	open := ""
	if rep.Open > 0 {
		open = fmt.Sprintf(", and %d that had no place in it yet", rep.Open)
	}
	m.checked("event log: %s in one unbroken chain%s, head %.16s", many(int(rep.Events), "event"), open, m.Head)
}

// checkDatabase checks the copy of a database without a server.
func checkDatabase(ctx context.Context, dir string, m *Manifest, say Progress) error {
	say("checking the database", m.Bytes)
	if m.Engine == db.Postgres.String() {
		c, err := readBack(ctx, dir, m.Versions, m.Columns)
		if err != nil {
			return err
		}
		m.checked("database: all %s of %s fit a scratch database: types, checks, unique and foreign keys hold", many(c.rows, "row"), many(c.tables, "table"))
		m.checkedLog(c.log)
		m.checked("not checked: the words of the search index, and that a PostgreSQL server takes the rows; `trellis restore --verify --dsn` with an empty database shows that")
		return nil
	}
	file := filepath.Join(dir, db.SnapshotFile)
	if err := db.CheckSQLite(ctx, file); err != nil {
		return err
	}
	m.checked("database: pages, indexes and foreign keys are sound")
	rep, err := verifyFile(ctx, file)
	if err != nil {
		return err
	}
	m.checkedLog(rep)
	return nil
}

// loadPostgres loads the copy into the empty database at dsn, and checks that
// it is all there.
func loadPostgres(ctx context.Context, dir, dsn string, m *Manifest, say Progress) error {
	say("loading PostgreSQL", m.Bytes)
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
	tables, rows, err := d.CountLoaded(ctx, dir)
	if err != nil {
		return err
	}
	m.checked("database: the PostgreSQL server took all %s of %s, and its keys hold", many(rows, "row"), many(tables, "table"))
	rep, err := event.Verify(ctx, d)
	if err != nil {
		return err
	}
	m.checkedLog(rep)
	return d.Migrate(ctx, Schemas(), nil)
}
