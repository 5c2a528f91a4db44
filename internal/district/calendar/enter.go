package calendar

import (
	"context"
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// Entry is what a person writes down: what happens on some days in a row.
type Entry struct {
	First, Last worktime.Date // both included; without Last, First alone
	Clear       bool          // nothing differs there any more
	Day         Day           // unless Clear
}

// Enter is a set of entries for places.
type Enter struct {
	// Sites are the places; none of them are all places, whatever each of them
	// said for itself on those dates. Site 0 among them is what the district
	// says, which a site's own day outweighs.
	Sites   []district.SiteID
	Entries []Entry
}

// maxEntryDays is how many days in a row one entry may have.
const maxEntryDays = 400

// Plan turns entries into changes of days. Days on which a place would be closed
// anyway, such as the weekend in a week of vacation, are left out.
func (c *Calendars) Plan(ctx context.Context, in Enter) (cmd SetDays, err error) {
	if err := authorise(ctx, mayLook); err != nil {
		return cmd, err
	}
	if in, err = in.check(c.db); err != nil {
		return cmd, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		e, err := load(tx, all)
		if err != nil {
			return err
		}
		cmd, err = e.enter(in)
		return err
	})
	return cmd, err
}

func (in Enter) check(d *db.DB) (Enter, error) {
	var bad errs.Check
	now := d.Clock().Now()
	if len(in.Entries) == 0 {
		bad.Fail("days", "field.required")
	}
	entries := make([]Entry, 0, len(in.Entries))
	for _, x := range in.Entries {
		if x.Last == (worktime.Date{}) {
			x.Last = x.First
		}
		nearRange(&bad, worktime.DateRange{First: x.First, Last: x.Last}, now, "district.calendar.days.backwards")
		if bad.Err() == nil && x.Last.Sub(x.First) >= maxEntryDays {
			bad.Fail("last", "district.calendar.days.long", "Max", maxEntryDays)
		}
		if !x.Clear {
			x.Day = x.Day.check(&bad)
		}
		if bad.Err() != nil {
			break // one sentence, not one an entry
		}
		entries = append(entries, x)
	}
	in.Entries = entries
	return in, bad.Err()
}

// enter makes the changes of entries that were checked.
func (e *everything) enter(in Enter) (SetDays, error) {
	var cmd SetDays
	targets := slices.Clone(in.Sites)
	if len(targets) == 0 {
		targets = []district.SiteID{0}
	}
	works, err := e.workdays(targets)
	if err != nil {
		return cmd, err
	}
	add := func(ch DayChange) error {
		if cmd.Changes = append(cmd.Changes, ch); len(cmd.Changes) > maxChanges {
			var bad errs.Check
			bad.Fail("days", "district.calendar.days.many", "Max", maxChanges)
			return bad.Err()
		}
		return nil
	}
	for _, x := range in.Entries {
		for d := x.First; !x.Last.Before(d); d = d.AddDays(1) {
			for _, s := range targets {
				_, has := e.days[s][d]
				if x.Clear && !has || !x.Clear && x.Day.Kind == Closed && !has && !works(s, d) {
					continue
				}
				if err := add(DayChange{Site: s, Date: d, Clear: x.Clear, Day: x.Day}); err != nil {
					return cmd, err
				}
			}
			if len(in.Sites) > 0 {
				continue
			}
			for _, p := range e.places {
				if _, has := e.days[p.ID][d]; has && p.ID != 0 {
					if err := add(DayChange{Site: p.ID, Date: d, Clear: true}); err != nil {
						return cmd, err
					}
				}
			}
		}
	}
	return cmd, nil
}

// workdays answers whether anybody at a place would work on a date, single days
// aside. At the district that is any open site.
func (e *everything) workdays(targets []district.SiteID) (func(district.SiteID, worktime.Date) bool, error) {
	cals := map[district.SiteID]*worktime.Calendar{}
	for _, p := range e.places {
		if !slices.Contains(targets, 0) && !slices.Contains(targets, p.ID) {
			continue
		}
		if !p.Active && !slices.Contains(targets, p.ID) {
			continue
		}
		c, err := compile(e.usual(p.ID, p.Zone), p)
		if err != nil {
			return nil, err
		}
		cals[p.ID] = c
	}
	for _, s := range targets {
		if cals[s] == nil {
			return nil, notFound()
		}
	}
	return func(s district.SiteID, d worktime.Date) bool {
		if s != 0 {
			return len(cals[s].HoursOn(d)) > 0
		}
		for _, c := range cals {
			if len(c.HoursOn(d)) > 0 {
				return true
			}
		}
		return false
	}, nil
}
