package flow_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk/flow"
	"trellis/internal/testkit"
)

// history is one case of a real log.
type history struct {
	key  string
	rows []flow.Row
}

// readLog sorts a log into cases, in the order in which it names them.
func readLog(t testing.TB, path, key string, row func(map[string]string) flow.Row) []history {
	t.Helper()
	var out []history
	at := map[string]int{}
	for _, rec := range readCSV(t, path) {
		i, ok := at[rec[key]]
		if !ok {
			i = len(out)
			at[rec[key]], out = i, append(out, history{key: rec[key]})
		}
		out[i].rows = append(out[i].rows, row(rec))
	}
	return out
}

func readCSV(t testing.TB, path string) (out []map[string]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	all, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range all[1:] {
		m := map[string]string{}
		for i, name := range all[0] {
			m[name] = rec[i]
		}
		out = append(out, m)
	}
	return out
}

const bpicClosed = "2010-04-05 2010-05-13 2010-05-24 2010-07-21 2010-11-01 2010-11-11 2011-04-25 2011-06-02 2011-06-13 2011-07-21 2011-08-15 2011-11-01 2011-11-11 2012-04-09 2012-05-01 2012-05-17 2012-05-28"
const uciClosed = "2016-05-30 2016-07-04 2016-09-05 2016-11-24 2016-11-25 2016-12-26 2017-01-02 2017-01-16"
const officeHours = "Mon-Fri 08:00-17:00"

func counting(t testing.TB, zone, closed string) flow.Counting {
	t.Helper()
	days, err := flow.ParseClosed(closed)
	if err != nil {
		t.Fatal(err)
	}
	c, err := flow.Count(zone, officeHours, days)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func bpic(t testing.TB) []history {
	return readLog(t, testkit.Data(t, "bpic13", "incidents_dev.csv.gz"), "case", func(m map[string]string) flow.Row {
		at, err := time.Parse(time.RFC3339, m["time:timestamp"])
		if err != nil {
			t.Fatal(err)
		}
		r := flow.Row{At: at.UTC(), Status: m["concept:name"], Sub: m["lifecycle:transition"], State: flow.Open, Team: m["org:group"], Person: m["org:resource"],
			Line: 10, Impact: m["impact"], Service: m["product"], Reassigned: -1, Reopened: -1}
		second, third := strings.Contains(r.Team, "2nd"), strings.Contains(r.Team, "3rd")
		switch {
		case second && third:
			r.Line = 25
		case second:
			r.Line = 20
		case third:
			r.Line = 30
		}
		switch {
		case r.Sub == "Wait - User":
			r.State, r.Wait = flow.Waiting, flow.OnRequester
		case r.Status == "Completed":
			r.State = flow.Solved
		}
		return r
	})
}

func uci(t testing.TB) []history {
	when := func(s string) time.Time {
		if s == "?" {
			return time.Time{}
		}
		at, err := time.Parse("2/1/2006 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	known := func(s string) string { return strings.TrimPrefix(s, "?") }
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return readLog(t, testkit.Data(t, "uci_incident", "incident_event_log_dev.csv.gz"), "number", func(m map[string]string) flow.Row {
		r := flow.Row{At: when(m["sys_updated_at"]), Status: m["incident_state"], State: flow.Open, Team: known(m["assignment_group"]), Person: known(m["assigned_to"]),
			Impact: m["impact"], Priority: m["priority"], Kept: map[string]string{"true": "yes", "false": "no"}[m["made_sla"]],
			Reassigned: number(m["reassignment_count"]), Reopened: number(m["reopen_count"]),
			Opened: when(m["opened_at"]), Solved: when(m["resolved_at"]), Closed: when(m["closed_at"])}
		switch r.Status {
		case "Resolved":
			r.State = flow.Solved
		case "Closed":
			r.State = flow.Closed
		case "Awaiting User Info":
			r.State, r.Wait = flow.Waiting, flow.OnRequester
		}
		return r
	})
}

// expected joins the files that say what a log comes to.
func expected(t testing.TB, key string, paths ...string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, p := range paths {
		for _, rec := range readCSV(t, p) {
			k := rec[key]
			if k == "" {
				k = rec["case"]
			}
			if out[k] == nil {
				out[k] = map[string]string{}
			}
			for name, cell := range rec {
				out[k][name] = cell
			}
		}
	}
	return out
}

// compare holds an export against what is expected: every cell of every row,
// and nothing of a cell that no file has.
func compare(t *testing.T, number string, want map[string]map[string]string, rows [][]string) {
	t.Helper()
	if len(want) != len(rows) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
	cells, bad := 0, 0
	for _, rec := range rows {
		w := want[rec[0]]
		if w == nil {
			t.Errorf("nothing is expected of %q", rec[0])
			continue
		}
		for i, name := range flow.Columns(number) {
			cells++
			if rec[i] != w[name] {
				if bad++; bad < 20 {
					t.Errorf("%s %s is %q, want %q", rec[0], name, rec[i], w[name])
				}
			}
		}
	}
	t.Logf("%d cells compared, %d differ", cells, bad)
}

func TestExpectedCases(t *testing.T) {
	c := counting(t, "Europe/Brussels", bpicClosed)
	want := expected(t, "case", testkit.Data(t, "bpic13", "expected_cases_dev.csv"), testkit.Data(t, "bpic13", "expected_clock_dev.csv"))
	var rows [][]string
	for _, h := range bpic(t) {
		rows = append(rows, flow.Record(flow.ByCase, h.key, flow.Compute(h.rows, c), false))
	}
	compare(t, flow.ByCase, want, rows)
}

func TestExpectedNumbers(t *testing.T) {
	c := counting(t, "", uciClosed)
	want := expected(t, "number", testkit.Data(t, "uci_incident", "expected_incidents_dev.csv"), testkit.Data(t, "uci_incident", "expected_clock_dev.csv"))
	var rows [][]string
	for _, h := range uci(t) {
		rows = append(rows, flow.Record(flow.ByNumber, h.key, flow.Compute(h.rows, c), true))
	}
	compare(t, flow.ByNumber, want, rows)
}

func TestColumns(t *testing.T) {
	for number, want := range map[string]string{
		flow.ByCase:   "case,events,impact,first_line,max_line,last_completed_line,handoffs,owner_changes,escalations,deescalations,team_revisited,aba_triples,wait_user_events,wait_user_s,resolution_s,close_s,reopened,start_utc,end_utc,wall_s,biz_s,biz_holiday_s,biz_minus_waituser_s",
		flow.ByNumber: "number,events,priority,made_sla,reassignment_count,reopen_count,group_handoffs,group_revisited,opened_at,resolution_min,closure_min,opened,resolved,wall_s,biz_s,biz_holiday_s",
	} {
		if got := strings.Join(flow.Columns(number), ","); got != want {
			t.Errorf("%s: %s", number, got)
		}
	}
}

func BenchmarkCompute(b *testing.B) {
	for _, log := range []struct {
		name         string
		read         func(testing.TB) []history
		zone, closed string
	}{{"bpic13", bpic, "Europe/Brussels", bpicClosed}, {"uci", uci, "", uciClosed}} {
		b.Run(log.name, func(b *testing.B) {
			all, c := log.read(b), counting(b, log.zone, log.closed)
			events := 0
			for _, h := range all {
				events += len(h.rows)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				flow.Compute(all[i%len(all)].rows, c)
				i++
			}
			b.Logf("%s", fmt.Sprint(events, " events in ", len(all), " cases"))
		})
	}
}
