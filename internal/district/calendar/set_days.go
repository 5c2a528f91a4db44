package calendar

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/worktime"
)

// maxChanges bounds one set of days: a school year at each of a district's
// schools fits.
const maxChanges = 20_000

// DayChange says what holds at a place on a date from now on.
type DayChange struct {
	Site  district.SiteID // 0: the whole district
	Date  worktime.Date
	Clear bool // nothing differs there any more
	Day   Day  // unless Clear
}

// SetDays changes single days, all of them or none.
type SetDays struct {
	Changes []DayChange
	// Back is the event that this takes back, 0 if none.
	Back int64
}

// daySaid is a day as an event has it.
type daySaid struct {
	Kind  Kind   `json:"kind"`
	Hours string `json:"hours,omitempty"`
	Name  string `json:"name"`
}

func (d Day) said() any { return daySaid{d.Kind, worktime.FormatSpans(d.Hours), d.Name} }

// SetDays changes days and returns the event that tells of it, which TakeBack
// can take back; 0 if nothing had to change.
func (c *Calendars) SetDays(ctx context.Context, cmd SetDays) (eventID int64, err error) {
	if err := authorise(ctx, mayKeep); err != nil {
		return 0, err
	}
	if cmd, err = cmd.check(c.db.Clock().Now()); err != nil {
		return 0, err
	}
	err = c.write(ctx, "set days", &eventID, func(tx *db.Tx) (err error) {
		eventID, err = setDays(tx, cmd)
		return err
	})
	return eventID, err
}

// check brings the changes into shape and refuses those that contradict each
// other.
func (cmd SetDays) check(now time.Time) (SetDays, error) {
	var in errs.Check
	switch {
	case len(cmd.Changes) == 0:
		in.Fail("days", "field.required")
		return cmd, in.Err()
	case len(cmd.Changes) > maxChanges:
		in.Fail("days", "district.calendar.days.many", "Max", maxChanges)
		return cmd, in.Err()
	}
	out := SetDays{Back: cmd.Back, Changes: make([]DayChange, 0, len(cmd.Changes))}
	type spot struct {
		site district.SiteID
		date worktime.Date
	}
	seen := make(map[spot]DayChange, len(cmd.Changes))
	for _, ch := range cmd.Changes {
		if !near(&in, "first", ch.Date, now) {
			break
		}
		if ch.Clear {
			ch.Day = Day{}
		} else {
			ch.Day = ch.Day.check(&in)
		}
		at := spot{ch.Site, ch.Date}
		if was, twice := seen[at]; twice {
			if was.Clear != ch.Clear || !was.Day.Equal(ch.Day) {
				in.Fail("days", "district.calendar.days.contradict", "Date", ch.Date.String(), "One", was.Day.Name, "Two", ch.Day.Name)
				break
			}
			continue
		}
		seen[at] = ch
		out.Changes = append(out.Changes, ch)
		if in.Err() != nil {
			break // one sentence, not one a day
		}
	}
	slices.SortFunc(out.Changes, func(a, b DayChange) int {
		if d := compareDates(a.Date, b.Date); d != 0 {
			return d
		}
		return int(a.Site - b.Site)
	})
	return out, in.Err()
}

func (d Day) check(in *errs.Check) Day {
	d.Name = oneLine(in, "name", d.Name)
	d.Hours = checkSpans(in, "hours", d.Hours)
	switch {
	case !slices.Contains(Kinds, d.Kind):
		in.Fail("kind", "field.unknown_choice")
	case d.Kind == Closed && len(d.Hours) > 0:
		in.Fail("hours", "district.calendar.days.closed_hours")
	case d.Kind != Closed && len(d.Hours) == 0 && in.Err() == nil:
		in.Fail("hours", "district.calendar.days.no_hours")
	}
	return d
}

// apply changes what is known and returns the changes that make a difference.
func (e *everything) apply(cmd SetDays) (real []DayChange, ch said, err error) {
	for _, x := range cmd.Changes {
		if _, ok := e.place(x.Site); !ok {
			return nil, nil, notFound()
		}
		was, had := e.days[x.Site][x.Date]
		if x.Clear && !had || !x.Clear && had && was.Equal(x.Day) {
			continue
		}
		c := event.Change{Field: spotField(x.Site, x.Date)}
		if had {
			c.From = was.said()
		}
		if x.Clear {
			delete(e.days[x.Site], x.Date)
		} else {
			c.To = x.Day.said()
			if e.days[x.Site] == nil {
				e.days[x.Site] = map[worktime.Date]Day{}
			}
			e.days[x.Site][x.Date] = x.Day
		}
		real, ch = append(real, x), append(ch, c)
	}
	return real, ch, nil
}

// spotField names a date at a place in an event: "3/2026-11-26".
func spotField(site district.SiteID, d worktime.Date) string {
	return strconv.FormatInt(int64(site), 10) + "/" + d.String()
}

