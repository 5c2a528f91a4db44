package desk_test

import (
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/notice"
)

// told lists what a person was told, the newest first, as "key urgency".
func (w *world) told(p person) (out []notice.Item) {
	w.t.Helper()
	if err := w.d.Read(system(), func(tx *db.Tx) (err error) {
		out, _, err = notice.List(tx, int64(p.id), "", 100)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func whys(items []notice.Item) string {
	var out []string
	for _, i := range items {
		out = append(out, strings.TrimPrefix(i.Why, "desk.notice."))
	}
	return strings.Join(out, " ")
}

func TestPrivate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.omar), desk.CreateTicket{
			Text: "A student's file is open to everybody", Private: desk.Privacy, Beneficiary: w.priya.id, Site: w.marsh, Impact: desk.Stopped}))
		if made.Person != "Olu Officer" || made.Team != "" {
			t.Errorf("sent to %+v", made)
		}
		id := made.ID
		got := w.find(w.omar, id)
		if got.TeamName != "" || got.Works || got.May(desk.ActAddFollower) {
			t.Errorf("the requester sees %+v", got)
		}
		for _, p := range []person{w.admin, w.lead, w.sam, w.dana, w.priya, w.counselor} {
			if s := w.everything(p, []desk.TicketID{id}); strings.Contains(s, "everybody") || strings.Contains(s, id.String()) || len(w.told(p)) != 0 {
				t.Errorf("%s knows of it: %s", p.name, s)
			}
			if f := must[desk.Found](t)(w.desk.Search(w.as(p), "everybody", "")); f.Total != 0 {
				t.Errorf("%s finds it", p.name)
			}
		}
		told := w.told(w.officer)
		if whys(told) != "private" || strings.Contains(plain(t, told), "everybody") || strings.Contains(plain(t, told), "Omar") {
			t.Errorf("the officer was told %s", plain(t, told))
		}
		// The officer works on it like anybody works on a ticket.
		w.must(w.desk.Take(w.as(w.officer), id))
		w.must(w.desk.AddNote(w.as(w.officer), id, "asked the vendor", nil))
		w.must(w.desk.Reply(w.as(w.officer), id, desk.Words{Text: "Thank you, it is closed now"}))
		if err := second(w.desk.Assign(w.as(w.officer), desk.Assign{Ticket: id, Person: w.sam.id})); !errs.Is(err, errs.Invalid) {
			t.Errorf("assigned to somebody who can't see it: %v", err)
		}
		if err := second(w.desk.AddFollower(w.as(w.officer), id, w.sam.id)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("followed by somebody who can't see it: %v", err)
		}
		// Who is named later gets the open ones, who no longer is loses them.
		if err := w.desk.SetNamed(w.as(w.admin), desk.Privacy, []district.PersonID{w.nora.id}); err != nil {
			t.Fatal(err)
		}
		if err := second(w.desk.FindTicket(w.as(w.officer), id)); !errs.Is(err, errs.NotFound) {
			t.Errorf("still named: %v", err)
		}
		if got := w.find(w.nora, id); !got.Works || got.Owner.ID != 0 {
			t.Errorf("the new one sees %+v", got)
		}
		if err := second(w.desk.FindTicket(w.as(w.admin), id)); !errs.Is(err, errs.NotFound) {
			t.Errorf("who names people sees it: %v", err)
		}
		if s := whys(w.told(w.officer)); !strings.Contains(s, "named_privacy") {
			t.Errorf("the officer was not told: %s", s)
		}
		w.must(w.desk.MakePublic(w.as(w.nora), id, 0))
		if got := w.find(w.dana, id); got.Private != "" || got.Inside == nil {
			t.Errorf("public again: %+v", got)
		}
		if err := second(w.desk.AddNote(w.as(w.nora), id, "x", nil)); err == nil {
			t.Error("who was named still works on it")
		}
	})
}

// TestNobodyNamed: a kind that nobody is named for goes to the lead of the
// team that takes everything, alone.
func TestNobodyNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "Strange mail", func(c *desk.CreateTicket) { c.Private = desk.SuspiciousMail })
		if got := w.find(w.lead, id); !got.Works {
			t.Errorf("%+v", got)
		}
		if s := whys(w.told(w.lead)); s != "name_someone private" && s != "private name_someone" {
			t.Errorf("the lead was told %s", s)
		}
		if err := second(w.desk.FindTicket(w.as(w.sam), id)); !errs.Is(err, errs.NotFound) {
			t.Errorf("Sam sees it: %v", err)
		}
	})
}

