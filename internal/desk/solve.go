package desk

import "context"

// Solve says that a ticket is done, with words to the asking side or without.
// It can be reopened for ReopenWindow. Version 0 is whatever it is now.
func (d *Desk) Solve(ctx context.Context, id TicketID, version int64, w Words) (Changed, error) {
	return edit(ctx, d, "ticket.solved", id, ActSolve, version, func(e *edition) error {
		if _, err := e.speak(w, false); err != nil {
			return err
		}
		e.t.solve(e.tx.Now(), false)
		e.after(func() error { return e.tellAll("desk.notice.solved") })
		return nil
	})
}

// ConfirmFixed is the asking side's "That fixed it": of a ticket that is
// solved, or of one that solved itself while it was open. Saying it again
// changes nothing.
func (d *Desk) ConfirmFixed(ctx context.Context, id TicketID, w Words) (Changed, error) {
	return edit(ctx, d, "ticket.confirmed", id, ActConfirm, 0, func(e *edition) error {
		m, err := e.speak(w, false)
		if err != nil {
			return err
		}
		switch {
		case e.t.State != Solved:
			e.t.solve(e.tx.Now(), true)
		case !e.t.Confirmed:
			e.t.Confirmed = true
		case m != 0: // confirmed before, and something to add
			e.after(func() error { return e.tellAll("desk.notice.replied") })
			return nil
		default:
			return nil
		}
		e.after(func() error { return e.tellDesk(e.either("desk.notice.confirmed", "desk.notice.plan_confirmed")) })
		return nil
	})
}

// NotFixed is the asking side's "Not fixed": it reopens a solved ticket.
func (d *Desk) NotFixed(ctx context.Context, id TicketID, w Words) (Changed, error) {
	return edit(ctx, d, "ticket.not_fixed", id, ActNotFixed, 0, func(e *edition) error {
		if _, err := e.speak(w, false); err != nil {
			return err
		}
		if err := e.reopen(); err != nil {
			return err
		}
		e.after(func() error { return e.tellDesk(e.either("desk.notice.not_fixed", "desk.notice.plan_not_fixed")) })
		return nil
	})
}

// either is the first key of a request, the second of a plan: what was never
// broken is not fixed.
func (e *edition) either(request, plan string) string {
	if e.t.Kind == Plan {
		return plan
	}
	return request
}

// Reopen brings a solved or closed ticket back to the desk. Version 0 is
// whatever it is now.
func (d *Desk) Reopen(ctx context.Context, id TicketID, version int64) (Changed, error) {
	return edit(ctx, d, "ticket.reopened", id, ActReopen, version, func(e *edition) error {
		if err := e.reopen(); err != nil {
			return err
		}
		e.after(func() error { return e.tellAll("desk.notice.reopened") })
		return nil
	})
}
