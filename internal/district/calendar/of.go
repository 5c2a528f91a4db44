package calendar

import (
	"sync"
	"weak"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// compiled keeps calendars by zone and by the sum of what they say: a calendar
// never changes, so one found under its sum is right in any transaction of its
// database. No database answers out of another's.
var compiled struct {
	sync.RWMutex
	m map[compiledKey]*worktime.Calendar
}

type compiledKey struct {
	db        weak.Pointer[db.DB] // a closed one is not held
	zone, sum string
}

// maxCompiled bounds what is kept; beyond it the cache starts over.
const maxCompiled = 2_000

// Of is the calendar of a site, or with site 0 the district's, and its
// revision. The revision rises with every change that touches the site and
// never falls. The error is NotFound for a site that isn't there and Conflict
// for one without a time zone.
//
// The usual answer costs one read of one row.
func Of(tx *db.Tx, site district.SiteID) (c *worktime.Calendar, revision int64, err error) {
	var zone, known string
	if site == 0 {
		err = tx.QueryRow(`SELECT p.zone, COALESCE(r.revision, 0), COALESCE(r.sum, '') FROM district_profile p
			LEFT JOIN district_calendar_rev r ON r.site = 0 WHERE p.one = 1`).Scan(&zone, &revision, &known)
	} else {
		err = tx.QueryRow(`SELECT s.zone, COALESCE(r.revision, d.revision, 0), COALESCE(r.sum, d.sum, '') FROM district_site s
			LEFT JOIN district_calendar_rev r ON r.site = s.id LEFT JOIN district_calendar_rev d ON d.site = 0 WHERE s.id = $1`, site).
			Scan(&zone, &revision, &known)
	}
	switch {
	case db.IsNoRows(err):
		return nil, 0, notFound()
	case err != nil:
		return nil, 0, err
	}
	k := compiledKey{weak.Make(tx.DB()), zone, known}
	compiled.RLock()
	c = compiled.m[k]
	compiled.RUnlock()
	if c != nil {
		return c, revision, nil
	}
	e, err := load(tx, site)
	if err != nil {
		return nil, 0, err
	}
	p, _ := e.place(site)
	c, err = compile(e.plan(site, zone), p)
	if err != nil {
		return nil, 0, err
	}
	if known != "" { // else nobody has said anything yet
		k.sum = sum(e.plan(site, zone))
	}
	keep(k, c)
	return c, revision, nil
}

func keep(k compiledKey, c *worktime.Calendar) {
	compiled.Lock()
	defer compiled.Unlock()
	if compiled.m == nil || len(compiled.m) >= maxCompiled {
		compiled.m = map[compiledKey]*worktime.Calendar{}
	}
	compiled.m[k] = c
}

// compile makes a plan's calendar; the error names the place.
func compile(plan worktime.Plan, p Place) (*worktime.Calendar, error) {
	if plan.Zone == "" {
		return nil, errs.E(errs.Conflict, "district.calendar.no_zone", "Place", p.Name)
	}
	c, err := worktime.New(plan)
	if err != nil {
		return nil, refusal(err, p)
	}
	return c, nil
}

// Revision is the revision of a site's calendar, as Of says it.
func Revision(tx *db.Tx, site district.SiteID) (revision int64, err error) {
	err = tx.QueryRow(`SELECT COALESCE((SELECT revision FROM district_calendar_rev WHERE site = $1), (SELECT revision FROM district_calendar_rev WHERE site = 0), 0)`, site).Scan(&revision)
	return revision, err
}

// SchoolDay is a date on which a place has hours.
type SchoolDay struct {
	Date  worktime.Date
	Hours []worktime.Span
	Name  string // of a half day or the like; "" on a usual day
}

// farthest is how far SchoolDays looks for days with hours.
const farthest = 800

// SchoolDays are the next n days with hours from a date on, that date
// included: fewer if the calendar ends sooner than some two years on. Site 0 is
// the district.
func SchoolDays(tx *db.Tx, site district.SiteID, from worktime.Date, n int) ([]SchoolDay, error) {
	e, err := load(tx, site)
	if err != nil {
		return nil, err
	}
	c, _, err := Of(tx, site)
	if err != nil {
		return nil, err
	}
	var out []SchoolDay
	for i := 0; i < farthest && len(out) < n; i++ {
		d := from.AddDays(i)
		hours := c.HoursOn(d)
		if len(hours) == 0 {
			continue
		}
		day, _, _ := e.day(site, d)
		out = append(out, SchoolDay{d, hours, day.Name})
	}
	return out, nil
}
