package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// DefaultHours are the hours of a district that has said nothing yet.
const DefaultHours = "Mon-Fri 07:30-15:30"

// DefaultWeek is DefaultHours.
var DefaultWeek = func() worktime.Week {
	w, err := worktime.ParseHours(DefaultHours)
	if err != nil {
		panic(err)
	}
	return w
}()

// Kind says how a single day differs.
type Kind string

const (
	Closed     Kind = "closed"
	HalfDay    Kind = "half_day"
	LateStart  Kind = "late_start"
	OtherHours Kind = "hours"
)

// Kinds lists them in the order in which a form offers them.
var Kinds = []Kind{Closed, HalfDay, LateStart, OtherHours}

// Day is what is said about a single date.
type Day struct {
	Kind  Kind
	Hours []worktime.Span // none if and only if closed
	Name  string
}

// Equal reports whether both say the same.
func (d Day) Equal(e Day) bool {
	return d.Kind == e.Kind && d.Name == e.Name && slices.Equal(d.Hours, e.Hours)
}

// RangeID names a term or a season.
type RangeID int64

// Range is a term or a season.
type Range struct {
	ID      RangeID
	Site    district.SiteID // 0: the whole district
	Name    string
	Dates   worktime.DateRange
	Week    worktime.Week // of a season
	Version int64
}

// Hours are the usual hours of a place.
type Hours struct {
	Week    worktime.Week
	Version int64 // 0: none of its own
}

// Place is a site as calendars know it.
type Place struct {
	ID     district.SiteID
	Name   string
	Short  string
	Zone   string
	Active bool
}

// everything is what was said about calendars, of one place or of all.
type everything struct {
	places  []Place // by name; the district first, as site 0
	hours   map[district.SiteID]Hours
	terms   map[district.SiteID][]Range // in order
	seasons map[district.SiteID][]Range // in order
	days    map[district.SiteID]map[worktime.Date]Day
}

func (e *everything) place(id district.SiteID) (Place, bool) {
	i := slices.IndexFunc(e.places, func(p Place) bool { return p.ID == id })
	if i < 0 {
		return Place{}, false
	}
	return e.places[i], true
}

// clone is a copy whose days and lists can be changed.
func (e *everything) clone() *everything {
	out := &everything{places: e.places, hours: maps.Clone(e.hours), terms: maps.Clone(e.terms), seasons: maps.Clone(e.seasons),
		days: make(map[district.SiteID]map[worktime.Date]Day, len(e.days))}
	for s, d := range e.days {
		out.days[s] = maps.Clone(d)
	}
	return out
}

// week is the hours that hold at a site, and whose they are.
func (e *everything) week(site district.SiteID) (w worktime.Week, own, unsaid bool) {
	if h, ok := e.hours[site]; ok {
		return h.Week, true, false
	}
	if h, ok := e.hours[0]; ok {
		return h.Week, false, false
	}
	return DefaultWeek, false, true
}

func (e *everything) termsOf(site district.SiteID) []Range {
	if list := e.terms[site]; len(list) > 0 {
		return list
	}
	return e.terms[0]
}

// seasonsOf are a site's seasons, and of the district's what those leave.
func (e *everything) seasonsOf(site district.SiteID) []Range {
	own := e.seasons[site]
	if site == 0 || len(own) == 0 {
		return e.seasons[0]
	}
	out := slices.Clone(own)
	for _, r := range e.seasons[0] {
		pos := r.Dates.First
		for _, o := range own { // in order, without overlap
			if o.Dates.Last.Before(pos) || r.Dates.Last.Before(o.Dates.First) {
				continue
			}
			if pos.Before(o.Dates.First) {
				part := r
				part.Dates = worktime.DateRange{First: pos, Last: o.Dates.First.AddDays(-1)}
				out = append(out, part)
			}
			pos = o.Dates.Last.AddDays(1)
		}
		if !r.Dates.Last.Before(pos) {
			part := r
			part.Dates.First = pos
			out = append(out, part)
		}
	}
	slices.SortFunc(out, byFirst)
	return out
}

func byFirst(a, b Range) int { return a.Dates.First.Sub(b.Dates.First) }

// day is what is said about a date at a site, and whether by itself.
func (e *everything) day(site district.SiteID, d worktime.Date) (day Day, own, ok bool) {
	if day, ok = e.days[site][d]; ok {
		return day, true, true
	}
	day, ok = e.days[0][d]
	return day, false, ok
}

// plan is all of it for one site, as working time is computed.
func (e *everything) plan(site district.SiteID, zone string) worktime.Plan {
	p := worktime.Plan{Zone: zone, Days: make(map[worktime.Date][]worktime.Span, len(e.days[0])+len(e.days[site]))}
	p.Week, _, _ = e.week(site)
	for _, r := range e.termsOf(site) {
		p.Terms = append(p.Terms, r.Dates)
	}
	for _, r := range e.seasonsOf(site) {
		p.Seasons = append(p.Seasons, worktime.Season{Dates: r.Dates, Week: r.Week})
	}
	for _, s := range []district.SiteID{0, site} {
		for d, day := range e.days[s] {
			p.Days[d] = day.Hours
		}
	}
	return p
}

// usual is the plan without single days.
func (e *everything) usual(site district.SiteID, zone string) worktime.Plan {
	p := e.plan(site, zone)
	p.Days = nil
	return p
}

// sum names what a plan says, whatever the zone.
func sum(p worktime.Plan) string {
	var b strings.Builder
	fmt.Fprintln(&b, "week", p.Week)
	for _, t := range p.Terms {
		fmt.Fprintln(&b, "term", t)
	}
	for _, s := range p.Seasons {
		fmt.Fprintln(&b, "season", s.Dates, s.Week)
	}
	for _, d := range slices.SortedFunc(maps.Keys(p.Days), compareDates) {
		fmt.Fprintln(&b, "day", d, worktime.FormatSpans(p.Days[d]))
	}
	h := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(h[:16])
}
