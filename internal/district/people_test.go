package district_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// changed is the command that changes a person in one thing.
func changed(p district.Person, f func(*district.ChangePerson)) district.ChangePerson {
	c := district.ChangePerson{ID: p.ID, Version: p.Version, Name: p.Name, Email: p.Email, Phone: p.Phone, Title: p.Title, Lang: p.Lang, Site: p.Site, Room: p.Room, Grants: p.Grants}
	f(&c)
	return c
}

// A coach who also teaches and helps at another school is one person.
func TestOnePersonSeveralRolesAtSeveralSites(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		grants := []district.Grant{{Role: district.RoleTeacher, Site: h.marsh}, {Role: district.RoleTier1, Site: h.oak}, {Role: district.RoleTeacher, Site: h.oak}, {Role: district.RoleTeacher, Site: h.marsh}}
		id := must(h.CreatePerson(h.sys, district.CreatePerson{Name: "Coach Kim", Email: "kim@jv.example", Site: h.marsh, Room: h.lib, Lang: "es", Grants: grants}))(t)
		p := must(h.Person(h.sys, id))(t)
		want := []district.Grant{{Role: district.RoleTeacher, Site: h.marsh}, {Role: district.RoleTeacher, Site: h.oak}, {Role: district.RoleTier1, Site: h.oak}}
		if !slices.Equal(p.Grants, want) || p.Lang != "es-US" || p.SiteName != "Marsh Elementary School" || p.RoomName != "Library" {
			t.Fatalf("%+v", p)
		}
		a := policy.ActorFrom(h.as(id))
		if !a.HasRoleIn(int64(h.marsh), district.RoleTeacher) || a.HasRoleIn(int64(h.marsh), district.RoleTier1) || !a.HasRoleIn(int64(h.oak), district.RoleTier1) {
			t.Errorf("acts with %v", a.Grants)
		}
		if !district.Helper.Permits(a) || !district.Staff.Permits(a) || district.Admin.Permits(a) {
			t.Error("policies disagree with the roles")
		}

		for _, c := range []struct {
			g   district.Grant
			key string
		}{
			{district.Grant{Role: "root"}, "field.unknown_choice"},
			{district.Grant{Role: district.RoleAdmin, Site: h.marsh}, "district.grant.wide"},
			{district.Grant{Role: district.RolePrincipal}, "district.grant.placed"},
			{district.Grant{Role: district.RoleTeacher, Site: 999}, "district.grant.no_site"},
			{district.Grant{Role: district.RoleTeacher, Site: -1}, "field.unknown_choice"},
		} {
			_, err := h.CreatePerson(h.sys, district.CreatePerson{Name: "X", Grants: []district.Grant{c.g}})
			field(t, err, "grants", c.key)
		}
	})
}

