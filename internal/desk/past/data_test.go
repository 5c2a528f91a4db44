package past_test

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/platform/sheet"
	"trellis/internal/testkit"
)

func opener(path string) func() (*sheet.Book, error) {
	return func() (*sheet.Book, error) { return sheet.Open(path, sheet.Limits{}) }
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

// all reads a file to its end.
func all[B past.Book](t failer, open func() (B, error), m past.Map, opt past.Options) (*past.Reading, []past.Case) {
	t.Helper()
	r, err := past.Read(context.Background(), open, m, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var cases []past.Case
	rows := 0
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
		rows += len(c.Rows)
	}
	if rows != r.Rows-r.Refused || len(cases) != r.Cases {
		t.Errorf("%d rows in %d cases came out, of %d (%d refused) in %d", rows, len(cases), r.Rows, r.Refused, r.Cases)
	}
	return r, cases
}

// Real logs, with the preset by whose columns they are recognized, or else
// with what is guessed from the file alone. What they hold was counted by
// other means.
func TestRealLogs(t *testing.T) {
	for name, want := range map[string]struct {
		path        []string
		preset      string
		rows, cases int
		states      map[string]int
		last        string
		m           past.Map // what of the guess must be so
	}{
		"bpic13": {[]string{"bpic13", "incidents_dev.csv.gz"}, "bpic13", 3313, 396,
			map[string]int{"open/": 1520 + 604 + 155 + 1, "solved/": 722, "waiting/requester": 203, "waiting/vendor": 9, "waiting/date": 24, "waiting/other": 75},
			"2012-05-22T23:21:48Z", past.Map{}},
		"uci": {[]string{"uci_incident", "incident_event_log_dev.csv.gz"}, "uci", 11397, 2007,
			map[string]int{"open/": 3075 + 2924, "solved/": 2078, "closed/": 2011, "waiting/requester": 1207, "waiting/vendor": 61, "waiting/other": 41},
			"2017-02-15T11:07:00Z", past.Map{}},
		"closed problems": {[]string{"bpic13", "closed_problems.csv.gz"}, "", 6660, 1487,
			map[string]int{"open/": 3066 + 875 + 614, "solved/": 1565, "closed/": 3, "waiting/other": 527, "/": 10},
			"2012-05-31T21:49:06Z", past.Map{Case: "case", At: "time:timestamp", Status: "Activity", Team: "org:group", Person: "Resource"}},
		"helpdesk": {[]string{"helpdesk_it", "helpdesk.csv.gz"}, "", 21348, 4580,
			map[string]int{"open/": 5060 + 4938 + 118 + 67, "solved/": 4983 + 13 + 2, "closed/": 4574 + 3, "waiting/other": 1463, "/": 119 + 5 + 3},
			"2014-01-03T11:20:58Z", past.Map{Case: "case", At: "time:timestamp", Status: "Activity", Person: "Resource"}},
		"endava": {[]string{"endava_tickets", "all_tickets_5431.csv.gz"}, "", 5431, 5431, map[string]int{"/": 5431},
			"0001-01-01T00:00:00Z", past.Map{Title: "title", Body: "body", Service: "business_service", Impact: "impact", Priority: "urgency"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := testkit.Data(t, want.path...)
			m, err := past.GuessFile(opener(path))
			if err != nil {
				t.Fatal(err)
			}
			if m.Preset != want.preset {
				t.Errorf("recognized as %q", m.Preset)
			}
			for _, f := range past.Columns() {
				if m.Preset == "" && m.Column(f) != want.m.Column(f) {
					t.Errorf("%s is taken from %q, not from %q", f, m.Column(f), want.m.Column(f))
				}
			}
			r, cases := all(t, opener(path), m, past.Options{Dir: t.TempDir(), Chunk: 1000})
			if r.Rows != want.rows || r.Cases != want.cases || r.Refused != 0 || len(r.Problems) != 0 || len(r.Unknown) != 0 {
				t.Errorf("%d rows, %d cases, %d refused, problems %v, unknown %q", r.Rows, r.Cases, r.Refused, r.Problems, r.Unknown)
			}
			states := map[string]int{}
			for _, c := range cases {
				for _, r := range c.Rows {
					states[string(r.State)+"/"+string(r.Wait)]++
				}
			}
			if !maps.Equal(states, want.states) {
				t.Errorf("states %v", states)
			}
			if got := r.Last.Format(time.RFC3339); got != want.last {
				t.Errorf("last moment %v", got)
			}
		})
	}
}

// table reads an expected file by its first column.
func table(t *testing.T, path ...string) map[string]map[string]string {
	t.Helper()
	f, err := os.Open(testkit.Data(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, r := range rows[1:] {
		out[r[0]] = map[string]string{}
		for i, h := range rows[0] {
			out[r[0]][h] = r[i]
		}
	}
	return out
}

// Every case of both logs has its rows, its times to the second and its lines
// as the expected files have them.
func TestRealLogsToTheSecond(t *testing.T) {
	m, _ := past.Preset("bpic13")
	_, cases := all(t, opener(testkit.Data(t, "bpic13", "incidents_dev.csv.gz")), m, past.Options{})
	clock, facts := table(t, "bpic13", "expected_clock_dev.csv"), table(t, "bpic13", "expected_cases_dev.csv")
	if len(cases) != len(facts) {
		t.Fatalf("%d cases of %d", len(cases), len(facts))
	}
	for _, c := range cases {
		want := facts[c.Key]
		first, last := c.Rows[0], c.Rows[len(c.Rows)-1]
		top, waits := flow.Line(0), 0
		for _, r := range c.Rows {
			top = max(top, r.Line)
			if r.Wait == flow.OnRequester {
				waits++
			}
		}
		got := map[string]string{
			"events": strconv.Itoa(len(c.Rows)), "impact": last.Impact, "wait_user_events": strconv.Itoa(waits), "close_s": seconds(last.At.Sub(first.At)),
			"first_line": line(first.Line), "max_line": line(top),
		}
		if i := slices.IndexFunc(c.Rows, func(r flow.Row) bool { return r.State == flow.Solved }); i >= 0 {
			got["resolution_s"] = seconds(c.Rows[i].At.Sub(first.At))
			if at := clock[c.Key]["end_utc"]; c.Rows[i].At.Format("2006-01-02T15:04:05+00:00") != at {
				t.Errorf("%s: solved %v, not %s", c.Key, c.Rows[i].At, at)
			}
		}
		for k, v := range got {
			if want[k] != v {
				t.Errorf("%s: %s is %s, not %s", c.Key, k, v, want[k])
			}
		}
	}

	m, _ = past.Preset("uci")
	_, cases = all(t, opener(testkit.Data(t, "uci_incident", "incident_event_log_dev.csv.gz")), m, past.Options{})
	clock, facts = table(t, "uci_incident", "expected_clock_dev.csv"), table(t, "uci_incident", "expected_incidents_dev.csv")
	if len(cases) != len(facts) {
		t.Fatalf("%d incidents of %d", len(cases), len(facts))
	}
	for _, c := range cases {
		last := c.Rows[len(c.Rows)-1]
		got := map[string]string{
			"events": strconv.Itoa(len(c.Rows)), "priority": last.Priority, "made_sla": map[string]string{"yes": "true", "no": "false"}[last.Kept],
			"reassignment_count": strconv.Itoa(last.Reassigned), "reopen_count": strconv.Itoa(last.Reopened), "opened_at": last.Opened.Format("2006-01-02T15:04:05"),
			"closure_min": strconv.Itoa(int(last.Closed.Sub(last.Opened).Minutes())),
		}
		for k, v := range got {
			if facts[c.Key][k] != v {
				t.Errorf("%s: %s is %s, not %s", c.Key, k, v, facts[c.Key][k])
			}
		}
		if at := clock[c.Key]["resolved"]; last.Solved.IsZero() != (at == "") || at != "" && last.Solved.Format("2006-01-02T15:04:05") != at {
			t.Errorf("%s: solved %v, not %q", c.Key, last.Solved, at)
		}
	}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }

// line writes tenths as the expected files do: 1, 2.5.
func line(l flow.Line) string { return strconv.FormatFloat(float64(l)/10, 'f', -1, 64) }

// Rows that are equal in everything are events all the same: 127 of them stand
// right behind their twin.
func TestDuplicatesStay(t *testing.T) {
	path := testkit.Data(t, "helpdesk_it", "helpdesk.csv.gz")
	m, err := past.GuessFile(opener(path))
	if err != nil {
		t.Fatal(err)
	}
	_, cases := all(t, opener(path), m, past.Options{})
	twins := 0
	for _, c := range cases {
		for i := 1; i < len(c.Rows); i++ {
			if c.Rows[i] == c.Rows[i-1] {
				twins++
			}
		}
	}
	if twins != 127 {
		t.Errorf("%d rows stand behind their twin", twins)
	}
}

// How fast a log is read, checked and sorted when it does not fit a chunk, with
// the width of the UCI log.
func BenchmarkRead(b *testing.B) {
	path := testkit.Data(b, "uci_incident", "incident_event_log_dev.csv.gz")
	m, _ := past.Preset("uci")
	rows := 0
	for b.Loop() {
		r, _ := all(b, opener(path), m, past.Options{Dir: b.TempDir(), Chunk: 5000})
		rows += r.Rows
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// A log is the same whether it comes as a table or as XES.
func TestLogAsXES(t *testing.T) {
	var digests [2]map[string]string
	for i, name := range []string{"closed_problems.csv.gz", "BPI_Challenge_2013_closed_problems.xes.gz"} {
		open := opener(testkit.Data(t, "bpic13", name))
		m, err := past.GuessFile(open)
		if err != nil {
			t.Fatal(err)
		}
		_, cases := all(t, open, m, past.Options{})
		digests[i] = map[string]string{}
		for _, c := range cases {
			digests[i][c.Key] = c.Digest
		}
	}
	if !maps.Equal(digests[0], digests[1]) {
		t.Error("not all cases are equal")
	}
}
