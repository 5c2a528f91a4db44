package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

// ChangeService says what a ticket is about; 0 is nothing in particular. One
// that nobody took yet goes where a new one about it would.
// Version 0 is whatever it is now.
func (d *Desk) ChangeService(ctx context.Context, id TicketID, version int64, service district.ServiceID) (Changed, error) {
	return edit(ctx, d, "ticket.service_changed", id, ActService, version, func(e *edition) error {
		var in errs.Check
		if service != 0 && service != e.t.Service {
			if err := checkService(e.tx, &in, "service", service); err != nil {
				return err
			}
		}
		e.t.Service = service
		if err := in.Err(); err != nil {
			return err
		}
		return e.reroute()
	})
}
