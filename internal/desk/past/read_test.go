package past_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/sheet"
)

// book is a table in memory.
type book struct {
	header []string
	rows   [][]string
	at     int
	fails  map[int]error // instead of a row
}

func (b *book) Header() []string { return b.header }
func (b *book) Share() int       { return b.at * 100 / max(len(b.rows), 1) }
func (b *book) Close() error     { return nil }
func (b *book) Next() (sheet.Row, error) {
	if b.at == len(b.rows) {
		return sheet.Row{}, io.EOF
	}
	b.at++
	if err := b.fails[b.at-1]; err != nil {
		return sheet.Row{}, err
	}
	return sheet.Row{N: b.at + 1, Cells: b.rows[b.at-1]}, nil
}

// of makes a table from lines with | between the cells, the header first.
func of(lines ...string) func() (*book, error) {
	var rows [][]string
	for _, l := range lines {
		rows = append(rows, strings.Split(l, "|"))
	}
	return func() (*book, error) { return &book{header: rows[0], rows: rows[1:]}, nil }
}

// Whatever the order of a log and however little memory there is, every case
// comes out once, in the order in which the log first names them, with its
// rows by time and equal times as in the file.
func TestSortingLosesNothing(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		type event struct {
			key, status string
			minute, n   int
		}
		count := rapid.IntRange(0, 120).Draw(t, "rows")
		var events []event
		b := &book{header: []string{"case", "time", "status", "title"}}
		for i := range count {
			e := event{fmt.Sprint("C", rapid.IntRange(1, 9).Draw(t, "case")), rapid.SampledFrom([]string{"new", "done", "", "odd"}).Draw(t, "status"), rapid.IntRange(0, 20).Draw(t, "minute"), i + 2}
			events = append(events, e)
			b.rows = append(b.rows, []string{e.key, fmt.Sprintf("2021-03-04 10:%02d", e.minute), e.status, fmt.Sprint("T", i)})
		}
		m := past.Map{Case: "case", At: "time", Status: "status", Title: "title", Means: map[string]past.Meaning{"new": {State: flow.Open}, "done": {State: flow.Solved}}}
		open := func() (*book, error) { c := *b; return &c, nil }

		var want []past.Case
		byKey := map[string][]event{}
		var keys []string
		for _, e := range events {
			if byKey[e.key] == nil {
				keys = append(keys, e.key)
			}
			byKey[e.key] = append(byKey[e.key], e)
		}
		for _, k := range keys {
			c := past.Case{Key: k, First: byKey[k][0].n}
			slices.SortStableFunc(byKey[k], func(a, b event) int { return cmp.Compare(a.minute, b.minute) })
			for _, e := range byKey[k] {
				c.Rows = append(c.Rows, flow.Row{At: time.Date(2021, 3, 4, 10, e.minute, 0, 0, time.UTC), Status: e.status, State: m.Means[e.status].State, Reassigned: -1, Reopened: -1})
				c.Title = fmt.Sprint("T", e.n-2)
			}
			want = append(want, c)
		}

		chunk := rapid.IntRange(1, 50).Draw(t, "chunk")
		_, got := all(t, open, m, past.Options{Dir: dir, Chunk: chunk})
		_, whole := all(t, open, m, past.Options{Dir: dir})
		for i := range got {
			if len(got[i].Digest) != 64 || got[i].Digest != whole[i].Digest {
				t.Fatalf("digest %q, and %q from memory", got[i].Digest, whole[i].Digest)
			}
			got[i].Digest = ""
		}
		if d := gocmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Fatalf("%s is left behind", left[0].Name())
		}
	})
}

