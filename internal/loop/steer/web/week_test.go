package web_test

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trellis/internal/desk/flow/flowtest"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

// tuesday is 10:05 on a school day where the district is.
var tuesday = testkit.Start.Add(27 * time.Hour)

func inSchool(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	c := clock.NewManual(tuesday)
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) { f(t, newHouse(t, d, c)) })
}

// school is a house with services, people and a history of its own requests.
type school struct {
	*house
	services            []district.ServiceID
	names               []string
	paul, otto, bo, eve *person // principals of Marsh and of Orchard, the board, tier 1 at Orchard
	people              []district.PersonID
	now, monday         time.Time // Monday 0:00 where the district is
}

func newSchool(t testing.TB, h *house) *school {
	s := &school{house: h, names: []string{"Gradebook", "Printing", "Sign-in"}}
	zone, err := time.LoadLocation("America/Denver")
	must(t, err)
	s.now = tuesday.In(zone)
	s.monday = time.Date(s.now.Year(), s.now.Month(), s.now.Day()-(int(s.now.Weekday())+6)%7, 0, 0, 0, 0, zone)
	h.write(func(tx *db.Tx) error {
		s.services, s.people = nil, nil
		make := func(name, role string, at district.SiteID) *person {
			p := &person{h: h}
			must(t, tx.QueryRow(`INSERT INTO district_person (name, fold, lang, created) VALUES ($1, $1, 'en-US', $2) RETURNING id`, name, db.Us(tx.Now())).Scan(&p.id))
			_, err := tx.Exec(`INSERT INTO district_grant (person, role, site) VALUES ($1, $2, $3)`, p.id, role, at)
			must(t, err)
			p.token, _, err = district.StartSession(tx, p.id, "test")
			must(t, err)
			return p
		}
		s.paul, s.otto, s.bo, s.eve = make("Paul", "principal", h.marsh), make("Otto", "principal", h.orchard), make("Bo", "board", 0), make("Eve", "tier1", h.orchard)
		for i := range 30 {
			s.people = append(s.people, make(fmt.Sprintf("Asker %d", i), "student", h.marsh).id)
		}
		for _, name := range s.names {
			var id district.ServiceID
			must(t, tx.QueryRow(`INSERT INTO district_service (kind, name, fold, owner, cover) VALUES ('service', $1, $1, $2, $3) RETURNING id`, name, h.ada.id, h.dana.id).Scan(&id))
			s.services = append(s.services, id)
		}
		_, err := tx.Exec(`UPDATE district_site SET enrollment = 400 + 100 * id, team = $1`, h.team)
		must(t, err)
		_, err = tx.Exec(`INSERT INTO district_member (team, person) VALUES ($1, $2)`, h.team, h.dana.id)
		return err
	})
	return s
}

// row is one request that began here, so long before or after the Monday.
func (s *school) row(site district.SiteID, service int, who int, at time.Duration, kept string) flowtest.Row {
	r := flowtest.Row{Site: site, Team: s.team, Person: s.people[who], Title: "Asked", Start: s.monday.Add(at), Events: 2, Solve: 60, SolveBiz: 60, First: 30, FirstBiz: 30, Kept: kept}
	if service >= 0 {
		r.Service = s.services[service]
	}
	return r
}

