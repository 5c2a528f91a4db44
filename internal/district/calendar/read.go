package calendar

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/worktime"
)

// Said is what was said about one place, and whose it is.
type Said struct {
	Place   Place
	Hours   Hours         // its own; Version 0 if it has none
	Week    worktime.Week // that hold there
	Default bool          // neither it nor the district said any
	Terms   []Range       // that hold there: its own if the first is its own
	Seasons []Range       // its own and the district's, as they were entered
	Today   worktime.Date // there
}

// OwnHours reports whether the hours are the place's own.
func (s Said) OwnHours() bool { return s.Hours.Version > 0 }

// Places are the district as site 0 and every open site, by name.
func (c *Calendars) Places(ctx context.Context) ([]Place, error) {
	if err := authorise(ctx, mayRead); err != nil {
		return nil, err
	}
	var out []Place
	err := c.db.Read(ctx, func(tx *db.Tx) error {
		e := &everything{}
		if err := e.loadPlaces(tx, all); err != nil {
			return err
		}
		out = slices.DeleteFunc(e.places, func(p Place) bool { return !p.Active })
		return nil
	})
	return out, err
}

// Said is what was said about a place; site 0 is the district.
func (c *Calendars) Said(ctx context.Context, site district.SiteID) (out Said, err error) {
	if err := authorise(ctx, mayRead); err != nil {
		return out, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		e, err := load(tx, site)
		if err != nil {
			return err
		}
		out.Place, _ = e.place(site)
		out.Hours = e.hours[site]
		out.Week, _, out.Default = e.week(site)
		out.Terms = e.termsOf(site)
		out.Seasons = slices.Clone(e.seasons[site])
		if site != 0 {
			out.Seasons = append(out.Seasons, e.seasons[0]...)
		}
		out.Today = today(tx.Now(), out.Place.Zone)
		return nil
	})
	return out, err
}

// today is the date that a clock in the zone shows.
func today(now time.Time, zone string) worktime.Date {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return worktime.DateOf(now.In(loc))
}

// Reasons why a date has the hours that it has.
const (
	Usual     = "usual"        // the weekly hours; none: not a working day of the week
	Season    = "season"       // those of a season
	NoTerm    = "outside_term" // between the terms
	DayItself = "day"          // the date's own
)

// DateHours is one date at a place.
type DateHours struct {
	Date   worktime.Date
	Hours  []worktime.Span // none: closed
	Reason string
	Name   string // of the day or the season
	Day    *Day   // with DayItself
	Own    bool   // with DayItself: the place's own, not the district's
}

// maxDates bounds what Dates answers at once.
const maxDates = 800

// Dates are the dates of a range at a place, at most some two years of them.
func (c *Calendars) Dates(ctx context.Context, site district.SiteID, r worktime.DateRange) (out []DateHours, err error) {
	if err := authorise(ctx, mayRead); err != nil {
		return nil, err
	}
	var in errs.Check
	nearRange(&in, r, c.db.Clock().Now(), "district.calendar.days.backwards")
	if in.Err() == nil && r.Last.Sub(r.First) >= maxDates {
		in.Fail("last", "district.calendar.days.long", "Max", maxDates)
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		e, err := load(tx, site)
		if err != nil {
			return err
		}
		cal, _, err := Of(tx, site)
		if err != nil {
			return err
		}
		out = make([]DateHours, 0, r.Last.Sub(r.First)+1)
		for d := r.First; !r.Last.Before(d); d = d.AddDays(1) {
			out = append(out, e.why(cal, site, d))
		}
		return nil
	})
	return out, err
}

func (e *everything) why(cal *worktime.Calendar, site district.SiteID, d worktime.Date) DateHours {
	x := DateHours{Date: d, Hours: cal.HoursOn(d), Reason: Usual}
	in := func(list []Range) int {
		return slices.IndexFunc(list, func(r Range) bool { return r.Dates.Contains(d) })
	}
	if day, own, ok := e.day(site, d); ok {
		x.Reason, x.Name, x.Day, x.Own = DayItself, day.Name, &day, own
	} else if list := e.seasonsOf(site); in(list) >= 0 {
		x.Reason, x.Name = Season, list[in(list)].Name
	} else if list := e.termsOf(site); len(list) > 0 && in(list) < 0 {
		x.Reason = NoTerm
	}
	return x
}