func parseSpot(field string) (site district.SiteID, d worktime.Date, ok bool) {
	a, b, ok := strings.Cut(field, "/")
	n, err := strconv.ParseInt(a, 10, 64)
	d, err2 := worktime.ParseDate(b)
	return district.SiteID(n), d, ok && err == nil && err2 == nil
}

// backField names, in the event of a change that takes back another, that one.
const backField = "takes_back"

func setDays(tx *db.Tx, cmd SetDays) (eventID int64, err error) {
	e, err := load(tx, all)
	if err != nil {
		return 0, err
	}
	real, ch, err := e.apply(cmd)
	if err != nil {
		return 0, err
	}
	if len(real) == 0 {
		unchanged(tx)
		return 0, nil
	}
	var sites []district.SiteID
	for _, x := range real {
		if !slices.Contains(sites, x.Site) {
			sites = append(sites, x.Site)
		}
		if x.Clear {
			_, err = tx.Exec(`DELETE FROM district_calendar_day WHERE site = $1 AND date = $2`, x.Site, x.Date.String())
		} else {
			_, err = tx.Exec(`INSERT INTO district_calendar_day (site, date, kind, hours, name) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (site, date) DO UPDATE SET kind = excluded.kind, hours = excluded.hours, name = excluded.name`,
				x.Site, x.Date.String(), x.Day.Kind, worktime.FormatSpans(x.Day.Hours), x.Day.Name)
		}
		if err != nil {
			return 0, err
		}
	}
	if cmd.Back != 0 {
		ch = append(ch, event.Change{Field: backField, To: cmd.Back})
	}
	if err := e.finish(tx, DaysSet, ch, sites...); err != nil {
		return 0, err
	}
	return lastEvent(tx)
}

// lastEvent is the one that this transaction has just told.
func lastEvent(tx *db.Tx) (int64, error) {
	list, err := event.Of(tx, About)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[len(list)-1].ID, nil
}

// TakenBack says what became of taking back.
type TakenBack struct {
	Event  int64 // that tells of it
	Undone int   // days that are again as they were before
	Kept   int   // days that somebody has changed since: they stay as they are now
}

// TakeBack takes back a change of days. A day that was changed again since then
// stays; if all were, the error is Conflict.
func (c *Calendars) TakeBack(ctx context.Context, eventID int64) (out TakenBack, err error) {
	if err := authorise(ctx, mayKeep); err != nil {
		return out, err
	}
	err = c.write(ctx, "take back days", &out, func(tx *db.Tx) error {
		cmd, kept, err := backward(tx, eventID)
		if err != nil {
			return err
		}
		if len(cmd.Changes) == 0 {
			return errs.E(errs.Conflict, "district.calendar.back.none")
		}
		out = TakenBack{Undone: len(cmd.Changes), Kept: kept}
		out.Event, err = setDays(tx, cmd)
		return err
	})
	return out, err
}

// backward is the change that takes back an event, less the days that somebody
// has changed since.
func backward(tx *db.Tx, eventID int64) (cmd SetDays, kept int, err error) {
	list, err := event.Of(tx, About)
	if err != nil {
		return cmd, 0, err
	}
	at := slices.IndexFunc(list, func(e event.Event) bool { return e.ID == eventID && e.Kind == DaysSet })
	if at < 0 {
		return cmd, 0, notFound()
	}
	now, err := load(tx, all)
	if err != nil {
		return cmd, 0, err
	}
	cmd.Back = eventID
	for _, ch := range list[at].Changes {
		site, date, ok := parseSpot(ch.Field)
		if !ok {
			continue
		}
		from, hadFrom, err := readSaid(ch.From)
		if err != nil {
			return cmd, 0, err
		}
		to, hadTo, err := readSaid(ch.To)
		if err != nil {
			return cmd, 0, err
		}
		is, has := now.days[site][date]
		if has != hadTo || has && !is.Equal(to) {
			kept++
			continue
		}
		cmd.Changes = append(cmd.Changes, DayChange{Site: site, Date: date, Clear: !hadFrom, Day: from})
	}
	return cmd, kept, nil
}

// readSaid is a day as an event has it.
func readSaid(v any) (d Day, had bool, err error) {
	if v == nil {
		return d, false, nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return d, false, err
	}
	var s daySaid
	if err := json.Unmarshal(raw, &s); err != nil {
		return d, false, fmt.Errorf("read a day of an event: %w", err)
	}
	d = Day{Kind: s.Kind, Name: s.Name}
	if s.Hours != "" {
		if d.Hours, err = worktime.ParseSpans(s.Hours); err != nil {
			return d, false, fmt.Errorf("read a day of an event: %w", err)
		}
	}
	return d, true, nil
}
