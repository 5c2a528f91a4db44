package desk

import (
	"context"

	"trellis/internal/platform/errs"
)

// ChangeImpact says what happened to teaching, and with it a ticket's place in
// line. Version 0 is whatever it is now.
func (d *Desk) ChangeImpact(ctx context.Context, id TicketID, version int64, impact Impact) (Changed, error) {
	return edit(ctx, d, "ticket.impact_changed", id, ActImpact, version, func(e *edition) error {
		var in errs.Check
		checkChoice(&in, "impact", impact, Impacts)
		if impact != e.t.Impact {
			checkStopped(e.tx, &in, impact)
		}
		if impact == Stopped && e.t.Impact != Stopped {
			e.after(func() error { return e.tellDesk("desk.notice.stopped") })
		}
		e.t.Impact = impact
		return in.Err()
	})
}
