package desk_test

import (
	"slices"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/notice"
)

// covers asks the ground floor who acts for whom, as the program does.
type covers struct{}

func (covers) StandIn(tx *db.Tx, p district.PersonID, at time.Time) (district.PersonID, error) {
	s, err := cover.StandIn(tx, p, at)
	return s.Person, err
}

func (covers) CoveredBy(tx *db.Tx, p district.PersonID, at time.Time) (out []desk.Covering, err error) {
	list, err := cover.CoveredBy(tx, p, at)
	for _, c := range list {
		out = append(out, desk.Covering{Person: desk.Person{ID: c.For, Name: c.Name}, Until: c.Until})
	}
	return out, err
}

func (covers) Hours(*db.Tx, district.PersonID, time.Time) (bool, time.Time, error) {
	return true, time.Time{}, nil
}

// out has somebody be away for a day from now on, and another cover.
func (w *world) out(p, by person) (until time.Time) {
	w.t.Helper()
	w.write(func(tx *db.Tx) {
		until = tx.Now().Add(24 * time.Hour)
		w.exec(tx, `INSERT INTO district_absence (person, from_at, until, cover, created) VALUES ($1, $2, $3, $4, $2)`, p.id, db.Us(tx.Now()), db.Us(until), db.Null(by.id))
	})
	return until
}

// listed are the tickets of a list, in the order of their numbers, after its
// count was compared with it.
func (w *world) listed(p person, v desk.View) (ids []desk.TicketID) {
	w.t.Helper()
	page := must[desk.Page](w.t)(w.desk.ListTickets(w.as(p), desk.Query{View: v}))
	for _, i := range page.Items {
		ids = append(ids, i.ID)
	}
	c := must[desk.Counts](w.t)(w.desk.Counts(w.as(p)))
	count := map[desk.View]int64{desk.Mine: c.Mine, desk.Places: c.Places, desk.Unassigned: c.Unassigned, desk.Following: c.Following, desk.Hidden: c.Private, desk.Overdue: c.Late}
	if count[v] != int64(len(ids)) {
		w.t.Errorf("%s counts %d of %s, and lists %v", p.name, count[v], v, ids)
	}
	slices.Sort(ids)
	return ids
}

// heard reports whether somebody was told something since they were last asked.
func (w *world) heard(p person, why string) bool {
	w.t.Helper()
	is := slices.ContainsFunc(w.told(p), func(n notice.Item) bool { return n.Why == why })
	w.write(func(tx *db.Tx) { w.exec(tx, `DELETE FROM notice WHERE person = $1`, p.id) })
	return is
}

