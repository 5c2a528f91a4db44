package cover

import (
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Standing is who acts for somebody at an instant.
type Standing struct {
	// Person is who acts; 0 if nobody does.
	Person district.PersonID
	// Chain leads from whom it was asked for to Person, both included; of a gap
	// it is as far as it went. One entry: they are present themselves.
	Chain []district.PersonID
	Gap   bool
	// Circle says of a gap that the chain came back to somebody in it.
	Circle bool
	// Until is when the answer may be another, zero if nothing planned changes
	// it.
	Until time.Time
}

// stretch is one absence as it takes effect: half-open, and cut off where the
// person came back early.
type stretch struct {
	id          AbsenceID
	person      district.PersonID
	from, until int64 // microseconds
	cover       district.PersonID
}

// roster is who is away when, who has left, and who has hours of their own: a
// picture of one transaction. Its answers are pure.
type roster struct {
	away   map[district.PersonID][]stretch // by from, never overlapping
	active map[district.PersonID]bool      // of everybody whom it knows
	weeks  map[district.PersonID]ownWeek
}

// at is the absence in which a person is at an instant.
func (r *roster) at(p district.PersonID, t int64) (stretch, bool) {
	for _, s := range r.away[p] {
		if s.from <= t && t < s.until {
			return s, true
		}
	}
	return stretch{}, false
}

// next is when a person's next absence begins after an instant, 0 if none is
// known.
func (r *roster) next(p district.PersonID, t int64) int64 {
	for _, s := range r.away[p] {
		if s.from > t {
			return s.from
		}
	}
	return 0
}

// sooner takes the earlier of two instants, of which 0 is never.
func sooner(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// stand follows the chain from a person to who is present.
func (r *roster) stand(p district.PersonID, t int64) Standing {
	s, until := r.follow(p, t)
	s.Until = fromUs(until)
	return s
}

func (r *roster) follow(p district.PersonID, t int64) (s Standing, until int64) {
	for {
		if slices.Contains(s.Chain, p) {
			s.Gap, s.Circle = true, true
			return s, until
		}
		s.Chain = append(s.Chain, p)
		if !r.active[p] {
			s.Gap = true
			return s, until
		}
		a, ok := r.at(p, t)
		if !ok {
			s.Person = p
			return s, sooner(until, r.next(p, t))
		}
		until = sooner(until, a.until)
		if a.cover == 0 {
			s.Gap = true
			return s, until
		}
		p = a.cover
	}
}

// serve is who acts for a service on a day: its owner, else who covers for
// them, else the service's standing cover, else who covers for that one.
// Somebody whose own hours leave the day out is passed over, because they are
// not at work on it.
func (r *roster) serve(owner, standing district.PersonID, t int64, day worktime.Date) Standing {
	s, until := r.follow(owner, t)
	if !s.Gap && r.works(s.Person, day) {
		s.Until = fromUs(until)
		return s
	}
	first := s
	s, more := r.follow(standing, t)
	until = sooner(until, more)
	s.Until = fromUs(until)
	if s.Gap || !r.works(s.Person, day) {
		return Standing{Chain: first.Chain, Gap: true, Circle: first.Circle, Until: s.Until}
	}
	s.Chain = append([]district.PersonID{owner}, s.Chain...)
	s.Chain = slices.Compact(s.Chain)
	return s
}

// works reports whether a day is one on which a person works, by their own
// hours; without any every day is.
func (r *roster) works(p district.PersonID, day worktime.Date) bool {
	w, ok := r.weeks[p]
	return !ok || len(w.on(day)) > 0
}

func fromUs(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return db.FromUs(us)
}

// loadRoster reads the absences that touch [from, to), those that begin later
// included if to is zero, and everybody's own hours. Whoever is asked about
// must be added with know.
func loadRoster(tx *db.Tx, from, to time.Time) (*roster, error) {
	r := &roster{away: map[district.PersonID][]stretch{}, active: map[district.PersonID]bool{}}
	end := int64(1 << 62)
	if !to.IsZero() {
		end = db.Us(to)
	}
	rows, err := tx.Query(`SELECT a.id, a.person, a.from_at, a.until, a.ended_at, a.cover, p.active, c.active FROM district_absence a
		JOIN district_person p ON p.id = a.person LEFT JOIN district_person c ON c.id = a.cover
		WHERE a.until > $1 AND (a.ended_at IS NULL OR a.ended_at > $1 AND a.ended_at > a.from_at) AND a.from_at < $2
		ORDER BY a.person, a.from_at, a.id`, db.Us(from), end)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s stretch
		var ended int64
		var here, there bool
		if err := rows.Scan(&s.id, &s.person, &s.from, &s.until, db.OrZero(&ended), db.OrZero(&s.cover), &here, db.OrZero(&there)); err != nil {
			return nil, err
		}
		s.until = sooner(s.until, ended)
		r.away[s.person] = append(r.away[s.person], s)
		r.active[s.person] = here
		if s.cover != 0 {
			r.active[s.cover] = there
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	r.weeks, err = loadWeeks(tx)
	return r, err
}

// know looks up whether a person has left.
func (r *roster) know(tx *db.Tx, people ...district.PersonID) error {
	for _, p := range people {
		if _, ok := r.active[p]; ok {
			continue
		}
		var active bool
		err := tx.QueryRow(`SELECT active FROM district_person WHERE id = $1`, p).Scan(&active)
		if err != nil && !db.IsNoRows(err) {
			return err
		}
		r.active[p] = active
	}
	return nil
}
