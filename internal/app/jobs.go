package app

import (
	"context"
	"errors"
	"fmt"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/job"
)

// mostDead is how many dead letters are read at once.
const mostDead = 1000

// DeadJobs lists the jobs that gave up, newest first, at most a thousand.
func (d *Source) DeadJobs(ctx context.Context) (list []job.Job, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error { list, err = job.Dead(tx, mostDead); return err })
	return list, err
}

// RetryJobs lets jobs that gave up run again, with all their attempts: all of
// them or none.
func (d *District) RetryJobs(ctx context.Context, ids ...int64) error {
	return d.eachJob(ctx, "retry jobs", "tried again", job.Retry, ids)
}

// DropJobs decides that jobs that gave up need not be done: all of them or
// none.
func (d *District) DropJobs(ctx context.Context, ids ...int64) error {
	return d.eachJob(ctx, "drop jobs", "dropped", job.Discard, ids)
}

func (d *District) eachJob(ctx context.Context, name, done string, do func(*db.Tx, int64) error, ids []int64) error {
	return d.DB.Write(AsSystem(ctx), name, func(tx *db.Tx) error {
		for _, id := range ids {
			if err := do(tx, id); err != nil {
				return fmt.Errorf("job %d %s; nothing was changed", id, why(err, done))
			}
		}
		return nil
	})
}

// why says on the command line what keeps a job from being changed.
func why(err error, done string) string {
	var e *errs.Error
	switch {
	case errors.As(err, &e) && e.Kind == errs.NotFound:
		return "does not exist (any more)"
	case errors.As(err, &e) && e.Kind == errs.Conflict:
		return "can't be " + done + ": it waits, runs or is done, or a newer one does its work"
	}
	return "can't be " + done + ": " + err.Error()
}
