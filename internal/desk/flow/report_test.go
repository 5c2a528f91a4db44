package flow_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/flow/flowtest"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

// archive is a district with two places, a past, and requests of its own.
type archive struct {
	t              testing.TB
	d              *db.DB
	reports        *flow.Reports
	marsh, orchard district.SiteID
	team           district.TeamID
	printing       district.ServiceID
	ada, dana      district.PersonID // everywhere; first help at Marsh
	tess           district.PersonID // a teacher
	grants         map[district.PersonID][]policy.Grant
	past           int64
	rows           []flowtest.Row
}

func eachArchive(t *testing.T, f func(t *testing.T, w *archive)) {
	t.Helper()
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: clock.NewManual(testkit.Start)}, func(t *testing.T, d *db.DB) { f(t, newArchive(t, d)) })
}

func newArchive(t testing.TB, d *db.DB) *archive {
	t.Helper()
	w := &archive{t: t, d: d, reports: flow.NewReports(desk.New(desk.Deps{DB: d})), grants: map[district.PersonID][]policy.Grant{}}
	w.write(func(tx *db.Tx) error {
		scan := func(to any, q string, args ...any) {
			if err := tx.QueryRow(q, args...).Scan(to); err != nil {
				t.Fatal(err)
			}
		}
		site := `INSERT INTO district_site (name, short, fold, level, zone) VALUES ($1, $1, $1, 'middle', 'America/Denver') RETURNING id`
		scan(&w.marsh, site, "Marsh")
		scan(&w.orchard, site, "Orchard")
		person := func(name, role string, at district.SiteID) (id district.PersonID) {
			scan(&id, `INSERT INTO district_person (name, fold, lang, created) VALUES ($1, $1, 'en-US', $2) RETURNING id`, name, db.Us(tx.Now()))
			if _, err := tx.Exec(`INSERT INTO district_grant (person, role, site) VALUES ($1, $2, $3)`, id, role, at); err != nil {
				t.Fatal(err)
			}
			w.grants[id] = []policy.Grant{{Role: role, Scope: int64(at)}}
			return id
		}
		w.ada, w.dana, w.tess = person("Ada", "admin", 0), person("Dana", "tier1", w.marsh), person("Tess", "teacher", w.marsh)
		scan(&w.team, `INSERT INTO district_team (name, fold, lead, tier) VALUES ('Help', 'help', $1, 2) RETURNING id`, w.ada)
		scan(&w.printing, `INSERT INTO district_service (kind, name, fold, owner, cover) VALUES ('service', 'Printing', 'printing', $1, $2) RETURNING id`, w.ada, w.dana)
		_, err := tx.Exec(`INSERT INTO district_profile (one, name, zone, lang, help_team) VALUES (1, 'Juniper', 'America/Denver', 'en-US', $1)`, w.team)
		return err
	})
	return w
}

