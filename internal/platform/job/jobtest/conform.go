package jobtest

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
)

// Run runs the suite. each calls f for every engine with a fresh database that
// has the platform's schemas and Schema, and whose clock is a *clock.Manual.
func Run(t *testing.T, each func(t *testing.T, f func(t *testing.T, d *db.DB))) {
	for _, c := range []struct {
		name string
		f    func(*testing.T, *db.DB)
	}{
		{"enqueued with its transaction or not at all", enqueueAtomic},
		{"unique while it waits", unique},
		{"order", order},
		{"backoff and dead letter", deadLetter},
		{"permanent, later, panic", answers},
		{"effects and completion together", together},
		{"a lost claim has no effects", fenced},
		{"a dead runner's lease ends within a minute", leaseEnds},
		{"attempts that end with their process count", poison},
		{"a long handler keeps its lease", renewal},
		{"a runner takes nothing from itself", ownLapse},
		{"two runners share", share},
		{"run wakes, finishes and stops", running},
		{"stopping gives back", stopping},
		{"unknown kinds are left to others", unknownKind},
		{"by hand", byHand},
		{"old rows go", pruning},
	} {
		t.Run(c.name, func(t *testing.T) { each(t, c.f) })
	}
}

func newRunner(d *db.DB, node string) *job.Runner {
	return job.NewRunner(d, slog.New(slog.DiscardHandler), job.Options{Node: node, Workers: 3, Poll: 20 * time.Millisecond, Grace: 200 * time.Millisecond})
}

// script is a runner whose one kind "do" answers what it is told to, and
// notes the jobs it was given.
func script(d *db.DB, node string, how job.How, answer func(ctx context.Context, j job.Job) error) (*job.Runner, *[]int64) {
	var mu sync.Mutex
	seen := &[]int64{}
	r := newRunner(d, node)
	r.Register("do", testPolicy, how, func(ctx context.Context, j job.Job) error {
		mu.Lock()
		*seen = append(*seen, j.ID)
		mu.Unlock()
		return answer(ctx, j)
	})
	return r, seen
}

func fine(context.Context, job.Job) error { return nil }

