package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// trellis runs the command line with the given standard input.
func trellis(t testing.TB, stdin string, args ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stdin")
	if err := os.WriteFile(path, []byte(stdin), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdin
	os.Stdin = f
	defer func() { os.Stdin = before; f.Close() }()
	var out strings.Builder
	err = run(context.Background(), args, &out, io.Discard)
	return out.String(), err
}

func explain(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return trellis(t, "", append([]string{"calendar"}, args...)...)
}

func TestCalendarExplain(t *testing.T) {
	got, err := explain(t, "explain", "--zone", "America/New_York", "--hours", "Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00",
		"--closed", "2026-03-09,2026-03-10", "--from", "2026-03-05T14:05", "--for", "8h30s",
		"--pause", "2026-03-06T09:00/2026-03-06T09:40", "--pause", "2026-03-06T14:20:00Z/2026-03-06T14:30:00Z")
	want := `Due Wed 2026-03-11 10:45:30 EDT (2026-03-11T14:45:30Z)
8h 30s of working time after Thu 2026-03-05 14:05:00 EST (2026-03-05T19:05:00Z)

Thu 2026-03-05                        1h 55m  08:00-11:30 earlier, 12:15-14:05 earlier, 14:05-16:00 counted
Fri 2026-03-06                        3h 20m  08:00-09:00 counted, 09:00-09:40 paused, 09:40-12:00 counted
Sat 2026-03-07 to Sun 2026-03-08              closed
Mon 2026-03-09 to Tue 2026-03-10              closed on this date
Wed 2026-03-11                    2h 45m 30s  08:00-10:45:30 counted, 10:45:30-11:30 later, 12:15-16:00 later
Sum                                   8h 30s
`
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestCalendarElapsed(t *testing.T) {
	args := []string{"elapsed", "--zone", "America/New_York", "--hours", "Mon-Fri 07:30-15:30", "--from", "2026-03-02T14:05:00-05:00", "--to", "2026-03-03T19:05:00Z"}
	got, err := explain(t, args...)
	if err != nil || !strings.HasPrefix(got, "8h of working time\nfrom Mon 2026-03-02 14:05:00 EST (2026-03-02T19:05:00Z)\n") || !strings.HasSuffix(got, "Sum                 8h\n") {
		t.Errorf("%v\n%s", err, got)
	}
	got, err = explain(t, append(args, "--json")...)
	var answer struct {
		Seconds float64
		Due     *string
		Days    []struct {
			Date    string
			Seconds float64
			Parts   []struct{ From, To, Fate string }
		}
	}
	if err == nil {
		err = json.Unmarshal([]byte(got), &answer)
	}
	if err != nil || answer.Seconds != 28800 || answer.Due != nil || len(answer.Days) != 2 || answer.Days[0].Date != "2026-03-02" || answer.Days[0].Seconds != 5100 || len(answer.Days[0].Parts) != 2 {
		t.Errorf("%v\n%s", err, got)
	}
	got, err = explain(t, "explain", "--zone", "America/New_York", "--hours", "Mon-Fri 07:30-15:30", "--from", "2026-03-03T08:00", "--for=-1h", "--json")
	if err != nil || !strings.Contains(got, `"due": "2026-03-02T20:00:00Z"`) || !strings.Contains(got, `"seconds": -3600`) {
		t.Errorf("an hour before: %v\n%s", err, got)
	}
}

// A local time is read in the zone, with the engine's rule for the gap.
func TestCalendarLocalTimeInTheGap(t *testing.T) {
	got, err := explain(t, "explain", "--zone", "America/New_York", "--hours", "Sun 00:00-24:00", "--from", "2026-03-08 02:30:10", "--for", "0s")
	if err != nil || !strings.HasPrefix(got, "Due Sun 2026-03-08 03:30:10 EDT (2026-03-08T07:30:10Z)\n") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestCalendarRefuses(t *testing.T) {
	good := map[string]string{"zone": "UTC", "hours": "Mon-Fri 07:30-15:30", "from": "2026-03-02T14:05:00Z", "for": "1h"}
	for flag, x := range map[string]struct{ value, says string }{
		"zone":   {"Mars/Olympus", "not a time zone"},
		"hours":  {"Mon-Fri 22:00-06:00", "over midnight"},
		"from":   {"yesterday", "write it as"},
		"for":    {"8 hours", "write it as"},
		"closed": {"2026-02-30", "not a date"},
		"pause":  {"2026-03-03T14:05:00Z/2026-03-02T14:05:00Z", "ends before it starts"},
	} {
		args := []string{"explain"}
		for name, value := range good {
			if name != flag {
				args = append(args, "--"+name, value)
			}
		}
		if got, err := explain(t, append(args, "--"+flag, x.value)...); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("--%s %s: %v\n%s", flag, x.value, err, got)
		}
	}
}

const batchHours = `"Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00"`

func TestCalendarBatch(t *testing.T) {
	in := batchHeader + `
1,add,America/New_York,` + batchHours + `,,2026-03-02T14:05:00Z,3600,,
2,add,America/New_York,` + batchHours + `,"2026-03-03, 2026-03-04",2026-03-02T20:30:00Z,3600,,
3,elapsed,America/New_York,` + batchHours + `,,2026-03-02T14:05:00Z,,2026-03-02T20:30:00Z,2026-03-02T15:00:00Z/2026-03-02T15:10:00Z;2026-03-02T15:05:00Z/2026-03-02T15:20:00Z
4,elapsed,America/New_York,` + batchHours + `,,2026-03-02T20:30:00Z,,2026-03-02T14:05:00Z,
5,add,America/New_York,` + batchHours + `,,2026-03-03T13:30:00Z,-3600,,
"6, last",add,UTC,Mon 00:00-24:00,,2026-03-01T00:00:00Z,0,,
`
	want := `id,result
1,2026-03-02T15:05:00Z
2,2026-03-05T13:30:00Z
3,19200
4,-20400
5,2026-03-02T20:30:00Z
"6, last",2026-03-01T00:00:00Z
`
	got, err := trellis(t, in, "calendar", "batch")
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	// The same from a spreadsheet: byte order mark, CRLF, a file.
	path := filepath.Join(t.TempDir(), "in.csv")
	if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(in, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := trellis(t, "", "calendar", "batch", path); err != nil || got != want {
		t.Errorf("from a spreadsheet: %v\n%s", err, got)
	}
	// Columns stand by name.
	got, err = trellis(t, "for_s,from,ID,hours,zone,kind\n60,2026-03-02T14:05:00Z,x,Mon 00:00-24:00,UTC,add\n", "calendar", "batch")
	if err != nil || got != "id,result\nx,2026-03-02T14:06:00Z\n" {
		t.Errorf("other columns: %v\n%s", err, got)
	}
}

func TestCalendarBatchAnswersTheOtherRows(t *testing.T) {
	const ok = "add,UTC,Mon-Fri 08:00-16:00,,2026-03-02T14:05:00Z,60,,"
	bad := []struct{ row, says string }{
		{"sub,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,", "kind"},
		{"add,Utopia,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,", "time zone"},
		{"add,,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,", "time zone"},
		{"add,UTC,,,2026-03-02T14:05:00Z,60,,", "no hours"},
		{"add,UTC,Mon 16:00-08:00,,2026-03-02T14:05:00Z,60,,", "over midnight"},
		{"add,UTC,Mon 08:00-16:00,2026-02-29,2026-03-02T14:05:00Z,60,,", "not a date"},
		{`add,UTC,Mon 08:00-16:00,"2026-03-02,",2026-03-02T14:05:00Z,60,,`, "not a date"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00+01:00,60,,", "from"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00.5Z,60,,", "from"},
		{"add,UTC,Mon 08:00-16:00,,,60,,", "from"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,1.5,,", "for_s"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,99999999999,,", "for_s"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,9000000000,,", "no more working hours"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,2026-03-02T14:05:00Z", "pause"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,2026-03-02T14:05:00Z/", "pause"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,2026-03-02T14:05:00Z/2026-03-02T14:04:59Z", "before it starts"},
		{"add,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,2026-03-02T14:05:00Z/2026-03-02T14:06:00Z;;", "pause"},
		{"elapsed,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,", "to"},
		{"elapsed,UTC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,,9999-03-02T14:05:00Z,", "outside the years"},
		{"add,UTC,Mon 08:00-16:00", "fields"},
		{`add,U"TC,Mon 08:00-16:00,,2026-03-02T14:05:00Z,60,,`, "not CSV"},
	}
	var in, want strings.Builder
	in.WriteString(batchHeader + "\n")
	for i, b := range bad {
		fmt.Fprintf(&in, "bad%d,%s\nok%d,%s\n", i, b.row, i, ok)
		fmt.Fprintf(&want, "ok%d,2026-03-02T14:06:00Z\n", i)
	}
	got, err := trellis(t, in.String(), "calendar", "batch")
	if err == nil || err.Error() != fmt.Sprintf("%d of %d rows could not be computed; their results say why", len(bad), 2*len(bad)) {
		t.Errorf("the end: %v", err)
	}
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	if len(lines) != 1+2*len(bad) {
		t.Fatalf("%d lines\n%s", len(lines), got)
	}
	for i, b := range bad {
		id, result, _ := strings.Cut(lines[1+2*i], ",")
		if id != fmt.Sprintf("bad%d", i) || !strings.HasPrefix(strings.TrimPrefix(result, `"`), "error: ") || !strings.Contains(result, b.says) {
			t.Errorf("%s: %s", b.row, lines[1+2*i])
		}
		if lines[2+2*i] != fmt.Sprintf("ok%d,2026-03-02T14:06:00Z", i) {
			t.Errorf("after %s: %s", b.row, lines[2+2*i])
		}
	}
}

func TestCalendarBatchHeader(t *testing.T) {
	for in, says := range map[string]string{
		"": "header", "1,add,UTC\n": "column", "id,kind,zone,hours\n": `lacks the column "from"`,
		"id,kind,zone,hours,from,from\n": "twice", "id,kind,zone,hours,from,until\n": `"until"`,
	} {
		got, err := trellis(t, in, "calendar", "batch")
		if err == nil || !strings.Contains(err.Error(), says) || got != "" {
			t.Errorf("%q: %v\n%s", in, err, got)
		}
	}
}

// Whoever writes one question gets its answer before writing the next.
func TestCalendarBatchAnswersAsRowsCome(t *testing.T) {
	questions, write := io.Pipe()
	read, answers := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- batch(answers, questions) }()
	fmt.Fprintf(write, "%s\n1,add,UTC,Mon 00:00-24:00,,2026-03-02T00:00:00Z,60,,\n", batchHeader)
	buf := make([]byte, 1000)
	n, err := io.ReadAtLeast(read, buf, len("id,result\n1,2026-03-02T00:01:00Z\n"))
	if err != nil || string(buf[:n]) != "id,result\n1,2026-03-02T00:01:00Z\n" {
		t.Errorf("%q, %v", buf[:n], err)
	}
	write.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func BenchmarkCalendarBatch(b *testing.B) {
	var in strings.Builder
	in.WriteString(batchHeader + "\n")
	start := time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)
	for i := range 10000 { // a thousand calendars
		day := start.AddDate(0, 0, i%1000).Format(time.DateOnly)
		fmt.Fprintf(&in, "%d,add,America/New_York,%s,%s,%s,%d,,\n", i, batchHours, day, start.Add(time.Duration(i)*time.Hour).Format(strictLayout), i*60)
	}
	for b.Loop() {
		if err := batch(io.Discard, strings.NewReader(in.String())); err != nil {
			b.Fatal(err)
		}
	}
}
