package cover

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Kinds of what is covered: a district service, a duty, first help at a place.
const (
	KindService = district.KindService
	KindDuty    = district.KindDuty
	KindPlace   = "place"
)

// CoverageQuery says what to look at.
type CoverageQuery struct {
	From worktime.Date   // the first day; zero or past: today
	Days int             // how many school days, 1..40; 0 means 10
	Site district.SiteID // this place and its own calendar; 0 for all
}

// Coverage is who covers what on the school days ahead.
type Coverage struct {
	Today worktime.Date
	From  worktime.Date   // the first day asked for
	Days  []worktime.Date // days on which a place is open; of several, a school
	Sites []district.Site // open places, to choose from
	Site  district.SiteID
	Zone  *time.Location // in which the days are meant
	Rows  []Row
	Gaps  []Gap  // in the order of the days
	Help  string // the district's help team, which helps from afar
	Made  time.Time
}

// Row is one service, duty or place.
type Row struct {
	Kind  string
	ID    int64
	Name  string
	Owner string // of a service or duty
	Cells []Cell // one for each of Coverage.Days
	// Lead can say who covers, or knows who can.
	Lead     district.PersonID
	LeadName string
}

// Cell is one row on one day.
type Cell struct {
	Closed bool // the place is closed, or the day is over
	Gap    bool // for some of the day nobody covers
	Turns  []Turn
}

// Turn is who covers in a part of a day.
type Turn struct {
	From, Until time.Time // the part; Whole says it is all of the day that is left
	Whole       bool
	Person      district.PersonID // 0 of a gap
	Name        string
	For         district.PersonID // whose turn it would be; 0: their own
	ForName     string
	Hours       []worktime.Span // of help at a place, where a person has hours of their own
	Afar        bool            // helps from elsewhere: nobody of the place's own team is there
}

// Gap is a stretch of a day in which nobody covers.
type Gap struct {
	Kind    string
	ID      int64
	Name    string
	Day     worktime.Date
	From    time.Time
	Until   time.Time
	Whole   bool
	Person  district.PersonID // whose absence or hours leave it, 0 if nobody was there to begin with
	Absence AbsenceID         // to which cover can be added; 0: none is the cause
	// MayMend: the reader may declare an absence of Person, or change that one.
	MayMend  bool
	Lead     district.PersonID
	LeadName string
}

// farthest is how many days ahead a school day is looked for: over a summer
// and its holidays.
const farthest = 150

// Coverage is who covers every service, duty and place on each school day
// ahead. It reads a fixed number of tables once, and one calendar for each
// place.
func (c *Cover) Coverage(ctx context.Context, q CoverageQuery) (out Coverage, err error) {
	a, err := authorise(ctx, mayView)
	if err != nil {
		return out, err
	}
	if q.Days <= 0 {
		q.Days = 10
	}
	q.Days = min(q.Days, 40)
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		b, err := c.loadBoard(tx, q)
		if err != nil {
			return err
		}
		out = b.draw()
		led, err := ledBy(tx, a)
		if err != nil {
			return err
		}
		for i := range out.Gaps {
			g := &out.Gaps[i]
			g.MayMend = mayOwn.Permits(a) && g.Person != 0 && (seesAll(a) || int64(g.Person) == a.Person || led[g.Person])
		}
		return nil
	})
	return out, err
}

// draw fills in every row.
func (b *board) draw() Coverage {
	out := Coverage{Today: b.today, From: b.from, Days: b.days, Sites: b.sites, Site: b.site, Zone: b.zone, Help: b.helpName, Made: b.now}
	for _, s := range b.shown {
		out.Rows = append(out.Rows, b.placeRow(s))
	}
	for _, s := range b.services {
		out.Rows = append(out.Rows, b.serviceRow(s))
	}
	for d := range b.days {
		for _, r := range out.Rows {
			if r.Cells[d].Gap {
				out.Gaps = append(out.Gaps, b.gaps(r, b.days[d], r.Cells[d])...)
			}
		}
	}
	return out
}

// gaps are the gaps of one cell, each with whom it comes from.
func (b *board) gaps(r Row, day worktime.Date, cell Cell) (out []Gap) {
	for _, x := range cell.Turns {
		if x.Person != 0 {
			continue
		}
		g := Gap{Kind: r.Kind, ID: r.ID, Name: r.Name, Day: day, From: x.From, Until: x.Until, Whole: x.Whole, Person: x.For, Lead: r.Lead, LeadName: r.LeadName}
		if s, ok := b.roster.at(g.Person, db.Us(x.From)); ok {
			g.Absence = s.id
		}
		return append(out, g) // the first says it; mending it shows the next
	}
	return out
}

