package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
)

// ground is the world's district, which tells the desk who goes.
func (w *world) ground() *district.District {
	d := district.New(district.Deps{DB: w.d})
	d.Holds(w.desk)
	return d
}

func (w *world) leave(p person) {
	w.t.Helper()
	w.write(func(tx *db.Tx) {
		w.exec(tx, `UPDATE district_service SET owner = $1, cover = $2`, w.lead.id, w.admin.id)
		w.exec(tx, `UPDATE district_team SET lead = $1 WHERE id = $2`, w.admin.id, w.vendor)
	})
	g := w.ground()
	was := must[district.Person](w.t)(g.Person(system(), p.id))
	w.must(g.DeactivatePerson(w.as(w.admin), p.id, was.Version))
}

// last is the newest line of a ticket's history.
func (w *world) last(p person, id desk.TicketID) desk.Line {
	w.t.Helper()
	h := w.history(p, id)
	return h[len(h)-1]
}

func (w *world) unassigned(p person, s desk.State) (out []desk.TicketID) {
	w.t.Helper()
	page := must[desk.Page](w.t)(w.desk.ListTickets(w.as(p), desk.Query{View: desk.Unassigned, State: s}))
	for _, i := range page.Items {
		out = append(out, i.ID)
	}
	return out
}

// TestLeaving: what somebody who leaves was taking care of is the team's
// again, and the team knows.
func TestLeaving(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		open, waiting, done, stopped := w.ask(w.tessa, "open"), w.ask(w.tessa, "waiting"), w.ask(w.tessa, "done"), w.ask(w.tessa, "stopped", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		other := w.ask(w.tessa, "another's")
		for _, id := range []desk.TicketID{open, waiting, done, stopped} {
			w.must(w.desk.Take(w.as(w.sam), id))
		}
		w.must(w.desk.Take(w.as(w.dana), other))
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: waiting, On: desk.OnPart}))
		w.must(w.desk.Solve(w.as(w.sam), done, 0, words))
		w.write(func(tx *db.Tx) { w.exec(tx, `DELETE FROM notice`) })
		w.leave(w.sam)

		if got := w.unassigned(w.lead, desk.Open); !slices.Contains(got, open) || !slices.Contains(got, stopped) {
			t.Errorf("nobody owns %v", got)
		}
		if got := w.find(w.lead, waiting); got.Owner.ID != 0 || got.State != desk.Waiting || got.Until.IsZero() {
			t.Errorf("what waited: %+v", got)
		}
		if got := w.find(w.lead, other); got.Owner.ID != w.dana.id {
			t.Errorf("another's: %+v", got)
		}
		l := w.last(w.tessa, open)
		if l.Key != "desk.history.handed_over" || len(l.Changes) != 1 || l.Changes[0].From.Text != w.sam.name || !l.Changes[0].To.Empty() || l.CanUndo {
			t.Errorf("history says %+v", l)
		}
		told := w.told(w.lead)
		if whys(told) != "handed_over" || told[0].Count != 3 || told[0].Args["Who"] != w.sam.name || told[0].Urgency != notice.Urgent {
			t.Errorf("the lead was told %+v", told)
		}
		// What was done keeps who did it until it is opened again.
		if got := w.find(w.lead, done); got.Owner.ID != w.sam.id {
			t.Errorf("what was done: %+v", got)
		}
		w.must(w.desk.NotFixed(w.as(w.tessa), done, words))
		if got := w.find(w.lead, done); got.Owner.ID != 0 || got.State != desk.Open {
			t.Errorf("opened again: %+v", got)
		}
		if got := whys(w.told(w.lead)); !strings.Contains(got, "not_fixed") {
			t.Errorf("the lead was told %s", got)
		}
		// A team of which nobody is here has somebody who hears of it.
		w.must(w.desk.Assign(w.as(w.admin), desk.Assign{Ticket: open, Person: w.omar.id}))
		w.write(func(tx *db.Tx) {
			w.exec(tx, `DELETE FROM notice`)
		})
		w.away(true, w.lead)
		w.leave(w.omar)
		if a, l := w.told(w.admin), w.told(w.lead); whys(l) != "nobody_there" || len(a) != 0 { // Ada did it herself
			t.Errorf("the administrator was told %+v, the lead %+v", a, l)
		}
	})
}

