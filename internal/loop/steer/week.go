package steer

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// What a week asks for before it calls anything unusual or shows it.
const (
	// EnoughWeeks is how many school weeks there must be to say what is usual.
	EnoughWeeks = 6
	// EnoughAsked is how many requests a square must have to be marked.
	EnoughAsked = 5
	// SmallPlace is how many people a place must have for a number per 100 of
	// them to say anything.
	SmallPlace = 5
	// SmallGroup is the least number of people whom a number may be about, for
	// readers who don't work on the requests themselves.
	SmallGroup = 10
)

// Veil says why a number is not shown.
type Veil string

// The veils.
const (
	Shown Veil = ""
	// Small: the place has hardly any people.
	Small Veil = "small"
	// Hidden: fewer than ten people stand behind it, none at all perhaps, and
	// the reader doesn't work on their requests.
	Hidden Veil = "hidden"
)

// Cell is how many requests there were, held against what is usual.
type Cell struct {
	N         int64
	People    int64   // different people for whom they are
	Rate      float64 // per 100 people of the place
	Heat      int     // 0 to 5, by fixed steps of Rate, so that weeks compare
	Low, High int64   // the 10th and 90th percentile of the weeks before
	Mid       int64   // their median
	Known     bool    // there are enough weeks to say so
	Mark      bool    // above usual
	Past      int64   // requests in the weeks before together
	PastVeil  Veil    // of Past
	Round     bool    // N and People are rounded to tens, so that nothing can be found by subtracting
	Veil      Veil
}

// Kept is what became of the promises of a week's requests.
type Kept struct {
	Kept, Missed int64
	Usual        float64 // share kept in the median week before
	Low          float64 // in the tenth part of the weeks with the least
	Known        bool    // there are enough weeks to say so
	Slow         bool    // fewer were kept than usual
	Round        bool
	Veil         Veil // of Missed and whatever leads to it
}

// Of is how many promises were kept or missed.
func (k Kept) Of() int64 { return k.Kept + k.Missed }

// Line is what is said of a place, or of all.
type Line struct {
	All     Cell
	Kept    Kept
	Open    flow.Undone
	Round   bool // of Open
	OpenOff Veil
}

// Row is one place of the map.
type Row struct {
	Site   district.Site
	People int64
	Cells  []Cell // as Week.Columns
	Line
}

// Column is one service of the map; ID 0 is what named none.
type Column struct {
	flow.Relied
	All Cell // over the shown places
}

// Promised is the promises about one impact.
type Promised struct {
	Impact desk.Impact
	Kept
}

// Week is one week by place and service.
type Week struct {
	flow.Weeks
	Sunday  worktime.Date
	History int // school weeks that it is held against
	Columns []Column
	Rows    []Row
	Whole   Line
	Impacts []Promised
	Squares int // that are shown
	Marked  int
	Story   Story
}

// tally counts one square over the weeks.
type tally struct {
	n            []int64
	kept, missed []int64
	who, late    map[district.PersonID]bool // this week
	before       map[district.PersonID]bool // in the weeks before
}

func (w *Week) tally(keep func(flow.Asked) bool) *tally {
	k := len(w.Spans)
	t := &tally{make([]int64, k), make([]int64, k), make([]int64, k), map[district.PersonID]bool{}, map[district.PersonID]bool{}, map[district.PersonID]bool{}}
	for _, x := range w.Asked {
		if keep(x) {
			t.add(x)
		}
	}
	return t
}

func (t *tally) add(x flow.Asked) {
	t.n[x.Span]++
	switch x.Kept {
	case flow.Kept:
		t.kept[x.Span]++
	case flow.Missed:
		t.missed[x.Span]++
	}
	if x.Span > 0 {
		t.before[x.Who] = true
		return
	}
	t.who[x.Who] = true
	if x.Kept == flow.Missed {
		t.late[x.Who] = true
	}
}

