package app

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// A copy of a PostgreSQL district is one file of rows for each table, which
// proves nothing by itself. It is read back into a scratch database of the
// embedded engine: the tables are the same text on both, so every row meets
// its types, checks, unique and foreign keys there, and the event log is
// verified by the same code that verifies a district.

// copied is what reading a copy back showed.
type copied struct {
	tables, rows int
	log          event.Report
}

// readBack checks the copy in dir, made at these versions. columns are each
// table's, in the order of the copy; a copy of which they are not known is
// taken to have them in the order of the migrations. The scratch database is
// made and removed beside the copy.
func readBack(ctx context.Context, dir string, versions map[string]int64, columns map[string][]string) (c copied, err error) {
	scratch, err := os.MkdirTemp(dir, ".reading-")
	if err != nil {
		return c, err
	}
	defer os.RemoveAll(scratch)
	file := filepath.Join(scratch, db.SnapshotFile)
	if err := emptyTables(ctx, file, versions); err != nil {
		return c, err
	}
	if err := c.fill(ctx, dir, file, columns); err != nil {
		return c, err
	}
	if err := db.CheckSQLite(ctx, file); err != nil {
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

func emptyTables(ctx context.Context, file string, versions map[string]int64) (err error) {
	d, err := db.Open(ctx, db.Options{Engine: db.SQLite, Path: file, Fatal: func(error) {}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	var then []db.Schema
	for _, now := range Schemas() {
		s, err := asOf(now, versions[now.Name], filepath.Join(filepath.Dir(file), now.Name))
		if err != nil {
			return err
		}
		if s.FS != nil {
			then = append(then, s)
		}
	}
	return d.Migrate(ctx, then, nil)
}

// asOf is a schema as it was at a version, laid out in dir; without files if
// it came later.
func asOf(s db.Schema, version int64, dir string) (out db.Schema, err error) {
	files, err := fs.ReadDir(s.FS, "migrations")
	if err != nil {
		return out, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "migrations"), 0o700); err != nil {
		return out, err
	}
	out.Name = s.Name
	for _, f := range files {
		number, _, _ := strings.Cut(f.Name(), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err != nil || n > version {
			continue
		}
		text, err := fs.ReadFile(s.FS, "migrations/"+f.Name())
		if err != nil {
			return out, err
		}
		if err := os.WriteFile(filepath.Join(dir, "migrations", f.Name()), text, 0o600); err != nil {
			return out, err
		}
		out.FS = os.DirFS(dir)
	}
	return out, nil
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

// scratchColumn is a column of a scratch table.
type scratchColumn struct{ name, kind string }

func (c *copied) fill(ctx context.Context, dir, file string, columns map[string][]string) (err error) {
	// Keys are checked when all rows are there, whatever their order; what
	// power cuts do to a scratch file does not matter.
	pool, err := sql.Open("sqlite", "file:"+file+"?_pragma=foreign_keys(0)&_pragma=synchronous(0)&_pragma=temp_store(2)")
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	tables, err := scratchTables(ctx, pool)
	if err != nil {
		return err
	}
	for _, name := range tables {
		n, err := fillTable(ctx, pool, filepath.Join(dir, name+".copy"), name, columns[name])
		if err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		c.tables++
		c.rows += n
	}
	// CheckSQLite looks at the file alone.
	_, err = pool.ExecContext(ctx, "PRAGMA journal_mode = DELETE")
	return err
}

// scratchTables are the ordinary tables that modules made: not those of the
// engine, of the search index, or that count migrations.
func scratchTables(ctx context.Context, pool *sql.DB) (names []string, err error) {
	rows, err := pool.QueryContext(ctx, "PRAGMA main.table_list")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var schema, n, kind string
		var columns, noRowID, strict int
		if err := rows.Scan(&schema, &n, &kind, &columns, &noRowID, &strict); err != nil {
			return nil, err
		}
		counts := slices.ContainsFunc(Schemas(), func(s db.Schema) bool { return n == s.Name+"_version" })
		if kind == "table" && !counts && !strings.HasPrefix(n, "sqlite_") {
			names = append(names, n)
		}
	}
	return names, rows.Err()
}

func fillTable(ctx context.Context, pool *sql.DB, path, name string, order []string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	cols, err := scratchColumns(ctx, pool, name)
	if err != nil {
		return 0, err
	}
	if order == nil {
		for _, c := range cols {
			order = append(order, c.name)
		}
	}
	into := make([]int, len(cols)) // where each column stands in a line
	names, marks := make([]string, len(cols)), make([]string, len(cols))
	for i, c := range cols {
		if into[i] = slices.Index(order, c.name); into[i] < 0 {
			return 0, fmt.Errorf("column %s is not in the copy", c.name)
		}
		names[i], marks[i] = quoted(c.name), "?"
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	// What the migrations themselves wrote is in the copy as well.
	if _, err := tx.ExecContext(ctx, "DELETE FROM "+quoted(name)); err != nil {
		return 0, err
	}
	add, err := tx.PrepareContext(ctx, "INSERT INTO "+quoted(name)+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return 0, err
	}
	defer add.Close()
	args := make([]any, len(cols))
	for lines := bufio.NewReaderSize(f, 1<<16); ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil {
			return n, fmt.Errorf("row %d is cut off: %w", n+1, err)
		}
		fields := bytes.Split(line[:len(line)-1], []byte{'\t'})
		if len(fields) < len(order) {
			return n, fmt.Errorf("row %d has %d of %d columns", n+1, len(fields), len(order))
		}
		for i, c := range cols {
			if args[i], err = c.value(fields[into[i]]); err != nil {
				return n, fmt.Errorf("row %d, column %s: %w", n+1, c.name, err)
			}
		}
		if _, err := add.ExecContext(ctx, args...); err != nil {
			return n, fmt.Errorf("row %d: %w", n+1, err)
		}
	}
	return n, tx.Commit()
}

func scratchColumns(ctx context.Context, pool *sql.DB, table string) (cols []scratchColumn, err error) {
	rows, err := pool.QueryContext(ctx, "PRAGMA main.table_info("+quoted(table)+")")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c scratchColumn
		var place, notNull, key int
		var preset sql.NullString
		if err := rows.Scan(&place, &c.name, &c.kind, &notNull, &preset, &key); err != nil {
			return nil, err
		}
		cols = append(cols, c)
	}
	return cols, rows.Err()
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// value reads a field of PostgreSQL's COPY text format as what the column
// holds.
func (c scratchColumn) value(field []byte) (any, error) {
	if string(field) == `\N` {
		return nil, nil
	}
	s := string(field)
	if bytes.IndexByte(field, '\\') >= 0 {
		var err error
		if s, err = unescape(field); err != nil {
			return nil, err
		}
	}
	switch c.kind {
	case "INTEGER":
		switch s {
		case "t":
			return int64(1), nil
		case "f":
			return int64(0), nil
		}
		return strconv.ParseInt(s, 10, 64)
	case "BLOB":
		raw, ok := strings.CutPrefix(s, `\x`)
		if !ok {
			return nil, errors.New("its bytes are not in hexadecimal form")
		}
		return hex.DecodeString(raw)
	}
	return s, nil
}

func unescape(field []byte) (string, error) {
	out := make([]byte, 0, len(field))
	for i := 0; i < len(field); i++ {
		if field[i] != '\\' {
			out = append(out, field[i])
			continue
		}
		i++
		if i == len(field) {
			return "", errors.New("it ends in a backslash")
		}
		at := strings.IndexByte(`bfnrtv\`, field[i])
		if at < 0 {
			return "", fmt.Errorf("\\%c stands for nothing", field[i])
		}
		out = append(out, "\b\f\n\r\t\v\\"[at])
	}
	return string(out), nil
}

// copyColumns lists the columns of every table of a PostgreSQL district in the
// order in which a copy has them.
func copyColumns(ctx context.Context, d *db.DB) (out map[string][]string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT table_name, column_name FROM information_schema.columns
			WHERE table_schema = 'public' AND data_type <> 'xid8' AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position`)
		if err != nil {
			return err
		}
		defer rows.Close()
		out = map[string][]string{}
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				return err
			}
			out[table] = append(out[table], column)
		}
		return rows.Err()
	})
	return out, err
}
