package web

import (
	"context"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/worktime"
)

// span is an amount of time as people say it: "2 h 15 min". Seconds show only
// where there is nothing greater to say.
func span(ctx context.Context, d time.Duration) string {
	d = d.Abs()
	h, m := int64(d/time.Hour), int64(d%time.Hour/time.Minute)
	switch {
	case d > 0 && d < time.Minute && d%time.Second == 0:
		return i18n.T(ctx, "request.span.s", "Seconds", i18n.Number(ctx, int64(d/time.Second)))
	case h == 0:
		return i18n.T(ctx, "request.span.min", "Minutes", i18n.Number(ctx, m))
	case m == 0:
		return i18n.T(ctx, "request.span.h", "Hours", i18n.Number(ctx, h))
	}
	return i18n.T(ctx, "request.span", "Hours", i18n.Number(ctx, h), "Minutes", i18n.Number(ctx, m))
}

// minutes is a duration in whole minutes, cut.
func minutes(d time.Duration) time.Duration { return d.Truncate(time.Minute) }

// until is an instant by which somebody must act, always with its time of day:
// "8:29 am", "tomorrow 8:29 am", "Tue, Nov 24, 10:05 am".
func (t times) until(at time.Time) string {
	text := t.inside(at)
	if clock := i18n.Time(t.ctx, at, t.zone); !strings.HasSuffix(text, clock) {
		text += ", " + clock
	}
	return text
}

// day is a date with its weekday: "Fri, Nov 20", with the year if it is
// another one than now.
func (t times) day(d worktime.Date) string {
	noon := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
	if d.Year != t.now.In(t.zone).Year() {
		return i18n.Date(t.ctx, noon, time.UTC)
	}
	// Seen from three days away in the same year, a date is written as one and
	// never as "tomorrow".
	from := noon.AddDate(0, 0, 3)
	if from.Year() != d.Year {
		from = noon.AddDate(0, 0, -3)
	}
	return i18n.When(t.ctx, noon, from, time.UTC)
}

// days are a date, or the first and last of a run.
func (t times) days(first, last worktime.Date) string {
	if first == last {
		return t.day(first)
	}
	return t.day(first) + " – " + t.day(last)
}

// due is the Due of a row of a list: "by 8:29 am", "20 min late". Late by more
// than an hour it says since when, because nobody counts the night; since
// another day it leaves the time of day to the page, and the row to the title.
func (t times) due(at time.Time) (text string, late bool) {
	if !t.now.After(at) {
		return i18n.T(t.ctx, "queue.due.by", "When", t.inside(at)), false
	}
	if late := t.now.Sub(at); late < time.Hour {
		return i18n.T(t.ctx, "queue.due.late", "Span", span(t.ctx, late)), true
	}
	since := t.inside(at)
	if worktime.DateOf(at.In(t.zone)) != worktime.DateOf(t.now.In(t.zone)) {
		since = strings.TrimRight(strings.TrimSuffix(since, i18n.Time(t.ctx, at, t.zone)), ", ")
	}
	return i18n.T(t.ctx, "queue.due.since", "When", since), true
}

// pressing is the clock that says what must happen next: of those that run the
// one that is due first, else one that is held.
func pressing(clocks []desk.Clock) (c desk.Clock, ok bool) {
	for _, x := range clocks {
		if !x.Stopped.IsZero() || x.Stand == desk.Unplanned || x.Stand == desk.Dropped {
			continue
		}
		switch {
		case !ok, c.Due.IsZero() && !x.Due.IsZero(), !x.Due.IsZero() && x.Due.Before(c.Due):
			c, ok = x, true
		}
	}
	return c, ok
}

