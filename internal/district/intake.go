package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trellis/internal/platform/db"
)

// Home is where a person mostly is and how to reach them: what a request about
// them starts with.
type Home struct {
	Person   PersonID
	Name     string
	Email    string
	Phone    string
	Lang     string
	Site     SiteID
	SiteName string
	Room     RoomID
	RoomName string
}

// HomeOf finds an active person's home within a transaction. It asks for no
// rights: the caller has decided that it may know. NotFound if nobody is there.
func HomeOf(tx *db.Tx, person PersonID) (Home, error) {
	h := Home{Person: person}
	err := tx.QueryRow(`SELECT p.name, p.email, p.phone, p.lang, s.id, s.name, r.id, r.name FROM district_person p
		LEFT JOIN district_site s ON s.id = p.site AND s.active LEFT JOIN district_room r ON r.id = p.room AND r.site = s.id AND r.active
		WHERE p.id = $1 AND p.active`, person).
		Scan(&h.Name, db.OrZero(&h.Email), &h.Phone, &h.Lang, db.OrZero(&h.Site), db.OrZero(&h.SiteName), db.OrZero(&h.Room), db.OrZero(&h.RoomName))
	if errors.Is(err, sql.ErrNoRows) {
		return Home{}, notFound()
	}
	if err != nil {
		return Home{}, fmt.Errorf("read home: %w", err)
	}
	return h, nil
}

// AskFor is the home of the person a request is about: oneself, or for who
// works the desk anybody whom FindPeople finds for them.
func (d *District) AskFor(ctx context.Context, person PersonID) (Home, error) {
	a, err := authorise(ctx, SignedIn.WithScope(ScopeRequestsWrite))
	if err != nil {
		return Home{}, err
	}
	var h Home
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err := mustSee(tx, a, person); err != nil {
			return err
		}
		h, err = HomeOf(tx, person)
		return err
	})
	return h, err
}

// TeamFor is the team that takes a request: the service's, else the site's,
// else the district's help team. Either id may be 0. Closed teams take
// nothing. It is never 0 once the district is set up.
func TeamFor(tx *db.Tx, service ServiceID, site SiteID) (TeamID, error) {
	var t TeamID
	err := tx.QueryRow(`SELECT COALESCE(
		(SELECT t.id FROM district_service v JOIN district_team t ON t.id = v.team AND t.active WHERE v.id = $1 AND v.active),
		(SELECT t.id FROM district_site s JOIN district_team t ON t.id = s.team AND t.active WHERE s.id = $2),
		(SELECT help_team FROM district_profile WHERE one = 1))`, service, site).Scan(db.OrZero(&t))
	if err == nil && t == 0 {
		err = errors.New("the district is not set up")
	}
	if err != nil {
		return 0, fmt.Errorf("find team: %w", err)
	}
	return t, nil
}

// Named is the person whom a requester is told about.
type Named struct {
	Person     PersonID
	Name       string
	InBuilding bool // present, and the site is where they mostly are
	Present    bool // false only for a lead of whose team nobody is present
}

// NamedPerson picks who is shown as the one who takes care: a present member
// whose home is the site, else a present member, else the lead. It is the same
// one each time until somebody comes or goes.
func NamedPerson(tx *db.Tx, team TeamID, site SiteID) (Named, error) {
	var n Named
	err := tx.QueryRow(`SELECT p.id, p.name, CASE WHEN p.site = $2 THEN 1 ELSE 0 END AS near, 1 AS here FROM district_member m
			JOIN district_person p ON p.id = m.person
			WHERE m.team = $1 AND p.active AND (p.away_until IS NULL OR p.away_until <= $3)
			ORDER BY near DESC, p.fold, p.id LIMIT 1`, team, site, db.Us(tx.Now())).
		Scan(&n.Person, &n.Name, &n.InBuilding, &n.Present)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRow(`SELECT p.id, p.name FROM district_team t JOIN district_person p ON p.id = t.lead WHERE t.id = $1`, team).Scan(&n.Person, &n.Name)
		if errors.Is(err, sql.ErrNoRows) {
			return Named{}, notFound()
		}
	}
	if err != nil {
		return Named{}, fmt.Errorf("find who takes care: %w", err)
	}
	return n, nil
}

// Present are the active members of a team who are not away at an instant, by
// name.
func Present(tx *db.Tx, team TeamID, now time.Time) ([]PersonID, error) {
	list, err := db.List(tx, func(r *db.Rows, id *PersonID) error { return r.Scan(id) },
		`SELECT p.id FROM district_member m JOIN district_person p ON p.id = m.person
		WHERE m.team = $1 AND p.active AND (p.away_until IS NULL OR p.away_until <= $2) ORDER BY p.fold, p.id`, team, db.Us(now))
	if err != nil {
		return nil, fmt.Errorf("find who is present: %w", err)
	}
	return list, nil
}

// Lead is who leads a team.
func Lead(tx *db.Tx, team TeamID) (PersonID, error) {
	var id PersonID
	err := tx.QueryRow(`SELECT lead FROM district_team WHERE id = $1`, team).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, notFound()
	}
	return id, err
}
