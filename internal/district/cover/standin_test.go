package cover_test

import (
	"slices"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

func TestChainsAndCircles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		wed := h.at(4, 9, 0)
		h.out(h.sam, h.at(3, 0, 0), h.at(7, 0, 0), h.kim)
		h.out(h.kim, h.at(4, 0, 0), h.at(5, 0, 0), h.rosa)
		ids := func(p ...district.PersonID) []district.PersonID { return p }

		s := h.stand(h.sam, wed)
		if s.Person != h.rosa || !slices.Equal(s.Chain, ids(h.sam, h.kim, h.rosa)) || !s.Until.Equal(h.at(5, 0, 0)) {
			t.Errorf("%+v", s)
		}
		if s := h.stand(h.sam, h.at(3, 9, 0)); s.Person != h.kim || !s.Until.Equal(h.at(4, 0, 0)) {
			t.Errorf("the day before: %+v", s)
		}
		h.read(func(tx *db.Tx) error {
			list, err := cover.CoveredBy(tx, h.rosa, wed)
			if len(list) != 2 || list[0].Name != "Kim Okafor" || !slices.Equal(list[1].Chain, ids(h.sam, h.kim, h.rosa)) {
				t.Errorf("Rosa acts for %+v", list)
			}
			if list, _ := cover.CoveredBy(tx, h.kim, wed); len(list) != 0 {
				t.Errorf("who is away acts for %+v", list)
			}
			return err
		})

		// Rosa leaves for a while and names Sam: a circle, until she is back.
		h.out(h.rosa, h.at(4, 8, 0), h.at(4, 10, 0), 0)
		if s := h.stand(h.sam, wed); !s.Gap || s.Circle || s.Person != 0 || !s.Until.Equal(h.at(4, 10, 0)) {
			t.Errorf("the end of the chain: %+v", s)
		}
		x := must(h.Absences(h.sys, cover.Query{Person: h.rosa}))(t)[0]
		_, err := h.Change(h.sys, cover.Change{ID: x.ID, Version: x.Version, From: x.From, Until: x.Until, Cover: h.sam})
		field(t, err, "cover", "cover.away")
		// A circle comes about where each is there for a part.
		must(h.Change(h.sys, cover.Change{ID: x.ID, Version: x.Version, From: x.From, Until: h.at(8, 0, 0), Cover: h.sam}))(t)
		if s := h.stand(h.sam, wed); !s.Gap || !s.Circle {
			t.Errorf("a circle: %+v", s)
		}
		if s := h.stand(h.rosa, h.at(7, 9, 0)); s.Person != h.sam {
			t.Errorf("out of the circle: %+v", s)
		}

		// Who has left covers nothing.
		if s := h.stand(9999, wed); !s.Gap {
			t.Errorf("nobody: %+v", s)
		}
		h.out(h.lou, h.at(3, 0, 0), h.at(7, 0, 0), h.dana)
		dana := must(h.d.Team(h.sys, h.school))(t)
		must(h.d.ChangeTeam(h.sys, district.ChangeTeam{ID: dana.ID, Version: dana.Version, Name: dana.Name, Lead: h.lou, Tier: 1, Members: ids(h.dana, h.lou)}))(t)
		p := must(h.d.Person(h.sys, h.dana))(t)
		must(h.d.DeactivatePerson(h.sys, h.dana, p.Version))(t)
		if s := h.stand(h.lou, wed); !s.Gap {
			t.Errorf("covered by who has left: %+v", s)
		}
		_, err = h.Standing(h.as(h.tina), h.sam, wed)
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("a teacher asks about another: %v", err)
		}
		if s := must(h.Standing(h.as(h.tina), h.tina, time.Time{}))(t); s.Person != h.tina {
			t.Errorf("%+v", s)
		}
	})
}

