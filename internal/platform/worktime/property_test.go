package worktime_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trellis/internal/platform/worktime"
)

// Zones with large, small, odd, historic and no changes of the clocks, and an
// instant near one of them.
var turns = []struct{ zone, near string }{
	{"America/New_York", "2026-03-08T07:00:00Z"},
	{"America/New_York", "2026-11-01T06:00:00Z"},
	{"America/Chicago", "2027-03-14T08:00:00Z"},
	{"America/Phoenix", "2026-03-08T09:00:00Z"},
	{"America/Havana", "2026-03-08T05:00:00Z"},      // skips midnight
	{"America/Havana", "2026-11-01T05:00:00Z"},      // falls back over midnight
	{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"}, // half an hour back
	{"Australia/Lord_Howe", "2026-10-03T15:30:00Z"}, // half an hour forward
	{"Australia/Sydney", "2026-10-03T16:00:00Z"},
	{"America/Santiago", "2026-09-06T04:00:00Z"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},      // skips a date
	{"Pacific/Kwajalein", "1993-08-21T12:00:00Z"}, // skips a date, other way of writing it
	{"Asia/Kathmandu", "1985-12-31T18:30:00Z"},    // a quarter of an hour
	{"Europe/Dublin", "2026-03-29T01:00:00Z"},     // winter time is the exception
	{"Africa/Casablanca", "2026-02-15T02:00:00Z"}, // back for a month
	{"Europe/Amsterdam", "1937-07-01T00:00:00Z"},  // an offset with seconds
	{"Antarctica/Troll", "2026-03-29T01:00:00Z"},  // two hours
	{"Asia/Tehran", "2022-03-21T20:30:00Z"},
	{"UTC", "2026-06-01T00:00:00Z"},
}

func spansGen(t *rapid.T, name string) []worktime.Span {
	n := rapid.IntRange(0, 3).Draw(t, name)
	var out []worktime.Span
	for from := 0; n > 0 && from < 1440; n-- {
		a := rapid.OneOf(rapid.IntRange(from, 1439), rapid.IntRange(from, max(from, 240))).Draw(t, "from")
		b := rapid.OneOf(rapid.IntRange(a+1, 1440), rapid.IntRange(a+1, min(a+90, 1440)), rapid.Just(1440)).Draw(t, "to")
		out = append(out, worktime.Span{From: worktime.Minute(a), To: worktime.Minute(b)})
		from = b
	}
	return out
}

func weekGen(t *rapid.T) (w worktime.Week) {
	for d := range w {
		w[d] = spansGen(t, "spans")
	}
	return w
}

// planGen draws a plan with exceptions around an instant, and instants near.
func planGen(t *rapid.T) (worktime.Plan, func(string) time.Time) {
	turn := rapid.SampledFrom(turns).Draw(t, "turn")
	near := at(turn.near)
	here := worktime.DateOf(near)
	p := worktime.Plan{Zone: turn.zone, Week: weekGen(t), Days: map[worktime.Date][]worktime.Span{}}
	offset := rapid.IntRange(-12, 12)
	for range rapid.IntRange(0, 2).Draw(t, "terms") {
		first := here.AddDays(offset.Draw(t, "first"))
		p.Terms = append(p.Terms, worktime.DateRange{First: first, Last: first.AddDays(rapid.IntRange(0, 15).Draw(t, "days"))})
	}
	if rapid.Bool().Draw(t, "season") {
		first := here.AddDays(offset.Draw(t, "first"))
		p.Seasons = append(p.Seasons, worktime.Season{Dates: worktime.DateRange{First: first, Last: first.AddDays(rapid.IntRange(0, 9).Draw(t, "days"))}, Week: weekGen(t)})
	}
	for range rapid.IntRange(0, 4).Draw(t, "exceptions") {
		p.Days[here.AddDays(offset.Draw(t, "day"))] = spansGen(t, "hours")
	}
	return p, func(name string) time.Time {
		us := rapid.OneOf(
			rapid.Int64Range(int64(-15*24*time.Hour/time.Microsecond), int64(15*24*time.Hour/time.Microsecond)),
			rapid.Map(rapid.Int64Range(-8*60, 8*60), func(m int64) int64 { return m * 60e6 }), // on the minute, close by
		).Draw(t, name)
		return near.Add(time.Duration(us) * time.Microsecond)
	}
}

func pausesGen(t *rapid.T, instant func(string) time.Time) (out []worktime.Interval) {
	for range rapid.IntRange(0, 4).Draw(t, "pauses") {
		p := worktime.Interval{From: instant("pause from"), To: instant("pause to")}
		if rapid.IntRange(0, 9).Draw(t, "still open") == 0 {
			p.To = time.Time{}
		} else if p.To.Before(p.From) && rapid.IntRange(0, 3).Draw(t, "turn around") > 0 {
			p.From, p.To = p.To, p.From
		}
		out = append(out, p)
	}
	return out
}

func calendarGen(t *rapid.T) (*worktime.Calendar, oracle, func(string) time.Time) {
	p, instant := planGen(t)
	c, err := worktime.New(p)
	if err != nil {
		var wrong *worktime.Problem
		if !errors.As(err, &wrong) || wrong.Code != worktime.NoHours {
			t.Fatalf("New(%v): %v", p, err)
		}
		t.Skip("no hours")
	}
	return c, newOracle(p), instant
}

func TestElapsedIsWhatTheSlowWayCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, o, instant := calendarGen(t)
		pauses := pausesGen(t, instant)
		a, b, m := instant("a"), instant("b"), instant("m")
		got := c.Elapsed(a, b, pauses)
		if want := o.elapsed(a, b, pauses); got != want {
			t.Fatalf("%s to %s: %v, the slow way %v\n%+v %v", a, b, got, want, o.plan, pauses)
		}
		if sum := c.Elapsed(a, m, pauses) + c.Elapsed(m, b, pauses); sum != got {
			t.Fatalf("by way of %s: %v, directly %v", m, sum, got)
		}
		if c.Open(a) != within(o.hours(a, a), a) {
			t.Fatalf("Open(%s) = %v", a, c.Open(a))
		}
		if !b.Before(a) && c.HasHours(a, b) != (o.elapsed(a, b, nil) > 0) {
			t.Fatalf("HasHours(%s, %s) = %v", a, b, c.HasHours(a, b))
		}
		d := worktime.DateOf(a)
		if got, want := worktime.FormatSpans(c.HoursOn(d)), worktime.FormatSpans(hoursOf(o.plan, d)); got != want {
			t.Fatalf("HoursOn(%s) = %s, want %s", d, got, want)
		}
	})
}

