package durability_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"trellis/bench/client"
	"trellis/internal/app"
	"trellis/internal/platform/db"
)

// command is one thing that a caller asked for, with the key under which it
// may be asked again.
type command struct {
	client *client.Client
	path   string
	key    string
	body   any
	upload []byte
	mark   string          // a word that stands in the district exactly once for it
	then   func() *command // what its caller sends next, when nothing is done without it
	out    struct {
		ID      int64
		Message int64
	}
}

func (c *command) send(ctx context.Context) error {
	if c.upload != nil {
		return c.client.Upload(ctx, c.path, c.key, c.upload, &c.out)
	}
	return c.client.Do(ctx, "POST", c.path, c.key, c.body, &c.out)
}

// ledger is what the callers know: which commands were answered with success
// and which were not answered at all.
type ledger struct {
	mu    sync.Mutex
	acked map[string]*command // by mark
	open  []*command          // sent, and the connection ended without an answer
	tries int

	// What checks have seen so far: rows are never removed, so each check
	// reads only what is newer.
	seen          map[string]int
	message, file int64
}

// do sends a command once and notes how it ended. An answer that is no
// success is the caller's mistake or the program's and fails the test.
func (l *ledger) do(ctx context.Context, c *command) error {
	err := c.send(ctx)
	var f *client.Failure
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries++
	switch {
	case err == nil:
		l.acked[c.mark] = c
	case errors.As(err, &f):
		if f.Status == 503 || f.Status == 507 { // refused in words: nothing happened
			return err
		}
		return fmt.Errorf("%s: %w", c.path, err)
	default:
		l.open = append(l.open, c)
	}
	return err
}

func (l *ledger) answered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

// settle asks again for everything that was not answered, with the same key,
// and sends what must follow: files that no message ever takes up pile up
// until their owner may send no more.
func (l *ledger) settle(t testing.TB, ctx context.Context) {
	t.Helper()
	l.mu.Lock()
	open := l.open
	l.open = nil
	l.mu.Unlock()
	for len(open) > 0 {
		c := open[0]
		open = open[1:]
		if err := c.send(ctx); err != nil {
			t.Fatalf("asked again: %s: %v", c.path, err)
		}
		l.mu.Lock()
		l.tries++
		l.acked[c.mark] = c
		l.mu.Unlock()
		if c.then != nil {
			open = append(open, c.then())
		}
	}
}

// check looks into the district: each mark stands there exactly once. With
// all set everything is read again from the beginning.
func (l *ledger) check(t testing.TB, c *child, all bool) {
	t.Helper()
	src := source(t, c)
	defer src.Close()
	d := src.DB
	l.mu.Lock()
	defer l.mu.Unlock()
	if all || l.seen == nil {
		l.seen, l.message, l.file = map[string]int{}, 0, 0
	}
	seen := l.seen
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		for q, last := range map[string]*int64{
			`SELECT id, body FROM desk_message WHERE id > $1 AND body LIKE '%mark-%' ORDER BY id`: &l.message,
			`SELECT id, name FROM desk_file WHERE id > $1 AND name LIKE 'mark-%' ORDER BY id`:     &l.file,
		} {
			list, err := db.List(tx, func(r *db.Rows, s *string) error { return r.Scan(last, s) }, q, *last)
			if err != nil {
				return err
			}
			for _, s := range list {
				seen[markOf(s)]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	lost, twice := 0, 0
	for mark := range l.acked {
		switch n := seen[mark]; {
		case n == 0:
			lost++
			if lost < 5 {
				t.Errorf("%s was answered with success and is gone", mark)
			}
		case n > 1:
			twice++
			if twice < 5 {
				t.Errorf("%s is there %d times", mark, n)
			}
		}
	}
	if lost+twice > 0 {
		t.Errorf("%d of %d answered commands lost, %d doubled", lost, len(l.acked), twice)
	}
}

func source(t testing.TB, c *child) *app.Source {
	t.Helper()
	src, err := app.OpenSource(t.Context(), "juniper-valley", c.folder(), c.dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// examine checks the folder from outside as trellis doctor does.
func examine(t testing.TB, c *child) {
	t.Helper()
	src := source(t, c)
	defer src.Close()
	for _, f := range src.Examine(t.Context()) {
		if !f.OK {
			t.Errorf("%s: %s", f.What, f.Says)
		}
	}
}
