package flow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Hours are working hours to count in, in place of those that a source or a
// site has. What is left empty stays as it is there.
type Hours struct {
	Zone   string // a source without a zone keeps floating: its hours are local ones anyway
	Hours  string // "Mon-Fri 08:00-17:00"
	Closed []string
	// NoClosed says that no closures hold, though Closed is empty.
	NoClosed bool
}

// check refuses hours that can't be read, before anything is counted.
func (h Hours) check() error {
	hours := h.Hours
	if hours == "" {
		hours = calendar.DefaultWeek.String()
	}
	if _, err := Count(h.Zone, hours, h.Closed); err != nil {
		return fmt.Errorf("working hours: %w", err)
	}
	return nil
}

func (h Hours) closes() bool { return h.NoClosed || len(h.Closed) > 0 }

// over lays them over a source's.
func (h Hours) over(s hoursOf) hoursOf {
	if h.Zone != "" && s.zone != "" {
		s.zone = h.Zone
	}
	if h.Hours != "" {
		s.hours = h.Hours
	}
	if h.closes() {
		s.closed = strings.Join(h.Closed, ",")
	}
	return s
}

// page is how many tickets are read at once. Tests make it small.
var page = 500

// ticket is one of those that are walked over.
type ticket struct {
	id   desk.TicketID
	key  string // at its old desk, or "R-4821"
	from *source
	rows []Row
	c    Counting

	// Of one that was born here.
	site    district.SiteID
	plan    bool
	where   [2]string // its site's name and short name
	service string
	now     time.Time
	before  map[Promised]Verdict // if asked
}

// pick is what is walked over, and how it is counted.
type pick struct {
	from     []source
	born     bool // what was born here too
	promises bool // and what became of its promises
	Hours
}

// walk calls do with every ticket of the sources, source by source in the order
// in which they came, and then with those that were born here. Nothing is held of those that
// it has passed, and do may take its time: each page is a read of its own.
func (f *Flow) walk(ctx context.Context, p pick, do func(*ticket) error) error {
	for i := range p.from {
		s := &p.from[i]
		c, err := f.counting(p.over(s.hoursOf))
		if err != nil {
			return fmt.Errorf("hours of %s: %w", s.Name, err)
		}
		for at := desk.TicketID(0); ; {
			list, err := f.pastPage(ctx, s, at)
			if err != nil {
				return err
			}
			for _, t := range list {
				at = t.id
				if t.c = c; len(t.rows) == 0 {
					continue
				}
				if err := do(t); err != nil {
					return err
				}
			}
			if len(list) < page {
				break
			}
		}
	}
	if !p.born {
		return nil
	}
	sites := map[district.SiteID]Counting{}
	for at := desk.TicketID(0); ; {
		list, err := f.bornPage(ctx, at, p, sites)
		if err != nil {
			return err
		}
		for _, t := range list {
			at = t.id
			if len(t.rows) == 0 {
				continue
			}
			if err := do(t); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
	}
}

// pastPage is the next tickets of a source behind one.
func (f *Flow) pastPage(ctx context.Context, s *source, behind desk.TicketID) (out []*ticket, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		out, err = db.List(tx, func(r *db.Rows, t **ticket) error {
			*t = &ticket{from: s}
			return r.Scan(&(*t).id, &(*t).key)
		}, `SELECT p.ticket, p.case_key FROM desk_past p JOIN desk_ticket t ON t.id = p.ticket WHERE p.source = $1 AND p.ticket < $2 AND t.private = ''
			ORDER BY p.ticket DESC LIMIT $3 + 0`, s.ID, behind, page)
		if err != nil || len(out) == 0 {
			return err
		}
		rows, err := pastRows(tx, s.ID, out[0].id, out[len(out)-1].id)
		for _, t := range out {
			t.rows = rows[t.id]
		}
		return err
	})
	return out, err
}

// bornPage is the next tickets that were born here.
func (f *Flow) bornPage(ctx context.Context, behind desk.TicketID, p pick, sites map[district.SiteID]Counting) (out []*ticket, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		out, err = db.List(tx, func(r *db.Rows, t **ticket) error {
			*t = &ticket{now: tx.Now()}
			return r.Scan(&(*t).id, &(*t).site, &(*t).plan, &(*t).where[0], &(*t).where[1], &(*t).service)
		}, `SELECT t.id, t.site, t.kind = 'plan', s.name, s.short, coalesce(v.name, '') FROM desk_ticket t JOIN district_site s ON s.id = t.site
			LEFT JOIN district_service v ON v.id = t.service WHERE t.id > $1 AND t.private = '' ORDER BY t.id LIMIT $2 + 0`, behind, page)
		if err != nil || len(out) == 0 {
			return err
		}
		var before map[desk.TicketID]map[Promised]Verdict
		if p.promises {
			if before, err = bornVerdicts(tx, out[0].id, out[len(out)-1].id); err != nil {
				return err
			}
		}
		for _, t := range out {
			t.key, t.before = t.id.String(), before[t.id]
			if t.rows, err = bornRows(tx, t.id); err != nil {
				return err
			}
			c, ok := sites[t.site]
			if !ok {
				if c, err = f.siteCounting(tx, t.site, p.Hours); err != nil {
					return err
				}
				sites[t.site] = c
			}
			t.c = c
		}
		return nil
	})
	return out, err
}

// siteCounting is the working time of a site: its weekly hours, and its
// calendar as it is, or what was asked for in their place.
func (f *Flow) siteCounting(tx *db.Tx, site district.SiteID, h Hours) (Counting, error) {
	cal, err := calendarOf(tx, site)
	if err != nil || cal == nil {
		return Counting{}, err
	}
	var week worktime.Week
	list, err := db.List(tx, func(r *db.Rows, s *string) error { return r.Scan(s) }, `SELECT week FROM district_calendar_hours WHERE site IN (0, $1) ORDER BY site DESC LIMIT 1`, site)
	if err != nil {
		return Counting{}, err
	}
	if week = calendar.DefaultWeek; len(list) > 0 && list[0] != "" {
		if week, err = worktime.ParseHours(list[0]); err != nil {
			return Counting{}, err
		}
	}
	c, err := f.counting(h.over(hoursOf{zone: cal.Zone().String(), hours: week.String()}))
	if err != nil || h.closes() {
		return c, err
	}
	if h.Zone == "" && h.Hours == "" {
		c.Closed = cal
		return c, nil
	}
	return f.counting(h.over(hoursOf{zone: cal.Zone().String(), hours: week.String(), closed: strings.Join(closures(cal, week), ",")}))
}

// closures are the dates on which a site has no hours though its week has some.
func closures(cal *worktime.Calendar, week worktime.Week) (out []string) {
	for d := (worktime.Date{Year: 2000, Month: time.January, Day: 1}); d.Year < 2060; d = d.AddDays(1) {
		if len(week[d.Weekday()]) > 0 && len(cal.HoursOn(d)) == 0 {
			out = append(out, d.String())
		}
	}
	return out
}
