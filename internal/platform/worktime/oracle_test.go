package worktime_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"trellis/internal/platform/worktime"
)

// The oracle answers from the plan alone, the slow way: every day's hours as
// instants, cut wherever anything changes, and a look at each small piece.

func at(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	panic("not an instant: " + s)
}

func day(s string) worktime.Date {
	d, err := worktime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func week(s string) worktime.Week {
	w, err := worktime.ParseHours(s)
	if err != nil {
		panic(err)
	}
	return w
}

func calendar(t testing.TB, p worktime.Plan) *worktime.Calendar {
	t.Helper()
	c, err := worktime.New(p)
	if err != nil {
		t.Fatalf("New(%v): %v", p, err)
	}
	return c
}

// hoursOf is the plan's rule, read from its documentation.
func hoursOf(p worktime.Plan, d worktime.Date) []worktime.Span {
	if spans, ok := p.Days[d]; ok {
		return spans
	}
	for _, s := range p.Seasons {
		if s.Dates.Contains(d) {
			return s.Week[d.Weekday()]
		}
	}
	in := func(r worktime.DateRange) bool { return r.Contains(d) }
	if len(p.Terms) > 0 && !slices.ContainsFunc(p.Terms, in) {
		return nil
	}
	return p.Week[d.Weekday()]
}

// wallTime finds the instant of a wall time by trying: what does the clock in
// the zone show at each instant that could be meant?
func wallTime(loc *time.Location, d worktime.Date, m worktime.Minute) time.Time {
	const layout = "2006-01-02 15:04:05"
	naive := time.Date(d.Year, d.Month, d.Day, 0, int(m), 0, 0, time.UTC)
	want := naive.Format(layout)
	var tried []time.Duration // offsets in use around then, in order of time
	for h := -30 * time.Hour; h <= 30*time.Hour; h += 15 * time.Minute {
		_, sec := naive.Add(h).In(loc).Zone()
		if off := time.Duration(sec) * time.Second; !slices.Contains(tried, off) {
			tried = append(tried, off)
		}
	}
	var found []time.Time
	for _, off := range tried {
		if t := naive.Add(-off); t.In(loc).Format(layout) == want {
			found = append(found, t)
		}
	}
	if len(found) > 0 {
		return slices.MinFunc(found, time.Time.Compare)
	}
	// Skipped. The clock that was right until then would have shown it, had
	// it not been moved: the earliest change past it decides.
	for h := -30 * time.Hour; ; h += 15 * time.Minute {
		a, b := naive.Add(h).In(loc), naive.Add(h+15*time.Minute).In(loc)
		if a.Format(layout) < want && b.Format(layout) > want {
			_, sec := a.Zone()
			return naive.Add(-time.Duration(sec) * time.Second)
		}
	}
}

type oracle struct {
	plan worktime.Plan
	loc  *time.Location
}

func newOracle(p worktime.Plan) oracle {
	loc, err := time.LoadLocation(p.Zone)
	if err != nil {
		panic(err)
	}
	return oracle{p, loc}
}

func within(list []worktime.Interval, t time.Time) bool {
	return slices.ContainsFunc(list, func(i worktime.Interval) bool {
		return !t.Before(i.From) && (t.Before(i.To) || i.To.IsZero())
	})
}

func (o oracle) hours(a, b time.Time) (out []worktime.Interval) {
	end := worktime.DateOf(b.In(o.loc)).AddDays(2)
	for d := worktime.DateOf(a.In(o.loc)).AddDays(-2); !end.Before(d); d = d.AddDays(1) {
		for _, s := range hoursOf(o.plan, d) {
			out = append(out, worktime.Interval{From: wallTime(o.loc, d, s.From), To: wallTime(o.loc, d, s.To)})
		}
	}
	return out
}

func (o oracle) elapsed(a, b time.Time, pauses []worktime.Interval) (sum time.Duration) {
	if b.Before(a) {
		return -o.elapsed(b, a, pauses)
	}
	hours := o.hours(a, b)
	cuts := []time.Time{a, b}
	for _, i := range append(slices.Clone(hours), pauses...) {
		for _, t := range []time.Time{i.From, i.To} {
			if t.After(a) && t.Before(b) {
				cuts = append(cuts, t)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i := 1; i < len(cuts); i++ {
		if t := cuts[i-1]; within(hours, t) && !within(pauses, t) {
			sum += cuts[i].Sub(t)
		}
	}
	return sum
}