func (w *archive) write(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(context.Background(), "test", func(tx *db.Tx) error {
		tx.Unlogged("test")
		return f(tx)
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *archive) as(p district.PersonID) context.Context {
	return policy.WithActor(context.Background(), policy.Actor{Kind: policy.Person, Person: int64(p), Grants: w.grants[p], Door: policy.DoorWeb, RequestID: "test"})
}

var last = time.Date(2025, 6, 30, 17, 0, 0, 0, time.UTC)

// fill makes n requests of a past and a few that began here, each different.
func (w *archive) fill(n int) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		w.rows = nil
		if w.past, err = flowtest.Past(tx, "Old desk", last, "", "Mon-Fri 08:00-17:00", "2025-05-26", w.orchard, w.team, w.ada); err != nil {
			return err
		}
		for i := range n {
			r := flowtest.Row{ID: -1 - int64(i), Source: w.past, Site: []district.SiteID{w.orchard, w.marsh}[i%3%2], Team: w.team, Person: w.ada, Title: fmt.Sprintf("Old %d", i),
				Start: last.Add(-time.Duration(i*7919%20000) * time.Hour / 2), Solve: int64(i * 6151 % 900000), SolveBiz: int64(i * 6151 % 300000), First: int64(i * 31 % 7200), FirstBiz: int64(i * 31 % 3600),
				Handoffs: int64(i % 7 % 5), MaxLine: []int64{10, 20, 25, 30, 0, 10, 10}[i%7], Events: int64(1 + i%9), PingPong: i%11 == 0, Reopened: i%13 == 0,
				Kept: []string{"yes", "no", "", "yes"}[i%4], Place: []string{"North", "South", "", "East"}[i%5%4], ServiceName: fmt.Sprintf("Service %d", i%40), Impact: []string{"High", "Low"}[i%2], Ended: "closed"}
			r.Wait[i%5] = int64(i % 100 * 60)
			switch i % 10 {
			case 3: // open
				r.Solve, r.SolveBiz, r.Ended = -1, -1, "open"
				if i%4 == 3 {
					r.First, r.FirstBiz = -1, -1
				}
			case 7: // over, nobody wrote down when
				r.Solve, r.SolveBiz, r.First, r.FirstBiz = -1, -1, -1, -1
			}
			r.End = r.Start.Add(time.Duration(max(r.Solve, 3600)) * time.Second)
			w.rows = append(w.rows, r)
		}
		for i := range 12 {
			r := flowtest.Row{Site: []district.SiteID{w.marsh, w.orchard}[i%2], Team: w.team, Person: w.tess, Title: fmt.Sprintf("New %d", i), Kind: "blocked", State: "solved",
				Start: tx.Now().Add(-time.Duration(i+1) * 20 * time.Hour), Solve: int64(i+1) * 3600, SolveBiz: int64(i+1) * 1800, First: 600, FirstBiz: 600, MaxLine: 10, Events: 4, Kept: "yes"}
			if i%3 == 0 {
				r.Service, r.State, r.Solve, r.SolveBiz = w.printing, "open", -1, -1
			}
			if i%6 == 0 {
				r.First, r.FirstBiz = -1, -1
			}
			if i == 5 || i == 6 {
				r.Private = "privacy"
			}
			r.End = tx.Now()
			w.rows = append(w.rows, r)
		}
		for i := range w.rows {
			if w.rows[i].State == "solved" {
				w.rows[i].State = "closed"
			}
			id, err := flowtest.Put(tx, w.rows[i])
			if err != nil {
				return err
			}
			w.rows[i].ID = id
		}
		return nil
	})
}

// recount is the slow way: straight from the rows, one question at a time.
func (w *archive) recount(source int64, keep func(flowtest.Row) bool) (m flow.Measures) {
	for _, r := range w.rows {
		if r.Private != "" || source != flow.All && r.Source != source || !keep(r) {
			continue
		}
		m.Requests++
		over := r.Ended == "closed" || r.Source == 0 && r.State == "closed"
		switch {
		case r.Solve >= 0:
			m.Solved++
			if r.Reopened {
				m.Reopened.N++
			}
			m.Reopened.Of++
			switch {
			case r.MaxLine == 0:
				m.School.Unsaid++
			case r.MaxLine == 10:
				m.School.N, m.School.Of = m.School.N+1, m.School.Of+1
			default:
				m.School.Of++
			}
		case over:
			m.Ended++
		default:
			m.Open++
		}
		m.Handoffs.Sum += r.Handoffs
		m.Handoffs.By[min(3, r.Handoffs)]++
		m.PingPong.Of++
		if r.PingPong {
			m.PingPong.N++
		}
		switch r.Kept {
		case "yes":
			m.Kept.N, m.Kept.Of = m.Kept.N+1, m.Kept.Of+1
		case "no":
			m.Kept.Of++
		default:
			m.Kept.Unsaid++
		}
		m.Waits.Elapsed += int64(r.End.Sub(r.Start) / time.Second)
		for i, s := range r.Wait {
			m.Waits.Seconds[i] += s
			if s > 0 {
				m.Waits.Requests[i]++
			}
		}
	}
	return m
}

