package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trellis/internal/desk/flow"
	"trellis/internal/platform/worktime"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// drawRows are a history as logs have them: times that don't fall and often
// are equal, fields that are missing now and then.
func drawRows(t *rapid.T) []flow.Row {
	at := monday.Add(time.Duration(rapid.IntRange(0, 90000).Draw(t, "start")) * time.Second)
	team := rapid.SampledFrom([]string{"", "A", "B", "C"})
	whole := rapid.Bool().Draw(t, "whole")
	rows := make([]flow.Row, rapid.IntRange(1, 14).Draw(t, "rows"))
	for i := range rows {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 59, 3600, 40000, 90000, 500000}).Draw(t, "gap")) * time.Second)
		r := flow.Row{At: at, Team: team.Draw(t, "team"), Person: team.Draw(t, "person"), Line: rapid.SampledFrom([]flow.Line{0, 10, 20, 25, 30}).Draw(t, "line"),
			State: rapid.SampledFrom([]flow.State{"", flow.Open, flow.Open, flow.Waiting, flow.Solved, flow.Closed}).Draw(t, "state"),
			Kept:  rapid.SampledFrom([]string{"", "yes", "no"}).Draw(t, "kept"), Impact: rapid.SampledFrom([]string{"", "High", "Low"}).Draw(t, "impact"), Reassigned: -1, Reopened: -1}
		r.Status = string(r.State)
		if r.State == flow.Waiting {
			r.Wait = rapid.SampledFrom([]flow.Wait{flow.OnRequester, flow.OnVendor}).Draw(t, "wait")
		}
		if whole {
			r.Opened = monday
			if rapid.Bool().Draw(t, "first") {
				r.First = at
			}
			if rapid.Bool().Draw(t, "solved") {
				r.Solved = at
			}
		}
		rows[i] = r
	}
	return rows
}

func weekdays(t testing.TB, closed ...string) flow.Counting {
	c, err := flow.Count("UTC", officeHours, closed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What a history comes to can't contradict itself.
func TestFactsAgree(t *testing.T) {
	c := weekdays(t, "2026-03-03", "2026-03-06")
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		f := flow.Compute(rows, c)
		holds := func(what string, ok bool) {
			if !ok {
				t.Fatalf("%s: %+v", what, f)
			}
		}
		holds("events", f.Events == len(rows))
		holds("a team that had it again gave it away before", !f.PingPong || countTeams(rows) > 2)
		holds("every A, B, A is a ping-pong", f.Triples == 0 || f.PingPong)
		holds("handoffs fit between the rows", f.Handoffs >= 0 && f.Handoffs < len(rows) && f.Owners < len(rows) && f.Ups+f.Downs < len(rows))
		holds("lines lie between the first and the farthest", f.FirstLine <= f.MaxLine && f.SolvedLine <= f.MaxLine)
		holds("hours are no more than the wall clock", f.SolveOpen <= f.SolveWall && f.FirstBiz <= f.FirstWall)
		holds("closures take hours away, waiting too", f.SolveBiz <= f.SolveOpen && f.SolveOwn <= f.SolveBiz && f.SolveOpenOwn <= f.SolveOpen && f.SolveOwn <= f.SolveOpenOwn)
		holds("all spans of what was solved are there, or none", (f.SolveWall == flow.None) == (f.SolveBiz == flow.None) && (f.SolveWall == flow.None) == (f.SolveOwn == flow.None))
		holds("reopened is after solved", !f.Reopened || slices.ContainsFunc(rows, func(r flow.Row) bool { return r.State == flow.Solved || r.State == flow.Closed }))
		var waited int64
		for _, s := range f.Waited {
			waited += s
		}
		holds("it didn't wait longer than it lasted", waited <= f.End.Unix()-rows[0].At.Unix())

		// Names don't matter, only which are the same; nor does the zone of a time.
		other := slices.Clone(rows)
		for i := range other {
			if other[i].Team != "" {
				other[i].Team = "team " + other[i].Team
			}
			other[i].At = other[i].At.In(time.FixedZone("", 3600)).UTC()
		}
		if diff := cmp.Diff(f, flow.Compute(other, c)); diff != "" {
			t.Fatalf("by other names: %s", diff)
		}
		// A row that says nothing new moves no hands.
		if again := flow.Compute(append(slices.Clone(rows), rows[len(rows)-1]), c); again.Handoffs != f.Handoffs || again.PingPong != f.PingPong || again.Triples != f.Triples || again.Ups != f.Ups || again.SolveBiz != f.SolveBiz {
			t.Fatalf("said twice: %+v, then %+v", f, again)
		}
	})
}

// countTeams is how long the way from team to team is.
func countTeams(rows []flow.Row) int {
	var way []string
	for _, r := range rows {
		if r.Team != "" && (len(way) == 0 || way[len(way)-1] != r.Team) {
			way = append(way, r.Team)
		}
	}
	return len(way)
}

