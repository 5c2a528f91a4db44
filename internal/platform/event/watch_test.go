package event_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/testkit"
)

var quiet = slog.New(slog.DiscardHandler)

// note is what the watchers of these tests do.
func note(watcher string) func(tx *db.Tx, e event.Event) error {
	return func(tx *db.Tx, e event.Event) error {
		_, err := tx.Exec(`INSERT INTO seen (watcher, place, subj) VALUES ($1, $2, $3)`, watcher, e.Place, e.Subject.ID)
		return err
	}
}

// noted are the subjects that a watcher saw, in its order.
func noted(t testing.TB, d *db.DB, watcher string) (subjects []int64) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) {
		subjects, err = db.List(tx, func(rows *db.Rows, n *int64) error { return rows.Scan(n) },
			`SELECT subj FROM seen WHERE watcher = $1 ORDER BY id`, watcher)
		return err
	})
	return subjects
}

// inOrder are the subjects as the log has them.
func inOrder(t testing.TB, d *db.DB) (subjects []int64) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		all, err := event.After(tx, 0, 1_000_000)
		for i, e := range all {
			if e.Place != int64(i+1) {
				t.Errorf("place %d follows %d", e.Place, i)
			}
			subjects = append(subjects, e.Subject.ID)
		}
		return err
	})
	return subjects
}

// However events arrive and handlers fail, panic and are started again, a
// watcher sees each event once and in order, and never passes one that failed.
func TestWatcherSeesEachOnce(t *testing.T) {
	testkit.Each(t, setup, func(t *testing.T, d *db.DB) {
		checks(t, map[db.Engine]int{db.SQLite: 40, db.Postgres: 15}[d.Engine()])
		subject, run := int64(0), 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			name := fmt.Sprint("w", run)
			var poison int64 // the place that fails, 0 if none
			w := event.Watcher{Name: name, Handle: func(tx *db.Tx, e event.Event) error {
				if e.Place == poison && e.Place%2 == 1 {
					return errors.New("no") // before it had an effect
				}
				if err := note(name)(tx, e); err != nil {
					return err
				}
				if e.Place == poison {
					panic("boom") // after
				}
				return nil
			}}
			stepped := func() {
				before := int64(len(noted(t, d, name)))
				_, err := event.Step(t.Context(), d, w)
				all, got := inOrder(t, d), noted(t, d, name)
				reached := min(int64(len(all)), before+100) // of one step
				if passes := poison <= before || poison > reached; passes != (err == nil) {
					rt.Fatalf("poison at %d of %d, %d seen: %v", poison, len(all), len(got), err)
				}
				if len(got) > len(all) || !cmp.Equal(all[:len(got)], got, cmp.Transformer("nil", func(s []int64) []int64 { return append([]int64{}, s...) })) {
					rt.Fatalf("saw %v of %v", got, all)
				}
			}
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				switch rapid.SampledFrom([]string{"emit", "poison", "poison", "cure", "step", "step"}).Draw(rt, "do") {
				case "emit":
					n := rapid.IntRange(1, 4).Draw(rt, "n")
					emit(t, d, subject+1, n)
					subject += int64(n)
					seal(t, d)
				case "poison":
					poison = rapid.Int64Range(max(1, subject-8), subject+2).Draw(rt, "place")
				case "cure":
					poison = 0
				case "step":
					stepped()
				}
			}
			poison = 0
			for range 1 + subject/100 {
				stepped()
			}
			stepped() // once more changes nothing
			if all, got := inOrder(t, d), noted(t, d, name); len(all) != len(got) {
				rt.Fatalf("saw %d of %d", len(got), len(all))
			}
		})
	})
}

// A log that runs: many writers, a watcher that can't go on for a while, one
// that hears one kind only, and a stop and start in the middle.
func TestLogRuns(t *testing.T) {
	testkit.Each(t, setup, func(t *testing.T, d *db.DB) {
		var stuck atomic.Bool
		stuck.Store(true)
		watchers := []event.Watcher{
			{Name: "all", Handle: note("all")},
			{Name: "none", Kinds: map[string]bool{"other": true}, Handle: note("none")},
			{Name: "stuck", Handle: func(tx *db.Tx, e event.Event) error {
				if e.Subject.ID == 5 && stuck.Load() {
					return errors.New("not yet")
				}
				return note("stuck")(tx, e)
			}},
		}
		start := func() (stop func()) {
			l := event.NewLog(d, quiet, watchers...)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { l.Run(ctx); close(done) }()
			return func() { cancel(); <-done }
		}
		stop := start()
		emit(t, d, 1, 6)
		eventually(t, "the healthy watcher does not wait for the stuck one", func() bool { return len(noted(t, d, "all")) == 6 })
		if got := noted(t, d, "stuck"); len(got) >= 5 {
			t.Errorf("the stuck watcher saw %v", got)
		}
		stop()
		emit(t, d, 7, 3) // nobody is there
		stop = start()
		defer func() { stop() }()
		var wg sync.WaitGroup
		for g := range int64(4) {
			wg.Go(func() { emit(t, d, 100*(g+1), 8) })
		}
		wg.Wait()
		stuck.Store(false)
		for _, name := range []string{"all", "stuck"} {
			eventually(t, name+" sees everything", func() bool { return len(noted(t, d, name)) >= 41 })
			if diff := cmp.Diff(inOrder(t, d), noted(t, d, name)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if got := noted(t, d, "none"); len(got) != 0 {
			t.Errorf("a watcher of another kind saw %v", got)
		}
		if _, err := event.Verify(t.Context(), d); err != nil {
			t.Error(err)
		}
	})
}