func same(t *testing.T, what string, got, want flow.Measures) {
	t.Helper()
	got.First, got.Solve = flow.Spread{}, flow.Spread{}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func everything(flowtest.Row) bool { return true }

func TestReportCountsTheRows(t *testing.T) {
	eachArchive(t, func(t *testing.T, w *archive) {
		w.fill(420)
		ask := func(f flow.Filter) flow.Report {
			t.Helper()
			r, err := w.reports.Report(w.as(w.ada), f)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		same(t, "the past", ask(flow.Filter{Source: w.past}).Whole, w.recount(w.past, everything))
		same(t, "born here", ask(flow.Filter{Source: flow.Born}).Whole, w.recount(flow.Born, everything))
		same(t, "all", ask(flow.Filter{Source: flow.All}).Whole, w.recount(flow.All, everything))
		same(t, "one place", ask(flow.Filter{Source: w.past, Place: "North"}).Whole, w.recount(w.past, func(r flowtest.Row) bool { return r.Place == "North" }))
		same(t, "no place", ask(flow.Filter{Source: w.past, Place: flow.Unsaid, Impact: "High"}).Whole, w.recount(w.past, func(r flowtest.Row) bool { return r.Place == "" && r.Impact == "High" }))
		// A floating source is asked in its own days, whatever the district's.
		from, to := worktime.Date{Year: 2025, Month: 3, Day: 1}, worktime.Date{Year: 2025, Month: 4, Day: 30}
		same(t, "two months", ask(flow.Filter{Source: w.past, From: from, To: to}).Whole, w.recount(w.past, func(r flowtest.Row) bool {
			return !r.Start.Before(time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)) && r.Start.Before(time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC))
		}))
		if r := ask(flow.Filter{Source: flow.Likely}); r.Filter.Source != flow.Born || len(r.Sources) != 2 || r.Sources[1].Name != "Old desk" {
			t.Errorf("%+v", r.Sources)
		}
		for _, by := range flow.Bys {
			for _, source := range []int64{flow.Born, w.past, flow.All} {
				r := ask(flow.Filter{Source: source, By: by})
				var sum int64
				for _, g := range r.Groups {
					sum += g.Requests
				}
				if sum != r.Whole.Requests || len(r.Groups) == 0 || len(r.Groups) > 30 {
					t.Errorf("the table by %s of %d has %d groups with %d requests of %d", by, source, len(r.Groups), sum, r.Whole.Requests)
				}
			}
		}
		r := ask(flow.Filter{Source: w.past, By: flow.ByService})
		if g := r.Groups[29]; !g.Rest || r.Rest != 11 || g.Requests < r.Groups[28].Requests {
			t.Errorf("the others: %+v of %d", g, r.Rest)
		}
		same(t, "a group", ask(flow.Filter{Source: w.past, By: flow.ByService}).Groups[0].Measures, w.recount(w.past, func(x flowtest.Row) bool { return x.ServiceName == r.Groups[0].Label }))
	})
}

// What a number says and what it opens are the same requests, page by page.
func TestBehindANumber(t *testing.T) {
	eachArchive(t, func(t *testing.T, w *archive) {
		w.fill(420)
		f := flow.Filter{Source: w.past, Impact: "Low"}
		r, err := w.reports.Report(w.as(w.ada), f)
		if err != nil {
			t.Fatal(err)
		}
		m := r.Whole
		want := map[flow.Behind]int64{flow.Every: m.Requests, flow.NeverSolved: m.Open, flow.Ended: m.Ended, flow.EverSolved: m.Solved, flow.AtSchool: m.School.N, flow.Beyond: m.School.Of - m.School.N,
			flow.NoLine: m.School.Unsaid, flow.Passed: m.Handoffs.By[1] + m.Handoffs.By[2] + m.Handoffs.By[3], flow.Passed0: m.Handoffs.By[0], flow.Passed1: m.Handoffs.By[1], flow.Passed2: m.Handoffs.By[2], flow.Passed3: m.Handoffs.By[3], flow.Returned: m.PingPong.N,
			flow.Came: m.Reopened.N, flow.PromiseKept: m.Kept.N, flow.PromiseNot: m.Kept.Of - m.Kept.N, flow.NoPromise: m.Kept.Unsaid, flow.Answered: m.First.Happened, flow.Unanswered: m.First.Still,
			flow.NoAnswer: m.First.Unsaid, flow.WaitedUser: m.Waits.Requests[0], flow.WaitedVend: m.Waits.Requests[1], flow.WaitedPart: m.Waits.Requests[2], flow.WaitedDate: m.Waits.Requests[3], flow.WaitedOther: m.Waits.Requests[4]}
		for _, b := range flow.Behinds {
			seen := map[desk.TicketID]bool{}
			for next, pages := "", 0; ; pages++ {
				p, err := w.reports.Tickets(w.as(w.ada), f, b, next)
				if err != nil || pages > 20 {
					t.Fatalf("%s: %v after %d pages", b, err, pages)
				}
				for _, i := range p.Items {
					if seen[i.ID] || i.Title == "" || i.Impact != "Low" {
						t.Errorf("%s lists %+v", b, i)
					}
					seen[i.ID] = true
				}
				if p.Total != want[b] {
					t.Errorf("%s opens %d requests, the report says %d", b, p.Total, want[b])
				}
				if next = p.Next; next == "" {
					break
				}
			}
			if int64(len(seen)) != want[b] || want[b] == 0 && b != flow.NoPromise {
				t.Errorf("%s leads to %d, the report says %d", b, len(seen), want[b])
			}
		}
		if _, err := w.reports.Tickets(w.as(w.ada), f, "anything", ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown number: %v", err)
		}
		if _, err := w.reports.Tickets(w.as(w.ada), f, flow.Every, "xx"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a made-up place: %v", err)
		}
	})
}

