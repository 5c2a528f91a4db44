package cover

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// drawRoster makes people who are away at odd times, cover for each other at
// random (circles too), and some of whom have left.
func drawRoster(t *rapid.T, people int) *roster {
	r := &roster{away: map[district.PersonID][]stretch{}, active: map[district.PersonID]bool{}, weeks: map[district.PersonID]ownWeek{}}
	for p := district.PersonID(1); p <= district.PersonID(people); p++ {
		r.active[p] = rapid.IntRange(0, 9).Draw(t, "left") > 0
		at := int64(1)
		for range rapid.IntRange(0, 3).Draw(t, "absences") {
			at += rapid.Int64Range(0, 20).Draw(t, "gap")
			s := stretch{id: AbsenceID(at), person: p, from: at, until: at + rapid.Int64Range(1, 20).Draw(t, "length")}
			if c := district.PersonID(rapid.IntRange(0, people).Draw(t, "cover")); c != p {
				s.cover = c
			}
			r.away[p] = append(r.away[p], s)
			at = s.until
		}
		if rapid.IntRange(0, 3).Draw(t, "own hours") == 0 {
			w, err := worktime.ParseHours(rapid.SampledFrom([]string{"Mon 08:00-09:00", "Tue-Fri 10:10-10:55"}).Draw(t, "week"))
			if err != nil {
				t.Fatal(err)
			}
			r.weeks[p] = ownWeek{week: w}
		}
	}
	return r
}

// Whoever stands in is present, the chain is made of covers, and nothing
// changes before Until.
func TestStandIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoster(t, 6)
		p := district.PersonID(rapid.IntRange(1, 6).Draw(t, "person"))
		at := rapid.Int64Range(0, 100).Draw(t, "at")
		s := r.stand(p, at)
		if s.Chain[0] != p || s.Gap != (s.Person == 0) {
			t.Fatalf("%+v", s)
		}
		if _, away := r.at(s.Person, at); !s.Gap && (away || !r.active[s.Person]) {
			t.Fatalf("%d stands in and is away", s.Person)
		}
		for i := 1; i < len(s.Chain); i++ {
			if a, ok := r.at(s.Chain[i-1], at); !ok || a.cover != s.Chain[i] {
				t.Fatalf("%d does not cover for %d", s.Chain[i], s.Chain[i-1])
			}
		}
		if c := slices.Clone(s.Chain); len(slices.Compact(sorted(c))) != len(s.Chain) {
			t.Fatalf("somebody is twice in %v", s.Chain)
		}
		if _, away := r.at(p, at); !away && r.active[p] && s.Person != p {
			t.Fatal("somebody present is stood in for")
		}
		if s.Circle {
			last, _ := r.at(s.Chain[len(s.Chain)-1], at)
			if !slices.Contains(s.Chain, last.cover) {
				t.Fatal("a circle that does not close")
			}
		}
		until := int64(150)
		if !s.Until.IsZero() {
			until = s.Until.UnixMicro()
		}
		if until <= at {
			t.Fatalf("until %d, asked at %d", until, at)
		}
		later := r.stand(p, rapid.Int64Range(at, until-1).Draw(t, "later"))
		if later.Person != s.Person || !slices.Equal(later.Chain, s.Chain) {
			t.Fatalf("%+v becomes %+v before it may", s, later)
		}
	})
}

// A service is covered by somebody present who works that day, whenever its
// owner or its standing cover leads to one.
func TestServe(t *testing.T) {
	day := worktime.Date{Year: 2026, Month: 3, Day: 3}
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoster(t, 5)
		at := rapid.Int64Range(0, 100).Draw(t, "at")
		s := r.serve(1, 2, at, day)
		good := func(p district.PersonID) bool {
			st := r.stand(p, at)
			return !st.Gap && r.works(st.Person, day)
		}
		if s.Gap == (good(1) || good(2)) {
			t.Fatalf("%+v, owner %v, standing cover %v", s, good(1), good(2))
		}
		if s.Gap {
			return
		}
		if _, away := r.at(s.Person, at); away || !r.active[s.Person] || !r.works(s.Person, day) {
			t.Fatalf("%d is not there", s.Person)
		}
		if good(1) && s.Person != r.stand(1, at).Person {
			t.Fatal("the owner's own side was passed over")
		}
	})
}

func sorted(p []district.PersonID) []district.PersonID { slices.Sort(p); return p }