// promised says in one line what is due next: "First answer by 8:29 am".
func (s *promiseTeller) promised() (text string, late bool) {
	c, ok := pressing(s.clocks)
	if !ok {
		return s.outcome()
	}
	switch c.Stand {
	case desk.Late:
		return i18n.T(s.at.ctx, "request.promise.late."+string(c.Metric), "When", s.at.until(c.MissedAt)), true
	case desk.Held:
		return i18n.T(s.at.ctx, "request.promise.held", "Why", s.why(last(c.Pauses).On)), false
	}
	if c.Due.IsZero() {
		return i18n.T(s.at.ctx, "request.promise.no_hours"), false
	}
	return i18n.T(s.at.ctx, "request.promise.by."+string(c.Metric), "When", s.at.until(c.Due)), false
}

// aim is what the asking side may expect next, "" if nothing is promised or
// the clock stands still: what it waits for is said already.
func (s *promiseTeller) aim() string {
	c, ok := pressing(s.clocks)
	switch {
	case !ok || c.Stand == desk.Held || c.Due.IsZero():
		return ""
	case c.Stand == desk.Late && s.ticket.Kind == desk.Plan:
		return i18n.T(s.at.ctx, "plan.aim.late."+string(c.Metric), "When", s.at.until(c.MissedAt))
	case c.Stand == desk.Late:
		return i18n.T(s.at.ctx, "request.aim.late."+string(c.Metric), "When", s.at.until(c.MissedAt))
	case s.ticket.Kind == desk.Plan:
		return i18n.T(s.at.ctx, "plan.aim.by."+string(c.Metric), "When", s.at.until(c.Due))
	}
	return i18n.T(s.at.ctx, "request.aim.by."+string(c.Metric), "When", s.at.until(c.Due))
}

// outcome is what became of the promise to solve, once nothing runs.
func (s *promiseTeller) outcome() (text string, late bool) {
	for _, c := range s.clocks {
		switch {
		case c.Metric != desk.Solve:
		case c.Stand == desk.Kept:
			return i18n.T(s.at.ctx, "request.promise.kept"), false
		case c.Stand == desk.Missed:
			return i18n.T(s.at.ctx, "request.promise.missed"), false
		}
	}
	if s.ticket.Kind == desk.Plan {
		return s.answeredPlan(), false
	}
	return i18n.T(s.at.ctx, "request.promise.none"), false
}

func last(list []desk.Pause) (p desk.Pause) {
	if n := len(list); n > 0 {
		p = list[n-1]
	}
	return p
}

// promiseTeller words the clocks of one request.
type promiseTeller struct {
	at     times
	ticket desk.Ticket
	clocks []desk.Clock
}

// metric names a clock: "First answer", and "Next answer 2" where there are
// several.
func (s *promiseTeller) metric(c desk.Clock) string {
	name := i18n.T(s.at.ctx, "desk.metric."+string(c.Metric))
	if c.Metric == desk.Next && c.Round > 1 {
		return i18n.T(s.at.ctx, "request.promise.round", "What", name, "Round", c.Round)
	}
	return name
}

// why says what a clock waits for, inside a sentence.
func (s *promiseTeller) why(on desk.WaitOn) string {
	if on == desk.OnRequester {
		return i18n.T(s.at.ctx, "request.pause.requester", "Name", s.ticket.Requester.Name)
	}
	return i18n.T(s.at.ctx, "request.pause."+string(on))
}

// wayWords are "Sam is on the way, about 5 min (8:24 am)".
func wayWords(t times, name string, at time.Time, n int) string {
	return i18n.T(t.ctx, "request.way", "Name", name, "Count", n, "When", t.until(arrival(at, n)))
}

func arrival(at time.Time, n int) time.Time { return at.Add(time.Duration(n) * time.Minute) }

// comes is the last message if it says that somebody is on the way, and they
// may still be: an hour after they should have come it is no news any more.
func comes(t times, tk desk.Ticket) (m desk.Message, ok bool) {
	if n := len(tk.Messages); n > 0 && (tk.State == desk.Open || tk.State == desk.Waiting) {
		m = tk.Messages[n-1]
	}
	return m, m.Minutes > 0 && t.now.Before(arrival(m.At, m.Minutes).Add(time.Hour))
}
