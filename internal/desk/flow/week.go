package flow

import (
	"context"
	"slices"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// Overlooker reads what the actor may know of a place, or with site 0 of all;
// *desk.Desk is one.
type Overlooker interface {
	Overlook(ctx context.Context, site district.SiteID, fn func(tx *db.Tx, where string, args []any, opens bool) error) error
}

// History is how many school weeks back a week is held against.
const History = 12

// Weeks are the requests of one week and of the school weeks before it, as far
// as they had come by the same hour of the week: a Tuesday is held against
// Tuesdays.
type Weeks struct {
	Opens bool // the reader works on all that is counted, and may open it

	Now     time.Time
	Zone    *time.Location // the district's, in which its weeks begin
	Monday  worktime.Date  // of the week
	Running bool           // it is not over
	Before  worktime.Date  // Monday of the school week before, zero for none
	After   worktime.Date  // Monday of the next one, zero if it is still to come
	Spans   []Stretch      // the week itself, then the school weeks before it, newest first

	Asked    []Asked
	Open     map[district.SiteID]Undone
	All      bool            // Sites are all places, not those alone at which the reader helps
	Sites    []district.Site // by name: open ones, and closed ones that asked this week; one, if the question was about one
	Services []Relied        // all that are named in Asked, and every open one
	People   map[district.SiteID]int64
}

// Stretch is a part of time, From included.
type Stretch struct{ From, Until time.Time }

// Asked is one request, as far as a week counts it.
type Asked struct {
	Span    int // which of Weeks.Spans it began in
	Site    district.SiteID
	Service district.ServiceID // 0: none was named
	Impact  desk.Impact
	At      time.Time
	Who     district.PersonID // for whom
	Kept    Verdict           // Kept, Missed or Unknown
	Solved  bool              // or closed
}

// Undone is what is to be done at a place now.
type Undone struct {
	Todo, Waiting, Late int64 // Late: of Todo, a promise is past its time
	People              int64 // for whom they are
}

// Relied is a service or duty.
type Relied struct {
	ID     district.ServiceID
	Name   string
	Duty   bool
	Active bool
}

// WeekReports counts weeks. It is safe for concurrent use.
type WeekReports struct{ desk Overlooker }

// NewWeeks makes reports of what a desk lets its readers know.
func NewWeeks(d Overlooker) *WeekReports { return &WeekReports{d} }

// Week is the week around a day, at a place or with site 0 everywhere. The zero
// Date is this week, or as long as none of its school days has begun the one
// before; a day still to come is the same. Requests that began elsewhere and
// private ones are not counted.
func (r *WeekReports) Week(ctx context.Context, site district.SiteID, day worktime.Date) (out Weeks, err error) {
	err = r.desk.Overlook(ctx, site, func(tx *db.Tx, where string, args []any, opens bool) error {
		out = Weeks{Opens: opens, Now: tx.Now(), Open: map[district.SiteID]Undone{}}
		a := policy.ActorFrom(ctx)
		out.All = site == 0 && (!opens || district.HelpsAt(a, 0))
		if err := out.places(tx, site, func(id district.SiteID) bool { return !opens || district.HelpsAt(a, id) }); err != nil {
			return err
		}
		if err := out.plan(tx, day); err != nil {
			return err
		}
		if err := out.asked(tx, site, where, args); err != nil {
			return err
		}
		return out.open(tx, site, where, args)
	})
	return out, err
}

// places reads the places that the reader may look at. Somebody who helps at a
// few has nothing of the others but what a team of theirs was given: that is no
// number of those places.
func (w *Weeks) places(tx *db.Tx, site district.SiteID, may func(district.SiteID) bool) error {
	list, err := db.List(tx, func(r *db.Rows, s *district.Site) error {
		return r.Scan(&s.ID, &s.Name, &s.Short, &s.Level, &s.Zone, &s.Active)
	},
		`SELECT s.id, s.name, s.short, s.level, s.zone, s.active FROM district_site s WHERE (s.id = $1 OR $1 = 0) ORDER BY s.fold, s.id`, site)
	if err != nil {
		return err
	}
	w.Sites = slices.DeleteFunc(list, func(s district.Site) bool { return !may(s.ID) || site != 0 && !s.Active })
	if site != 0 && len(w.Sites) == 0 {
		return errs.E(errs.NotFound, "error.not_found")
	}
	w.Services, err = db.List(tx, func(r *db.Rows, s *Relied) error { return r.Scan(&s.ID, &s.Name, &s.Duty, &s.Active) },
		`SELECT v.id, v.name, v.kind = 'duty', v.active FROM district_service v ORDER BY v.fold, v.id`)
	if err != nil {
		return err
	}
	w.People, err = district.Population(tx)
	return err
}

const (
	// schoolDays is how many days of a week must have hours for it to be held
	// against others.
	schoolDays = 3
	// farBack is how many weeks back school weeks are looked for: over a summer.
	farBack = 40
)

// plan lays out the weeks.
func (w *Weeks) plan(tx *db.Tx, day worktime.Date) error {
	cal, _, err := calendar.Of(tx, 0)
	switch {
	case errs.Is(err, errs.NotFound), errs.Is(err, errs.Conflict): // nobody has set it up yet
		cal, w.Zone = nil, time.UTC
	case err != nil:
		return err
	default:
		w.Zone = cal.Zone()
	}
	open := func(monday worktime.Date) (n int) {
		for i := range 7 {
			if cal == nil || len(cal.HoursOn(monday.AddDays(i))) > 0 {
				n++
			}
		}
		return n
	}
	before := func(monday worktime.Date, least int) worktime.Date {
		for range farBack {
			if monday = monday.AddDays(-7); open(monday) >= least {
				return monday
			}
		}
		return worktime.Date{}
	}
	this := mondayOf(worktime.DateOf(w.Now.In(w.Zone)))
	switch {
	case !day.Valid() || !day.Before(this):
		w.Monday = this
		if cal != nil && !day.Valid() && !cal.HasHours(w.midnight(this), w.Now) {
			if last := before(this, 1); last.Valid() {
				w.Monday = last
			}
		}
	default:
		w.Monday = mondayOf(day)
	}
	end := w.midnight(w.Monday.AddDays(7))
	w.Running = w.Now.Before(end)
	if w.Running {
		end = w.Now
	}
	w.Spans = []Stretch{{w.midnight(w.Monday), end}}
	for m := w.Monday; len(w.Spans) <= History; {
		if m = before(m, schoolDays); !m.Valid() || w.Monday.Sub(m) > 7*farBack {
			break
		}
		until := w.midnight(m.AddDays(7))
		if w.Running { // the same hour of the same day, by the clock on the wall
			local := w.Now.In(w.Zone)
			d := m.AddDays(worktime.DateOf(local).Sub(w.Monday))
			until = time.Date(d.Year, d.Month, d.Day, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), w.Zone)
		}
		w.Spans = append(w.Spans, Stretch{w.midnight(m), until})
	}
	w.Before = before(w.Monday, 1)
	for m := w.Monday.AddDays(7); !this.Before(m); m = m.AddDays(7) {
		if open(m) > 0 && (m != this || cal == nil || cal.HasHours(w.midnight(m), w.Now)) {
			w.After = m
			break
		}
	}
	return nil
}