// TestCovering: Omar, who only helps at Orchard, covers for Sam, who owns
// tickets at Marsh. While it lasts they are in his hands, and nothing of them
// is his.
func TestCovering(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.desk = desk.New(desk.Deps{DB: w.d, People: covers{}})
		w.write(func(tx *db.Tx) {
			w.exec(tx, `INSERT INTO desk_private_named (kind, person) VALUES ('safety', $1)`, w.sam.id)
		})
		take := func(p person, id desk.TicketID) desk.TicketID { w.must(w.desk.Take(w.as(p), id)); return id }
		sams := take(w.sam, w.ask(w.tessa, "The projector hums"))
		waits := take(w.sam, w.ask(w.tessa, "A lamp is on order"))
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: waits, On: desk.OnPart, Until: w.clock.Now().Add(time.Hour)}))
		secret := take(w.sam, w.ask(w.tessa, "The projector shows threats", func(c *desk.CreateTicket) { c.Private = desk.Safety }))
		lees := take(w.lead, w.ask(w.luis, "The projector is Lee's"))
		own := take(w.omar, w.ask(w.priya, "A key sticks"))
		hidden := func(p person, ids ...desk.TicketID) {
			t.Helper()
			for _, id := range ids {
				if _, err := w.desk.FindTicket(w.as(p), id); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s and %v: %v", p.name, id, err)
				}
			}
		}
		mine := func(p person, want ...desk.TicketID) {
			t.Helper()
			if got := w.listed(p, desk.Mine); !slices.Equal(got, want) {
				t.Errorf("%s has %v, want %v", p.name, got, want)
			}
		}
		hidden(w.omar, sams, waits, secret, lees)
		mine(w.omar, own)

		until := w.out(w.sam, w.omar)
		hidden(w.omar, secret, lees)
		hidden(w.nora, sams)
		mine(w.omar, sams, own)
		for _, v := range desk.Views {
			if got := w.listed(w.omar, v); slices.Contains(got, secret) || slices.Contains(got, lees) {
				t.Errorf("%s: %v", v, got)
			}
		}
		if f := must[desk.Found](t)(w.desk.Search(w.as(w.omar), "projector", "")); f.Total != 1 || f.Items[0].ID != sams || !f.Items[0].Covering {
			t.Errorf("found %+v", f)
		}
		page := must[desk.Page](t)(w.desk.ListTickets(w.as(w.omar), desk.Query{View: desk.Mine}))
		if c := page.Covering; len(c) != 1 || c[0].ID != w.sam.id || !c[0].Until.Equal(until) {
			t.Errorf("covers for %+v", c)
		}
		for _, i := range page.Items {
			if i.Covering != (i.ID == sams) || i.Covering && (i.OwnerID != w.sam.id || !i.CoverUntil.Equal(until)) {
				t.Errorf("line %+v", i)
			}
		}
		if x := w.find(w.omar, sams); !x.Works || !x.Covering || x.Owner.ID != w.sam.id || x.Away == nil || !x.Away.Until.Equal(until) || x.Away.Cover.ID != w.omar.id {
			t.Errorf("ticket %+v", x)
		}
		if x := w.find(w.tessa, sams); x.Covering || x.Away == nil || !x.Away.Until.IsZero() || x.Away.Cover.ID != w.omar.id {
			t.Errorf("who asked reads %+v", x.Away)
		}
		if x := w.find(w.tessa, secret); x.Away != nil {
			t.Errorf("of a private one %+v", x.Away)
		}

		// What Omar does is done for Sam, and stays Sam's.
		behalf := func(kind string) int64 {
			return w.count(`SELECT behalf FROM event WHERE kind = $1 ORDER BY id DESC LIMIT 1`, kind)
		}
		w.must(w.desk.Reply(w.as(w.omar), sams, desk.Words{Text: "I will look at it"}))
		w.must(w.desk.AddNote(w.as(w.omar), sams, "It is the fan", nil))
		for _, kind := range []string{"ticket.replied", "ticket.noted"} {
			if behalf(kind) != int64(w.sam.id) {
				t.Errorf("%s on behalf of %d", kind, behalf(kind))
			}
		}
		if w.heard(w.lead, "desk.notice.noted") {
			t.Error("the team hears of what the cover notes")
		}
		lines := must[[]desk.Line](t)(w.desk.History(w.as(w.tessa), sams))
		if l := lines[len(lines)-1]; l.Who.ID != w.omar.id || l.For.ID != w.sam.id || lines[0].For.ID != 0 {
			t.Errorf("history ends with %+v", l)
		}
		if _, err := w.desk.Take(w.as(w.omar), sams); !errs.Is(err, errs.Conflict) {
			t.Errorf("taking what is Sam's: %v", err)
		}
		w.must(w.desk.Reply(w.as(w.omar), own, desk.Words{Text: "Oil helps"}))
		if behalf("ticket.replied") != 0 {
			t.Error("his own is Sam's")
		}

		// Whoever covers is told in the owner's place, and the team is not.
		w.heard(w.omar, "")
		w.heard(w.lead, "")
		w.must(w.desk.Reply(w.as(w.tessa), sams, desk.Words{Text: "It got louder"}))
		if !w.heard(w.omar, "desk.notice.replied") || w.heard(w.lead, "desk.notice.replied") {
			t.Error("the answer reached the wrong people")
		}
		given := w.ask(w.tessa, "The clock is slow")
		w.must(w.desk.Assign(w.as(w.lead), desk.Assign{Ticket: given, Person: w.sam.id}))
		if !w.heard(w.omar, "desk.notice.assigned_cover") {
			t.Error("Omar does not know of what was given to Sam")
		}
		w.must(w.desk.Reply(w.as(w.tessa), secret, desk.Words{Text: "Another one"}))
		if w.heard(w.omar, "desk.notice.private") {
			t.Error("a private one reached who covers")
		}
		w.clock.Advance(2 * time.Hour)
		w.sweep()
		if !w.heard(w.omar, "desk.notice.back") {
			t.Error("Omar does not know that a wait is over")
		}
		mine(w.omar, sams, waits, own, given)

		// New work of a team of which nobody is here comes to who covers.
		w.out(w.lead, person{})
		made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "Something new"}))
		if made.Person != w.omar.name || !made.Present || made.PassedOver != "" {
			t.Errorf("expect %+v", made.Expected)
		}
		if !w.heard(w.omar, "desk.notice.new") || !slices.Contains(w.listed(w.omar, desk.Unassigned), made.ID) {
			t.Error("Omar does not know of what is new")
		}
		hidden(w.nora, made.ID)
		take(w.omar, made.ID)

		// Of what they ask for themselves they don't take care.
		w.heard(w.lead, "")
		asks := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.omar), desk.CreateTicket{Text: "Who helps me now", Site: w.marsh}))
		if asks.Person == w.omar.name || !w.heard(w.lead, "desk.notice.nobody_there") {
			t.Errorf("expect %+v, and the lead knows nothing", asks.Expected)
		}
		w.must(w.desk.Assign(w.as(w.admin), desk.Assign{Ticket: asks.ID, Person: w.sam.id}))
		if x := w.find(w.omar, asks.ID); x.Away != nil && x.Away.Cover.ID != 0 {
			t.Errorf("who asks covers: %+v", x.Away)
		}
		w.must(w.desk.Assign(w.as(w.admin), desk.Assign{Ticket: asks.ID, Person: w.admin.id}))
		if x := w.find(w.omar, made.ID); x.Owner.ID != w.omar.id || behalf("ticket.taken") != 0 {
			t.Errorf("taken by %v", x.Owner)
		}

		// A chain leads to Nora, a circle to nobody.
		w.out(w.omar, w.nora)
		mine(w.nora, sams, waits, own, given, made.ID)
		mine(w.omar, own, made.ID)
		hidden(w.omar, sams)
		hidden(w.nora, secret, lees)
		if x := w.find(w.tessa, sams); x.Away.Cover.ID != w.nora.id {
			t.Errorf("covered by %v", x.Away.Cover)
		}
		w.must(w.desk.HandUp(w.as(w.nora), desk.HandUp{Ticket: given, Team: w.vendor, Tried: "Set it twice"}))
		if behalf("ticket.handed_up") != int64(w.sam.id) {
			t.Error("not handed up for Sam")
		}
		if x := w.find(w.nora, given); !x.Follows {
			t.Error("Nora lost sight of what she passed on")
		}
		w.out(w.nora, w.sam)
		mine(w.nora)
		hidden(w.nora, sams)
		if x := w.find(w.admin, sams); x.Away == nil || x.Away.Cover.ID != 0 || x.Owner.ID != w.sam.id {
			t.Errorf("in a circle %+v", x.Away)
		}

		// It ends by itself.
		w.clock.Advance(25 * time.Hour)
		hidden(w.omar, sams, waits)
		mine(w.omar, own, made.ID)
		mine(w.sam, sams, waits, secret)
		if x := w.find(w.sam, sams); x.Away != nil {
			t.Errorf("Sam is back and reads %+v", x.Away)
		}
	})
}
