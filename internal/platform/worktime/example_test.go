package worktime_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"trellis/internal/platform/worktime"
)

const weekdays = "Mon-Fri 07:30-15:30"

// pausesOf reads A/B;C/D; an end that is missing is still open.
func pausesOf(s string) (out []worktime.Interval) {
	for part := range strings.SplitSeq(s, ";") {
		if from, to, ok := strings.Cut(part, "/"); ok {
			p := worktime.Interval{From: at(from)}
			if to != "" {
				p.To = at(to)
			}
			out = append(out, p)
		}
	}
	return out
}

func closedOn(days ...string) map[worktime.Date][]worktime.Span {
	m := map[worktime.Date][]worktime.Span{}
	for _, d := range days {
		m[day(d)] = nil
	}
	return m
}

// Figures worked out by hand from a wall calendar.
func TestDueByHand(t *testing.T) {
	year := worktime.Plan{Zone: "America/New_York", Week: week(weekdays),
		Terms: []worktime.DateRange{{First: day("2025-09-02"), Last: day("2026-06-12")}, {First: day("2026-08-22"), Last: day("2027-06-11")}}}
	ny := func(hours string, shut ...string) worktime.Plan {
		return worktime.Plan{Zone: "America/New_York", Week: week(hours), Days: closedOn(shut...)}
	}
	zoned := func(zone, hours string) worktime.Plan { return worktime.Plan{Zone: zone, Week: week(hours)} }
	for name, x := range map[string]struct {
		plan   worktime.Plan
		from   string
		d      string
		pauses string
		due    string
	}{
		"within a day":                          {ny(weekdays), "2026-03-02T14:05:00Z", "1h", "", "2026-03-02T15:05:00Z"},
		"over a night":                          {ny(weekdays), "2026-03-02T19:05:00Z", "8h", "", "2026-03-03T19:05:00Z"},
		"over a weekend when the clocks change": {ny(weekdays), "2026-03-06T20:00:00Z", "1h", "", "2026-03-09T12:00:00Z"},
		"15 minutes before a summer of 70 days": {year, "2026-06-12T19:20:00Z", "15m", "", "2026-08-24T11:35:00Z"},
		"the summer's last second":              {year, "2026-06-12T19:15:00Z", "15m", "", "2026-06-12T19:30:00Z"},
		"only Tuesdays":                         {ny("Tue 09:00-11:00"), "2026-03-03T15:30:00Z", "3h", "", "2026-03-17T13:30:00Z"},
		"only Tuesdays, one of them closed":     {ny("Tue 09:00-11:00", "2026-03-10"), "2026-03-03T15:30:00Z", "3h", "", "2026-03-24T13:30:00Z"},
		"half a minute before closing":          {ny("Mon-Fri 08:00-16:00"), "2026-03-02T20:59:30Z", "45s", "", "2026-03-03T13:00:15Z"},
		"exactly at closing":                    {ny(weekdays), "2026-03-02T12:30:00Z", "8h", "", "2026-03-02T20:30:00Z"},
		"exactly at closing on Friday":          {ny(weekdays), "2026-03-05T20:30:00Z", "8h", "", "2026-03-06T20:30:00Z"},
		"exactly at the midday break":           {ny("Mon 08:00-11:30,12:15-16:00"), "2026-03-02T13:00:00Z", "3h30m", "", "2026-03-02T16:30:00Z"},
		"a microsecond into the afternoon":      {ny("Mon 08:00-11:30,12:15-16:00"), "2026-03-02T13:00:00Z", "3h30m0.000001s", "", "2026-03-02T17:15:00.000001Z"},
		"from a closed day":                     {ny(weekdays, "2026-03-02"), "2026-03-02T15:00:00Z", "1h", "", "2026-03-03T13:30:00Z"},
		"nothing to add, while closed":          {ny(weekdays), "2026-03-01T15:00:00.5Z", "0", "", "2026-03-01T15:00:00.5Z"},
		"an hour before, on the day before":     {ny(weekdays), "2026-03-03T13:00:00Z", "-1h", "", "2026-03-02T20:00:00Z"},
		"an hour before, ending at opening":     {ny(weekdays), "2026-03-03T13:30:00Z", "-1h", "", "2026-03-03T12:30:00Z"},
		"an hour before a closed morning":       {ny(weekdays), "2026-03-09T04:00:00Z", "-1h", "", "2026-03-06T19:30:00Z"},
		"pause":                                 {ny(weekdays), "2026-03-02T14:00:00Z", "2h", "2026-03-02T15:00:00Z/2026-03-02T15:40:00Z", "2026-03-02T16:40:00Z"},
		"pauses that overlap":                   {ny(weekdays), "2026-03-02T14:00:00Z", "2h", "2026-03-02T15:10:00Z/2026-03-02T15:50:00Z;2026-03-02T15:00:00Z/2026-03-02T15:30:00Z;2026-03-02T15:20:00Z/2026-03-02T15:25:00Z", "2026-03-02T16:50:00Z"},
		"pause over closed hours":               {ny(weekdays), "2026-03-02T20:00:00Z", "1h", "2026-03-02T20:15:00Z/2026-03-03T13:00:00Z", "2026-03-03T13:45:00Z"},
		"due when a pause starts":               {ny(weekdays), "2026-03-02T14:00:00Z", "1h", "2026-03-02T15:00:00Z/", "2026-03-02T15:00:00Z"},
		"hours in the gap move forward":         {ny("Sun 02:30-04:30"), "2026-03-08T00:00:00Z", "10m", "", "2026-03-08T07:40:00Z"},
		"hours around the gap are shorter":      {ny("Sun 01:00-05:00"), "2026-03-08T06:00:00Z", "3h", "", "2026-03-08T09:00:00Z"},
		"hours that end in the gap":             {ny("Sun 01:30-02:30;Mon 09:00-10:00"), "2026-03-08T06:30:00Z", "1h10m", "", "2026-03-09T13:10:00Z"},
		"hours that the gap turns around":       {ny("Sun 02:30-03:15;Mon 09:00-10:00"), "2026-03-08T00:00:00Z", "10m", "", "2026-03-09T13:10:00Z"},
		"hours from an ambiguous time":          {ny("Sun 01:30-03:00"), "2026-11-01T00:00:00Z", "2h30m", "", "2026-11-01T08:00:00Z"},
		"hours to an ambiguous time":            {ny("Sun 00:30-01:30;Mon 09:00-10:00"), "2026-11-01T04:30:00Z", "1h1m", "", "2026-11-02T14:01:00Z"},
		"no change of the clocks in Phoenix":    {zoned("America/Phoenix", weekdays), "2026-03-06T22:00:00Z", "1h", "", "2026-03-09T15:00:00Z"},
		"Chicago":                               {zoned("America/Chicago", weekdays), "2026-10-30T20:00:00Z", "1h", "", "2026-11-02T14:00:00Z"},
		"a quarter of an hour off, Kathmandu":   {zoned("Asia/Kathmandu", "Sun-Fri 10:00-16:00"), "2026-03-06T10:00:00Z", "30m", "", "2026-03-08T04:30:00Z"},
		"half an hour of change, Lord Howe":     {zoned("Australia/Lord_Howe", "Sun 01:00-04:00"), "2026-10-03T14:30:00Z", "2h30m", "", "2026-10-03T17:00:00Z"},
		"a date that never was, Apia":           {zoned("Pacific/Apia", "Thu-Fri 08:00-16:00"), "2011-12-30T01:00:00Z", "2h", "", "2011-12-30T19:00:00Z"},
		"around the clock":                      {zoned("Europe/Brussels", "Sun-Sat 00:00-24:00"), "2026-03-28T00:00:00Z", "100h", "", "2026-04-01T04:00:00Z"},
	} {
		c := calendar(t, x.plan)
		d, err := time.ParseDuration(x.d)
		if err != nil {
			t.Fatal(err)
		}
		pauses := pausesOf(x.pauses)
		due, err := c.Add(at(x.from), d, pauses)
		if err != nil || !due.Equal(at(x.due)) {
			t.Errorf("%s: due %s, %v; want %s", name, due.Format(time.RFC3339Nano), err, x.due)
		}
		if got := c.Elapsed(at(x.from), at(x.due), pauses); got != d {
			t.Errorf("%s: elapsed until due is %v", name, got)
		}
	}
}

