package db

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// SnapshotFile is the name of an SQLite snapshot in its folder. A PostgreSQL
// snapshot is one NAME.copy file per table instead.
const SnapshotFile = "district.db"

// Snapshot writes a consistent copy of everything committed into dir while
// others keep writing. The files are on disk when it returns.
func (d *DB) Snapshot(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var err error
	if d.opt.Engine == Postgres {
		err = d.copyOut(ctx, dir)
	} else {
		err = d.vacuumInto(ctx, filepath.Join(dir, SnapshotFile))
	}
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	return syncDir(dir)
}

func (d *DB) vacuumInto(ctx context.Context, path string) error {
	src, err := sql.Open("sqlite", strings.Replace(dsnSQLite(d.opt.Path, false), "query_only%281%29", "query_only%280%29", 1))
	if err != nil {
		return err
	}
	defer src.Close()
	if _, err := src.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	return syncFile(path)
}

// CheckSQLite opens an SQLite file by itself and looks for damage: pages,
// indexes and foreign keys.
func CheckSQLite(ctx context.Context, path string) error {
	c, err := sql.Open("sqlite", "file:"+path+"?mode=ro&immutable=1")
	if err != nil {
		return err
	}
	defer c.Close()
	return checkSQLite(ctx, c)
}

func checkSQLite(ctx context.Context, c *sql.DB) error {
	var said string
	if err := c.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("the file is damaged: %s", said)
	}
	rows, err := c.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		var table, parent sql.NullString
		var id, fk sql.NullInt64
		if err := rows.Scan(&table, &id, &parent, &fk); err != nil {
			return err
		}
		return fmt.Errorf("row %d of %s points at a row of %s that is not there", id.Int64, table.String, parent.String)
	}
	return rows.Err()
}

// Check looks for damage in the open database. PostgreSQL checks its own
// pages and keys; there the connection is tried.
func (d *DB) Check(ctx context.Context) error {
	if d.opt.Engine == Postgres {
		return d.pool.PingContext(ctx)
	}
	return checkSQLite(ctx, d.pool)
}

// Tables lists the tables that hold data, parents before children.
func (d *DB) tables(ctx context.Context) ([]string, error) {
	rows, err := d.pool.QueryContext(ctx, `SELECT c.relname::text, coalesce(array_to_string(array_agg(p.relname::text) FILTER (WHERE p.relname IS NOT NULL AND p.oid <> c.oid), ','), '')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' LEFT JOIN pg_class p ON p.oid = k.confrelid
		WHERE n.nspname = 'public' AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	parents := map[string][]string{}
	var names []string
	for rows.Next() {
		var name, list string
		if err := rows.Scan(&name, &list); err != nil {
			return nil, err
		}
		names = append(names, name)
		if list != "" {
			parents[name] = strings.Split(list, ",")
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	sort.Strings(names)
	var out []string
	done := map[string]bool{}
	var visit func(string)
	visit = func(n string) {
		if done[n] {
			return
		}
		done[n] = true
		for _, p := range parents[n] {
			visit(p)
		}
		out = append(out, n)
	}
	for _, n := range names {
		visit(n)
	}
	return out, nil
}

// copiedColumns picks the columns that a copy has: not those that belong to the
// server they were written on (transaction ids), and none that are computed.
const copiedColumns = ` FROM information_schema.columns WHERE table_schema = 'public' AND data_type <> 'xid8' AND is_generated = 'NEVER'`

// columns of a table as a list for COPY.
func columns(ctx context.Context, c *pgx.Conn, table string) (list string, err error) {
	err = c.QueryRow(ctx, `SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)`+copiedColumns+` AND table_name = $1`, table).Scan(&list)
	return list, err
}

// CopyColumns lists the columns of every table of a PostgreSQL database in the
// order in which a snapshot has them.
func (d *DB) CopyColumns(ctx context.Context) (out map[string][]string, err error) {
	err = d.Read(ctx, func(tx *Tx) error {
		rows, err := tx.Query(`SELECT table_name, column_name` + copiedColumns + ` ORDER BY table_name, ordinal_position`)
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

func (d *DB) conn(ctx context.Context, fn func(c *pgx.Conn) error) error {
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(dc any) error { return fn(dc.(*stdlib.Conn).Conn()) })
}

func (d *DB) copyOut(ctx context.Context, dir string) error {
	tables, err := d.tables(ctx)
	if err != nil {
		return err
	}
	return d.conn(ctx, func(c *pgx.Conn) error {
		tx, err := c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // a read has nothing to lose
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		for _, t := range tables {
			cols, err := columns(ctx, c, t)
			if err != nil {
				return err
			}
			if err := writeFile(filepath.Join(dir, t+".copy"), func(w io.Writer) error {
				_, err := c.PgConn().CopyTo(ctx, w, "COPY (SELECT "+cols+" FROM "+pgx.Identifier{t}.Sanitize()+") TO STDOUT")
				return err
			}); err != nil {
				return fmt.Errorf("table %s: %w", t, err)
			}
		}
		return nil
	})
}

// Load fills this freshly migrated PostgreSQL database from a snapshot, in
// one transaction.
func (d *DB) Load(ctx context.Context, dir string) error {
	if d.opt.Engine != Postgres {
		return errors.New("an SQLite snapshot is the database itself: put the file in its place")
	}
	tables, err := d.tables(ctx)
	if err != nil {
		return err
	}
	return d.conn(ctx, func(c *pgx.Conn) error {
		tx, err := c.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // after a commit there is nothing to roll back
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		quoted := make([]string, len(tables))
		for i, t := range tables {
			quoted[i] = pgx.Identifier{t}.Sanitize()
		}
		if _, err := tx.Exec(ctx, "TRUNCATE "+strings.Join(quoted, ", ")); err != nil {
			return err
		}
		for i, t := range tables {
			if err := loadTable(ctx, c, dir, t, quoted[i]); err != nil {
				return fmt.Errorf("table %s: %w", t, err)
			}
		}
		return tx.Commit(ctx)
	})
}

func loadTable(ctx context.Context, c *pgx.Conn, dir, name, quoted string) error {
	f, err := os.Open(filepath.Join(dir, name+".copy"))
	if err != nil {
		return err
	}
	defer f.Close()
	cols, err := columns(ctx, c, name)
	if err != nil {
		return err
	}
	if _, err := c.PgConn().CopyFrom(ctx, bufio.NewReader(f), "COPY "+quoted+" ("+cols+") FROM STDIN"); err != nil {
		return err
	}
	// Ids go on behind the highest that was loaded.
	var seq *string
	if err := c.QueryRow(ctx, `SELECT pg_get_serial_sequence($1, attname::text) FROM pg_attribute WHERE attrelid = $1::regclass AND attidentity <> ''`, "public."+name).Scan(&seq); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	}
	if seq == nil {
		return nil
	}
	_, err = c.Exec(ctx, "SELECT setval('"+*seq+"', coalesce((SELECT max(id) FROM "+quoted+"), 0) + 1, false)")
	return err
}

func writeFile(path string, fill func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := fill(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