// Numbers are of what one works on; private requests are in none.
func TestWhoCountsWhat(t *testing.T) {
	eachArchive(t, func(t *testing.T, w *archive) {
		w.fill(60)
		r, err := w.reports.Report(w.as(w.dana), flow.Filter{Source: flow.All})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "first help at Marsh", r.Whole, w.recount(flow.All, func(x flowtest.Row) bool { return x.Site == w.marsh }))
		p, err := w.reports.Tickets(w.as(w.dana), flow.Filter{Source: flow.All}, flow.Every, "")
		if err != nil || p.Total != r.Whole.Requests || slices.ContainsFunc(p.Items, func(i flow.Item) bool { return i.Place == "Orchard" }) {
			t.Errorf("%v: %+v", err, p)
		}
		if _, err := w.reports.Report(w.as(w.tess), flow.Filter{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a teacher: %v", err)
		}
		if _, err := w.reports.Tickets(context.Background(), flow.Filter{}, flow.Every, ""); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("nobody: %v", err)
		}
	})
}

// What is open counts as open until the source's last moment, in its hours.
func TestOpenRequestsAreWatched(t *testing.T) {
	eachArchive(t, func(t *testing.T, w *archive) {
		w.write(func(tx *db.Tx) (err error) {
			// 2025-06-30 was a Monday. Friday the 27th is closed.
			if w.past, err = flowtest.Past(tx, "Old", last, "America/Denver", "Mon-Fri 08:00-17:00", "2025-06-27", w.marsh, w.team, w.ada); err != nil {
				return err
			}
			base := flowtest.Row{Source: w.past, Site: w.marsh, Team: w.team, Person: w.ada, Events: 2, First: -1, FirstBiz: -1, Solve: -1, SolveBiz: -1, Start: time.Date(2025, 6, 26, 22, 0, 0, 0, time.UTC)}
			open, over, done := base, base, base
			open.ID, open.Ended = -1, "waiting" // Thursday 16:00 in Denver to Monday 11:00: one hour and three
			over.ID, over.Ended, over.End = -2, "closed", base.Start.Add(30*time.Minute)
			done.ID, done.Ended, done.Solve, done.SolveBiz = -3, "closed", 4000, 4000
			for _, r := range []flowtest.Row{open, over, done} {
				if _, err := flowtest.Put(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		f := flow.Filter{Source: w.past}
		r, err := w.reports.Report(w.as(w.ada), f)
		if err != nil {
			t.Fatal(err)
		}
		if s := r.Whole.Solve; s.Longest() != 4*3600 || s.Happened != 1 || s.Still != 2 || s.By(.5) != (flow.Within{Seconds: 4000}) || s.By(.8) != (flow.Within{Seconds: 4 * 3600, More: true}) {
			t.Errorf("%+v", s)
		}
		if s := r.Whole.First; s.Unsaid != 3 || !s.By(.5).None {
			t.Errorf("nobody recorded a first response, and yet %+v", s)
		}
		f.Wall = true
		if r, err = w.reports.Report(w.as(w.ada), f); err != nil || r.Whole.Solve.Longest() != int64(last.Sub(time.Date(2025, 6, 26, 22, 0, 0, 0, time.UTC))/time.Second) {
			t.Errorf("%v %+v", err, r.Whole.Solve)
		}
	})
}

// BenchmarkReport is the page's work over 25,000 requests.
func BenchmarkReport(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(fmt.Sprint(e), func(b *testing.B) {
			w := newArchive(b, testkit.Open(b, e, testkit.Setup{Schemas: schemas, Clock: clock.NewManual(testkit.Start)}))
			w.fill(25000)
			b.ResetTimer()
			for range b.N {
				if _, err := w.reports.Report(w.as(w.ada), flow.Filter{Source: w.past, By: flow.ByService}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
