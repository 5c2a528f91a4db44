package flow

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"trellis/internal/platform/worktime"
)

// Outcome is what a plan would have made of a past.
type Outcome struct {
	Tickets int      `json:"tickets"`
	Sources []string `json:"sources"`
	Born    bool     `json:"born"` // tickets that were born here are among them
	Pauses  []Wait   `json:"pause_on"`

	First Metric `json:"first"`
	Solve Metric `json:"solve"`

	// Keepable is what a district could have promised.
	Keepable []Keepable `json:"keepable"`
	Notes    []string   `json:"notes"` // how it is counted
}

// Metric is one kind of promise, before and after.
type Metric struct {
	Before       Counts         `json:"before"`
	After        Counts         `json:"after"`
	Impacts      []ImpactCounts `json:"impacts"`
	KeptToMissed Moved          `json:"kept_to_missed"`
	MissedToKept Moved          `json:"missed_to_kept"`
}

// ImpactCounts are those of one impact, as it was recorded.
type ImpactCounts struct {
	Impact string `json:"impact"` // "": nobody recorded it
	Before Counts `json:"before"`
	After  Counts `json:"after"`
}

// Counts are tickets by what became of a promise.
type Counts struct {
	Kept    int `json:"kept"`
	Missed  int `json:"missed"`
	Running int `json:"running"`
	Unknown int `json:"unknown"`
}

func (c *Counts) add(v Verdict) {
	switch v {
	case Kept:
		c.Kept++
	case Missed:
		c.Missed++
	case Running:
		c.Running++
	default:
		c.Unknown++
	}
}

// Moved are tickets of which the plan would have made something else.
type Moved struct {
	Count   int      `json:"count"`
	Tickets []string `json:"tickets"` // the first maxNamed
}

// maxNamed is how many tickets are named.
const maxNamed = 50

func (m *Moved) add(ticket string) {
	if m.Count++; len(m.Tickets) < maxNamed {
		m.Tickets = append(m.Tickets, ticket)
	}
}

// Keepable is, for one impact, the smallest promises to solve that would have
// been kept.
type Keepable struct {
	Impact   string  `json:"impact"`
	Requests int     `json:"requests"` // solved and open
	Open     int     `json:"open"`     // of these
	Promises []Share `json:"promises"`
}

// Share is a promise and the share of requests for which it would have been
// kept.
type Share struct {
	Percent int    `json:"percent"`
	Solve   string `json:"solve"`   // in working time, as a plan writes it; "": so many were never solved
	Seconds *int64 `json:"seconds"` // likewise; null
}

// shares are those that are asked for.
var shares = []int{80, 90, 95}

var notes = []string{
	"A request is counted once, not once per event.",
	"Before is what was recorded: of a past, one promise per request, without saying of what; it is held against the promise to solve. Unknown there: nobody recorded it.",
	"After counts from the request to the first response and to the first time it was solved, in the working time asked for. Waits named in pause_on are left out.",
	"A request that is open at the end of the record is missed if it is late by then, else running.",
	"Keepable counts an open request as one that no promise would have kept. A request that was closed without a word of when it was solved is not counted.",
}

// replay adds up verdicts.
type replay struct {
	plan Plan
	out  Outcome
	by   map[Promised]map[string]*ImpactCounts
	took map[string]*durations
}

type durations struct {
	solved []int64 // seconds
	open   int
}

func newReplay(p Plan) *replay {
	return &replay{plan: p, by: map[Promised]map[string]*ImpactCounts{ToFirst: {}, ToSolve: {}}, took: map[string]*durations{}}
}

// add judges one ticket on its calendar.
func (r *replay) add(t Told, cal *worktime.Calendar) {
	r.out.Tickets++
	impact := t.Facts.Impact
	for what, m := range map[Promised]*Metric{ToFirst: &r.out.First, ToSolve: &r.out.Solve} {
		before, after := t.Before[what], r.plan.Judge(t, what, cal)
		m.Before.add(before)
		m.After.add(after)
		c := r.by[what][impact]
		if c == nil {
			c = &ImpactCounts{Impact: impact}
			r.by[what][impact] = c
		}
		c.Before.add(before)
		c.After.add(after)
		switch {
		case before == Kept && after == Missed:
			m.KeptToMissed.add(t.Ticket)
		case before == Missed && after == Kept:
			m.MissedToKept.add(t.Ticket)
		}
	}
	if took, over, ok := r.plan.measured(t, ToSolve, cal); ok {
		d := r.took[impact]
		if d == nil {
			d = &durations{}
			r.took[impact] = d
		}
		if over {
			d.solved = append(d.solved, int64((took+time.Second-1)/time.Second))
		} else {
			d.open++
		}
	}
}

// outcome is what it came to.
func (r *replay) outcome() Outcome {
	out := r.out
	out.Pauses, out.Notes = slices.Concat([]Wait{}, r.plan.PauseOn), notes
	for what, m := range map[Promised]*Metric{ToFirst: &out.First, ToSolve: &out.Solve} {
		m.Impacts = []ImpactCounts{}
		for _, c := range r.by[what] {
			m.Impacts = append(m.Impacts, *c)
		}
		slices.SortFunc(m.Impacts, func(a, b ImpactCounts) int { return cmp.Compare(a.Impact, b.Impact) })
		for _, moved := range []*Moved{&m.KeptToMissed, &m.MissedToKept} {
			moved.Tickets = slices.Concat([]string{}, moved.Tickets)
		}
	}
	out.Keepable = []Keepable{}
	for _, impact := range slices.Sorted(maps.Keys(r.took)) {
		out.Keepable = append(out.Keepable, r.took[impact].keepable(impact))
	}
	return out
}

// keepable finds the smallest promises that so many would have kept.
func (d *durations) keepable(impact string) Keepable {
	slices.Sort(d.solved)
	k := Keepable{Impact: impact, Requests: len(d.solved) + d.open, Open: d.open}
	for _, percent := range shares {
		s := Share{Percent: percent}
		// The n-th shortest, n being the least number that is that share.
		if n := (k.Requests*percent + 99) / 100; n > 0 && n <= len(d.solved) {
			took := d.solved[n-1]
			s.Seconds, s.Solve = &took, (time.Duration(took) * time.Second).String()
		}
		k.Promises = append(k.Promises, s)
	}
	return k
}
