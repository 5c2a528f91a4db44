package worktime

import (
	"maps"
	"slices"
	"time"
)

// Plan says when there are working hours. The order of precedence is Days,
// Seasons, Terms, Week.
type Plan struct {
	Zone    string          // IANA name of the zone whose wall times the hours are
	Week    Week            // the usual hours
	Terms   []DateRange     // when the usual hours hold; none: always
	Seasons []Season        // ranges with weekly hours of their own, in or out of the terms
	Days    map[Date][]Span // days that differ: these hours, none: closed
}

// Season is a range of dates in which other weekly hours hold: summer hours, a
// week of exams. An empty Week closes the range.
type Season struct {
	Dates DateRange
	Week  Week
}

// New compiles the plan. The error is a *Problem: a zone that is missing or
// unknown, spans that overlap or pass midnight, dates that don't exist,
// seasons that overlap, or a plan that never has any hours.
func New(p Plan) (*Calendar, error) {
	z, err := loadZone(p.Zone)
	if err != nil {
		return nil, err
	}
	week, err := compileWeek(p.Week)
	if err != nil {
		return nil, err
	}
	list, err := p.base(week)
	if err != nil {
		return nil, err
	}
	seasons, err := p.seasons()
	if err != nil {
		return nil, err
	}
	days, err := p.days()
	if err != nil {
		return nil, err
	}
	list = lay(lay(list, seasons), days)
	c := &Calendar{zone: z, nominal: list, counted: lay(slices.Clone(list), knots(z, list))}
	c.sum()
	if c.total == 0 {
		return nil, problem(NoHours, p.Week.String(), "there are no working hours at all; at least one day must have some")
	}
	return c, nil
}

// base is the usual hours within the terms.
func (p Plan) base(week *pattern) ([]stretch, error) {
	if len(p.Terms) == 0 {
		return []stretch{{first: firstDay, last: lastDay, week: week, source: Weekly}}, nil
	}
	terms := make([]stretch, 0, len(p.Terms))
	for _, r := range p.Terms {
		if err := r.check(); err != nil {
			return nil, err
		}
		terms = append(terms, stretch{first: r.First.number(), last: r.Last.number(), week: week, source: Weekly})
	}
	slices.SortFunc(terms, byFirst)
	union := terms[:1]
	for _, t := range terms[1:] {
		if end := &union[len(union)-1]; t.first <= end.last+1 {
			end.last = max(end.last, t.last)
		} else {
			union = append(union, t)
		}
	}
	return lay([]stretch{{first: firstDay, last: lastDay, week: closed, source: OutsideTerm}}, union), nil
}

func (p Plan) seasons() ([]stretch, error) {
	out := make([]stretch, 0, len(p.Seasons))
	for _, s := range p.Seasons {
		if err := s.Dates.check(); err != nil {
			return nil, err
		}
		week, err := compileWeek(s.Week)
		if err != nil {
			return nil, err
		}
		out = append(out, stretch{first: s.Dates.First.number(), last: s.Dates.Last.number(), week: week, source: Seasonal})
	}
	slices.SortFunc(out, byFirst)
	for i := 1; i < len(out); i++ {
		if out[i].first <= out[i-1].last {
			day := dateOf(out[i].first).String()
			return nil, problem(Overlap, day, "two seasons overlap on %s; a day can have the hours of only one", day)
		}
	}
	return out, nil
}

func (p Plan) days() ([]stretch, error) {
	out := make([]stretch, 0, len(p.Days))
	for _, d := range slices.SortedFunc(maps.Keys(p.Days), Date.Compare) {
		if err := (DateRange{d, d}).check(); err != nil {
			return nil, err
		}
		n, hours := d.number(), closed
		if spans := p.Days[d]; len(spans) > 0 {
			var w Week
			w[weekday(n)] = spans
			var err error
			if hours, err = compileWeek(w); err != nil {
				err.(*Problem).Text = d.String() + ": " + err.Error()
				return nil, err
			}
		} else if k := len(out); k > 0 && out[k-1].last == n-1 && out[k-1].week == closed {
			out[k-1].last = n
			continue
		}
		out = append(out, stretch{first: n, last: n, week: hours, source: Exception})
	}
	return out, nil
}

func byFirst(a, b stretch) int { return a.first - b.first }

// pattern is a compiled week. Times are nanoseconds since local midnight.
type pattern struct {
	days [7][]piece
	sum  [15]int64 // working time of the days before weekday i, two weeks long
	week int64     // working time of a whole week
}

var closed = &pattern{}

func compileWeek(w Week) (*pattern, error) {
	if w.Empty() {
		return closed, nil
	}
	p := &pattern{}
	for d := range w {
		spans, err := checkSpans(w[d])
		if err != nil {
			return nil, err
		}
		p.days[d] = make([]piece, len(spans))
		for i, s := range spans {
			p.days[d][i] = piece{int64(s.From) * int64(time.Minute), int64(s.To) * int64(time.Minute)}
		}
	}
	for i := range 14 {
		p.sum[i+1] = p.sum[i] + length(p.days[i%7])
	}
	p.week = p.sum[7]
	return p, nil
}