// Single is a run of dates on which the same is said.
type Single struct {
	Site  district.SiteID // whose it is; 0: the district's
	Dates worktime.DateRange
	Day   Day
}

// Singles are the single days at a place from a date on, its own and the
// district's, in order. Dates that follow each other with nothing but a weekend
// between them and say the same are one line.
func (c *Calendars) Singles(ctx context.Context, site district.SiteID, from worktime.Date) (out []Single, err error) {
	if err := authorise(ctx, mayRead); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		e, err := load(tx, site)
		if err != nil {
			return err
		}
		whose := []district.SiteID{0}
		if site != 0 {
			whose = append(whose, site)
		}
		for _, s := range whose {
			var dates []worktime.Date
			for d := range e.days[s] {
				if !d.Before(from) {
					dates = append(dates, d)
				}
			}
			slices.SortFunc(dates, compareDates)
			for i, d := range dates {
				if k := len(out) - 1; i > 0 && out[k].Day.Equal(e.days[s][d]) && onlyWeekend(out[k].Dates.Last, d) {
					out[k].Dates.Last = d
					continue
				}
				out = append(out, Single{s, worktime.DateRange{First: d, Last: d}, e.days[s][d]})
			}
		}
		slices.SortStableFunc(out, func(a, b Single) int { return compareDates(a.Dates.First, b.Dates.First) })
		return nil
	})
	return out, err
}

// onlyWeekend reports that no weekday lies between two dates.
func onlyWeekend(a, b worktime.Date) bool {
	for d := a.AddDays(1); d.Before(b); d = d.AddDays(1) {
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			return false
		}
	}
	return true
}

// Past is a change that was made.
type Past struct {
	Event int64
	At    time.Time
	Actor district.PersonID // 0: Trellis itself
	Name  string            // of who did it
	Kind  string            // of the event
	Title string            // of the term, season or first day
	Site  district.SiteID   // where; of days 0 if at several places
	Days  int               // with DaysSet, how many
	Dates worktime.DateRange
	Back  int64 // the event that it took back
	// CanBack says that it can be taken back: it changed days, and nobody has
	// taken it back.
	CanBack bool
}

// Past are the newest changes of calendars, newest first.
func (c *Calendars) Past(ctx context.Context, limit int) (out []Past, err error) {
	if err := authorise(ctx, mayLook); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		list, err := event.Of(tx, About)
		if err != nil {
			return err
		}
		taken := map[int64]bool{}
		for _, e := range slices.Backward(list) {
			if len(out) == limit {
				break
			}
			p := pastOf(e)
			taken[p.Back] = true
			p.CanBack = e.Kind == DaysSet && !taken[e.ID]
			if p.Actor != 0 {
				err := tx.QueryRow(`SELECT name FROM district_person WHERE id = $1`, p.Actor).Scan(&p.Name)
				if err != nil && !db.IsNoRows(err) {
					return err
				}
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// pastOf reads what an event says.
func pastOf(e event.Event) Past {
	p := Past{Event: e.ID, At: e.At, Actor: district.PersonID(e.Actor), Kind: e.Kind, Site: -1}
	for _, ch := range e.Changes {
		number, _ := ch.To.(float64)
		switch ch.Field {
		case "site":
			p.Site = district.SiteID(number)
		case backField:
			p.Back = int64(number)
		case "name":
			if p.Title, _ = ch.To.(string); p.Title == "" {
				p.Title, _ = ch.From.(string)
			}
		}
		site, date, ok := parseSpot(ch.Field)
		if !ok {
			continue
		}
		if p.Days++; p.Days == 1 {
			p.Site, p.Dates = site, worktime.DateRange{First: date, Last: date}
		}
		if site != p.Site {
			p.Site = 0
		}
		if date.Before(p.Dates.First) {
			p.Dates.First = date
		}
		if p.Dates.Last.Before(date) {
			p.Dates.Last = date
		}
		for _, v := range []any{ch.To, ch.From} {
			if d, had, err := readSaid(v); err == nil && had && p.Title == "" {
				p.Title = d.Name
			}
		}
	}
	p.Site = max(p.Site, 0)
	return p
}
