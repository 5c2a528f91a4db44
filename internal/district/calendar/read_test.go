package calendar

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

func d(s string) worktime.Date {
	v, err := worktime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return v
}

func until(a, b string) worktime.DateRange { return worktime.DateRange{First: d(a), Last: d(b)} }

func denver(t testing.TB) *time.Location {
	z, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// written is what was found, as text.
func written(list []found) []string {
	var out []string
	for _, f := range list {
		s := f.dates.First.String()
		if f.dates.Last != f.dates.First {
			s += ".." + f.dates.Last.String()[5:]
		}
		if f.timed {
			s += " timed"
		}
		out = append(out, s+" "+f.name)
	}
	slices.Sort(out)
	return out
}

func cal(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	return b.String() + "END:VCALENDAR\r\n"
}

func TestReadICal(t *testing.T) {
	window := until("2026-08-01", "2028-08-01")
	for name, x := range map[string]struct {
		text string
		want []string
		bad  int
	}{
		"the end of a day is not part of it": {cal("DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261128\nSUMMARY:Thanksgiving break"), []string{"2026-11-23..11-27 Thanksgiving break"}, 0},
		"without an end, one day":            {cal("DTSTART;VALUE=DATE:20261126\nSUMMARY:Thanksgiving"), []string{"2026-11-26 Thanksgiving"}, 0},
		"an end before the start, one day":   {cal("DTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261101\nSUMMARY:X"), []string{"2026-11-26 X"}, 0},
		"a duration":                         {cal("DTSTART;VALUE=DATE:20261126\nDURATION:P1W\nSUMMARY:X"), []string{"2026-11-26..12-02 X"}, 0},
		"folded and escaped":                 {cal("DTSTART;VALUE=DATE:20261126\nSUMMARY:No school\\, offices \n closed\\; see\\n page"), []string{"2026-11-26 No school, offices closed; see page"}, 0},
		"an instant is the local date":       {cal("DTSTART:20261127T030000Z\nDTEND:20261127T040000Z\nSUMMARY:Evening"), []string{"2026-11-26 timed Evening"}, 0},
		"a time of its own zone":             {cal("DTSTART;TZID=Asia/Tokyo:20261127T090000\nSUMMARY:Call"), []string{"2026-11-26 timed Call"}, 0},
		"a zone with a path before it":       {cal("DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Tokyo:20261127T090000\nSUMMARY:Call"), []string{"2026-11-26 timed Call"}, 0},
		"a floating time":                    {cal("DTSTART:20261127T090000\nDTEND:20261127T100000\nSUMMARY:Meeting"), []string{"2026-11-27 timed Meeting"}, 0},
		"midnight to midnight is whole days": {cal("DTSTART;TZID=America/Denver:20261126T000000\nDTEND;TZID=America/Denver:20261128T000000\nSUMMARY:Closed"), []string{"2026-11-26..11-27 Closed"}, 0},
		"called off":                         {cal("DTSTART;VALUE=DATE:20261126\nSTATUS:CANCELLED\nSUMMARY:X"), nil, 0},
		"an alarm inside has its own start":  {cal("DTSTART;VALUE=DATE:20261126\nBEGIN:VALARM\nDTSTART:20200101\nSUMMARY:No\nEND:VALARM\nSUMMARY:Yes"), []string{"2026-11-26 Yes"}, 0},
		"out of the window":                  {cal("DTSTART;VALUE=DATE:20200101\nSUMMARY:Old"), nil, 0},
		"no date":                            {cal("SUMMARY:Some day", "DTSTART:someday\nSUMMARY:Other", "DTSTART;VALUE=DATE:20261301\nSUMMARY:Month 13"), nil, 3},
		"bad lines and no end":               {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense\n;;;\nDTSTART;VALUE=DATE:20261126\nSUMMARY:Still", []string{"2026-11-26 Still"}, 0},
		"every year":                         {cal("DTSTART;VALUE=DATE:19971126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nSUMMARY:Thanksgiving"), []string{"2026-11-26 Thanksgiving", "2027-11-25 Thanksgiving"}, 0},
		"so many times":                      {cal("DTSTART;VALUE=DATE:20260831\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260907\nSUMMARY:Early"), []string{"2026-08-31 Early", "2026-09-14 Early"}, 0},
		"until an instant":                   {cal("DTSTART;TZID=America/Denver:20260901T170000\nRRULE:FREQ=DAILY;UNTIL=20260903T235959Z\nSUMMARY:A"), []string{"2026-09-01 timed A", "2026-09-02 timed A", "2026-09-03 timed A"}, 0},
		"listed dates and periods":           {cal("DTSTART;VALUE=DATE:20260901\nRDATE;VALUE=DATE:20260903,20260905\nRDATE;VALUE=PERIOD:20260907T150000Z/PT1H\nSUMMARY:L"), []string{"2026-09-01 L", "2026-09-03 L", "2026-09-05 L", "2026-09-07 L"}, 0},
		"one of them was moved":              {cal("UID:1\nDTSTART;VALUE=DATE:20260901\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:W", "UID:1\nRECURRENCE-ID;VALUE=DATE:20260908\nDTSTART;VALUE=DATE:20260909\nSUMMARY:W moved"), []string{"2026-09-01 W", "2026-09-09 W moved"}, 0},
		"a rule by the second":               {cal("DTSTART:20260901T000000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:S"), []string{"2026-08-31 timed S"}, 1},
		"a rule that is none":                {cal("DTSTART;VALUE=DATE:20260901\nRRULE:FREQ=SOMETIMES;BYDAY=XX\nSUMMARY:S"), []string{"2026-09-01 S"}, 1},
	} {
		list, bad, err := readICal(x.text, denver(t), window)
		if got := written(list); !slices.Equal(got, x.want) || len(bad) != x.bad || err != nil {
			t.Errorf("%s: %q, %v, %v; want %q and %d", name, got, bad, err, x.want, x.bad)
		}
	}
}

// The occurrences that RFC 5545 §3.8.5.3 itself lists.
func TestRecurrence(t *testing.T) {
	for _, x := range []struct{ start, rule, from, to, want string }{
		{"1996-11-05", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-01-01", "2005-01-01", "1996-11-05 2000-11-07 2004-11-02"},
		{"1997-09-02", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", "1999-12-31", "1997-09-02 1998-02-13 1998-03-13 1998-11-13 1999-08-13"},
		{"1997-09-29", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-01", "1997-12-31", "1997-09-29 1997-10-30 1997-11-27 1997-12-30"},
		{"1997-09-02", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997-09-01", "1998-01-01", "1997-09-02 1997-09-04 1997-09-09 1997-09-11 1997-09-16 1997-09-18 1997-09-23 1997-09-25 1997-09-30 1997-10-02"},
		{"1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-01-01", "1999-12-31", "1997-05-12 1998-05-11 1999-05-17"},
		{"1997-01-01", "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100", "1997-01-01", "2010-12-31", "1997-01-01 1997-04-10 2000-01-01 2000-04-09"},
		{"1997-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "1997-01-01", "2010-12-31", "1997-01-15 1997-01-30 1997-02-15 1997-03-15 1997-03-30"},
	} {
		window := until(x.from, x.to)
		// The last until is midnight UTC, the evening before here.
		text := cal("DTSTART;VALUE=DATE:" + strings.ReplaceAll(x.start, "-", "") + "\nRRULE:" + x.rule + "\nSUMMARY:X")
		list, bad, err := readICal(text, denver(t), window)
		var got []string
		for _, f := range list {
			got = append(got, f.dates.First.String())
		}
		if strings.Join(got, " ") != x.want || len(bad) > 0 || err != nil {
			t.Errorf("%s: %s, %v, %v", x.rule, got, bad, err)
		}
	}
}

// Whatever a file asks for, reading it ends soon: the test would time out.
func TestHostileFiles(t *testing.T) {
	window, began := until("2026-08-01", "2028-08-01"), clock.System().Now()
	never := "DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:Never"
	daily := "UID:1\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY\nSUMMARY:D"
	for _, e := range []string{never, daily, "DTSTART;VALUE=DATE:20260901\nRRULE:FREQ=YEARLY;BYYEARDAY=" + strings.Repeat("1,", 190) + "2\nSUMMARY:L", "UID:1\nRECURRENCE-ID:20270101\n" + daily} {
		list := make([]string, maxEvents)
		for i := range list {
			list[i] = e
		}
		found, bad, err := readICal(cal(list...), denver(t), window)
		if len(found) > maxFound || err == nil && len(bad) == 0 {
			t.Errorf("%.60q: %d dates, %d skipped, %v", e, len(found), len(bad), err)
		}
	}
	if _, _, err := readICal(cal(slices.Repeat([]string{"DTSTART;VALUE=DATE:20260901\nSUMMARY:X"}, maxEvents+1)...), denver(t), window); err == nil {
		t.Error("too many events are read")
	}
	if _, _, err := readICal("BEGIN:VCALENDAR\n"+strings.Repeat("BEGIN:VEVENT\n", 4000)+strings.Repeat(" x", 400_000), denver(t), window); err != nil {
		t.Error(err)
	}
	if _, _, err := readList(strings.Repeat("1/1/2027 - ", 100_000)+"\n"+strings.Repeat("Nov 25-27, 2026 Break\n", 4_000), d("2026-08-01"), window); err != nil {
		t.Error(err)
	}
	if took := clock.System().Now().Sub(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestReadList(t *testing.T) {
	today, window := d("2026-08-10"), until("2026-07-10", "2028-08-10")
	for line, want := range map[string]string{
		"2026-11-26 Thanksgiving":                                      "2026-11-26 Thanksgiving",
		"Nov 25-27, 2026  Recess":                                      "2026-11-25..11-27 Recess",
		"12/21/2026 - 1/1/2027 Winter break":                           "2026-12-21..01-01 Winter break",
		"12/21/26–1/1/27: Winter break":                                "2026-12-21..01-01 Winter break",
		"Dec 21 - Jan 1, 2027 Winter Break":                            "2026-12-21..01-01 Winter Break",
		"December 21st, 2026 through January 1st, 2027 – Winter Break": "2026-12-21..01-01 Winter Break",
		"Winter break: Mon, Dec 21, 2026 to Fri, Jan 1, 2027":          "2026-12-21..01-01 Winter break",
		"2026-11-26,Thanksgiving":                                      "2026-11-26 Thanksgiving",
		`"Thanksgiving, no school","11/26/2026"`:                       "2026-11-26 Thanksgiving, no school",
		"2026-12-21,2027-01-01,Winter break":                           "2026-12-21..01-01 Winter break",
		"2026-12-21\t2027-01-01\tWinter break":                         "2026-12-21..01-01 Winter break",
		"Labor Day\t9/7/2026\tMon":                                     "2026-09-07 Labor Day",
		"9/7 Labor Day":                                                "2026-09-07 Labor Day",
		"3/15 Spring break":                                            "2027-03-15 Spring break",
		"26 de noviembre de 2026: Día de Acción de Gracias":            "2026-11-26 Día de Acción de Gracias",
		"Del 21 de diciembre de 2026 al 1 de enero de 2027 Vacaciones": "2026-12-21..01-01 Vacaciones",
		"23 al 27 de noviembre de 2026 Receso":                         "2026-11-23..11-27 Receso",
		"• Wed. Nov. 11, 2026 - Veterans Day (schools closed)":         "2026-11-11 Veterans Day (schools closed",
		"2026-09-07/2026-09-08 Two days":                               "2026-09-07..09-08 Two days",
		"Sept 7, 2026 Labor Day":                                       "2026-09-07 Labor Day",
		"March 15 - 19, 2027 Spring Break":                             "2027-03-15..03-19 Spring Break",
		"Monday, October 12, 2026 Indigenous Peoples' Day":             "2026-10-12 Indigenous Peoples' Day",
		"10/12/2026 Ten-year party for 2 schools":                      "2026-10-12 Ten-year party for 2 schools",
		"Marsh Day 10/13/2026":                                         "2026-10-13 Marsh Day",
	} {
		list, bad, err := readList(line, today, window)
		got := written(list)
		if err != nil || len(bad) > 0 || len(got) != 1 || strings.TrimSuffix(got[0], ")") != want {
			t.Errorf("%q: %q, %v, %v; want %q", line, got, bad, err, want)
		}
	}
	for line, key := range map[string]string{
		"Thanksgiving in 2026": "district.calendar.import.no_date", "2026-11-26": "district.calendar.import.no_name", "13/45/2026 Nonsense": "district.calendar.import.no_date",
		"1/1/2027 - 12/21/2026 Backwards": "district.calendar.import.range", "1/1/2031 Far": "district.calendar.import.window", "2/30/2027 No such day": "district.calendar.import.no_date",
	} {
		list, bad, err := readList("Date,Name\n"+line, today, window)
		if len(list) != 0 || len(bad) != 1 || bad[0].key != key || bad[0].line != 2 || err != nil {
			t.Errorf("%q: %v, %v, %v; want %s", line, list, bad, err, key)
		}
	}
}

// What names say. Only words that say that nobody is there propose a closure.
func TestWordsOfClosures(t *testing.T) {
	closed := []string{"No School", "Schools closed", "Thanksgiving Recess", "Winter Break", "Staff development; students do not attend", "Día festivo", "No hay clases", "Spring vacation", "Labor Day", "Teacher conference day, no school"}
	other := []string{"St Martin's Day", "St. Martin’s Day", "Halloween", "First day of school", "Evening Parent-Teacher Conferences", "Last day before winter break", "Spring break begins", "Fun fair", "Regents (excluding June 19, when schools are closed)",
		"No classes for high schools, all other students attend school", "Winter concert", "Breakfast with the principal", "Reunión de padres", ""}
	half := []string{"Half day", "Early dismissal", "Dismissed three hours early", "Medio día"}
	for _, s := range closed {
		if is, _ := read(s); is != aboutClosed {
			t.Errorf("%q is no closure", s)
		}
	}
	for _, s := range other {
		if is, _ := read(s); is != aboutNothing {
			t.Errorf("%q is a closure", s)
		}
	}
	for _, s := range half {
		if is, k := read(s); is != aboutShort || k != HalfDay {
			t.Errorf("%q is %v %s", s, is, k)
		}
	}
	if is, k := read("2-hour delay"); is != aboutShort || k != LateStart {
		t.Errorf("a delay is %v %s", is, k)
	}
}

func TestDecode(t *testing.T) {
	for in, want := range map[string]string{"\xef\xbb\xbfDía": "Día", "D\xeda": "Día", "\xff\xfeD\x00\xed\x00a\x00": "Día", "\xfe\xff\x00D\x00\xed\x00a": "Día", "\xff\xfe\x00": "", "": ""} {
		if got := decode([]byte(in)); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
}

// Every file of the corpus is read to its end, and what is found in it makes
// sense.
func TestCorpus(t *testing.T) {
	dir := testkit.Data(t, "ics", "src")
	window, files, events := until("1990-01-01", "2040-01-01"), 0, 0
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		text := decode(raw)
		for _, w := range []worktime.DateRange{window, until("2026-01-01", "2028-01-01")} {
			list, _, err := readICal(text, denver(t), w)
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
			}
			events += len(list)
			sound(t, list, w)
		}
		return nil
	})
	if err != nil || files < 100 || events < 100 {
		t.Fatalf("%d files, %d dates, %v", files, events, err)
	}
}

func sound(t testing.TB, list []found, window worktime.DateRange) {
	t.Helper()
	for _, f := range list {
		if f.dates.Last.Before(f.dates.First) || f.dates.Last.Before(window.First) || window.Last.Before(f.dates.First) || len([]rune(f.name)) > MaxName || strings.ContainsAny(f.name, "\x00\n\r") {
			t.Fatalf("found %+v", f)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		cal("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEXDATE:20271125\nSUMMARY:X"),
		cal("DTSTART;TZID=\"America/Denver\":20261126T080000\nDURATION:PT8H\nRDATE;VALUE=PERIOD:20261127T080000Z/PT1H\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1;INTERVAL=2"),
		"BEGIN:VEVENT\nDTSTART:1\nRRULE:", "Nov 25-27, 2026  Recess\n12/21/2026 - 1/1/2027 Winter break", "del 21 de diciembre al 1 de enero de 2027, \"x\"", "\xff\xfeD\x00",
	} {
		f.Add([]byte(s))
	}
	window, zone := until("2026-01-01", "2028-01-01"), denver(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		text := decode(b)
		list, _, _ := readICal(text, zone, window)
		sound(t, list, window)
		list, _, _ = readList(text, d("2026-03-02"), window)
		sound(t, list, window)
		for _, x := range join(list) {
			read(x.name)
		}
	})
}