func TestHoursEnd(t *testing.T) {
	c := calendar(t, worktime.Plan{Zone: "America/Chicago", Week: week(weekdays), Terms: []worktime.DateRange{{First: day("2026-01-05"), Last: day("2026-01-09")}}})
	noon := at("2026-01-09T18:00:00Z") // 3 h 30 min before the last closing, 36 h 30 min after the first opening
	var end *worktime.Exhausted
	if _, err := c.Add(noon, 5*time.Hour, nil); !errors.As(err, &end) || *end != (worktime.Exhausted{Left: 90 * time.Minute}) {
		t.Errorf("after the last term: %v", err)
	}
	if _, err := c.Add(noon, -40*time.Hour, nil); !errors.As(err, &end) || *end != (worktime.Exhausted{Left: 210 * time.Minute, Back: true}) {
		t.Errorf("before the first term: %v", err)
	}
	open := []worktime.Interval{{From: noon.Add(time.Hour)}}
	if _, err := c.Add(noon, 2*time.Hour, open); !errors.As(err, &end) || *end != (worktime.Exhausted{Left: time.Hour, Paused: true}) {
		t.Errorf("a pause without end: %v", err)
	}
	if got := c.Elapsed(noon, noon.AddDate(5, 0, 0), open); got != time.Hour {
		t.Errorf("elapsed until a pause without end: %v", got)
	}
	if _, err := c.Next(at("2026-01-09T21:30:00Z")); !errors.As(err, &end) {
		t.Errorf("next opening after the end: %v", err)
	}
	for _, far := range []string{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"} {
		if got := c.Elapsed(noon, at(far), nil); got != 3*time.Hour+30*time.Minute && got != -(36*time.Hour+30*time.Minute) {
			t.Errorf("to %s: %v", far, got)
		}
	}
}

