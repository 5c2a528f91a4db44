package cover

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// StandIn is who acts for a person at an instant: themselves if present, else
// who covers, and so on along the chain. It asks for no rights: the caller has
// decided that it may know.
func StandIn(tx *db.Tx, p district.PersonID, at time.Time) (Standing, error) {
	r, err := loadRoster(tx, at, time.Time{})
	if err != nil {
		return Standing{}, err
	}
	if err := r.know(tx, p); err != nil {
		return Standing{}, err
	}
	return r.stand(p, db.Us(at)), nil
}

// Covering is somebody for whom another acts.
type Covering struct {
	For   district.PersonID
	Name  string
	Chain []district.PersonID // from For to who acts
	Until time.Time           // when that may change
}

// CoveredBy is for whom a person acts at an instant besides themselves, by
// name. Who is away acts for nobody.
func CoveredBy(tx *db.Tx, p district.PersonID, at time.Time) ([]Covering, error) {
	// A chain to somebody ends with an absence that names them. This is asked
	// with every page of the desk, and mostly there is none.
	var named bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_absence WHERE cover = $1 AND from_at <= $2 AND until > $2)`, p, db.Us(at)).Scan(&named); err != nil || !named {
		return nil, err
	}
	r, err := loadRoster(tx, at, time.Time{})
	if err != nil {
		return nil, err
	}
	t := db.Us(at)
	var out []Covering
	for who := range r.away {
		if _, away := r.at(who, t); !away || !r.active[who] {
			continue
		}
		if s := r.stand(who, t); !s.Gap && s.Person == p && who != p {
			out = append(out, Covering{For: who, Chain: s.Chain, Until: s.Until})
		}
	}
	for i := range out {
		if err := tx.QueryRow(`SELECT name FROM district_person WHERE id = $1`, out[i].For).Scan(&out[i].Name); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b Covering) int {
		if c := compareFold(a.Name, b.Name); c != 0 {
			return c
		}
		return int(a.For - b.For)
	})
	return out, nil
}

// OfService is who acts for a service or duty at an instant: its owner, else
// who covers for the owner, else the service's standing cover, else who covers
// for that one; else a gap. Somebody whose own hours leave out the day is
// passed over. NotFound for a service that is closed.
func OfService(tx *db.Tx, s district.ServiceID, at time.Time) (Standing, error) {
	var owner, standing district.PersonID
	var zone string
	err := tx.QueryRow(`SELECT v.owner, v.cover, COALESCE(s.zone, f.zone, 'UTC') FROM district_service v JOIN district_person p ON p.id = v.owner
		LEFT JOIN district_site s ON s.id = p.site AND s.active LEFT JOIN district_profile f ON f.one = 1 WHERE v.id = $1 AND v.active`, s).Scan(&owner, &standing, &zone)
	if db.IsNoRows(err) {
		return Standing{}, notFound()
	}
	if err != nil {
		return Standing{}, err
	}
	r, err := loadRoster(tx, at, time.Time{})
	if err != nil {
		return Standing{}, err
	}
	if err := r.know(tx, owner, standing); err != nil {
		return Standing{}, err
	}
	loc, err := location(zone)
	if err != nil {
		return Standing{}, err
	}
	out := r.serve(owner, standing, db.Us(at), worktime.DateOf(at.In(loc)))
	if len(r.weeks) > 0 { // tomorrow may be a day on which another works
		y, m, d := at.In(loc).Date()
		if end := time.Date(y, m, d+1, 0, 0, 0, 0, loc).UTC(); out.Until.IsZero() || end.Before(out.Until) {
			out.Until = end
		}
	}
	return out, nil
}

// Standing is StandIn for who may ask: whoever may see what is covered, and
// anybody about themselves. The zero time is now.
func (c *Cover) Standing(ctx context.Context, p district.PersonID, at time.Time) (s Standing, err error) {
	err = c.ask(ctx, p, at, func(tx *db.Tx, at time.Time) error {
		s, err = StandIn(tx, p, at)
		return err
	})
	return s, err
}

// Covering is CoveredBy for who may ask, likewise.
func (c *Cover) Covering(ctx context.Context, p district.PersonID, at time.Time) (list []Covering, err error) {
	err = c.ask(ctx, p, at, func(tx *db.Tx, at time.Time) error {
		list, err = CoveredBy(tx, p, at)
		return err
	})
	return list, err
}

func (c *Cover) ask(ctx context.Context, p district.PersonID, at time.Time, fn func(*db.Tx, time.Time) error) error {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return err
	}
	if !mayView.Permits(a) && int64(p) != a.Person {
		return notFound()
	}
	return c.db.Read(ctx, func(tx *db.Tx) error {
		if at.IsZero() {
			at = tx.Now()
		}
		if _, err := homeOf(tx, p); err != nil {
			return err
		}
		return fn(tx, at)
	})
}

// Service is OfService for who may see what is covered. The zero time is now.
func (c *Cover) Service(ctx context.Context, id district.ServiceID, at time.Time) (s Standing, err error) {
	if _, err := authorise(ctx, mayView); err != nil {
		return s, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if at.IsZero() {
			at = tx.Now()
		}
		s, err = OfService(tx, id, at)
		return err
	})
	return s, err
}

// Candidate is somebody who could cover.
type Candidate struct {
	Person district.PersonID
	Name   string
	Away   bool // away for a part of the time
}

// Candidates are the members of a person's teams who are there for at least a
// part of the time, by name, those who are there for all of it first.
func (c *Cover) Candidates(ctx context.Context, p district.PersonID, from, until time.Time) ([]Candidate, error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	var out []Candidate
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if ok, err := mayActFor(tx, a, p); err != nil {
			return err
		} else if !ok {
			return notFound()
		}
		from = later(from, tx.Now())
		r, err := loadRoster(tx, from, until)
		if err != nil {
			return err
		}
		list, err := db.List(tx, func(rows *db.Rows, x *Candidate) error { return rows.Scan(&x.Person, &x.Name) },
			`SELECT p.id, p.name FROM district_person p WHERE p.active AND p.id <> $1 AND EXISTS (SELECT 1 FROM district_member m
			JOIN district_member o ON o.team = m.team JOIN district_team t ON t.id = m.team WHERE m.person = $1 AND o.person = p.id AND t.active)
			ORDER BY p.fold, p.id LIMIT 60`, p)
		if err != nil {
			return err
		}
		var partly []Candidate
		for _, x := range list {
			free, whole := r.free(x.Person, db.Us(from), db.Us(until))
			switch {
			case whole:
				out = append(out, x)
			case free:
				x.Away = true
				partly = append(partly, x)
			}
		}
		out = append(out, partly...)
		return nil
	})
	return out, err
}

// free reports whether a person is there for some of a time, and for all of it.
func (r *roster) free(p district.PersonID, from, until int64) (some, all bool) {
	all = true
	pos := from
	for _, s := range r.away[p] {
		if s.until <= from || s.from >= until {
			continue
		}
		all = false
		some = some || s.from > pos
		pos = s.until
	}
	return some || pos < until, all
}

// Work is what comes to whoever covers for somebody.
type Work struct {
	Services []string // services and duties they own
	Leads    []string // who will be told besides
}

// Work says what a person's absence touches, for who may declare it.
func (c *Cover) Work(ctx context.Context, p district.PersonID) (w Work, err error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return w, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if ok, err := mayActFor(tx, a, p); err != nil {
			return err
		} else if !ok {
			return notFound()
		}
		text := func(r *db.Rows, s *string) error { return r.Scan(s) }
		if w.Services, err = db.List(tx, text, `SELECT name FROM district_service WHERE owner = $1 AND active ORDER BY fold, id`, p); err != nil {
			return err
		}
		w.Leads, err = db.List(tx, text, `SELECT l.name FROM district_person l WHERE l.id <> $1 AND EXISTS (SELECT 1 FROM district_team t
			JOIN district_member m ON m.team = t.id WHERE m.person = $1 AND t.active AND t.lead = l.id) ORDER BY l.fold, l.id`, p)
		return err
	})
	return w, err
}

// Person is an active person by id with their time zone, for who may declare
// an absence of theirs; NotFound for everybody else.
func (c *Cover) Person(ctx context.Context, p district.PersonID) (name string, zone *time.Location, err error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return "", nil, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if ok, err := mayActFor(tx, a, p); err != nil {
			return err
		} else if !ok {
			return notFound()
		}
		h, err := homeOf(tx, p)
		if err != nil {
			return err
		}
		name = h.name
		zone, err = location(h.zone)
		return err
	})
	return name, zone, err
}

func compareFold(a, b string) int {
	fa, fb := district.Fold(a), district.Fold(b)
	switch {
	case fa < fb:
		return -1
	case fa > fb:
		return 1
	}
	return 0
}
