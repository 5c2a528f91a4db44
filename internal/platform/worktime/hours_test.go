package worktime_test

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"trellis/internal/platform/worktime"
)

func TestParseHours(t *testing.T) {
	for in, want := range map[string]string{
		"Mon-Fri 07:30-15:30":                               "Mon-Fri 07:30-15:30",
		"Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00":   "Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00",
		" tue 9:00-11:00 ":                                  "Tue 09:00-11:00",
		"Sat-Mon 00:00-24:00":                               "Mon 00:00-24:00;Sat-Sun 00:00-24:00",
		"Mon, Wed 08:00-09:00 , 10:00-11:00; Fri 8:00-9:00": "Mon 08:00-09:00,10:00-11:00;Wed 08:00-09:00,10:00-11:00;Fri 08:00-09:00",
		"Mon 12:00-16:00,08:00-12:00":                       "Mon 08:00-12:00,12:00-16:00",
		"Mon-Fri 08:00-12:00;Mon 13:00-15:00":               "Mon 08:00-12:00,13:00-15:00;Tue-Fri 08:00-12:00",
	} {
		w, err := worktime.ParseHours(in)
		if err != nil || w.String() != want {
			t.Errorf("%q: %q, %v; want %q", in, w, err, want)
		}
	}
	for in, code := range map[string]worktime.Code{
		"": worktime.NoHours, " ": worktime.NoHours,
		"Mon-Fri": worktime.BadPart, "08:00-16:00": worktime.BadPart, "Mon-Fri 08:00-16:00;": worktime.BadPart, "Mon 08:00": worktime.BadPart, "Mon 08:00-09:00,": worktime.BadPart,
		"Foo 08:00-16:00": worktime.BadDay, "Monday 08:00-16:00": worktime.BadDay, "Mon-Foo 08:00-16:00": worktime.BadDay, "Mon, 08:00-16:00": worktime.BadDay,
		"Mon,Mon 08:00-16:00": worktime.Overlap, "Mon-Wed,Tue 08:00-16:00": worktime.Overlap,
		"Mon 08:00-25:00": worktime.BadTime, "Mon 08:60-09:00": worktime.BadTime, "Mon 8-16": worktime.BadTime, "Mon 08:00-24:01": worktime.BadTime, "Mon 008:00-09:00": worktime.BadTime, "Mon 08:00-09:00-10:00": worktime.BadTime, "Mon 08:+1-09:00": worktime.BadTime,
		"Mon 22:00-06:00": worktime.OverMidnight, "Mon 08:00-08:00": worktime.OverMidnight,
		"Mon 08:00-12:00,11:59-13:00": worktime.Overlap, "Mon-Fri 08:00-12:00;Fri 10:00-11:00": worktime.Overlap,
	} {
		w, err := worktime.ParseHours(in)
		var p *worktime.Problem
		if !errors.As(err, &p) || p.Code != code || !w.Empty() {
			t.Errorf("%q: %v, %v; want %s", in, w, err, code)
		}
	}
}

func TestHoursRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := weekGen(t)
		if w.Empty() {
			return
		}
		got, err := worktime.ParseHours(w.String())
		if err != nil || got.String() != w.String() {
			t.Fatalf("%q: %q, %v", w, got, err)
		}
		for d := range w {
			if len(w[d]) > 0 && !reflect.DeepEqual(w[d], got[d]) {
				t.Fatalf("%q on day %d: %v, want %v", w, d, got[d], w[d])
			}
		}
	})
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"Mon-Fri 07:30-15:30", "Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00", "Sat-Mon 0:00-24:00", "Mon, Wed 8:00-9:00", ";", "Mon -", "Mon 08:00-07:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := worktime.ParseHours(s)
		if err != nil {
			return
		}
		again, err := worktime.ParseHours(w.String())
		if err != nil || !reflect.DeepEqual(again, w) {
			t.Fatalf("%q reads as %q, which reads as %q, %v", s, w, again, err)
		}
		if _, err := worktime.New(worktime.Plan{Zone: "UTC", Week: w}); err != nil {
			t.Fatalf("%q is read, and is no calendar: %v", s, err)
		}
	})
}

func TestDates(t *testing.T) {
	for _, s := range []string{"2026-02-29", "2026-2-1", "26-02-01", "2026-13-01", "", "2026-03-02T00:00:00Z"} {
		if d, err := worktime.ParseDate(s); err == nil {
			t.Errorf("%q is read as %s", s, d)
		}
	}
	d := day("2028-02-28").AddDays(2)
	if d.String() != "2028-03-01" || d.Weekday().String() != "Wednesday" || !day("2027-12-31").Before(d) || d.Before(d) || day("1969-12-31").Weekday().String() != "Wednesday" {
		t.Errorf("%s is a %s", d, d.Weekday())
	}
}
