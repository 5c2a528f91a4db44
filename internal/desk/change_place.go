package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

// ChangePlace corrects where help is needed and how to reach who needs it.
type ChangePlace struct {
	Ticket    TicketID
	Version   int64           // 0: whatever it is now
	Site      district.SiteID // 0: the site it has
	Room      district.RoomID // of the site; 0: none
	PlaceText string          // "by the east stairs", at most MaxPlace characters
	Contact   *string         // nil: as it is; at most MaxContact characters
}

// ChangePlace changes a ticket's place. Whoever owns it keeps it; one that
// nobody took yet goes where a new one from there would.
func (d *Desk) ChangePlace(ctx context.Context, c ChangePlace) (Changed, error) {
	return edit(ctx, d, "ticket.place_changed", c.Ticket, ActPlace, c.Version, func(e *edition) error {
		var in errs.Check
		if c.Site != 0 {
			e.t.Site = c.Site
		}
		e.t.Room = c.Room
		if e.t.Site != e.before.Site || e.t.Room != e.before.Room {
			if err := checkPlace(e.tx, &in, e.t.Site, e.t.Room); err != nil {
				return err
			}
		}
		e.t.PlaceText = district.Line(&in, "place", c.PlaceText, MaxPlace, false)
		if c.Contact != nil {
			e.t.Contact = district.Line(&in, "contact", *c.Contact, MaxContact, false)
		}
		if err := in.Err(); err != nil {
			return err
		}
		return e.reroute()
	})
}
