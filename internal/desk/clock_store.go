package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

type clockID int64

// clock is a stored reading: what a promise came to, as far as it is known.
type clock struct {
	ID       clockID
	Ticket   TicketID
	Metric   Metric
	Round    int
	Started  time.Time
	Target   time.Duration
	Due      time.Time // zero while paused, or where there are no more hours
	Paused   bool
	Stopped  time.Time // zero while it is open
	Dropped  bool
	Spent    time.Duration // of a stopped one
	Sum      string        // of a stopped one: []worktime.Day as JSON
	Missed   time.Time     // when it was due and not kept
	Site     district.SiteID
	Revision int64
	Step     int
	NextAt   time.Time
}

const clockColumns = `c.id, c.ticket, c.metric, c.round, c.started, c.target, c.due, c.paused, c.stopped, c.dropped, c.spent, c.sum, c.missed, c.site, c.revision, c.step, c.next_at`

func scanClock(r *db.Rows, c *clock) error {
	var target, spent int64
	err := r.Scan(&c.ID, &c.Ticket, &c.Metric, &c.Round, db.At(&c.Started), &target, db.AtNull(&c.Due), &c.Paused, db.AtNull(&c.Stopped), &c.Dropped,
		db.OrZero(&spent), &c.Sum, db.AtNull(&c.Missed), &c.Site, &c.Revision, &c.Step, db.AtNull(&c.NextAt))
	c.Target, c.Spent = seconds(target), time.Duration(spent)*time.Microsecond
	return err
}

func clocksOf(tx *db.Tx, id TicketID) ([]clock, error) {
	return db.List(tx, scanClock, `SELECT `+clockColumns+` FROM desk_clock c WHERE c.ticket = $1 ORDER BY c.started, c.id`, id)
}

func (c clock) open() bool { return c.Stopped.IsZero() }

func storeClock(tx *db.Tx, c clock) error {
	var spent any
	if !c.open() {
		spent = c.Spent.Microseconds()
	}
	_, err := tx.Exec(`INSERT INTO desk_clock (ticket, metric, round, started, target, due, paused, stopped, dropped, spent, sum, missed, site, revision, step, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (ticket, metric, round) DO UPDATE SET started = excluded.started, target = excluded.target, due = excluded.due, paused = excluded.paused,
			stopped = excluded.stopped, dropped = excluded.dropped, spent = excluded.spent, sum = excluded.sum, missed = excluded.missed, site = excluded.site,
			revision = excluded.revision, step = excluded.step, next_at = excluded.next_at`,
		c.Ticket, c.Metric, c.Round, db.Us(c.Started), int64(c.Target/time.Second), db.UsNull(c.Due), c.Paused, db.UsNull(c.Stopped), c.Dropped, spent, c.Sum,
		db.UsNull(c.Missed), c.Site, c.Revision, c.Step, db.UsNull(c.NextAt))
	return err
}

// windUp computes a ticket's clocks from its marks and stores what differs.
// It returns how due times moved, for whoever wants to say so.
func windUp(tx *db.Tx, t ticket) ([]moved, error) {
	marks, err := marksOf(tx, t.ID)
	if err != nil {
		return nil, err
	}
	stored, err := clocksOf(tx, t.ID)
	if err != nil {
		return nil, err
	}
	b, err := basisOf(tx, t)
	if err != nil {
		return nil, err
	}
	var moves []moved
	var due time.Time
	for _, r := range runs(marks) {
		had, i := clock{}, slices.IndexFunc(stored, func(c clock) bool { return c.Metric == r.Metric && c.Round == r.Round })
		if i >= 0 {
			had = stored[i]
		}
		c := had
		if had.ID == 0 || had.open() || !had.Stopped.Equal(r.Stop) || !had.Started.Equal(r.Start) {
			if c, err = b.tell(had, r, tx.Now()); err != nil {
				return nil, err
			}
			c.Ticket = t.ID
		}
		if c != had {
			if err := storeClock(tx, c); err != nil {
				return nil, err
			}
		}
		if had.ID != 0 && had.open() && c.open() && !had.Due.IsZero() && !c.Due.IsZero() && !had.Due.Equal(c.Due) {
			moves = append(moves, moved{c.Metric, had.Due, c.Due})
		}
		if c.open() && !c.Due.IsZero() && (due.IsZero() || c.Due.Before(due)) {
			due = c.Due
		}
	}
	_, err = tx.Exec(`UPDATE desk_ticket SET due = $1 WHERE id = $2 AND due IS DISTINCT FROM $1`, db.UsNull(due), t.ID)
	return moves, err
}

