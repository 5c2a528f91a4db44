package cover

import (
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// board is everything that a coverage is drawn from, read once.
type board struct {
	now      time.Time
	zone     *time.Location
	today    worktime.Date
	from     worktime.Date
	days     []worktime.Date
	site     district.SiteID
	sites    []district.Site  // open ones
	shown    []*district.Site // those of them that are drawn
	zones    map[district.SiteID]*time.Location
	cals     map[district.SiteID]*worktime.Calendar
	services []serviceLine
	members  map[district.TeamID][]district.PersonID
	lead     map[district.TeamID]district.PersonID
	help     district.TeamID
	helpName string
	names    map[district.PersonID]string
	roster   *roster
	spans    map[siteDay][]worktime.Span
}

type siteDay struct {
	site district.SiteID
	day  worktime.Date
}

type serviceLine struct {
	id           district.ServiceID
	kind, name   string
	owner, cover district.PersonID
	team         district.TeamID
	lead         district.PersonID
}

func (c *Cover) loadBoard(tx *db.Tx, q CoverageQuery) (*board, error) {
	b := &board{now: tx.Now(), site: q.Site, zones: map[district.SiteID]*time.Location{}, cals: map[district.SiteID]*worktime.Calendar{},
		members: map[district.TeamID][]district.PersonID{}, lead: map[district.TeamID]district.PersonID{}, names: map[district.PersonID]string{}, spans: map[siteDay][]worktime.Span{}}
	var zone string
	if err := tx.QueryRow(`SELECT f.zone, t.id, t.name FROM district_profile f LEFT JOIN district_team t ON t.id = f.help_team WHERE f.one = 1`).
		Scan(&zone, db.OrZero(&b.help), db.OrZero(&b.helpName)); err != nil {
		if db.IsNoRows(err) {
			return nil, notFound()
		}
		return nil, err
	}
	if err := c.loadSites(tx, b, zone, q.Site); err != nil {
		return nil, err
	}
	b.today = worktime.DateOf(b.now.In(b.zone))
	if b.from = q.From; b.from.Before(b.today) {
		b.from = b.today
	}
	b.schoolDays(q.Days)
	if err := b.loadPeople(tx); err != nil {
		return nil, err
	}
	if err := b.loadServices(tx); err != nil {
		return nil, err
	}
	end := b.now
	if n := len(b.days); n > 0 {
		last := b.days[n-1].AddDays(2)
		end = wall(last, 0, b.zone)
	}
	var err error
	if b.roster, err = loadRoster(tx, b.now, end); err != nil {
		return nil, err
	}
	for id := range b.names {
		b.roster.active[id] = true // loadPeople read the active ones only
	}
	for _, s := range b.services {
		for _, id := range []district.PersonID{s.owner, s.cover} {
			b.roster.active[id] = true // an open service's people are
		}
	}
	return b, b.loadCovers(tx)
}

func (c *Cover) loadSites(tx *db.Tx, b *board, zone string, only district.SiteID) (err error) {
	b.sites, err = db.List(tx, func(r *db.Rows, s *district.Site) error {
		return r.Scan(&s.ID, &s.Name, &s.Short, &s.Level, &s.Zone, db.OrZero(&s.Team))
	}, `SELECT s.id, s.name, s.short, s.level, s.zone, t.id FROM district_site s LEFT JOIN district_team t ON t.id = s.team AND t.active
		WHERE s.active ORDER BY s.fold, s.id`)
	if err != nil {
		return err
	}
	for i := range b.sites {
		s := &b.sites[i]
		if only != 0 && s.ID != only {
			continue
		}
		b.shown = append(b.shown, s)
		if b.cals[s.ID], _, err = c.calendar(tx, s.ID); err != nil {
			return err
		}
		if b.zones[s.ID], err = location(s.Zone); err != nil {
			return err
		}
		if only != 0 {
			zone = s.Zone
		}
	}
	if only != 0 && len(b.shown) == 0 {
		return notFound()
	}
	b.zone, err = location(zone)
	return err
}

// schoolDays finds the days to draw: those on which a school is open, or if
// there is none among the places, any of them.
func (b *board) schoolDays(n int) {
	schools := false
	for _, s := range b.shown {
		schools = schools || s.Level != district.LevelOffice
	}
	for i := 0; i < farthest && len(b.days) < n; i++ {
		d := b.from.AddDays(i)
		for _, s := range b.shown {
			if schools && s.Level == district.LevelOffice {
				continue
			}
			if from, until := b.open(s.ID, d); from < until {
				b.days = append(b.days, d)
				break
			}
		}
	}
}

// hoursOn are a site's hours on a day.
func (b *board) hoursOn(site district.SiteID, day worktime.Date) []worktime.Span {
	k := siteDay{site, day}
	s, ok := b.spans[k]
	if !ok {
		s = b.cals[site].HoursOn(day)
		b.spans[k] = s
	}
	return s
}

// open is from when until when a site is open on a day, as far as it is still
// to come; nothing is left of a day that is over.
func (b *board) open(site district.SiteID, day worktime.Date) (from, until int64) {
	spans := b.hoursOn(site, day)
	if len(spans) == 0 {
		return 0, 0
	}
	loc := b.zones[site]
	from, until = db.Us(wall(day, spans[0].From, loc)), db.Us(wall(day, spans[len(spans)-1].To, loc))
	return max(from, db.Us(b.now)), until
}

// window is from when until when any of the places is open on a day.
func (b *board) window(day worktime.Date) (from, until int64) {
	for _, s := range b.shown {
		f, u := b.open(s.ID, day)
		if u <= f {
			continue
		}
		if until == 0 || f < from {
			from = f
		}
		until = max(until, u)
	}
	return from, until
}

// loadPeople reads the active members of open teams, and who leads those.
func (b *board) loadPeople(tx *db.Tx) error {
	type member struct {
		team         district.TeamID
		person, lead district.PersonID
		name, leader string
	}
	list, err := db.List(tx, func(r *db.Rows, m *member) error { return r.Scan(&m.team, &m.person, &m.name, &m.lead, &m.leader) },
		`SELECT m.team, p.id, p.name, l.id, l.name FROM district_member m JOIN district_team t ON t.id = m.team AND t.active
		JOIN district_person p ON p.id = m.person AND p.active JOIN district_person l ON l.id = t.lead ORDER BY m.team, p.fold, p.id`)
	if err != nil {
		return err
	}
	for _, m := range list {
		b.members[m.team] = append(b.members[m.team], m.person)
		b.lead[m.team] = m.lead
		b.names[m.person], b.names[m.lead] = m.name, m.leader
	}
	return nil
}

func (b *board) loadServices(tx *db.Tx) (err error) {
	var owner, cover string
	b.services, err = db.List(tx, func(r *db.Rows, s *serviceLine) error {
		if err := r.Scan(&s.id, &s.kind, &s.name, &s.owner, &owner, &s.cover, &cover, db.OrZero(&s.team)); err != nil {
			return err
		}
		b.names[s.owner], b.names[s.cover] = owner, cover
		if s.lead = b.lead[s.team]; s.lead == 0 {
			s.lead = b.lead[b.help]
		}
		return nil
	}, `SELECT v.id, v.kind, v.name, o.id, o.name, c.id, c.name, t.id FROM district_service v JOIN district_person o ON o.id = v.owner
		JOIN district_person c ON c.id = v.cover LEFT JOIN district_team t ON t.id = v.team AND t.active
		WHERE v.active ORDER BY CASE WHEN v.kind = 'service' THEN 0 ELSE 1 END, v.fold, v.id`)
	return err
}

// loadCovers reads the names of those who cover and belong to nothing else
// here.
func (b *board) loadCovers(tx *db.Tx) error {
	type named struct {
		id   district.PersonID
		name string
	}
	list, err := db.List(tx, func(r *db.Rows, n *named) error { return r.Scan(&n.id, &n.name) },
		`SELECT DISTINCT p.id, p.name FROM district_absence a JOIN district_person p ON p.id = a.cover WHERE a.until > $1`, db.Us(b.now))
	for _, n := range list {
		b.names[n.id] = n.name
	}
	return err
}
