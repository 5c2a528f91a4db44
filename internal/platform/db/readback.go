package db

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A snapshot of a PostgreSQL database is one file of rows for each table, which
// proves nothing by itself. Read into the embedded engine, where the tables are
// the same text, every row meets its types, checks, unique and foreign keys.

// Copy is a snapshot of a PostgreSQL database in Dir.
type Copy struct {
	Dir      string
	Schemas  []Schema
	Versions map[string]int64 // of each schema when it was made; none of a schema that came later
	// Columns are each table's, in the order of the rows. A table of which they
	// are not known is taken to have them in the order of the migrations.
	Columns map[string][]string
}

// ReadBack makes an SQLite database of the copy at file, which must not be
// there yet, and returns how many tables and rows it has. What breaks a key or
// a check is an error that names the table, the row and the column.
func (c Copy) ReadBack(ctx context.Context, file string) (tables, rows int, err error) {
	if err := c.emptyTables(ctx, file); err != nil {
		return 0, 0, err
	}
	if tables, rows, err = c.fill(ctx, file); err != nil {
		return tables, rows, err
	}
	return tables, rows, CheckSQLite(ctx, file)
}

func (c Copy) emptyTables(ctx context.Context, file string) (err error) {
	d, err := Open(ctx, Options{Engine: SQLite, Path: file, Fatal: func(error) {}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.MigrateTo(ctx, c.Schemas, c.Versions)
}

// scratchColumn is a column of a scratch table.
type scratchColumn struct{ name, kind string }

func (c Copy) fill(ctx context.Context, file string) (tables, rows int, err error) {
	// Keys are checked when all rows are there, whatever their order; what
	// power cuts do to a scratch file does not matter.
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?_pragma=foreign_keys(0)&_pragma=synchronous(0)&_pragma=temp_store(2)")
	if err != nil {
		return 0, 0, err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	names, err := c.tables(ctx, pool)
	if err != nil {
		return 0, 0, err
	}
	for _, name := range names {
		n, err := fillTable(ctx, pool, filepath.Join(c.Dir, name+".copy"), name, c.Columns[name])
		if err != nil {
			return 0, 0, fmt.Errorf("table %s: %w", name, err)
		}
		tables++
		rows += n
	}
	// CheckSQLite looks at the file alone.
	_, err = pool.ExecContext(ctx, "PRAGMA journal_mode = DELETE")
	return tables, rows, err
}

// tables are the ordinary tables that modules made: not those of the engine, of
// the search index, or that count migrations.
func (c Copy) tables(ctx context.Context, pool *sql.DB) (names []string, err error) {
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
		counts := slices.ContainsFunc(c.Schemas, func(s Schema) bool { return n == s.Name+"_version" })
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

// CountLoaded compares how many rows each table has with its file in dir, after
// Load, and returns how many tables and rows that are.
func (d *DB) CountLoaded(ctx context.Context, dir string) (tables, rows int, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.copy"))
	if err != nil {
		return 0, 0, err
	}
	err = d.Read(ctx, func(tx *Tx) error {
		tables, rows = 0, 0
		for _, path := range files {
			name := strings.TrimSuffix(filepath.Base(path), ".copy")
			want, err := lines(path)
			if err != nil {
				return err
			}
			var have int
			if err := tx.QueryRow(`SELECT count(*) FROM ` + quoted(name)).Scan(&have); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
			if have != want {
				return fmt.Errorf("table %s has %d rows, and its copy %d", name, have, want)
			}
			tables++
			rows += have
		}
		return nil
	})
	return tables, rows, err
}

// lines counts the rows of a table's file: one a line, line breaks in values
// are escaped.
func lines(path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for buf := make([]byte, 1<<16); ; {
		k, err := f.Read(buf)
		n += bytes.Count(buf[:k], []byte{'\n'})
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}