// TestMakePrivate: what people were told before is no longer theirs, and an
// owner who is not named no longer owns it.
func TestMakePrivate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.desk.SetNamed(w.as(w.admin), desk.Safety, []district.PersonID{w.dana.id}); err != nil {
			t.Fatal(err)
		}
		id := w.ask(w.tessa, "Somebody writes bad things", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		w.must(w.desk.Take(w.as(w.sam), id))
		w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
		if got := w.find(w.dana, id).Inside.MakePrivate; !slices.Equal(got, []desk.Private{desk.Safety}) {
			t.Errorf("Dana may make it %v", got)
		}
		if got := w.find(w.lead, id).Inside.MakePrivate; !slices.Equal(got, []desk.Private{desk.LostDevice, desk.SuspiciousMail}) { // whatever nobody is named for
			t.Errorf("the lead may make it %v", got)
		}
		if got := w.find(w.sam, id); len(got.Inside.MakePrivate) != 0 || got.May(desk.ActMakePrivate) {
			t.Errorf("Sam may make it %v", got.Inside.MakePrivate)
		}
		if err := second(w.desk.MakePrivate(w.as(w.dana), id, 0, desk.Privacy)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("Dana is not named for privacy: %v", err)
		}
		w.must(w.desk.MakePrivate(w.as(w.dana), id, 0, desk.Safety))
		for _, p := range []person{w.sam, w.luis, w.lead} {
			if err := second(w.desk.FindTicket(w.as(p), id)); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s sees it: %v", p.name, err)
			}
			if s := plain(t, w.told(p)); strings.Contains(s, "bad things") {
				t.Errorf("%s still reads %s", p.name, s)
			}
		}
		w.must(w.desk.Reply(w.as(w.dana), id, words))
		w.must(w.desk.AddNote(w.as(w.dana), id, "x", nil))
		for _, p := range []person{w.sam, w.luis, w.lead} { // who had it, who follows, whose team it is
			if s := whys(w.told(p)); s != "" && s != "named_safety" {
				t.Errorf("%s was told %s", p.name, s)
			}
		}
		if s := whys(w.told(w.tessa)); s != "private" {
			t.Errorf("the requester was told %s", s)
		}
		if got := w.find(w.dana, id); got.Owner.ID != 0 || len(got.Inside.Named) != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// TestPrivateFollowers: who followed a request before it was made private is
// named to nobody while it is, and follows it again afterwards.
func TestPrivateFollowers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.must(0, w.desk.SetNamed(w.as(w.admin), desk.Safety, []district.PersonID{w.dana.id}))
		id := w.ask(w.tessa, "x")
		w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
		w.must(w.desk.AddFollower(w.as(w.sam), id, w.nora.id)) // who helps elsewhere
		w.must(w.desk.Unfollow(w.as(w.nora), id))
		w.must(w.desk.AddFollower(w.as(w.sam), id, w.nora.id))
		w.must(w.desk.Follow(w.as(w.dana), id))
		w.must(w.desk.Take(w.as(w.sam), id))
		w.must(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id})) // and Sam follows
		names := func(p person) string {
			var out []string
			for _, f := range w.find(p, id).Follower {
				out = append(out, f.Name)
			}
			return strings.Join(out, ", ")
		}
		before := plain(t, w.history(w.tessa, id))
		if got := names(w.tessa); got != "Dana Librarian, Luis Prado, Nora Network, Sam Specialist" || !strings.Contains(before, "Luis") || !strings.Contains(before, "Nora") {
			t.Fatalf("before: %s, %s", got, before)
		}
		w.must(w.desk.MakePrivate(w.as(w.dana), id, 0, desk.Safety))
		for _, p := range []person{w.tessa, w.dana} {
			if got := names(p); got != "Dana Librarian" {
				t.Errorf("%s reads that %s follow it", p.name, got)
			}
			all := plain(t, w.find(p, id)) + plain(t, w.history(p, id))
			if strings.Contains(all, "Luis") || strings.Contains(all, "Nora") {
				t.Errorf("%s reads %s", p.name, all)
			}
			if h := w.history(p, id); !slices.ContainsFunc(h, func(l desk.Line) bool { return l.Key == "desk.history.followed" && l.Changes[0].To.Text == w.dana.name }) {
				t.Errorf("%s does not read that Dana follows it: %+v", p.name, h)
			}
		}
		w.must(w.desk.MakePublic(w.as(w.dana), id, 0))
		if got := names(w.tessa); got != "Dana Librarian, Luis Prado, Nora Network, Sam Specialist" {
			t.Errorf("afterwards: %s", got)
		}
	})
}
