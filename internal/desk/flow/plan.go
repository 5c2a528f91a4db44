package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"trellis/internal/platform/worktime"
)

// Plan is other promises, on another calendar, for a past to be held against.
type Plan struct {
	Hours
	PauseOn  []Wait   // waits that stop the clocks
	Promises []Target // the closest holds

	Source string // the name of one past; "": all of them
	Born   bool   // and what was born here
}

// Target is what a plan promises, in working time. Impact, Place and Service
// are as they were recorded, "*" is any; a span of 0 promises nothing.
type Target struct {
	Impact, Place, Service string
	First, Solve           time.Duration
}

// whatever stands for any.
const whatever = "*"

// PlanProblem is what is wrong with a plan as text.
type PlanProblem struct {
	Field string // "promises[2].solve"
	Text  string // the sentence in plain English
}

func (p *PlanProblem) Error() string {
	if p.Field == "" {
		return p.Text
	}
	return p.Field + ": " + p.Text
}

// planText is a plan as JSON.
type planText struct {
	Zone     string       `json:"zone"`
	Hours    string       `json:"hours"`
	Closed   *[]string    `json:"closed"`
	PauseOn  []string     `json:"pause_on"`
	Promises []targetText `json:"promises"`
}

type targetText struct {
	Impact  string `json:"impact"`
	Place   string `json:"place"`
	Service string `json:"service"`
	First   string `json:"first"`
	Solve   string `json:"solve"`
}

// ParsePlan reads
//
//	{"zone": "Europe/Brussels", "hours": "Mon-Fri 08:00-17:00", "closed": ["2012-05-01"], "pause_on": ["requester"],
//	 "promises": [{"impact": "High", "place": "*", "service": "*", "first": "1h", "solve": "8h"}]}
//
// Only promises are required. The error names every field that isn't known,
// can't be read or contradicts another, each a *PlanProblem.
func ParsePlan(b []byte) (Plan, error) {
	var in planText
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return Plan{}, readProblem(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Plan{}, &PlanProblem{"", "there is something after the end of the plan; a file holds one plan"}
	}
	var r planReader
	p := Plan{Hours: Hours{Zone: strings.TrimSpace(in.Zone), Hours: strings.TrimSpace(in.Hours)}}
	r.hours(&p.Hours, in.Closed)
	for i, w := range in.PauseOn {
		at := fmt.Sprintf("pause_on[%d]", i)
		switch wait := Wait(w); {
		case !slices.Contains(allWaits, wait):
			r.fail(at, "%q is nothing that one waits on; write requester, vendor, part, date or other", w)
		case slices.Contains(p.PauseOn, wait):
			r.fail(at, "%q is there twice", w)
		default:
			p.PauseOn = append(p.PauseOn, wait)
		}
	}
	if len(in.Promises) == 0 {
		r.fail("promises", "there are none; write at least one, such as {\"impact\": \"*\", \"solve\": \"8h\"}")
	}
	for i, t := range in.Promises {
		p.Promises = append(p.Promises, r.target(i, t, p.Promises))
	}
	return p, errors.Join(r.bad...)
}

var allWaits = []Wait{OnRequester, OnVendor, OnPart, OnDate, OnOther}

// readProblem says in a sentence why something is no plan.
func readProblem(err error) error {
	var wrong *json.UnmarshalTypeError
	switch name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case unknown:
		return &PlanProblem{strings.Trim(name, `"`), "no plan has this field; known are zone, hours, closed, pause_on and promises with impact, place, service, first and solve"}
	case errors.As(err, &wrong):
		return &PlanProblem{wrong.Field, "this is a " + wrong.Value + ", which can't stand here"}
	}
	return &PlanProblem{"", "this is not JSON: " + err.Error()}
}

// planReader collects what is wrong.
type planReader struct{ bad []error }

func (r *planReader) fail(field, format string, args ...any) {
	r.bad = append(r.bad, &PlanProblem{field, fmt.Sprintf(format, args...)})
}

func (r *planReader) hours(h *Hours, closed *[]string) {
	if closed != nil {
		h.Closed, h.NoClosed = *closed, true
	}
	for i, d := range h.Closed {
		if _, err := worktime.ParseDate(d); err != nil {
			r.fail(fmt.Sprintf("closed[%d]", i), "%v", err)
		}
	}
	if h.Zone != "" {
		if _, err := Count(h.Zone, "Mon 08:00-16:00", nil); err != nil {
			r.fail("zone", "%v", err)
		}
	}
	if h.Hours != "" {
		if _, err := Count("", h.Hours, nil); err != nil {
			r.fail("hours", "%v", err)
		}
	}
}

func (r *planReader) target(i int, in targetText, others []Target) Target {
	at := fmt.Sprintf("promises[%d]", i)
	t := Target{Impact: strings.TrimSpace(in.Impact), Place: strings.TrimSpace(in.Place), Service: strings.TrimSpace(in.Service)}
	for _, s := range []*string{&t.Impact, &t.Place, &t.Service} {
		if *s == "" {
			*s = whatever
		}
	}
	t.First, t.Solve = r.span(at+".first", in.First), r.span(at+".solve", in.Solve)
	if in.First == "" && in.Solve == "" {
		r.fail(at, "it promises nothing; give first, solve or both")
	}
	if t.First > 0 && t.Solve > 0 && t.First > t.Solve {
		r.fail(at+".first", "the first answer is promised for later than the solution")
	}
	for j, o := range others {
		if same(o.Impact, t.Impact) && same(o.Place, t.Place) && same(o.Service, t.Service) {
			r.fail(at, "promises[%d] is for the same impact, place and service", j)
			break
		}
	}
	return t
}

func (r *planReader) span(field, s string) time.Duration {
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		r.fail(field, "%q is not a span of working time; write it as 8h, 1h30m or 45m", s)
		return 0
	}
	return d
}

// same compares labels as people write them.
func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
