package job

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// pruneEvery is how often closed rows are looked over.
const pruneEvery = time.Hour

// tend renews leases and removes old rows until ctx ends. Rows were last
// removed at pruned.
func (r *Runner) tend(ctx context.Context, pruned time.Time) {
	until := r.d.Clock().Now().Add(r.opt.Lease)
	for {
		now := r.d.Clock().Now()
		if d := now.Sub(pruned); d >= pruneEvery || d < 0 {
			if _, err := r.Prune(ctx); err == nil {
				pruned = now
			} else if ctx.Err() == nil {
				r.log.Warn("can't remove old jobs", "err", err)
			}
		}
		if clock.Sleep(ctx, r.d.Clock(), r.opt.Lease/3) != nil {
			return
		}
		now = r.d.Clock().Now()
		if r.inFlight() == 0 {
			until = now.Add(r.opt.Lease)
			continue
		}
		if err := r.Renew(ctx); err == nil {
			until = now.Add(r.opt.Lease)
		} else if ctx.Err() == nil {
			r.log.Error("can't renew the leases of running jobs", "err", err)
			if now.After(until) {
				// Others may have them by now.
				r.stopAll(errLost)
			}
		}
	}
}

// Renew moves the leases of what this runner runs; Run does so by itself. A
// handler whose job was claimed by another is stopped.
func (r *Runner) Renew(ctx context.Context) error {
	r.mu.Lock()
	all := slices.Collect(maps.Keys(r.flights))
	r.mu.Unlock()
	slices.SortFunc(all, func(a, b *flight) int { return cmp.Compare(a.job.ID, b.job.ID) })
	var lost []*flight
	err := r.d.Write(ctx, "renew job leases", func(tx *db.Tx) error {
		tx.Unlogged(unlogged)
		lost = nil
		for _, f := range all {
			held, err := renew(tx, f.job, tx.Now().Add(r.opt.Lease))
			if err != nil {
				return err
			}
			if !held {
				lost = append(lost, f)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range lost {
		f.stop(errLost) // or it was completed in this moment, which this can't harm
	}
	return nil
}

// stopAll ends the contexts of everything that runs.
func (r *Runner) stopAll(why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for f := range r.flights {
		f.stop(why)
	}
}

// Prune removes closed rows whose time is over and returns how many; Run does
// so by itself.
func (r *Runner) Prune(ctx context.Context) (n int64, err error) {
	const batch = 500 // small, so that the writer is free in between
	for {
		var done int64
		err := r.d.Write(ctx, "prune jobs", func(tx *db.Tx) (err error) {
			tx.Unlogged(unlogged)
			done, err = prune(tx, batch)
			return err
		})
		n += done
		if err != nil || done < batch {
			return n, err
		}
	}
}

// land waits for running handlers: Grace for them to finish, then until they
// wrote how they ended after their contexts did. A handler that ignores its
// context is left behind, and its lease ends.
func (r *Runner) land(flying *sync.WaitGroup) {
	done := make(chan struct{})
	go func() { flying.Wait(); close(done) }()
	for _, wait := range []time.Duration{r.opt.Grace, max(r.opt.Grace, 5*time.Second)} {
		c, stop := clock.System().After(wait)
		select {
		case <-done:
			stop()
			return
		case <-c:
			r.stopAll(errStopping)
		}
	}
	r.log.Error("handlers ignore that they were stopped; their leases will end", "jobs", r.inFlight())
}
