package cover_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

// said writes a cell in a line.
func said(c cover.Cell, loc *time.Location) string {
	if c.Closed {
		return "closed"
	}
	var out []string
	for _, x := range c.Turns {
		s := x.Name
		if s == "" {
			s = "nobody"
		}
		if x.For != 0 {
			s += " for " + x.ForName
		}
		if x.Hours != nil {
			s += " " + worktime.FormatSpans(x.Hours)
		}
		if x.Afar {
			s += " from afar"
		}
		if !x.Whole {
			s += x.From.In(loc).Format(" 15:04-") + x.Until.In(loc).Format("15:04")
		}
		out = append(out, s)
	}
	if c.Gap {
		out = append(out, "GAP")
	}
	return strings.Join(out, "; ")
}

func row(t *testing.T, c cover.Coverage, name string) (out []string) {
	t.Helper()
	for _, r := range c.Rows {
		if r.Name == name {
			for _, x := range r.Cells {
				out = append(out, said(x, c.Zone))
			}
			return out
		}
	}
	t.Fatalf("no row %q", name)
	return nil
}

func TestCoverage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := usual()
		p.Days = map[worktime.Date][]worktime.Span{{Year: 2026, Month: 3, Day: 4}: nil, {Year: 2026, Month: 3, Day: 5}: {{From: 450, To: 720}}}
		h.plans[h.marsh] = p
		closed := usual()
		closed.Days = map[worktime.Date][]worktime.Span{{Year: 2026, Month: 3, Day: 6}: nil}
		h.plans[h.oak] = closed
		closedToo := p
		closedToo.Days = map[worktime.Date][]worktime.Span{{Year: 2026, Month: 3, Day: 4}: nil, {Year: 2026, Month: 3, Day: 5}: {{From: 450, To: 720}}, {Year: 2026, Month: 3, Day: 6}: nil}
		h.plans[h.marsh] = closedToo
		h.clock.Set(h.at(2, 9, 0))
		must(h.SetHours(h.sys, cover.Hours{Person: h.dana, Week: "Mon-Fri 10:10-10:55"}))(t)
		sam := h.out(h.sam, h.at(3, 0, 0), h.at(4, 0, 0), h.kim)
		h.out(h.kim, h.at(3, 12, 0), h.at(3, 14, 0), 0)
		h.out(h.rosa, h.at(3, 13, 0), h.at(4, 0, 0), 0)
		lou := h.out(h.lou, h.at(2, 9, 0), h.at(10, 0, 0), 0)
		h.out(h.dana, h.at(5, 0, 0), h.at(10, 0, 0), h.sam)

		c := must(h.Coverage(h.as(h.rosa), cover.CoverageQuery{Days: 5}))(t)
		var days []string
		for _, d := range c.Days {
			days = append(days, d.String())
		}
		// Friday both schools are closed; the office, which is open, makes no
		// school day.
		if want := []string{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-09"}; !slices.Equal(days, want) {
			t.Fatalf("days %v", days)
		}
		for name, want := range map[string][]string{
			"Sign-in": {"Sam Nunez", "Kim Okafor for Sam Nunez 07:30-12:00; Rosa Delgado for Sam Nunez 12:00-13:00; nobody for Sam Nunez 13:00-14:00; Kim Okafor for Sam Nunez 14:00-15:30; GAP",
				"Sam Nunez", "Sam Nunez", "Sam Nunez"},
			"Licenses": {"Tina Brown", "Tina Brown", "Tina Brown", "Tina Brown", "Tina Brown"},
			"Marsh Elementary School": {"Dana Whitfield 10:10-10:55", "Dana Whitfield 10:10-10:55", "closed",
				"Sam Nunez for Dana Whitfield 10:10-10:55", "Sam Nunez for Dana Whitfield 10:10-10:55"},
			"Oak High School": {"Kim Okafor from afar; Rosa Delgado from afar; Sam Nunez from afar",
				"Kim Okafor from afar 07:30-12:00; Kim Okafor from afar 14:00-15:30; Rosa Delgado from afar 07:30-13:00",
				"Kim Okafor from afar; Rosa Delgado from afar; Sam Nunez from afar", "Kim Okafor from afar; Rosa Delgado from afar; Sam Nunez from afar",
				"Kim Okafor from afar; Rosa Delgado from afar; Sam Nunez from afar"},
		} {
			if got := row(t, c, name); !slices.Equal(got, want) {
				t.Errorf("%s:\n %s\nwant\n %s", name, strings.Join(got, "\n "), strings.Join(want, "\n "))
			}
		}
		if len(c.Gaps) != 1 {
			t.Fatalf("gaps %+v", c.Gaps)
		}
		g := c.Gaps[0]
		if g.Name != "Sign-in" || g.Day.String() != "2026-03-03" || g.Absence != sam || !g.MayMend || g.Whole || !g.From.Equal(h.at(3, 13, 0)) || !g.Until.Equal(h.at(3, 14, 0)) || g.Lead != h.rosa {
			t.Errorf("%+v", g)
		}

		// Nobody of Marsh's own team: a gap, and the district helps from afar.
		for _, x := range must(h.Absences(h.sys, cover.Query{Person: h.dana}))(t) {
			must(h.Change(h.sys, cover.Change{ID: x.ID, Version: x.Version, From: x.From, Until: x.Until}))(t)
		}
		c = must(h.Coverage(h.as(h.pat), cover.CoverageQuery{Days: 3, Site: h.marsh}))(t)
		if got := row(t, c, "Marsh Elementary School"); got[2] != "nobody for Dana Whitfield; Kim Okafor from afar; Rosa Delgado from afar; Sam Nunez from afar; GAP" {
			t.Errorf("%q", got)
		}
		if len(c.Gaps) != 2 || c.Gaps[1].Day.String() != "2026-03-05" || c.Gaps[1].MayMend || c.Gaps[1].LeadName != "Dana Whitfield" {
			t.Errorf("what a principal sees: %+v", c.Gaps)
		}
		if c := must(h.Coverage(h.as(h.dana), cover.CoverageQuery{Days: 3, Site: h.marsh}))(t); !c.Gaps[1].MayMend {
			t.Error("Dana may change her own")
		}

		// Nobody at all is a gap too.
		h.out(h.rosa, h.at(12, 0, 0), h.at(13, 0, 0), 0)
		h.out(h.sam, h.at(12, 0, 0), h.at(13, 0, 0), 0)
		h.out(h.kim, h.at(12, 0, 0), h.at(13, 0, 0), 0)
		c = must(h.Coverage(h.sys, cover.CoverageQuery{From: worktime.Date{Year: 2026, Month: 3, Day: 12}, Days: 1, Site: h.oak}))(t)
		if got := row(t, c, "Oak High School"); got[0] != "nobody; GAP" {
			t.Errorf("%q", got)
		}
		_ = lou
		// A day that is over is none of those ahead.
		h.clock.Set(h.at(2, 16, 0))
		if c := must(h.Coverage(h.sys, cover.CoverageQuery{Days: 1}))(t); c.Days[0].String() != "2026-03-03" {
			t.Errorf("%v", c.Days)
		}
	})
}

