package desk

import (
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// Metric is what a clock measures.
type Metric string

const (
	// First runs from the request to the first public reply of somebody who
	// is not on the asking side, or to "On my way".
	First Metric = "first"
	// Next runs from the oldest message that nobody answered, after the first
	// answer, to the next public reply.
	Next Metric = "next"
	// Solve runs from the request until it is solved, without the waits.
	Solve Metric = "solve"
)

// Metrics lists every metric in the order in which they are shown.
var Metrics = []Metric{First, Next, Solve}

// markKind is what a mark says happened.
type markKind string

const (
	asked    markKind = "asked"    // the asking side said something
	answered markKind = "answered" // the desk answered in public, or came
	paused   markKind = "paused"   // the ticket began to wait
	resumed  markKind = "resumed"
	solved   markKind = "solved"
	reopened markKind = "reopened"
)

// mark is one thing that moves clocks. Everything that clocks measure is
// computed from a ticket's marks, so that a change of impact, place, promise
// or calendar forgets nothing that happened before.
type mark struct {
	At     time.Time
	Kind   markKind
	Wait   WaitOn            // paused: on whom or what; "" for the break of a solved ticket
	Person district.PersonID // 0: Trellis itself
}

// pause is a span in which a clock stood still.
type pause struct {
	worktime.Interval // To is zero while it lasts
	On                WaitOn
	By                district.PersonID // who began it; 0: Trellis itself
}

// run is what the marks alone say of one clock.
type run struct {
	Metric  Metric
	Round   int
	Start   time.Time
	Stop    time.Time // zero while it is open
	Dropped bool      // it ended, and there was nothing to measure
	Pauses  []pause
}

func (r run) open() bool { return r.Stop.IsZero() }

// paused reports whether the clock stands still now.
func (r run) paused() bool {
	return r.open() && len(r.Pauses) > 0 && r.Pauses[len(r.Pauses)-1].To.IsZero()
}

func (r run) intervals() []worktime.Interval {
	out := make([]worktime.Interval, len(r.Pauses))
	for i, p := range r.Pauses {
		out[i] = p.Interval
	}
	return out
}

// runs reads a ticket's marks in the order in which they count, of which the
// first is the request itself.
//
// A wait holds Solve alone. That the desk waits for a part is no reason to
// leave a question about it without an answer.
func runs(marks []mark) []run {
	if len(marks) == 0 {
		return nil
	}
	first := run{Metric: First, Round: 1, Start: marks[0].At}
	solve := run{Metric: Solve, Round: 1, Start: marks[0].At}
	var nexts []run
	next := func() *run { // the one that is open
		if n := len(nexts); n > 0 && nexts[n-1].open() {
			return &nexts[n-1]
		}
		return nil
	}
	begin := func(at time.Time) {
		if !first.open() && !first.Dropped && next() == nil {
			nexts = append(nexts, run{Metric: Next, Round: len(nexts) + 1, Start: at})
		}
	}
	isSolved, solver := false, district.PersonID(0)
	for _, m := range marks[1:] {
		switch m.Kind {
		case answered:
			if first.Dropped { // answered after all; the time it was solved doesn't count
				first.Pauses = append(first.Pauses, pause{Interval: worktime.Interval{From: first.Stop, To: m.At}, By: solver})
			}
			if first.open() || first.Dropped {
				first.Stop, first.Dropped = m.At, false
			}
			if n := next(); n != nil {
				n.Stop = m.At
			}
		case solved:
			isSolved, solver = true, m.Person
			if first.open() {
				first.Stop, first.Dropped = m.At, true
			}
			if n := next(); n != nil {
				n.Stop = m.At
			}
			solve.Stop = m.At
			solve.Pauses = resume(solve.Pauses, m.At)
		case reopened:
			if !isSolved {
				continue
			}
			isSolved = false
			rest := pause{Interval: worktime.Interval{From: solve.Stop, To: m.At}, By: solver}
			solve.Stop, solve.Pauses = time.Time{}, append(solve.Pauses, rest)
			if first.Dropped {
				first.Stop, first.Dropped, first.Pauses = time.Time{}, false, append(first.Pauses, rest)
			}
			begin(m.At)
		case paused:
			if solve.open() {
				solve.Pauses = append(resume(solve.Pauses, m.At), pause{Interval: worktime.Interval{From: m.At}, On: m.Wait, By: m.Person})
			}
		case resumed:
			solve.Pauses = resume(solve.Pauses, m.At)
		case asked:
			if !isSolved {
				begin(m.At)
			}
		}
	}
	return slices.Concat([]run{first}, nexts, []run{solve})
}

// resume ends a pause that lasts.
func resume(list []pause, at time.Time) []pause {
	if n := len(list); n > 0 && list[n-1].To.IsZero() {
		list[n-1].To = at
	}
	return list
}

// reading is a run on a calendar, held against a promise.
type reading struct {
	run
	Target time.Duration // working time promised
	Spent  time.Duration // working time so far, or until it stopped
	Due    time.Time     // zero: it stands still, or there are no hours left for it
}

// late reports whether the promise was not kept, or is not kept by now.
func (r reading) late(now time.Time) bool {
	if r.Dropped {
		return false
	}
	if !r.open() {
		return r.Spent > r.Target
	}
	return !r.Due.IsZero() && now.After(r.Due) || r.Spent > r.Target
}

// read counts a run on a calendar.
func read(r run, target time.Duration, cal *worktime.Calendar, now time.Time) reading {
	end := r.Stop
	if r.open() {
		end = now
	}
	out := reading{run: r, Target: target, Spent: cal.Elapsed(r.Start, end, r.intervals())}
	if due, err := cal.Add(r.Start, target, r.intervals()); err == nil {
		out.Due = due
	}
	return out
}
