package flow_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"trellis/internal/desk/flow"
	"trellis/internal/testkit"
)

// sum adds up a column of a file of expected cells, over the rows that count.
func sum(t *testing.T, rows map[string]map[string]string, column string, counts func(map[string]string) bool) (n int64) {
	t.Helper()
	for _, r := range rows {
		if !counts(r) || r[column] == "" {
			continue
		}
		v, err := strconv.ParseInt(r[column], 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", column, err)
		}
		n += v
	}
	return n
}

func whole(t *testing.T, w *world, f flow.Filter) flow.Measures {
	t.Helper()
	r, err := flow.NewReports(w.desk).Report(w.as(w.sam), f)
	if err != nil {
		t.Fatal(err)
	}
	return r.Whole
}

// The report over the development slices of two real logs says what the files
// of expected cells add up to.
func TestReportOfRealLogs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		any := func(map[string]string) bool { return true }
		cases := expected(t, "case", testkit.Data(t, "bpic13", "expected_cases_dev.csv"), testkit.Data(t, "bpic13", "expected_clock_dev.csv"))
		w.run()
		log := w.source("bpic13", "case", "Europe/Brussels", bpicClosed, time.Date(2012, 5, 31, 22, 0, 0, 0, time.UTC))
		w.bring(log, bpic(t))
		m := whole(t, w, flow.Filter{Source: int64(log)})
		done := func(r map[string]string) bool { return r["resolution_s"] != "" }
		count := func(want func(map[string]string) bool) (n int64) {
			for _, r := range cases {
				if want(r) {
					n++
				}
			}
			return n
		}
		for what, pair := range map[string][2]int64{
			"cases":            {m.Requests, int64(len(cases))},
			"solved":           {m.Solved, count(done)},
			"not solved":       {m.Open + m.Ended, count(func(r map[string]string) bool { return !done(r) })},
			"handoffs":         {m.Handoffs.Sum, sum(t, cases, "handoffs", any)},
			"never passed on":  {m.Handoffs.By[0], count(func(r map[string]string) bool { return r["handoffs"] == "0" })},
			"back and forth":   {m.PingPong.N, sum(t, cases, "team_revisited", any)},
			"came back":        {m.Reopened.N, sum(t, cases, "reopened", done)},
			"first line alone": {m.School.N, count(func(r map[string]string) bool { return done(r) && r["max_line"] == "1" })},
			"waited":           {m.Waits.Seconds[0], sum(t, cases, "wait_user_s", any)},
			"elapsed":          {m.Waits.Elapsed, sum(t, cases, "close_s", any)},
			"timed":            {m.Solve.Happened, count(func(r map[string]string) bool { return r["biz_holiday_s"] != "" })},
			"still watched":    {m.Solve.Still, count(func(r map[string]string) bool { return !done(r) })},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %d, the files say %d", what, pair[0], pair[1])
			}
		}
		t.Log(m.Solve.By(.5), m.Solve.By(.8), m.Solve.By(.9), fmt.Sprintf("%+v", m.School), m.Open, m.Ended)

		numbers := expected(t, "number", testkit.Data(t, "uci_incident", "expected_incidents_dev.csv"), testkit.Data(t, "uci_incident", "expected_clock_dev.csv"))
		log = w.source("uci", "number", "", uciClosed, time.Date(2017, 2, 18, 14, 0, 0, 0, time.UTC))
		w.bring(log, uci(t))
		m = whole(t, w, flow.Filter{Source: int64(log)})
		cases = numbers
		for what, pair := range map[string][2]int64{
			"incidents":       {m.Requests, int64(len(numbers))},
			"promises kept":   {m.Kept.N, count(func(r map[string]string) bool { return r["made_sla"] == "true" })},
			"promises":        {m.Kept.Of, int64(len(numbers))},
			"handoffs":        {m.Handoffs.Sum, sum(t, numbers, "group_handoffs", any)},
			"back and forth":  {m.PingPong.N, sum(t, numbers, "group_revisited", any)},
			"solved":          {m.Solved, count(func(r map[string]string) bool { return r["resolution_min"] != "" })},
			"nobody knows":    {m.School.Unsaid, m.Solved},
			"first responses": {m.First.Happened, 0},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %d, the files say %d", what, pair[0], pair[1])
			}
		}
		t.Log(m.Solve.By(.5), m.Solve.By(.8), m.Solve.By(.9), m.Open, m.Ended)
	})
}
