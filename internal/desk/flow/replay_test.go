package flow_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
)

func TestReplay(t *testing.T) {
	at := func(hours int) time.Time { return monday.Add(time.Duration(hours) * time.Hour) } // 08:00
	one := func(key, impact, kept string, opened, first, solved int, state flow.State) history {
		r := flow.Row{At: at(opened), State: state, Impact: impact, Kept: kept, Opened: at(opened), Reassigned: -1, Reopened: -1}
		if first >= 0 {
			r.First = at(first)
		}
		if solved >= 0 {
			r.Solved = at(solved)
		}
		return history{key, []flow.Row{r}}
	}
	past := []history{
		one("quick", "High", "no", 0, 1, 2, flow.Closed),        // 2 working hours
		one("slow", "High", "yes", 0, 1, 6, flow.Closed),        // 6
		one("late", "High", "", 0, -1, -1, flow.Open),           // open to the end: 9 + 9
		one("fresh", "High", "", 48, -1, -1, flow.Open),         // open for an hour
		one("nobody knows", "High", "", 0, -1, -1, flow.Closed), // closed, without a word of when
		one("other", "Low", "yes", 0, 2, 3, flow.Closed),
	}
	each(t, func(t *testing.T, w *world) {
		w.run()
		first := w.bring(w.source("old desk", flow.ByCase, "UTC", "", at(49)), past)
		name := func(i int) string { return (first - desk.TicketID(i)).String() }
		p, err := flow.ParsePlan([]byte(`{"promises": [{"impact": "stopped", "first": "1h", "solve": "4h"}]}`))
		p = ok(t, p, err)
		out, err := w.flow.Replay(w.as(w.director), p)
		out = ok(t, out, err)
		want := flow.Metric{
			Before: flow.Counts{Kept: 2, Missed: 1, Unknown: 3}, After: flow.Counts{Kept: 1, Missed: 2, Running: 1, Unknown: 2},
			Impacts: []flow.ImpactCounts{
				{Impact: "High", Before: flow.Counts{Kept: 1, Missed: 1, Unknown: 3}, After: flow.Counts{Kept: 1, Missed: 2, Running: 1, Unknown: 1}},
				{Impact: "Low", Before: flow.Counts{Kept: 1}, After: flow.Counts{Unknown: 1}},
			},
			KeptToMissed: flow.Moved{Count: 1, Tickets: []string{name(1)}}, MissedToKept: flow.Moved{Count: 1, Tickets: []string{name(0)}},
		}
		if diff := cmp.Diff(want, out.Solve); diff != "" {
			t.Errorf("solve: %s", diff)
		}
		if diff := cmp.Diff(flow.Counts{Kept: 2, Missed: 1, Running: 1, Unknown: 2}, out.First.After); diff != "" {
			t.Errorf("first: %s", diff)
		}
		if out.First.Before != (flow.Counts{Unknown: 6}) || out.Tickets != 6 {
			t.Errorf("%+v", out)
		}
		// High: 2 h, 6 h and two that are open. Half would have been kept with
		// six hours, four in five with nothing.
		if k := out.Keepable; len(k) != 2 || k[0].Requests != 4 || k[0].Open != 2 || k[0].Promises[0].Seconds != nil || k[1].Promises[2].Solve != "3h0m0s" || *k[1].Promises[0].Seconds != 10800 {
			t.Errorf("%+v", k)
		}
		// A day without hours, and the slow one was in time.
		p.Hours = flow.Hours{Hours: "Mon-Fri 10:00-17:00"}
		if out, err = w.flow.Replay(system(), p); err != nil || out.Solve.After.Kept != 2 || out.Solve.After.Missed != 1 {
			t.Errorf("other hours: %+v, %v", out.Solve, err)
		}

		// What was born here is judged by its own clocks before.
		made, err := w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "Help", Impact: desk.Stopped})
		id := ok(t, made, err).ID
		w.clock.Advance(2 * time.Hour)
		if _, err := w.desk.Solve(w.as(w.sam), id, 0, desk.Words{Text: "Done"}); err != nil {
			t.Fatal(err)
		}
		p.Hours, p.Born = flow.Hours{}, true
		if out, err = w.flow.Replay(system(), p); err != nil || out.Tickets != 7 || out.First.Before != (flow.Counts{Missed: 1, Unknown: 6}) || out.First.After.Missed != 2 || out.Solve.After.Kept != 2 {
			t.Errorf("with what was born here: %+v, %v", out, err)
		}
		if raw, err := json.Marshal(out); err != nil || !json.Valid(raw) {
			t.Error(err)
		}
	})
}