func TestServices(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := func(id district.ServiceID, at time.Time) cover.Standing {
			return must(h.Service(h.sys, id, at))(t)
		}
		tue := h.at(3, 9, 0)
		if s := of(h.signIn, tue); s.Person != h.sam || len(s.Chain) != 1 {
			t.Errorf("the owner: %+v", s)
		}
		id := h.out(h.sam, h.at(3, 0, 0), h.at(5, 0, 0), h.kim)
		if s := of(h.signIn, tue); s.Person != h.kim || !s.Until.Equal(h.at(5, 0, 0)) {
			t.Errorf("who covers for the owner: %+v", s)
		}
		must(h.Change(h.sys, cover.Change{ID: id, Version: 1, From: h.at(3, 0, 0), Until: h.at(5, 0, 0)}))(t)
		if s := of(h.signIn, tue); s.Person != h.rosa || !slices.Equal(s.Chain, []district.PersonID{h.sam, h.rosa}) {
			t.Errorf("the standing cover: %+v", s)
		}
		h.out(h.rosa, h.at(3, 0, 0), h.at(3, 12, 0), h.kim)
		if s := of(h.signIn, tue); s.Person != h.kim || !slices.Equal(s.Chain, []district.PersonID{h.sam, h.rosa, h.kim}) {
			t.Errorf("who covers for that one: %+v", s)
		}
		h.out(h.kim, h.at(3, 8, 0), h.at(3, 10, 0), 0)
		if s := of(h.signIn, tue); !s.Gap || s.Person != 0 || !s.Until.Equal(h.at(3, 10, 0)) {
			t.Errorf("nobody: %+v", s)
		}
		// Licenses: Tina has no Fridays, so Pat has them.
		must(h.SetHours(h.sys, cover.Hours{Person: h.tina, Week: "Mon-Thu 08:00-12:00"}))(t)
		if s := of(h.licenses, h.at(6, 9, 0)); s.Person != h.pat {
			t.Errorf("on a day that is not hers: %+v", s)
		}
		if s := of(h.licenses, h.at(5, 20, 0)); s.Person != h.tina || !s.Until.Equal(h.at(6, 0, 0)) {
			t.Errorf("in the evening before: %+v", s)
		}
		_, err := h.Service(h.sys, 999, tue)
		refusedAs(t, err, errs.NotFound, "error.not_found")
	})
}

func TestFirstHelp(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		help := func(site district.SiteID, at time.Time) (out []string) {
			x := must(h.Help(h.as(h.pat), site, at))(t)
			for _, p := range x.Here {
				s := p.Name
				if p.For != 0 {
					s += " for another"
				}
				s += " " + worktime.FormatSpans(p.Hours)
				if p.Now {
					s += " now"
				}
				out = append(out, s)
			}
			if x.Afar {
				out = append(out, "afar")
			}
			if x.Gap {
				out = append(out, "gap")
			}
			return out
		}
		want := func(what string, got []string, want ...string) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		must(h.SetHours(h.sys, cover.Hours{Person: h.dana, Week: "Mon-Thu 10:10-10:55"}))(t)
		want("at ten past ten", help(h.marsh, h.at(3, 10, 10)), "Dana Whitfield 10:10-10:55 now", "Lou Abara 07:30-15:30 now")
		want("at five to eleven", help(h.marsh, h.at(3, 10, 55)), "Dana Whitfield 10:10-10:55", "Lou Abara 07:30-15:30 now")
		want("without a team", help(h.oak, h.at(3, 9, 0)), "Kim Okafor 07:30-15:30 now", "Rosa Delgado 07:30-15:30 now", "Sam Nunez 07:30-15:30 now", "afar")
		h.out(h.lou, h.at(5, 0, 0), h.at(7, 0, 0), h.sam)
		want("covered", help(h.marsh, h.at(5, 9, 0)), "Dana Whitfield 10:10-10:55", "Sam Nunez for another 07:30-15:30 now")
		want("without Fridays", help(h.marsh, h.at(6, 9, 0)), "Sam Nunez for another 07:30-15:30 now")
		h.out(h.sam, h.at(6, 0, 0), h.at(7, 0, 0), 0)
		want("nobody of theirs", help(h.marsh, h.at(6, 9, 0)), "Kim Okafor 07:30-15:30 now", "Rosa Delgado 07:30-15:30 now", "afar", "gap")
		_, err := h.Help(h.as(h.tina), h.marsh, h.at(6, 9, 0))
		refusedAs(t, err, errs.Forbidden, "error.forbidden")
		_, err = h.Help(h.as(h.pat), 999, h.at(6, 9, 0))
		refusedAs(t, err, errs.NotFound, "error.not_found")
	})
}

