package desk_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/notice"
)

// TestOnce: a command that comes again with its key is answered as the first
// time and has happened once, also when both come together.
func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := func(p person, k string) idem.Key {
			return idem.Key{Key: k, Actor: p.name, Route: "POST /help", Hash: sha256.Sum256([]byte(k))}
		}
		ctx := idem.With(w.as(w.tessa), key(w.tessa, "double click"))
		var wg sync.WaitGroup
		made := make([]desk.Created, 4)
		for i := range made {
			wg.Go(func() {
				var err error
				if made[i], err = w.desk.CreateTicket(ctx, desk.CreateTicket{Text: "The projector shows no signal"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, m := range made {
			if m != made[0] || m.ID == 0 {
				t.Errorf("answers differ: %+v", made)
			}
		}
		id := made[0].ID
		if n := w.count(`SELECT count(*) FROM desk_ticket`); n != 1 {
			t.Fatalf("%d tickets", n)
		}
		if n := w.events(); n != 1 {
			t.Errorf("%d events", n)
		}
		// The answer stays the same when the ticket has moved on, and for who
		// no longer sees it.
		sam := idem.With(w.as(w.sam), key(w.sam, "solve"))
		first := must[desk.Changed](t)(w.desk.Solve(sam, id, 0, words))
		w.must(w.desk.Reopen(w.as(w.sam), id, 0))
		if again := must[desk.Changed](t)(w.desk.Solve(sam, id, 0, words)); again != first {
			t.Errorf("%+v, then %+v", first, again)
		}
		w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
		luis := idem.With(w.as(w.luis), key(w.luis, "unfollow"))
		for range 2 {
			w.must(w.desk.Unfollow(luis, id))
		}
		reply := idem.With(w.as(w.tessa), key(w.tessa, "reply"))
		r1 := must[desk.Replied](t)(w.desk.Reply(reply, id, words))
		if r2 := must[desk.Replied](t)(w.desk.Reply(reply, id, words)); r1 != r2 || r1.Message == 0 {
			t.Errorf("%+v, then %+v", r1, r2)
		}
		// A form with files: they and the words share one key.
		form := idem.With(w.as(w.tessa), key(w.tessa, "with files"))
		var got [2]desk.Replied
		for i := range got {
			a := must[desk.File](t)(w.desk.AddFile(form, "image.txt", strings.NewReader("one")))
			b := must[desk.File](t)(w.desk.AddFile(form, "image.txt", strings.NewReader("two")))
			got[i] = must[desk.Replied](t)(w.desk.Reply(form, id, desk.Words{Files: []desk.FileID{a.ID, b.ID}}))
		}
		if n := w.count(`SELECT count(*) FROM desk_file`); got[0] != got[1] || n != 2 {
			t.Errorf("%+v, %d files", got, n)
		}
	})
}

// TestVersions: of two changes made from the same page the second is refused
// and nothing is lost; one that says what is already so is accepted.
func TestVersions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "The projector shows no signal")
		v := w.find(w.sam, id).Version
		a := must[desk.Changed](t)(w.desk.ChangeService(w.as(w.sam), id, v, w.printing))
		stale := map[string]error{
			"service": second(w.desk.ChangeService(w.as(w.dana), id, v, w.signIn)),
			"place":   second(w.desk.ChangePlace(w.as(w.dana), desk.ChangePlace{Ticket: id, Version: v, Room: w.room214, PlaceText: "by the stairs"})),
			"impact":  second(w.desk.ChangeImpact(w.as(w.dana), id, v, desk.Stopped)),
			"title":   second(w.desk.ChangeTitle(w.as(w.dana), id, v, "Another")),
			"assign":  second(w.desk.Assign(w.as(w.dana), desk.Assign{Ticket: id, Version: v, Person: w.dana.id})),
			"wait":    second(w.desk.Wait(w.as(w.dana), desk.Wait{Ticket: id, Version: v, On: desk.OnPart, Words: words})),
			"solve":   second(w.desk.Solve(w.as(w.dana), id, v, words)),
		}
		for what, err := range stale {
			if !errs.Is(err, errs.Precondition) {
				t.Errorf("%s from an old page: %v", what, err)
			}
		}
		w.must(w.desk.ChangeService(w.as(w.dana), id, v, w.printing)) // it is so already
		got := w.find(w.dana, id)
		if got.Service != w.printing || got.Version != a.Version || len(got.Messages) != 1 {
			t.Errorf("%+v", got)
		}
		// What is said makes nobody's page old.
		w.must(w.desk.Reply(w.as(w.tessa), id, words))
		w.must(w.desk.AddNote(w.as(w.sam), id, "x", nil))
		w.must(w.desk.Solve(w.as(w.dana), id, a.Version, words))
	})
}