// A digest is the same however a case stands in its file, and another as soon
// as anything it says differs.
func TestDigest(t *testing.T) {
	m := past.Map{Case: "case", At: "time", Status: "status", Title: "title", Means: map[string]past.Meaning{"new": {State: flow.Open}}}
	digest := func(m past.Map, lines ...string) string {
		_, cases := all(t, of(lines...), m, past.Options{})
		for _, c := range cases {
			if c.Key == "1" {
				return c.Digest
			}
		}
		t.Fatal("no case 1")
		return ""
	}
	a := digest(m, "case|time|status|title", "1|2021-03-04 10:00|new|Beamer", "1|2021-03-04 11:00|done|Beamer")
	if b := digest(m, "title|status|time|case", "Mouse|new|2021-03-04 09:00|2", "Beamer |done|2021-03-04 11:00|1", "Beamer|new|2021-03-04 10:00| 1"); a != b {
		t.Error("another order of rows and columns is another digest")
	}
	for _, line := range []string{"1|2021-03-04 11:01|done|Beamer", "1|2021-03-04 11:00|done|Beamers", "1|2021-03-04 11:00|done|", "1|2021-03-04 11:00|open|Beamer"} {
		if digest(m, "case|time|status|title", "1|2021-03-04 10:00|new|Beamer", line) == a {
			t.Errorf("%q has the same digest", line)
		}
	}
	m.Means = map[string]past.Meaning{"new": {State: flow.Open}, "done": {State: flow.Solved}}
	if digest(m, "case|time|status|title", "1|2021-03-04 10:00|new|Beamer", "1|2021-03-04 11:00|done|Beamer") == a {
		t.Error("another meaning has the same digest")
	}
}

// What can't be understood is told with its row and its column, and the row
// is left out as a whole.
func TestProblems(t *testing.T) {
	log := past.Map{Case: "id", At: "when", Status: "state", Kept: "sla", Reassigned: "moves", Team: "team", Title: "title"}
	one := past.Map{Case: "id", Opened: "opened", First: "first", Solved: "solved", ClosedAt: "closed", Missing: []string{"-"}}
	minutes := past.Map{Case: "id", Opened: "opened", FirstMinutes: "reply"}
	logHead, oneHead := "id|when|state|sla|moves|team|title", "id|opened|first|solved|closed"
	for name, c := range map[string]struct {
		m     past.Map
		lines []string
		want  []string // row, column, key
		cases int
	}{
		"nothing wrong":     {log, []string{logHead, "1|2021-03-04 10:00|new|yes|0|A|x", "1|2021-03-04 10:05|done|no|2.0||=SUM(A1) in a title is text"}, nil, 1},
		"no case":           {log, []string{logHead, "|2021-03-04 10:00|new|||A|x", "2|2021-03-04 10:00|new|||A|x"}, []string{"2 id no_case"}, 1},
		"no time":           {log, []string{logHead, "1||new|||A|x"}, []string{"2 when no_time"}, 0},
		"two headers":       {log, []string{logHead, "1|2021-03-04 10:00|new|||A|x", logHead, "2|2021-03-04 10:00|new|||A|x"}, []string{"3  header"}, 2},
		"three forms":       {log, []string{logHead, "1|2021-03-04 10:00|||||", "2|13/03/2021 10:00|||||", "3|2021-03-05 10:00|||||", "4|Mar 6, 2021 10:00|||||"}, []string{"3 when date_form", "5 when date_form"}, 2},
		"no time of day":    {log, []string{logHead, "1|2021-03-04 10:00|||||", "2|2021-03-05|||||"}, []string{"3 when date_form"}, 1},
		"no such day":       {log, []string{logHead, "1|2021-02-29 10:00|||||", "2|2021-02-28 25:00|||||", "3|2021-02-28 10:00|||||"}, []string{"2 when date", "3 when date"}, 1},
		"the year 1":        {log, []string{logHead, "1|0001-01-01 00:00|||||", "2|2021-02-28 10:00|||||"}, []string{"2 when date"}, 1},
		"formulas":          {log, []string{logHead, "1|=NOW()|||||", "2|2021-03-05 10:00|||=1+1|=cmd|x", "==|2021-03-05 10:00|||||"}, []string{"2 when formula", "3 team formula", "3 moves formula"}, 1},
		"several in a row":  {log, []string{logHead, "1|soon||maybe|-1||"}, []string{"2 moves count", "2 sla kept", "2 when date"}, 0},
		"a long label":      {log, []string{logHead, "1|2021-03-05 10:00||||" + strings.Repeat("é", 251) + "|", strings.Repeat("k", 101) + "|2021-03-05 10:00|||||"}, []string{"2 team long", "3 id long"}, 0},
		"ends before":       {one, []string{oneHead, "1|2021-03-04 10:00|2021-03-04 09:59|2021-03-03 10:00|-", "2|2021-03-04 10:00|2021-03-04 10:00|2021-03-04 10:00|2021-03-04 09:00"}, []string{"2 first ends_before", "2 solved ends_before", "3 closed ends_before"}, 0},
		"nothing but a key": {one, []string{oneHead, "1|-|-|-|-", "2|-|-|2021-03-04 10:00|-"}, []string{"2 opened no_time"}, 1},
		"minutes":           {minutes, []string{"id|opened|reply", "1|2021-03-04 10:00|15", "2|2021-03-04 10:00|soon", "3|2021-03-04 10:00|-3", "4|2021-03-04 10:00|"}, []string{"3 reply minutes", "4 reply minutes"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			r, cases := all(t, of(c.lines...), c.m, past.Options{})
			var got []string
			bad := map[int]bool{}
			for _, p := range r.Problems {
				got = append(got, fmt.Sprintf("%d %s %s", p.Row, p.Column, strings.TrimPrefix(p.Key, "past.problem.")))
				bad[p.Row] = true
			}
			if !slices.Equal(got, c.want) || len(cases) != c.cases || r.Refused != len(bad) {
				t.Errorf("%d cases, %d refused: %q", len(cases), r.Refused, got)
			}
		})
	}
}

