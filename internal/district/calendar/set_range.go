package calendar

import (
	"context"
	"slices"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/worktime"
)

// Kinds of ranges, as the table has them.
const (
	term   = "term"
	season = "season"
)

// SetRange is a term or a season as it shall be.
type SetRange struct {
	ID      RangeID         // 0: a new one
	Version int64           // of the one that was seen
	Site    district.SiteID // of a new one; 0: the whole district
	Name    string
	Dates   worktime.DateRange // both included
	Week    worktime.Week      // of a season alone
}

// SetTerm adds or changes a term. Within terms the usual hours hold, outside of
// them there are none.
func (c *Calendars) SetTerm(ctx context.Context, cmd SetRange) (RangeID, error) {
	cmd.Week = worktime.Week{}
	return c.setRange(ctx, term, cmd)
}

// SetSeason adds or changes a season: a range of dates with other weekly hours,
// in or out of the terms.
func (c *Calendars) SetSeason(ctx context.Context, cmd SetRange) (RangeID, error) {
	return c.setRange(ctx, season, cmd)
}

// DropTerm takes a term away.
func (c *Calendars) DropTerm(ctx context.Context, id RangeID, version int64) error {
	return c.dropRange(ctx, term, id, version)
}

// DropSeason takes a season away.
func (c *Calendars) DropSeason(ctx context.Context, id RangeID, version int64) error {
	return c.dropRange(ctx, season, id, version)
}

// rangeKey is the message about a kind of range.
func rangeKey(kind, what string) string {
	if kind == term {
		return "district.calendar.term." + what
	}
	return "district.calendar.season." + what
}

// of is the lists of a kind of range.
func (e *everything) of(kind string) map[district.SiteID][]Range {
	if kind == term {
		return e.terms
	}
	return e.seasons
}

func (e *everything) find(kind string, id RangeID) (Range, bool) {
	for _, list := range e.of(kind) {
		for _, r := range list {
			if r.ID == id {
				return r, true
			}
		}
	}
	return Range{}, false
}

// put replaces or removes a range in the lists.
func (e *everything) put(kind string, r Range, gone bool) {
	list := slices.DeleteFunc(slices.Clone(e.of(kind)[r.Site]), func(x Range) bool { return x.ID == r.ID })
	if !gone {
		list = append(list, r)
		slices.SortFunc(list, byFirst)
	}
	e.of(kind)[r.Site] = list
}

func (c *Calendars) setRange(ctx context.Context, kind string, cmd SetRange) (id RangeID, err error) {
	if err := authorise(ctx, mayKeep); err != nil {
		return 0, err
	}
	var in errs.Check
	name, week := oneLine(&in, "name", cmd.Name), checkWeek(&in, cmd.Week)
	nearRange(&in, cmd.Dates, c.db.Clock().Now(), rangeKey(kind, "backwards"))
	if kind == season && week.Empty() && in.Err() == nil {
		in.Fail("mon", "district.calendar.hours.none")
	}
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = c.write(ctx, "set "+kind, &id, func(tx *db.Tx) error {
		e, err := load(tx, all)
		if err != nil {
			return err
		}
		r := Range{ID: cmd.ID, Site: cmd.Site, Name: name, Dates: cmd.Dates, Week: week, Version: 1}
		var was Range
		if cmd.ID != 0 {
			var ok bool
			if was, ok = e.find(kind, cmd.ID); !ok {
				return notFound()
			}
			if err := stale(was.Version, cmd.Version); err != nil {
				return err
			}
			r.Site, r.Version = was.Site, was.Version+1
		}
		if _, ok := e.place(r.Site); !ok {
			return notFound()
		}
		for _, x := range e.of(kind)[r.Site] {
			if x.ID != r.ID && !x.Dates.Last.Before(r.Dates.First) && !r.Dates.Last.Before(x.Dates.First) {
				var in errs.Check
				in.Fail("first", rangeKey(kind, "overlap"), "Name", x.Name, "Dates", x.Dates.String())
				return in.Err()
			}
		}
		ch := rangeSaid(r.Site, was, r)
		if len(ch) == 1 {
			id = was.ID
			unchanged(tx)
			return nil
		}
		first, last, hours := r.Dates.First.String(), r.Dates.Last.String(), r.Week.String()
		if cmd.ID == 0 {
			err = tx.QueryRow(`INSERT INTO district_calendar_range (site, kind, name, first, last, week) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
				r.Site, kind, r.Name, first, last, hours).Scan(&r.ID)
		} else {
			_, err = tx.Exec(`UPDATE district_calendar_range SET name = $1, first = $2, last = $3, week = $4, version = version + 1 WHERE id = $5`,
				r.Name, first, last, hours, r.ID)
		}
		if err != nil {
			return err
		}
		id = r.ID
		e.put(kind, r, false)
		ch = append(ch, event.Change{Field: rangeField, To: r.ID})
		return e.finish(tx, "calendar."+kind+"_set", ch, r.Site)
	})
	return id, err
}

func (c *Calendars) dropRange(ctx context.Context, kind string, id RangeID, version int64) error {
	if err := authorise(ctx, mayKeep); err != nil {
		return err
	}
	return c.write(ctx, "drop "+kind, nil, func(tx *db.Tx) error {
		e, err := load(tx, all)
		if err != nil {
			return err
		}
		was, ok := e.find(kind, id)
		if !ok {
			return notFound()
		}
		if err := stale(was.Version, version); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM district_calendar_range WHERE id = $1`, id); err != nil {
			return err
		}
		e.put(kind, was, true)
		ch := append(rangeSaid(was.Site, was, Range{}), event.Change{Field: rangeField, From: was.ID})
		return e.finish(tx, "calendar."+kind+"_dropped", ch, was.Site)
	})
}

// rangeField says which of several it is.
const rangeField = "range"

// rangeSaid is where, and then what differs.
func rangeSaid(site district.SiteID, was, is Range) said {
	ch := said{{Field: "site", To: site}}
	dates := func(r Range) string { return strings.TrimPrefix(r.Dates.String(), worktime.DateRange{}.String()) }
	ch.note("name", was.Name, is.Name)
	ch.note("dates", dates(was), dates(is))
	ch.note("hours", was.Week.String(), is.Week.String())
	return ch
}
