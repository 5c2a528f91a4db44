package desk

import (
	"context"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
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

// sweepBatch is how many tickets a sweep moves in one transaction.
const sweepBatch = 100

// ResumeDue brings back the tickets whose wait is over and returns how many.
// Trellis itself calls it; nobody else may.
func (d *Desk) ResumeDue(ctx context.Context) (int, error) {
	return d.sweep(ctx, "ticket.resumed", Waiting, func(e *edition) error {
		e.t.open()
		e.after(func() error { return e.tellDesk("desk.notice.back") })
		return nil
	})
}

// CloseExpired closes the solved tickets whose reopen window has ended and
// returns how many. Trellis itself calls it; nobody else may.
func (d *Desk) CloseExpired(ctx context.Context) (int, error) {
	return d.sweep(ctx, "ticket.closed", Solved, func(e *edition) error {
		e.t.close(e.tx.Now())
		return nil
	})
}

// sweep moves every ticket of a state whose next_at has come, in batches, so
// that other writers get their turn in between.
func (d *Desk) sweep(ctx context.Context, kind string, s State, move func(e *edition) error) (int, error) {
	if policy.ActorFrom(ctx).Kind != policy.System {
		return 0, errs.E(errs.Forbidden, "error.forbidden")
	}
	total := 0
	for {
		var ids []TicketID
		// The writer is not bothered when there is nothing to do.
		err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
			ids, err = due(tx, s, tx.Now(), sweepBatch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return total, err
		}
		moved := 0
		err = d.db.Write(ctx, "sweep "+string(s), func(tx *db.Tx) error {
			moved = 0
			tx.Unlogged("nothing is due any more")
			for _, id := range ids {
				t, err := loadAny(tx, id)
				if err != nil {
					return err
				}
				if t.State != s || t.NextAt.After(tx.Now()) {
					continue // somebody was faster
				}
				e := edition{tx: tx, before: t, t: t, kind: kind}
				if err := move(&e); err != nil {
					return err
				}
				if err := e.finish(0); err != nil {
					return err
				}
				moved++
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += moved
	}
}
