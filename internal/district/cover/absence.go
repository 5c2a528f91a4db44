package cover

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// State of an absence at an instant.
type State string

// States.
const (
	Planned  State = "planned"
	Running  State = "running"
	Over     State = "over"
	Canceled State = "canceled"
)

// Absence is a stretch of time in which somebody is not present.
type Absence struct {
	ID         AbsenceID
	Person     district.PersonID
	Name       string
	Site       district.SiteID // where the person mostly is, 0 for nowhere
	Zone       string          // in which its days are meant
	From       time.Time
	Until      time.Time // when they are back: the end, not the last day
	Cover      district.PersonID
	CoverName  string
	Why        string            // "" for who may not read it
	Declared   district.PersonID // by whom; 0: by Trellis itself
	EndedAt    time.Time         // zero unless ended early or canceled
	Version    int64
	MayChange  bool // the reader may change or end it, while it is not over
	WhyVisible bool
}

// End is when the absence stops having an effect.
func (a Absence) End() time.Time {
	if !a.EndedAt.IsZero() && a.EndedAt.Before(a.Until) {
		return a.EndedAt
	}
	return a.Until
}

// State is how the absence stands at an instant.
func (a Absence) State(now time.Time) State {
	switch {
	case !a.EndedAt.IsZero() && !a.EndedAt.After(a.From):
		return Canceled
	case !a.End().After(now):
		return Over
	case a.From.After(now):
		return Planned
	}
	return Running
}

const absenceColumns = `SELECT a.id, a.person, p.name, p.site, COALESCE(s.zone, f.zone, 'UTC'), a.from_at, a.until, a.cover, c.name, a.why, a.declared, a.ended_at, a.version
	FROM district_absence a JOIN district_person p ON p.id = a.person LEFT JOIN district_person c ON c.id = a.cover
	LEFT JOIN district_site s ON s.id = p.site AND s.active LEFT JOIN district_profile f ON f.one = 1 `

func scanAbsence(r *db.Rows, a *Absence) error {
	return r.Scan(&a.ID, &a.Person, &a.Name, db.OrZero(&a.Site), &a.Zone, db.At(&a.From), db.At(&a.Until), db.OrZero(&a.Cover), db.OrZero(&a.CoverName),
		&a.Why, db.OrZero(&a.Declared), db.AtNull(&a.EndedAt), &a.Version)
}

func absenceByID(tx *db.Tx, id AbsenceID) (Absence, error) {
	list, err := db.List(tx, scanAbsence, absenceColumns+`WHERE a.id = $1`, id)
	if err != nil {
		return Absence{}, err
	}
	if len(list) == 0 {
		return Absence{}, notFound()
	}
	return list[0], nil
}

// Query says which absences to list.
type Query struct {
	Person district.PersonID // 0 for everybody
	From   time.Time         // those that end after it; zero: after now
	Until  time.Time         // those that begin before it; zero: whenever
	After  AfterAbsence      // the last one of the page before; zero for the first
	Limit  int               // 1..200, 0 means 100
}

// AfterAbsence is where a list of absences goes on.
type AfterAbsence struct {
	From time.Time `json:"f"`
	ID   AbsenceID `json:"i"`
}

// Absences lists absences that were not canceled, by their beginning: all of
// them for who may see what is covered, and one's own for other staff. Why is
// left out where the reader may not know it.
func (c *Cover) Absences(ctx context.Context, q Query) ([]Absence, error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = 100
	}
	q.Limit = min(q.Limit, 200)
	if !mayView.Permits(a) {
		if q.Person != 0 && int64(q.Person) != a.Person {
			return nil, nil
		}
		q.Person = district.PersonID(a.Person)
	}
	var out []Absence
	err = c.db.Read(ctx, func(tx *db.Tx) (err error) {
		from, until := db.Us(tx.Now()), int64(1<<62)
		if !q.From.IsZero() {
			from = db.Us(q.From)
		}
		if !q.Until.IsZero() {
			until = db.Us(q.Until)
		}
		after := int64(-1 << 62)
		if q.After.ID != 0 {
			after = db.Us(q.After.From)
		}
		out, err = db.List(tx, scanAbsence, absenceColumns+`WHERE a.until > $1 AND (a.ended_at IS NULL OR a.ended_at > $1 AND a.ended_at > a.from_at)
			AND a.from_at < $2 AND ($3 = 0 OR a.person = $3) AND (a.from_at, a.id) > ($4, $5) ORDER BY a.from_at, a.id LIMIT $6 + 0`,
			from, until, q.Person, after, q.After.ID, q.Limit)
		if err != nil {
			return err
		}
		return discreet(tx, a, out)
	})
	return out, err
}

// Absence is one absence; NotFound where Absences would not list it.
func (c *Cover) Absence(ctx context.Context, id AbsenceID) (x Absence, err error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return x, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if x, err = absenceByID(tx, id); err != nil {
			return err
		}
		if !mayView.Permits(a) && int64(x.Person) != a.Person {
			return notFound()
		}
		list := []Absence{x}
		err := discreet(tx, a, list)
		x = list[0]
		return err
	})
	if err != nil {
		return Absence{}, err
	}
	return x, nil
}

// discreet leaves out why somebody is away, except for themselves, for who
// leads a team of theirs, and for administrators. The same people may change
// it.
func discreet(tx *db.Tx, a policy.Actor, list []Absence) error {
	led, err := ledBy(tx, a)
	if err != nil {
		return err
	}
	for i := range list {
		x := &list[i]
		if !seesAll(a) && int64(x.Person) != a.Person && !led[x.Person] {
			x.Why = ""
			continue
		}
		x.WhyVisible = true
		s := x.State(tx.Now())
		x.MayChange = mayOwn.Permits(a) && (s == Planned || s == Running)
	}
	return nil
}

// ledBy are the people of the teams that the actor leads.
func ledBy(tx *db.Tx, a policy.Actor) (map[district.PersonID]bool, error) {
	out := map[district.PersonID]bool{}
	if a.Kind != policy.Person {
		return out, nil
	}
	list, err := db.List(tx, scanID, `SELECT DISTINCT m.person FROM district_team t JOIN district_member m ON m.team = t.id WHERE t.lead = $1 AND t.active`, a.Person)
	for _, p := range list {
		out[p] = true
	}
	return out, err
}

func scanID(r *db.Rows, id *district.PersonID) error { return r.Scan(id) }
