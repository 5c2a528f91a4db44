package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

func invalidField(t *testing.T, err error, name, key string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == name && f.Key == key }) {
		t.Errorf("got %v, want %s: %s", err, name, key)
	}
}

func keyOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

func (w *world) handoffs(p person, id desk.TicketID) []desk.Handoff {
	w.t.Helper()
	return must[[]desk.Handoff](w.t)(w.desk.Handoffs(w.as(p), id))
}

func TestHandUpAndBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		library := w.library()
		id := w.ask(w.tessa, "Nobody gets past the sign-in page", func(c *desk.CreateTicket) { c.Service, c.Room = w.signIn, w.room214 })
		w.must(w.desk.Take(w.as(w.dana), id))
		if got := w.find(w.dana, id); got.May(desk.ActHandBack) || got.May(desk.ActTried) || !got.May(desk.ActHandUp) {
			t.Errorf("offered %v", got.Can)
		}
		_, err := w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: id})
		invalidField(t, err, "tried", "field.required")
		_, err = w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: id, Tried: "x", Team: library})
		invalidField(t, err, "team", "desk.hand.not_up")
		_, err = w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: id, Tried: "x", Version: 1})
		if !errs.Is(err, errs.Precondition) {
			t.Errorf("from an older version: %v", err)
		}
		if err := second(w.desk.HandBack(w.as(w.dana), desk.HandBack{Ticket: id, Why: "x"})); keyOf(err) != "desk.hand.nowhere_back" {
			t.Errorf("back to nobody: %v", err)
		}
		w.must(w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: id, Tried: "Another browser, another network", Why: "I can't open the sign-in server"}))
		got := w.find(w.nora, id)
		if got.Team != w.network || got.Owner.ID != 0 || got.Inside.Tier != 2 || got.Inside.Handoffs != 1 || got.Inside.CameFrom != "Marsh library" ||
			len(got.Follower) != 1 || got.Follower[0].ID != w.dana.id {
			t.Errorf("passed on: %+v", got)
		}
		if l := w.lines(w.tessa, id); !strings.Contains(l[len(l)-1], "handed_up owner_team:Marsh library>Network owner_person:Dana Librarian>") {
			t.Errorf("the requester reads %q", l)
		}
		if n := w.told(w.nora)[0]; n.Why != "desk.notice.handed_up" || n.Args["About"] != "Sign-in, Marsh, 214" {
			t.Errorf("the next team was told %+v", n)
		}
		if n := w.told(w.tessa)[0]; n.Why != "desk.notice.who_has_it" || n.Args["Team"] != "Network" || n.Args["Who"] != "Dana Librarian" {
			t.Errorf("the requester was told %+v", n)
		}
		h := w.handoffs(w.nora, id)
		if len(h) != 1 || h[0].Way != desk.Up || h[0].Tried != "Another browser, another network" || h[0].Why != "I can't open the sign-in server" || h[0].FromPerson.ID != w.dana.id || h[0].TriedDue {
			t.Errorf("handed over %+v", h)
		}
		if err := second(w.desk.HandUp(w.as(w.nora), desk.HandUp{Ticket: id, Tried: "x"})); keyOf(err) != "desk.hand.no_next" {
			t.Errorf("beyond the end: %v", err)
		}

		w.must(w.desk.Take(w.as(w.nora), id))
		_, err = w.desk.HandBack(w.as(w.nora), desk.HandBack{Ticket: id})
		invalidField(t, err, "why", "field.required")
		w.must(w.desk.HandBack(w.as(w.nora), desk.HandBack{Ticket: id, Why: "It is the Chromebook, not the network"}))
		got = w.find(w.dana, id)
		if got.Team != library || got.Owner.ID != w.dana.id || got.Inside.Tier != 1 || got.Inside.Handoffs != 2 || !slices.ContainsFunc(got.Follower, func(p desk.Person) bool { return p.ID == w.nora.id }) {
			t.Errorf("back: %+v", got)
		}
		if n := w.told(w.dana)[0]; n.Why != "desk.notice.handed_back" {
			t.Errorf("who has it again was told %+v", n)
		}
		// Undoing is a way of its own, so that the next one back fits.
		last := w.history(w.sam, id)
		w.must(w.desk.Undo(w.as(w.sam), id, last[len(last)-1].Event))
		if got := w.find(w.sam, id); got.Team != w.network || got.Owner.ID != w.nora.id || got.Inside.Tier != 2 || got.Inside.Handoffs != 3 || got.Inside.CameFrom != "Marsh library" {
			t.Errorf("undone: %+v", got)
		}
		// Who had it is away: the team has it, and its lead is told.
		w.away(true, w.dana)
		w.must(w.desk.HandBack(w.as(w.nora), desk.HandBack{Ticket: id, Why: "really"}))
		if got := w.find(w.sam, id); got.Team != library || got.Owner.ID != 0 {
			t.Errorf("back to who is away: %+v", got)
		}
		// Given to a team by hand: to the side, counted too.
		w.must(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Team: w.help}))
		h = w.handoffs(w.sam, id)
		if len(h) != 5 || h[4].Way != desk.Side || h[4].ToTier != 2 || w.find(w.sam, id).Inside.Handoffs != 5 {
			t.Errorf("to the side: %+v", h)
		}
	})
}

