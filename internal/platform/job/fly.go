package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// elsewhere is how long a job of a kind that this program does not know is
// left to nodes that do (a newer version, during an upgrade).
const elsewhere = time.Minute

// claim takes up to n due jobs and readies those that this runner can run.
func (r *Runner) claim(ctx context.Context, n int) ([]*flight, error) {
	var mine, unknown, dead []Job
	err := r.d.Write(context.WithoutCancel(ctx), "claim jobs", func(tx *db.Tx) error {
		tx.Unlogged(unlogged)
		mine, unknown, dead = nil, nil, nil
		all, err := claim(tx, r.holder(), n, tx.Now().Add(r.opt.Lease))
		if err != nil {
			return err
		}
		for _, j := range all {
			k, ok := r.kinds[j.Kind]
			if ok && j.MaxAttempts == 0 {
				j.MaxAttempts = k.How.MaxAttempts
			}
			switch {
			case !ok:
				unknown = append(unknown, j)
				if _, err := back(tx, j, Available, tx.Now().Add(elsewhere), "no handler in this program", r.opt.Keep); err != nil {
					return err
				}
			case j.Attempt > j.MaxAttempts:
				// Its last attempt ended with its process.
				j.Attempt--
				dead = append(dead, j)
				if _, err := bury(tx, j, j.Error, r.opt.KeepDead); err != nil {
					return err
				}
			default:
				mine = append(mine, j)
			}
		}
		return nil
	})
	if err != nil {
		r.rename()
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	for _, j := range unknown {
		r.log.Warn("no handler for a job", "kind", j.Kind, "job", j.ID)
	}
	for _, j := range dead {
		r.log.Error("job discarded", "kind", j.Kind, "job", j.ID, "attempts", j.Attempt, "err", j.Error)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	flights := make([]*flight, len(mine))
	for i, j := range mine {
		f := &flight{job: j}
		f.ctx, f.stop = context.WithCancelCause(policy.WithActor(context.WithoutCancel(ctx),
			policy.Actor{Kind: policy.System, Door: policy.DoorJob, RequestID: fmt.Sprintf("job-%d", j.ID)}))
		r.flights[f] = true
		flights[i] = f
	}
	return flights, nil
}

// fly runs one claimed job to its outcome. It holds on until the outcome is
// written, or ctx ends and the job is left to its lease.
func (r *Runner) fly(ctx context.Context, f *flight) {
	defer func() {
		f.stop(nil)
		r.mu.Lock()
		delete(r.flights, f)
		r.mu.Unlock()
	}()
	j, k := f.job, r.kinds[f.job.Kind]
	log := r.log.With("kind", j.Kind, "job", j.ID, "attempt", j.Attempt)
	took := clock.Stopwatch()
	hctx, cancel := context.WithTimeoutCause(f.ctx, k.How.Timeout, fmt.Errorf("not done after %s", k.How.Timeout))
	apply, err := r.handle(hctx, k, j)
	if err != nil && hctx.Err() != nil {
		err = fmt.Errorf("%w: %w", context.Cause(hctx), err)
	}
	cancel()
	bg := context.WithoutCancel(f.ctx)
	if err == nil {
		err = r.complete(bg, j, apply)
	}
	if err == nil {
		log.Debug("job completed", "ms", took().Milliseconds())
		return
	}
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		o, werr := r.fail(bg, j, k, err)
		switch {
		case errors.Is(werr, errLost):
			log.Warn("job was taken over by another runner", "err", err)
		case werr != nil && r.rest(ctx, "can't write how a job ended", werr, pause):
			continue
		case werr != nil:
		case o.state == Discarded:
			log.Error("job discarded", "ms", took().Milliseconds(), "err", o.err)
		default:
			log.Warn("job goes back", "ms", took().Milliseconds(), "state", string(o.state), "until", o.next, "err", o.err)
		}
		return
	}
}

// handle calls the handler; a panic is an error of this attempt.
func (r *Runner) handle(ctx context.Context, k Kind, j Job) (apply func(*db.Tx) error, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("job panicked", "kind", j.Kind, "job", j.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return k.do(ctx, j)
}

// complete writes the effects and the completion in one transaction.
func (r *Runner) complete(ctx context.Context, j Job, apply func(*db.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("job panicked", "kind", j.Kind, "job", j.ID, "panic", fmt.Sprint(p))
			first, _, _ := strings.Cut(fmt.Sprint(p), "\n")
			err = fmt.Errorf("panic: %s", first)
		}
	}()
	return r.d.Write(ctx, "complete "+j.Kind, func(tx *db.Tx) error {
		tx.Unlogged(unlogged)
		// First the claim: what follows must not read as its holder if it
		// is no longer that.
		err := settle(tx, j, outcome{state: Completed, attempt: j.Attempt, next: tx.Now().Add(r.opt.Keep)})
		if err != nil || apply == nil {
			return err
		}
		return apply(tx)
	})
}

// fail writes what follows from a failed attempt. It may be called again when
// it could not write; errLost says that the job is no longer this claim's.
func (r *Runner) fail(ctx context.Context, j Job, k Kind, cause error) (o outcome, err error) {
	later, isLater := errors.AsType[laterError](cause)
	err = r.d.Write(ctx, "fail "+j.Kind, func(tx *db.Tx) error {
		tx.Unlogged(unlogged)
		var err error
		switch {
		case isLater:
			o, err = back(tx, j, Available, tx.Now().Add(later.wait), cause.Error(), r.opt.Keep)
		case errors.Is(cause, errStopping) || errors.Is(cause, errLost):
			o, err = back(tx, j, Available, tx.Now(), cause.Error(), r.opt.Keep)
		case isPermanent(cause) || j.Attempt >= j.MaxAttempts:
			o, err = bury(tx, j, cause.Error(), r.opt.KeepDead)
		default:
			wait := spread(k.How.Backoff(j.Attempt), j.ID, j.Attempt)
			o, err = back(tx, j, Retryable, tx.Now().Add(wait), cause.Error(), r.opt.Keep)
		}
		return err
	})
	return o, err
}

// back puts a job to wait again. Available means that the attempt does not
// count. If another of its unique name waits by now, that one does the work.
func back(tx *db.Tx, j Job, to State, at time.Time, why string, keep time.Duration) (outcome, error) {
	o := outcome{state: to, attempt: j.Attempt, next: at, err: why}
	if to == Available {
		o.attempt--
	}
	twin, err := waiting(tx, j.Kind, j.Unique)
	if err != nil {
		return o, err
	}
	if twin != 0 {
		o.state, o.next = Cancelled, tx.Now().Add(keep)
		o.err = fmt.Sprintf("job %d does its work; its own last attempt: %s", twin, why)
	}
	return o, settle(tx, j, o)
}

// bury makes a job a dead letter.
func bury(tx *db.Tx, j Job, why string, keep time.Duration) (outcome, error) {
	o := outcome{state: Discarded, attempt: j.Attempt, next: tx.Now().Add(keep), err: why}
	if err := settle(tx, j, o); err != nil {
		return o, err
	}
	return o, event.Emit(tx, event.Event{Kind: "job.dead", Subject: event.Ref{Kind: "job", ID: j.ID}, Changes: []event.Change{
		{Field: "state", From: Running, To: Discarded},
		{Field: "kind", To: j.Kind},
		{Field: "attempts", To: j.Attempt},
		{Field: "error", To: clean(why), Personal: true},
	}})
}