func TestAddIsTheNearestInstantWithThatElapsed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, o, instant := calendarGen(t)
		pauses := pausesGen(t, instant)
		a := instant("a")
		d := time.Duration(rapid.OneOf(rapid.Int64Range(-30*3600e6, 30*3600e6), rapid.Int64Range(-1, 1),
			rapid.Map(rapid.Int64Range(-600, 600), func(m int64) int64 { return m * 60e6 })).Draw(t, "d")) * time.Microsecond
		due, err := c.Add(a, d, pauses)
		edge := time.Duration(1)
		if d < 0 {
			edge = -1
		}
		var end *worktime.Exhausted
		switch {
		case errors.As(err, &end):
			// Nothing may be left in twenty weeks that way, or it was no end.
			if had := c.Elapsed(a, a.AddDate(0, 0, 140*int(edge)), pauses) * edge; had >= d*edge {
				t.Fatalf("Add(%s, %v) finds no more hours, and there are %v", a, d, had)
			}
			if end.Left <= 0 || end.Left > d*edge || end.Back != (d < 0) {
				t.Fatalf("Add(%s, %v): %+v", a, d, end)
			}
		case err != nil:
			t.Fatal(err)
		case d == 0:
			if !due.Equal(a) {
				t.Fatalf("Add(%s, 0) = %s", a, due)
			}
		case due.Sub(a).Abs() > 60*24*time.Hour: // the slow way is too slow there
			if got := c.Elapsed(a, due, pauses); got != d {
				t.Fatalf("Add(%s, %v) = %s, elapsed %v", a, d, due, got)
			}
		default:
			if got := o.elapsed(a, due, pauses); got != d {
				t.Fatalf("Add(%s, %v) = %s, where the slow way counts %v\n%+v %v", a, d, due, got, o.plan, pauses)
			}
			if got := o.elapsed(a, due.Add(-edge), pauses); got == d {
				t.Fatalf("Add(%s, %v) = %s, and %v nearer was enough", a, d, due, edge)
			}
		}
	})
}

func TestExplainAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, o, instant := calendarGen(t)
		pauses := pausesGen(t, instant)
		a, b := instant("a"), instant("b")
		days := c.Explain(a, b, pauses)
		var sum time.Duration
		next := days[0].Date
		for _, d := range days {
			if d.Date != next || d.Last.Before(d.Date) || (d.Last != d.Date && len(d.Open) > 0) {
				t.Fatalf("after %s comes %+v", next, d)
			}
			next = d.Last.AddDays(1)
			sum += d.Counted
			var open, parts, counted time.Duration
			for _, i := range d.Open {
				open += i.To.Sub(i.From)
			}
			for _, p := range d.Parts {
				parts += p.To.Sub(p.From)
				if p.Fate == worktime.Counted {
					counted += p.To.Sub(p.From)
				}
				if p.Fate == worktime.Paused && !within(pauses[p.Pause:p.Pause+1], p.From) {
					t.Fatalf("%+v is not in pause %+v", p, pauses[p.Pause])
				}
			}
			if open != parts || counted != d.Counted.Abs() {
				t.Fatalf("%s: open %v, parts %v, counted %v of %v", d.Date, open, parts, counted, d.Counted)
			}
		}
		if want := o.elapsed(a, b, pauses); sum != want {
			t.Fatalf("the days add up to %v, elapsed is %v", sum, want)
		}
	})
}

func TestOpeningAndClosing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, o, instant := calendarGen(t)
		a := instant("a")
		next, err := c.Next(a)
		if err != nil {
			if c.HasHours(a, a.AddDate(50, 0, 0)) {
				t.Fatalf("Next(%s): %v", a, err)
			}
			return
		}
		if next.Before(a) || !c.Open(next) || c.HasHours(a, next) {
			t.Fatalf("Next(%s) = %s", a, next)
		}
		closes, err := c.Closes(a)
		if err != nil {
			t.Fatal(err)
		}
		if c.Open(closes) || !closes.After(next) || c.Elapsed(next, closes, nil) != closes.Sub(next) {
			t.Fatalf("Closes(%s) = %s, hours from %s", a, closes, next)
		}
		if closes.Sub(a) < 40*24*time.Hour && o.elapsed(next, closes, nil) != closes.Sub(next) {
			t.Fatalf("the slow way is closed between %s and %s", next, closes)
		}
	})
}

// Far away the slow way is too slow; the sum over the years must still hold.
func TestLongDistances(t *testing.T) {
	c := calendar(t, worktime.Plan{Zone: "Europe/Brussels", Week: week("Mon-Fri 08:00-12:00,12:30-24:00;Sun 00:00-06:00"),
		Days: map[worktime.Date][]worktime.Span{day("2030-07-21"): nil, day("1999-12-31"): {{From: 600, To: 660}}}})
	start := at("1890-01-01T00:00:00Z")
	far := rapid.Int64Range(0, int64(265*365*24*time.Hour))
	rapid.Check(t, func(t *rapid.T) {
		a, b := start.Add(time.Duration(far.Draw(t, "a"))), start.Add(time.Duration(far.Draw(t, "b")))
		d := c.Elapsed(a, b, nil)
		got, err := c.Add(a, d, nil)
		if err != nil {
			t.Fatalf("Add(%s, %v): %v", a, d, err)
		}
		if c.Elapsed(a, got, nil) != d || (d > 0 && c.Open(b) && !got.Equal(b)) {
			t.Fatalf("%s to %s is %v, back it is %s", a, b, d, got)
		}
	})
}
