package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Standing of a clock.
type Stand string

const (
	Running   Stand = "running"
	Held      Stand = "held"      // paused
	Late      Stand = "late"      // running, past its time
	Kept      Stand = "kept"      // stopped in time
	Missed    Stand = "missed"    // stopped too late
	Dropped   Stand = "dropped"   // ended with nothing to measure
	Unplanned Stand = "unplanned" // nothing was promised
)

// Clock is a promise at work, with the sum that explains it.
type Clock struct {
	Metric   Metric
	Round    int // 1, and more for Next
	Stand    Stand
	Started  time.Time
	Stopped  time.Time     // zero while it is open
	Due      time.Time     // zero while held, or where the calendar has no hours left
	Target   time.Duration // working time promised
	Spent    time.Duration // working time so far, or until it stopped
	MissedAt time.Time     // when it broke; zero: it did not
	Pauses   []Pause
	// Days add up to Spent exactly. What they say of pauses is by place in
	// Pauses.
	Days []worktime.Day
	Zone *time.Location // of the place whose calendar counted
}

// Left is how much working time is left, negative if it is late.
func (c Clock) Left() time.Duration { return c.Target - c.Spent }

// Pause is a span in which a clock stood still.
type Pause struct {
	From, To time.Time // To is zero while it lasts
	On       WaitOn    // "" while the ticket was solved
	By       Person    // who began it; ID 0: Trellis itself
}

// Explain are a ticket's clocks with their sums, for whoever may see it.
func (d *Desk) Explain(ctx context.Context, id TicketID) ([]Clock, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	var out []Clock
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		t, _, err := load(tx, v, id)
		if err != nil {
			return err
		}
		out, err = explain(tx, t)
		return err
	})
	return out, err
}

func explain(tx *db.Tx, t ticket) ([]Clock, error) {
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
	names := teller{tx: tx, person: map[int64]string{}}
	var out []Clock
	for _, r := range runs(marks) {
		i := slices.IndexFunc(stored, func(c clock) bool { return c.Metric == r.Metric && c.Round == r.Round })
		if i < 0 {
			continue
		}
		c, err := b.explain(stored[i], r, tx.Now())
		if err != nil {
			return nil, err
		}
		for _, p := range r.Pauses {
			by := Person{ID: p.By}
			if p.By != 0 {
				if by.Name, err = names.personName(int64(p.By)); err != nil {
					return nil, err
				}
			}
			c.Pauses = append(c.Pauses, Pause{From: p.From, To: p.To, On: p.On, By: by})
		}
		out = append(out, c)
	}
	return out, nil
}

// explain draws a clock: an open one from the calendar of now, a stopped one
// from the sum that was kept when it stopped.
func (b basis) explain(c clock, r run, now time.Time) (Clock, error) {
	out := Clock{Metric: c.Metric, Round: c.Round, Started: c.Started, Stopped: c.Stopped, Due: c.Due, Target: c.Target, Spent: c.Spent,
		MissedAt: c.Missed, Zone: b.cal.Zone()}
	switch {
	case c.Target == 0:
		out.Stand = Unplanned
		return out, nil
	case c.Dropped:
		out.Stand = Dropped
	case !c.open() && c.Missed.IsZero():
		out.Stand = Kept
	case !c.open():
		out.Stand = Missed
	case c.Paused:
		out.Stand = Held
	case !c.Missed.IsZero():
		out.Stand = Late
	case !c.Due.IsZero() && now.After(c.Due): // the sweep is about to say so
		out.Stand, out.MissedAt = Late, c.Due
	default:
		out.Stand = Running
	}
	if c.open() {
		out.Spent = b.cal.Elapsed(c.Started, now, r.intervals())
		out.Days = b.cal.Explain(c.Started, now, r.intervals())
		return out, nil
	}
	if err := json.Unmarshal([]byte(c.Sum), &out.Days); err != nil {
		return out, fmt.Errorf("read the sum of a clock of %s: %w", c.Ticket, err)
	}
	return out, nil
}
