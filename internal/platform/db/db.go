package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
)

// Engine is which database holds a district.
type Engine uint8

const (
	SQLite Engine = iota
	Postgres
)

// String is the engine's name in logs and figures.
func (e Engine) String() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// SlowWrite is how long a function may hold SQLite's writer before its name
// is logged.
const SlowWrite = 50 * time.Millisecond

// Options say which database and how strictly it is watched.
type Options struct {
	Engine  Engine
	Path    string // SQLite: the database file
	DSN     string // PostgreSQL: a connection string
	Clock   clock.Clock
	Log     *slog.Logger
	Readers int // concurrent readers; 0 means 4 (SQLite) or 16 (PostgreSQL, writers included)

	// ReadOnly opens no writer: for a second process that looks at a database
	// which another one serves.
	ReadOnly bool

	// Reserve is the free disk space in bytes under which writes are refused
	// (SQLite only; PostgreSQL knows its own disk). 0 means 32 MiB.
	Reserve uint64

	// Fatal is called once when the disk failed or the file is corrupt. It
	// must end the process; if it is nil, Open installs one that does.
	Fatal func(error)

	// Twice runs every write function two times, the first rolled back, and
	// Strict fails a write that changed rows and emitted nothing. Tests set both.
	Twice, Strict bool
	// Trace hears every SQL text that is run.
	Trace func(text string)
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	opt    Options
	pool   *sql.DB    // readers
	wpool  *sql.DB    // the writer's (SQLite) or writers' (PostgreSQL)
	retry  sync.Mutex // PostgreSQL: held by the one function that runs after conflicts
	group  *groupWriter
	reader chan *stmtConn
	full   atomic.Bool
	dead   atomic.Bool
	after  atomic.Pointer[func()]
	stats  stats
}

type stats struct{ writes, groups, retries, reads atomic.Int64 }

// Stats are counts since Open, for metrics.
type Stats struct{ Writes, Groups, Retries, Reads int64 }

// Open opens the database; Migrate it before use.
func Open(ctx context.Context, opt Options) (*DB, error) {
	if opt.Clock == nil {
		opt.Clock = clock.System()
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Reserve == 0 {
		opt.Reserve = 32 << 20
	}
	if opt.Fatal == nil {
		log := opt.Log
		opt.Fatal = func(err error) {
			log.Error("storage failed; stopping so that nothing false is answered", "err", err)
			os.Exit(70)
		}
	}
	d := &DB{opt: opt}
	var err error
	if opt.Engine == Postgres {
		err = d.openPostgres(ctx)
	} else {
		err = d.openSQLite(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s database: %w", opt.Engine, err)
	}
	return d, nil
}

// Engine is which database this is.
func (d *DB) Engine() Engine { return d.opt.Engine }

// Clock is the clock that tx.Now reads.
func (d *DB) Clock() clock.Clock { return d.opt.Clock }

// Path is the SQLite file, "" on PostgreSQL.
func (d *DB) Path() string { return d.opt.Path }

// DSN is the PostgreSQL connection string, "" on SQLite.
func (d *DB) DSN() string { return d.opt.DSN }

// ReadOnly reports whether writes are refused for want of disk space.
func (d *DB) ReadOnly() bool { return d.full.Load() }

// Stats are counts since Open.
func (d *DB) Stats() Stats {
	return Stats{d.stats.writes.Load(), d.stats.groups.Load(), d.stats.retries.Load(), d.stats.reads.Load()}
}

// AfterCommit sets a function that is called after every commit that logged
// something, outside any transaction. It must not block; the event log uses
// it to wake watchers.
func (d *DB) AfterCommit(f func()) { d.after.Store(&f) }

// Close waits for running writes and closes the database.
func (d *DB) Close() error {
	if d.opt.Engine == Postgres {
		return errors.Join(d.pool.Close(), d.wpool.Close())
	}
	return d.closeSQLite()
}

// Write runs fn in one transaction and returns when it is durable. The name
// says in logs what held the writer.
func (d *DB) Write(ctx context.Context, name string, fn func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.opt.ReadOnly {
		return errReadOnlyTx
	}
	if d.dead.Load() {
		return errs.E(errs.Unavailable, "error.unavailable").Because(errDead)
	}
	if h := heldBy(ctx, d); h != nil {
		return h.write(ctx, name, fn)
	}
	var err error
	if d.opt.Engine == Postgres {
		err = d.writePostgres(ctx, name, fn)
	} else {
		err = d.group.submit(ctx, name, fn)
	}
	if err == nil {
		d.stats.writes.Add(1)
	}
	return err
}

// committed runs what waits for a durable transaction, before its caller is
// answered.
func (d *DB) committed(tx *Tx) {
	for _, f := range tx.commit {
		f()
	}
	if f := d.after.Load(); f != nil && tx.logged {
		(*f)()
	}
}

// Read runs fn over one consistent snapshot. It can't write.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.stats.reads.Add(1)
	if h := heldBy(ctx, d); h != nil {
		return h.read(ctx, fn)
	}
	if d.opt.Engine == Postgres {
		return d.readPostgres(ctx, fn)
	}
	return d.readSQLite(ctx, fn)
}

var errClosed = errors.New("the database is closed")

var errDead = errors.New("storage failed earlier; this process is stopping")

// fatal marks the database dead and tells the process to stop.
func (d *DB) fatal(err error) error {
	if d.dead.CompareAndSwap(false, true) {
		d.opt.Fatal(err)
	}
	return errs.E(errs.Unavailable, "error.unavailable").Because(err)
}

// noSpace marks the database read-only.
func (d *DB) noSpace(cause error) error {
	if d.full.CompareAndSwap(false, true) {
		d.opt.Log.Error("no disk space: read-only until there is space again", "err", cause)
	}
	return errs.E(errs.NoSpace, "error.no_space").Because(cause)
}
