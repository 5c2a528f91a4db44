package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/flow/flowtest"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/loop/steer"
	steerapi "trellis/internal/loop/steer/api"
	steerweb "trellis/internal/loop/steer/web"
	"trellis/internal/platform/api"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var schemas = []db.Schema{
	{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations},
	{Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations},
}

// house is a district whose helpers look at the page.
type house struct {
	t              testing.TB
	db             *db.DB
	mux            *web.Mux
	district       *district.District
	marsh, orchard district.SiteID
	team           district.TeamID
	ada, dana      *person // everywhere; first help at Marsh
	tess           *person // a teacher
	elsa           *person // agent everywhere, reads Spanish
	past           int64
	rows           []flowtest.Row
}

type person struct {
	h     *house
	id    district.PersonID
	token string
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	c := clock.NewManual(testkit.Start)
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) { f(t, newHouse(t, d, c)) })
}

func newHouse(t testing.TB, d *db.DB, c clock.Clock) *house {
	t.Helper()
	h := &house{t: t, db: d, district: district.New(district.Deps{DB: d})}
	words, err := i18n.NewCatalogue(i18n.Messages, ui.Messages, web.Messages, district.Messages, frame.Messages, api.Messages, desk.Messages, steer.Messages)
	must(t, err)
	words.Strict()
	f := frame.New(frame.Deps{District: h.district, Clock: c, Places: []frame.Place{{Key: "steer", Message: "steer.nav", Href: steerweb.FlowPath, Icon: "activity", Policy: district.Helper, On: frame.OnDesk}}})
	h.mux = web.New(web.Deps{Log: slog.New(slog.DiscardHandler), Clock: c, Sessions: h.district, Words: words, ErrorPage: f.ErrorPage})
	k := desk.New(desk.Deps{DB: d})
	weeks := flow.NewWeeks(k)
	steerweb.Register(h.mux, steerweb.Deps{Reports: flow.NewReports(k), Weeks: weeks, District: h.district, Cover: cover.New(cover.Deps{DB: d}),
		Calendars: calendar.New(calendar.Deps{DB: d}), Frame: f, PastHref: "/settings/past"})
	steerapi.Register(api.New(api.Options{Mux: h.mux, Tokens: district.TokenDoor{District: h.district}, Log: slog.New(slog.DiscardHandler), Clock: c, Title: "Trellis", Version: "1",
		PerToken: web.Rate{PerSecond: 1e6, Burst: 1e6}}), steerapi.Deps{Reports: flow.NewReports(k), Weeks: weeks, Cursors: api.NewCursors([]byte("sixteen bytes and more"))})
	h.write(func(tx *db.Tx) error {
		scan := func(to any, q string, args ...any) { must(t, tx.QueryRow(q, args...).Scan(to)) }
		exec := func(q string, args ...any) { _, err := tx.Exec(q, args...); must(t, err) }
		site := `INSERT INTO district_site (name, short, fold, level, zone) VALUES ($1, $1, $1, 'middle', 'America/Denver') RETURNING id`
		scan(&h.marsh, site, "Marsh")
		scan(&h.orchard, site, "Orchard")
		make := func(name, lang, role string, at district.SiteID) *person {
			p := &person{h: h}
			scan(&p.id, `INSERT INTO district_person (name, fold, lang, created) VALUES ($1, $1, $2, $3) RETURNING id`, name, lang, db.Us(tx.Now()))
			exec(`INSERT INTO district_grant (person, role, site) VALUES ($1, $2, $3)`, p.id, role, at)
			p.token, _, err = district.StartSession(tx, p.id, "test")
			must(t, err)
			return p
		}
		h.ada, h.dana, h.tess, h.elsa = make("Ada", "en-US", "admin", 0), make("Dana", "en-US", "tier1", h.marsh), make("Tess", "en-US", "teacher", h.marsh), make("Elsa", "es-US", "agent", 0)
		scan(&h.team, `INSERT INTO district_team (name, fold, lead, tier) VALUES ('Help', 'help', $1, 2) RETURNING id`, h.ada.id)
		exec(`INSERT INTO district_profile (one, name, zone, lang, help_team) VALUES (1, 'Juniper Valley', 'America/Denver', 'en-US', $1)`, h.team)
		return nil
	})
	return h
}

func (h *house) write(f func(tx *db.Tx) error) {
	h.t.Helper()
	must(h.t, h.db.Write(policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI)), "test", func(tx *db.Tx) error {
		tx.Unlogged("test")
		return f(tx)
	}))
}

var last = time.Date(2025, 6, 30, 17, 0, 0, 0, time.UTC)

// services are what the requests of the past were about.
var services = []string{"Chromebooks", "Sign-in", "Printing", "Wi-Fi", "Classroom displays", "Gradebook", "Phones and bells"}

// fill makes a past with n requests, some of which are private.
func (h *house) fill(n int) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		h.rows = nil
		if h.past, err = flowtest.Past(tx, "Old desk", last, "", "Mon-Fri 08:00-17:00", "", h.orchard, h.team, h.ada.id); err != nil {
			return err
		}
		for i := range n {
			s := int64(i%97+1) * int64(i%13+1) * 400
			r := flowtest.Row{ID: -1 - int64(i), Source: h.past, Site: []district.SiteID{h.orchard, h.marsh}[i%3%2], Team: h.team, Person: h.ada.id, Title: fmt.Sprintf("Old %d", i),
				Start: last.Add(-time.Duration(i*7919%20000) * time.Hour / 2), Solve: 3 * s, SolveBiz: s, First: int64(i * 31 % 7200), FirstBiz: int64(i * 31 % 3600),
				Handoffs: int64(i % 7 % 5), MaxLine: []int64{10, 20, 25, 30, 0, 10, 10}[i%7], Events: 5, PingPong: i%11 == 0, Reopened: i%13 == 0,
				Kept: []string{"yes", "no", "", "yes"}[i%4], Place: []string{"North", "South", "", "East"}[i%5%4], ServiceName: services[i*i%100%7], Impact: []string{"High", "Low"}[i%2], Ended: "closed"}
			r.Wait[i%5] = int64(i % 100 * 600 / (1 + i%5))
			switch {
			case i%10 == 3:
				r.Solve, r.SolveBiz, r.Ended = -1, -1, "open"
			case i%17 == 7:
				r.Private = "privacy"
			}
			r.End = r.Start.Add(time.Duration(max(r.Solve, 36000)) * time.Second)
			if _, err := flowtest.Put(tx, r); err != nil {
				return err
			}
			h.rows = append(h.rows, r)
		}
		return nil
	})
}

func (p *person) get(path string) *httptest.ResponseRecorder {
	p.h.t.Helper()
	r := httptest.NewRequest("GET", "http://jv.example"+path, nil)
	if p.token != "" {
		r.AddCookie(&http.Cookie{Name: "trellis", Value: p.token})
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	rec := httptest.NewRecorder()
	p.h.mux.ServeHTTP(rec, r)
	return rec
}

func (p *person) page(path string) *htmltest.Page {
	p.h.t.Helper()
	return htmltest.FromRecorder(p.h.t, p.get(path), 200)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func contains(t *testing.T, what, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s doesn't say %q", what, w)
		}
	}
}
