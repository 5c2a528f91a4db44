package desk

import (
	"context"

	"trellis/internal/platform/errs"
)

// Take makes the actor the one who owns a ticket. It is not for taking one
// away: a ticket that somebody else owns is theirs to release, or is assigned.
// Taking one's own changes nothing.
//
// Errors: desk.take.taken (Conflict), with the Name of who has it.
func (d *Desk) Take(ctx context.Context, id TicketID) (Changed, error) {
	return edit(ctx, d, "ticket.taken", id, ActTake, 0, func(e *edition) error {
		if e.t.Owner != 0 && e.t.Owner != e.by.desk {
			name, err := personName(e.tx, e.t.Owner)
			if err != nil {
				return err
			}
			return errs.E(errs.Conflict, "desk.take.taken", "Name", name)
		}
		if e.t.Owner == 0 {
			e.t.Owner = e.by.desk
			e.after(func() error { return e.tellAsking("desk.notice.taken") })
		}
		return nil
	})
}

// Release gives a ticket back to its team. Who had it keeps following it.
func (d *Desk) Release(ctx context.Context, id TicketID, version int64) (Changed, error) {
	return edit(ctx, d, "ticket.released", id, ActRelease, version, func(e *edition) error {
		if err := e.own(e.t.Team, 0); err != nil {
			return err
		}
		if e.before.Owner != 0 {
			e.after(func() error { return e.tellTeam("desk.notice.released") })
		}
		return nil
	})
}