func TestPersonIsCheckedAndVersioned(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		_, err := h.CreatePerson(h.sys, district.CreatePerson{Name: " ", Email: "not an address", Phone: strings.Repeat("1", 41), Lang: "tlh", Site: h.marsh})
		for f, key := range map[string]string{"name": "field.required", "email": "field.not_email", "phone": "field.too_long", "lang": "field.unknown_choice"} {
			field(t, err, f, key)
		}
		_, err = h.CreatePerson(h.sys, district.CreatePerson{Name: "Second Dana", Email: "DANA@jv.example", Site: 999})
		field(t, err, "email", "district.person.email_taken")
		field(t, err, "site", "field.unknown_choice")
		_, err = h.CreatePerson(h.sys, district.CreatePerson{Name: "Bad\xff", Site: h.oak, Room: h.lib})
		field(t, err, "name", "field.invalid")
		_, err = h.CreatePerson(h.sys, district.CreatePerson{Name: "\u200b\u2066 \u3164"})
		field(t, err, "name", "field.required")
		odd := h.person("\u202eOdd\u2066\x07  Name\u2069 ", "", h.oak)
		if n := must(h.Person(h.sys, odd))(t).Name; n != "Odd Name" {
			t.Errorf("the name is %q", n)
		}
		_, err = h.CreatePerson(h.sys, district.CreatePerson{Name: "Wrong room", Site: h.oak, Room: h.lib})
		field(t, err, "room", "district.person.room_elsewhere")

		p := must(h.Person(h.sys, h.tina))(t)
		events := h.events("person.changed")
		if v := must(h.ChangePerson(h.sys, changed(p, func(*district.ChangePerson) {})))(t); v != p.Version || h.events("person.changed") != events {
			t.Error("changing nothing changed something")
		}
		v := must(h.ChangePerson(h.sys, changed(p, func(c *district.ChangePerson) { c.Title = "Grade 4" })))(t)
		if v != p.Version+1 {
			t.Errorf("version %d after %d", v, p.Version)
		}
		_, err = h.ChangePerson(h.sys, changed(p, func(c *district.ChangePerson) { c.Title = "Grade 5" }))
		refusedAs(t, err, errs.Precondition, "error.stale")
		if p = must(h.Person(h.sys, h.tina))(t); p.Title != "Grade 4" {
			t.Errorf("a stale change stands: %+v", p)
		}
		if n := h.count(`SELECT count(*) FROM event_body b JOIN event e ON e.id = b.event WHERE e.subj_kind = 'person' AND e.subj = $1 AND b.body LIKE '%Grade 4%'`, h.tina); n != 1 {
			t.Error("the title is not in the erasable body")
		}
		if n := h.count(`SELECT count(*) FROM event WHERE changes LIKE '%Grade 4%' OR changes LIKE '%tina@%'`); n != 0 {
			t.Error("personal values stand outside the erasable body")
		}

		me := h.as(h.tina)
		must(h.ChangeMe(me, district.ChangeMe{Version: v, Phone: "x1204", Lang: "es", Site: h.marsh, Room: h.lib}))(t)
		if m := must(h.Me(me))(t); m.Lang != "es-US" || m.Room != h.lib || m.Zone != "America/Denver" {
			t.Errorf("me %+v", m)
		}
		_, err = h.ChangeMe(me, district.ChangeMe{Version: v})
		refusedAs(t, err, errs.Precondition, "error.stale")
		if p = must(h.Person(h.sys, h.tina))(t); p.Name != "Tina O'Neil-Brown" || len(p.Grants) != 1 || p.Title != "Grade 4" {
			t.Errorf("changing oneself changed more: %+v", p)
		}
	})
}

