package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"trellis/internal/platform/errs"
)

// hold is a transaction that many writes share.
type hold struct {
	d     *DB
	q     querier
	mu    sync.Mutex // nobody writes or reads inside a write
	lost  error      // the first failure: nothing is written after it
	after []*Tx      // what waits for the commit
	end   []func(tx *Tx) error
}

type holdKey struct{}

// Together runs fn in one transaction with everything that is written and read
// under the context that fn is handed: all of it is kept, or none. A write
// under that context is answered before it is durable, so whoever is told of
// it must wait for Together to return. The first write that fails ends them
// all. It is for one goroutine that fills a database with much at once, while
// others are kept waiting: an example, a replay. Unlike the functions that
// Write runs, fn itself runs once.
func (d *DB) Together(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case d.opt.ReadOnly:
		return errReadOnlyTx
	case d.dead.Load():
		return errs.E(errs.Unavailable, "error.unavailable").Because(errDead)
	case heldBy(ctx, d) != nil:
		return errors.New("together: it is open already")
	}
	h := &hold{d: d}
	run := func(q querier) error {
		h.q = q
		err := fn(context.WithValue(ctx, holdKey{}, h))
		if err == nil {
			err = h.lost // swallowed by fn, but it is lost all the same
		}
		if err != nil || len(h.end) == 0 {
			return err
		}
		return h.write(ctx, name, func(tx *Tx) error {
			tx.Unlogged("the events are those of the writes it belongs to")
			tx.held, tx.end = nil, slices.Clone(h.end)
			return nil
		})
	}
	var err error
	if d.opt.Engine == Postgres {
		err = d.togetherPostgres(ctx, run)
	} else {
		err = d.group.together(ctx, name, run)
	}
	h.lost = errors.Join(h.lost, errClosed) // the context outlives its use
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, tx := range h.after {
		d.stats.writes.Add(1)
		d.committed(tx)
	}
	return nil
}

func heldBy(ctx context.Context, d *DB) *hold {
	if h, _ := ctx.Value(holdKey{}).(*hold); h != nil && h.d == d {
		return h
	}
	return nil
}

func (h *hold) write(ctx context.Context, name string, fn func(tx *Tx) error) error {
	bg := context.WithoutCancel(ctx)
	tx, err := h.run(ctx, func() (*Tx, error) {
		now := h.d.opt.Clock.Now()
		if h.d.opt.Twice {
			if _, err := h.q.ExecContext(bg, "SAVEPOINT twice"); err != nil {
				return nil, err
			}
			tx := &Tx{ctx: bg, db: h.d, q: h.q, now: now}
			first := tx.finish(fn(tx))
			if _, err := h.q.ExecContext(bg, "ROLLBACK TO SAVEPOINT twice"); err != nil {
				return nil, errors.Join(first, err)
			}
		}
		tx := &Tx{ctx: bg, db: h.d, q: h.q, now: now, held: h}
		return tx, tx.finish(fn(tx))
	})
	if err != nil {
		h.lost = fmt.Errorf("%s: %w", name, err)
		return err
	}
	h.end = append(h.end, tx.end...)
	h.after = append(h.after, &Tx{logged: tx.logged, commit: tx.commit})
	return nil
}

func (h *hold) read(ctx context.Context, fn func(tx *Tx) error) error {
	bg := context.WithoutCancel(ctx)
	_, err := h.run(ctx, func() (*Tx, error) {
		tx := &Tx{ctx: bg, db: h.d, q: h.q, now: h.d.opt.Clock.Now(), read: true}
		return tx, tx.finish(fn(tx))
	})
	return err
}

func (h *hold) run(ctx context.Context, fn func() (*Tx, error)) (*Tx, error) {
	if !h.mu.TryLock() {
		return nil, errors.New("together: a write or read inside another")
	}
	defer h.mu.Unlock()
	if h.lost != nil {
		return nil, h.lost
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tx, err := fn()
	if err != nil && h.d.opt.Engine == SQLite {
		err = h.d.classify(err)
	}
	return tx, err
}

// together lets the caller have the writer's connection until fn returns.
func (w *groupWriter) together(ctx context.Context, name string, fn func(q querier) error) error {
	m := &member{ctx: ctx, name: name, answer: make(chan error, 1)}
	m.hold = func() error {
		if err := w.d.hasRoom(); err != nil {
			return err
		}
		// Much at once touches much of the database again and again.
		if err := w.exec("PRAGMA cache_size = -131072"); err != nil {
			return w.d.classify(err)
		}
		defer func() { _ = w.exec("PRAGMA cache_size = -16384") }()
		if err := w.exec("BEGIN IMMEDIATE"); err != nil {
			return w.d.classify(err)
		}
		done := false
		defer func() { // a panic in fn must not keep the transaction
			if !done {
				_ = w.exec("ROLLBACK")
			}
		}()
		if err := fn(w.conn); err != nil {
			return err
		}
		if err := w.exec("COMMIT"); err != nil {
			return w.d.classify(err)
		}
		done = true
		w.d.stats.groups.Add(1)
		return nil
	}
	return w.send(m)
}

func (d *DB) togetherPostgres(ctx context.Context, fn func(q querier) error) error {
	bg := context.WithoutCancel(ctx)
	t, err := d.wpool.BeginTx(bg, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return d.classifyPG("together", err)
	}
	defer t.Rollback() //nolint:errcheck // after a commit there is nothing to take back
	if err := fn(t); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return d.classifyPG("together", &commitError{err})
	}
	return nil
}
