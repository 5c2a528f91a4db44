package event_test

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/testkit"
)

// second opens the same PostgreSQL database as another node would.
func second(t *testing.T, d *db.DB) *db.DB {
	t.Helper()
	o, err := db.Open(t.Context(), db.Options{Engine: db.Postgres, DSN: d.DSN(), Clock: d.Clock(), Readers: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// A transaction that emitted early and is still open: what others committed
// after it waits, and then everybody gets a place in order, without a gap.
func TestSealerWaitsForOpenTransactions(t *testing.T) {
	d := testkit.Open(t, db.Postgres, setup)
	w := event.Watcher{Name: "w", Handle: note("w")}
	step := func() {
		if _, err := event.Step(t.Context(), d, w); err != nil {
			t.Fatal(err)
		}
	}
	emit(t, d, 1, 2)
	seal(t, d)
	step()

	pool, err := sql.Open("pgx", d.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	open, err := pool.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Rollback() //nolint:errcheck // after the commit there is nothing to roll back
	if _, err := open.ExecContext(t.Context(), `INSERT INTO event (at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes) VALUES (0, 'early', 1, 0, 0, 0, '', '', 'thing', 3, '[]')`); err != nil {
		t.Fatal(err)
	}
	emit(t, d, 4, 5)
	for range 3 {
		if n, err := event.Seal(t.Context(), d); err != nil || n != 0 {
			t.Fatalf("sealed %d past an open transaction, %v", n, err)
		}
		step()
	}
	if got := noted(t, d, "w"); len(got) != 2 {
		t.Errorf("the watcher saw %v", got)
	}
	if rep, err := event.Verify(t.Context(), d); err != nil || rep.Events != 2 || rep.Open != 5 {
		t.Errorf("%+v, %v", rep, err)
	}
	if err := open.Commit(); err != nil {
		t.Fatal(err)
	}
	seal(t, d)
	step()
	want := []int64{1, 2, 3, 4, 5, 6, 7, 8}
	if diff := cmp.Diff(want, inOrder(t, d)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, noted(t, d, "w")); diff != "" {
		t.Error(diff)
	}
	if _, err := event.Verify(t.Context(), d); err != nil {
		t.Error(err)
	}
}

// Rows that came unsealed in a copy from another server carry that server's
// transaction numbers, which may lie far ahead of this one's.
func TestSealerAdoptsRowsOfAnotherServer(t *testing.T) {
	d := testkit.Open(t, db.Postgres, setup)
	emit(t, d, 1, 3)
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE event SET xact = '9000000000000000000' WHERE subj = 2`)
		return err
	})
	seal(t, d)
	got := inOrder(t, d)
	slices.Sort(got) // which goes first depends on what else the server is doing
	if diff := cmp.Diff([]int64{1, 2, 3}, got); diff != "" {
		t.Error(diff)
	}
}

// Two nodes seal at once while others write, and a watcher runs on each.
func TestTwoNodes(t *testing.T) {
	a := testkit.Open(t, db.Postgres, setup)
	b := second(t, a)
	var writers, sealers sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for _, d := range []*db.DB{a, b} {
		for range 2 {
			sealers.Go(func() {
				for ctx.Err() == nil {
					if _, err := event.Seal(t.Context(), d); err != nil {
						t.Errorf("seal: %v", err)
					}
					if _, err := event.Step(t.Context(), d, event.Watcher{Name: "w", Handle: note("w")}); err != nil {
						t.Errorf("step: %v", err)
					}
					_ = clock.Sleep(ctx, clock.System(), time.Millisecond)
				}
			})
		}
	}
	for g := range int64(4) {
		writers.Go(func() { emit(t, []*db.DB{a, b}[g%2], 100*g, 25) })
	}
	writers.Wait()
	eventually(t, "the watcher sees all", func() bool { return len(noted(t, a, "w")) >= 100 })
	stop()
	sealers.Wait()
	if diff := cmp.Diff(inOrder(t, a), noted(t, a, "w")); diff != "" {
		t.Error(diff)
	}
	if rep, err := event.Verify(t.Context(), a); err != nil || rep.Events != 100 || rep.Open != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
}

// What one node commits and seals, listeners on another hear of.
func TestListenersHearOfOtherNodes(t *testing.T) {
	a := testkit.Open(t, db.Postgres, setup)
	l := event.NewLog(second(t, a), quiet)
	heard, stop := l.Listen()
	defer stop()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { l.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	receive := func() bool {
		select {
		case <-heard:
			return true
		default:
			return false
		}
	}
	for receive() {
	}
	emit(t, a, 1, 1)
	seal(t, a)
	eventually(t, "a listener on the other node hears of it", receive)
}