// Look reads a week. It is pure: what it says comes from what was counted.
func Look(in flow.Weeks) Week {
	w := Week{Weeks: in, Sunday: in.Monday.AddDays(6)}
	type square struct {
		site    district.SiteID
		service district.ServiceID
	}
	squares := map[square]*tally{}
	for _, x := range in.Asked {
		w.History = max(w.History, x.Span)
		k := square{x.Site, x.Service}
		if squares[k] == nil {
			squares[k] = w.tally(func(flow.Asked) bool { return false })
		}
		squares[k].add(x)
	}
	w.columns()
	for _, s := range in.Sites {
		people := in.People[s.ID]
		r := Row{Site: s, People: people, Line: w.line(w.tally(func(x flow.Asked) bool { return x.Site == s.ID }), people, in.Open[s.ID])}
		for _, c := range w.Columns {
			t := squares[square{s.ID, c.ID}]
			if t == nil {
				t = w.tally(func(flow.Asked) bool { return false })
			}
			x := w.cell(t, people)
			r.Cells = append(r.Cells, x)
			if x.Veil == Shown {
				w.Squares++
			}
			if x.Mark {
				w.Marked++
			}
		}
		w.Rows = append(w.Rows, r)
	}
	w.whole()
	w.Story = w.tell()
	return w
}

// columns are the open services, and what else was asked about this week. That
// anything else was asked about must not tell of a few people.
func (w *Week) columns() {
	who := map[district.ServiceID]map[district.PersonID]bool{}
	for _, x := range w.Asked {
		if x.Span == 0 {
			if who[x.Service] == nil {
				who[x.Service] = map[district.PersonID]bool{}
			}
			who[x.Service][x.Who] = true
		}
	}
	asked := map[district.ServiceID]bool{}
	for id, people := range who {
		asked[id] = w.Opens || len(people) >= SmallGroup
	}
	for _, duties := range []bool{false, true} {
		for _, s := range w.Services {
			if s.Duty == duties && (asked[s.ID] || s.Active && !s.Duty) {
				w.Columns = append(w.Columns, Column{Relied: s})
			}
		}
	}
	if asked[0] {
		w.Columns = append(w.Columns, Column{})
	}
}

func (w *Week) whole() {
	var people int64
	var open flow.Undone
	for _, s := range w.Sites {
		people += w.People[s.ID]
		o := w.Open[s.ID]
		open.Todo, open.Waiting, open.Late, open.People = open.Todo+o.Todo, open.Waiting+o.Waiting, open.Late+o.Late, open.People+o.People
	}
	shown := map[district.SiteID]bool{}
	for _, s := range w.Sites {
		shown[s.ID] = true
	}
	here := func(x flow.Asked) bool { return shown[x.Site] }
	w.Whole = w.line(w.tally(here), people, open)
	for i := range w.Columns {
		c := &w.Columns[i]
		c.All = w.total(w.tally(func(x flow.Asked) bool { return here(x) && x.Service == c.ID }), people)
	}
	for _, i := range desk.Impacts {
		if k := w.promised(w.tally(func(x flow.Asked) bool { return here(x) && x.Impact == i })); k.Of() > 0 || k.Veil != Shown {
			w.Impacts = append(w.Impacts, Promised{i, k})
		}
	}
}

func (w *Week) line(t *tally, people int64, open flow.Undone) Line {
	l := Line{All: w.total(t, people), Kept: w.promised(t), Open: open}
	if !w.Opens {
		l.Round = true
		if open.People < SmallGroup {
			l.Open, l.OpenOff = flow.Undone{}, Hidden
		} else {
			l.Open = flow.Undone{Todo: tens(open.Todo), Waiting: tens(open.Waiting), People: tens(open.People)}
		}
	}
	return l
}

