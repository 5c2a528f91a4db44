package event_test

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// checks has rapid run n tests instead of its default; who asks for another
// number on the command line gets that.
func checks(t *testing.T, n int) {
	f := flag.Lookup("rapid.checks")
	if was := f.Value.String(); was == f.DefValue {
		_ = f.Value.Set(strconv.Itoa(n))
		t.Cleanup(func() { _ = f.Value.Set(was) })
	}
}

// seen is where watchers leave their traces.
var setup = testkit.Setup{Schemas: []db.Schema{{Name: "seen", FS: fstest.MapFS{"migrations/00001_seen.sql": {Data: []byte(`-- +goose Up
CREATE TABLE seen (id {{id}}, watcher {{text}} NOT NULL, place {{int}} NOT NULL, subj {{int}} NOT NULL) {{strict}};
`)}}}}}

func write(t testing.TB, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), "test", func(tx *db.Tx) error { tx.Unlogged("test"); return f(tx) }); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// emit appends n events, each in a transaction of its own; every second has
// personal text.
func emit(t testing.TB, d *db.DB, first int64, n int) {
	t.Helper()
	for i := range int64(n) {
		write(t, d, func(tx *db.Tx) error {
			return event.Emit(tx, event.Event{Kind: "thing.named", Subject: event.Ref{Kind: "thing", ID: first + i}, Changes: []event.Change{
				{Field: "name", From: "old", To: fmt.Sprint("new", i), Personal: i%2 == 0},
				{Field: "state", To: "open"},
			}})
		})
	}
}

// seal seals until every committed row has its place. Somebody else's
// transaction in the same server can hold that up for a moment.
func seal(t testing.TB, d *db.DB) {
	t.Helper()
	eventually(t, "everything is sealed", func() bool {
		if _, err := event.Seal(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		var open int
		read(t, d, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM event WHERE place IS NULL`).Scan(&open)
		})
		return open == 0
	})
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 3000 {
		if ok() {
			return
		}
		_ = clock.Sleep(context.Background(), clock.System(), 10*time.Millisecond)
	}
	t.Fatalf("did not happen: %s", what)
}

func TestEmitAndRead(t *testing.T) {
	testkit.Each(t, setup, func(t *testing.T, d *db.DB) {
		actor := policy.Actor{Kind: policy.Person, Person: 7, Door: policy.DoorWeb, RequestID: "req-1"}
		subject := event.Ref{Kind: "thing", ID: 1 << 40}
		changes := []event.Change{
			{Field: "state", From: "open", To: "closed"},
			{Field: "text", From: nil, To: "Frau Özdemir's \x00 \"laptop\"", Personal: true},
			{Field: "phone", From: "1", To: "2", Personal: true},
		}
		var now time.Time
		if err := d.Write(policy.WithActor(t.Context(), actor), "emit", func(tx *db.Tx) error {
			now = tx.Now()
			if err := event.Emit(tx, event.Event{Kind: "thing.closed", Behalf: 8, Subject: subject, Changes: changes}); err != nil {
				return err
			}
			return event.Emit(tx, event.Event{Kind: "thing.seen", Version: 3, Subject: subject})
		}); err != nil {
			t.Fatal(err)
		}
		seal(t, d)
		want := []event.Event{
			{ID: 1, Place: 1, At: now, Kind: "thing.closed", Version: 1, ActorKind: policy.Person, Actor: 7, Behalf: 8, Door: policy.DoorWeb, RequestID: "req-1", Subject: subject, Changes: changes},
			{ID: 2, Place: 2, At: now, Kind: "thing.seen", Version: 3, ActorKind: policy.Person, Actor: 7, Door: policy.DoorWeb, RequestID: "req-1", Subject: subject, Changes: []event.Change{}},
		}
		look := func() (of, after []event.Event) {
			read(t, d, func(tx *db.Tx) (err error) {
				if of, err = event.Of(tx, subject); err == nil {
					after, err = event.After(tx, 0, 10)
				}
				return err
			})
			return of, after
		}
		of, after := look()
		for i := range of { // PostgreSQL gives an id away with each try
			want[i].ID = of[i].ID
		}
		if diff := cmp.Diff(want, of); diff != "" {
			t.Errorf("of the subject: %s", diff)
		}
		if diff := cmp.Diff(want, after); diff != "" {
			t.Errorf("in order: %s", diff)
		}

		// The newest first, page by page, with the bodies that are wanted alone.
		read(t, d, func(tx *db.Tx) error {
			all, err := event.Newest(tx, subject, 0, 10, func(e event.Event) bool { return e.Kind == "thing.closed" })
			if err != nil {
				return err
			}
			if diff := cmp.Diff([]event.Event{want[1], want[0]}, all); diff != "" {
				t.Errorf("the newest: %s", diff)
			}
			one, err := event.First(tx, subject)
			if err != nil || one.ID != want[0].ID || one.Changes[1].To != nil || one.Changes[0].To != "closed" {
				t.Errorf("the first: %+v, %v", one, err)
			}
			if none, err := event.First(tx, event.Ref{Kind: "nothing"}); err != nil || none.ID != 0 {
				t.Errorf("the first of nothing: %+v, %v", none, err)
			}
			first, err := event.Newest(tx, subject, 0, 1, nil)
			if err != nil || len(first) != 1 || first[0].ID != want[1].ID {
				t.Errorf("the newest one: %+v, %v", first, err)
			}
			light := want[0]
			light.Changes = []event.Change{changes[0], {Field: "text", Personal: true}, {Field: "phone", Personal: true}}
			rest, err := event.Newest(tx, subject, want[1].ID, 10, func(e event.Event) bool { return e.Kind == "thing.seen" })
			if diff := cmp.Diff([]event.Event{light}, rest); diff != "" {
				t.Errorf("before it, without its body: %s", diff)
			}
			return err
		})

		// Erasure takes the personal values, says so, and leaves the rest whole.
		write(t, d, func(tx *db.Tx) error { return event.Erase(tx, of[0].ID) })
		want[0].Erased = true
		want[0].Changes = []event.Change{changes[0], {Field: "text", Personal: true}, {Field: "phone", Personal: true}}
		if _, after = look(); !cmp.Equal(want, after) {
			t.Errorf("after erasure: %s", cmp.Diff(want, after))
		}
		newest := func(before int64, limit int, want func(event.Event) bool) (list []event.Event) {
			read(t, d, func(tx *db.Tx) (err error) {
				list, err = event.Newest(tx, subject, before, limit, want)
				return err
			})
			return list
		}
		if diff := cmp.Diff([]event.Event{want[1], want[0]}, newest(0, 10, func(event.Event) bool { return true })); diff != "" {
			t.Errorf("the newest, erased: %s", diff)
		}
		rep, err := event.Verify(t.Context(), d)
		if err != nil || rep.Erased != 1 || rep.Events != 2 || rep.Open != 0 {
			t.Errorf("after erasure: %+v, %v", rep, err)
		}
		// Nothing of the personal text is left in the row.
		var left int
		read(t, d, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM event WHERE changes LIKE '%zdemir%'`).Scan(&left)
		})
		if left != 0 {
			t.Error("personal text stands outside the erasable body")
		}
	})
}