func enqueueAtomic(t *testing.T, d *db.DB) {
	type args struct {
		N    int64
		Text string
	}
	want := args{1 << 60, "a \x00 b ¿qué?"}
	if err := try(t, d, func(tx *db.Tx) error {
		if _, err := job.Enqueue(tx, job.New{Kind: "do"}); err != nil {
			return err
		}
		return errTest
	}); err == nil {
		t.Fatal("the transaction committed")
	}
	id := enqueue(t, d, job.New{Kind: "do", Args: want})
	var got args
	var actor policy.Actor
	r, seen := script(d, "a", job.How{}, func(ctx context.Context, j job.Job) error {
		actor = policy.ActorFrom(ctx)
		return j.Decode(&got)
	})
	if n := drain(t, r); n != 1 || !slices.Equal(*seen, []int64{id}) {
		t.Errorf("ran %d: %v, want only %d", n, *seen, id)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if actor.Kind != policy.System || actor.Door != policy.DoorJob || actor.RequestID == "" {
		t.Errorf("the handler acts as %+v", actor)
	}
	if j := get(t, d, id); j.State != job.Completed || j.Attempt != 1 {
		t.Errorf("%s after attempt %d", j.State, j.Attempt)
	}
	for _, bad := range []job.New{{}, {Kind: "x", Priority: 5}, {Kind: "x", MaxAttempts: -1}, {Kind: "x", Args: func() {}}} {
		if err := try(t, d, func(tx *db.Tx) error { _, err := job.Enqueue(tx, bad); return err }); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

func unique(t *testing.T, d *db.DB) {
	c := driven(t, d)
	fail := true
	var during int64
	r, seen := script(d, "a", job.How{}, func(context.Context, job.Job) error {
		if fail {
			fail = false
			during = enqueue(t, d, job.New{Kind: "do", Unique: "u"})
			return errTest
		}
		return nil
	})
	soon := c.Now().Add(time.Minute)
	a := enqueue(t, d, job.New{Kind: "do", Unique: "u", Args: 1, RunAt: c.Now().Add(time.Hour)})
	b := enqueue(t, d, job.New{Kind: "do", Unique: "u", Args: 2, RunAt: soon, Priority: job.Urgent})
	other := enqueue(t, d, job.New{Kind: "do", Unique: "v", RunAt: c.Now().Add(48 * time.Hour)})
	kind := enqueue(t, d, job.New{Kind: "else", Unique: "u", RunAt: c.Now().Add(48 * time.Hour)})
	if a != b || other == a || kind == a || kind == other {
		t.Fatalf("ids %d %d (same) %d %d (others)", a, b, other, kind)
	}
	if j := get(t, d, a); !j.RunAt.Equal(soon) || j.Priority != job.Urgent || string(j.Args) != "1" {
		t.Errorf("not moved forward: at %v, priority %d, args %s", j.RunAt, j.Priority, j.Args)
	}
	// While it runs, the next is a job of its own; when the first then fails,
	// the one that waits does the work.
	c.Set(soon)
	if n := drain(t, r); n != 2 {
		t.Errorf("ran %d attempts, want 2", n)
	}
	if during == 0 || during == a || !slices.Equal(*seen, []int64{a, during}) {
		t.Errorf("saw %v; first %d, then %d", *seen, a, during)
	}
	if j := get(t, d, a); j.State != job.Cancelled || !strings.Contains(j.Error, errTest.Error()) {
		t.Errorf("the first is %s (%s)", j.State, j.Error)
	}
	if again := enqueue(t, d, job.New{Kind: "do", Unique: "u"}); again == a || again == during {
		t.Errorf("a job that is done was taken for one that waits")
	}
}

func order(t *testing.T, d *db.DB) {
	c := driven(t, d)
	now := c.Now()
	at := func(m int, p int) int64 {
		return enqueue(t, d, job.New{Kind: "do", RunAt: now.Add(time.Duration(m) * time.Minute), Priority: p})
	}
	idle := at(1, job.Idle)
	late := at(3, job.Normal)
	early := at(2, job.Normal)
	urgent := at(4, job.Urgent)
	future := at(90, job.Urgent)
	r := job.NewRunner(d, slog.New(slog.DiscardHandler), job.Options{Workers: 1})
	var seen []int64
	r.Register("do", testPolicy, job.How{}, func(_ context.Context, j job.Job) error { seen = append(seen, j.ID); return nil })
	if next, ok, err := r.Next(t.Context()); err != nil || !ok || !next.Equal(now.Add(time.Minute)) {
		t.Errorf("next is %v %v %v", next, ok, err)
	}
	c.Advance(10 * time.Minute)
	drain(t, r)
	if diff := cmp.Diff([]int64{urgent, early, late, idle}, seen); diff != "" {
		t.Error(diff)
	}
	if next, ok, err := r.Next(t.Context()); err != nil || !ok || !next.Equal(now.Add(90*time.Minute)) {
		t.Errorf("next is %v %v %v", next, ok, err)
	}
	c.Advance(80 * time.Minute)
	if drain(t, r); seen[len(seen)-1] != future {
		t.Errorf("the future one did not run: %v", seen)
	}
	if next, ok, err := r.Next(t.Context()); err != nil || ok {
		t.Errorf("something is left: %v %v %v", next, ok, err)
	}
}

func deadLetter(t *testing.T, d *db.DB) {
	c := driven(t, d)
	var attempts []int
	r, _ := script(d, "a", job.How{MaxAttempts: 6}, func(_ context.Context, j job.Job) error {
		attempts = append(attempts, j.Attempt)
		return errTest
	})
	id := enqueue(t, d, job.New{Kind: "do"})
	start := c.Now()
	for n := 1; n < 6; n++ {
		if ran := drain(t, r); ran != 1 {
			t.Fatalf("attempt %d: ran %d", n, ran)
		}
		next, ok, err := r.Next(t.Context())
		wait, want := next.Sub(c.Now()), time.Duration(n*n*n*n)*time.Second
		if err != nil || !ok || wait < want*9/10 || wait > want*11/10 {
			t.Fatalf("attempt %d: waits %v, want about %v (%v)", n, wait, want, err)
		}
		if j := get(t, d, id); j.State != job.Retryable || j.Error != errTest.Error() {
			t.Errorf("attempt %d: %s (%s)", n, j.State, j.Error)
		}
		c.Set(next)
	}
	drain(t, r)
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6}, attempts); diff != "" {
		t.Error(diff)
	}
	if j := get(t, d, id); j.State != job.Discarded {
		t.Errorf("%s after the last attempt", j.State)
	}
	c.Advance(1000 * time.Hour)
	if n := drain(t, r); n != 0 {
		t.Error("a dead letter ran")
	}
	read(t, d, func(tx *db.Tx) error {
		dead, err := job.Dead(tx, 10)
		if len(dead) != 1 || dead[0].ID != id || dead[0].Attempt != 6 || !dead[0].ChangedAt.After(start) {
			t.Errorf("dead letters: %+v", dead)
		}
		return err
	})
	if got := kinds(t, d, id); !slices.Equal(got, []string{"job.dead"}) {
		t.Errorf("events %v", got)
	}
}

func kinds(t *testing.T, d *db.DB, id int64) (out []string) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		list, err := event.Of(tx, event.Ref{Kind: "job", ID: id})
		for _, e := range list {
			out = append(out, e.Kind)
		}
		return err
	})
	return out
}

