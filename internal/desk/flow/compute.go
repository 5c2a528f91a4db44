package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/platform/worktime"
)

// Counting is the working time that spans are counted in. A calendar that is
// nil leaves its spans at None.
type Counting struct {
	Open   *worktime.Calendar // the weekly hours and nothing else
	Closed *worktime.Calendar // the same with closures left out
}

// Count compiles weekly hours ("Mon-Fri 08:00-17:00") and dates without hours
// ("2016-05-30"). Zone "" floats: local time of nobody knows where, held as if
// it were UTC. The error is a *worktime.Problem.
func Count(zone, hours string, closed []string) (c Counting, err error) {
	if zone == "" {
		zone = "UTC"
	}
	plan := worktime.Plan{Zone: zone}
	if plan.Week, err = worktime.ParseHours(hours); err != nil {
		return c, err
	}
	return count(plan, closed)
}

// count adds closures to a plan of weekly hours.
func count(plan worktime.Plan, closed []string) (c Counting, err error) {
	if c.Open, err = worktime.New(plan); err != nil {
		return c, err
	}
	if c.Closed = c.Open; len(closed) == 0 {
		return c, nil
	}
	plan.Days = make(map[worktime.Date][]worktime.Span, len(closed))
	for _, day := range closed {
		d, err := worktime.ParseDate(strings.TrimSpace(day))
		if err != nil {
			return c, err
		}
		plan.Days[d] = nil
	}
	c.Closed, err = worktime.New(plan)
	return c, err
}

// ParseClosed reads dates with commas or spaces between them.
func ParseClosed(s string) ([]string, error) {
	list := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
	for _, d := range list {
		if _, err := worktime.ParseDate(d); err != nil {
			return nil, fmt.Errorf("closed: %w", err)
		}
	}
	return list, nil
}

// Compute says what a ticket's rows, oldest first, come to. Rows with equal
// times count in the order in which they stand.
//
// Two rows differ in team, owner or line only where both say which: a row that
// doesn't is no handoff. Whether a team had it again is looked for among the
// rows that say so. What the last row says of the whole ticket (opened, solved,
// closed) is believed before what the rows' own times come to; where it says
// any of the three, none of them is made up from the others.
func Compute(rows []Row, c Counting) Facts {
	f := Facts{Events: len(rows), FirstWall: None, FirstBiz: None, SolveWall: None, SolveBiz: None, SolveOwn: None, SolveOpen: None, SolveOpenOwn: None, Reassigns: -1, Reopens: -1}
	if len(rows) == 0 {
		return f
	}
	f.whole(rows)
	f.hands(rows)
	f.lines(rows)
	asking := f.waits(rows)
	f.spans(c, asking)
	return f
}

// done reports whether a row says that the ticket is solved.
func (r Row) done() bool { return r.State == Solved || r.State == Closed }

// says reports whether a row says anything of the ticket's state.
func (r Row) says() bool { return r.State != "" || r.Status != "" }