func TestDeactivationEndsAccessAndLeavesNoGap(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		team := must(h.CreateTeam(h.sys, district.CreateTeam{Name: "Marsh first help", Lead: h.dana, Tier: 1}))(t)
		svc := must(h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: "Sign-in", Owner: h.sam, Cover: h.dana}))(t)
		session := h.session(h.dana)
		token, _, err := h.CreateToken(h.as(h.dana), district.CreateToken{Name: "t", Scopes: []string{district.ScopeDeskRead}})
		if err != nil {
			t.Fatal(err)
		}
		link, _, err := h.MakeInvite(h.sys, h.dana)
		if err != nil {
			t.Fatal(err)
		}
		p := must(h.Person(h.sys, h.dana))(t)
		_, err = h.DeactivatePerson(h.sys, h.dana, p.Version)
		refusedAs(t, err, errs.Conflict, "district.person.still_answers")
		if what := err.(*errs.Error).Args["What"]; what != "Marsh first help, Sign-in" {
			t.Errorf("names %v", what)
		}
		if h.actor(session).Kind != policy.Person {
			t.Error("a refused deactivation ended a session")
		}

		must(h.ChangeTeam(h.sys, district.ChangeTeam{ID: team, Version: 1, Name: "Marsh first help", Lead: h.sam, Tier: 1, Members: []district.PersonID{h.dana, h.sam}}))(t)
		must(h.ChangeService(h.sys, district.ChangeService{ID: svc, Version: 1, Kind: district.KindService, Name: "Sign-in", Owner: h.sam, Cover: h.rosa}))(t)
		_, err = h.DeactivatePerson(h.sys, h.dana, p.Version+1)
		refusedAs(t, err, errs.Precondition, "error.stale")
		v := must(h.DeactivatePerson(h.sys, h.dana, p.Version))(t)
		if h.actor(session).Kind != policy.Anonymous || h.bearer(token).Kind != policy.Anonymous {
			t.Error("deactivated and still inside")
		}
		_, err = h.Invite(context.Background(), link)
		refusedAs(t, err, errs.NotFound, "district.invite.refused")
		_, _, err = h.MakeInvite(h.sys, h.dana)
		refusedAs(t, err, errs.Conflict, "district.person.inactive")

		must(h.ReactivatePerson(h.sys, h.dana, v))(t)
		if h.actor(session).Kind != policy.Anonymous || h.bearer(token).Kind != policy.Anonymous {
			t.Error("coming back brought old sessions or tokens back")
		}
		if h.actor(h.session(h.dana)).Kind != policy.Person {
			t.Error("back and can't sign in")
		}

		// Somebody always runs Trellis.
		rosa := must(h.Person(h.sys, h.rosa))(t)
		_, err = h.ChangePerson(h.sys, changed(rosa, func(c *district.ChangePerson) { c.Grants = []district.Grant{{Role: district.RoleAgent}} }))
		refusedAs(t, err, errs.Conflict, "district.person.last_admin")
		boss := h.person("Bo Second", "bo@jv.example", 0, district.Grant{Role: district.RoleAdmin})
		_, err = h.ChangePerson(h.sys, changed(rosa, func(c *district.ChangePerson) { c.Grants = []district.Grant{{Role: district.RoleStaff}} }))
		refusedAs(t, err, errs.Conflict, "district.person.still_member")
		must(h.ChangePerson(h.sys, changed(rosa, func(c *district.ChangePerson) { c.Grants = []district.Grant{{Role: district.RoleAgent}} })))(t)
		bo := must(h.Person(h.sys, boss))(t)
		_, err = h.DeactivatePerson(h.sys, boss, bo.Version)
		refusedAs(t, err, errs.Conflict, "district.person.last_admin")
	})
}

func TestFindPeople(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		names := func(who district.PersonID, q string) string {
			t.Helper()
			var s []string
			for _, f := range must(h.FindPeople(h.as(who), q, 20))(t) {
				s = append(s, f.Name)
			}
			return strings.Join(s, ", ")
		}
		sam, tina, dana, rosa := h.sam, h.tina, h.dana, h.rosa
		for _, c := range []struct {
			who  district.PersonID
			q    string
			want string
		}{
			{sam, "nun", "Sam Núñez"},            // folded
			{sam, "ONE", "Tina O'Neil-Brown"},    // a part, without its apostrophe
			{sam, "o'neil", "Tina O'Neil-Brown"}, //
			{sam, "brown ti", "Tina O'Neil-Brown"},
			{sam, "tina@jv", "Tina O'Neil-Brown"},
			{sam, "brown sam", ""},
			{sam, "mars", "Olga Marsden, Stuart Marsh"}, // the whole district is Sam's
			{dana, "mars", "Stuart Marsh"},              // Marsh is Dana's
			{dana, "lind", "Pat Lindqvist"},             // staff anywhere
			{rosa, "mars", "Olga Marsden, Stuart Marsh"},
			{tina, "mars", ""}, // a teacher finds nobody but herself
			{tina, "lind", ""},
			{tina, "ti", "Tina O'Neil-Brown"},
			{h.olga, "mars", "Olga Marsden"},
			{sam, "s", ""},
			{sam, "", ""},
			{sam, "%_", ""},
			{sam, "\x00\xff" + strings.Repeat("z", 5000), ""},
		} {
			if got := names(c.who, c.q); got != c.want {
				t.Errorf("person %d looks for %.20q: %q, want %q", c.who, c.q, got, c.want)
			}
		}
		p := must(h.Person(h.sys, h.pat))(t)
		must(h.DeactivatePerson(h.sys, h.pat, p.Version))(t)
		if got := names(sam, "lind"); got != "" {
			t.Errorf("found somebody deactivated: %s", got)
		}
		// Person and AskFor open exactly whom FindPeople finds.
		for _, id := range []district.PersonID{h.stu, h.olga, h.sam, h.tina} {
			for _, who := range []district.PersonID{sam, dana, tina, h.olga} {
				p, errP := h.Person(h.as(who), id)
				_, errA := h.AskFor(h.as(who), id)
				found := errP == nil
				want := who == id || who == sam || who == dana && id != h.olga
				if found != want || (errA == nil) != want {
					t.Errorf("%d opens %d (%s): %v, asks for: %v", who, id, p.Name, errP, errA)
				}
				if !want {
					refusedAs(t, errP, errs.NotFound, "error.not_found")
				}
			}
		}
		_, err := h.Person(h.as(sam), 12345)
		refusedAs(t, err, errs.NotFound, "error.not_found")
	})
}

