package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
)

// attempts is how often a serializable transaction is tried before the caller
// is told that the database is too busy.
const attempts = 20

func (d *DB) openPostgres(ctx context.Context) error {
	cfg, err := pgx.ParseConfig(d.opt.DSN)
	if err != nil {
		return err
	}
	set := func(k, v string) {
		if _, ok := cfg.RuntimeParams[k]; !ok {
			cfg.RuntimeParams[k] = v
		}
	}
	set("application_name", "trellis")
	set("statement_timeout", "60000")                   // ms: a runaway query ends by itself
	set("lock_timeout", "10000")                        // ms
	set("idle_in_transaction_session_timeout", "60000") // ms: a hung process frees its locks
	set("timezone", "UTC")
	set("jit", "off") // compiling a short query takes longer than running it
	n := d.opt.Readers
	if n <= 0 {
		n = 16
	}
	pool := func() *sql.DB {
		p := stdlib.OpenDB(*cfg)
		p.SetMaxOpenConns(n)
		p.SetMaxIdleConns(n)
		p.SetConnMaxIdleTime(5 * time.Minute)
		return p
	}
	d.pool = pool()
	// A serializable transaction that scans a table conflicts with whoever
	// writes to any row of it. Small tables would be scanned, so writers are
	// told to prefer indexes.
	cfg.RuntimeParams["enable_seqscan"] = "off"
	d.wpool = pool()
	var full, fsync, wal string
	err = d.pool.QueryRowContext(ctx, "SELECT current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes')").Scan(&full, &fsync, &wal)
	if err == nil && (full == "off" || fsync == "off" || wal == "off") {
		err = fmt.Errorf("the server may lose answered writes: synchronous_commit=%s fsync=%s full_page_writes=%s, all must be on", full, fsync, wal)
	}
	if err != nil {
		return errors.Join(err, d.pool.Close(), d.wpool.Close())
	}
	return nil
}

// optimistic is how often a function is tried beside all others before it
// takes its turn among those of this process that failed too. Whoever runs
// alone meets fewer conflicts, so that all get through.
const optimistic = 2

func (d *DB) writePostgres(ctx context.Context, name string, fn func(tx *Tx) error) error {
	bg := context.WithoutCancel(ctx)
	for n := range attempts {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n == optimistic {
			d.retry.Lock()
			defer d.retry.Unlock()
		}
		tx, err := d.tryPostgres(bg, fn, sql.LevelSerializable)
		if err == nil {
			d.committed(tx)
			return nil
		}
		if !again(err) {
			return d.classifyPG(name, err)
		}
		d.stats.retries.Add(1)
		d.opt.Log.Debug("run again", "write", name, "attempt", n+1, "err", err)
		// Wait longer each time, by a random part, so that the same two do
		// not meet again.
		var b [1]byte
		_, _ = rand.Read(b[:])
		pause := time.Duration(1<<min(n, 6)) * time.Millisecond
		pause += pause * time.Duration(b[0]) / 256
		if err := clock.Sleep(ctx, clock.System(), pause); err != nil {
			return err
		}
	}
	return errs.E(errs.Unavailable, "error.unavailable").Because(fmt.Errorf("%s: gave up after %d serialization failures", name, attempts))
}

func (d *DB) tryPostgres(bg context.Context, fn func(tx *Tx) error, level sql.IsolationLevel) (*Tx, error) {
	t, err := d.wpool.BeginTx(bg, &sql.TxOptions{Isolation: level})
	if err != nil {
		return nil, err
	}
	done := false
	defer func() { // a panic in fn must not keep the connection
		if !done {
			_ = t.Rollback()
		}
	}()
	now := d.opt.Clock.Now()
	if d.opt.Twice {
		if _, err := t.ExecContext(bg, "SAVEPOINT twice"); err != nil {
			return nil, err
		}
		tx := &Tx{ctx: bg, db: d, q: t, now: now}
		first := tx.finish(call(tx, fn))
		if _, err := t.ExecContext(bg, "ROLLBACK TO SAVEPOINT twice"); err != nil {
			return nil, errors.Join(first, err)
		}
	}
	tx := &Tx{ctx: bg, db: d, q: t, now: now}
	if err := tx.finish(call(tx, fn)); err != nil {
		return nil, err
	}
	answered := answerEarlyPG(d, t)
	done = true
	if answered {
		return tx, nil
	}
	if err := t.Commit(); err != nil {
		return nil, &commitError{err}
	}
	return tx, nil
}

// Seal runs fn in a READ COMMITTED transaction on PostgreSQL. It is for the
// event log alone: what gives places to committed events holds a lock of its
// own, and as a serializable transaction it would conflict with every writer.
func (d *DB) Seal(ctx context.Context, fn func(tx *Tx) error) error {
	tx, err := d.tryPostgres(context.WithoutCancel(ctx), fn, sql.LevelReadCommitted)
	if err != nil {
		return d.classifyPG("seal", err)
	}
	d.committed(tx)
	return nil
}

// call lets a panic through with the stack it had; the deferred rollback in
// tryPostgres frees the connection.
func call(tx *Tx, fn func(tx *Tx) error) error {
	defer func() {
		if p := recover(); p != nil {
			_ = tx.finish(errors.New("panic"))
			panic(fmt.Sprintf("%v\n%s", p, debug.Stack()))
		}
	}()
	return fn(tx)
}

func (d *DB) readPostgres(ctx context.Context, fn func(tx *Tx) error) error {
	bg := context.WithoutCancel(ctx)
	t, err := d.pool.BeginTx(bg, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return d.classifyPG("read", err)
	}
	defer t.Rollback() //nolint:errcheck // a read has nothing to lose
	tx := &Tx{ctx: bg, db: d, q: t, now: d.opt.Clock.Now(), read: true}
	return d.classifyPG("read", tx.finish(fn(tx)))
}

// commitError is a commit whose outcome may be unknown: the connection can
// break between the server's decision and its answer.
type commitError struct{ err error }

func (e *commitError) Error() string { return "commit: " + e.err.Error() }
func (e *commitError) Unwrap() error { return e.err }

// again reports whether the server asks for another try. A broken connection
// is no such case: the commit may have happened.
func again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

func (d *DB) classifyPG(name string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "53100": // disk_full
			return errs.E(errs.NoSpace, "error.no_space").Because(err)
		case "57P01", "57P02", "57P03", "53300", "55P03": // shutting down, starting up, too many clients, lock timeout
			return errs.E(errs.Unavailable, "error.unavailable").Because(fmt.Errorf("%s: %w", name, err))
		}
		return err
	}
	var ce *pgconn.ConnectError
	if errors.As(err, &ce) || pgconn.Timeout(err) || errors.Is(err, sql.ErrConnDone) || isCommit(err) {
		return errs.E(errs.Unavailable, "error.unavailable").Because(fmt.Errorf("%s: %w", name, err))
	}
	return err
}

func isCommit(err error) bool {
	_, ok := errors.AsType[*commitError](err)
	return ok
}

// IsUnique reports whether err is a unique or primary key violation. Prefer
// ON CONFLICT: a violation ends the transaction.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	return sqliteUnique(err)
}
