package calendar

import (
	"cmp"
	"fmt"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// all asks load for every place.
const all district.SiteID = -1

// load reads what was said about a site and the district, or about all.
func load(tx *db.Tx, site district.SiteID) (*everything, error) {
	e := &everything{hours: map[district.SiteID]Hours{}, terms: map[district.SiteID][]Range{}, seasons: map[district.SiteID][]Range{},
		days: map[district.SiteID]map[worktime.Date]Day{}}
	for _, part := range []func(*db.Tx, district.SiteID) error{e.loadPlaces, e.loadHours, e.loadRanges, e.loadDays} {
		if err := part(tx, site); err != nil {
			return nil, fmt.Errorf("read calendars: %w", err)
		}
	}
	if _, ok := e.place(site); !ok && site != all {
		return nil, notFound()
	}
	return e, nil
}

func (e *everything) loadPlaces(tx *db.Tx, site district.SiteID) (err error) {
	e.places, err = db.List(tx, func(r *db.Rows, p *Place) error { return r.Scan(&p.ID, &p.Name, &p.Short, &p.Zone, &p.Active) },
		`SELECT id, name, short, zone, active FROM district_site WHERE $1 = -1 OR id = $1 ORDER BY fold, id`, site)
	if err != nil {
		return err
	}
	whole := Place{Active: true}
	err = tx.QueryRow(`SELECT name, zone FROM district_profile WHERE one = 1`).Scan(&whole.Name, &whole.Zone)
	if err != nil && !db.IsNoRows(err) {
		return err
	}
	whole.Short = whole.Name
	e.places = append([]Place{whole}, e.places...)
	return nil
}

func (e *everything) loadHours(tx *db.Tx, site district.SiteID) error {
	type row struct {
		site district.SiteID
		Hours
	}
	list, err := db.List(tx, func(r *db.Rows, h *row) error { return r.Scan(&h.site, weekText{&h.Week}, &h.Version) },
		`SELECT site, week, version FROM district_calendar_hours WHERE $1 = -1 OR site = 0 OR site = $1 ORDER BY site`, site)
	for _, h := range list {
		e.hours[h.site] = h.Hours
	}
	return err
}

func (e *everything) loadRanges(tx *db.Tx, site district.SiteID) error {
	type row struct {
		kind string
		Range
	}
	list, err := db.List(tx, func(r *db.Rows, x *row) error {
		return r.Scan(&x.ID, &x.Site, &x.kind, &x.Name, dateText{&x.Dates.First}, dateText{&x.Dates.Last}, weekText{&x.Week}, &x.Version)
	}, `SELECT id, site, kind, name, first, last, week, version FROM district_calendar_range
		WHERE $1 = -1 OR site = 0 OR site = $1 ORDER BY site, first, id`, site)
	for _, x := range list {
		if x.kind == term {
			e.terms[x.Site] = append(e.terms[x.Site], x.Range)
		} else {
			e.seasons[x.Site] = append(e.seasons[x.Site], x.Range)
		}
	}
	return err
}

func (e *everything) loadDays(tx *db.Tx, site district.SiteID) error {
	type row struct {
		site district.SiteID
		date worktime.Date
		Day
	}
	list, err := db.List(tx, func(r *db.Rows, d *row) error {
		return r.Scan(&d.site, dateText{&d.date}, &d.Kind, spansText{&d.Hours}, &d.Name)
	}, `SELECT site, date, kind, hours, name FROM district_calendar_day WHERE $1 = -1 OR site = 0 OR site = $1 ORDER BY site, date`, site)
	for _, d := range list {
		if e.days[d.site] == nil {
			e.days[d.site] = map[worktime.Date]Day{}
		}
		e.days[d.site][d.date] = d.Day
	}
	return err
}

// raise gives every site in the list its new revision and sum. One counter
// serves all sites, so that one without a row, which goes by site 0, never sees
// its revision fall.
func raise(tx *db.Tx, e *everything, sites []district.SiteID) error {
	var next int64
	if err := tx.QueryRow(`SELECT COALESCE(max(revision), 0) + 1 FROM district_calendar_rev`).Scan(&next); err != nil {
		return err
	}
	for _, s := range sites {
		_, err := tx.Exec(`INSERT INTO district_calendar_rev (site, revision, sum) VALUES ($1, $2, $3)
			ON CONFLICT (site) DO UPDATE SET revision = excluded.revision, sum = excluded.sum`, s, next, sum(e.plan(s, "")))
		if err != nil {
			return err
		}
	}
	return nil
}

// How values stand in columns.
type (
	weekText  struct{ to *worktime.Week }
	dateText  struct{ to *worktime.Date }
	spansText struct{ to *[]worktime.Span }
)

func text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("a column holds %T instead of text", v)
}

func (w weekText) Scan(v any) error {
	s, err := text(v)
	if err == nil && s != "" {
		*w.to, err = worktime.ParseHours(s)
	}
	return err
}

func (d dateText) Scan(v any) error {
	s, err := text(v)
	if err == nil {
		*d.to, err = worktime.ParseDate(s)
	}
	return err
}

func (h spansText) Scan(v any) error {
	s, err := text(v)
	if err == nil && s != "" {
		*h.to, err = worktime.ParseSpans(s)
	}
	return err
}

func compareDates(a, b worktime.Date) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
}