// TestUndo: an undo brings back what was, exactly, and can itself be undone;
// it never touches what something newer changed.
func TestUndo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := dice(11)
		id := w.ask(w.tessa, "The projector shows no signal")
		w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
		undone := map[string]bool{}
		for step := range 120 {
			action := pick(&d, []string{"assign", "service", "impact", "title", "place", "wait", "resume", "solve", "reopen", "release", "not_fixed", "confirm", "reply"})
			actor := w.sam
			if action == "not_fixed" || action == "confirm" || action == "reply" {
				actor = w.tessa
			}
			before := w.fields(id)
			n := w.events()
			if w.move(action, w.as(actor), id, step) != nil || w.events() == n || w.fields(id) == before {
				continue
			}
			after := w.fields(id)
			h := w.history(w.sam, id)
			last := h[len(h)-1]
			if !last.CanUndo {
				t.Fatalf("step %d: %s can't be undone", step, action)
			}
			u, err := w.desk.Undo(w.as(w.sam), id, last.Event)
			if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Forbidden) {
				continue // a rule stands in the way: an owner of a solved ticket, say
			}
			if err != nil || len(u.Kept) != 0 {
				t.Fatalf("step %d: undo %s: %+v, %v", step, action, u, err)
			}
			if got := w.fields(id); got != before {
				t.Fatalf("step %d: undo %s:\n%s\nwas\n%s", step, action, got, before)
			}
			undone[action] = true
			h = w.history(w.sam, id)
			if err := second(w.desk.Undo(w.as(w.sam), id, last.Event)); !errs.Is(err, errs.Conflict) {
				t.Fatalf("step %d: undone twice: %v", step, err)
			}
			if _, err := w.desk.Undo(w.as(w.sam), id, h[len(h)-1].Event); err == nil {
				if got := w.fields(id); got != after {
					t.Fatalf("step %d: redo %s:\n%s\nwas\n%s", step, action, got, after)
				}
			}
		}
		if len(undone) < 9 {
			t.Errorf("only %v were undone", undone)
		}
	})
}

// fields are a ticket's columns that commands change, and its followers.
func (w *world) fields(id desk.TicketID) string {
	w.t.Helper()
	t := w.find(w.admin, id)
	var f []string
	for _, p := range t.Follower {
		f = append(f, p.Name)
	}
	return fmt.Sprint(t.Title, "|", t.State, t.WaitingOn, t.Until.UnixMicro(), t.ReopenUntil.UnixMicro(), t.SolvedAt.UnixMicro(), t.ClosedAt.UnixMicro(), t.Confirmed,
		"|", t.Impact, t.Team, t.Owner, t.Place, t.Service, t.Contact, f)
}

// TestUndoNewer: of an event that changed two things, one of which changed
// again, the other alone comes back.
func TestUndoNewer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "The projector shows no signal")
		w.must(w.desk.Take(w.as(w.dana), id))
		w.must(w.desk.Assign(w.as(w.dana), desk.Assign{Ticket: id, Team: w.network, Person: w.sam.id})) // Dana follows
		h := w.history(w.sam, id)
		assigned := h[len(h)-1].Event
		w.must(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Person: w.lead.id}))
		w.must(w.desk.ChangeTitle(w.as(w.sam), id, 0, "Another"))
		u := must[desk.Undone](t)(w.desk.Undo(w.as(w.sam), id, assigned))
		if !slices.Equal(u.Back, []string{"follower"}) || !slices.Equal(u.Kept, []string{"owner_team", "owner_person"}) {
			t.Errorf("%+v", u)
		}
		got := w.find(w.sam, id)
		if got.Owner.ID != w.lead.id || got.Team != w.network || slices.ContainsFunc(got.Follower, func(p desk.Person) bool { return p.ID == w.dana.id }) {
			t.Errorf("%+v", got)
		}
		// What was said is never taken back.
		w.must(w.desk.Solve(w.as(w.sam), id, 0, desk.Words{Text: "It is fixed"}))
		h = w.history(w.sam, id)
		w.must(w.desk.Undo(w.as(w.sam), id, h[len(h)-1].Event))
		if got := w.find(w.tessa, id); got.State != desk.Open || len(got.Messages) != 2 {
			t.Errorf("%+v", got)
		}
		// The one who asked can take back their own change of the place, and
		// not what the desk did.
		w.must(w.desk.ChangePlace(w.as(w.tessa), desk.ChangePlace{Ticket: id, PlaceText: "in the hall"}))
		h = w.history(w.tessa, id)
		if last := h[len(h)-1]; !last.CanUndo || second(w.desk.Undo(w.as(w.tessa), id, last.Event)) != nil {
			t.Errorf("%+v", last)
		}
		// What the rules forbid now, undo forbids too.
		w.must(w.desk.Release(w.as(w.sam), id, 0))
		h = w.history(w.sam, id)
		w.must(w.desk.Solve(w.as(w.sam), id, 0, desk.Words{}))
		if err := second(w.desk.Undo(w.as(w.sam), id, h[len(h)-1].Event)); wrong(err) != "desk.ticket.is_solved" {
			t.Errorf("gave a solved one an owner: %v", err)
		}
		if err := second(w.desk.Undo(w.as(w.tessa), id, assigned)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("undid an assignment: %v", err)
		}
	})
}

