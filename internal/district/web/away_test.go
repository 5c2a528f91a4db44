package web_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/web/htmltest"
)

// Three taps from a phone: the page, who covers, "I'm out".
func TestAway(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		team := must[district.Team](t)(w.d.Team(c.admin, c.tech))
		must[int64](t)(w.d.ChangeTeam(c.admin, district.ChangeTeam{ID: team.ID, Version: team.Version, Name: team.Name, Lead: c.rosa, Tier: team.Tier,
			Members: []district.PersonID{c.rosa, c.lee, c.dana}}))
		b := w.as(c.lee)
		p := b.get("/away", 200)
		if value(p, "#away-form", "when") != "today" || value(p, "#away-form", "cover") != "0" {
			t.Fatal("today, and nobody, are what stands there")
		}
		has(t, p, "#away-form label", "Dana Whitfield")
		has(t, p, "section li", "They are told, and so are: Rosa Delgado.")

		f := p.Form("#away-form").Set("cover", id(c.dana)).Set("why", "Jury duty")
		to, p := b.send(f, "/away", 200)
		if to != "/away?done=saved" {
			t.Fatalf("led to %q", to)
		}
		has(t, p, "#out-now", "You are out until Monday, March 2, 2026")
		has(t, p, "#out-now", "Dana Whitfield covers.")
		if p.Has("#away-form") {
			t.Error("who is out is asked again")
		}
		has(t, w.as(c.dana).get("/away", 200), "main", "You cover for Sam Lee until Mar 3, 2026, 12:00 am")
		has(t, w.as(c.dana).get("/notices", 200), ".mine", "You cover for Sam Lee from Mar 2, 2026 until Monday, March 2, 2026.")
		has(t, w.as(c.rosa).get("/notices", 200), ".mine", "Dana Whitfield covers for Sam Lee")

		// Change it: until Friday, and nobody covers for themselves.
		change := p.One("#out-now a").Attr("href")
		p = b.get(change, 200)
		if value(p, "#away-form", "why") != "Jury duty" || value(p, "#away-form", "cover") != id(c.dana) || value(p, "#away-form", "until") != "2026-03-02" {
			t.Fatal("the form is not what was saved")
		}
		_, q := b.send(p.Form("#away-form").Set("until", "2026-03-06").Set("other", "sam.lee@jv.example"), change, 422)
		has(t, q, "#f-other-error", "Nobody can cover for themselves")
		if value(q, "#away-form", "until") != "2026-03-06" {
			t.Error("what was typed is lost")
		}
		_, q = b.send(p.Form("#away-form").Set("until", "2026-02-27"), change, 422)
		has(t, q, "#f-until-error", "This has ended already")
		_, p = b.send(p.Form("#away-form").Set("until", "2026-03-06"), change, 200)
		has(t, p, "#out-now", "You are out until Friday, March 6, 2026")
		b.send(b.get(change, 200).Form("#away-form"), change, 200) // as it stands: nothing changes

		_, p = b.send(p.Form("#out-now form"), "/away", 200)
		if p.Has("#out-now") {
			t.Fatal("still out")
		}
		has(t, w.as(c.dana).get("/notices", 200), ".mine", "Sam Lee is back.")

		// Planned by who leads the team, and canceled.
		boss := w.as(c.rosa)
		has(t, boss.get("/away", 200), "option", "Sam Lee")
		at := "/away?person=" + id(c.lee)
		p = boss.get(at, 200)
		has(t, p, "h1", "Out of office: Sam Lee")
		_, p = boss.send(p.Form("#away-form").Set("when", "days").Set("from", "2026-03-09").Set("until", "2026-03-10"), at, 200)
		has(t, p, ".card", "Monday, March 9, 2026 to Tuesday, March 10, 2026")
		has(t, p, ".card", "Nobody is named to cover.")
		_, q = boss.send(p.Form("#away-form").Set("when", "days").Set("from", "2026-03-10").Set("until", "2026-03-11"), at, 422)
		has(t, q, "#f-until-error", "already an absence from 2026-03-09 to 2026-03-10")
		_, p = boss.send(p.Form(".card form"), at, 200)
		if p.Has(".card") {
			t.Error("still planned")
		}
		// A search by name leads to them; nobody else may.
		if to, _ := boss.send(boss.get("/away", 200).Form("main form:has(#f-name)").Set("name", "tessa@jv.example"), "/away", 200); to != "/away?person="+id(c.tessa) {
			t.Errorf("the search led to %q", to)
		}
		w.as(c.tessa).get(at, 404)
		w.as(c.dana).get(at, 404)
		f = w.as(c.tessa).get("/away", 200).Form("#away-form")
		f.Values.Set("person", id(c.lee))
		w.as(c.tessa).send(f, "/away", 404)
	})
}

