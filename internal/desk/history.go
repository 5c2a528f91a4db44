package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
)

// Line is one thing that happened to a ticket.
type Line struct {
	Event   EventID
	At      time.Time
	Key     string // message key, "desk.history.assigned"; its argument is Who
	Who     Person // ID 0: Trellis itself
	For     Person // whom Who acted for, covering for them; ID 0: themselves
	Changes []LineChange
	Message MessageID // what was said with it, 0 if nothing
	Note    NoteID    // what was noted, 0 if nothing; for whoever works on the ticket
	Handoff HandoffID // which of Handoffs it was or is about, 0 if none; for whoever works on the ticket
	CanUndo bool      // Undo would take something back
}

// ForWhom is who did something as the words of a line name them: "Dana", or
// "Dana, for Sam,".
func ForWhom(ctx context.Context, who string, other Person) string {
	if other.ID == 0 {
		return who
	}
	return i18n.T(ctx, "desk.history.for", "Who", who, "For", other.Name)
}

// LineChange is one field before and after.
type LineChange struct {
	Key      string // message key of the field's name, "desk.field.owner_person"
	From, To Value
}

// Value is a field's value as a page shows it: one of the three, or nothing.
type Value struct {
	Key  string    // message key, "desk.state.open"
	Text string    // a name or a text
	At   time.Time // an instant
}

// Empty reports whether there is nothing to show.
func (v Value) Empty() bool { return v == Value{} }

// openFields are the fields that everybody who sees a ticket reads about.
var openFields = map[string]bool{
	"title": true, "state": true, "waiting_on": true, "until": true, "impact": true, "owner_team": true, "owner_person": true,
	"site": true, "room": true, "place": true, "service": true, "private": true, fieldFollower: true,
	fieldSkipped: true, fieldOutcome: true, fieldMinutes: true, fieldHelpedAt: true, fieldMetric: true, fieldDue: true, "due_first": true, "due_next": true, "due_solve": true,
}

// maxLines is how many events History reads at once.
const maxLines = 500

// History is what happened to a ticket, oldest first, without what was said:
// the newest maxLines of it, and how it began. Where something is left out
// between the two, a line says so. Who doesn't work on it reads nothing about
// notes.
func (d *Desk) History(ctx context.Context, id TicketID) ([]Line, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	var out []Line
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		t, is, err := load(tx, v, id)
		if err != nil {
			return err
		}
		list, err := event.Newest(tx, subject(id), 0, maxLines+1, showsText)
		if err != nil {
			return err
		}
		list, cut := page(list, maxLines)
		// Backwards, so that what something newer touched is known by then.
		n, since := newTeller(tx), touched{}
		for _, ev := range list {
			back, _ := split(ev, since)
			since.add(ev)
			if insideKinds[ev.Kind] && !is.works {
				continue
			}
			l, shown, err := n.line(t, is, ev)
			if err != nil {
				return err
			}
			l.CanUndo = len(back) > 0 && is.mayReturn(ev.Changes)
			if shown {
				out = append(out, l)
			}
		}
		if cut {
			first, err := event.First(tx, subject(id))
			if err != nil {
				return err
			}
			l, _, err := n.line(t, is, first)
			if err != nil {
				return err
			}
			out = append(out, Line{At: list[len(list)-1].At, Key: "desk.history.left_out"}, l)
		}
		slices.Reverse(out)
		return nil
	})
	return out, err
}

// showsText reports whether a line of history shows a text of the event's:
// what was said and noted stands elsewhere, and a new ticket's texts too.
func showsText(ev event.Event) bool {
	return ev.Kind != "ticket.created" && slices.ContainsFunc(ev.Changes, func(c event.Change) bool { return fieldByName[c.Field].personal })
}

// teller finds the names of what events mention by id.
type teller struct {
	tx     *db.Tx
	person map[int64]string
	thing  map[thing]string
	sees   map[int64]bool
}

// thing is what a query names by an id.
type thing struct {
	query string
	id    int64
}

func newTeller(tx *db.Tx) teller {
	return teller{tx, map[int64]string{}, map[thing]string{}, map[int64]bool{}}
}

