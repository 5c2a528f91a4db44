package replay_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/replay"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// A log that isn't what happened is noticed: by an event that can't come out
// as the log has it, or by rows that differ in the end. The flaws are made on
// purpose.
func TestFlawsAreNoticed(t *testing.T) {
	from, c := open(t, db.SQLite, false)
	c.Set(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC))
	l := &life{t: t, d: from, c: c}
	l.ground()
	l.hours()
	l.promises()
	l.requests()
	l.later(1)
	l.later(1)
	if err := from.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	log := logOf(t, from)

	none := func([]event.Event, int) []event.Event { return nil }
	drop := func(list []event.Event, i int) []event.Event { // and nothing in the numbers shows it
		list = slices.Delete(list, i, i+1)
		for j := i; j < len(list); j++ {
			list[j].ID, list[j].Place = list[j].ID-1, list[j].Place-1
		}
		return list
	}
	alter := func(f func(e *event.Event)) func([]event.Event, int) []event.Event {
		return func(list []event.Event, i int) []event.Event {
			list[i].Changes = slices.Clone(list[i].Changes)
			f(&list[i])
			return list
		}
	}
	other := func(field string, v any) func([]event.Event, int) []event.Event {
		return alter(func(e *event.Event) {
			i := slices.IndexFunc(e.Changes, func(c event.Change) bool { return c.Field == field })
			if i < 0 || reflect.DeepEqual(e.Changes[i].To, v) {
				t.Fatalf("%s does not say %s, or says that already", e.Kind, field)
			}
			e.Changes[i].To = v
		})
	}
	for _, flaw := range []struct {
		name, kind string
		make       func(list []event.Event, i int) []event.Event
		says       string // with which it is noticed while it is told; "": then or by rows that differ
	}{
		{"nothing is wrong", "ticket.replied", func(list []event.Event, _ int) []event.Event { return list }, "-"},
		{"there is no log", "ticket.replied", none, ""},
		{"an event is missing", "ticket.replied", drop, ""},
		{"nobody was told of their promises", "clocks.rung", drop, ""},
		{"an absence is missing", "absence.changed", drop, ""},
		{"a consequence is missing", "ticket.passed_over", drop, "ticket.passed_over"},
		{"the last event is missing", "", drop, ""},
		{"another text", "ticket.replied", other("text", "Something else was said."), ""},
		{"another language", "ticket.replied", other("message_lang", "en-US"), ""},
		{"another name", "person.created", other("name", "Somebody Else"), ""},
		{"another owner", "ticket.assigned", other("owner_person", 5.0), "ticket.assigned"},
		{"a moment later", "ticket.noted", alter(func(e *event.Event) { e.At = e.At.Add(time.Microsecond) }), ""},
		{"another request", "ticket.noted", alter(func(e *event.Event) { e.RequestID = "other" }), ""},
		{"somebody else", "ticket.noted", alter(func(e *event.Event) { e.Actor = int64(l.dana) }), ""},
		{"for somebody else", "ticket.noted", alter(func(e *event.Event) { e.Behalf = int64(l.dana) }), "Behalf"},
		{"nobody knows what it is", "ticket.noted", alter(func(e *event.Event) { e.Kind = "ticket.sung" }), "ticket.sung"},
		{"it was erased", "ticket.noted", alter(func(e *event.Event) { e.Erased = true }), "erased"},
	} {
		t.Run(flaw.name, func(t *testing.T) {
			into, c := open(t, db.SQLite, false)
			i := len(log) - 1
			if flaw.kind != "" {
				i = slices.IndexFunc(log, func(e event.Event) bool { return e.Kind == flaw.kind })
			}
			if flaw.name == "another language" {
				i = slices.IndexFunc(log, func(e event.Event) bool {
					return slices.ContainsFunc(e.Changes, func(c event.Change) bool { return c.Field == "message_lang" })
				})
			}
			if i < 0 {
				t.Fatal("there is none")
			}
			var diff []string
			err := replay.Retell(t.Context(), into, c, flaw.make(slices.Clone(log), i))
			if err == nil {
				if diff, err = replay.Compare(t.Context(), from.DB, into.DB); err != nil {
					t.Fatal(err)
				}
			}
			switch {
			case flaw.says == "-" && (err != nil || len(diff) > 0):
				t.Errorf("%v, %v", err, diff)
			case err == nil && len(diff) == 0 && flaw.says != "-", flaw.says != "-" && flaw.says != "" && (err == nil || !strings.Contains(err.Error(), flaw.says)):
				t.Errorf("it was noticed by %v, %v", err, diff)
			}
		})
	}
}

func logOf(t *testing.T, d *app.District) (list []event.Event) {
	t.Helper()
	if err := d.DB.Read(t.Context(), func(tx *db.Tx) (err error) { list, err = event.After(tx, 0, 100_000); return err }); err != nil {
		t.Fatal(err)
	}
	return list
}
