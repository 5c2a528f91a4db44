package desk

import (
	"fmt"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/event"
)

// field is one column of a ticket as history knows it. Its values are what
// JSON holds; nil is none.
type field struct {
	name     string
	group    string // fields that only make sense together: undone together or not at all
	personal bool   // a text: kept in the event's erasable body
	get      func(*ticket) any
	set      func(*ticket, any)
}

// Groups of fields, and what it takes to change them.
const (
	groupState   = "state"
	groupOwner   = "owner"
	groupPlace   = "place"
	groupService = "service"
	groupImpact  = "impact"
	groupTitle   = "title"
	groupAsking  = "asking"  // who asks and how: set once
	groupPrivate = "private" // has commands of its own
)

var fields = []field{
	textField("title", groupTitle, true, func(t *ticket) *string { return &t.Title }),
	wordField("state", groupState, func(t *ticket) *State { return &t.State }),
	wordField("waiting_on", groupState, func(t *ticket) *WaitOn { return &t.WaitingOn }),
	timeField("until", groupState, func(t *ticket) *time.Time { return &t.NextAt }),
	timeField("solved_at", groupState, func(t *ticket) *time.Time { return &t.SolvedAt }),
	timeField("closed_at", groupState, func(t *ticket) *time.Time { return &t.ClosedAt }),
	{"confirmed", groupState, false, func(t *ticket) any { return orNil(t.Confirmed) }, func(t *ticket, v any) { t.Confirmed, _ = v.(bool) }},
	wordField("impact", groupImpact, func(t *ticket) *Impact { return &t.Impact }),
	idField("owner_team", groupOwner, func(t *ticket) *district.TeamID { return &t.Team }),
	idField("owner_person", groupOwner, func(t *ticket) *district.PersonID { return &t.Owner }),
	{"tier", groupOwner, false, func(t *ticket) any { return orNil(int64(t.Tier)) }, func(t *ticket, v any) { t.Tier = int(asID(v)) }},
	idField("site", groupPlace, func(t *ticket) *district.SiteID { return &t.Site }),
	idField("room", groupPlace, func(t *ticket) *district.RoomID { return &t.Room }),
	textField("place", groupPlace, true, func(t *ticket) *string { return &t.PlaceText }),
	textField("contact", groupPlace, true, func(t *ticket) *string { return &t.Contact }),
	idField("service", groupService, func(t *ticket) *district.ServiceID { return &t.Service }),
	wordField("private", groupPrivate, func(t *ticket) *Private { return &t.Private }),
	idField("requester", groupAsking, func(t *ticket) *district.PersonID { return &t.Requester }),
	idField("beneficiary", groupAsking, func(t *ticket) *district.PersonID { return &t.Beneficiary }),
	{"kind", groupAsking, false, func(t *ticket) any {
		if t.Kind == Plan {
			return string(Plan)
		}
		return nil
	}, func(*ticket, any) {}},
	wordField("channel", groupAsking, func(t *ticket) *Channel { return &t.Channel }),
	textField("lang", groupAsking, false, func(t *ticket) *string { return &t.Lang }),
}

var fieldByName = func() map[string]field {
	m := make(map[string]field, len(fields))
	for _, f := range fields {
		m[f.name] = f
	}
	return m
}()

func orNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func wordField[T ~string](name, group string, at func(*ticket) *T) field {
	return field{name, group, false,
		func(t *ticket) any { return orNil(string(*at(t))) },
		func(t *ticket, v any) { s, _ := v.(string); *at(t) = T(s) }}
}

func textField(name, group string, personal bool, at func(*ticket) *string) field {
	f := wordField(name, group, at)
	f.personal = personal
	return f
}

func idField[T ~int64](name, group string, at func(*ticket) *T) field {
	return field{name, group, false,
		func(t *ticket) any { return orNil(int64(*at(t))) },
		func(t *ticket, v any) { *at(t) = T(asID(v)) }}
}

func timeField(name, group string, at func(*ticket) *time.Time) field {
	return field{name, group, false,
		func(t *ticket) any {
			if at(t).IsZero() {
				return nil
			}
			return at(t).UTC().Format(time.RFC3339Nano)
		},
		func(t *ticket, v any) { *at(t) = asTime(v) }}
}

// asID reads an id from a change, which JSON made a float; ids stay far below
// 2^53.
func asID(v any) int64 {
	switch v := v.(type) {
	case float64:
		return int64(v)
	case int64:
		return v
	}
	return 0
}

func asTime(v any) time.Time {
	s, _ := v.(string)
	t, _ := time.Parse(time.RFC3339Nano, s)
	return t
}

// diff lists what differs between two states of a ticket.
func diff(before, after ticket) []event.Change {
	var out []event.Change
	for _, f := range fields {
		from, to := f.get(&before), f.get(&after)
		if from != to {
			out = append(out, event.Change{Field: f.name, From: from, To: to, Personal: f.personal})
		}
	}
	return out
}

// changeKey says which changes are about the same thing: each follower is one
// of their own.
func changeKey(c event.Change) string {
	if f, ok := fieldByName[c.Field]; ok {
		return f.group
	}
	if c.Field == fieldFollower {
		return fmt.Sprint(fieldFollower, max(asID(c.From), asID(c.To)))
	}
	return ""
}

// Fields of events that are no columns of a ticket.
const (
	fieldMessage  = "message"   // a message's id
	fieldText     = "text"      // a message's words
	fieldNote     = "note"      // a note's id
	fieldNoteText = "note_text" // a note's words
	fieldFile     = "file"      // a file's id, one change each
	fieldFollower = "follower"  // a person's id, one change each
	fieldNamed    = "named"     // a person's id, one change each
	fieldUndoes   = "undoes"    // an event's id
	fieldMinutes  = "minutes"   // until somebody is there
	fieldHelpedAt = "helped_at" // when somebody helped in the room
	fieldHandoff  = "handoff"   // a handoff's id
	fieldTried    = "tried"     // what was tried; for the desk
	fieldWhy      = "why"       // why it was handed on; for the desk
	fieldSkipped  = "skipped"   // a team of which nobody was here, one change each
	fieldBy       = "by"        // the date of a plan
	fieldClass    = "class"     // which class it is for
	fieldOutcome  = "outcome"   // what a plan ended in
	fieldMetric   = "metric"    // which promise
	fieldDue      = "due"       // when it was due; with "_" and a metric: before and after

	fieldMessageBy   = "message_by"   // how a message came, if not by the web
	fieldMessageLang = "message_lang" // a message's language, if not the ticket's

	// Of a new ticket: whom its requester was told to expect.
	fieldExpected   = "expected"    // a person's id
	fieldPresent    = "present"     // true: somebody of the team was here
	fieldInBuilding = "in_building" // true: that person was at the ticket's site
)
