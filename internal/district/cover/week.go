package cover

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/worktime"
)

// Hours are when somebody gives support. Without a Week it is in the hours of
// their site.
type Hours struct {
	Person  district.PersonID
	Week    string // "Mon-Fri 10:10-10:55"
	First   string // first and last day of the contract, "2026-08-10"; "" is no bound
	Last    string
	Version int64 // 0: none of their own
}

// ownWeek is Hours as they are computed with.
type ownWeek struct {
	week        worktime.Week
	first, last worktime.Date // the zero Date is no bound
	version     int64
}

// on is a day's spans by the person's own hours.
func (w ownWeek) on(d worktime.Date) []worktime.Span {
	var none worktime.Date
	if w.first != none && d.Before(w.first) || w.last != none && w.last.Before(d) {
		return nil
	}
	return w.week[d.Weekday()]
}

// readWeek turns what is stored or sent into hours. An error is about one of
// week, first and last.
func readWeek(h Hours) (w ownWeek, field string, err error) {
	if w.week, err = worktime.ParseHours(h.Week); err != nil {
		return w, "week", err
	}
	if h.First != "" {
		if w.first, err = worktime.ParseDate(h.First); err != nil {
			return w, "first", err
		}
	}
	if h.Last != "" {
		if w.last, err = worktime.ParseDate(h.Last); err != nil {
			return w, "last", err
		}
	}
	w.version = h.Version
	return w, "", nil
}

func loadWeeks(tx *db.Tx) (map[district.PersonID]ownWeek, error) {
	list, err := db.List(tx, scanHours, `SELECT person, week, first, last, version FROM district_person_week ORDER BY person`)
	if err != nil {
		return nil, err
	}
	out := make(map[district.PersonID]ownWeek, len(list))
	for _, h := range list {
		w, _, err := readWeek(h)
		if err != nil {
			return nil, fmt.Errorf("hours of person %d: %w", h.Person, err)
		}
		out[h.Person] = w
	}
	return out, nil
}

func scanHours(r *db.Rows, h *Hours) error {
	return r.Scan(&h.Person, &h.Week, &h.First, &h.Last, &h.Version)
}

func hoursByPerson(tx *db.Tx, p district.PersonID) (Hours, error) {
	list, err := db.List(tx, scanHours, `SELECT person, week, first, last, version FROM district_person_week WHERE person = $1`, p)
	if err != nil || len(list) == 0 {
		return Hours{Person: p}, err
	}
	return list[0], nil
}

// Hours are a person's own hours: their own, and for who may act for them.
func (c *Cover) Hours(ctx context.Context, p district.PersonID) (h Hours, err error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return h, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if ok, err := mayActFor(tx, a, p); err != nil {
			return err
		} else if !ok {
			return notFound()
		}
		if _, err := homeOf(tx, p); err != nil {
			return err
		}
		h, err = hoursByPerson(tx, p)
		return err
	})
	return h, err
}

// SetHours sets when a person gives support; an empty week means in the hours
// of their site. It returns the new version, 0 if they have none of their own.
func (c *Cover) SetHours(ctx context.Context, h Hours) (version int64, err error) {
	a, err := authorise(ctx, mayOwn)
	if err != nil {
		return 0, err
	}
	var in errs.Check
	var w ownWeek
	if h.Week == "" {
		h.First, h.Last = "", ""
	} else {
		var field string
		if w, field, err = readWeek(h); err != nil {
			failHours(&in, field, err)
		} else if h.First != "" && h.Last != "" && w.last.Before(w.first) {
			in.Fail("last", "cover.hours.backward")
		}
		h.Week = w.week.String()
	}
	err = c.write(ctx, "set hours", &version, func(tx *db.Tx) error {
		if ok, err := mayActFor(tx, a, h.Person); err != nil {
			return err
		} else if !ok {
			return notFound()
		}
		if err := in.Err(); err != nil {
			return err
		}
		if _, err := homeOf(tx, h.Person); err != nil {
			return err
		}
		was, err := hoursByPerson(tx, h.Person)
		if err != nil {
			return err
		}
		if was.Version != h.Version {
			return errs.E(errs.Precondition, "error.stale")
		}
		var ch []event.Change
		note(&ch, "week", was.Week, h.Week)
		note(&ch, "first", was.First, h.First)
		note(&ch, "last", was.Last, h.Last)
		if version = was.Version; len(ch) == 0 {
			tx.Unlogged("nothing to change")
			return nil
		}
		if version++; h.Week == "" {
			version = 0
			if _, err := tx.Exec(`DELETE FROM district_person_week WHERE person = $1`, h.Person); err != nil {
				return err
			}
		} else if _, err := tx.Exec(`INSERT INTO district_person_week (person, week, first, last, version) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person) DO UPDATE SET week = $2, first = $3, last = $4, version = $5`, h.Person, h.Week, h.First, h.Last, version); err != nil {
			return err
		}
		return emit(tx, "person.hours", "person", int64(h.Person), h.Person, ch)
	})
	return version, err
}