// TestTriedAfterwards: while a class stands still nobody has to write first.
func TestTriedAfterwards(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.library()
		id := w.ask(w.tessa, "The whole room is out", func(c *desk.CreateTicket) { c.Impact, c.Service = desk.Stopped, w.signIn })
		w.must(w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: id}))
		if s := whys(w.told(w.dana)); !strings.HasPrefix(s, "tried_due") {
			t.Errorf("who passed it on was told %q", s)
		}
		if got := w.find(w.nora, id); !got.Inside.TriedDue || !got.May(desk.ActTried) {
			t.Errorf("%+v", got)
		}
		_, err := w.desk.AddTried(w.as(w.dana), desk.AddTried{Ticket: id})
		invalidField(t, err, "tried", "field.required")
		w.must(w.desk.AddTried(w.as(w.dana), desk.AddTried{Ticket: id, Text: "Restarted the access point"}))
		if got := w.find(w.nora, id); got.Inside.TriedDue || w.handoffs(w.nora, id)[0].Tried != "Restarted the access point" {
			t.Errorf("%+v", got)
		}
		if s := whys(w.told(w.nora)); !strings.HasPrefix(s, "tried") {
			t.Errorf("who has it was told %q", s)
		}
		if err := second(w.desk.AddTried(w.as(w.dana), desk.AddTried{Ticket: id, Text: "x"})); keyOf(err) != "desk.hand.tried_known" {
			t.Errorf("twice: %v", err)
		}
		// A private one is handed on by nobody.
		p := w.ask(w.tessa, "private", func(c *desk.CreateTicket) { c.Private = desk.Privacy })
		for what, err := range map[string]error{
			"up":   second(w.desk.HandUp(w.as(w.officer), desk.HandUp{Ticket: p, Team: w.vendor, Tried: "x"})),
			"back": second(w.desk.HandBack(w.as(w.officer), desk.HandBack{Ticket: p, Why: "x"})),
		} {
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("a private one %s: %v", what, err)
			}
		}
	})
}

