package jobtest

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/db"
	"trellis/internal/platform/job"
)

// remains is what a process leaves behind in the row of a job that it ran when
// it died.
type remains struct {
	holder               string
	claim, attempt, next int64
}

func readRemains(t *testing.T, d *db.DB, id int64) (r remains) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT holder, claim, attempt, next_at FROM job WHERE id = $1`, id).Scan(&r.holder, &r.claim, &r.attempt, &r.next)
	})
	return r
}

// dies runs the one job that is due in a runner of its own, and then puts the
// row back to how it was while the handler ran: that process died there.
func dies(t *testing.T, d *db.DB, id int64) remains {
	t.Helper()
	var left remains
	r, _ := script(d, "gone", job.How{MaxAttempts: 3}, func(context.Context, job.Job) error {
		left = readRemains(t, d, id)
		return nil
	})
	if n := drain(t, r); n != 1 || left.holder == "" {
		t.Fatalf("the one that dies ran %d jobs: %+v", n, left)
	}
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE job SET state = 'running', open = TRUE, holder = $1, claim = $2, attempt = $3, next_at = $4 WHERE id = $5`,
			left.holder, left.claim, left.attempt, left.next, id)
		return err
	})
	return left
}

func leaseEnds(t *testing.T, d *db.DB) {
	c := driven(t, d)
	id := enqueue(t, d, job.New{Kind: "do"})
	end := db.FromUs(dies(t, d, id).next)
	if lease := end.Sub(c.Now()); lease <= 0 || lease > time.Minute {
		t.Errorf("the lease is %v", lease)
	}
	r, seen := script(d, "gone", job.How{}, fine) // the same node, started again
	c.Set(end.Add(-time.Microsecond))
	if n := drain(t, r); n != 0 {
		t.Error("it was taken before its lease ended")
	}
	if next, ok, err := r.Next(t.Context()); err != nil || !ok || !next.Equal(end) {
		t.Errorf("next is %v %v %v, want the end of the lease", next, ok, err)
	}
	c.Set(end)
	if n := drain(t, r); n != 1 || len(*seen) != 1 {
		t.Errorf("ran %d after the lease ended", n)
	}
	if j := get(t, d, id); j.State != job.Completed || j.Attempt != 2 {
		t.Errorf("%s after attempt %d", j.State, j.Attempt)
	}
}

// poison: a job that kills its process every time must not do so for ever.
func poison(t *testing.T, d *db.DB) {
	c := driven(t, d)
	id := enqueue(t, d, job.New{Kind: "do"})
	for range 3 {
		c.Set(db.FromUs(dies(t, d, id).next))
	}
	r, _ := script(d, "a", job.How{MaxAttempts: 3}, fine)
	if n := drain(t, r); n != 0 {
		t.Error("it ran a fourth time")
	}
	if j := get(t, d, id); j.State != job.Discarded || j.Attempt != 3 || j.Error == "" {
		t.Errorf("%s after attempt %d (%s)", j.State, j.Attempt, j.Error)
	}
	if got := kinds(t, d, id); len(got) != 1 || got[0] != "job.dead" {
		t.Errorf("events %v", got)
	}
}

// effector is a runner whose jobs leave n as their trace.
func effector(d *db.DB, node string, n int64, during func(ctx context.Context) error) *job.Runner {
	r := newRunner(d, node)
	r.RegisterApply("do", testPolicy, job.How{}, func(ctx context.Context, j job.Job) (func(*db.Tx) error, error) {
		if err := during(ctx); err != nil {
			return nil, err
		}
		return func(tx *db.Tx) error { return effect(tx, j.ID, n) }, nil
	})
	return r
}

// fenced: a process hangs for longer than its lease and then goes on as if
// nothing had happened, before or after another has done the job.
func fenced(t *testing.T, d *db.DB) {
	var id int64
	now := func(context.Context) error { return nil }
	second := effector(d, "b", 2, now)
	for _, outcome := range []error{nil, errTest} {
		id = enqueue(t, d, job.New{Kind: "do"})
		before := effects(t, d)
		first := effector(d, "a", 1, func(context.Context) error {
			lapse(t, d, id)
			if n := drain(t, second); n != 1 {
				t.Errorf("the second ran %d", n)
			}
			return outcome
		})
		drain(t, first)
		got := effects(t, d)
		if got[1] != 0 || got[2] != before[2]+1 {
			t.Errorf("effects %v after %v", got, before)
		}
		if j := get(t, d, id); j.State != job.Completed || j.Attempt != 2 {
			t.Errorf("%s after attempt %d (%s)", j.State, j.Attempt, j.Error)
		}
	}

	// While the second is at it, the first one learns at its next renewal.
	id = enqueue(t, d, job.New{Kind: "do"})
	var told atomic.Bool
	var first *job.Runner
	slow := effector(d, "b", 3, func(context.Context) error {
		return first.Renew(t.Context())
	})
	first = effector(d, "a", 1, func(ctx context.Context) error {
		lapse(t, d, id)
		drain(t, slow)
		told.Store(ctx.Err() != nil)
		return nil
	})
	drain(t, first)
	if got := effects(t, d); !told.Load() || got[1] != 0 || got[3] != 1 {
		t.Errorf("told %v, effects %v", told.Load(), got)
	}
}

