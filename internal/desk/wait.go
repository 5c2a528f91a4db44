package desk

import (
	"context"
	"time"

	"trellis/internal/platform/errs"
)

// Wait sets a ticket aside until something happens or the time has come.
type Wait struct {
	Ticket  TicketID
	Version int64 // 0: whatever it is now
	On      WaitOn
	Until   time.Time // in the future, at most a year away; zero: SuggestedWait from now
	Words             // said with it, if anything
}

// Wait says on whom or what a ticket waits, and when it returns by itself.
func (d *Desk) Wait(ctx context.Context, c Wait) (Changed, error) {
	return edit(ctx, d, "ticket.waiting", c.Ticket, ActWait, c.Version, func(e *edition) error {
		var in errs.Check
		checkChoice(&in, "on", c.On, WaitsOn)
		now := e.tx.Now()
		until := c.Until.UTC().Truncate(time.Microsecond)
		switch {
		case c.Until.IsZero():
			until = now.Add(SuggestedWait(c.On))
		case !until.After(now):
			in.Fail("until", "desk.wait.past")
		case until.Sub(now) > maxWait:
			in.Fail("until", "desk.wait.too_far")
		}
		if err := in.Err(); err != nil {
			return err
		}
		m, err := e.speak(c.Words, false)
		if err != nil {
			return err
		}
		e.t.wait(c.On, until)
		switch {
		case c.On == OnRequester:
			e.after(func() error { return e.tellAsking("desk.notice.needs_you") })
		case m != 0:
			e.after(func() error { return e.tellAll("desk.notice.replied") })
		}
		return nil
	})
}

// Resume ends a wait.
func (d *Desk) Resume(ctx context.Context, id TicketID, version int64) (Changed, error) {
	return edit(ctx, d, "ticket.resumed", id, ActResume, version, func(e *edition) error {
		e.t.open()
		return nil
	})
}
