package flow

import (
	"slices"
	"time"

	"trellis/internal/platform/worktime"
)

// Verdict is what became of a promise.
type Verdict string

// What became of it.
const (
	Kept    Verdict = "kept"
	Missed  Verdict = "missed"
	Running Verdict = "running" // open when the record ends, and not late yet
	Unknown Verdict = "unknown" // nothing was promised, or nobody recorded how it went
)

// Promised is what a promise is about.
type Promised string

// The two that a replay counts.
const (
	ToFirst Promised = "first" // to the first response
	ToSolve Promised = "solve" // to the first time that it was solved
)

// Told is a ticket as a replay judges it.
type Told struct {
	Ticket         string // its number, for who wants to look
	Facts          Facts
	Rows           []Row
	Impact         []string  // what it may be called: as recorded, and what that means here
	Place, Service []string  // likewise
	Until          time.Time // when its record ends
	AnswersKnown   bool      // first responses were recorded where it comes from
	Before         map[Promised]Verdict
}

// target is the closest promise: of the service at the place, else of the
// service, else of the place, else any; of its impact rather than of any.
func (p Plan) target(t Told) (best Target, ok bool) {
	rank := -1
	for _, x := range p.Promises {
		n, holds := 0, true
		for _, part := range []struct {
			want   string
			have   []string
			weight int
		}{{x.Service, t.Service, 4}, {x.Place, t.Place, 2}, {x.Impact, t.Impact, 1}} {
			switch {
			case part.want == whatever:
			case slices.ContainsFunc(part.have, func(s string) bool { return same(s, part.want) }):
				n += part.weight
			default:
				holds = false
			}
		}
		if holds && n > rank {
			best, ok, rank = x, true, n
		}
	}
	return best, ok
}

// measured is how long something took in working time; over is false if it
// lasts, as of the end of the record. ok is false if nobody recorded it.
func (p Plan) measured(t Told, what Promised, cal *worktime.Calendar) (took time.Duration, over, ok bool) {
	f, end := t.Facts, t.Facts.SolvedAt
	if what == ToFirst {
		if end = f.First; end.IsZero() && !t.AnswersKnown {
			return 0, false, false
		}
	}
	if over = !end.IsZero(); !over {
		// Closed, and nobody recorded when it was solved or answered.
		if !f.Closed.IsZero() || !f.SolvedAt.IsZero() || len(t.Rows) > 0 && t.Rows[len(t.Rows)-1].done() {
			return 0, false, false
		}
		end = t.Until
	}
	if cal == nil || f.Start.IsZero() || end.Before(f.Start) {
		return 0, false, false
	}
	return cal.Elapsed(f.Start, end, p.pauses(t.Rows)), over, true
}

// pauses are when the ticket waited on something that stops the clocks. A wait
// in its last row lasts.
func (p Plan) pauses(rows []Row) (out []worktime.Interval) {
	for i, r := range rows {
		if r.At.IsZero() || !slices.Contains(p.PauseOn, r.Wait) {
			continue
		}
		wait := worktime.Interval{From: r.At}
		if i+1 < len(rows) {
			if wait.To = rows[i+1].At; wait.To.IsZero() {
				continue
			}
		}
		out = append(out, wait)
	}
	return out
}

// Judge says what would have become of a promise.
func (p Plan) Judge(t Told, what Promised, cal *worktime.Calendar) Verdict {
	x, ok := p.target(t)
	span := x.Solve
	if what == ToFirst {
		span = x.First
	}
	if !ok || span == 0 {
		return Unknown
	}
	took, over, ok := p.measured(t, what, cal)
	switch {
	case !ok:
		return Unknown
	case took > span:
		return Missed
	case !over:
		return Running
	}
	return Kept
}
