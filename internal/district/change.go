package district

import (
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// diff gathers what a command changes, field by field. Values that stay are
// left out.
type diff []event.Change

func note[T comparable](d *diff, field string, from, to T) {
	if from != to {
		*d = append(*d, change(field, from, to, false))
	}
}

// notePersonal is note for what says something about a person.
func notePersonal[T comparable](d *diff, field string, from, to T) {
	if from != to {
		*d = append(*d, change(field, from, to, true))
	}
}

// change leaves out empty texts and zero numbers, so that a creation reads as
// fields that appear. Yes and no are both worth saying.
func change[T comparable](field string, from, to T, personal bool) event.Change {
	said := func(v T) any {
		var zero T
		if _, yesNo := any(v).(bool); v == zero && !yesNo {
			return nil
		}
		return v
	}
	return event.Change{Field: field, From: said(from), To: said(to), Personal: personal}
}

// What events are about.
const (
	aboutProfile = "profile"
	aboutSite    = "site"
	aboutRoom    = "room"
	aboutPerson  = "person"
	aboutTeam    = "team"
	aboutService = "service"
	aboutSession = "session"
	aboutToken   = "token"
)

func emit[ID ~int64](tx *db.Tx, kind, about string, id ID, d diff) error {
	return event.Emit(tx, event.Event{Kind: kind, Subject: event.Ref{Kind: about, ID: int64(id)}, Changes: d})
}

// unchanged ends a command that would change nothing.
func unchanged(tx *db.Tx) { tx.Unlogged("nothing to change") }
