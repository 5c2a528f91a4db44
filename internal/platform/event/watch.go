package event

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// Watcher reacts to what happened elsewhere. Handle runs inside the
// transaction that moves the cursor past the event: both happen or neither.
type Watcher struct {
	Name   string          // of its cursor; stable for ever
	Kinds  map[string]bool // nil hears everything
	Handle func(tx *db.Tx, e Event) error
}

// Log runs a district's watchers and tells listeners that something new is in
// the log. Make it with NewLog, Run it, and everything else follows.
type Log struct {
	d        *db.DB
	log      *slog.Logger
	watchers []Watcher

	mu        sync.Mutex
	listeners map[chan struct{}]bool
}

// NewLog makes the log of a database; it wakes on the database's commits.
func NewLog(d *db.DB, log *slog.Logger, watchers ...Watcher) *Log {
	l := &Log{d: d, log: log, watchers: watchers, listeners: map[chan struct{}]bool{}}
	d.AfterCommit(l.wake)
	return l
}

// Listen returns a channel that receives (without blocking the sender) after
// commits, until stop is called.
func (l *Log) Listen() (c <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	l.mu.Lock()
	l.listeners[ch] = true
	l.mu.Unlock()
	return ch, func() {
		l.mu.Lock()
		delete(l.listeners, ch)
		l.mu.Unlock()
	}
}

func (l *Log) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ch := range l.listeners {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Run seals and runs the watchers until ctx ends.
func (l *Log) Run(ctx context.Context) {
	var wg sync.WaitGroup
	if l.d.Engine() == db.Postgres {
		wake, stop := l.Listen()
		defer stop()
		wg.Go(func() { RunSealer(ctx, l.d, wake, l.log, l.wake) })
	}
	for _, w := range l.watchers {
		wg.Go(func() { l.follow(ctx, w) })
	}
	wg.Wait()
}

func (l *Log) follow(ctx context.Context, w Watcher) {
	wake, stop := l.Listen()
	defer stop()
	pause := 50 * time.Millisecond
	for ctx.Err() == nil {
		n, err := Step(ctx, l.d, w)
		if err == nil && n > 0 {
			pause = 50 * time.Millisecond
			continue
		}
		if err != nil && ctx.Err() == nil {
			// A watcher that fails stands still, visibly, and tries again:
			// skipping would lose an effect.
			l.log.Error("watcher stands still", "watcher", w.Name, "err", err)
			pause = min(2*pause, time.Minute)
			_ = clock.Sleep(ctx, clock.System(), pause)
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		}
	}
}

// Step moves a watcher over the next events and returns how many it passed.
// Tests and the catch-up at start call it too.
func Step(ctx context.Context, d *db.DB, w Watcher) (int, error) {
	n := 0
	ctx = policy.WithActor(ctx, policy.SystemActor(policy.DoorJob))
	behind := false
	if err := d.Read(ctx, func(tx *db.Tx) error {
		// The writer is not bothered when there is nothing to do.
		return tx.QueryRow(`SELECT coalesce((SELECT max(place) FROM event WHERE place IS NOT NULL), 0) > coalesce((SELECT place FROM event_cursor WHERE name = $1), 0)`, w.Name).Scan(&behind)
	}); err != nil || !behind {
		return 0, err
	}
	err := d.Write(ctx, "watcher "+w.Name, func(tx *db.Tx) error {
		n = 0
		var place int64
		err := tx.QueryRow(`SELECT place FROM event_cursor WHERE name = $1`, w.Name).Scan(&place)
		if err != nil && !db.IsNoRows(err) {
			return err
		}
		events, err := After(tx, place, 100)
		if err != nil || len(events) == 0 {
			return err
		}
		tx.Unlogged("a cursor follows the log")
		for _, e := range events {
			place = e.Place
			n++
			if w.Kinds != nil && !w.Kinds[e.Kind] {
				continue
			}
			if err := w.handle(tx, e); err != nil {
				return fmt.Errorf("%s at place %d: %w", e.Kind, e.Place, err)
			}
		}
		_, err = tx.Exec(`INSERT INTO event_cursor (name, place) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET place = excluded.place`, w.Name, place)
		return err
	})
	return n, err
}

// handle turns a panic into an error: one bad event must stop its watcher,
// not the process.
func (w Watcher) handle(tx *db.Tx, e Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.Handle(tx, e)
}
