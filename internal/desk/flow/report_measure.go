package flow

import "slices"

// Measures are the numbers of some requests.
type Measures struct {
	Requests int64
	Open     int64 // not solved so far
	Ended    int64 // over, but nobody recorded when they were solved
	Solved   int64

	// School: of the solved ones whose line is recorded, those that never left
	// the school.
	School Ratio
	// Handoffs: how often a request changed teams.
	Handoffs Handoffs
	// PingPong: those that a team had again after another team had had them.
	PingPong Ratio
	// Reopened: of those that were solved at least once, those that were open
	// again later.
	Reopened Ratio
	// Kept: of those with a promise that came to an end, each request once,
	// those whose promise was kept.
	Kept Ratio

	Waits Waits
	First Spread // start to first response
	Solve Spread // start to the first time that it was solved
}

// Ratio is so many of so many. What nobody recorded is in neither.
type Ratio struct{ N, Of, Unsaid int64 }

// Part is the share, 0 to 1; 0 of nothing.
func (r Ratio) Part() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.N) / float64(r.Of)
}

// Handoffs counts the requests by how often they changed teams.
type Handoffs struct {
	Sum    int64    // of all of them together
	By     [4]int64 // never, once, twice, three times or more
	Unsaid int64    // of a past that doesn't say who had what when
}

// Known is how many requests it is known of.
func (h Handoffs) Known() int64 { return h.By[0] + h.By[1] + h.By[2] + h.By[3] }

// Mean is the mean number of changes; 0 of nothing.
func (h Handoffs) Mean() float64 {
	if h.Known() == 0 {
		return 0
	}
	return float64(h.Sum) / float64(h.Known())
}

// Waits says on whom or what requests waited, by the wall clock.
type Waits struct {
	Seconds  [5]int64 // on requester, vendor, part, date, other: as in WaitsOn
	Requests [5]int64 // how many waited so at all
	Elapsed  int64    // seconds from the start to the last that is known, waiting or not
	Unsaid   int64    // requests of a past that doesn't say what happened when
}

// WaitsOn are whom and what Waits counts, in its order.
var WaitsOn = []Wait{OnRequester, OnVendor, OnPart, OnDate, OnOther}

var waitsBehind = []Behind{WaitedUser, WaitedVend, WaitedPart, WaitedDate, WaitedOther}

// WaitBehind are the requests behind each of WaitsOn.
func WaitBehind(i int) Behind { return waitsBehind[i] }

// Part is the share of all elapsed time, 0 to 1.
func (w Waits) Part(i int) float64 {
	if w.Elapsed == 0 {
		return 0
	}
	return min(1, float64(w.Seconds[i])/float64(w.Elapsed))
}

// solving is how long a line took to be solved, None if it isn't or if its
// source has no hours to count in.
func (x *line) solving(wallClock bool) int64 {
	if wallClock {
		return x.wallSolve
	}
	return x.workSolve
}

func (x *line) first(wallClock bool) int64 {
	if wallClock {
		return x.wallFirst
	}
	return x.workFirst
}

func (x *line) watched(wallClock bool) int64 {
	if wallClock {
		return x.wallWatch
	}
	return x.workWatch
}

// is reports whether a number counts a line.
func (x *line) is(b Behind, wallClock bool) bool {
	switch b {
	case Every:
		return true
	case NeverSolved:
		return x.state == never
	case Ended:
		return x.state == over
	case EverSolved:
		return x.state == solved
	case AtSchool:
		return x.state == solved && x.reach > 0 && x.reach <= 10
	case Beyond:
		return x.state == solved && x.reach > 10
	case NoLine:
		return x.state == solved && x.reach == 0
	case Passed:
		return x.from.passes() && x.hands > 0
	case Passed0, Passed1, Passed2, Passed3:
		return x.from.passes() && byHands[min(x.hands, 3)] == b
	case Returned:
		return x.from.passes() && x.flags&bounced != 0
	case Came:
		return x.from.reopens && x.state == solved && x.flags&cameBack != 0
	case PromiseKept:
		return x.flags&keptYes != 0
	case PromiseNot:
		return x.flags&keptNo != 0
	case NoPromise:
		return x.flags&(keptYes|keptNo) == 0
	case Answered:
		return x.first(wallClock) != None
	case Unanswered:
		return x.from.answers && x.wallFirst == None && x.state == never && x.watched(wallClock) != None
	case NoAnswer:
		return !x.is(Answered, wallClock) && !x.is(Unanswered, wallClock)
	}
	i := slices.Index(waitsBehind, b)
	return i >= 0 && x.from.history && x.waits[i] > 0
}

var byHands = [4]Behind{Passed0, Passed1, Passed2, Passed3}

// measure counts lines. Every count is that of the lines behind its number.
func measure(list []*line, wallClock bool) Measures {
	n := map[Behind]int64{}
	for _, b := range Behinds {
		var k int64
		for _, x := range list {
			if x.is(b, wallClock) {
				k++
			}
		}
		n[b] = k
	}
	all := int64(len(list))
	m := Measures{Requests: all, Open: n[NeverSolved], Ended: n[Ended], Solved: n[EverSolved]}
	m.School = Ratio{N: n[AtSchool], Of: n[AtSchool] + n[Beyond], Unsaid: n[NoLine]}
	m.Kept = Ratio{N: n[PromiseKept], Of: n[PromiseKept] + n[PromiseNot], Unsaid: n[NoPromise]}
	m.PingPong.N, m.Reopened.N = n[Returned], n[Came]
	for i, b := range byHands {
		m.Handoffs.By[i] = n[b]
	}
	for i, b := range waitsBehind {
		m.Waits.Requests[i] = n[b]
	}
	first, solve := make([]moment, 0, len(list)), make([]moment, 0, len(list))
	for _, x := range list {
		if x.state == solved {
			if x.from.reopens {
				m.Reopened.Of++
			} else {
				m.Reopened.Unsaid++
			}
		}
		if x.from.passes() {
			m.Handoffs.Sum += x.hands
			m.PingPong.Of++
		} else {
			m.Handoffs.Unsaid++
			m.PingPong.Unsaid++
		}
		if x.from.history {
			if x.start != 0 {
				m.Waits.Elapsed += max(0, x.end-x.start) / 1e6
			}
			for i, s := range x.waits {
				m.Waits.Seconds[i] += s
			}
		} else {
			m.Waits.Unsaid++
		}
		first, solve = x.observe(first, solve, wallClock)
	}
	m.First, m.Solve = spread(first), spread(solve)
	m.First.Unsaid, m.Solve.Unsaid = all-int64(len(first)), all-int64(len(solve))
	return m
}

// observe adds what is known of a line's times: when it happened, or how long
// it was watched without happening. What is over without a recorded time of
// solving was watched until it was over; a first response that nobody recorded
// says nothing at all, because the request may have been answered.
func (x *line) observe(first, solve []moment, wallClock bool) (f, s []moment) {
	if t := x.solving(wallClock); t != None {
		solve = append(solve, at(t))
	} else if w := x.watched(wallClock); w != None && x.state != solved {
		solve = append(solve, still(w))
	}
	if t := x.first(wallClock); t != None {
		first = append(first, at(t))
	} else if x.is(Unanswered, wallClock) {
		first = append(first, still(x.watched(wallClock)))
	}
	return first, solve
}
