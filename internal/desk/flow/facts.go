package flow

import "time"

// Facts are what a ticket's history comes to: one ticket, one row of desk_flow.
// Spans are whole seconds; None where it did not happen or nobody recorded it.
type Facts struct {
	Events                       int
	Start, First, SolvedAt, End  time.Time // End: the last that is known of it
	Closed                       time.Time // when it was closed for good, where a line says so of the whole ticket
	FirstWall, FirstBiz          int64     // start to first response: by the wall clock; in hours, closures left out
	SolveWall, SolveBiz          int64     // start to solved, likewise
	SolveOwn                     int64     // SolveBiz without waiting on the requester
	SolveOpen                    int64     // in weekly hours, closures not left out (biz_s)
	SolveOpenOwn                 int64     // SolveOpen without waiting on the requester (biz_minus_waituser_s)
	Handoffs, Owners, Ups, Downs int
	PingPong                     bool
	Triples                      int
	Waits                        int            // events that wait on the requester
	Waited                       map[Wait]int64 // seconds by the wall clock; nil: it never waited
	Reopened                     bool
	FirstLine, MaxLine           Line
	SolvedLine                   Line // of the last event that says it is solved
	Reassigns, Reopens           int  // counters of the old desk; -1: none
	Kept                         string
	Place, Service, Impact       string
	Priority                     string
}

// None is a span that is not there.
const None int64 = -1
