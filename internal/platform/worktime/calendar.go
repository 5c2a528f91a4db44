package worktime

import (
	"sort"
	"time"
)

// Calendar is a compiled Plan. It never changes and is safe for concurrent use.
type Calendar struct {
	zone    *zone
	nominal []stretch // which hours hold by the plan, covering firstDay to lastDay
	counted []stretch // the same with the knots laid over, and running totals
	total   int64
}

// piece is a half-open interval: of instants, or of times since midnight.
type piece struct{ from, to int64 }

// dated is a piece of instants with the day whose hours it is.
type dated struct {
	piece
	day int
}

// stretch is a run of days with the same weekly hours.
type stretch struct {
	first, last int // day numbers, both included
	week        *pattern
	source      Source
	knot        []dated // if not nil, the hours as instants, instead of week
	before      int64   // working time before the first day
}

// length is the sum of the pieces.
func length(pieces []piece) (n int64) {
	for _, p := range pieces {
		n += p.to - p.from
	}
	return n
}

// find is the index of the stretch that holds the day.
func find(list []stretch, day int) int {
	return sort.Search(len(list), func(i int) bool { return list[i].last >= day })
}

// lay puts the stretches of top over those of base. Both are in order; base
// has no holes.
func lay(base, top []stretch) []stretch {
	if len(top) == 0 {
		return base
	}
	out := make([]stretch, 0, len(base)+2*len(top))
	pos, k := base[0].first, 0
	upTo := func(end int) {
		for pos <= end {
			for base[k].last < pos {
				k++
			}
			part := base[k]
			part.first, part.last = pos, min(part.last, end)
			out = append(out, part)
			pos = part.last + 1
		}
	}
	for _, t := range top {
		upTo(t.first - 1)
		out = append(out, t)
		pos = t.last + 1
	}
	upTo(base[len(base)-1].last)
	return out
}

// sum fills in the running totals.
func (c *Calendar) sum() {
	for i := range c.counted {
		s := &c.counted[i]
		s.before = c.total
		if s.knot == nil {
			c.total += s.upTo(s.last + 1)
			continue
		}
		for _, d := range s.knot {
			c.total += d.to - d.from
		}
	}
}

// upTo is the working time of the stretch's days before the given one.
func (s *stretch) upTo(day int) int64 {
	n, w := day-s.first, int(weekday(s.first))
	return int64(n/7)*s.week.week + s.week.sum[w+n%7] - s.week.sum[w]
}

// done is the working time before instant t, without regard to pauses. All
// counting is done with it and with its two inverses.
func (c *Calendar) done(t int64) int64 {
	wall := c.zone.wall(t)
	day := int(floorDiv(wall, nsDay))
	if day < firstDay {
		return 0
	}
	if day > lastDay {
		return c.total
	}
	s := &c.counted[find(c.counted, day)]
	n := s.before
	if s.knot != nil {
		for _, d := range s.knot {
			n += max(0, min(d.to, t)-d.from)
		}
		return n
	}
	n += s.upTo(day)
	since := wall - int64(day)*nsDay
	for _, p := range s.week.days[weekday(day)] {
		n += max(0, min(p.to, since)-p.from)
	}
	return n
}

// reached is the earliest instant with that much done; 0 < n <= total.
func (c *Calendar) reached(n int64) int64 {
	s := &c.counted[sort.Search(len(c.counted), func(i int) bool { return c.counted[i].before >= n })-1]
	n -= s.before
	if s.knot != nil {
		for _, d := range s.knot {
			if n <= d.to-d.from {
				return d.from + n
			}
			n -= d.to - d.from
		}
	}
	weeks := (n - 1) / s.week.week
	n -= weeks * s.week.week
	for day := s.first + 7*int(weeks); ; day++ {
		for _, p := range s.week.days[weekday(day)] {
			if n <= p.to-p.from {
				return c.zone.instant(int64(day)*nsDay + p.from + n)
			}
			n -= p.to - p.from
		}
	}
}

// left is the latest instant with no more than that done; 0 <= n < total. It
// is always within hours.
func (c *Calendar) left(n int64) int64 {
	s := &c.counted[sort.Search(len(c.counted), func(i int) bool { return c.counted[i].before > n })-1]
	n -= s.before
	if s.knot != nil {
		for _, d := range s.knot {
			if n < d.to-d.from {
				return d.from + n
			}
			n -= d.to - d.from
		}
	}
	weeks := n / s.week.week
	n -= weeks * s.week.week
	for day := s.first + 7*int(weeks); ; day++ {
		for _, p := range s.week.days[weekday(day)] {
			if n < p.to-p.from {
				return c.zone.instant(int64(day)*nsDay + p.from + n)
			}
			n -= p.to - p.from
		}
	}
}

// HoursOn is the hours that the plan gives a date, as wall times.
func (c *Calendar) HoursOn(d Date) []Span {
	_, pieces := c.on(d.number())
	out := make([]Span, len(pieces))
	for i, p := range pieces {
		out[i] = Span{Minute(p.from / int64(time.Minute)), Minute(p.to / int64(time.Minute))}
	}
	return out
}

// on is what the plan says of a day.
func (c *Calendar) on(day int) (Source, []piece) {
	i := find(c.nominal, day)
	if day < firstDay || i == len(c.nominal) {
		return OutsideTerm, nil
	}
	s := c.nominal[i]
	return s.source, s.week.days[weekday(day)]
}