// TestHandoffsAddUp lives random histories. Whatever happens, a ticket has one
// team that is open, each change of it is one handoff that begins where the
// last one ended, who owned it follows it, and nobody who doesn't work on it
// reads a word of what was tried or why.
func TestHandoffsAddUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		library := w.library()
		d := dice(11)
		teams := []district.TeamID{library, w.network, w.help, w.vendor}
		desks := []person{w.sam, w.lead, w.dana, w.nora}
		outside := []person{w.tessa, w.luis, w.counselor, w.priya, w.kim}
		var ids []desk.TicketID
		var secrets []string
		ways := map[desk.Way]int{}
		secret := func() string {
			secrets = append(secrets, fmt.Sprintf("kanarie%d", len(secrets)))
			return "only for us: " + secrets[len(secrets)-1]
		}
		for range 3 {
			id := w.ask(w.sam, "The projector shows no signal", func(c *desk.CreateTicket) {
				c.Requester, c.Beneficiary, c.Service, c.Site, c.Channel = w.tessa.id, w.counselor.id, w.signIn, w.marsh, desk.ByHallway
			})
			w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
			ids = append(ids, id)
			for range 30 {
				ctx, before := w.as(pick(&d, desks)), w.find(w.sam, id)
				var err error
				undid := false
				switch d.roll(11) {
				case 0, 1:
					err = second(w.desk.HandUp(ctx, desk.HandUp{Ticket: id, Tried: secret(), Why: secret()}))
				case 2:
					err = second(w.desk.HandUp(ctx, desk.HandUp{Ticket: id, Tried: secret(), Team: pick(&d, teams)}))
				case 3, 4:
					err = second(w.desk.HandBack(ctx, desk.HandBack{Ticket: id, Why: secret()}))
				case 5:
					err = second(w.desk.Assign(ctx, desk.Assign{Ticket: id, Team: pick(&d, teams), Person: pick(&d, desks).id}))
				case 6:
					err = second(w.desk.Take(ctx, id))
				case 7:
					err = second(w.desk.ChangePlace(ctx, desk.ChangePlace{Ticket: id, Site: pick(&d, []district.SiteID{w.marsh, w.orchard})}))
				case 8:
					err = second(w.desk.ChangeService(ctx, id, 0, pick(&d, []district.ServiceID{w.signIn, w.printing})))
				case 9:
					if err = second(w.desk.HandUp(ctx, desk.HandUp{Ticket: id})); err == nil { // a class is stopped
						w.must(w.desk.AddTried(ctx, desk.AddTried{Ticket: id, Text: secret()}))
					}
					_ = second(w.desk.ChangeImpact(ctx, id, 0, pick(&d, []desk.Impact{desk.Stopped, desk.Slowed})))
				case 10:
					h := w.history(w.sam, id)
					undid = true
					err = second(w.desk.Undo(w.as(w.sam), id, h[len(h)-1].Event))
				}
				if err != nil && errs.KindOf(err) == errs.Internal {
					t.Fatal(err)
				}
				now := w.find(w.sam, id)
				list := w.handoffs(w.sam, id)
				if int64(len(list)) != now.Inside.Handoffs || !slices.Contains(teams, now.Team) {
					t.Fatalf("%d handoffs are counted as %d, with %s", len(list), now.Inside.Handoffs, now.TeamName)
				}
				for i, h := range list {
					if i > 0 && h.From != list[i-1].To || h.From == h.To {
						t.Fatalf("handoffs don't follow each other: %+v", list)
					}
				}
				if n := len(list); n > 0 && list[n-1].To != now.Team {
					t.Fatalf("%s has it after %+v", now.TeamName, list)
				}
				if len(list) > int(before.Inside.Handoffs) {
					ways[list[len(list)-1].Way]++
				} else if now.Team != before.Team && now.Place.Site == before.Place.Site && now.Service == before.Service {
					t.Fatalf("from %s to %s, and nobody handed it on", before.TeamName, now.TeamName)
				}
				if had := before.Owner.ID; !undid && had != 0 && had != now.Owner.ID && !slices.ContainsFunc(now.Follower, func(p desk.Person) bool { return p.ID == had }) {
					t.Fatalf("%s had it and does not follow", before.Owner.Name)
				}
			}
		}
		for _, way := range desk.Ways {
			if ways[way] < 3 {
				t.Errorf("%s happened %d times", way, ways[way])
			}
		}
		for _, p := range outside {
			said := w.everything(p, ids)
			for _, id := range ids {
				if h, err := w.desk.Handoffs(w.as(p), id); err == nil {
					t.Errorf("%s reads %+v", p.name, h)
				}
				clocks, _ := w.desk.Explain(w.as(p), id)
				said += plain(t, clocks) + strings.Join(w.maybeLines(p, id), "\n")
			}
			for _, s := range append(secrets, "ticket.tried", "history.tried", "notice.tried", `"Inside":{`) {
				if i := strings.Index(said, s); i >= 0 {
					t.Errorf("%s reads %q: …%s…", p.name, s, said[max(0, i-80):min(len(said), i+80)])
				}
			}
			for _, s := range secrets {
				if f := must[desk.Found](t)(w.desk.Search(w.as(p), s, "")); f.Total != 0 {
					t.Errorf("%s finds a ticket by %q", p.name, s)
				}
			}
		}
		var inside string
		for _, id := range ids {
			inside += plain(t, w.handoffs(w.sam, id))
		}
		if n := strings.Count(inside, "kanarie"); n < 20 { // or else the test says nothing
			t.Errorf("the desk itself reads %d texts", n)
		}
	})
}

// maybeLines is lines for who may not see the ticket.
func (w *world) maybeLines(p person, id desk.TicketID) []string {
	if second(w.desk.History(w.as(p), id)) != nil {
		return nil
	}
	return w.lines(p, id)
}

// TestTierFollowsTeam: a team on no path has its own tier, and a closed one
// gets nothing.
func TestTierFollowsTeam(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "paper jam", func(c *desk.CreateTicket) { c.Service = w.printing })
		w.write(func(tx *db.Tx) { w.exec(tx, `UPDATE district_team SET active = FALSE WHERE id = $1`, w.network) })
		if err := second(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Team: w.network})); !errs.Is(err, errs.Invalid) {
			t.Errorf("to a closed team: %v", err)
		}
		w.must(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Team: w.vendor})) // on no path: its own
		if got := w.find(w.sam, id); got.Inside.Tier != district.TierVendor || got.Route == nil || got.Route.Team != w.help {
			t.Errorf("%+v", got)
		}
		w.write(func(tx *db.Tx) { w.exec(tx, `UPDATE district_team SET active = FALSE WHERE id = $1`, w.help) })
		if err := second(w.desk.HandBack(w.as(w.sam), desk.HandBack{Ticket: id, Why: "x"})); keyOf(err) != "desk.hand.gone" {
			t.Errorf("back to a closed team: %v", err)
		}
	})
}
