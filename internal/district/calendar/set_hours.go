package calendar

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/worktime"
)

// SetHours says what a week usually looks like.
type SetHours struct {
	Site    district.SiteID // 0: the whole district
	Version int64           // of the hours that were seen, 0 if there were none of its own
	Week    worktime.Week
	Drop    bool // a site goes by the district's hours again, the district by the default
}

// SetHours changes the usual hours of a place and returns their new version, 0
// if there are none of its own now.
func (c *Calendars) SetHours(ctx context.Context, cmd SetHours) (version int64, err error) {
	if err := authorise(ctx, mayKeep); err != nil {
		return 0, err
	}
	var in errs.Check
	week := checkWeek(&in, cmd.Week)
	if err := in.Err(); err != nil {
		return 0, err
	}
	if week.Empty() && !cmd.Drop {
		in.Fail("mon", "district.calendar.hours.none")
		return 0, in.Err()
	}
	err = c.write(ctx, "set hours", &version, func(tx *db.Tx) error {
		e, err := load(tx, all)
		if err != nil {
			return err
		}
		if _, ok := e.place(cmd.Site); !ok {
			return notFound()
		}
		was := e.hours[cmd.Site]
		if err := stale(was.Version, cmd.Version); err != nil {
			return err
		}
		if cmd.Drop {
			week, version = worktime.Week{}, 0
		} else {
			version = was.Version + 1
		}
		if was.Week.String() == week.String() {
			version = was.Version
			unchanged(tx)
			return nil
		}
		if cmd.Drop {
			_, err = tx.Exec(`DELETE FROM district_calendar_hours WHERE site = $1`, cmd.Site)
			delete(e.hours, cmd.Site)
		} else {
			_, err = tx.Exec(`INSERT INTO district_calendar_hours (site, week, version) VALUES ($1, $2, $3)
				ON CONFLICT (site) DO UPDATE SET week = excluded.week, version = excluded.version`, cmd.Site, week.String(), version)
			e.hours[cmd.Site] = Hours{week, version}
		}
		if err != nil {
			return err
		}
		ch := said{{Field: "site", To: cmd.Site}}
		ch.note("hours", was.Week.String(), week.String())
		return e.finish(tx, HoursSet, ch, cmd.Site)
	})
	return version, err
}

// finish checks what would hold now at the places that a change touches, gives
// them their revision, and tells of it.
func (e *everything) finish(tx *db.Tx, kind string, ch said, sites ...district.SiteID) error {
	touched := e.touched(sites...)
	if err := e.verify(touched, tx.Now()); err != nil {
		return err
	}
	if err := raise(tx, e, touched); err != nil {
		return err
	}
	return event.Emit(tx, event.Event{Kind: kind, Subject: About, Changes: ch})
}
