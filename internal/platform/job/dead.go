package job

import (
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Get reads one job; NotFound if there is none (any more).
func Get(tx *db.Tx, id int64) (Job, error) {
	list, err := db.List(tx, scan, `SELECT `+columns+` FROM job WHERE id = $1`, id)
	if err == nil && len(list) == 0 {
		err = errs.E(errs.NotFound, "error.not_found")
	}
	if err != nil {
		return Job{}, err
	}
	return list[0], nil
}

// Dead lists dead letters, newest first, at most limit.
func Dead(tx *db.Tx, limit int) ([]Job, error) {
	return db.List(tx, scan, `SELECT `+columns+` FROM job WHERE state = 'discarded' ORDER BY changed_at DESC, id DESC LIMIT $1 + 0`, limit)
}

// Retry lets a person run a job again now, with all its attempts: a dead
// letter, a cancelled one, or one that waits for its next attempt. A job that
// waits or runs, or whose unique name another one carries that waits, is a
// Conflict. It emits job.retried.
func Retry(tx *db.Tx, id int64) error {
	j, err := Get(tx, id)
	if err != nil {
		return err
	}
	switch j.State {
	case Discarded, Cancelled:
		twin, err := waiting(tx, j.Kind, j.Unique)
		if err != nil {
			return err
		}
		if twin != 0 {
			return errs.E(errs.Conflict, "error.conflict")
		}
	case Retryable:
	default:
		return errs.E(errs.Conflict, "error.conflict")
	}
	if err := wakeAfter(tx); err != nil {
		return err
	}
	if err := move(tx, id, Available, tx.Now()); err != nil {
		return err
	}
	return byHand(tx, "job.retried", j, Available)
}

// discardedFor is how long a job that a person discarded stays visible.
const discardedFor = 7 * 24 * time.Hour

// Discard lets a person decide that a job need not be done: a dead letter, or
// one that waits. It is cancelled and leaves the list. One that runs or is
// done is a Conflict. It emits job.cancelled.
func Discard(tx *db.Tx, id int64) error {
	j, err := Get(tx, id)
	if err != nil {
		return err
	}
	if j.State == Running || j.State == Completed || j.State == Cancelled {
		return errs.E(errs.Conflict, "error.conflict")
	}
	if err := move(tx, id, Cancelled, tx.Now().Add(discardedFor)); err != nil {
		return err
	}
	return byHand(tx, "job.cancelled", j, Cancelled)
}

func byHand(tx *db.Tx, kind string, j Job, to State) error {
	return event.Emit(tx, event.Event{Kind: kind, Subject: event.Ref{Kind: "job", ID: j.ID}, Changes: []event.Change{
		{Field: "state", From: j.State, To: to},
		{Field: "kind", To: j.Kind},
	}})
}

// Counts are how many jobs are in each state that somebody may have to look
// at, for figures. Completed and cancelled jobs are not counted: how many
// there are says only when they were last removed.
type Counts struct {
	Available, Running, Retryable, Discarded int64
	// Due is when the longest waiting job became due, zero if none is due.
	Due time.Time
}

// Stats counts. It reads open and dead rows only, and is cheap however many
// are done.
func Stats(tx *db.Tx) (Counts, error) {
	var c Counts
	rows, err := tx.Query(`SELECT state, count(*), min(next_at) FROM job WHERE open GROUP BY state
		UNION ALL SELECT 'discarded', count(*), min(next_at) FROM job WHERE state = 'discarded'`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		var n int64
		var first time.Time
		if err := rows.Scan(&state, &n, db.AtNull(&first)); err != nil {
			return c, err
		}
		switch State(state) {
		case Available:
			c.Available = n
		case Running:
			c.Running = n
		case Retryable:
			c.Retryable = n
		case Discarded:
			c.Discarded = n
		}
		waits := State(state) == Available || State(state) == Retryable
		if waits && !first.After(tx.Now()) && (c.Due.IsZero() || first.Before(c.Due)) {
			c.Due = first
		}
	}
	return c, rows.Err()
}