func renewal(t *testing.T, d *db.DB) {
	c := driven(t, d)
	id := enqueue(t, d, job.New{Kind: "do"})
	begun, end := make(chan struct{}, 1), make(chan struct{})
	r := effector(d, "a", 1, func(context.Context) error { begun <- struct{}{}; <-end; return nil })
	stop := run(t, r)
	receive(t, begun)
	other := effector(d, "b", 2, func(context.Context) error { return nil })
	checked := 0
	for range 20 {
		left := readRemains(t, d, id)
		eventually(t, "the lease is renewed", func() bool {
			c.Advance(time.Second)
			return readRemains(t, d, id).next > left.next
		})
		// On a busy machine the clock may have overtaken the renewal.
		if readRemains(t, d, id).next <= db.Us(c.Now()) {
			continue
		}
		checked++
		if n := drain(t, other); n != 0 {
			t.Fatal("another runner took the job")
		}
	}
	if checked == 0 {
		t.Error("the lease was never seen alive")
	}
	close(end)
	eventually(t, "the job completes", func() bool { return get(t, d, id).State == job.Completed })
	stop()
	if diff := cmp.Diff(map[int64]int{1: 1}, effects(t, d)); diff != "" {
		t.Error(diff)
	}
}

// ownLapse: a clock that jumps, or a disk that stalls, makes leases end while
// their handlers live in this very process.
func ownLapse(t *testing.T, d *db.DB) {
	first := enqueue(t, d, job.New{Kind: "do"})
	var second int64
	var r *job.Runner
	r, seen := script(d, "a", job.How{}, func(ctx context.Context, j job.Job) error {
		if j.ID != first || second != 0 {
			return nil
		}
		lapse(t, d, first)
		if at, ok, err := r.Next(ctx); ok || err != nil {
			t.Errorf("its own running job is next: %v, %v", at, err)
		}
		second = enqueue(t, d, job.New{Kind: "do"})
		eventually(t, "the runner goes on with others", func() bool { return get(t, d, second).State == job.Completed })
		return nil
	})
	stop := run(t, r)
	eventually(t, "the first completes", func() bool { return get(t, d, first).State == job.Completed })
	stop()
	if diff := cmp.Diff([]int64{first, second}, *seen); diff != "" {
		t.Error(diff)
	}
}