// whole is what the ticket is as a whole: its times, promise and labels.
func (f *Facts) whole(rows []Row) {
	last := rows[len(rows)-1]
	f.Start, f.First, f.SolvedAt, f.Closed = last.Opened, last.First, last.Solved, last.Closed
	if f.Start.IsZero() && f.SolvedAt.IsZero() && f.Closed.IsZero() {
		for _, r := range rows {
			if r.done() {
				f.SolvedAt = r.At
				break
			}
		}
	}
	if f.Start.IsZero() {
		f.Start = rows[0].At
	}
	f.End = last.At
	if f.End.IsZero() {
		f.End = latest(last.Closed, last.Solved, last.First, last.Opened)
	}
	f.Kept, f.Priority, f.Reassigns, f.Reopens = last.Kept, last.Priority, last.Reassigned, last.Reopened
	for _, r := range rows {
		f.Place, f.Service, f.Impact = either(r.Place, f.Place), either(r.Service, f.Service), either(r.Impact, f.Impact)
	}
	was := false
	for _, r := range rows {
		f.Reopened = f.Reopened || was && r.says() && !r.done()
		was = was || r.done()
	}
	if f.Reopens >= 0 {
		f.Reopened = f.Reopens > 0
	}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func latest(times ...time.Time) (out time.Time) {
	for _, t := range times {
		if t.After(out) {
			out = t
		}
	}
	return out
}

// hands counts how the ticket went from team to team and owner to owner.
func (f *Facts) hands(rows []Row) {
	var few [8]string
	teams := few[:0] // among the rows that name one, equal neighbors together
	for i, r := range rows {
		if i > 0 {
			before := rows[i-1]
			f.Handoffs += one(differ(before.Team, r.Team))
			f.Owners += one(differ(before.Person, r.Person))
		}
		n := len(teams)
		if r.Team == "" || n > 0 && teams[n-1] == r.Team {
			continue
		}
		f.PingPong = f.PingPong || slices.Contains(teams, r.Team)
		f.Triples += one(n > 1 && teams[n-2] == r.Team)
		teams = append(teams, r.Team)
	}
}

func differ(a, b string) bool { return a != b && a != "" && b != "" }

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// lines is how far from the classroom the ticket went.
func (f *Facts) lines(rows []Row) {
	for i, r := range rows {
		if r.Line == 0 {
			continue
		}
		if f.FirstLine == 0 {
			f.FirstLine = r.Line
		}
		f.MaxLine = max(f.MaxLine, r.Line)
		if r.done() || i == len(rows)-1 && f.SolvedLine == 0 && !f.SolvedAt.IsZero() {
			f.SolvedLine = r.Line
		}
		if i == 0 {
			continue
		}
		before := rows[i-1].Line
		f.Ups += one(before != 0 && before < r.Line)
		f.Downs += one(before > r.Line)
	}
}

// waits adds up the time in which the ticket waited: in a row that waits, until
// the next one. It returns when it waited on the requester.
func (f *Facts) waits(rows []Row) (asking []worktime.Interval) {
	for i, r := range rows {
		if r.Wait == "" {
			continue
		}
		f.Waits += one(r.Wait == OnRequester)
		if i == len(rows)-1 || r.At.IsZero() || rows[i+1].At.IsZero() {
			continue
		}
		next := rows[i+1].At
		if f.Waited == nil {
			f.Waited = make(map[Wait]int64, 1)
		}
		f.Waited[r.Wait] += next.Unix() - r.At.Unix()
		if r.Wait == OnRequester {
			asking = append(asking, worktime.Interval{From: r.At, To: next})
		}
	}
	return asking
}

// spans counts the times between.
func (f *Facts) spans(c Counting, asking []worktime.Interval) {
	f.FirstWall = wall(f.Start, f.First)
	f.FirstBiz = biz(c.Closed, f.Start, f.First, nil)
	f.SolveWall = wall(f.Start, f.SolvedAt)
	f.SolveBiz = biz(c.Closed, f.Start, f.SolvedAt, nil)
	f.SolveOwn, f.SolveOpen, f.SolveOpenOwn = f.SolveBiz, f.SolveBiz, f.SolveBiz
	if len(asking) > 0 {
		f.SolveOwn = biz(c.Closed, f.Start, f.SolvedAt, asking)
	}
	if c.Open != c.Closed {
		f.SolveOpen = biz(c.Open, f.Start, f.SolvedAt, nil)
	}
	if f.SolveOpenOwn = f.SolveOpen; len(asking) > 0 {
		f.SolveOpenOwn = biz(c.Open, f.Start, f.SolvedAt, asking)
	}
}

// wall is the whole seconds from a to b; None unless both are known and in
// that order.
func wall(a, b time.Time) int64 {
	if a.IsZero() || b.IsZero() || b.Before(a) {
		return None
	}
	return int64(b.Sub(a) / time.Second)
}

// biz is wall in working time.
func biz(cal *worktime.Calendar, a, b time.Time, pauses []worktime.Interval) int64 {
	if cal == nil || wall(a, b) == None {
		return None
	}
	return int64(cal.Elapsed(a, b, pauses) / time.Second)
}
