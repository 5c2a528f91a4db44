package job

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// Options of a runner; every zero value means its default.
type Options struct {
	Node    string        // this process's name in logs and rows
	Workers int           // handlers at once; 4
	Lease   time.Duration // how long a claim outlives its process; 45 s, at most 1 min
	Grace   time.Duration // how long Run lets handlers finish when it is stopped; 10 s
	Keep    time.Duration // how long completed and cancelled rows stay; 7 days
	// KeepDead is how long dead letters stay; 90 days.
	KeepDead time.Duration
	// Poll is how often the database is asked for what other nodes enqueued
	// (PostgreSQL only; on SQLite every enqueue is this process's own); 1 s.
	Poll time.Duration
}

// Defaults of a kind.
const (
	MaxAttempts = 20
	Timeout     = time.Minute
)

// How says how jobs of a kind are run; every zero value means its default.
type How struct {
	MaxAttempts int                             // before a job is discarded; MaxAttempts
	Timeout     time.Duration                   // of one attempt; the context ends then; Timeout
	Backoff     func(attempt int) time.Duration // the wait after the nth attempt; Backoff
}

// Do is a handler whose effects lie outside the database.
type Do func(ctx context.Context, j Job) error

// Prepare is a handler that hands back its database effects: apply runs in the
// transaction that completes the job, under the rules of db.Write (it may run
// more than once, and does no I/O). A nil apply has no effects.
type Prepare func(ctx context.Context, j Job) (apply func(tx *db.Tx) error, err error)

// Kind is one registered kind of job.
type Kind struct {
	Name   string
	Policy policy.Policy
	How    How

	do Prepare
}

// Runner runs one district's jobs. Register every kind, then Run it.
type Runner struct {
	d     *db.DB
	log   *slog.Logger
	opt   Options
	kinds map[string]Kind
	wake  chan struct{}

	mu      sync.Mutex
	name    string // under which jobs are held: this runner's and no other's, ever
	flights map[*flight]bool
}

// flight is one job that is being run.
type flight struct {
	job  Job
	ctx  context.Context
	stop context.CancelCauseFunc
}

// NewRunner makes a runner for a database. It reads the database's clock.
func NewRunner(d *db.DB, log *slog.Logger, opt Options) *Runner {
	def := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	if opt.Workers <= 0 {
		opt.Workers = 4
	}
	def(&opt.Lease, 45*time.Second)
	opt.Lease = min(opt.Lease, time.Minute)
	def(&opt.Grace, 10*time.Second)
	def(&opt.Keep, 7*24*time.Hour)
	def(&opt.KeepDead, 90*24*time.Hour)
	def(&opt.Poll, time.Second)
	r := &Runner{d: d, log: log, opt: opt, kinds: map[string]Kind{}, wake: make(chan struct{}, 1), flights: map[*flight]bool{}}
	r.rename()
	return r
}

// rename gives the runner a new name. What is held under the old one and does
// not run in fact (a claim whose commit was not heard of) can then be claimed
// when its lease has ended.
func (r *Runner) rename() {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	r.mu.Lock()
	defer r.mu.Unlock()
	r.name = r.opt.Node + "/" + hex.EncodeToString(b)
}

func (r *Runner) holder() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.name
}

// Register names a kind and its handler, before Run. A kind registered twice
// or without a policy is a mistake in the program, and panics.
func (r *Runner) Register(kind string, p policy.Policy, how How, do Do) {
	r.RegisterApply(kind, p, how, func(ctx context.Context, j Job) (func(*db.Tx) error, error) { return nil, do(ctx, j) })
}

// RegisterApply is Register for a handler with database effects.
func (r *Runner) RegisterApply(kind string, p policy.Policy, how How, do Prepare) {
	if _, ok := r.kinds[kind]; ok || kind == "" || p.Name == "" {
		panic(fmt.Sprintf("job kind %q: registered twice, or without a name or policy", kind))
	}
	if how.MaxAttempts <= 0 {
		how.MaxAttempts = MaxAttempts
	}
	if how.Timeout <= 0 {
		how.Timeout = Timeout
	}
	if how.Backoff == nil {
		how.Backoff = Backoff
	}
	r.kinds[kind] = Kind{Name: kind, Policy: p, How: how, do: do}
}

