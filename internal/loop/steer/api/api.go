// Package api answers what the pages of steer show, as JSON: the same filter,
// the same numbers.
package api

import (
	"context"
	"fmt"
	"math"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/api"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// Deps is what the operations work on; all are needed.
type Deps struct {
	Reports *flow.Reports
	Weeks   *flow.WeekReports
	Cursors *api.Cursors // sign where lists go on
}

type operations struct {
	reports *flow.Reports
	weeks   *flow.WeekReports
	cursors *api.Cursors
}

// Register declares every operation.
func Register(a *api.API, d Deps) {
	o := operations{d.Reports, d.Weeks, d.Cursors}
	o.weekDoors(a)
	sees := district.Helper.WithScope(district.ScopeDeskRead)
	tag := []string{"steer"}
	api.Operation(a, api.Op{OperationID: "get-flow", Method: "GET", Path: "/flow", Tags: tag,
		Summary: "How support flowed, over the requests that you work on, private ones left out"}, sees, o.flow)
	api.Operation(a, api.Op{OperationID: "list-flow-requests", Method: "GET", Path: "/flow/requests", Tags: tag,
		Summary: "The requests that a number of the report counts"}, sees, o.requests)
}

// FilterIn says what is counted, as the pages have it.
type FilterIn struct {
	Source  string `query:"source" maxLength:"20" doc:"born: requests that began in Trellis; all: those and every past; or the number of one past. If absent, born if there are any, else the past that ended last."`
	Place   string `query:"place" maxLength:"400" doc:"A label as the report has it; - for those of which it is not recorded."`
	Service string `query:"service" maxLength:"400" doc:"Likewise."`
	Impact  string `query:"impact" maxLength:"400" doc:"Likewise; of requests that began in Trellis stopped, blocked, slowed or question."`
	From    string `query:"from" format:"date" doc:"The first day on which they began."`
	To      string `query:"to" format:"date" doc:"The last."`
	By      string `query:"by" enum:"place,service,impact,period" doc:"What the groups are; place if absent."`
	Clock   string `query:"clock" enum:"work,wall" doc:"work: time within hours; wall: all of it. work if absent."`
}

func (in FilterIn) filter() (flow.Filter, error) {
	f := flow.Filter{Source: flow.Likely, Place: unsaid(in.Place), Service: unsaid(in.Service), Impact: unsaid(in.Impact), By: flow.By(in.By), Wall: in.Clock == "wall"}
	var c errs.Check
	switch in.Source {
	case "":
	case "born":
		f.Source = flow.Born
	case "all":
		f.Source = flow.All
	default:
		var n int64
		for _, r := range in.Source {
			if r < '0' || r > '9' || n > math.MaxInt64/20 {
				n = 0
				break
			}
			n = 10*n + int64(r-'0')
		}
		if f.Source = n; n == 0 {
			c.Fail("source", "field.unknown_choice")
		}
	}
	for _, d := range []struct {
		name, said string
		to         *worktime.Date
	}{{"from", in.From, &f.From}, {"to", in.To, &f.To}} {
		if d.said == "" {
			continue
		}
		var err error
		if *d.to, err = worktime.ParseDate(d.said); err != nil {
			c.Fail(d.name, "field.bad_date")
		}
	}
	return f, c.Err()
}

func unsaid(s string) string {
	if s == "-" {
		return flow.Unsaid
	}
	return s
}

type share struct {
	N      int64 `json:"n"`
	Of     int64 `json:"of"`
	Unsaid int64 `json:"not_recorded"`
}

// within is a time that may not be reached.
type within struct {
	Seconds  *int64 `json:"seconds,omitempty" doc:"By then it had happened to that part; missing if nothing is recorded."`
	MoreThan bool   `json:"more_than,omitempty" doc:"Not reached: it takes more than that, the longest that any was watched."`
}

type spread struct {
	Happened int64       `json:"happened"`
	Still    int64       `json:"not_yet" doc:"Counted for as long as they were watched (Kaplan and Meier)."`
	Unsaid   int64       `json:"not_recorded"`
	Half     within      `json:"half"`
	P80      within      `json:"p80"`
	P90      within      `json:"p90"`
	Curve    []flowPoint `json:"curve,omitempty" doc:"Which part by when, in steps; up to 200 of them. Of the whole alone."`
}

type flowPoint struct {
	Seconds int64   `json:"seconds"`
	Part    float64 `json:"part"`
}

type handoffs struct {
	Mean   float64 `json:"mean"`
	Never  int64   `json:"never"`
	Once   int64   `json:"once"`
	Twice  int64   `json:"twice"`
	More   int64   `json:"three_or_more"`
	Unsaid int64   `json:"not_recorded"`
}

type waits struct {
	Requester int64 `json:"requester" doc:"Seconds by the wall clock, like the others."`
	Vendor    int64 `json:"vendor"`
	Part      int64 `json:"part"`
	Date      int64 `json:"date"`
	Other     int64 `json:"other"`
	Elapsed   int64 `json:"elapsed" doc:"From start to the last that is known, waiting or not."`
	Unsaid    int64 `json:"not_recorded"`
}

// FlowMeasures are the numbers of some requests.
type FlowMeasures struct {
	Requests int64    `json:"requests"`
	Open     int64    `json:"open"`
	Ended    int64    `json:"ended" doc:"Over, but nobody recorded when they were solved."`
	Solved   int64    `json:"solved"`
	School   share    `json:"solved_at_school"`
	Handoffs handoffs `json:"handoffs"`
	PingPong share    `json:"ping_pong"`
	Reopened share    `json:"reopened"`
	Kept     share    `json:"promises_kept"`
	Waits    waits    `json:"waits"`
	First    spread   `json:"first_response"`
	Solve    spread   `json:"solve"`
}

type flowSource struct {
	ID   int64      `json:"id" doc:"0: what began in Trellis."`
	Name string     `json:"name,omitempty"`
	Last *time.Time `json:"last,omitempty"`
	Zone string     `json:"zone,omitempty" doc:"Missing: the source names none, its times are local ones of nobody knows where."`
}

type flowGroup struct {
	Label string `json:"label" doc:"Empty where nobody recorded it."`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Rest  bool   `json:"rest,omitempty" doc:"All that have no group of their own."`
	FlowMeasures
}

type flowOut struct {
	Body struct {
		Source   int64         `json:"source" doc:"-1: all."`
		By       string        `json:"by"`
		Clock    string        `json:"clock"`
		First    *time.Time    `json:"first,omitempty" doc:"The earliest start that was counted."`
		Last     *time.Time    `json:"last,omitempty"`
		Sources  []flowSource  `json:"sources"`
		Whole    FlowMeasures  `json:"whole"`
		Groups   []flowGroup   `json:"groups"`
		Notes    []string      `json:"notes" doc:"Where a reader would go wrong."`
		Findings []flowFinding `json:"findings" doc:"What rules found in it, the weightiest first."`
	}
}

type flowFinding struct {
	Kind   string  `json:"kind"`
	Part   float64 `json:"part,omitempty"`
	N      int64   `json:"n,omitempty"`
	Of     int64   `json:"of,omitempty"`
	Wait   string  `json:"wait,omitempty"`
	Slow   string  `json:"slow,omitempty"`
	Fast   string  `json:"fast,omitempty"`
	Behind string  `json:"behind,omitempty" doc:"Names the requests that prove it."`
}

func (o operations) flow(ctx context.Context, in *FilterIn) (*flowOut, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	r, err := o.reports.Report(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &flowOut{}
	b := &out.Body
	b.Source, b.By, b.Clock = r.Filter.Source, string(r.Filter.By), "work"
	if r.Filter.Wall {
		b.Clock = "wall"
	}
	b.First, b.Last = instant(r.First), instant(r.Last)
	b.Sources, b.Groups, b.Notes, b.Findings = []flowSource{}, []flowGroup{}, []string{}, []flowFinding{}
	for _, s := range r.Sources {
		b.Sources = append(b.Sources, flowSource{s.ID, s.Name, instant(s.Last), s.Zone})
	}
	b.Whole = wire(r.Whole)
	b.Whole.Solve.Curve, b.Whole.First.Curve = thin(r.Whole.Solve.Curve), thin(r.Whole.First.Curve)
	for _, g := range r.Groups {
		x := flowGroup{Label: g.Label, Rest: g.Rest, FlowMeasures: wire(g.Measures)}
		if g.From.Valid() {
			x.From, x.To = g.From.String(), g.To.String()
		}
		b.Groups = append(b.Groups, x)
	}
	for _, n := range steer.Notes(r) {
		b.Notes = append(b.Notes, string(n))
	}
	for _, x := range steer.Findings(r) {
		w := flowFinding{Kind: string(x.Kind), Part: x.Part, N: x.N, Of: x.Of, Wait: string(x.Wait), Behind: string(x.Behind)}
		if x.Slow != nil {
			w.Slow, w.Fast = x.Slow.Label, x.Fast.Label
		}
		b.Findings = append(b.Findings, w)
	}
	return out, nil
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func wire(m flow.Measures) FlowMeasures {
	h, w := m.Handoffs, m.Waits
	return FlowMeasures{m.Requests, m.Open, m.Ended, m.Solved, share(m.School), handoffs{h.Mean(), h.By[0], h.By[1], h.By[2], h.By[3], h.Unsaid},
		share(m.PingPong), share(m.Reopened), share(m.Kept),
		waits{w.Seconds[0], w.Seconds[1], w.Seconds[2], w.Seconds[3], w.Seconds[4], w.Elapsed, w.Unsaid}, wireSpread(m.First), wireSpread(m.Solve)}
}

func wireSpread(s flow.Spread) spread {
	at := func(part float64) within {
		w := s.By(part)
		if w.None {
			return within{}
		}
		return within{&w.Seconds, w.More}
	}
	return spread{Happened: s.Happened, Still: s.Still, Unsaid: s.Unsaid, Half: at(.5), P80: at(.8), P90: at(.9)}
}

// thin keeps the steps at which a curve has risen by half a percent, and the
// last.
func thin(curve []flow.Point) (out []flowPoint) {
	last := 0.0
	for i, p := range curve {
		if p.Part-last >= .005 || i == len(curve)-1 {
			out = append(out, flowPoint{p.Seconds, p.Part})
			last = p.Part
		}
	}
	return out
}

type requestsIn struct {
	FilterIn
	Behind string `query:"behind" enum:"all,open,ended,solved,school,beyond,no_line,handoffs,handoffs_0,handoffs_1,handoffs_2,handoffs_3,ping_pong,reopened,kept,missed,no_promise,answered,unanswered,no_answer,wait_requester,wait_vendor,wait_part,wait_date,wait_other" doc:"Which number; all if absent."`
	Cursor string `query:"cursor" maxLength:"1000" doc:"Next of the page before."`
}

type flowItem struct {
	ID       int64      `json:"id"`
	Number   string     `json:"number" doc:"As people say it."`
	Title    string     `json:"title"`
	Place    string     `json:"place,omitempty"`
	Service  string     `json:"service,omitempty"`
	Impact   string     `json:"impact,omitempty"`
	Start    *time.Time `json:"start,omitempty"`
	Solve    *int64     `json:"solve_seconds,omitempty"`
	First    *int64     `json:"first_response_seconds,omitempty"`
	Handoffs int64      `json:"handoffs"`
	Wait     int64      `json:"wait_seconds,omitempty"`
	Open     bool       `json:"open"`
}

type requestsOut struct {
	Body struct {
		Items []flowItem `json:"items"`
		Total int64      `json:"total"`
		Next  string     `json:"next,omitempty"`
	}
}

func (o operations) requests(ctx context.Context, in *requestsIn) (*requestsOut, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	b := flow.Every
	if in.Behind != "" {
		b = flow.Behind(in.Behind)
	}
	list, after := listName(ctx, in.FilterIn, b), ""
	if err := o.cursors.Decode(list, in.Cursor, &after); err != nil {
		return nil, err
	}
	p, err := o.reports.Tickets(ctx, f, b, after)
	if err != nil {
		return nil, err
	}
	out := &requestsOut{}
	out.Body.Items, out.Body.Total = []flowItem{}, p.Total
	for _, i := range p.Items {
		out.Body.Items = append(out.Body.Items, flowItem{int64(i.ID), number(i.ID), i.Title, i.Place, i.Service, i.Impact, instant(i.Start), span(i.Solve), span(i.First), i.Hands, i.Wait, i.Open})
	}
	if p.Next != "" {
		out.Body.Next, err = o.cursors.Encode(list, p.Next)
	}
	return out, err
}

func number(id desk.TicketID) string { return id.String() }

func span(s int64) *int64 {
	if s == flow.None {
		return nil
	}
	return &s
}

// listName is a list as its cursors are signed for: of one reader, and one
// question.
func listName(ctx context.Context, in FilterIn, b flow.Behind) string {
	return fmt.Sprintf("of %d: flow %q %q", policy.ActorFrom(ctx).Person, b, in)
}