// What nobody recorded is not made up.
func TestNothingIsMadeUp(t *testing.T) {
	c := weekdays(t)
	none := flow.Row{Reassigned: -1, Reopened: -1}
	for _, x := range []struct {
		what string
		rows []flow.Row
		ok   func(f flow.Facts) bool
	}{
		{"no rows", nil, func(f flow.Facts) bool { return f.SolveWall == flow.None && f.Start.IsZero() && f.Reassigns == -1 }},
		{"a row without anything", []flow.Row{none}, func(f flow.Facts) bool {
			return f.Events == 1 && f.SolveWall == flow.None && f.FirstWall == flow.None && f.FirstLine == 0 && f.Waited == nil && f.Kept == "" && !f.Reopened
		}},
		{"closed, and nobody knows when it was solved", []flow.Row{{At: monday, State: flow.Closed, Opened: monday, Closed: monday.Add(time.Hour), Reopened: -1}}, func(f flow.Facts) bool {
			return f.SolvedAt.IsZero() && f.SolveWall == flow.None && f.Closed.Equal(monday.Add(time.Hour))
		}},
		{"solved before it began", []flow.Row{{At: monday, Opened: monday, Solved: monday.Add(-time.Hour)}}, func(f flow.Facts) bool { return f.SolveWall == flow.None && f.SolveBiz == flow.None }},
		{"its old desk says that it was not reopened", []flow.Row{{At: monday, State: flow.Solved}, {At: monday, State: flow.Open}}, func(f flow.Facts) bool { return !f.Reopened }},
		{"nobody counted, and it was", []flow.Row{{At: monday, State: flow.Solved}, {At: monday, State: flow.Open, Reopened: -1}}, func(f flow.Facts) bool { return f.Reopened && f.Reopens == -1 }},
		{"less than a second", []flow.Row{{At: monday.Add(500 * time.Millisecond)}, {At: monday.Add(1200 * time.Millisecond), State: flow.Solved}}, func(f flow.Facts) bool { return f.SolveWall == 0 && f.SolveBiz == 0 }},
		{"solved at once", []flow.Row{{At: monday, State: flow.Solved}}, func(f flow.Facts) bool { return f.SolveWall == 0 && f.SolveBiz == 0 }},
	} {
		if f := flow.Compute(x.rows, c); !x.ok(f) {
			t.Errorf("%s: %+v", x.what, f)
		}
	}
	if f := flow.Compute([]flow.Row{{At: monday}, {At: monday.Add(time.Hour), State: flow.Solved}}, flow.Counting{}); f.SolveBiz != flow.None || f.SolveWall != 3600 {
		t.Errorf("without a calendar: %+v", f)
	}
	if rec := flow.Record(flow.ByNumber, "1", flow.Compute([]flow.Row{none}, c), true); strings.Join(rec, ",") != "1,1,,,,,0,0,,,,,,,," {
		t.Errorf("%q", rec)
	}
}

// told is a drawn history as a replay judges it.
func told(t *rapid.T) flow.Told {
	rows := drawRows(t)
	f := flow.Compute(rows, flow.Counting{})
	return flow.Told{Facts: f, Rows: rows, Impact: []string{f.Impact}, Place: []string{""}, Service: []string{""}, Until: f.End.Add(time.Hour), AnswersKnown: rapid.Bool().Draw(t, "answers")}
}

func worst(v flow.Verdict) int {
	return map[flow.Verdict]int{flow.Missed: 2, flow.Kept: 1, flow.Running: 1}[v]
}

// Whoever promises more time misses no more, and neither does whoever is at
// work on fewer days or stops the clock for more.
func TestLongerPromisesMissNoMore(t *testing.T) {
	days := weekdays(t).Closed
	rapid.Check(t, func(t *rapid.T) {
		x := told(t)
		span := func(name string) time.Duration {
			return time.Duration(rapid.IntRange(1, 200000).Draw(t, name)) * time.Second
		}
		p := flow.Plan{Promises: []flow.Target{{Impact: "*", Place: "*", Service: "*", First: span("first"), Solve: span("solve")}}}
		twice := flow.Plan{Promises: []flow.Target{p.Promises[0]}}
		twice.Promises[0].First *= 2
		twice.Promises[0].Solve *= 2
		paused := p
		paused.PauseOn = []flow.Wait{flow.OnRequester}
		var closed []string
		for d := range 14 {
			if rapid.Bool().Draw(t, "closed") {
				closed = append(closed, worktime.DateOf(monday.AddDate(0, 0, d)).String())
			}
		}
		fewer, err := flow.Count("UTC", officeHours, closed)
		if err != nil {
			t.Fatal(err)
		}
		for _, what := range []flow.Promised{flow.ToFirst, flow.ToSolve} {
			v := p.Judge(x, what, days)
			for name, other := range map[string]flow.Verdict{"twice the time": twice.Judge(x, what, days), "more closures": p.Judge(x, what, fewer.Closed), "pauses": paused.Judge(x, what, days)} {
				if worst(other) > worst(v) || (v == flow.Unknown) != (other == flow.Unknown) {
					t.Fatalf("%s: %s, and with %s %s", what, v, name, other)
				}
			}
		}
	})
}
