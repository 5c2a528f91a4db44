package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
)

// TestNotesStayInside lives random histories full of notes, then has everybody
// who doesn't work on the tickets read everything there is: no answer of the
// desk and no notice has a word of a note, says that there is one, or finds
// the ticket by one.
func TestNotesStayInside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := dice(3)
		var ids []desk.TicketID
		var secrets []string
		outside := []person{w.tessa, w.luis, w.counselor, w.priya, w.kim, w.omar} // requester, follower, beneficiary, others
		for range 3 {
			id := w.ask(w.sam, "The projector shows no signal", func(c *desk.CreateTicket) {
				c.Requester, c.Beneficiary = w.tessa.id, w.counselor.id
			})
			w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
			ids = append(ids, id)
			for step := range 25 {
				if d.chance(30) {
					secret := fmt.Sprintf("kanarie%d", len(secrets))
					secrets = append(secrets, secret)
					paper := w.upload(w.sam, secret+".txt", secret)
					before := must[desk.Requests](t)(w.desk.MyRequests(w.as(w.tessa), ""))
					n := must[desk.Jotted](t)(w.desk.AddNote(w.as(w.sam), id, "only for us: "+secret, []desk.FileID{paper}))
					after := must[desk.Requests](t)(w.desk.MyRequests(w.as(w.tessa), ""))
					if plain(t, before) != plain(t, after) {
						t.Errorf("note %d shows in the requester's list:\n%s\n%s", n.Note, plain(t, before), plain(t, after))
					}
					continue
				}
				action := pick(&d, []string{"reply", "assign", "service", "impact", "title", "wait", "resume", "solve", "not_fixed", "reopen", "place"})
				_ = w.move(action, w.as(pick(&d, []person{w.tessa, w.sam, w.luis})), id, step)
			}
		}
		for _, p := range outside {
			said := w.everything(p, ids)
			for _, s := range append(secrets, "noted", "desk.history.noted", "desk.notice.noted", "NoteID", `"Inside":{`) {
				if i := strings.Index(said, s); i >= 0 {
					t.Errorf("%s reads %q: …%s…", p.name, s, said[max(0, i-80):min(len(said), i+80)])
				}
			}
			for _, s := range secrets {
				if f := must[desk.Found](t)(w.desk.Search(w.as(p), s, "")); f.Total != 0 || len(f.Items) != 0 {
					t.Errorf("%s finds a note by %q", p.name, s)
				}
			}
		}
		inside := w.everything(w.sam, ids)
		for _, s := range secrets { // or else the test says nothing
			if !strings.Contains(inside, s) {
				t.Errorf("the desk itself does not read %q", s)
			}
		}
	})
}

// everything is all that a person is answered about some tickets, as text.
func (w *world) everything(p person, ids []desk.TicketID) string {
	var b strings.Builder
	ctx := w.as(p)
	add := func(v any, err error) {
		if err == nil {
			b.WriteString(plain(w.t, v) + "\n")
		}
	}
	for _, id := range ids {
		one, err := w.desk.FindTicket(ctx, id)
		add(one, err)
		lines, err := w.desk.History(ctx, id)
		for _, l := range lines {
			if l.Note != 0 {
				b.WriteString("noted\n")
			}
		}
		add(lines, err)
		earlier, _, err := w.desk.EarlierMessages(ctx, id, 1<<40)
		add(earlier, err)
		notes, _, err := w.desk.EarlierNotes(ctx, id, 1<<40)
		add(notes, err)
		for f := range desk.FileID(60) {
			if c, err := w.desk.OpenFile(ctx, f); err == nil {
				add(c.File, nil)
				_ = c.Close()
			}
		}
	}
	mine, err := w.desk.MyRequests(ctx, "")
	add(mine, err)
	for _, v := range desk.Views {
		for _, s := range desk.States {
			list, err := w.desk.ListTickets(ctx, desk.Query{View: v, State: s})
			add(list, err)
		}
	}
	counts, err := w.desk.Counts(ctx)
	add(counts, err)
	found, err := w.desk.Search(ctx, "projector", "")
	add(found, err)
	if err := w.d.Read(ctx, func(tx *db.Tx) error {
		items, _, err := notice.List(tx, int64(p.id), "", 1000)
		add(items, err)
		return err
	}); err != nil {
		w.t.Error(err)
	}
	return b.String()
}

func plain(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestAbout: what streams pass on says of a note that it is inside.
func TestAbout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "hello")
		w.must(w.desk.AddNote(w.as(w.sam), id, "psst", nil))
		w.must(w.desk.Reply(w.as(w.sam), id, words))
		var inside []string
		if err := w.d.Read(system(), func(tx *db.Tx) error {
			all, err := event.Of(tx, event.Ref{Kind: desk.SubjectTicket, ID: int64(id)})
			for _, e := range all {
				got, in, ok := desk.About(e)
				if got != id || !ok {
					t.Errorf("%s is about %v, %v", e.Kind, got, ok)
				}
				if in {
					inside = append(inside, e.Kind)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(inside) != 1 || inside[0] != "ticket.noted" {
			t.Errorf("inside are %v", inside)
		}
		if _, _, ok := desk.About(event.Event{Subject: event.Ref{Kind: "person", ID: 1}}); ok {
			t.Error("a person is no ticket")
		}
	})
}
