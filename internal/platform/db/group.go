package db

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"trellis/internal/platform/clock"
)

const (
	groupMembers = 128                   // at most this many functions share a commit
	groupTime    = 20 * time.Millisecond // and none waits for its answer longer than this for the sake of others
	walPages     = 2000                  // a checkpoint is due when the log holds this many pages
	pageSize     = 4096
)

// groupWriter is SQLite's one writer: it runs waiting functions one after the
// other inside one transaction and answers them all after its commit.
type groupWriter struct {
	d     *DB
	conn  *stmtConn
	queue chan *member
	done  chan struct{}
	mu    sync.RWMutex // held for reading while submitting, for writing to close
	shut  bool
}

// member is one function that waits for the writer.
type member struct {
	ctx      context.Context
	name     string
	fn       func(tx *Tx) error
	state    atomic.Int32 // waiting, then started or abandoned
	answer   chan error
	hold     func() error // instead of fn: has the connection for itself
	tx       *Tx
	panicked any
}

const (
	waiting int32 = iota
	started
	abandoned
)

func newGroupWriter(d *DB, c *stmtConn) *groupWriter {
	w := &groupWriter{d: d, conn: c, queue: make(chan *member, 1024), done: make(chan struct{})}
	go w.loop()
	return w
}

func (w *groupWriter) close() {
	w.mu.Lock()
	if !w.shut {
		w.shut = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
}

// submit waits for the writer. A caller who gives up before the function
// started gets its context's error and nothing has happened; afterwards it
// waits for the outcome.
func (w *groupWriter) submit(ctx context.Context, name string, fn func(tx *Tx) error) error {
	return w.send(&member{ctx: ctx, name: name, fn: fn, answer: make(chan error, 1)})
}

func (w *groupWriter) send(m *member) error {
	ctx := m.ctx
	w.mu.RLock()
	if w.shut {
		w.mu.RUnlock()
		return errClosed
	}
	select {
	case w.queue <- m:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	var err error
	select {
	case err = <-m.answer:
	case <-ctx.Done():
		if m.state.CompareAndSwap(waiting, abandoned) {
			return ctx.Err()
		}
		err = <-m.answer
	}
	if m.panicked != nil {
		panic(m.panicked)
	}
	return err
}

func (w *groupWriter) loop() {
	defer close(w.done)
	for m := range w.queue {
		for m != nil {
			if m.hold != nil {
				w.lend(m)
				m = nil
			} else {
				m = w.group(m)
			}
			w.checkpoint()
		}
	}
}

// group runs first and whoever waits behind it in one transaction. It returns
// a member that was met and wants the connection for itself.
func (w *groupWriter) group(first *member) (next *member) {
	if err := w.d.hasRoom(); err != nil {
		w.refuse(first, err)
		return nil
	}
	var good []*member // ran well and wait for the commit
	lost := false
	open := false
	elapsed := clock.Stopwatch()
	for m := first; m != nil; {
		if m.ctx.Err() != nil {
			if m.state.CompareAndSwap(waiting, abandoned) {
				m.answer <- m.ctx.Err()
			}
		} else if m.state.CompareAndSwap(waiting, started) {
			if !open {
				if err := w.exec("BEGIN IMMEDIATE"); err != nil {
					m.answer <- w.d.classify(err)
					return nil
				}
				open = true
			}
			err, gone := w.run(m)
			switch {
			case gone:
				lost = true
				good = append(good, m)
			case err != nil:
				m.answer <- err
			default:
				good = append(good, m)
			}
		}
		m = nil
		if !lost && len(good) < groupMembers && elapsed() < groupTime {
			select {
			case m = <-w.queue: // nil when closed
			default:
			}
			if m != nil && m.hold != nil {
				next, m = m, nil
			}
		}
	}
	if !open {
		return next
	}
	if lost {
		_ = w.exec("ROLLBACK")
		w.again(good)
		return next
	}
	if len(good) == 0 {
		_ = w.exec("ROLLBACK")
		return next
	}
	answerEarly(good)
	if err := w.exec("COMMIT"); err != nil {
		_ = w.exec("ROLLBACK")
		err = w.d.classify(err)
		if w.d.dead.Load() || w.d.full.Load() || len(good) == 1 {
			for _, m := range good {
				m.answer <- fmt.Errorf("%s: commit: %w", m.name, err)
			}
			return next
		}
		w.again(good)
		return next
	}
	w.d.stats.groups.Add(1)
	for _, m := range good {
		w.answer(m)
	}
	return next
}

func (w *groupWriter) answer(m *member) {
	w.d.committed(m.tx)
	m.answer <- nil
}

// again runs the members of a lost transaction one by one, each in its own.
func (w *groupWriter) again(members []*member) {
	for _, m := range members {
		w.d.stats.retries.Add(1)
		m.panicked = nil
		if err := w.exec("BEGIN IMMEDIATE"); err != nil {
			m.answer <- w.d.classify(err)
			continue
		}
		err, gone := w.run(m)
		if gone && err == nil {
			err = fmt.Errorf("%s: its transaction was lost", m.name)
		}
		if err == nil {
			err = w.exec("COMMIT")
		}
		if err != nil {
			_ = w.exec("ROLLBACK")
			m.answer <- w.d.classify(err)
			continue
		}
		w.answer(m)
	}
}

// run runs one member under its savepoint. gone says that the whole
// transaction is lost and with it everything since BEGIN.
func (w *groupWriter) run(m *member) (err error, gone bool) {
	ctx := context.WithoutCancel(m.ctx)
	held := clock.Stopwatch()
	now := w.d.opt.Clock.Now()
	times := 1
	if w.d.opt.Twice {
		times = 2
	}
	for i := range times {
		if err := w.exec("SAVEPOINT m"); err != nil {
			return w.d.classify(err), true
		}
		m.tx = &Tx{ctx: ctx, db: w.d, q: w.conn, now: now}
		err = w.call(m)
		if err == nil && i == times-1 {
			if e := w.exec("RELEASE m"); e != nil {
				return w.d.classify(e), true
			}
			continue
		}
		if e := w.exec("ROLLBACK TO m"); e != nil {
			return w.d.classify(err), true
		}
		if e := w.exec("RELEASE m"); e != nil {
			return w.d.classify(e), true
		}
		if m.panicked != nil {
			break
		}
	}
	if d := held(); d > SlowWrite {
		w.d.opt.Log.Warn("a write held the writer for long", "write", m.name, "ms", d.Milliseconds())
	}
	if err != nil {
		return w.d.classify(err), false
	}
	return nil, false
}

// call runs the function and turns a panic into an error here; the caller's
// own goroutine panics with it.
func (w *groupWriter) call(m *member) (err error) {
	defer func() {
		if p := recover(); p != nil {
			m.panicked = fmt.Sprintf("write %q panicked: %v\n%s", m.name, p, debug.Stack())
			err = m.tx.finish(fmt.Errorf("panic: %v", p))
		}
	}()
	return m.tx.finish(m.fn(m.tx))
}

// lend runs a member that has the connection for itself.
func (w *groupWriter) lend(m *member) {
	if !m.state.CompareAndSwap(waiting, started) {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			m.panicked = fmt.Sprintf("%q panicked: %v\n%s", m.name, p, debug.Stack())
			m.answer <- fmt.Errorf("panic: %v", p)
		}
	}()
	m.answer <- m.hold()
}

func (w *groupWriter) refuse(m *member, err error) {
	if m.state.CompareAndSwap(waiting, started) {
		m.answer <- err
	}
}

func (w *groupWriter) exec(q string) error {
	_, err := w.conn.ExecContext(context.Background(), q)
	return err
}

// checkpoint moves the log into the database when it has grown, after the
// group was answered. Readers may hold it back; then the next group tries.
func (w *groupWriter) checkpoint() {
	st, err := os.Stat(w.d.opt.Path + "-wal")
	if err != nil || st.Size() < walPages*pageSize || w.d.dead.Load() {
		return
	}
	mode := "PASSIVE"
	if st.Size() > 20*walPages*pageSize {
		mode = "TRUNCATE"
	}
	rows, err := w.conn.QueryContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")")
	if err != nil {
		_ = w.d.classify(err)
		return
	}
	for rows.Next() {
	}
	_ = w.d.classify(rows.Err())
	_ = rows.Close()
}

func dirOf(path string) string { return filepath.Dir(path) }