func TestWhichHoursHold(t *testing.T) {
	c := calendar(t, worktime.Plan{
		Zone:  "America/Chicago",
		Week:  week("Mon-Fri 08:00-16:00"),
		Terms: []worktime.DateRange{{First: day("2026-01-05"), Last: day("2026-05-29")}},
		Seasons: []worktime.Season{
			{Dates: worktime.DateRange{First: day("2026-06-15"), Last: day("2026-07-10")}, Week: week("Tue-Thu 09:00-12:00")},
			{Dates: worktime.DateRange{First: day("2026-03-23"), Last: day("2026-03-27")}},
		},
		Days: map[worktime.Date][]worktime.Span{
			day("2026-02-13"): {{From: 480, To: 690}},  // half day
			day("2026-02-16"): nil,                     // closed
			day("2026-06-05"): {{From: 540, To: 1440}}, // outside the term
			day("2026-06-17"): {{From: 600, To: 660}},  // within a season
		},
	})
	for d, want := range map[string]string{
		"2026-02-12": "08:00-16:00", "2026-02-13": "08:00-11:30", "2026-02-14": "", "2026-02-16": "", "2026-03-24": "",
		"2026-03-30": "08:00-16:00", "2026-05-29": "08:00-16:00", "2026-06-01": "", "2026-06-05": "09:00-24:00",
		"2026-06-15": "", "2026-06-16": "09:00-12:00", "2026-06-17": "10:00-11:00", "2026-07-14": "", "1850-01-01": "", "2300-01-01": "",
	} {
		if got := worktime.FormatSpans(c.HoursOn(day(d))); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
	closes, err := c.Closes(at("2026-05-29T21:00:00Z"))
	if err != nil || !closes.Equal(at("2026-06-06T05:00:00Z")) {
		t.Errorf("after the term the hours of 5 June are next, which close at midnight: %s, %v", closes, err)
	}
}

func TestExplainReads(t *testing.T) {
	c := calendar(t, worktime.Plan{Zone: "America/New_York", Week: week(weekdays),
		Terms: []worktime.DateRange{{First: day("2026-01-05"), Last: day("2026-06-12")}, {First: day("2026-08-22"), Last: day("2026-12-18")}},
		Days:  closedOn("2026-02-12", "2026-02-13", "2026-02-16")})
	pauses := pausesOf("2026-02-11T19:00:00Z/2026-02-11T20:00:00Z;2026-02-11T19:30:00Z/2026-02-11T20:10:00Z")
	var b strings.Builder
	for _, d := range c.Explain(at("2026-02-11T18:30:00Z"), at("2026-02-18T15:00:00Z"), pauses) {
		b.WriteString(d.Date.String()[5:] + " " + d.Last.String()[5:] + " " + string(d.Source) + " " + d.Counted.String())
		for _, p := range d.Parts {
			b.WriteString(" " + p.From.In(c.Zone()).Format("15:04") + "-" + p.To.In(c.Zone()).Format("15:04") + " " + string(p.Fate))
			if p.Fate == worktime.Paused {
				b.WriteString([]string{"(0)", "(1)"}[p.Pause])
			}
		}
		b.WriteString("\n")
	}
	want := `02-11 02-11 weekly 50m0s 07:30-13:30 before 13:30-14:00 counted 14:00-15:00 paused(0) 15:00-15:10 paused(1) 15:10-15:30 counted
02-12 02-16 exception 0s
02-17 02-17 weekly 8h0m0s 07:30-15:30 counted
02-18 02-18 weekly 2h30m0s 07:30-10:00 counted 10:00-15:30 after
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	summer := c.Explain(at("2026-06-12T19:20:00Z"), at("2026-08-24T11:35:00Z"), nil)
	if len(summer) != 4 || summer[1].Source != worktime.OutsideTerm || summer[1].Last.Sub(summer[1].Date) != 69 || summer[2].Source != worktime.Weekly {
		t.Errorf("the day before a summer, the summer, a weekend, the day after: %+v", summer)
	}
}

func TestPlansThatCantBe(t *testing.T) {
	good := week(weekdays)
	span := func(a, b string) worktime.DateRange { return worktime.DateRange{First: day(a), Last: day(b)} }
	for name, x := range map[string]struct {
		plan worktime.Plan
		code worktime.Code
	}{
		"no zone":         {worktime.Plan{Week: good}, worktime.NoZone},
		"machine's zone":  {worktime.Plan{Zone: "Local", Week: good}, worktime.NoZone},
		"unknown zone":    {worktime.Plan{Zone: "America/Chicagoo", Week: good}, worktime.UnknownZone},
		"path as a zone":  {worktime.Plan{Zone: "../zoneinfo/UTC", Week: good}, worktime.UnknownZone},
		"no hours":        {worktime.Plan{Zone: "UTC"}, worktime.NoHours},
		"all days closed": {worktime.Plan{Zone: "UTC", Week: week("Tue 08:00-09:00"), Terms: []worktime.DateRange{span("2026-03-02", "2026-03-08")}, Days: closedOn("2026-03-03")}, worktime.NoHours},
		"over midnight":   {worktime.Plan{Zone: "UTC", Week: worktime.Week{1: {{From: 1320, To: 360}}}}, worktime.OverMidnight},
		"overlap":         {worktime.Plan{Zone: "UTC", Week: worktime.Week{1: {{From: 600, To: 720}, {From: 480, To: 601}}}}, worktime.Overlap},
		"25 hours":        {worktime.Plan{Zone: "UTC", Week: worktime.Week{1: {{From: 600, To: 1500}}}}, worktime.BadTime},
		"overlap in days": {worktime.Plan{Zone: "UTC", Week: good, Days: map[worktime.Date][]worktime.Span{day("2026-03-03"): {{From: 1, To: 3}, {From: 2, To: 4}}}}, worktime.Overlap},
		"no such date":    {worktime.Plan{Zone: "UTC", Week: good, Days: map[worktime.Date][]worktime.Span{{Year: 2026, Month: 2, Day: 30}: nil}}, worktime.BadDate},
		"backward term":   {worktime.Plan{Zone: "UTC", Week: good, Terms: []worktime.DateRange{span("2026-03-03", "2026-03-02")}}, worktime.BadRange},
		"far term":        {worktime.Plan{Zone: "UTC", Week: good, Terms: []worktime.DateRange{span("2026-03-03", "2199-03-02")}}, worktime.BadDate},
		"two seasons":     {worktime.Plan{Zone: "UTC", Week: good, Seasons: []worktime.Season{{Dates: span("2026-06-01", "2026-06-10")}, {Dates: span("2026-06-10", "2026-06-12")}}}, worktime.Overlap},
	} {
		_, err := worktime.New(x.plan)
		var p *worktime.Problem
		if !errors.As(err, &p) || p.Code != x.code || p.Text == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A calendar's plan can be changed or thrown away once it is compiled.
func TestCalendarKeepsNothingOfThePlan(t *testing.T) {
	p := worktime.Plan{Zone: "UTC", Week: week(weekdays), Days: closedOn("2026-03-03")}
	c := calendar(t, p)
	p.Week[1][0] = worktime.Span{From: 0, To: 1}
	p.Days[day("2026-03-02")] = nil
	if got := c.Elapsed(at("2026-03-02T00:00:00Z"), at("2026-03-04T00:00:00Z"), nil); got != 8*time.Hour {
		t.Errorf("elapsed is now %v", got)
	}
}