// TestEvents lists what each use case says to the log.
func TestEvents(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.upload(w.tessa, "a.txt", "a")
		id := w.ask(w.tessa, "The projector shows no signal", func(c *desk.CreateTicket) { c.Files = []desk.FileID{f} })
		w.must(w.desk.Take(w.as(w.sam), id))
		w.must(w.desk.Take(w.as(w.sam), id)) // already: nothing
		w.must(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Person: w.dana.id}))
		w.must(w.desk.Release(w.as(w.dana), id, 0))
		w.must(w.desk.ChangeService(w.as(w.sam), id, 0, w.printing))
		w.must(w.desk.ChangePlace(w.as(w.sam), desk.ChangePlace{Ticket: id, Room: w.room214}))
		w.must(w.desk.ChangeImpact(w.as(w.sam), id, 0, desk.Stopped))
		w.must(w.desk.ChangeTitle(w.as(w.sam), id, 0, "Dark projector"))
		w.must(w.desk.AddNote(w.as(w.sam), id, "lamp?", nil))
		w.must(w.desk.Follow(w.as(w.lead), id))
		w.must(w.desk.Unfollow(w.as(w.lead), id))
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnRequester, Words: words}))
		w.must(w.desk.Reply(w.as(w.tessa), id, words))
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnPart}))
		w.must(w.desk.Resume(w.as(w.sam), id, 0))
		w.must(w.desk.Solve(w.as(w.sam), id, 0, words))
		w.must(w.desk.NotFixed(w.as(w.tessa), id, words))
		w.must(w.desk.Solve(w.as(w.sam), id, 0, desk.Words{}))
		w.must(w.desk.Reopen(w.as(w.sam), id, 0))
		w.must(w.desk.ConfirmFixed(w.as(w.tessa), id, desk.Words{}))
		w.clock.Advance(desk.ReopenWindow + time.Second)
		w.must(w.desk.CloseExpired(system()))
		want := `ticket.created title state impact owner_team tier site contact requester channel lang message text file expected present in_building
ticket.taken owner_person
ticket.assigned owner_person follower
ticket.released owner_person follower
ticket.service_changed service
ticket.place_changed room
ticket.impact_changed impact
ticket.title_changed title
ticket.noted note note_text
ticket.followed follower
ticket.unfollowed follower
ticket.waiting state waiting_on until message text
ticket.replied state waiting_on until message text
ticket.waiting state waiting_on until
ticket.resumed state waiting_on until
ticket.solved state until solved_at message text
ticket.not_fixed state until solved_at message text
ticket.solved state until solved_at
ticket.reopened state until solved_at
ticket.confirmed state until solved_at confirmed
ticket.closed state until closed_at`
		var got []string
		if err := w.d.Read(system(), func(tx *db.Tx) error {
			all, err := event.Of(tx, event.Ref{Kind: desk.SubjectTicket, ID: int64(id)})
			for _, e := range all {
				line := e.Kind
				for _, c := range e.Changes {
					line += " " + c.Field
					if c.Personal != slices.Contains([]string{"title", "text", "note_text", "contact", "place"}, c.Field) {
						t.Errorf("%s: %s personal: %v", e.Kind, c.Field, c.Personal)
					}
				}
				got = append(got, line)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(got, "\n"); s != want {
			t.Errorf("events:\n%s\nwant\n%s", s, want)
		}
	})
}

