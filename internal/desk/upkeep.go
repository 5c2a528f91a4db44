package desk

import (
	"context"
	"errors"
	"math"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
)

// SubjectTicket is the kind under which the event log, notices and open pages
// name a ticket.
const SubjectTicket = "ticket"

// previews is the policy of the job that makes pictures safe to show.
var previews = policy.Policy{Name: "system", Sentence: "Trellis itself", Allow: func(policy.Actor) bool { return false }}

// RegisterJobs says how the desk's jobs are run.
func (d *Desk) RegisterJobs(r *job.Runner) {
	r.RegisterApply(PreviewJob, previews, job.How{MaxAttempts: 5, Timeout: time.Minute}, d.Preview)
}

// Sweep does what time alone brings about: tickets that come back, tickets
// whose reopen window ends, clocks that a new calendar moves, alarms of
// promises.
func (d *Desk) Sweep(ctx context.Context) error {
	_, back := d.ResumeDue(ctx)
	_, closed := d.CloseExpired(ctx)
	_, wound := d.WindClocks(ctx)
	_, rung := d.RingClocks(ctx)
	return errors.Join(back, closed, wound, rung)
}

// NextDue is when Sweep has something to do for a ticket, zero if for none.
func (d *Desk) NextDue(ctx context.Context) (at time.Time, err error) {
	waited, again1 := d.behind(Waiting)
	solved, again2 := d.behind(Solved)
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		// Each state alone is the first entry of an index.
		err := tx.QueryRow(`SELECT min(due) FROM (SELECT min(next_at) AS due FROM desk_ticket WHERE state = 'waiting' AND next_at > $1
			UNION ALL SELECT min(next_at) FROM desk_ticket WHERE state = 'solved' AND next_at > $2) dues`, since(waited), since(solved)).Scan(db.AtNull(&at))
		if err != nil {
			return err
		}
		ring, err := nextClock(tx)
		if !ring.IsZero() && (at.IsZero() || ring.Before(at)) {
			at = ring
		}
		return err
	})
	for _, again := range []time.Time{again1, again2} {
		if !again.IsZero() && (at.IsZero() || again.Before(at)) {
			at = again
		}
	}
	return at, err
}

// since is an instant as the database has it, before every other if zero.
func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return db.Us(t)
}

// EachBlob calls f with the hash of every blob that a file names, the pictures
// made from files among them.
func EachBlob(tx *db.Tx, f func(hash string)) error {
	rows, err := tx.Query(`SELECT hash, preview FROM desk_file`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash, preview string
		if err := rows.Scan(&hash, &preview); err != nil {
			return err
		}
		f(hash)
		if preview != "" {
			f(preview)
		}
	}
	return rows.Err()
}
