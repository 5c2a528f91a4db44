package flow

import (
	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// Watcher computes the facts of tickets that are born here as they change. It
// stands still for nothing that a ticket can be: one that is made private
// loses its facts, one that is opened again has them back. A ticket of the past
// is computed anew when a line of its record is taken out or put back, and when
// it is made private or open again; whoever brings its lines calls Put.
func (f *Flow) Watcher() event.Watcher {
	return event.Watcher{Name: "desk.flow", Handle: func(tx *db.Tx, e event.Event) error {
		switch id := desk.TicketID(e.Subject.ID); {
		case e.Subject.Kind != desk.SubjectTicket:
			return nil
		case id.Past():
			if !pastKinds[e.Kind] {
				return nil
			}
			return f.Refresh(tx, id)
		}
		// What is to come yet will be seen too; once is enough.
		newest, place, err := event.Last(tx, e.Subject)
		if err != nil || newest != 0 && (place == 0 || place > e.Place) {
			return err
		}
		return f.Refresh(tx, desk.TicketID(e.Subject.ID))
	}}
}

// pastKinds are the events by which what a ticket of the past comes to changes:
// who may see it, and which lines of its record stand.
var pastKinds = map[string]bool{"ticket.made_private": true, "ticket.made_public": true, "ticket.past_row_removed": true, "ticket.past_row_restored": true}