func TestHoursOfSupport(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.dana), "/away/hours"
		f := b.get(at, 200).Form("#hours-form").Set("week", "Montag 08:00-09:00")
		_, p := b.send(f, at, 422)
		has(t, p, "#f-week-error", "“Montag” is not a day")
		_, p = b.send(p.Form("#hours-form").Set("week", "mon-fri 10:10-10:55"), at, 200)
		if got := value(p, "#hours-form", "week"); got != "Mon-Fri 10:10-10:55" {
			t.Fatalf("saved as %q", got)
		}
		old := b.get(at, 200).Form("#hours-form")
		b.send(p.Form("#hours-form").Set("last", "2026-06-05"), at, 200)
		_, p = b.send(old.Set("week", "Mon 08:00-09:00"), at, 412)
		has(t, p, "#f-last-error", "2026-06-05")
		_, p = b.send(p.Form("#hours-form").Set("week", "").Set("last", ""), at, 200)
		if value(p, "#hours-form", "week") != "" {
			t.Error("own hours are still there")
		}
		w.as(c.tessa).get(at+"?person="+id(c.dana), 404)
		has(t, w.as(c.rosa).get(at+"?person="+id(c.dana), 200), "h1", "Hours of support: Dana Whitfield")
	})
}

// cells are what the sheet says of a row, one for each run of equal days.
func cells(t *testing.T, p *htmltest.Page, row string) (out []string) {
	t.Helper()
	for _, tr := range p.All(".cov tbody tr:not(.group)") {
		if tr.One("th").String() == row {
			days := 0
			for _, td := range tr.All("td") {
				n := 1
				if s := td.Attr("colspan"); s != "" {
					n = must[int](t)(strconv.Atoi(s))
				}
				days += n
				out = append(out, td.String())
			}
			if days != len(p.All(".cov thead th"))-1 {
				t.Errorf("%s has %d days", row, days)
			}
			return out
		}
	}
	t.Fatalf("no row %q", row)
	return nil
}