// TestStopsHelping: who no longer works the desk owns nothing there, and is
// named for nothing.
func TestStopsHelping(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.must(0, w.desk.SetNamed(w.as(w.admin), desk.Safety, []district.PersonID{w.dana.id, w.omar.id}))
		w.must(0, w.desk.SetNamed(w.as(w.admin), desk.LostDevice, []district.PersonID{w.dana.id}))
		id := w.ask(w.tessa, "x")
		shared := w.ask(w.tessa, "worry", func(c *desk.CreateTicket) { c.Private = desk.Safety })
		alone := w.ask(w.tessa, "lost", func(c *desk.CreateTicket) { c.Private = desk.LostDevice })
		for _, id := range []desk.TicketID{id, shared, alone} {
			w.must(w.desk.Take(w.as(w.dana), id))
		}
		w.write(func(tx *db.Tx) { w.exec(tx, `DELETE FROM notice`) })
		g := w.ground()
		was := must[district.Person](t)(g.Person(system(), w.dana.id))
		w.must(g.ChangePerson(w.as(w.admin), district.ChangePerson{ID: w.dana.id, Version: was.Version, Name: was.Name, Phone: was.Phone, Lang: was.Lang, Site: was.Site,
			Grants: []district.Grant{{Role: district.RoleTeacher, Site: w.marsh}}}))
		w.dana.grants = []policy.Grant{{Role: "teacher", Scope: int64(w.marsh)}}

		for _, id := range []desk.TicketID{id, shared, alone} {
			if err := second(w.desk.FindTicket(w.as(w.dana), id)); !errs.Is(err, errs.NotFound) {
				t.Errorf("still sees %s: %v", id, err)
			}
		}
		if got := w.find(w.omar, shared); got.Owner.ID != 0 || len(got.Inside.Named) != 1 {
			t.Errorf("shared: %+v", got)
		}
		// Nobody else was named: it is the lead of the help team's, who is asked
		// to have somebody named.
		if got := w.find(w.lead, alone); !got.Works || got.Owner.ID != 0 {
			t.Errorf("alone: %+v", got)
		}
		if got := whys(w.told(w.lead)); !strings.Contains(got, "private") || !strings.Contains(got, "name_someone") || !strings.Contains(got, "named_lost_device") || !strings.Contains(got, "handed_over") {
			t.Errorf("the lead was told %s", got)
		}
		if got := whys(w.told(w.omar)); got != "named_safety" {
			t.Errorf("Omar was told %s", got)
		}
		for _, l := range w.history(w.tessa, alone) {
			if l.Key == "desk.history.named" {
				t.Error("the requester reads who is named")
			}
		}
		for _, n := range must[[]desk.Named](t)(w.desk.NamedPeople(w.as(w.admin))) {
			if slices.Contains(n.People, w.dana.id) {
				t.Errorf("still named for %s", n.Kind)
			}
		}
	})
}