// A column of 3/4/2021 can be read two ways. What shows the way further down
// than one looks contradicts the rows above, and says so.
func TestDayOrMonth(t *testing.T) {
	head := "id|opened|closed"
	lines := []string{head}
	for i := range 2500 {
		lines = append(lines, fmt.Sprintf("%d|3/4/2021 10:00|", i))
	}
	lines = append(lines, "x|13/4/2021 10:00|")
	m := past.Map{Case: "id", Opened: "opened", ClosedAt: "closed"}
	r, _ := all(t, of(lines...), m, past.Options{Problems: 10})
	if len(r.Problems) != 1 || r.Problems[0].Row != 2502 || r.Problems[0].Key != "past.problem.day_month" ||
		!slices.Equal(r.Problems[0].Args, []any{"Form", "12/31/2024 14:05", "Other", "31/12/2024 14:05"}) {
		t.Fatal(r.Problems)
	}
	opened := func(r *past.Reading, c []past.Case) string {
		if len(r.Problems) > 0 {
			t.Fatal(r.Problems)
		}
		return c[0].Rows[0].Opened.Format(time.DateOnly)
	}
	if got := opened(all(t, of(head, "1|3/4/2021 10:00|", "2|4/13/2021 10:00|"), m, past.Options{})); got != "2021-03-04" {
		t.Error(got)
	}
	if got := opened(all(t, of(head, "1|3/4/2021 10:00|", "2|4/4/2021 10:00|13/4/2021 9:00"), m, past.Options{})); got != "2021-04-03" {
		t.Errorf("the other column shows it: %s", got)
	}
	m.Dates = "d/m/y h:m"
	if got := opened(all(t, of(lines...), m, past.Options{})); got != "2021-04-03" {
		t.Errorf("the map says it: %s", got)
	}
	if got := opened(all(t, of(head, "1|2021-04-03T10:00:00|", "2|2021-04-13T10:00:00|45678.5"), m, past.Options{})); got != "2021-04-03" {
		t.Errorf("the map says another form, and this one can't be mistaken: %s", got)
	}
	if r, _ := all(t, of(head, "1|4/13/2021 10:00|", "2|4/14/2021 10:00|"), m, past.Options{}); len(r.Problems) != 2 || r.Problems[0].Key != "past.problem.date_form" {
		t.Errorf("the map says another form: %v", r.Problems)
	}
}

// A file that breaks off is no file with a problem at its end: nobody knows
// what is missing.
func TestBrokenOff(t *testing.T) {
	m := past.Map{Case: "id", At: "when"}
	bad := &sheet.Problem{Row: 3, Key: "sheet.damaged"}
	b := func(at int) func() (*book, error) {
		return func() (*book, error) {
			return &book{header: []string{"id", "when"}, rows: [][]string{{"1", "2021-03-04 10:00"}, {"", ""}, {"2", "2021-03-04 11:00"}}, fails: map[int]error{at: bad}}, nil
		}
	}
	r, cases := all(t, b(1), m, past.Options{})
	if len(cases) != 2 || r.Refused != 1 || r.Problems[0].Key != "sheet.damaged" || r.Problems[0].Row != 3 {
		t.Errorf("%d cases, %v", len(cases), r.Problems)
	}
	if _, err := past.Read(context.Background(), b(2), m, past.Options{}); !errors.Is(err, bad) {
		t.Errorf("broken off: %v", err)
	}
}

