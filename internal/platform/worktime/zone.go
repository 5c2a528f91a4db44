package worktime

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"time"
)

const (
	nsDay  = int64(24 * time.Hour)
	farOff = int64(26 * time.Hour) // no offset from UTC is or was that large
)

// firstDay and lastDay bound the days that can have hours; earliest and
// latest, with room for every zone, the instants that are looked at.
var (
	firstDay = First.number()
	lastDay  = Last.number()
	earliest = int64(firstDay)*nsDay - farOff
	latest   = int64(lastDay+1)*nsDay + farOff
)

// zone is a location as a table of the changes of its offset from UTC. Looking
// into time.Location for every question would cost most of the time.
type zone struct {
	loc  *time.Location
	from []int64 // when an offset starts to hold, in nanoseconds since 1970
	off  []int64 // that offset in nanoseconds
}

// zones holds the tables of the zones that were asked for. Only names that the
// zone data has get in, so it can't grow beyond that.
var zones sync.Map

func loadZone(name string) (*zone, error) {
	if name == "" || name == "Local" { // both would silently mean something else
		return nil, problem(NoZone, name, "the time zone is missing; give an IANA name such as America/Chicago")
	}
	if z, ok := zones.Load(name); ok {
		return z.(*zone), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, problem(UnknownZone, name, "%q is not a time zone; give an IANA name such as America/Chicago", name)
	}
	z := &zone{loc: loc}
	for at, end := earliest, latest; at < end; {
		t := time.Unix(0, at).In(loc)
		_, sec := t.Zone()
		if off := int64(sec) * int64(time.Second); len(z.off) == 0 || z.off[len(z.off)-1] != off {
			z.from, z.off = append(z.from, at), append(z.off, off)
		}
		_, next := t.ZoneBounds()
		if next.IsZero() || next.Unix() > end/int64(time.Second) {
			break
		}
		// On the last day of a leap year ZoneBounds may name an end that has
		// passed already; go on by hours until it says something newer.
		at = max(next.UnixNano(), at+int64(time.Hour))
	}
	kept, _ := zones.LoadOrStore(name, z)
	return kept.(*zone), nil
}

// period is the index of the offset that holds at instant t.
func (z *zone) period(t int64) int {
	return max(0, sort.Search(len(z.from), func(i int) bool { return z.from[i] > t })-1)
}

// wall is the local time at instant t, as nanoseconds since 1970 on the wall.
func (z *zone) wall(t int64) int64 { return t + z.off[z.period(t)] }

// instant is when the wall shows w: the first time if it does twice, and
// forward by what was skipped if it never does.
func (z *zone) instant(w int64) int64 { return z.instantFrom(z.period(w-farOff), w) }

// instantFrom is instant for who knows a period not later than the answer's.
func (z *zone) instantFrom(i int, w int64) int64 {
	skipped := w - z.off[0]
	for ; i < len(z.from) && z.from[i] <= w+farOff; i++ {
		t := w - z.off[i]
		if i > 0 && t < z.from[i] {
			break // the wall showed something later already
		}
		if i+1 == len(z.from) || t < z.from[i+1] {
			return t
		}
		skipped = t
	}
	return skipped
}

// Zone is the calendar's location, to show its times in.
func (c *Calendar) Zone() *time.Location { return c.zone.loc }

// Wall is the instant at which a clock in the calendar's zone shows the date
// and the time since its midnight (which may exceed a day). A time that is
// skipped moves forward by what was skipped, one that occurs twice is its
// first occurrence. The date must be Valid.
func (c *Calendar) Wall(d Date, since time.Duration) time.Time {
	return instantTime(c.zone.instant(int64(d.number())*nsDay + int64(since)))
}

func instantTime(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// clamp is t in nanoseconds since 1970, moved to the edge of the range.
func clamp(t time.Time) int64 {
	switch s := t.Unix(); {
	case s <= earliest/int64(time.Second):
		return earliest
	case s >= latest/int64(time.Second):
		return latest
	}
	return t.UnixNano()
}

// knots are the stretches of days around a change of the clocks that falls
// into hours or touches them. There the week's arithmetic does not hold, so
// the hours are laid out as instants.
func knots(z *zone, list []stretch) []stretch {
	out := make([]stretch, 0, 16)
	for i := 1; i < len(z.from); i++ {
		lo, hi := z.from[i]+z.off[i-1], z.from[i]+z.off[i]
		if lo > hi {
			lo, hi = hi, lo
		}
		first, last := int(floorDiv(lo, nsDay)), int(floorDiv(hi, nsDay))
		if first-1 < firstDay || last+1 > lastDay {
			continue
		}
		if !touches(list, lo, hi) {
			continue
		}
		if k := len(out); k > 0 && out[k-1].last >= first-2 {
			out[k-1].last = max(out[k-1].last, last+1)
		} else {
			out = append(out, stretch{first: first - 1, last: last + 1, week: closed})
		}
	}
	for i := range out {
		out[i].knot = layOut(z, list, out[i].first, out[i].last)
	}
	return out
}

// touches reports whether hours of the list meet the wall times lo to hi.
func touches(list []stretch, lo, hi int64) bool {
	for day := int(floorDiv(lo-1, nsDay)); int64(day)*nsDay <= hi; day++ {
		for _, p := range list[find(list, day)].week.days[weekday(day)] {
			if m := int64(day) * nsDay; m+p.from <= hi && m+p.to >= lo {
				return true
			}
		}
	}
	return false
}

// layOut makes instants of the hours of the days, in order and without
// overlap: hours that a change of the clocks lays over others count once.
func layOut(z *zone, list []stretch, first, last int) []dated {
	out := make([]dated, 0, 8)
	i, near := find(list, first), z.period(int64(first)*nsDay-farOff)
	for day := first; day <= last; day++ {
		for list[i].last < day {
			i++
		}
		for _, p := range list[i].week.days[weekday(day)] {
			m := int64(day) * nsDay
			out = append(out, dated{piece{z.instantFrom(near, m+p.from), z.instantFrom(near, m+p.to)}, day})
		}
	}
	slices.SortStableFunc(out, func(a, b dated) int { return cmp.Compare(a.from, b.from) })
	kept, high := out[:0], earliest
	for _, d := range out {
		if d.from = max(d.from, high); d.from < d.to {
			high = d.to
			kept = append(kept, d)
		}
	}
	return kept
}