// TestTold: who must know is told once, and nobody what they did themselves.
func TestTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		all := []person{w.admin, w.lead, w.sam, w.dana, w.nora, w.omar, w.tessa, w.luis, w.priya, w.kim, w.counselor, w.officer}
		id := desk.TicketID(0)
		step := func(what string, do func() error, want string) {
			t.Helper()
			w.write(func(tx *db.Tx) { w.exec(tx, `DELETE FROM notice`) })
			if err := do(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			var got []string
			for _, p := range all {
				if s := whys(w.told(p)); s != "" {
					got = append(got, strings.Fields(p.name)[0]+" "+s)
				}
			}
			if s := strings.Join(got, ", "); s != want {
				t.Errorf("%s: told %q, want %q", what, s, want)
			}
		}
		step("a request", func() error { id = w.ask(w.tessa, "one"); return nil }, "Lee new, Sam new")
		step("another, before the first is read", func() error {
			w.ask(w.tessa, "two")
			w.ask(w.tessa, "three")
			return nil
		}, "Lee new, Sam new")
		step("a class stands still", func() error {
			w.ask(w.tessa, "x", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
			return nil
		}, "Lee stopped, Sam stopped")
		for _, n := range w.told(w.sam) {
			if n.Urgency != notice.Urgent {
				t.Errorf("%+v", n)
			}
		}
		w.away(true, w.sam, w.lead)
		step("nobody is there", func() error { w.ask(w.tessa, "x"); return nil }, "Ada nobody_there, Lee nobody_there")
		step("nobody is there, and a class stands still", func() error {
			w.ask(w.tessa, "x", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
			return nil
		}, "Ada nobody_there stopped, Lee nobody_there")
		for _, n := range append(w.told(w.admin), w.told(w.lead)...) {
			if n.Urgency != notice.Urgent {
				t.Errorf("%+v", n)
			}
		}
		w.away(true, w.admin)
		step("nobody at all is there", func() error { w.ask(w.tessa, "x"); return nil }, "Lee nobody_there")
		w.away(false, w.sam, w.lead, w.admin)
		step("in the hallway", func() error {
			w.ask(w.sam, "x", func(c *desk.CreateTicket) {
				c.Requester, c.Beneficiary, c.Channel = w.tessa.id, w.kim.id, desk.ByHallway
			})
			return nil
		}, "Lee new, Tessa logged, Kim for_you")
		step("taken", func() error { return second(w.desk.Take(w.as(w.sam), id)) }, "Tessa taken")
		step("followed by another", func() error { return second(w.desk.AddFollower(w.as(w.sam), id, w.luis.id)) }, "Luis follows")
		step("answered", func() error { return second(w.desk.Reply(w.as(w.sam), id, words)) }, "Tessa replied, Luis replied")
		step("asked back", func() error { return second(w.desk.Reply(w.as(w.tessa), id, words)) }, "Sam replied, Luis replied")
		step("assigned", func() error { return second(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Person: w.dana.id})) }, "Dana assigned")
		step("noted", func() error { return second(w.desk.AddNote(w.as(w.dana), id, "x", nil)) }, "Sam noted")
		step("waits on the requester", func() error {
			return second(w.desk.Wait(w.as(w.dana), desk.Wait{Ticket: id, On: desk.OnRequester}))
		}, "Tessa needs_you")
		step("its time has come", func() error {
			w.clock.Advance(8 * 24 * time.Hour)
			return second(w.desk.ResumeDue(system()))
		}, "Sam back, Dana back")
		step("solved", func() error { return second(w.desk.Solve(w.as(w.dana), id, 0, words)) }, "Sam solved, Tessa solved, Luis solved")
		step("not fixed", func() error { return second(w.desk.NotFixed(w.as(w.tessa), id, desk.Words{})) }, "Sam not_fixed, Dana not_fixed")
		w.away(true, w.dana)
		step("asked back while the owner is away", func() error { return second(w.desk.Reply(w.as(w.tessa), id, words)) }, "Lee replied, Sam replied, Dana replied, Luis replied")
		step("a colleague answers meanwhile", func() error { return second(w.desk.Reply(w.as(w.sam), id, words)) }, "Dana replied, Tessa replied, Luis replied")
		w.away(false, w.dana)
		step("given back", func() error { return second(w.desk.Release(w.as(w.dana), id, 0)) }, "Lee released, Sam released")
		step("asked while nobody owns it", func() error { return second(w.desk.Reply(w.as(w.tessa), id, words)) }, "Lee replied, Sam replied, Dana replied, Luis replied")
		// Who left is told nothing.
		w.write(func(tx *db.Tx) { w.exec(tx, `UPDATE district_person SET active = FALSE WHERE id = $1`, w.luis.id) })
		step("answered, one has left", func() error { return second(w.desk.Reply(w.as(w.sam), id, words)) }, "Dana replied, Tessa replied")
	})
}
