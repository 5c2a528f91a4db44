package worktime

import (
	"slices"
	"time"
)

// Source says which part of the plan a day's hours, or their absence, come
// from.
type Source string

const (
	Weekly      Source = "weekly"       // the usual hours; none: not a working day of the week
	Seasonal    Source = "season"       // the hours of a season
	OutsideTerm Source = "outside_term" // not within any term
	Exception   Source = "exception"    // the day's own hours; none: closed on that day
)

// Fate says what became of a part of the hours.
type Fate string

const (
	Counted Fate = "counted"
	Early   Fate = "before" // before the earlier of the two instants
	Late    Fate = "after"  // after the later one
	Paused  Fate = "paused"
)

// Part is a part of a day's hours that shared one fate.
type Part struct {
	Interval
	Fate  Fate
	Pause int // with Paused: the place in the pauses given of the first that covers it; else -1
}

// Day is one line of the sum: a day, or a run of days without hours.
type Day struct {
	Date    Date
	Last    Date // Date itself, or the end of the run
	Source  Source
	Open    []Interval    // the day's hours in full, in order; none: closed
	Parts   []Part        // what became of them, in order
	Counted time.Duration // what the day adds to the sum
}

// Explain is Elapsed day by day, from the day of a to the day of b. The days'
// Counted add up to Elapsed(a, b, pauses) exactly, and are negative with it.
func (c *Calendar) Explain(a, b time.Time, pauses []Interval) []Day {
	from, to, sign := clamp(a), clamp(b), time.Duration(1)
	if to < from {
		from, to, sign = to, from, -1
	}
	var out []Day
	lo, hi := c.span(from, to)
	for day := lo; day <= hi; day++ {
		source, _ := c.on(day)
		d := Day{Date: dateOf(day), Last: dateOf(day), Source: source}
		for _, p := range c.pieces(day) {
			d.Open = append(d.Open, p.interval())
			d.Parts = split(d.Parts, p, from, to, pauses)
		}
		for _, p := range d.Parts {
			if p.Fate == Counted {
				d.Counted += sign * p.To.Sub(p.From)
			}
		}
		out = fold(out, d)
	}
	return out
}

// span is the days to list: those of the two instants, and more if hours of
// another date lie between them because the clocks were changed.
func (c *Calendar) span(from, to int64) (lo, hi int) {
	day := func(t int64) int {
		return min(max(int(floorDiv(c.zone.wall(t), nsDay)), firstDay), lastDay)
	}
	lo, hi = day(from), day(to)
	for _, t := range []int64{from, to} {
		for _, d := range c.counted[find(c.counted, day(t))].knot {
			if d.from < to && d.to > from {
				lo, hi = min(lo, d.day), max(hi, d.day)
			}
		}
	}
	return lo, hi
}

// pieces is the hours of a day as instants.
func (c *Calendar) pieces(day int) []piece {
	s := c.counted[find(c.counted, day)]
	var out []piece
	if s.knot != nil {
		for _, d := range s.knot {
			if d.day == day {
				out = append(out, d.piece)
			}
		}
		return out
	}
	for _, p := range s.week.days[weekday(day)] {
		m := int64(day) * nsDay
		out = append(out, piece{c.zone.instant(m + p.from), c.zone.instant(m + p.to)})
	}
	return out
}

func (p piece) interval() Interval { return Interval{instantTime(p.from), instantTime(p.to)} }

// split cuts a piece of hours where its fate changes.
func split(parts []Part, p piece, from, to int64, pauses []Interval) []Part {
	cuts := []int64{p.from, p.to, from, to}
	for _, x := range pauses {
		cuts = append(cuts, clamp(x.From))
		if !x.To.IsZero() {
			cuts = append(cuts, clamp(x.To))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	whole := true // parts of different pieces are never joined
	for i := 1; i < len(cuts); i++ {
		lo, hi := cuts[i-1], cuts[i]
		if lo < p.from || hi > p.to {
			continue
		}
		part := Part{Interval: piece{lo, hi}.interval(), Fate: Counted, Pause: -1}
		switch {
		case hi <= from:
			part.Fate = Early
		case lo >= to:
			part.Fate = Late
		default:
			if part.Pause = covers(pauses, lo); part.Pause >= 0 {
				part.Fate = Paused
			}
		}
		if k := len(parts) - 1; !whole && parts[k].Fate == part.Fate && parts[k].Pause == part.Pause {
			parts[k].To = part.To
		} else {
			parts = append(parts, part)
		}
		whole = false
	}
	return parts
}

// covers is the place of the first pause that has instant t in it, or -1.
func covers(pauses []Interval, t int64) int {
	return slices.IndexFunc(pauses, func(p Interval) bool {
		return clamp(p.From) <= t && (p.To.IsZero() || t < clamp(p.To))
	})
}

// fold adds a day to the list. Closed days in a row with the same cause are
// one line, and days that are closed every week do not break a line of
// exceptions: ten weeks of vacation are one line, not seventy.
func fold(out []Day, d Day) []Day {
	k := len(out) - 1
	if k < 0 || len(d.Open) > 0 || len(out[k].Open) > 0 {
		return append(out, d)
	}
	if out[k].Source == d.Source {
		out[k].Last = d.Last
		return out
	}
	if d.Source == Exception && out[k].Source == Weekly && k > 0 && len(out[k-1].Open) == 0 && out[k-1].Source == Exception {
		out[k-1].Last = d.Last
		return out[:k]
	}
	return append(out, d)
}