func TestPeopleArePaged(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		admin := h.as(h.rosa)
		var names []string
		q := district.ListPeople{Limit: 3}
		for {
			page := must(h.People(admin, q))(t)
			for _, p := range page.People {
				names = append(names, p.Name)
			}
			if page.Next == "" {
				break
			}
			q.After = page.Next
		}
		want := []string{"Dana Whitfield", "Olga Marsden", "Pat Lindqvist", "Rosa Delgado", "Sam Núñez", "Stuart Marsh", "Tina O'Neil-Brown"}
		if !slices.Equal(names, want) {
			t.Errorf("%q", names)
		}
		for q, want := range map[district.ListPeople]int{
			{Role: district.RoleStudent}: 2, {Site: h.marsh}: 3, {Site: h.marsh, Query: "dan"}: 1, {Gone: true}: 0, {Role: "x\x00"}: 0,
		} {
			if got := len(must(h.People(admin, q))(t).People); got != want {
				t.Errorf("%+v: %d people, want %d", q, got, want)
			}
		}
		_, err := h.People(admin, district.ListPeople{After: "!!"})
		refusedAs(t, err, errs.Invalid, "error.bad_cursor")
	})
}

// When somebody is back stands on their record, in lists and beside their
// name, while an absence of theirs holds.
func TestAway(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		now := h.clock.Now()
		h.away(h.sam, now.Add(time.Hour))
		put(h, `INSERT INTO district_absence (person, from_at, until, created) VALUES ($1, $2, $3, $4)`, h.dana, db.Us(now.Add(time.Hour)), db.Us(now.Add(2*time.Hour)), db.Us(now))
		rosa := h.as(h.rosa)
		expect := func(id district.PersonID, want time.Time) {
			t.Helper()
			p := must(h.Person(rosa, id))(t)
			if !p.AwayUntil.Equal(want) {
				t.Errorf("%s: away until %v, want %v", p.Name, p.AwayUntil, want)
			}
			for _, x := range must(h.People(rosa, district.ListPeople{Query: p.Name}))(t).People {
				if x.ID == id && !x.AwayUntil.Equal(want) {
					t.Errorf("%s in the list: away until %v", p.Name, x.AwayUntil)
				}
			}
			for _, x := range must(h.FindPeople(rosa, p.Name, 0))(t) {
				if x.ID == id && !x.AwayUntil.Equal(want) {
					t.Errorf("%s found: away until %v", p.Name, x.AwayUntil)
				}
			}
			if me := must(h.Me(h.as(id)))(t); !me.AwayUntil.Equal(want) {
				t.Errorf("%s themselves: away until %v", p.Name, me.AwayUntil)
			}
		}
		expect(h.sam, now.Add(time.Hour))
		expect(h.dana, time.Time{}) // not yet
		h.clock.Set(now.Add(time.Hour))
		expect(h.sam, time.Time{})
		expect(h.dana, now.Add(2*time.Hour))
		put(h, `UPDATE district_absence SET ended_at = $1 WHERE person = $2`, db.Us(now.Add(90*time.Minute)), h.dana)
		h.Forget()
		expect(h.dana, now.Add(90*time.Minute))
		h.clock.Set(now.Add(90 * time.Minute))
		expect(h.dana, time.Time{})
	})
}
