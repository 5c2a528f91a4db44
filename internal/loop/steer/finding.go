package steer

import (
	"trellis/internal/desk/flow"
)

// Kind is what a finding is about.
type Kind string

// The findings, the weightiest first. A report shows the first three that
// apply.
const (
	Unrecorded Kind = "unrecorded" // of many nobody wrote down when they were solved
	Waiting    Kind = "waiting"    // much of the time passed waiting on one
	Promises   Kind = "promises"   // many promises were not kept
	Bouncing   Kind = "bouncing"   // many went back to a team that had them before
	Passing    Kind = "passing"    // many changed teams again and again
	Apart      Kind = "apart"      // one line of the table took far longer than another
	Tail       Kind = "tail"       // the slowest tenth took far longer than half
	Unanswered Kind = "unanswered" // many open ones were never answered
)

// Finding is a sentence about a report, found by a rule.
type Finding struct {
	Kind       Kind
	Behind     flow.Behind // the requests that prove it
	Part       float64     // the share that it speaks of, 0 to 1
	N, Of      int64       // what the share is made of, in requests
	Wait       flow.Wait   // Waiting: on whom
	Slow, Fast *flow.Group // Apart
	Long       flow.Within // Tail: by when nine in ten
	Half       flow.Within // Tail: by when half
}

// Few is the number of requests below which a share says little: one more or
// less moves it by a tenth.
const Few = 10

// What the rules ask for before they speak.
const (
	muchUnrecorded = .2
	muchWaiting    = .1
	keptWell       = .8
	muchBouncing   = .1
	muchPassing    = .1
	farApart       = 2 // times as long
	longTail       = 6 // likewise
	muchUnanswered = .2
)

// Findings are what the rules find, the weightiest first, at most three.
func Findings(r flow.Report) []Finding {
	var out []Finding
	m := r.Whole
	if m.Requests < Few {
		return nil
	}
	part := func(n, of int64) float64 { return flow.Ratio{N: n, Of: of}.Part() }
	if p := part(m.Ended, m.Requests); p >= muchUnrecorded {
		out = append(out, Finding{Kind: Unrecorded, Behind: flow.Ended, Part: p, N: m.Ended, Of: m.Requests})
	}
	most := 0
	for i := range flow.WaitsOn {
		if m.Waits.Seconds[i] > m.Waits.Seconds[most] {
			most = i
		}
	}
	if p := m.Waits.Part(most); p >= muchWaiting {
		out = append(out, Finding{Kind: Waiting, Behind: flow.WaitBehind(most), Part: p, N: m.Waits.Requests[most], Of: m.Requests, Wait: flow.WaitsOn[most]})
	}
	if m.Kept.Of >= Few && m.Kept.Part() < keptWell {
		missed := m.Kept.Of - m.Kept.N
		out = append(out, Finding{Kind: Promises, Behind: flow.PromiseNot, Part: part(missed, m.Kept.Of), N: missed, Of: m.Kept.Of})
	}
	if m.PingPong.Of >= Few && m.PingPong.Part() >= muchBouncing {
		out = append(out, Finding{Kind: Bouncing, Behind: flow.Returned, Part: m.PingPong.Part(), N: m.PingPong.N, Of: m.PingPong.Of})
	}
	if p := part(m.Handoffs.By[3], m.Handoffs.Known()); p >= muchPassing {
		out = append(out, Finding{Kind: Passing, Behind: flow.Passed3, Part: p, N: m.Handoffs.By[3], Of: m.Handoffs.Known()})
	}
	if slow, fast := apart(r.Groups); slow != nil {
		out = append(out, Finding{Kind: Apart, Slow: slow, Fast: fast})
	}
	if half, nine := m.Solve.By(.5), m.Solve.By(.9); !half.None && !half.More && half.Seconds > 0 && nine.Seconds >= longTail*half.Seconds {
		out = append(out, Finding{Kind: Tail, Behind: flow.EverSolved, Half: half, Long: nine})
	}
	if p := part(m.First.Still, m.Open); m.First.Still >= Few && p >= muchUnanswered {
		out = append(out, Finding{Kind: Unanswered, Behind: flow.Unanswered, Part: p, N: m.First.Still, Of: m.Open})
	}
	return out[:min(3, len(out))]
}

// apart are the slowest and the fastest line of a table, of those that are no
// few requests, if the one took twice as long until half were solved.
func apart(groups []flow.Group) (slow, fast *flow.Group) {
	half := func(g *flow.Group) int64 { return g.Solve.By(.5).Seconds }
	for i := range groups {
		g := &groups[i]
		if w := g.Solve.By(.5); g.Requests < Few || g.Rest || w.None || w.More || w.Seconds == 0 {
			continue
		}
		if slow == nil || half(g) > half(slow) {
			slow = g
		}
		if fast == nil || half(g) < half(fast) {
			fast = g
		}
	}
	if slow == nil || half(slow) < farApart*half(fast) {
		return nil, nil
	}
	return slow, fast
}

// Note is a place where a reader would go wrong.
type Note string

// The notes.
const (
	NoteCause    Note = "cause"    // that groups differ says nothing of why
	NoteOpen     Note = "open"     // how open requests are counted
	NoteFew      Note = "few"      // some numbers are of few requests
	NoteMissing  Note = "missing"  // not recorded is not zero
	NoteCalendar Note = "calendar" // working time was counted on several calendars
	NoteFloating Note = "floating" // the source says no time zone
	NoteHere     Note = "here"     // it counts what the reader works on, and nothing private
)

// Notes are those that a reader of this report needs.
func Notes(r flow.Report) (out []Note) {
	m := r.Whole
	add := func(n Note, yes bool) {
		if yes {
			out = append(out, n)
		}
	}
	few := m.Requests > 0 && m.Requests < Few
	for _, g := range r.Groups {
		few = few || g.Requests < Few
	}
	add(NoteCause, len(r.Groups) > 1)
	add(NoteOpen, m.Open > 0)
	add(NoteFew, few)
	add(NoteMissing, m.Ended > 0 || m.School.Unsaid > 0 || m.Handoffs.Unsaid > 0 || m.Reopened.Unsaid > 0 || m.First.Unsaid > 0 || m.Kept.Unsaid > 0)
	add(NoteCalendar, !r.Filter.Wall && r.Hours > 1)
	for _, s := range r.Sources {
		if s.ID != flow.Born && s.Zone == "" && (r.Filter.Source == s.ID || r.Filter.Source == flow.All) {
			out = append(out, NoteFloating)
			break
		}
	}
	add(NoteHere, true)
	return out
}
