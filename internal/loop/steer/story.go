package steer

import (
	"cmp"
	"math"
	"slices"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// Plot is what the sentence of a week is about.
type Plot string

// The plots, in the order in which they are looked for.
const (
	Nothing  Plot = "nothing"  // nobody has asked for as long as it looks back
	Outbreak Plot = "outbreak" // classes stopped one after the other, about one service
	OneCell  Plot = "cell"     // one service at one place
	OneWide  Plot = "service"  // one service at several places
	OnePlace Plot = "place"    // one place with several services
	InAll    Plot = "total"    // places with more requests than usual, whatever about
	Slowness Plot = "slow"     // nothing but missed promises
	Early    Plot = "early"    // too few weeks to say what is usual
	Quiet    Plot = "quiet"    // nobody asked this week
	Normal   Plot = "normal"
)

// Story is the sentence of a week: what is unusual, found by rules, and what
// it did to promises.
type Story struct {
	Plot    Plot
	Service *Column         // OneCell, OneWide, OnePlace (of which most), Outbreak
	Places  []district.Site // where
	// Times is how often the usual number there was: 2 to 10, more for more than
	// that, 0 for less than twice or where nobody can say.
	Times int
	Since time.Time // Outbreak
	Count int64     // Outbreak: classes
	// Slow are the promises that were missed, if more than usual.
	Slow *Kept
	// Rest is how many squares besides are above usual.
	Rest int
}

// moreThan is Times beyond ten.
const moreThan = 11

// times says how often the usual number fits into n.
func times(n, usual int64) int {
	if usual <= 0 {
		return 0
	}
	r := float64(n) / float64(usual)
	switch {
	case r < 1.75:
		return 0
	case r >= moreThan-.5:
		return moreThan
	}
	return int(math.Round(r))
}

// tell finds the sentence.
func (w *Week) tell() Story {
	s := Story{Plot: Normal}
	if w.Whole.Kept.Slow && w.Whole.Kept.Veil == Shown {
		k := w.Whole.Kept
		s.Slow = &k
	}
	switch {
	case w.Opens && w.Running && len(w.Asked) == 0 && w.Whole.Open == flow.Undone{}:
		s.Plot = Nothing
	case w.outbreak(&s):
	case w.unusual(&s):
	case s.Slow != nil:
		s.Plot = Slowness
		if r := w.slowest(); r != nil {
			s.Places, s.Slow = []district.Site{r.Site}, &r.Kept
		}
	case w.Opens && w.quiet(): // that nobody asked tells who did, once somebody does
		s.Plot = Quiet
	case w.History < EnoughWeeks:
		s.Plot = Early
	}
	if s.Plot == Normal && len(w.Rows) == 1 {
		s.Places = []district.Site{w.Rows[0].Site}
	}
	return s
}

func (w *Week) quiet() bool {
	return !slices.ContainsFunc(w.Asked, func(x flow.Asked) bool { return x.Span == 0 })
}

// unusual takes the squares above usual by service; the largest group is what
// the week was about.
func (w *Week) unusual(s *Story) bool {
	type group struct {
		column   int
		rows     []int
		n, usual int64
	}
	var groups []group
	at := map[int]int{} // how many squares of a row are marked
	for c := range w.Columns {
		g := group{column: c}
		for r := range w.Rows {
			if x := w.Rows[r].Cells[c]; x.Mark {
				g.rows, g.n, g.usual = append(g.rows, r), g.n+x.N, g.usual+x.Mid
				at[r]++
			}
		}
		if len(g.rows) > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		return w.more(s)
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(len(b.rows), len(a.rows))) })
	g := groups[0]
	s.Service, s.Times, s.Plot = &w.Columns[g.column], times(g.n, g.usual), OneWide
	if len(g.rows) == 1 {
		r := g.rows[0]
		s.Plot = OneCell
		if at[r] > 1 {
			row := w.Rows[r]
			s.Plot, s.Times = OnePlace, times(row.All.N, row.All.Mid)
			s.Rest = -at[r] + 1
		}
	}
	for _, r := range g.rows {
		s.Places = append(s.Places, w.Rows[r].Site)
	}
	s.Rest += w.Marked - len(g.rows)
	return true
}

// more finds places where nothing stands out but all of it together.
func (w *Week) more(s *Story) bool {
	var n, usual int64
	for _, r := range w.Rows {
		if r.All.Mark && r.All.Veil == Shown {
			s.Places, n, usual = append(s.Places, r.Site), n+r.All.N, usual+r.All.Mid
		}
	}
	if len(s.Places) == 0 {
		return false
	}
	s.Plot, s.Times = InAll, times(n, usual)
	return true
}

// slowest is the place where most of the missed promises were, nil if they were
// here and there.
func (w *Week) slowest() *Row {
	for i := range w.Rows {
		if r := &w.Rows[i]; r.Kept.Veil == Shown && 2*r.Kept.Missed > w.Whole.Kept.Missed {
			return r
		}
	}
	return nil
}

const (
	// burst is how close together classes stop for one cause.
	burst = 2 * time.Hour
	// enoughStopped is how many of them, and how many that still stand.
	enoughStopped = 5
)

// outbreak finds classes that stopped today about one service, close together,
// and that nobody has helped yet.
func (w *Week) outbreak(s *Story) bool {
	if !w.Running {
		return false
	}
	today := worktime.DateOf(w.Now.In(w.Zone))
	about := map[district.ServiceID][]flow.Asked{}
	for _, x := range w.Asked {
		if x.Span == 0 && x.Impact == desk.Stopped && x.Service != 0 && worktime.DateOf(x.At.In(w.Zone)) == today {
			about[x.Service] = append(about[x.Service], x)
		}
	}
	var most []flow.Asked
	for _, id := range keys(about) {
		list := about[id]
		slices.SortStableFunc(list, func(a, b flow.Asked) int { return a.At.Compare(b.At) })
		for i := 0; i+enoughStopped <= len(list); i++ {
			if list[i+enoughStopped-1].At.Sub(list[i].At) <= burst {
				if list = list[i:]; standing(list) >= enoughStopped && len(list) > len(most) {
					most = list
				}
				break
			}
		}
	}
	if len(most) == 0 || !w.Opens && people(most) < SmallGroup {
		return false
	}
	s.Plot, s.Since, s.Count = Outbreak, most[0].At, int64(len(most))
	if !w.Opens {
		s.Count = tens(s.Count)
	}
	s.Service = &w.Columns[slices.IndexFunc(w.Columns, func(c Column) bool { return c.ID == most[0].Service })]
	for _, r := range w.Rows {
		if slices.ContainsFunc(most, func(x flow.Asked) bool { return x.Site == r.Site.ID }) {
			s.Places = append(s.Places, r.Site)
		}
	}
	s.Rest = w.Marked
	return true
}

func standing(list []flow.Asked) (n int) {
	for _, x := range list {
		if !x.Solved {
			n++
		}
	}
	return n
}

func people(list []flow.Asked) int {
	seen := map[district.PersonID]bool{}
	for _, x := range list {
		seen[x.Who] = true
	}
	return len(seen)
}