// Stopping leaves nothing behind, before and after the file was read.
func TestStopping(t *testing.T) {
	dir := t.TempDir()
	lines := []string{"id|when"}
	for i := range 3000 {
		lines = append(lines, fmt.Sprintf("%d|2021-03-04 10:00", i))
	}
	m := past.Map{Case: "id", At: "when"}
	ctx, stop := context.WithCancel(context.Background())
	told := 0
	_, err := past.Read(ctx, of(lines...), m, past.Options{Dir: dir, Chunk: 100, Progress: func(rows, share int) {
		if told++; rows > 2000 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || told < 4 {
		t.Errorf("after %d reports: %v", told, err)
	}
	ctx, stop = context.WithCancel(context.Background())
	r, err := past.Read(ctx, of(lines...), m, past.Options{Dir: dir, Chunk: 100})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if _, err := r.Next(); !errors.Is(err, context.Canceled) {
		t.Errorf("next: %v", err)
	}
	r.Close()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%s is left behind", left[0].Name())
	}
}

// A map that doesn't fit the file is refused field by field, before anything
// is read.
func TestCheck(t *testing.T) {
	header := []string{"Ticket #", "Opened", "Estado", "Team", "team", "Notes"}
	failed := func(err error) (out []string) {
		if err == nil {
			return nil
		}
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Kind != errs.Invalid {
			t.Fatal(err)
		}
		for _, f := range e.Fields {
			out = append(out, f.Name+" "+strings.TrimPrefix(f.Key, "past.map."))
		}
		return out
	}
	for _, c := range []struct {
		m    past.Map
		want []string
	}{
		{past.Map{Case: "ticket#", Opened: "OPENED", Status: "éstado", Team: "Team"}, nil},
		{past.Map{Case: "Number", Opened: "Opened", Team: "TEAM"}, []string{"case missing", "team twice"}},
		{past.Map{Body: "Notes"}, []string{"case empty"}},
		{past.Map{Case: "Ticket #", Preset: "jira", Zone: "Mars/Base", Hours: "always", Closed: []string{"2021-02-30"}, Dates: "m/y", When: "today", Number: "id", FirstMinutes: "Notes",
			Lines: []past.LineRule{{"", 20}}, Impacts: map[string]string{"High": "bad"}, Means: map[string]past.Meaning{"x": {State: "waiting"}, "y": {State: "open", Wait: "part"}, "z": {State: "gone"}}},
			[]string{"preset preset", "first_minutes minutes", "means means", "means means", "means means", "lines lines", "dates dates", "when date", "zone zone", "hours hours", "closed date", "impacts impacts", "number number"}},
	} {
		if got := failed(c.m.Check(header)); !slices.Equal(got, c.want) {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
	// A preset bears what its file doesn't have, except what it lives on.
	uci, _ := past.Preset("uci")
	if err := uci.Check([]string{"number", "incident_state", "sys_updated_at", "opened_at"}); err != nil {
		t.Error(err)
	}
	if got := failed(uci.Check([]string{"incident_state", "opened_at"})); !slices.Equal(got, []string{"case missing", "at missing"}) {
		t.Errorf("%q", got)
	}
	uci.Team = "group"
	if got := failed(uci.Check([]string{"number", "incident_state", "sys_updated_at", "opened_at"})); !slices.Equal(got, []string{"team missing"}) {
		t.Errorf("a column that somebody chose must be there: %q", got)
	}
}

func TestMapAsJSON(t *testing.T) {
	for _, name := range past.Presets() {
		m, _ := past.Preset(name)
		back, err := past.ParseMap(m.JSON())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := gocmp.Diff(m, back); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	m, err := past.ParseMap([]byte(`{"case": "No", "status": "Estado", "means": {"EN ESPERA  del Técnico": {"state": "waiting", "wait": "other"}}}`))
	if err != nil || m.Means["en espera del tecnico"].Wait != flow.OnOther {
		t.Errorf("%v %v", m, err)
	}
	for text, want := range map[string]string{
		`{"case": "a", "teem": "b"}`:       "teem past.map.unknown",
		`{"case": 7}`:                      "case past.map.kind",
		`{"case": "a",}`:                   "map past.map.json",
		``:                                 "map past.map.json",
		`{"case": "a"} {"case": "b"}`:      "map past.map.json",
		`{"case": "a", "zone": "Nowhere"}`: "zone past.map.zone",
	} {
		_, err := past.ParseMap([]byte(text))
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || len(e.Fields) != 1 || e.Fields[0].Name+" "+e.Fields[0].Key != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
