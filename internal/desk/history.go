package desk

import (
	"context"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// Line is one thing that happened to a ticket.
type Line struct {
	Event   EventID
	At      time.Time
	Key     string // message key, "desk.history.assigned"; its argument is Who
	Who     Person // ID 0: Trellis itself
	Changes []LineChange
	Message MessageID // what was said with it, 0 if nothing
	Note    NoteID    // what was noted, 0 if nothing; for whoever works on the ticket
	CanUndo bool      // Undo would take something back
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
}

// History is what happened to a ticket, oldest first, without what was said.
// Who doesn't work on it reads nothing about notes.
func (d *Desk) History(ctx context.Context, id TicketID) ([]Line, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	var out []Line
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		t, is, err := load(tx, v, id)
		if err != nil {
			return err
		}
		all, err := event.Of(tx, subject(id))
		if err != nil {
			return err
		}
		n := teller{tx: tx, person: map[int64]string{}}
		for i, ev := range all {
			if insideKinds[ev.Kind] && !is.works {
				continue
			}
			l, err := n.line(t, is, ev)
			if err != nil {
				return err
			}
			if back, _ := split(ev, all[i+1:]); len(back) > 0 {
				l.CanUndo = is.mayReturn(ev.Changes)
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// teller finds the names of what events mention by id.
type teller struct {
	tx     *db.Tx
	person map[int64]string
}

func (n teller) line(t ticket, is standing, ev event.Event) (Line, error) {
	_, kind, _ := strings.Cut(ev.Kind, ".")
	l := Line{Event: EventID(ev.ID), At: ev.At, Key: "desk.history." + kind}
	if l.Key == "desk.history.resumed" && ev.ActorKind == policy.System {
		l.Key = "desk.history.came_back"
	}
	if ev.ActorKind == policy.Person {
		name, err := n.personName(ev.Actor)
		if err != nil {
			return l, err
		}
		l.Who = Person{district.PersonID(ev.Actor), name}
	}
	for _, c := range ev.Changes {
		switch c.Field {
		case fieldMessage:
			l.Message = MessageID(asID(c.To))
			continue
		case fieldNote:
			l.Note = NoteID(asID(c.To))
			continue
		}
		if ev.Kind == "ticket.created" || !n.shows(t, is, c) {
			continue
		}
		from, err := n.value(c.Field, c.From)
		if err != nil {
			return l, err
		}
		to, err := n.value(c.Field, c.To)
		if err != nil {
			return l, err
		}
		l.Changes = append(l.Changes, LineChange{"desk.field." + c.Field, from, to})
	}
	return l, nil
}

func (n teller) shows(t ticket, is standing, c event.Change) bool {
	switch {
	case c.Field == "contact":
		return is.works || is.asks
	case c.Field == fieldNamed:
		return is.works
	case c.Field == "owner_team" && t.Private != "":
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
	case "until":
		out.At = asTime(v)
	case "owner_person", fieldFollower, fieldNamed:
		out.Text, err = n.personName(asID(v))
	case "owner_team":
		out.Text, err = n.name(`SELECT name FROM district_team WHERE id = $1`, asID(v))
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

func (n teller) name(query string, id int64) (name string, err error) {
	err = n.tx.QueryRow(query, id).Scan(&name)
	return name, err
}