// failHours says in the reader's language what is wrong with hours as text.
func failHours(in *errs.Check, field string, err error) {
	var p *worktime.Problem
	if !errors.As(err, &p) {
		in.Fail(field, "field.invalid")
		return
	}
	switch p.Code {
	case worktime.BadDay:
		in.Fail(field, "cover.hours.bad_day", "Part", p.Part)
	case worktime.BadTime:
		in.Fail(field, "cover.hours.bad_time", "Part", p.Part)
	case worktime.OverMidnight:
		in.Fail(field, "cover.hours.over_midnight", "Part", p.Part)
	case worktime.Overlap:
		in.Fail(field, "cover.hours.overlap", "Part", p.Part)
	case worktime.BadDate:
		in.Fail(field, "field.bad_date")
	default:
		in.Fail(field, "cover.hours.bad_part")
	}
}

// home is what hours depend on besides a person's own: where they work.
type home struct {
	site   district.SiteID
	zone   string
	name   string
	active bool
}

func homeOf(tx *db.Tx, p district.PersonID) (h home, err error) {
	err = tx.QueryRow(`SELECT p.name, p.active, s.id, COALESCE(s.zone, f.zone, 'UTC') FROM district_person p
		LEFT JOIN district_site s ON s.id = p.site AND s.active LEFT JOIN district_profile f ON f.one = 1 WHERE p.id = $1`, p).
		Scan(&h.name, &h.active, db.OrZero(&h.site), &h.zone)
	if db.IsNoRows(err) || err == nil && !h.active {
		return h, notFound()
	}
	return h, err
}

// How far from the present a person's own hours know of closures and half
// days; beyond, they are the plain week.
const (
	hoursBack  = 400
	hoursAhead = 800
)

// HoursOf is when a person gives support: in their own hours while their site
// is open, without own hours whenever it is open. A contract that is over, or
// hours in which the site is never open, leave a calendar without hours: the
// error is then a *worktime.Problem.
func (c *Cover) HoursOf(tx *db.Tx, p district.PersonID) (*worktime.Calendar, error) {
	h, err := homeOf(tx, p)
	if err != nil {
		return nil, err
	}
	site, rev, err := c.calendar(tx, h.site)
	if err != nil {
		return nil, err
	}
	own, err := hoursByPerson(tx, p)
	if err != nil {
		return nil, err
	}
	if own.Version == 0 {
		return site, nil
	}
	loc, err := location(h.zone)
	if err != nil {
		return nil, err
	}
	today := worktime.DateOf(tx.Now().In(loc))
	// The first of the month stands for all of it, so that a kept calendar
	// lasts.
	today.Day = 1
	k := hoursKey{p, own.Week, own.First, own.Last, h.site, rev, today}
	if cal := c.hours.get(k); cal != nil {
		return cal, nil
	}
	w, _, err := readWeek(own)
	if err != nil {
		return nil, err
	}
	plan := worktime.Plan{Zone: h.zone, Week: w.week, Days: map[worktime.Date][]worktime.Span{}}
	if own.First != "" || own.Last != "" {
		term := worktime.DateRange{First: worktime.First, Last: worktime.Last}
		if own.First != "" {
			term.First = w.first
		}
		if own.Last != "" {
			term.Last = w.last
		}
		plan.Terms = []worktime.DateRange{term}
	}
	for i := -hoursBack; i <= hoursAhead; i++ {
		d := today.AddDays(i)
		mine := w.on(d)
		if len(mine) == 0 {
			continue
		}
		if both := overlap(mine, site.HoursOn(d)); worktime.FormatSpans(both) != worktime.FormatSpans(mine) {
			plan.Days[d] = both
		}
	}
	cal, err := worktime.New(plan)
	if err != nil {
		return nil, fmt.Errorf("hours of person %d: %w", p, err)
	}
	c.hours.put(k, cal)
	return cal, nil
}

// overlap is what two lists of spans of one day share.
func overlap(a, b []worktime.Span) (out []worktime.Span) {
	for _, x := range a {
		for _, y := range b {
			if from, to := max(x.From, y.From), min(x.To, y.To); from < to {
				out = append(out, worktime.Span{From: from, To: to})
			}
		}
	}
	return out
}

// hoursKey is everything that a person's compiled hours come from.
type hoursKey struct {
	person            district.PersonID
	week, first, last string
	site              district.SiteID
	revision          int64
	month             worktime.Date
}

// hoursCache keeps compiled hours; a key that nothing asks for any more is
// dropped with all the others when it is full.
type hoursCache struct {
	mu sync.Mutex
	m  map[hoursKey]*worktime.Calendar
}

const maxHours = 500

func (c *hoursCache) get(k hoursKey) *worktime.Calendar {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[k]
}

func (c *hoursCache) put(k hoursKey, cal *worktime.Calendar) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil || len(c.m) >= maxHours {
		c.m = map[hoursKey]*worktime.Calendar{}
	}
	c.m[k] = cal
}

var locations sync.Map // name to *time.Location: reading one costs more than all else here

func location(name string) (*time.Location, error) {
	if l, ok := locations.Load(name); ok {
		return l.(*time.Location), nil
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", name, err)
	}
	locations.Store(name, l)
	return l, nil
}