// A free period counts while the school is open: not on a closed day, and of a
// late start what is left of it.
func TestHours(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := usual()
		p.Days = map[worktime.Date][]worktime.Span{
			{Year: 2026, Month: 3, Day: 3}: nil,
			{Year: 2026, Month: 3, Day: 4}: {{From: 10*60 + 30, To: 15*60 + 30}},
		}
		h.plans[h.marsh] = p
		dana := h.as(h.dana)
		for _, c := range []struct{ week, key string }{
			{"Someday 08:00-09:00", "cover.hours.bad_day"}, {"Mon 25:00-26:00", "cover.hours.bad_time"}, {"Mon", "cover.hours.bad_part"},
			{"Mon 10:00-09:00", "cover.hours.over_midnight"}, {"Mon 08:00-10:00,09:00-11:00", "cover.hours.overlap"},
		} {
			_, err := h.SetHours(dana, cover.Hours{Person: h.dana, Week: c.week})
			field(t, err, "week", c.key)
		}
		_, err := h.SetHours(dana, cover.Hours{Person: h.dana, Week: "Mon-Fri 10:10-10:55", First: "2026-06-01", Last: "2026-05-01"})
		field(t, err, "last", "cover.hours.backward")
		v := must(h.SetHours(dana, cover.Hours{Person: h.dana, Week: "Mon-Fri 10:10-10:55", Last: "2026-03-05"}))(t)
		if v != 1 || h.events("person.hours") != 1 {
			t.Fatalf("version %d", v)
		}
		h.read(func(tx *db.Tx) error {
			c, err := h.HoursOf(tx, h.dana)
			if err != nil {
				return err
			}
			for day, want := range map[int]string{2: "10:10-10:55", 3: "", 4: "10:30-10:55", 5: "10:10-10:55", 6: "", 7: ""} {
				if got := worktime.FormatSpans(c.HoursOn(worktime.Date{Year: 2026, Month: 3, Day: day})); got != want {
					t.Errorf("March %d: %q, want %q", day, got, want)
				}
			}
			again, err := h.HoursOf(tx, h.dana)
			if again != c {
				t.Error("compiled twice")
			}
			lou, err2 := h.HoursOf(tx, h.lou)
			if err2 != nil || worktime.FormatSpans(lou.HoursOn(worktime.Date{Year: 2026, Month: 3, Day: 2})) != "07:30-15:30" {
				t.Errorf("without own hours: %v", err2)
			}
			return err
		})
		_, err = h.SetHours(dana, cover.Hours{Person: h.dana, Week: "Mon 08:00-09:00"})
		refusedAs(t, err, errs.Precondition, "error.stale")
		if v := must(h.SetHours(dana, cover.Hours{Person: h.dana, Version: 1}))(t); v != 0 {
			t.Errorf("version %d", v)
		}
		if got := must(h.Hours(dana, h.dana))(t); got.Version != 0 || got.Week != "" {
			t.Errorf("%+v", got)
		}
	})
}

// Days are the days of where somebody works, also when one has 23 hours.
func TestClockChange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		// All of Sunday, March 8: clocks jump from 2:00 to 3:00.
		h.out(h.sam, h.at(8, 0, 0), h.at(9, 0, 0), h.kim)
		for at, away := range map[time.Time]bool{
			h.at(7, 23, 59): false, h.at(8, 0, 0): true, h.at(8, 1, 59): true, h.at(8, 3, 0): true, h.at(8, 23, 59): true, h.at(9, 0, 0): false,
		} {
			if h.here(h.sam, at) == away {
				t.Errorf("at %v away is %v", at, !away)
			}
		}
		if d := h.at(9, 0, 0).Sub(h.at(8, 0, 0)); d != 23*time.Hour {
			t.Fatalf("the day has %v", d)
		}
		_, err := h.Declare(h.sys, cover.Declare{Person: h.sam, From: h.at(8, 12, 0), Until: h.at(10, 0, 0)})
		e, _ := err.(*errs.Error)
		if e == nil || len(e.Fields) != 1 || e.Fields[0].Args["From"] != "2026-03-08" || e.Fields[0].Args["Until"] != "2026-03-08" {
			t.Errorf("the day is named %+v", e)
		}
	})
}

func TestCandidates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.out(h.kim, h.at(3, 0, 0), h.at(4, 0, 0), 0)
		names := func(from, until time.Time) (out []string) {
			for _, c := range must(h.Candidates(h.as(h.sam), h.sam, from, until))(t) {
				n := c.Name
				if c.Away {
					n += " (partly)"
				}
				out = append(out, n)
			}
			return out
		}
		if got := names(h.at(3, 0, 0), h.at(4, 0, 0)); !slices.Equal(got, []string{"Rosa Delgado"}) {
			t.Errorf("%q", got)
		}
		if got := names(h.at(3, 0, 0), h.at(5, 0, 0)); !slices.Equal(got, []string{"Rosa Delgado", "Kim Okafor (partly)"}) {
			t.Errorf("%q", got)
		}
		w := must(h.Work(h.as(h.sam), h.sam))(t)
		if !slices.Equal(w.Services, []string{"Sign-in"}) || !slices.Equal(w.Leads, []string{"Rosa Delgado"}) {
			t.Errorf("%+v", w)
		}
		if _, err := h.Candidates(h.as(h.tina), h.sam, h.at(3, 0, 0), h.at(4, 0, 0)); !errs.Is(err, errs.NotFound) {
			t.Errorf("a teacher asks: %v", err)
		}
	})
}