func (s *school) put(list ...flowtest.Row) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		for _, r := range list {
			if _, err := flowtest.Put(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	s.rows = append(s.rows, list...)
}

// weeks puts the same number of requests into each of the weeks before.
func (s *school) weeks(n int, site district.SiteID, service, each int) {
	var list []flowtest.Row
	for w := 1; w <= n; w++ {
		for i := range each {
			list = append(list, s.row(site, service, i%30, time.Duration(-7*24*w)*time.Hour+time.Hour, "yes"))
		}
	}
	s.put(list...)
}

var asked = regexp.MustCompile(`Requests: ([\d,]+)\.`)

// Every number of the map is that of the rows, counted the slow way, and opens
// as many requests; the mark is where a sort of the weeks before says so.
func TestTheMapIsThatOfTheRows(t *testing.T) {
	must(t, flag.Set("rapid.checks", "25")) // each asks for several pages
	inSchool(t, func(t *testing.T, h *house) {
		s := newSchool(t, h)
		rapid.Check(t, func(r *rapid.T) {
			s.write(func(tx *db.Tx) error {
				for _, q := range []string{`DELETE FROM desk_flow`, `DELETE FROM desk_ticket`} {
					if _, err := tx.Exec(q); err != nil {
						return err
					}
				}
				return nil
			})
			s.rows = nil
			var list []flowtest.Row
			for range rapid.IntRange(0, 120).Draw(r, "requests") {
				week := rapid.IntRange(0, 13).Draw(r, "week")
				if rapid.Bool().Draw(r, "recent") {
					week = 0
				}
				// Up to the end of the week, so that some are later in theirs than it is now.
				x := s.row([]district.SiteID{h.marsh, h.orchard}[rapid.IntRange(0, 1).Draw(r, "site")], rapid.IntRange(-1, 2).Draw(r, "service"), rapid.IntRange(0, 29).Draw(r, "who"),
					time.Duration(rapid.IntRange(0, 9*60).Draw(r, "minutes"))*time.Minute-time.Duration(7*24*week)*time.Hour, rapid.SampledFrom([]string{"yes", "no", ""}).Draw(r, "kept"))
				if week == 0 && x.Start.After(s.now) {
					continue
				}
				if rapid.IntRange(0, 9).Draw(r, "private") == 0 {
					x.Private = "privacy"
				}
				list = append(list, x)
			}
			s.put(list...)
			s.compare(t)
		})
	})
}

// weekCount is how many requests there were of a kind, in a week so many back.
func (s *school) weekCount(back int, keep func(flowtest.Row) bool) (n int) {
	from, until := s.monday.AddDate(0, 0, -7*back), s.now.AddDate(0, 0, -7*back)
	for _, r := range s.rows {
		if r.Private == "" && !r.Start.Before(from) && r.Start.Before(until) && keep(r) {
			n++
		}
	}
	return n
}

func (s *school) compare(t *testing.T) {
	t.Helper()
	history := 0
	for back := 1; back <= 12; back++ {
		if s.weekCount(back, func(flowtest.Row) bool { return true }) > 0 {
			history = back
		}
	}
	p := s.ada.page("/steer")
	followed := 0
	for site, name := range map[district.SiteID]string{s.marsh: "Marsh", s.orchard: "Orchard"} {
		for i, service := range append(slices.Clone(s.names), "No service named") {
			if i == len(s.names) {
				i = -1
			}
			here := func(r flowtest.Row) bool {
				return r.Site == site && (i < 0 && r.Service == 0 || i >= 0 && r.Service == s.services[i])
			}
			n := s.weekCount(0, here)
			var before []int
			for back := 1; back <= history; back++ {
				before = append(before, s.weekCount(back, here))
			}
			slices.Sort(before)
			above := false
			if history >= 6 && n >= 5 {
				above = n > before[(9*history+9)/10-1]
			}
			var link *htmltest.Page
			for _, a := range p.All(".map td a") {
				if strings.HasPrefix(a.Attr("aria-label"), name+", "+service+": ") {
					link = a
				}
			}
			switch {
			case n == 0 && link != nil:
				t.Errorf("%s, %s: %s, but nobody asked", name, service, link.Attr("aria-label"))
			case n > 0 && link == nil:
				t.Errorf("%s, %s: %d requests are not on the map", name, service, n)
			case n > 0:
				label := link.Attr("aria-label")
				if got := asked.FindStringSubmatch(label); got == nil || got[1] != strconv.Itoa(n) {
					t.Errorf("%q, but there were %d", label, n)
				}
				if strings.Contains(label, "above usual") != above {
					t.Errorf("%q of %d, the weeks before had %v", label, n, before)
				}
				if followed++; followed < 3 {
					opens(t, s.house, link.Attr("href"), n)
				}
			}
		}
	}
	missed := s.weekCount(0, func(r flowtest.Row) bool { return r.Kept == "no" })
	for _, row := range p.All(".prom tbody tr") {
		if row.Text("th") == "Slowed down" {
			if links := row.All("a"); missed > 0 && (len(links) != 1 || links[0].String() != fmt.Sprintf("%d missed", missed)) {
				t.Errorf("%d missed, the page says %s", missed, row)
			} else if missed > 0 {
				opens(t, s.house, links[0].Attr("href"), missed)
			}
		}
	}
}

// A quiet district, one request, and one that nobody may know of.
func TestTheWeekFromTheFirstRequestOn(t *testing.T) {
	inSchool(t, func(t *testing.T, h *house) {
		contains(t, "the page of an empty district", h.ada.page("/steer").String(), "Nobody has asked for help yet.")
		s := newSchool(t, h)
		empty := map[string]string{}
		for who, p := range map[string]*person{"director": h.ada, "first help": h.dana, "principal": s.paul, "board": s.bo} {
			for _, path := range []string{"/steer", "/places/marsh"} {
				empty[who+path] = p.get(path).Body.String()
			}
		}
		secret := s.row(h.marsh, 2, 0, time.Hour, "no")
		secret.Private, secret.State, secret.Kind = "safety", "open", "stopped"
		s.put(secret)
		for who, p := range map[string]*person{"director": h.ada, "first help": h.dana, "principal": s.paul, "board": s.bo} {
			for _, path := range []string{"/steer", "/places/marsh"} {
				if p.get(path).Body.String() != empty[who+path] {
					t.Errorf("the %s notices a private request at %s", who, path)
				}
			}
		}
		open := s.row(h.marsh, 2, 0, time.Hour, "no")
		open.State = "open"
		s.put(open)
		p := h.ada.page("/steer")
		contains(t, "the page", p.String(), "It is too early to say", "1 request", "1 missed", "How this is counted")
		for who, p := range map[string]*person{"principal": s.paul, "board": s.bo} {
			for _, path := range []string{"/steer", "/places/marsh"} {
				if p.get(path).Body.String() != empty[who+path] {
					t.Errorf("the %s notices one request at %s", who, path)
				}
			}
		}
	})
}

// Ten people are told of, nine are not; and who may see what.
func TestWhoReadsTheWeek(t *testing.T) {
	inSchool(t, func(t *testing.T, h *house) {
		s := newSchool(t, h)
		s.weeks(8, h.marsh, 2, 2)
		ask := func(n int) {
			for i := range n {
				s.put(s.row(h.marsh, 2, i, time.Hour+time.Duration(i)*time.Minute, "yes"))
			}
		}
		ask(9)
		for who, p := range map[string]*htmltest.Page{"principal": s.paul.page("/places/marsh"), "board": s.bo.page("/steer")} {
			if p.Has("td a") || p.Has(".mk:not(.sw)") || strings.Contains(p.Text("h1"), "Sign-in") {
				t.Errorf("nine people show to the %s: %s", who, p.Text("h1"))
			}
		}
		if got := h.dana.page("/places/marsh").Text("h1"); got != "Sign-in requests at Marsh are five times the usual." {
			t.Errorf("first help reads %q", got)
		}
		s.put(s.row(h.marsh, 2, 12, 2*time.Hour, "yes"))
		for who, p := range map[string]*htmltest.Page{"principal": s.paul.page("/places/marsh"), "board": s.bo.page("/steer")} {
			if got := p.Text("h1"); got != "Sign-in requests at Marsh are five times the usual." || p.Text("h1 .hl") != "Marsh" {
				t.Errorf("the %s reads %q", who, got)
			}
			for _, a := range p.All("main a") {
				if to := a.Attr("href"); to != "#how-title" && !strings.HasPrefix(to, "/steer?week=") && !strings.HasPrefix(to, "/places/marsh?week=") && !(who == "principal" && strings.HasPrefix(to, "/coverage")) {
					t.Errorf("the %s is led to %s", who, to)
				}
			}
		}

		// Who helps at one place reads of that one, whatever else there is.
		s.put(s.row(h.orchard, 1, 3, time.Hour, "yes"))
		for who, want := range map[*person]string{h.dana: "Marsh", s.eve: "Orchard"} {
			p := who.page("/steer")
			if rows := p.Texts(".map tbody th[scope=row] a"); len(rows) != 1 || rows[0] != want {
				t.Errorf("who helps at %s reads of %q", want, rows)
			}
			sum := p.One(".map tbody td.sum a")
			if list := who.page(sum.Attr("href")); amount.FindString(list.Text(".lead")) != sum.String() {
				t.Errorf("%s opens %s", sum, list.Text(".lead"))
			}
		}

		missing := s.paul.get("/places/nowhere")
		for _, c := range []struct {
			who  *person
			path string
			want int
		}{
			{s.paul, "/steer", 404}, {h.tess, "/steer", 404}, {h.tess, "/places/marsh", 404}, {h.tess, "/places", 404}, {s.bo, "/places/marsh", 404},
			{s.paul, "/places/orchard", 404}, {s.otto, "/places/marsh", 404}, {s.eve, "/places/marsh", 404}, {h.dana, "/places/orchard", 404},
			{s.eve, "/places/orchard", 200}, {h.ada, "/places/orchard", 200}, {s.otto, "/places/orchard", 200}, {h.ada, "/places", 200},
			{s.paul, "/places", 303}, {s.eve, "/places", 303}, {s.bo, "/steer", 200}, {h.dana, "/steer", 200},
			{s.paul, fmt.Sprintf("/api/v1/places/%d/week", h.orchard), 404}, {s.paul, fmt.Sprintf("/api/v1/places/%d/week", h.marsh), 200},
			{s.bo, fmt.Sprintf("/api/v1/places/%d/week", h.marsh), 403}, {s.bo, "/api/v1/steer/week", 200}, {h.tess, "/api/v1/steer/week", 403},
		} {
			rec := c.who.get(c.path)
			if rec.Code != c.want {
				t.Errorf("%d at %s: %d, want %d", c.who.id, c.path, rec.Code, c.want)
			}
			if c.want == 404 && c.who == s.paul && strings.HasPrefix(c.path, "/places") && rec.Body.String() != missing.Body.String() {
				t.Errorf("%s answers not like a place that isn't there", c.path)
			}
		}

		// The page of a place says who helps and what the calendar has.
		p := s.paul.page("/places/marsh")
		contains(t, "the principal's page", p.String(), "Who helps first here today", "Dana", "No closure or short day is in the calendar.", "Are promises kept?")
		contains(t, "la página", h.elsa.page("/steer").String(), "Las solicitudes de Sign-in en Marsh son cinco veces lo usual.", "Cómo se cuenta esto")
		contains(t, "la página", h.elsa.page("/places/marsh").String(), "Sobre qué pidieron ayuda")

		var a struct {
			Story struct {
				Plot, Text string
				Times      int
			}
			Requests struct {
				N       int64
				Rounded bool
			}
			Places []struct {
				Services []struct {
					N        *int64
					Withheld string
				}
			}
		}
		s.bo.json("/steer/week", &a)
		if a.Story.Plot != "cell" || a.Story.Times != 5 || a.Requests.N != 10 || !a.Requests.Rounded || len(a.Places) != 2 {
			t.Errorf("the board's answer is %+v", a)
		}
		for i, c := range a.Places[0].Services {
			if shown := c.N != nil; shown != (i == 2) || !shown && c.Withheld != "hidden" {
				t.Errorf("service %d: %+v", i, c)
			}
		}
		// A week that is over is counted whole, whatever the hour is now.
		s.put(s.row(h.marsh, 1, 3, -24*time.Hour, "yes"))
		h.ada.json("/steer/week?week="+s.monday.AddDate(0, 0, -2).Format(time.DateOnly), &a)
		if a.Requests.N != 3 || a.Story.Plot != "normal" {
			t.Errorf("the week before: %+v", a)
		}
	})
}

// Before the first school day of a week has begun the one before is shown.
func TestWhichWeek(t *testing.T) {
	each(t, func(t *testing.T, h *house) { // Monday, 7:05 am
		for path, want := range map[string]string{"/steer": "Feb 23, 2026 to Mar 1, 2026", "/steer?week=2026-03-04": "Mar 2, 2026 to Mar 8, 2026",
			"/steer?week=2031-01-01": "Mar 2, 2026 to Mar 8, 2026", "/steer?week=never": "Feb 23, 2026", "/steer?week=2026-02-12": "Feb 9, 2026 to Feb 15, 2026"} {
			p := h.ada.page(path)
			contains(t, path, p.Text("header.wk-top"), want)
			if after := strings.Contains(p.Text("header.wk-top"), "Week after"); after != (path == "/steer?week=2026-02-12") {
				t.Errorf("%s: leads on %t", path, after)
			}
		}
	})
}

// BenchmarkWeek is the first page of Steer over a year of 6,000 requests.
func BenchmarkWeek(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(fmt.Sprint(e), func(b *testing.B) {
			c := clock.NewManual(tuesday)
			h := newHouse(b, testkit.Open(b, e, testkit.Setup{Schemas: schemas, Clock: c}), c)
			s := newSchool(b, h)
			s.weeks(52, h.marsh, 2, 60)
			s.weeks(52, h.orchard, 1, 60)
			b.ResetTimer()
			for range b.N {
				if rec := h.ada.get("/steer"); rec.Code != 200 {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}