// Kinds lists what is registered, by name.
func (r *Runner) Kinds() []Kind {
	out := make([]Kind, 0, len(r.kinds))
	for _, k := range r.kinds {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Next is when the runner has something to do next, which may lie in the past;
// ok is false if nothing waits. A process that closed a district asks this
// before, and opens it again in time. What this runner runs at the moment does
// not count.
func (r *Runner) Next(ctx context.Context) (at time.Time, ok bool, err error) {
	err = r.d.Read(ctx, func(tx *db.Tx) error { at, ok, err = next(tx, r.holder()); return err })
	return at, ok, err
}

// Run runs jobs until ctx ends, then waits for the handlers that are running:
// after Options.Grace their contexts end too, and what they did not complete
// goes back to wait, without counting the attempt.
func (r *Runner) Run(ctx context.Context) {
	var uid string
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		err := r.d.Read(ctx, func(tx *db.Tx) (err error) { uid, err = event.Origin(tx); return err })
		if err == nil {
			break
		}
		if ctx.Err() != nil || !r.rest(ctx, "jobs do not run yet", err, pause) {
			return
		}
	}
	stop := r.listen(uid)
	defer stop()

	// The lease is renewed until the last handler has ended.
	bg, end := context.WithCancel(context.WithoutCancel(ctx))
	var tending sync.WaitGroup
	tending.Go(func() { r.tend(bg, time.Time{}) })
	var flying sync.WaitGroup
	r.loop(ctx, &flying)
	r.land(&flying)
	end()
	tending.Wait()
}

// loop claims and starts jobs until ctx ends.
func (r *Runner) loop(ctx context.Context, flying *sync.WaitGroup) {
	pause := time.Second
	for ctx.Err() == nil {
		at, some, err := r.Next(ctx)
		now := r.d.Clock().Now()
		free := r.opt.Workers - r.inFlight()
		if err == nil && some && free > 0 && !at.After(now) {
			var jobs []*flight
			if jobs, err = r.claim(ctx, free); err == nil {
				pause = time.Second
				for _, f := range jobs {
					flying.Go(func() { r.fly(ctx, f); r.nudge() })
				}
				continue // there may be more, and it may all have been another node's
			}
		}
		if err != nil {
			if ctx.Err() == nil && r.rest(ctx, "can't look for jobs", err, pause) {
				pause = min(2*pause, 30*time.Second)
			}
			continue
		}
		r.wait(ctx, at, now, some && free > 0)
	}
}

// wait returns when there may be something to do: a commit, a handler that
// ended, the next due time, and on PostgreSQL now and then for other nodes.
func (r *Runner) wait(ctx context.Context, at, now time.Time, due bool) {
	var clocked, polled <-chan time.Time
	if due {
		c, stop := r.d.Clock().After(at.Sub(now))
		defer stop()
		clocked = c
	}
	if r.d.Engine() == db.Postgres {
		c, stop := clock.System().After(r.opt.Poll)
		defer stop()
		polled = c
	}
	select {
	case <-ctx.Done():
	case <-r.wake:
	case <-clocked:
	case <-polled:
	}
}

// rest logs a failure and pauses; false if ctx ended meanwhile.
func (r *Runner) rest(ctx context.Context, what string, err error, pause time.Duration) bool {
	r.log.Error(what, "err", err, "again_in", pause)
	return clock.Sleep(ctx, clock.System(), pause) == nil
}

// Drain runs what is due now, and what that enqueues for now, and returns how
// many attempts it ran. Tests and the demo, which drive the clock themselves,
// use it instead of Run.
func (r *Runner) Drain(ctx context.Context) (ran int, err error) {
	var tending, flying sync.WaitGroup
	bg, end := context.WithCancel(context.WithoutCancel(ctx))
	tending.Go(func() { r.tend(bg, r.d.Clock().Now()) })
	defer func() { end(); tending.Wait() }()
	for {
		at, some, err := r.Next(ctx)
		if err != nil || !some || at.After(r.d.Clock().Now()) {
			return ran, err
		}
		jobs, err := r.claim(ctx, r.opt.Workers)
		if err != nil {
			return ran, err
		}
		for _, f := range jobs {
			flying.Go(func() { r.fly(ctx, f) })
		}
		flying.Wait()
		ran += len(jobs)
	}
}

func (r *Runner) inFlight() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.flights)
}

var (
	errLost     = errors.New("another runner has the job: the lease had ended")
	errStopping = errors.New("the process is stopping")
)