// lapse ends a job's lease.
func lapse(t *testing.T, d *db.DB, id int64) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE job SET next_at = $1 WHERE id = $2`, db.Us(tx.Now())-1, id)
		return err
	})
}

// run runs a runner until stop is called, which returns after Run has.
func run(t *testing.T, r *job.Runner) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { r.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// receive is <-c that fails instead of waiting for ever.
func receive(t *testing.T, c <-chan struct{}) {
	t.Helper()
	eventually(t, "a handler begins", func() bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	})
}

func share(t *testing.T, d *db.DB) {
	const n = 60
	var ids []int64
	for range n {
		ids = append(ids, enqueue(t, d, job.New{Kind: "do"}))
	}
	for _, node := range []string{"a", "b"} {
		r := newRunner(d, node)
		r.RegisterApply("do", testPolicy, job.How{}, func(_ context.Context, j job.Job) (func(*db.Tx) error, error) {
			return func(tx *db.Tx) error { return effect(tx, j.ID, j.ID) }, nil
		})
		run(t, r)
	}
	want := map[int64]int{}
	for _, id := range ids {
		want[id] = 1
		eventually(t, "every job completes", func() bool { return get(t, d, id).State == job.Completed })
	}
	if diff := cmp.Diff(want, effects(t, d)); diff != "" {
		t.Error(diff)
	}
	for _, id := range ids {
		if j := get(t, d, id); j.Attempt != 1 {
			t.Errorf("job %d took %d attempts", id, j.Attempt)
		}
	}
}

func running(t *testing.T, d *db.DB) {
	c := driven(t, d)
	var r *job.Runner
	// It renews in any case, so that the same SQL runs on every engine however
	// the moved clock meets the runner's own renewal.
	r, _ = script(d, "a", job.How{}, func(ctx context.Context, _ job.Job) error { return r.Renew(ctx) })
	stop := run(t, r)
	done := func(id int64) func() bool {
		return func() bool { return get(t, d, id).State == job.Completed }
	}
	eventually(t, "a job that was enqueued while the runner waits runs", done(enqueue(t, d, job.New{Kind: "do"})))
	later := enqueue(t, d, job.New{Kind: "do", RunAt: c.Now().Add(time.Hour)})
	sooner := enqueue(t, d, job.New{Kind: "do", RunAt: c.Now().Add(time.Minute)})
	if s := get(t, d, sooner).State; s != job.Available {
		t.Errorf("%s before its time", s)
	}
	// The runner hears of a new job before it sleeps until the next: moving
	// the clock may come in between, so it is moved until seen.
	eventually(t, "the clock wakes it", func() bool { c.Advance(time.Minute); return done(sooner)() })
	if c.Now().Before(get(t, d, later).RunAt) && get(t, d, later).State != job.Available {
		t.Error("a later job ran with the sooner")
	}
	eventually(t, "the clock wakes it again", func() bool { c.Advance(10 * time.Minute); return done(later)() })
	stop()
	id := enqueue(t, d, job.New{Kind: "do"})
	if n := drain(t, r); n != 1 || !done(id)() {
		t.Errorf("after it was stopped, %d ran", n)
	}
}

func stopping(t *testing.T, d *db.DB) {
	begun := make(chan struct{}, 2)
	var causes atomic.Value
	obey := effector(d, "a", 1, func(ctx context.Context) error {
		begun <- struct{}{}
		<-ctx.Done()
		causes.Store(context.Cause(ctx).Error())
		return ctx.Err()
	})
	id := enqueue(t, d, job.New{Kind: "do"})
	stop := run(t, obey)
	receive(t, begun)
	stop()
	if j := get(t, d, id); j.State != job.Available || j.Attempt != 0 || j.RunAt.After(d.Clock().Now()) {
		t.Errorf("%s after attempt %d", j.State, j.Attempt)
	}
	if s, _ := causes.Load().(string); s != "the process is stopping" {
		t.Errorf("stopped because %q", s)
	}

	// One that can end within the grace does.
	quick := effector(d, "b", 2, func(context.Context) error {
		begun <- struct{}{}
		eventually(t, "a moment", momentarily())
		return nil
	})
	stop = run(t, quick)
	receive(t, begun)
	stop()
	if got := effects(t, d); got[1] != 0 || got[2] != 1 {
		t.Errorf("effects %v", got)
	}
}

// momentarily is true when asked a few times.
func momentarily() func() bool {
	n := 0
	return func() bool { n++; return n > 5 }
}

func unknownKind(t *testing.T, d *db.DB) {
	c := driven(t, d)
	old := newRunner(d, "old")
	for range 5 { // more than are claimed at once
		enqueue(t, d, job.New{Kind: "do", Priority: job.Urgent})
	}
	known := enqueue(t, d, job.New{Kind: "known"})
	old.Register("known", testPolicy, job.How{}, fine)
	if n := drain(t, old); n != 1 || get(t, d, known).State != job.Completed {
		t.Errorf("ran %d; the known one is %s", n, get(t, d, known).State)
	}
	current, seen := script(d, "new", job.How{}, fine)
	if n := drain(t, current); n != 0 {
		t.Errorf("ran %d at once", n)
	}
	c.Advance(time.Minute)
	if n := drain(t, current); n != 5 {
		t.Errorf("ran %d, want 5", n)
	}
	for _, id := range *seen {
		if j := get(t, d, id); j.Attempt != 1 || j.State != job.Completed {
			t.Errorf("job %d: %s after attempt %d", id, j.State, j.Attempt)
		}
	}
}

func pruning(t *testing.T, d *db.DB) {
	c := driven(t, d)
	r := job.NewRunner(d, slog.New(slog.DiscardHandler), job.Options{Keep: time.Hour, KeepDead: 3 * time.Hour})
	r.Register("good", testPolicy, job.How{}, fine)
	r.Register("bad", testPolicy, job.How{}, func(context.Context, job.Job) error { return job.Permanent(errors.New("no")) })
	for range 600 { // more than one batch
		enqueue(t, d, job.New{Kind: "good"})
	}
	bad := enqueue(t, d, job.New{Kind: "bad"})
	open := enqueue(t, d, job.New{Kind: "good", RunAt: c.Now().Add(1000 * time.Hour)})
	drain(t, r)
	for _, step := range []struct {
		wait time.Duration
		want int64
	}{{59 * time.Minute, 0}, {time.Minute, 600}, {119 * time.Minute, 0}, {time.Minute, 1}, {900 * time.Hour, 0}} {
		c.Advance(step.wait)
		n, err := r.Prune(t.Context())
		if err != nil || n != step.want {
			t.Errorf("after %v more: %d rows went, want %d (%v)", step.wait, n, step.want, err)
		}
	}
	if get(t, d, open).State != job.Available {
		t.Error("an open job went")
	}
	if err := d.Read(t.Context(), func(tx *db.Tx) error { _, err := job.Get(tx, bad); return err }); err == nil {
		t.Error("the dead letter is still there")
	}
}