// cell is one square as its reader may see it.
func (w *Week) cell(t *tally, people int64) Cell {
	c := Cell{N: t.n[0], People: int64(len(t.who)), Known: w.History >= EnoughWeeks}
	for _, n := range t.n[1:] {
		c.Past += n
	}
	if !w.Opens {
		if c.Past = tens(c.Past); len(t.before) < SmallGroup {
			c.Past, c.PastVeil = 0, Hidden
		}
		if c.People < SmallGroup {
			return Cell{Veil: Hidden, Past: c.Past, PastVeil: c.PastVeil}
		}
	}
	if people < SmallPlace {
		return Cell{Veil: Small, PastVeil: Small}
	}
	c.Rate = 100 * float64(c.N) / float64(people)
	c.Heat = heat(c.Rate)
	if c.Known {
		before := slices.Sorted(slices.Values(t.n[1 : w.History+1]))
		c.Low, c.Mid, c.High = rank(before, .1), rank(before, .5), rank(before, .9)
		c.Mark = c.N >= EnoughAsked && c.N > c.High
	}
	if !w.Opens { // the weeks before were of few people, perhaps
		c.Low, c.High = tens(c.Low), tens(c.High)
	}
	return c
}

// total is a sum of squares. For who may not see small groups it is rounded:
// otherwise what one square hides could be found by subtracting the others.
// What it says of a place with few people is a sum, and no number per 100.
func (w *Week) total(t *tally, people int64) Cell {
	c := w.cell(t, max(people, SmallPlace))
	if people < SmallPlace {
		c.Rate, c.Heat = 0, 0
	}
	if !w.Opens && c.Veil == Shown {
		c.Round = true
		c.N, c.People = tens(c.N), tens(c.People)
		c.Rate = math.Round(c.Rate)
	}
	return c
}

// tens rounds; what is less than ten is 0, and never written as that.
func tens(n int64) int64 {
	if n < SmallGroup {
		return 0
	}
	return (n + 5) / 10 * 10
}

// steps are the lower ends of the heats from 2 on; 1 is anything at all.
var steps = []float64{.5, 1, 2, 5}

func heat(rate float64) int {
	if rate == 0 {
		return 0
	}
	h := 1
	for _, s := range steps {
		if rate >= s {
			h++
		}
	}
	return h
}

// rank is the nearest-rank percentile of sorted numbers.
func rank[T cmp.Ordered](sorted []T, p float64) T {
	i := int(math.Ceil(p*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

const (
	// fewMissed is how many promises must be missed before it is said.
	fewMissed = 5
	// manyMissed is the share of them that is said before there is a usual one.
	manyMissed = .2
)

func (w *Week) promised(t *tally) Kept {
	k := Kept{Kept: t.kept[0], Missed: t.missed[0]}
	var before []float64
	for i := 1; i <= w.History; i++ {
		if of := t.kept[i] + t.missed[i]; of > 0 {
			before = append(before, float64(t.kept[i])/float64(of))
		}
	}
	slices.Sort(before)
	if k.Known = len(before) >= EnoughWeeks; k.Known {
		k.Usual, k.Low = rank(before, .5), rank(before, .1)
	}
	if k.Missed >= fewMissed {
		share := float64(k.Kept) / float64(k.Of())
		k.Slow = k.Known && share < k.Low || !k.Known && 1-share >= manyMissed && k.Of() >= Few
	}
	switch {
	case w.Opens:
	case k.Missed > 0 && len(t.late) < SmallGroup, k.Kept > 0 && k.Kept < SmallGroup, k.Of() < SmallGroup, len(t.who) < SmallGroup:
		return Kept{Veil: Hidden}
	default:
		k.Round, k.Kept, k.Missed = true, tens(k.Kept), tens(k.Missed)
		k.Usual = math.Round(k.Usual*10) / 10
	}
	return k
}

// Filter is that of the list behind a number: at a place, 0 for all, and about
// a service, nil for any.
func (w *Week) Filter(site district.SiteID, service *Column) flow.Filter {
	f := flow.Filter{Source: flow.Born, From: w.Monday, To: w.Sunday, By: flow.ByPlace}
	if i := slices.IndexFunc(w.Sites, func(s district.Site) bool { return s.ID == site || site == 0 && len(w.Sites) == 1 }); i >= 0 {
		f.Place = w.Sites[i].Name
	}
	if service != nil {
		if f.Service = service.Name; service.ID == 0 {
			f.Service = flow.Unsaid
		}
	}
	return f
}

// keys are the keys of a set in order, so that what is made of it is the same
// every time.
func keys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
