package flow_test

import (
	"strings"
	"testing"
	"time"

	"trellis/internal/desk/flow"
)

func TestParsePlan(t *testing.T) {
	p, err := flow.ParsePlan([]byte(`{"zone": "Europe/Brussels", "hours": "Mon-Fri 08:00-17:00", "closed": [], "pause_on": ["requester", "vendor"],
		"promises": [{"impact": "High", "first": "1h", "solve": "8h"}, {"impact": "*", "place": "Marsh", "solve": "1h30m"}]}`))
	if err != nil || len(p.Promises) != 2 || p.Promises[0].Place != "*" || p.Promises[1].Solve != 90*time.Minute || !p.NoClosed || len(p.PauseOn) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	for text, want := range map[string][]string{
		`{"promises": [{"impact": "High", "sole": "8h"}]}`: {"sole: "},
		`{"hour": "x", "promises": []}`:                    {"hour: "},
		`{"promises": [{"impact": 3}]}`:                    {"promises.impact: "},
		`{"promises": []}`:                                 {"promises: "},
		`[`:                                                {"not JSON"},
		`{"promises": [{"solve": "1h"}]} {}`:               {"after the end"},
		`{"zone": "Mars/Base", "hours": "Mon", "closed": ["2026-02-30"], "pause_on": ["me"], "promises": [{"solve": "1h"}]}`:    {"zone: ", "hours: ", "closed[0]: ", "pause_on[0]: "},
		`{"pause_on": ["part", "part"], "promises": [{"first": "2h", "solve": "1h"}, {}, {"solve": "-1h"}, {"first": "soon"}]}`: {"pause_on[1]: ", "promises[0].first: ", "promises[1]: ", "promises[2].solve: ", "promises[3].first: "},
		`{"promises": [{"impact": "High", "solve": "1h"}, {"impact": "high ", "place": "*", "solve": "2h"}]}`:                   {"promises[1]: promises[0] is for the same"},
	} {
		_, err := flow.ParsePlan([]byte(text))
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v; want %q", text, err, w)
			}
		}
	}
}

func TestClosestPromise(t *testing.T) {
	p := flow.Plan{Promises: []flow.Target{
		{Impact: "*", Place: "*", Service: "*", Solve: 10 * time.Hour},
		{Impact: "High", Place: "*", Service: "*", Solve: time.Hour},
		{Impact: "*", Place: "Marsh", Service: "*", Solve: 3 * time.Hour},
		{Impact: "*", Place: "*", Service: "Printing", Solve: 5 * time.Hour},
		{Impact: "*", Place: "Marsh", Service: "Printing", Solve: 7 * time.Hour},
		{Impact: "Low", Place: "Marsh", Service: "Printing", First: time.Hour},
	}}
	c := weekdays(t)
	for _, x := range []struct {
		impact, place, service string
		hours                  int // that are the most it may take; 0: nothing promised
	}{
		{"Medium", "Orchard", "Wifi", 10}, {"high", "Orchard", "Wifi", 1}, {"High", "marsh", "Wifi", 3}, {"High", "Marsh", "Printing", 7},
		{"High", "Orchard", "printing", 5}, {"Low", "Marsh", "Printing", 0},
	} {
		judge := func(took time.Duration) flow.Verdict {
			f := flow.Compute([]flow.Row{{At: monday}, {At: monday.Add(took), State: flow.Solved}}, flow.Counting{})
			return p.Judge(flow.Told{Facts: f, Impact: []string{x.impact}, Place: []string{x.place}, Service: []string{x.service}}, flow.ToSolve, c.Closed)
		}
		at := time.Duration(x.hours) * time.Hour
		if x.hours > 9 { // a day has nine
			at += 15 * time.Hour
		}
		if x.hours == 0 {
			if v := judge(time.Hour); v != flow.Unknown {
				t.Errorf("%+v: %s", x, v)
			}
			continue
		}
		if in, late := judge(at), judge(at+time.Second); in != flow.Kept || late != flow.Missed {
			t.Errorf("%+v: %s, %s", x, in, late)
		}
	}
}

// Nobody is told that a promise was missed of which nobody recorded how it
// went.
func TestUnknownIsNotMissed(t *testing.T) {
	p := flow.Plan{Promises: []flow.Target{{Impact: "*", Place: "*", Service: "*", First: time.Minute, Solve: time.Minute}}}
	c, end := weekdays(t).Closed, monday.AddDate(0, 0, 7)
	for _, x := range []struct {
		what         string
		last         flow.Row
		answers      bool
		first, solve flow.Verdict
	}{
		{"open", flow.Row{Opened: monday, State: flow.Open}, true, flow.Missed, flow.Missed},
		{"open, where nobody writes down answers", flow.Row{Opened: monday, State: flow.Open}, false, flow.Unknown, flow.Missed},
		{"closed", flow.Row{Opened: monday, Closed: end}, true, flow.Unknown, flow.Unknown},
		{"closed, by its state alone", flow.Row{Opened: monday, State: flow.Closed}, true, flow.Unknown, flow.Unknown},
		{"solved without an answer", flow.Row{Opened: monday, Solved: end}, true, flow.Unknown, flow.Missed},
		{"answered in time, wherever", flow.Row{Opened: monday, First: monday, State: flow.Open}, false, flow.Kept, flow.Missed},
		{"without a beginning", flow.Row{State: flow.Open}, true, flow.Unknown, flow.Unknown},
	} {
		rows := []flow.Row{x.last}
		told := flow.Told{Facts: flow.Compute(rows, flow.Counting{}), Rows: rows, Until: end, AnswersKnown: x.answers}
		if first, solve := p.Judge(told, flow.ToFirst, c), p.Judge(told, flow.ToSolve, c); first != x.first || solve != x.solve {
			t.Errorf("%s: %s, %s; want %s, %s", x.what, first, solve, x.first, x.solve)
		}
	}
}