// serviceRow is who covers a service or duty. It is needed whenever one of the
// places is open.
func (b *board) serviceRow(s serviceLine) Row {
	row := Row{Kind: s.kind, ID: int64(s.id), Name: s.name, Owner: b.names[s.owner], Lead: s.lead, LeadName: b.names[s.lead]}
	for _, day := range b.days {
		from, until := b.window(day)
		if until <= from {
			row.Cells = append(row.Cells, Cell{Closed: true})
			continue
		}
		var cell Cell
		for t := from; t < until; {
			st := b.roster.serve(s.owner, s.cover, t, day)
			end := until
			if !st.Until.IsZero() {
				end = min(until, db.Us(st.Until))
			}
			x := Turn{From: db.FromUs(t), Until: db.FromUs(end), Person: st.Person, Name: b.names[st.Person], For: s.owner, ForName: b.names[s.owner]}
			if st.Person == s.owner {
				x.For, x.ForName = 0, ""
			}
			cell.Gap = cell.Gap || st.Gap
			cell.add(x)
			t = end
		}
		cell.whole()
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// add appends a turn, or makes the last one longer if it is the same people's.
func (c *Cell) add(x Turn) {
	if k := len(c.Turns) - 1; k >= 0 {
		if l := &c.Turns[k]; l.Person == x.Person && l.For == x.For && l.Until.Equal(x.From) {
			l.Until = x.Until
			return
		}
	}
	c.Turns = append(c.Turns, x)
}

func (c *Cell) whole() {
	if len(c.Turns) == 1 {
		c.Turns[0].Whole = true
	}
}

// placeRow is who gives first help at a place: of its own team whoever is in
// that day, each in their hours. Where nobody of a place's own team is in, that
// is a gap, and the district's help team is from afar.
func (b *board) placeRow(s *district.Site) Row {
	lead := b.lead[s.Team]
	if s.Team == 0 {
		lead = b.lead[b.help]
	}
	row := Row{Kind: KindPlace, ID: int64(s.ID), Name: s.Name, Lead: lead, LeadName: b.names[lead]}
	for _, day := range b.days {
		from, until := b.open(s.ID, day)
		if until <= from {
			row.Cells = append(row.Cells, Cell{Closed: true})
			continue
		}
		var cell Cell
		var missing district.PersonID // whose absence or hours leave the place alone
		for _, m := range b.members[s.Team] {
			turns := b.turns(m, s.ID, day, from, until)
			if len(turns) == 0 && missing == 0 {
				missing = m
			}
			cell.Turns = append(cell.Turns, turns...)
		}
		if len(cell.Turns) == 0 {
			cell.Gap = len(b.members[s.Team]) > 0
			for _, m := range b.members[b.help] {
				for _, x := range b.turns(m, s.ID, day, from, until) {
					if x.For == 0 { // a chain of those who are far is no help on a sheet
						x.Afar, x.Hours = true, nil
						cell.Turns = append(cell.Turns, x)
					}
				}
			}
			if len(cell.Turns) == 0 {
				cell.Gap = true
			}
		}
		if cell.Gap {
			nobody := Turn{From: db.FromUs(from), Until: db.FromUs(until), Whole: true, For: missing, ForName: b.names[missing]}
			cell.Turns = append([]Turn{nobody}, cell.Turns...)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// turns are when a member, or who covers for them, helps on a day at a site
// that is open from one instant to the other.
func (b *board) turns(m district.PersonID, site district.SiteID, day worktime.Date, from, until int64) []Turn {
	var hours []worktime.Span
	if w, ok := b.roster.weeks[m]; ok {
		if hours = overlap(w.on(day), b.hoursOn(site, day)); len(hours) == 0 {
			return nil
		}
	}
	var cell Cell
	for t := from; t < until; {
		st := b.roster.stand(m, t)
		end := until
		if !st.Until.IsZero() {
			end = min(until, db.Us(st.Until))
		}
		if !st.Gap && b.roster.works(st.Person, day) {
			x := Turn{From: db.FromUs(t), Until: db.FromUs(end), Person: st.Person, Name: b.names[st.Person], Hours: hours}
			if st.Person != m {
				x.For, x.ForName = m, b.names[m]
			}
			cell.add(x)
		}
		t = end
	}
	var out []Turn
	for _, x := range cell.Turns {
		x.Whole = db.Us(x.From) == from && db.Us(x.Until) == until
		if !x.Whole && hours != nil && !b.meets(site, day, hours, x) {
			continue
		}
		out = append(out, x)
	}
	return out
}

// meets reports whether any of the hours lies in the turn.
func (b *board) meets(site district.SiteID, day worktime.Date, hours []worktime.Span, x Turn) bool {
	loc := b.zones[site]
	for _, h := range hours {
		from, until := wall(day, h.From, loc), wall(day, h.To, loc)
		if from.Before(x.Until) && x.From.Before(until) {
			return true
		}
	}
	return false
}

// wall is a wall time of a day as an instant.
func wall(d worktime.Date, m worktime.Minute, loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, int(m)/60, int(m)%60, 0, 0, loc)
}