// TestLastNamedLeaves: a private request always has a reader, whatever its
// state.
func TestLastNamedLeaves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.must(0, w.desk.SetNamed(w.as(w.admin), desk.Privacy, []district.PersonID{w.nora.id, w.omar.id}))
		id := w.ask(w.tessa, "worry", func(c *desk.CreateTicket) { c.Private = desk.Privacy })
		w.must(w.desk.Solve(w.as(w.omar), id, 0, words))
		w.leave(w.omar)
		if got := w.find(w.nora, id); len(got.Inside.Named) != 1 {
			t.Errorf("%+v", got)
		}
		if err := second(w.desk.FindTicket(w.as(w.lead), id)); !errs.Is(err, errs.NotFound) {
			t.Errorf("the lead sees it while somebody is named: %v", err)
		}
		// Nora leads Network; it gets another lead before she leaves.
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE district_team SET lead = $1 WHERE id = $2`, w.lead.id, w.network)
			w.exec(tx, `INSERT INTO district_member (team, person) VALUES ($1, $2)`, w.network, w.lead.id)
		})
		w.leave(w.nora)
		if got := w.find(w.lead, id); !got.Works || got.State != desk.Solved {
			t.Errorf("%+v", got)
		}
	})
}

// TestTeamCloses: its open tickets go where a new one would, owners stay.
func TestTeamCloses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		network := func(c *desk.CreateTicket) { c.Service = w.signIn }
		free, owned, done := w.ask(w.tessa, "free", network), w.ask(w.tessa, "owned", network), w.ask(w.tessa, "done", network)
		w.must(w.desk.Take(w.as(w.nora), owned))
		w.must(w.desk.Solve(w.as(w.nora), done, 0, words))
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE district_service SET team = NULL WHERE id = $1`, w.signIn)
			w.exec(tx, `DELETE FROM notice`)
		})
		g := w.ground()
		team := must[district.Team](t)(g.Team(system(), w.network))
		w.must(g.CloseTeam(w.as(w.admin), w.network, team.Version))
		if got := w.find(w.lead, free); got.Team != w.help || got.Owner.ID != 0 {
			t.Errorf("free: %+v", got)
		}
		if got := w.find(w.nora, owned); got.Team != w.help || got.Owner.ID != w.nora.id || !got.Works {
			t.Errorf("owned: %+v", got)
		}
		if l := w.last(w.tessa, free); l.Key != "desk.history.handed_over" || l.Changes[0].From.Text != "Network" || l.Changes[0].To.Text != "Help desk" {
			t.Errorf("history says %+v", l)
		}
		for _, p := range []person{w.lead, w.sam} {
			if told := w.told(p); whys(told) != "handed_over" || told[0].Count != 1 || told[0].Args["Who"] != "Network" || told[0].Args["Team"] != "Help desk" {
				t.Errorf("%s was told %+v", p.name, told)
			}
		}
		if got := w.find(w.nora, done); got.Team != w.network {
			t.Errorf("done: %+v", got)
		}
		w.must(w.desk.Reply(w.as(w.tessa), done, words))
		if got := w.find(w.lead, done); got.Team != w.help || got.State != desk.Open {
			t.Errorf("opened again: %+v", got)
		}
	})
}

// TestHandOverWhole: it happens with what caused it, or neither does.
func TestHandOverWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "x")
		w.must(w.desk.Take(w.as(w.sam), id))
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE desk_ticket SET place_text = 'x'`)
			// A second ticket of nobody in that place is what the hand-over
			// stumbles over.
			w.exec(tx, `CREATE UNIQUE INDEX desk_stumble ON desk_ticket (place_text) WHERE owner_person IS NULL AND place_text <> ''`)
		})
		w.ask(w.tessa, "y", func(c *desk.CreateTicket) { c.PlaceText = "x" })
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE district_service SET owner = $1, cover = $2`, w.lead.id, w.admin.id)
			w.exec(tx, `UPDATE district_team SET lead = $1 WHERE id = $2`, w.admin.id, w.vendor)
		})
		_, err := w.ground().DeactivatePerson(w.as(w.admin), w.sam.id, 1)
		if err == nil {
			t.Fatal("the hand-over failed and nobody knows")
		}
		if errs.KindOf(err) == errs.Conflict && strings.Contains(err.Error(), "still_answers") {
			t.Fatal(err)
		}
		var active bool
		if err := w.d.Read(context.Background(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT active FROM district_person WHERE id = $1`, w.sam.id).Scan(&active)
		}); err != nil || !active {
			t.Errorf("gone all the same: %v", err)
		}
		if got := w.find(w.lead, id); got.Owner.ID != w.sam.id {
			t.Errorf("%+v", got)
		}
	})
}
