package replay

import (
	"context"
	"fmt"

	"trellis/internal/app"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// known is what the events so far come to, as far as a later one says only
// what differs from it: a command wants the whole.
type known struct {
	setup    string                       // the key that opens the district, once
	open     bool                         // it was set up
	roles    map[int64][]policy.Grant     // of people, until they change
	subjects map[event.Ref]map[string]any // what each field of a thing is
	turns    map[event.Ref]int64          // how often an event told of a thing
	named    map[string]map[int64]bool    // who is named for a kind of private request
	promised map[promiseKey]event.Ref
}

type promiseKey struct {
	impact        desk.Impact
	site, service int64
}

func newKnown() *known {
	return &known{roles: map[int64][]policy.Grant{}, subjects: map[event.Ref]map[string]any{}, turns: map[event.Ref]int64{}, named: map[string]map[int64]bool{},
		promised: map[promiseKey]event.Ref{}}
}

// hear notes what an event says.
func (k *known) hear(e event.Event) {
	switch ref := e.Subject; ref.Kind {
	case "person":
		delete(k.roles, ref.ID)
	case "private":
		for _, c := range e.Changes {
			if k.named[c.Field] == nil {
				k.named[c.Field] = map[int64]bool{}
			}
			if c.To != nil {
				k.named[c.Field][number(c.To)] = true
			} else {
				delete(k.named[c.Field], number(c.From))
			}
		}
	case "path": // several at one site
		plan, service := false, int64(0)
		for _, c := range e.Changes {
			switch c.Field {
			case "plan":
				plan, _ = c.To.(bool)
			case "service":
				service = number(c.To)
			}
		}
		k.note(pathRef(plan, ref.ID, service), e.Changes)
	case "calendar":
		s := said{e}
		switch {
		case e.Kind == "calendar.hours_set":
			k.note(hoursRef(s.number("site")), e.Changes)
			if s.text("hours") == "" {
				k.turns[hoursRef(s.number("site"))] = 0 // the next is the first again
			}
		case s.has("range"):
			k.note(rangeRef(s.number("range")), e.Changes)
		}
	case "promise":
		s := said{e}
		if e.Kind == "promise.dropped" {
			delete(k.subjects, ref)
			return
		}
		k.promised[promiseKey{desk.Impact(s.text("impact")), s.number("site"), s.number("service")}] = ref
		k.note(ref, e.Changes)
	case "profile":
		if e.Kind == "setup.key_made" {
			return
		}
		k.note(ref, e.Changes)
		if e.Kind == "profile.set_up" {
			k.open, k.turns[ref] = true, 1 // whatever name it had before
		}
	case desk.SubjectTicket:
		k.note(ref, e.Changes)
	}
}

func (k *known) note(ref event.Ref, changes []event.Change) {
	fields := k.subjects[ref]
	if fields == nil {
		fields = map[string]any{}
		k.subjects[ref] = fields
	}
	for _, c := range changes {
		switch c.Field {
		case "text", "note_text", "tried", "why", "message", "note", "file", "follower", "named": // said once, and no column
		default:
			fields[c.Field] = c.To
		}
	}
	k.turns[ref]++
}

func (k *known) number(ref event.Ref, field string) int64 { return number(k.subjects[ref][field]) }

func (k *known) text(ref event.Ref, field string) string {
	s, _ := k.subjects[ref][field].(string)
	return s
}

func hoursRef(site int64) event.Ref { return event.Ref{Kind: "calendar/hours", ID: site} }
func rangeRef(id int64) event.Ref   { return event.Ref{Kind: "calendar/range", ID: id} }

func pathRef(plan bool, site, service int64) event.Ref {
	return event.Ref{Kind: fmt.Sprint("path/", plan, "/", service), ID: site}
}

// grants are what a person may do in the new district by now.
func (p *teller) grants(ctx context.Context, person int64) ([]policy.Grant, error) {
	if g, ok := p.known.roles[person]; ok {
		return g, nil
	}
	who, err := p.d.District.Person(app.AsSystem(ctx), district.PersonID(person))
	if err != nil {
		return nil, err
	}
	out := make([]policy.Grant, len(who.Grants))
	for i, g := range who.Grants {
		out[i] = policy.Grant{Role: g.Role, Scope: int64(g.Site)}
	}
	p.known.roles[person] = out
	return out, nil
}
