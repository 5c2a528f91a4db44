package flow

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Weeks in remission of 21 leukaemia patients under 6-mercaptopurine
// (Freireich and others 1963), the example by which the estimate is taught; a
// negative time was still in remission when last seen.
var remission = []int64{6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35}

func observed(list []int64) (out []moment) {
	for _, t := range list {
		if t < 0 {
			out = append(out, still(-t))
		} else {
			out = append(out, at(t))
		}
	}
	return out
}

func TestSpreadAsInTheTextbook(t *testing.T) {
	s := spread(observed(remission))
	want := []Point{{6, .857}, {7, .807}, {10, .753}, {13, .690}, {16, .627}, {22, .538}, {23, .448}} // still in remission
	if len(s.Curve) != len(want) || s.Happened != 9 || s.Still != 12 {
		t.Fatalf("%+v", s)
	}
	for i, p := range s.Curve {
		if p.Seconds != want[i].Seconds || math.Abs(1-p.Part-want[i].Part) > .0006 {
			t.Errorf("week %d: %.3f are left, the textbook says %.3f in week %d", p.Seconds, 1-p.Part, want[i].Part, want[i].Seconds)
		}
	}
	if m := s.By(.5); m != (Within{Seconds: 23}) {
		t.Errorf("median %+v", m)
	}
	if m := s.By(.8); m != (Within{Seconds: 35, More: true}) {
		t.Errorf("by when of eight tenths: %+v", m)
	}
	if p := s.At(12); math.Abs(p-.247) > .0006 {
		t.Errorf("by week 12: %.3f", p)
	}
	if s.At(5) != 0 || s.At(6) == 0 || s.At(1000) != s.Curve[6].Part {
		t.Error("the curve steps at its times")
	}
	if n := spread(nil); !n.By(.5).None {
		t.Error("something from nothing")
	}
}

// slow is the estimate as its definition has it: for each time at which it
// happened, the part of those still watched then to whom it happened.
func slow(list []int64, t int64) float64 {
	left := 1.0
	var times []int64
	for _, x := range list {
		if x >= 0 && x <= t && !slices.Contains(times, x) {
			times = append(times, x)
		}
	}
	for _, u := range times {
		happened, watched := 0, 0
		for _, x := range list {
			if x == u {
				happened++
			}
			if max(x, -x) >= u {
				watched++
			}
		}
		left *= 1 - float64(happened)/float64(watched)
	}
	return 1 - left
}

func TestSpreadAgainstItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Int64Range(-40, 40), 1, 60).Draw(t, "list")
		for i, x := range list {
			if x == 0 {
				list[i] = 1 // 0 can't say that it hadn't happened
			}
		}
		s := spread(observed(list))
		for u := range int64(42) {
			if got, want := s.At(u), slow(list, u); math.Abs(got-want) > 1e-9 {
				t.Fatalf("by %d: %v, not %v", u, got, want)
			}
		}
		part := rapid.Float64Range(.01, .99).Draw(t, "part")
		w := s.By(part)
		if !w.More && (slow(list, w.Seconds) < part-1e-6 || slow(list, w.Seconds-1) >= part+1e-6) {
			t.Fatalf("%v of all by %+v", part, w)
		}
		if w.More && slow(list, 1000) >= part+1e-6 {
			t.Fatalf("%v of all is reached", part)
		}
		if all := slices.IndexFunc(list, func(x int64) bool { return x < 0 }) < 0; all {
			slices.Sort(list)
			if m := s.By(.5); m.Seconds != list[(len(list)-1)/2] {
				t.Fatalf("nothing is open, and half of %v by %+v", list, m)
			}
		}
	})
}
