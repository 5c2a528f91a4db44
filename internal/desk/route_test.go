package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// library gives Marsh first help of its own: Dana.
func (w *world) library() (id district.TeamID) {
	w.t.Helper()
	w.write(func(tx *db.Tx) {
		w.scan(tx, &id, `INSERT INTO district_team (name, fold, lead, tier) VALUES ('Marsh library', 'marsh library', $1, 1) RETURNING id`, w.dana.id)
		w.exec(tx, `INSERT INTO district_member (team, person) VALUES ($1, $2)`, id, w.dana.id)
		w.exec(tx, `UPDATE district_site SET team = $1 WHERE id = $2`, id, w.marsh)
	})
	return id
}

// lines are the keys of a ticket's history with what changed, as somebody
// reads them: "handed_up owner_team:Marsh library>Network".
func (w *world) lines(p person, id desk.TicketID) (out []string) {
	for _, l := range w.history(p, id) {
		s := strings.TrimPrefix(l.Key, "desk.history.")
		for _, c := range l.Changes {
			s += " " + strings.TrimPrefix(c.Key, "desk.field.") + ":" + c.From.Text + c.From.Key + ">" + c.To.Text + c.To.Key
		}
		out = append(out, s)
	}
	return out
}

func TestBeginsCloseToTheClassroom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		library := w.library()
		ask := func(p person, c desk.CreateTicket) desk.Created {
			t.Helper()
			c.Text, c.Service, c.Site = "Nobody gets past the sign-in page", w.signIn, w.marsh
			return must[desk.Created](t)(w.desk.CreateTicket(w.as(p), c))
		}
		if got := ask(w.tessa, desk.CreateTicket{}); got.Team != "Marsh library" || got.Person != "Dana Librarian" || !got.InBuilding || got.PassedOver != "" {
			t.Errorf("Tessa's went to %+v", got)
		}
		if got := ask(w.dana, desk.CreateTicket{}); got.Team != "Network" || got.Person != "Nora Network" {
			t.Errorf("who is first help herself got %+v", got)
		}
		if got := ask(w.sam, desk.CreateTicket{Requester: w.tessa.id, Beneficiary: w.dana.id}); got.Team != "Network" {
			t.Errorf("for who is first help herself: %+v", got)
		}
		if got := ask(w.dana, desk.CreateTicket{Requester: w.tessa.id}); got.Team != "Marsh library" {
			t.Errorf("written down by first help: %+v", got)
		}
		if got := ask(w.nora, desk.CreateTicket{Requester: w.tessa.id}); got.Team != "Network" { // who helps there no further than that
			t.Errorf("written down by a specialist: %+v", got)
		}

		// Nobody is in at the library: the next step has it, and everybody knows.
		w.away(true, w.dana)
		before := len(w.told(w.dana))
		got := ask(w.tessa, desk.CreateTicket{})
		if got.Team != "Network" || got.PassedOver != "Marsh library" || !got.Present {
			t.Errorf("nobody at the library: %+v", got)
		}
		if l := w.lines(w.tessa, got.ID); !slices.Contains(l, "passed_over skipped:>Marsh library") {
			t.Errorf("the requester reads %q", l)
		}
		if told := w.told(w.dana); len(told) != before+1 || told[0].Why != "desk.notice.passed_over" || told[0].Args["To"] != "Network" || told[0].Args["Ticket"] != got.ID.String() {
			t.Errorf("the lead of who was passed over was told %s", plain(t, w.told(w.dana)))
		}
		if s := whys(w.told(w.nora)); !strings.Contains(s, "new") {
			t.Errorf("the next team was told %q", s)
		}
		// An absence that was declared counts like one.
		w.away(false, w.dana)
		w.write(func(tx *db.Tx) {
			w.exec(tx, `INSERT INTO district_absence (person, from_at, until, created) VALUES ($1, $2, $3, $2)`, w.dana.id, db.Us(tx.Now()), db.Us(tx.Now().Add(time.Hour)))
		})
		if got := ask(w.tessa, desk.CreateTicket{}); got.PassedOver != "Marsh library" {
			t.Errorf("declared absent: %+v", got)
		}
		// Nobody anywhere: it waits where it belongs.
		w.away(true, w.nora)
		got = ask(w.tessa, desk.CreateTicket{})
		if tk := w.find(w.sam, got.ID); tk.Team != library || got.Present || got.PassedOver != "" || tk.Inside.Tier != 1 {
			t.Errorf("nobody anywhere: %+v", got)
		}
	})
}