func TestCoverageSheet(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		zone := must[*time.Location](t)(time.LoadLocation("America/Denver"))
		at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, zone) }
		must[district.TeamID](t)(w.d.CreateTeam(c.admin, district.CreateTeam{Name: "Marsh help", Lead: c.dana, Tier: 1, Members: []district.PersonID{c.dana}}))
		teams := must[[]district.Team](t)(w.d.Teams(c.admin, false))
		site := must[district.Site](t)(w.d.Site(c.admin, c.marsh))
		must[int64](t)(w.d.ChangeSite(c.admin, district.ChangeSite{ID: c.marsh, Version: site.Version, Name: site.Name, Level: site.Level, Team: teams[0].ID}))
		pat := must[district.PersonID](t)(w.d.CreatePerson(c.admin, district.CreatePerson{Name: "Pat Lindqvist", Email: "pat@jv.example", Site: c.cedar, Grants: []district.Grant{{Role: district.RolePrincipal, Site: c.cedar}}}))

		b := w.as(c.rosa)
		p := b.get("/coverage", 200)
		has(t, p, "#finding", "No gaps in the next 10 school days.")
		if n := len(p.All(".cov thead th")); n != 11 {
			t.Fatalf("%d columns", n)
		}
		if got := cells(t, p, "Sign-in"); len(got) != 1 || got[0] != "Mon, Mar 2 to Fri, Mar 13 Rosa Delgado" {
			t.Errorf("%q", got)
		}
		if got := cells(t, p, "Cedar Ridge Middle School"); len(got) != 1 || !strings.HasSuffix(got[0], "Technology, from afar") {
			t.Errorf("%q", got)
		}

		dana := must[cover.AbsenceID](t)(w.cover.Declare(c.admin, cover.Declare{Person: c.dana, From: at(4, 0), Until: at(5, 0)}))
		must[cover.AbsenceID](t)(w.cover.Declare(c.admin, cover.Declare{Person: c.rosa, From: at(5, 0), Until: at(5, 12), Cover: c.lee}))
		must[cover.AbsenceID](t)(w.cover.Declare(c.admin, cover.Declare{Person: c.lee, From: at(5, 8), Until: at(5, 9)}))
		p = b.get("/coverage", 200)
		has(t, p, "#finding", "2 gaps in the next 10 school days:")
		has(t, p, ".gaps li", "Marsh Elementary School, Wednesday, March 4, 2026")
		has(t, p, ".gaps li", "Sign-in, Thursday, March 5, 2026, 8:00 am to 9:00 am")
		if got := cells(t, p, "Sign-in"); len(got) != 3 || got[1] != "Thu, Mar 5 Sam Lee for Rosa Delgado 7:30 am to 8:00 am Nobody 8:00 am to 9:00 am Sam Lee for Rosa Delgado 9:00 am to 12:00 pm Rosa Delgado 12:00 pm to 3:30 pm" {
			t.Errorf("Sign-in: %q", got)
		}
		if got := cells(t, p, "Marsh Elementary School"); len(got) != 3 || got[1] != "Wed, Mar 4 Nobody Technology, from afar" {
			t.Errorf("Marsh: %q", got)
		}
		if p.One(".gaps li:first-child a").Attr("href") != "/away?person="+id(c.dana)+"&absence="+id(dana) && p.One(".gaps li:first-child a").Attr("href") != "/away?absence="+id(dana)+"&person="+id(c.dana) {
			t.Errorf("the gap leads to %q", p.One(".gaps li:first-child a").Attr("href"))
		}
		has(t, b.get(p.One(".gaps li:first-child a").Attr("href"), 200), "h2", "Change this absence")
		// Words, not color alone: a gap reads "Nobody".
		for _, e := range p.All(".cov .gap") {
			if !strings.HasPrefix(e.String(), "Nobody") {
				t.Errorf("a gap reads %q", e.String())
			}
		}
		for _, sel := range []string{".cov caption", `.cov th[scope="col"]`, `.cov th[scope="row"]`, `.cov th[scope="rowgroup"]`, ".on-paper"} {
			if !p.Has(sel) {
				t.Errorf("no %s", sel)
			}
		}
		has(t, p, ".on-paper", "Juniper Valley · All places · printed Mar 2, 2026, 7:05 am")

		// A principal reads, and is told whom to ask.
		q := w.as(pat).get("/coverage?place="+id(c.marsh), 200)
		has(t, q, ".gaps li", "Ask Dana Whitfield.")
		if q.Has(".gaps a") || len(q.All(".cov tbody")) != 2 {
			t.Error("a principal is offered what is not theirs, or reads another place")
		}
		w.as(c.tessa).get("/coverage", 404)
		b.get("/coverage?place=999", 404)
		b.get("/coverage?from=nonsense&days=99999", 200)

		// A week on, and back.
		next := p.One("main nav a").Attr("href")
		p = b.get(next, 200)
		has(t, p, ".cov thead th", "Mon, Mar 9")
		has(t, p, "main nav a", "One week earlier")

		rec := w.browser().do(httptest.NewRequest(http.MethodGet, base+p.One(`head link[href^="/coverage/"]`).Attr("href"), nil))
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), "size: letter landscape") || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/css") {
			t.Fatalf("the sheet's style: %d", rec.Code)
		}
	})
}