func answers(t *testing.T, d *db.DB) {
	c := driven(t, d)
	ask := map[int64]func() error{}
	r, _ := script(d, "a", job.How{MaxAttempts: 3}, func(_ context.Context, j job.Job) error { return ask[j.ID]() })
	perm := enqueue(t, d, job.New{Kind: "do"})
	later := enqueue(t, d, job.New{Kind: "do"})
	boom := enqueue(t, d, job.New{Kind: "do"})
	dirty := enqueue(t, d, job.New{Kind: "do"})
	laters := 0
	ask[perm] = func() error { return job.Permanent(errTest) }
	ask[later] = func() error {
		if laters++; laters <= 10 {
			return job.Later(time.Hour)
		}
		return nil
	}
	ask[boom] = func() error { panic("boom") }
	ask[dirty] = func() error { return &dirtyError{} }
	drain(t, r)
	if j := get(t, d, perm); j.State != job.Discarded || j.Attempt != 1 || j.Error != errTest.Error() {
		t.Errorf("permanent: %s after %d (%s)", j.State, j.Attempt, j.Error)
	}
	if j := get(t, d, boom); j.State != job.Retryable || j.Error != "panic: boom" {
		t.Errorf("panic: %s (%s)", j.State, j.Error)
	}
	if j := get(t, d, dirty); j.State != job.Retryable || len(j.Error) > 2100 {
		t.Errorf("an error with broken text: %s (%d bytes)", j.State, len(j.Error))
	}
	for range 10 {
		if j := get(t, d, later); j.State != job.Available || j.Attempt != 0 {
			t.Fatalf("later: %s after %d", j.State, j.Attempt)
		}
		c.Advance(time.Hour)
		drain(t, r)
	}
	if j := get(t, d, later); j.State != job.Completed {
		t.Errorf("later: %s in the end", j.State)
	}
}

type dirtyError struct{}

func (*dirtyError) Error() string { return "\x00\xff" + strings.Repeat("é", 3000) }

func together(t *testing.T, d *db.DB) {
	c := driven(t, d)
	var followed int64
	applied := 0
	r := newRunner(d, "a")
	r.RegisterApply("pay", testPolicy, job.How{}, func(_ context.Context, j job.Job) (func(*db.Tx) error, error) {
		return func(tx *db.Tx) error {
			if err := effect(tx, j.ID, 1); err != nil {
				return err
			}
			var err error
			if followed, err = job.Enqueue(tx, job.New{Kind: "follow"}); err != nil {
				return err
			}
			if applied++; j.Attempt == 1 {
				return errTest
			}
			if j.Attempt == 2 {
				panic("boom")
			}
			return event.Emit(tx, event.Event{Kind: "test.paid", Subject: event.Ref{Kind: "job", ID: j.ID}})
		}, nil
	})
	r.Register("follow", testPolicy, job.How{}, fine)
	id := enqueue(t, d, job.New{Kind: "pay"})
	for attempt := 1; attempt <= 2; attempt++ {
		drain(t, r)
		if j := get(t, d, id); j.State != job.Retryable || len(effects(t, d)) != 0 {
			t.Fatalf("attempt %d failed when applying: %s (%s), effects %v", attempt, j.State, j.Error, effects(t, d))
		}
		c.Advance(time.Minute)
	}
	if n := drain(t, r); n != 2 {
		t.Errorf("ran %d, want the job and what it enqueued", n)
	}
	if diff := cmp.Diff(map[int64]int{1: 1}, effects(t, d)); diff != "" {
		t.Error(diff)
	}
	if j := get(t, d, followed); j.State != job.Completed {
		t.Errorf("what it enqueued is %s", j.State)
	}
	if got := kinds(t, d, id); !slices.Equal(got, []string{"test.paid"}) {
		t.Errorf("events %v", got)
	}
}