// A lead is told once of a gap, and again when it opens anew.
func TestGapsAreToldOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		run := func() int {
			t.Helper()
			return must(h.Gaps(h.sys, cover.WarnDays))(t)
		}
		if n := run(); n != 0 {
			t.Fatalf("%d gaps in a quiet week", n)
		}
		h.out(h.dana, h.at(3, 0, 0), h.at(4, 0, 0), 0)
		lou := h.out(h.lou, h.at(3, 0, 0), h.at(4, 0, 0), 0)
		before := len(h.told(h.dana))
		if n := run(); n != 1 {
			t.Fatalf("%d gaps", n)
		}
		if got := h.told(h.dana); len(got) != before+1 || got[0] != "cover.notice.gap" {
			t.Fatalf("the lead is told %v", got)
		}
		h.clock.Advance(time.Hour)
		if n := run(); n != 0 {
			t.Fatalf("told again of %d", n)
		}
		must(h.Change(h.sys, cover.Change{ID: lou, Version: 1, From: h.at(3, 0, 0), Until: h.at(4, 0, 0), Cover: h.kim}))(t)
		if n := run(); n != 0 {
			t.Fatal("a gap that is closed is news")
		}
		must(h.Change(h.sys, cover.Change{ID: lou, Version: 2, From: h.at(3, 0, 0), Until: h.at(4, 0, 0)}))(t)
		if n := run(); n != 1 {
			t.Fatalf("opened again: %d", n)
		}
		// The week goes on: what lies farther ahead is told in its time.
		h.out(h.lou, h.at(10, 0, 0), h.at(11, 0, 0), 0)
		h.out(h.dana, h.at(10, 0, 0), h.at(11, 0, 0), 0)
		if n := run(); n != 0 {
			t.Fatalf("%d gaps beyond five school days", n)
		}
		h.clock.Set(h.at(4, 7, 0))
		if n := run(); n != 1 {
			t.Fatalf("%d gaps, want the one of the 10th", n)
		}
		h.read(func(tx *db.Tx) error {
			var n int
			err := tx.QueryRow(`SELECT count(*) FROM district_gap`).Scan(&n)
			if n != 1 {
				t.Errorf("%d gaps are remembered", n)
			}
			return err
		})
	})
}

// The board of a district with 13 places, 9 services and 20 days, and the
// number of statements that it takes.
func BenchmarkCoverage(b *testing.B) {
	texts := 0
	h := furnishBench(b)
	ctx := h.sys
	q := cover.CoverageQuery{Days: 20}
	b.ResetTimer()
	for b.Loop() {
		c, err := h.Coverage(ctx, q)
		if err != nil {
			b.Fatal(err)
		}
		if texts = len(c.Rows); len(c.Days) != 20 || texts != 22 {
			b.Fatalf("%d rows, %d days", texts, len(c.Days))
		}
	}
}

func furnishBench(b *testing.B) *house {
	b.Helper()
	t := &testing.T{}
	h := furnish(t, testkit.Open(b, db.SQLite, testkit.Setup{Schemas: schemas, Once: true}))
	for i := range 10 {
		must(h.d.CreateSite(h.sys, district.CreateSite{Name: fmt.Sprintf("School %d", i), Level: district.LevelMiddle, Team: h.school}))(b)
	}
	for i := range 7 {
		must(h.d.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: fmt.Sprintf("Service %d", i), Owner: h.sam, Cover: h.kim}))(b)
	}
	for i := range 20 {
		h.out(h.sam, h.at(3+2*i, 0, 0), h.at(4+2*i, 0, 0), h.kim)
		h.out(h.dana, h.at(3+2*i, 9, 0), h.at(4+2*i, 0, 0), 0)
	}
	return h
}
