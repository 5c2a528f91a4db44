package flow

import (
	"context"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Overseer reads what the actor works on; *desk.Desk is one.
type Overseer interface {
	Oversee(ctx context.Context, fn func(tx *db.Tx, where string, args []any) error) error
}

// Reports counts how support flowed. It is safe for concurrent use.
type Reports struct{ desk Overseer }

// NewReports makes reports of what a desk lets its people see.
func NewReports(d Overseer) *Reports { return &Reports{d} }

// Which requests a report is about.
const (
	Born   int64 = 0  // those that began in Trellis
	All    int64 = -1 // those and every past
	Likely int64 = -2 // Born if there are any, else the past that ended last
)

// By is what the table of a report has a line for.
type By string

// What a table may be by.
const (
	ByPlace   By = "place"
	ByService By = "service"
	ByImpact  By = "impact"
	ByPeriod  By = "period" // month, quarter or year, as fits the time between first and last
)

// Bys lists them all.
var Bys = []By{ByPlace, ByService, ByImpact, ByPeriod}

// Filter says what is counted.
type Filter struct {
	Source                 int64         // Born, All, Likely, or the id of one past
	Place, Service, Impact string        // as recorded; "" any. Unsaid: those of which it is not recorded
	From, To               worktime.Date // first and last day of the start, in either order; the zero Date is no bound
	By                     By            // "" is ByPlace
	Wall                   bool          // by the wall clock instead of in working time
}

// Unsaid stands in a Filter for what nobody recorded. It begins with a space,
// which no label does.
const Unsaid = " unsaid"

// Source is one past, or with ID Born what began here.
type Source struct {
	ID   int64
	Name string    // "" for Born
	Last time.Time // its last moment: what is open is counted as open until then
	Zone string    // "" floats
}

// Report is how the requests of a filter flowed.
type Report struct {
	Filter      Filter
	Sources     []Source // all that the actor has anything of, Born first, then by name
	Places      []string // every label of the chosen sources, for the filter
	Services    []string
	Impacts     []string
	First, Last time.Time // the earliest and latest start that was counted
	Zone        *time.Location
	Step        Step // of ByPeriod
	Whole       Measures
	Groups      []Group // the largest first; periods in their order
	Rest        int     // how many groups are summed up in the last one; 0: none
	Hours       int     // how many different calendars working time was counted on
}

// maxGroups is how many lines a table has before the others are one line.
const maxGroups = 30

// Group is one line of the table.
type Group struct {
	Label    string // "" where nobody recorded it
	From, To worktime.Date
	Rest     bool // all that have no line of their own
	Measures
}

// Step is how long the periods of a table are.
type Step string

// A table by period has months up to two years, quarters up to six, and years.
const (
	Month   Step = "month"
	Quarter Step = "quarter"
	Year    Step = "year"
)

// Report counts what the actor works on, private requests left out.
func (r *Reports) Report(ctx context.Context, f Filter) (Report, error) {
	if err := f.settle(); err != nil {
		return Report{}, err
	}
	var out Report
	err := r.desk.Oversee(ctx, func(tx *db.Tx, where string, args []any) error {
		l, err := load(tx, where, args, &f)
		if err == nil {
			out = l.report(f)
		}
		return err
	})
	return out, err
}

// report is pure: everything that it says comes from the lines.
func (l *ledger) report(f Filter) Report {
	out := Report{Filter: f, Sources: l.sources, Zone: l.zoneOf(f.Source)}
	out.Places, out.Services, out.Impacts = l.labels(placeOf), l.labels(serviceOf), l.labels(impactOf)
	kept := l.filter(f)
	for _, x := range kept {
		if x.start == 0 {
			continue
		}
		at := db.FromUs(x.start)
		if out.First.IsZero() || at.Before(out.First) {
			out.First = at
		}
		if at.After(out.Last) {
			out.Last = at
		}
	}
	out.Whole = measure(kept, f.Wall)
	out.Hours = l.calendars(kept)
	out.group(l, kept)
	return out
}
