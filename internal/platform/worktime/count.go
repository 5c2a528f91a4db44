package worktime

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Interval is a half-open stretch of time. As a pause, one whose To is zero is
// still open, and one that ends before it starts is none.
type Interval struct{ From, To time.Time }

// union turns pauses into instants, sorted and without overlap.
func union(pauses []Interval) []piece {
	if len(pauses) == 0 {
		return nil
	}
	out := make([]piece, 0, len(pauses))
	for _, p := range pauses {
		to := latest
		if !p.To.IsZero() {
			to = clamp(p.To)
		}
		if from := clamp(p.From); from < to {
			out = append(out, piece{from, to})
		}
	}
	slices.SortFunc(out, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	kept := out[:0]
	for _, p := range out {
		if k := len(kept); k > 0 && p.from <= kept[k-1].to {
			kept[k-1].to = max(kept[k-1].to, p.to)
		} else {
			kept = append(kept, p)
		}
	}
	return kept
}

// Elapsed is the working time from a to b without the pauses; negative if b
// comes before a.
func (c *Calendar) Elapsed(a, b time.Time, pauses []Interval) time.Duration {
	from, to := clamp(a), clamp(b)
	if to < from {
		return -c.between(to, from, union(pauses))
	}
	return c.between(from, to, union(pauses))
}

func (c *Calendar) between(from, to int64, breaks []piece) time.Duration {
	n := c.done(to) - c.done(from)
	for _, p := range breaks {
		if lo, hi := max(p.from, from), min(p.to, to); lo < hi {
			n -= c.done(hi) - c.done(lo)
		}
	}
	return time.Duration(n)
}

// Add is the earliest instant by which d of working time has passed since a,
// so an amount that ends exactly at closing is due at closing. A negative d
// counts backwards, to the latest instant from which -d passes until a. With
// d = 0 it is a. The error is an *Exhausted: the hours end too soon, or a
// pause has no end.
func (c *Calendar) Add(a time.Time, d time.Duration, pauses []Interval) (time.Time, error) {
	switch {
	case d > 0:
		return c.forward(clamp(a), int64(d), union(pauses))
	case d < 0:
		return c.backward(clamp(a), -max(int64(d), -math.MaxInt64), union(pauses))
	}
	return a.UTC(), nil
}

func (c *Calendar) forward(pos, need int64, breaks []piece) (time.Time, error) {
	for _, p := range breaks {
		if p.to <= pos {
			continue
		}
		if p.from > pos {
			had := c.done(p.from) - c.done(pos)
			if had >= need {
				break
			}
			need -= had
		}
		pos = p.to
	}
	start := c.done(pos)
	if need > c.total-start {
		return time.Time{}, &Exhausted{Left: time.Duration(need - (c.total - start)), Paused: pos == latest}
	}
	return instantTime(c.reached(start + need)), nil
}

func (c *Calendar) backward(pos, need int64, breaks []piece) (time.Time, error) {
	for _, p := range slices.Backward(breaks) {
		if p.from >= pos {
			continue
		}
		if p.to < pos {
			had := c.done(pos) - c.done(p.to)
			if had >= need {
				break
			}
			need -= had
		}
		pos = p.from
	}
	end := c.done(pos)
	if need > end {
		return time.Time{}, &Exhausted{Left: time.Duration(need - end), Back: true}
	}
	return instantTime(c.left(end - need)), nil
}

// Open reports whether t is within hours.
func (c *Calendar) Open(t time.Time) bool {
	n := clamp(t)
	return c.done(n+1) > c.done(n)
}

// HasHours reports whether there is any working time from one instant to the
// other.
func (c *Calendar) HasHours(from, to time.Time) bool {
	return c.done(clamp(to)) > c.done(clamp(from))
}

// Next is t if t is within hours, and otherwise when they next open. The
// error is an *Exhausted.
func (c *Calendar) Next(t time.Time) (time.Time, error) {
	n, err := c.next(t)
	if err != nil {
		return time.Time{}, err
	}
	return instantTime(n), nil
}

func (c *Calendar) next(t time.Time) (int64, error) {
	done := c.done(clamp(t))
	if done == c.total {
		return 0, &Exhausted{}
	}
	return c.left(done), nil
}

// Closes is when the hours end in which t lies, or if it lies in none, the
// hours that come next. Hours that touch, also over midnight, are one. The
// error is an *Exhausted.
func (c *Calendar) Closes(t time.Time) (time.Time, error) {
	n, err := c.next(t)
	if err != nil {
		return time.Time{}, err
	}
	for c.done(n+1) > c.done(n) {
		n = c.close(n)
	}
	return instantTime(n), nil
}

// close is the end of the piece, or of the run of days that are open around
// the clock, that has instant t in it.
func (c *Calendar) close(t int64) int64 {
	wall := c.zone.wall(t)
	day := int(floorDiv(wall, nsDay))
	s := &c.counted[find(c.counted, day)]
	for _, d := range s.knot {
		if t < d.to {
			return d.to
		}
	}
	if s.week.week == 7*nsDay {
		return c.zone.instant(int64(s.last+1) * nsDay)
	}
	for _, p := range s.week.days[weekday(day)] {
		if m := int64(day) * nsDay; wall < m+p.to {
			return c.zone.instant(m + p.to)
		}
	}
	return t
}