// line is an event as a line of history; shown is false if it would name
// somebody who follows a ticket that they don't see any more.
func (n teller) line(t ticket, is standing, ev event.Event) (l Line, shown bool, err error) {
	_, kind, _ := strings.Cut(ev.Kind, ".")
	shown = kind != "followed" && kind != "unfollowed"
	l = Line{Event: EventID(ev.ID), At: ev.At, Key: "desk.history." + kind}
	if l.Key == "desk.history.resumed" && ev.ActorKind == policy.System {
		l.Key = "desk.history.came_back"
	}
	if t.Kind == Plan && (kind == "confirmed" || kind == "not_fixed") {
		l.Key = "desk.history.plan_" + kind
	}
	if ev.ActorKind == policy.Person {
		name, err := n.personName(ev.Actor)
		if err != nil {
			return l, false, err
		}
		l.Who = Person{district.PersonID(ev.Actor), name}
	}
	if ev.Behalf != 0 && ev.Kind != "ticket.created" { // one is created for its requester
		name, err := n.personName(ev.Behalf)
		if err != nil {
			return l, false, err
		}
		l.For = Person{district.PersonID(ev.Behalf), name}
	}
	for _, c := range ev.Changes {
		switch c.Field {
		case fieldMessage:
			l.Message = MessageID(asID(c.To))
			continue
		case fieldNote:
			l.Note = NoteID(asID(c.To))
			continue
		case fieldHandoff:
			if is.works {
				l.Handoff = HandoffID(asID(c.To))
			}
			continue
		case fieldFollower:
			if follows, err := n.follows(t, c); err != nil || !follows {
				if err != nil {
					return l, false, err
				}
				continue
			}
			shown = true
		}
		if ev.Kind == "ticket.created" || !n.shows(t, is, c) {
			continue
		}
		from, err := n.value(c.Field, c.From)
		if err != nil {
			return l, false, err
		}
		to, err := n.value(c.Field, c.To)
		if err != nil {
			return l, false, err
		}
		l.Changes = append(l.Changes, LineChange{"desk.field." + c.Field, from, to})
	}
	return l, shown, nil
}

// follows reports whether a change may name the follower whom it is about: on
// a private ticket only one who sees it.
func (n teller) follows(t ticket, c event.Change) (bool, error) {
	if t.Private == "" {
		return true, nil
	}
	p := max(asID(c.From), asID(c.To))
	if sees, ok := n.sees[p]; ok {
		return sees, nil
	}
	sees, err := SeesTicket(n.tx, district.PersonID(p), t.ID)
	n.sees[p] = sees
	return sees, err
}

func (n teller) shows(t ticket, is standing, c event.Change) bool {
	switch {
	case c.Field == "contact":
		return is.works || is.asks
	case c.Field == fieldNamed:
		return is.works
	case (c.Field == "owner_team" || c.Field == fieldSkipped) && t.Private != "":
		return is.works
	}
	return openFields[c.Field]
}

func (n teller) value(field string, v any) (out Value, err error) {
	if v == nil {
		return Value{}, nil
	}
	word, _ := v.(string)
	switch field {
	case "state":
		out.Key = "desk.state." + word
	case "waiting_on":
		out.Key = "desk.wait." + word
	case "impact":
		out.Key = "desk.impact." + word
	case "private":
		out.Key = "desk.private." + word
	case "until", fieldHelpedAt, fieldDue, "due_first", "due_next", "due_solve":
		out.At = asTime(v)
	case fieldMetric:
		out.Key = "desk.metric." + word
	case fieldMinutes:
		out.Text = strconv.FormatInt(asID(v), 10)
	case "owner_person", fieldFollower, fieldNamed:
		out.Text, err = n.personName(asID(v))
	case fieldOutcome:
		out.Key = "desk.outcome." + word
	case "owner_team", fieldSkipped:
		out.Text, err = n.name(teamName, asID(v))
	case "site":
		out.Text, err = n.name(`SELECT name FROM district_site WHERE id = $1`, asID(v))
	case "room":
		out.Text, err = n.name(`SELECT name FROM district_room WHERE id = $1`, asID(v))
	case "service":
		out.Text, err = n.name(`SELECT name FROM district_service WHERE id = $1`, asID(v))
	default:
		out.Text = word
	}
	return out, err
}

func (n teller) personName(id int64) (string, error) {
	if name, ok := n.person[id]; ok {
		return name, nil
	}
	name, err := personName(n.tx, district.PersonID(id))
	n.person[id] = name
	return name, err
}

const teamName = `SELECT name FROM district_team WHERE id = $1`

func (n teller) name(query string, id int64) (name string, err error) {
	if name, ok := n.thing[thing{query, id}]; ok {
		return name, nil
	}
	err = n.tx.QueryRow(query, id).Scan(&name)
	n.thing[thing{query, id}] = name
	return name, err
}
