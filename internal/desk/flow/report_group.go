package flow

import (
	"cmp"
	"slices"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// group fills the table. A group has every measure of the whole; groups beyond
// the thirtieth are summed up in one, so that the table's requests are always
// those of the report.
func (r *Report) group(l *ledger, kept []*line) {
	type bag struct {
		Group
		lines []*line
	}
	type key struct {
		label    string
		from, to worktime.Date
	}
	bags := map[key]*bag{}
	r.Step = stepOf(r.First.In(r.Zone), r.Last.In(r.Zone))
	for _, x := range kept {
		var g key
		switch r.Filter.By {
		case ByService:
			g.label = x.service
		case ByImpact:
			g.label = x.impact
		case ByPeriod:
			if x.start != 0 {
				g.from, g.to = r.Step.around(db.FromUs(x.start).In(x.from.zone))
				g.label = g.from.String()
			}
		default:
			g.label = x.place
		}
		b := bags[g]
		if b == nil {
			b = &bag{Group: Group{Label: g.label, From: g.from, To: g.to}}
			bags[g] = b
		}
		b.lines = append(b.lines, x)
	}
	list := make([]*bag, 0, len(bags))
	for _, b := range bags {
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b *bag) int {
		if r.Filter.By == ByPeriod {
			return cmp.Compare(a.Label, b.Label)
		}
		return cmp.Or(cmp.Compare(len(b.lines), len(a.lines)), cmp.Compare(a.Label, b.Label))
	})
	if len(list) > maxGroups {
		rest := &bag{Group: Group{Rest: true}}
		many := list[maxGroups-1:]
		if r.Filter.By == ByPeriod { // the latest are wanted, so the earliest are summed up
			many = list[:len(list)-maxGroups+1]
		}
		for _, b := range many {
			rest.lines = append(rest.lines, b.lines...)
		}
		r.Rest = len(many)
		if r.Filter.By == ByPeriod {
			list = append([]*bag{rest}, list[len(many):]...)
		} else {
			list = append(list[:maxGroups-1:maxGroups-1], rest)
		}
	}
	for _, b := range list {
		b.Measures = measure(b.lines, r.Filter.Wall)
		r.Groups = append(r.Groups, b.Group)
	}
}

// stepOf chooses how long the periods are.
func stepOf(first, last time.Time) Step {
	switch months := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month()) + 1; {
	case months <= 24:
		return Month
	case months <= 72:
		return Quarter
	}
	return Year
}

// around is the first and the last day of the period that an instant lies in.
func (s Step) around(t time.Time) (first, last worktime.Date) {
	year, month, n := t.Year(), t.Month(), 1
	switch s {
	case Quarter:
		month, n = (month-1)/3*3+1, 3
	case Year:
		month, n = time.January, 12
	}
	first = worktime.Date{Year: year, Month: month, Day: 1}
	return first, worktime.DateOf(time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)).AddDays(-1)
}
