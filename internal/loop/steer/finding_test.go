package steer_test

import (
	"slices"
	"testing"

	"trellis/internal/desk/flow"
	"trellis/internal/loop/steer"
)

func kinds(list []steer.Finding) (out []steer.Kind) {
	for _, f := range list {
		out = append(out, f.Kind)
	}
	return out
}

// Each rule speaks at its bound and is silent below it; of few requests none
// says anything, and never more than three do.
func TestFindings(t *testing.T) {
	calm := flow.Measures{Requests: 100, Solved: 100, Kept: flow.Ratio{N: 80, Of: 100}, PingPong: flow.Ratio{N: 9, Of: 100},
		Handoffs: flow.Handoffs{By: [4]int64{91, 0, 0, 9}}, Waits: flow.Waits{Seconds: [5]int64{99}, Elapsed: 1000}}
	if got := steer.Findings(flow.Report{Whole: calm}); len(got) != 0 {
		t.Errorf("a calm year: %v", kinds(got))
	}
	for want, change := range map[steer.Kind]func(m *flow.Measures){
		steer.Unrecorded: func(m *flow.Measures) { m.Ended = 20 },
		steer.Waiting:    func(m *flow.Measures) { m.Waits.Seconds[1] = 100 },
		steer.Promises:   func(m *flow.Measures) { m.Kept.N = 79 },
		steer.Bouncing:   func(m *flow.Measures) { m.PingPong.N = 10 },
		steer.Passing:    func(m *flow.Measures) { m.Handoffs.By = [4]int64{90, 0, 0, 10} },
		steer.Unanswered: func(m *flow.Measures) { m.Open, m.First.Still = 50, 10 },
	} {
		m := calm
		change(&m)
		got := steer.Findings(flow.Report{Whole: m})
		if !slices.Equal(kinds(got), []steer.Kind{want}) || got[0].Behind == "" {
			t.Errorf("%s: %+v", want, got)
		}
		if want == steer.Waiting && (got[0].Wait != flow.OnVendor || got[0].Part != .1) {
			t.Errorf("%+v", got[0])
		}
		m.Requests = steer.Few - 1
		if got := steer.Findings(flow.Report{Whole: m}); len(got) != 0 {
			t.Errorf("%s of few requests: %v", want, kinds(got))
		}
	}
	loud := calm
	loud.Ended, loud.Kept.N, loud.PingPong.N, loud.Waits.Seconds[1] = 50, 0, 90, 900
	if got := kinds(steer.Findings(flow.Report{Whole: loud})); !slices.Equal(got, []steer.Kind{steer.Unrecorded, steer.Waiting, steer.Promises}) {
		t.Errorf("%v", got)
	}
}

func spread(seconds ...int64) flow.Spread {
	s := flow.Spread{Happened: int64(len(seconds))}
	for i, t := range seconds {
		s.Curve = append(s.Curve, flow.Point{Seconds: t, Part: float64(i+1) / float64(len(seconds))})
	}
	return s
}

// Groups are compared by when half are solved, and few requests are no group.
func TestGroupsApart(t *testing.T) {
	group := func(label string, n int64, half int64) flow.Group {
		return flow.Group{Label: label, Measures: flow.Measures{Requests: n, Solve: spread(half, 2*half)}}
	}
	r := flow.Report{Whole: flow.Measures{Requests: 100}, Groups: []flow.Group{group("A", 50, 100), group("B", 40, 199), group("C", 9, 1000)}}
	if got := steer.Findings(r); len(got) != 0 {
		t.Errorf("%v", kinds(got))
	}
	r.Groups[1] = group("B", 40, 200)
	if got := steer.Findings(r); len(got) != 1 || got[0].Slow.Label != "B" || got[0].Fast.Label != "A" {
		t.Errorf("%+v", got)
	}
	r.Groups[1].Rest = true
	if got := steer.Findings(r); len(got) != 0 {
		t.Errorf("the others are no group: %v", kinds(got))
	}
	r.Groups = nil
	r.Whole.Solve = spread(10, 10, 10, 10, 10, 10, 10, 10, 60, 70)
	if got := steer.Findings(r); len(got) != 1 || got[0].Kind != steer.Tail {
		t.Errorf("%+v", got)
	}
	r.Whole.Solve = spread(10, 10, 10, 10, 10, 10, 10, 10, 59, 70)
	if got := steer.Findings(r); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestNotes(t *testing.T) {
	r := flow.Report{Whole: flow.Measures{Requests: 20}, Hours: 1}
	if got := steer.Notes(r); !slices.Equal(got, []steer.Note{steer.NoteHere}) {
		t.Errorf("%v", got)
	}
	r.Filter.Source, r.Hours = 3, 2
	r.Sources = []flow.Source{{ID: flow.Born, Zone: ""}, {ID: 3, Name: "Old"}}
	r.Groups = []flow.Group{{Measures: flow.Measures{Requests: 15}}, {Measures: flow.Measures{Requests: 5}}}
	r.Whole.Open, r.Whole.School.Unsaid = 1, 1
	if got := steer.Notes(r); !slices.Equal(got, []steer.Note{steer.NoteCause, steer.NoteOpen, steer.NoteFew, steer.NoteMissing, steer.NoteCalendar, steer.NoteFloating, steer.NoteHere}) {
		t.Errorf("%v", got)
	}
	r.Filter.Wall, r.Filter.Source = true, flow.Born
	if got := steer.Notes(r); slices.Contains(got, steer.NoteCalendar) || slices.Contains(got, steer.NoteFloating) {
		t.Errorf("%v", got)
	}
}