// moved is a due time before and after.
type moved struct {
	Metric   Metric
	From, To time.Time
}

// basis is what readings of one ticket rest on.
type basis struct {
	promise  Promise
	alarms   []Alarm
	site     district.SiteID
	cal      *worktime.Calendar
	revision int64
}

func basisOf(tx *db.Tx, t ticket) (b basis, err error) {
	b.site = t.Site
	if b.promise, err = promiseFor(tx, t.promised(), t.Site, t.Service); err != nil {
		return b, err
	}
	if b.alarms, err = alarmsFor(tx, t.promised()); err != nil {
		return b, err
	}
	b.cal, b.revision, err = calendar.Of(tx, t.Site)
	return b, err
}

// tell makes the clock of a run. What was missed stays missed, and alarms that
// were given are not given again, however the time moves.
func (b basis) tell(had clock, r run, now time.Time) (clock, error) {
	got := read(r, b.promise.Of(r.Metric), b.cal, now)
	c := clock{ID: had.ID, Metric: r.Metric, Round: r.Round, Started: r.Start, Target: got.Target, Paused: r.paused(), Stopped: r.Stop, Dropped: r.Dropped,
		Missed: had.Missed, Site: b.site, Revision: b.revision, Step: had.Step}
	if c.Target == 0 {
		return c, nil // nothing was promised, nothing is due
	}
	c.Due = got.Due
	if !c.open() {
		sum, err := json.Marshal(b.cal.Explain(r.Start, r.Stop, r.intervals()))
		if err != nil {
			return c, fmt.Errorf("keep a clock's sum: %w", err)
		}
		c.Spent, c.Sum = got.Spent, string(sum)
	}
	if !c.open() && c.Stopped.Before(c.Missed) {
		c.Missed = time.Time{} // help came in time and was written down late
	}
	if c.Missed.IsZero() && got.late(now) {
		c.Missed = got.missedAt(b.cal, now)
	}
	if !c.Missed.IsZero() && c.open() && !c.Paused {
		c.Due = c.Missed // and stays there, whatever the calendar does later
	}
	c.NextAt = b.next(c)
	return c, nil
}

// missedAt is when the promise broke.
func (r reading) missedAt(cal *worktime.Calendar, now time.Time) time.Time {
	if !r.Due.IsZero() {
		return r.Due
	}
	// It stands still now, past its time: it broke before that.
	if at, err := cal.Add(r.Start, r.Target, ended(r.intervals(), now)); err == nil {
		return at
	}
	return now
}

// ended are pauses of which none lasts.
func ended(list []worktime.Interval, now time.Time) []worktime.Interval {
	out := slices.Clone(list)
	for i := range out {
		if out[i].To.IsZero() {
			out[i].To = now
		}
	}
	return out
}

// broken is the first instant at which a promise is not kept: an answer in the
// moment when it is due keeps it.
func broken(due time.Time) time.Time { return due.Add(time.Microsecond) }

// next is when the sweeper must look at the clock: at its next alarm, or when
// it is due.
func (b basis) next(c clock) time.Time {
	if !c.open() || c.Paused || c.Due.IsZero() {
		return time.Time{}
	}
	var at time.Time
	if c.Missed.IsZero() {
		at = broken(c.Due)
	}
	if bells := b.bells(c); c.Step < len(bells) && (at.IsZero() || bells[c.Step].at.Before(at)) {
		at = bells[c.Step].at
	}
	return at
}