// TestLeastToDo: of those who are here, who is at the place, then who has the
// least to do, is the one to expect; never who asks.
func TestLeastToDo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		expect := func(p person, site district.SiteID, want string) {
			t.Helper()
			if got := must[desk.Expected](t)(w.desk.Expect(w.as(p), site, w.printing, "")); got.Person != want {
				t.Errorf("%s at %d: %+v, want %s", p.name, site, got, want)
			}
		}
		take := func(p person) {
			w.must(w.desk.Take(w.as(p), w.ask(w.priya, "paper jam", func(c *desk.CreateTicket) { c.Service = w.printing })))
		}
		expect(w.priya, w.orchard, "Lee Lead") // by name
		take(w.lead)
		expect(w.priya, w.orchard, "Sam Specialist")
		expect(w.sam, w.orchard, "Lee Lead")
		take(w.sam)
		take(w.sam)
		expect(w.priya, w.orchard, "Lee Lead")
		expect(w.priya, w.marsh, "Sam Specialist") // in the building
		w.away(true, w.sam)
		expect(w.priya, w.marsh, "Lee Lead")
	})
}

func TestNewPlaceNewRoute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		library := w.library()
		id := w.ask(w.tessa, "paper jam", func(c *desk.CreateTicket) { c.Service = w.printing })
		if got := w.find(w.sam, id); got.Team != library || got.Inside.Next == nil || got.Inside.Next.Name != "Help desk" {
			t.Fatalf("%+v", got)
		}
		w.must(w.desk.ChangeService(w.as(w.sam), id, 0, w.signIn))
		if got := w.find(w.sam, id); got.Team != library || got.Inside.Next.Name != "Network" {
			t.Errorf("still first help: %+v", got)
		}
		// Nobody took it: it goes where a new one would, and its history says so.
		w.must(w.desk.ChangePlace(w.as(w.tessa), desk.ChangePlace{Ticket: id, Site: w.orchard}))
		l := w.lines(w.tessa, id)
		if got := w.find(w.sam, id); got.Team != w.network || got.Inside.Tier != 2 || !strings.Contains(l[len(l)-1], "owner_team:Marsh library>Network") {
			t.Errorf("%+v, %q", got, l)
		}
		if s := whys(w.told(w.nora)); s != "new" {
			t.Errorf("the next team was told %q", s)
		}
		h := w.history(w.sam, id)
		w.must(w.desk.Undo(w.as(w.sam), id, h[len(h)-1].Event))
		if got := w.find(w.sam, id); got.Team != library || got.Inside.Tier != 1 || got.Inside.Handoffs != 0 {
			t.Errorf("taken back: %+v", got)
		}
		// Answered: it stays, and the path is only offered.
		w.must(w.desk.ChangePlace(w.as(w.tessa), desk.ChangePlace{Ticket: id, Site: w.orchard}))
		w.must(w.desk.Reply(w.as(w.nora), id, words))
		w.must(w.desk.ChangeService(w.as(w.sam), id, 0, w.printing))
		got := w.find(w.sam, id)
		if got.Team != w.network || got.Route == nil || got.Route.Team != w.help || got.Route.Name != "Help desk" || got.Route.Tier != 2 {
			t.Errorf("offered %+v on %+v", got.Route, got)
		}
		if got := w.find(w.tessa, id); got.Route != nil {
			t.Errorf("the requester is offered %+v", got.Route)
		}
	})
}
