package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

// Schema is one package's migrations. Its version is kept in a table named
// after it, so packages move forward independently of each other.
type Schema struct {
	Name string // the prefix of its tables
	FS   fs.FS  // holds migrations/NNNNN_name.sql
}

// Migrate brings the schemas to their newest version, in the order given,
// each migration in its own transaction together with its version, so that a
// process that dies is simply started again. Before the first change to a
// database that holds data it calls before, which must leave a verified copy.
// A database that is newer than this program is refused untouched.
func (d *DB) Migrate(ctx context.Context, schemas []Schema, before func(ctx context.Context) error) error {
	pool, done, err := d.migrator()
	if err != nil {
		return err
	}
	defer done()
	var todo []*goose.Provider
	fresh := true
	for _, s := range schemas {
		p, err := d.provider(pool, s)
		if err != nil {
			return fmt.Errorf("migrations of %s: %w", s.Name, err)
		}
		has, target, err := p.GetVersions(ctx)
		if err != nil {
			return fmt.Errorf("version of %s: %w", s.Name, err)
		}
		if has > target {
			return fmt.Errorf("%s is at version %d and this program knows %d: the data was written by a newer Trellis; nothing was changed; run the newer program, or restore a copy made before its upgrade", s.Name, has, target)
		}
		fresh = fresh && has == 0
		if has < target {
			todo = append(todo, p)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	if !fresh && before != nil {
		if err := before(ctx); err != nil {
			return fmt.Errorf("no upgrade without a verified copy of the data; nothing was changed: %w", err)
		}
	}
	for _, p := range todo {
		done, err := p.Up(ctx)
		for _, r := range done {
			d.opt.Log.Debug("migrated", "file", r.Source.Path, "ms", r.Duration.Milliseconds())
		}
		if err != nil {
			var pe *goose.PartialError
			if errors.As(err, &pe) && pe.Failed != nil {
				return fmt.Errorf("migration %s: %w", pe.Failed.Source.Path, pe.Err)
			}
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Versions lists each schema's version in the database.
func (d *DB) Versions(ctx context.Context, schemas []Schema) (map[string]int64, error) {
	out := make(map[string]int64, len(schemas))
	for _, s := range schemas {
		var v sql.NullInt64
		err := d.pool.QueryRowContext(ctx, "SELECT max(version_id) FROM "+s.Name+"_version").Scan(&v)
		if err != nil {
			return nil, err
		}
		out[s.Name] = v.Int64
	}
	return out, nil
}

// migrator is a pool that may change tables, until done.
func (d *DB) migrator() (pool *sql.DB, done func(), err error) {
	if d.opt.Engine == Postgres {
		return d.pool, func() {}, nil
	}
	if pool, err = sql.Open("sqlite", dsnSQLite(d.opt.Path, true)); err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(1)
	return pool, func() { _ = pool.Close() }, nil
}

func (d *DB) provider(pool *sql.DB, s Schema) (*goose.Provider, error) {
	sub, err := fs.Sub(expandedFS{s.FS, d.opt.Engine}, "migrations")
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	if d.opt.Engine == Postgres {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, pool, sub,
		goose.WithTableName(s.Name+"_version"),
		goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(slog.New(slog.DiscardHandler)))
}

// MigrateTo brings an empty database to exactly the given versions, so that
// rows written at them can be loaded.
func (d *DB) MigrateTo(ctx context.Context, schemas []Schema, versions map[string]int64) error {
	pool, done, err := d.migrator()
	if err != nil {
		return err
	}
	defer done()
	for _, s := range schemas {
		v := versions[s.Name]
		if v == 0 {
			continue // came later
		}
		p, err := d.provider(pool, s)
		if err != nil {
			return err
		}
		if _, target, err := p.GetVersions(ctx); err != nil || v > target {
			if err != nil {
				return err
			}
			return fmt.Errorf("%s is at version %d and this program knows %d: it was written by a newer Trellis", s.Name, v, target)
		}
		if _, err := p.UpTo(ctx, v); err != nil {
			return fmt.Errorf("migrate %s to %d: %w", s.Name, v, err)
		}
	}
	return nil
}

// Empty reports whether the database has no tables yet.
func (d *DB) Empty(ctx context.Context) (bool, error) {
	q := `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if d.opt.Engine == Postgres {
		q = `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`
	}
	var n int
	err := d.pool.QueryRowContext(ctx, q).Scan(&n)
	return n == 0, err
}