func mondayOf(d worktime.Date) worktime.Date {
	return d.AddDays(-(int(d.Weekday()) + 6) % 7)
}

func (w *Weeks) midnight(d worktime.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, w.Zone)
}

// asked reads the requests of all the weeks, one line each. Those that began
// between two weeks' hours are left out here, not in the statement.
func (w *Weeks) asked(tx *db.Tx, site district.SiteID, where string, args []any) error {
	first := w.Spans[len(w.Spans)-1].From
	rows, err := tx.Query(`SELECT t.site, t.service, t.impact, f.start_at, coalesce(t.beneficiary, t.requester),
			CASE f.kept WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 0 END + CASE WHEN t.state IN ('solved', 'closed') THEN 4 ELSE 0 END
		FROM desk_flow f JOIN desk_ticket t ON t.id = f.ticket
		WHERE f.source = 0 AND f.start_at >= $3 AND f.start_at < $4 AND (t.site = $5 OR $5 = 0) AND `+where,
		append(slices.Clone(args), db.Us(first), db.Us(w.Spans[0].Until), site)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	asked, known := map[district.SiteID]bool{}, map[district.SiteID]bool{}
	for _, s := range w.Sites {
		known[s.ID] = true
	}
	var at, packed, service int64
	var x Asked
	for rows.Next() {
		if err := rows.Scan(&x.Site, (*whole)(&service), &x.Impact, (*whole)(&at), &x.Who, (*whole)(&packed)); err != nil {
			return err
		}
		x.At, x.Service, x.Solved = db.FromUs(at), district.ServiceID(service), packed&4 != 0
		x.Kept = [...]Verdict{Unknown, Kept, Missed, Unknown}[packed&3]
		// Newest first: the first span that began before is the only one.
		x.Span = slices.IndexFunc(w.Spans, func(s Stretch) bool { return !x.At.Before(s.From) })
		if x.Span >= 0 && x.At.Before(w.Spans[x.Span].Until) && known[x.Site] {
			w.Asked = append(w.Asked, x)
			asked[x.Site] = asked[x.Site] || x.Span == 0
		}
	}
	w.Sites = slices.DeleteFunc(w.Sites, func(s district.Site) bool { return !s.Active && !asked[s.ID] })
	return rows.Err()
}

// open reads what is to be done now.
func (w *Weeks) open(tx *db.Tx, site district.SiteID, where string, args []any) error {
	type row struct {
		site district.SiteID
		Undone
	}
	list, err := db.List(tx, func(r *db.Rows, x *row) error { return r.Scan(&x.site, &x.Todo, &x.Waiting, &x.Late, &x.People) },
		`SELECT t.site, sum(CASE WHEN t.state = 'open' THEN 1 ELSE 0 END), sum(CASE WHEN t.state = 'waiting' THEN 1 ELSE 0 END),
			sum(CASE WHEN t.state = 'open' AND t.due < $3 THEN 1 ELSE 0 END), count(DISTINCT coalesce(t.beneficiary, t.requester))
		FROM desk_ticket t WHERE t.state IN ('open', 'waiting') AND (t.site = $4 OR $4 = 0) AND `+where+` GROUP BY t.site`,
		append(slices.Clone(args), db.Us(tx.Now()), site)...)
	for _, x := range list {
		w.Open[x.site] = x.Undone
	}
	return err
}
