package flow

import (
	"slices"
	"strconv"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/worktime"
)

// eventPage is how many events of a ticket are read at once.
const eventPage = 500

// eventsOf are a ticket's events, oldest first, without what was said.
func eventsOf(tx *db.Tx, id desk.TicketID) (out []event.Event, err error) {
	for before := int64(0); ; before = out[len(out)-1].ID {
		list, err := event.Newest(tx, event.Ref{Kind: desk.SubjectTicket, ID: int64(id)}, before, eventPage, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
		if len(list) < eventPage {
			slices.Reverse(out)
			return out, nil
		}
	}
}

// bornRows are the history of a ticket that was born here, in the shape of one
// that was brought over: a row for each event that changed whose it is, how it
// stands or what it is about, or in which something was said.
func bornRows(tx *db.Tx, id desk.TicketID) ([]Row, error) {
	events, err := eventsOf(tx, id)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(events)
	if len(rows) == 0 {
		return nil, nil
	}
	if rows[0].Line == 0 {
		if err := firstLine(tx, id, rows); err != nil {
			return nil, err
		}
	}
	last := &rows[len(rows)-1]
	asked, err := answered(tx, id, last)
	if err != nil {
		return nil, err
	}
	// Help that was given first and written down later: they asked then.
	if !asked.IsZero() && asked.Before(rows[0].At) {
		rows[0].At = asked
	}
	last.Kept, err = kept(tx, id)
	return rows, err
}

// rowsOf makes rows of events.
func rowsOf(events []event.Event) []Row {
	var out []Row
	now := Row{Reassigned: -1, Reopened: -1}
	for _, e := range events {
		moved, turned, rerouted := e.Kind == "ticket.created", false, false
		for _, c := range e.Changes {
			word, _ := c.To.(string)
			switch c.Field {
			case "state":
				now.State, now.Status = State(word), word
			case "waiting_on":
				now.Wait, now.Sub = Wait(word), word
			case "owner_team":
				now.Team, turned = idText(c.To), true
			case "owner_person":
				now.Person = idText(c.To)
			case "tier":
				now.Line = Line(10 * asID(c.To))
			case "impact":
				now.Impact = word
			case "site", "service":
				rerouted = true
			case "message", "helped_at":
			default:
				continue
			}
			moved = true
		}
		if !moved {
			continue
		}
		now.At = e.At
		if turned && rerouted && len(out) > 0 {
			readdress(out, now)
		}
		out = append(out, now)
	}
	return out
}

// readdress gives rows another team from the last time on that a team changed:
// a ticket that nobody took and that follows its new place or service was sent
// to a wrong address, and changed no hands.
func readdress(rows []Row, to Row) {
	from := rows[len(rows)-1].Team
	for i := len(rows) - 1; i >= 0 && rows[i].Team == from; i-- {
		rows[i].Team, rows[i].Line = to.Team, to.Line
	}
}

// firstLine fills in how far a ticket was from the classroom when it began, for
// one from before that was recorded: where its first handoff found it, or where
// it is.
func firstLine(tx *db.Tx, id desk.TicketID, rows []Row) error {
	var tier int64
	err := tx.QueryRow(`SELECT coalesce((SELECT h.from_tier FROM desk_handoff h WHERE h.ticket = t.id ORDER BY h.id LIMIT 1), t.tier) FROM desk_ticket t WHERE t.id = $1`, id).Scan(&tier)
	for i := 0; i < len(rows) && rows[i].Line == 0; i++ {
		rows[i].Line = Line(10 * tier)
	}
	return err
}

// answered reads from the marks when the ticket was asked and first answered.
func answered(tx *db.Tx, id desk.TicketID, last *Row) (asked time.Time, err error) {
	err = tx.QueryRow(`SELECT (SELECT min(a.at) FROM desk_mark a WHERE a.ticket = $1 AND a.kind = 'asked'), (SELECT min(b.at) FROM desk_mark b WHERE b.ticket = $1 AND b.kind = 'answered')`, id).
		Scan(db.AtNull(&asked), db.AtNull(&last.First))
	return asked, err
}

// kept is the promise of the ticket, once: broken if any was, kept if every
// one has come to its end in time.
func kept(tx *db.Tx, id desk.TicketID) (string, error) {
	var missed, running, all int64
	err := tx.QueryRow(`SELECT count(CASE WHEN c.missed IS NOT NULL THEN 1 END), count(CASE WHEN c.stopped IS NULL THEN 1 END), count(CASE WHEN NOT c.dropped THEN 1 END)
		FROM desk_clock c WHERE c.ticket = $1 AND c.target > 0`, id).Scan(&missed, &running, &all)
	switch {
	case missed > 0:
		return "no", err
	case running > 0 || all == 0:
		return "", err
	}
	return "yes", err
}

// calendarOf is the calendar of a site; nil where nobody has said which zone
// it lives in: there is no working time then.
func calendarOf(tx *db.Tx, site district.SiteID) (*worktime.Calendar, error) {
	cal, _, err := calendar.Of(tx, site)
	if err != nil && errs.KindOf(err) != errs.Internal {
		return nil, nil
	}
	return cal, err
}

// asID reads an id from a change, which JSON made a float.
func asID(v any) int64 {
	n, _ := v.(float64)
	return int64(n)
}

func idText(v any) string {
	if n := asID(v); n != 0 {
		return strconv.FormatInt(n, 10)
	}
	return ""
}
