package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

// ChangeTitle gives a ticket another title of 1 to MaxTitle characters.
// Version 0 is whatever it is now.
func (d *Desk) ChangeTitle(ctx context.Context, id TicketID, version int64, title string) (Changed, error) {
	return edit(ctx, d, "ticket.title_changed", id, ActTitle, version, func(e *edition) error {
		var in errs.Check
		e.t.Title = district.Line(&in, "title", title, MaxTitle, true)
		if err := in.Err(); err != nil || e.t.Title == e.before.Title {
			return err
		}
		e.after(func() error { return indexTitle(e.tx, e.t) })
		return nil
	})
}
