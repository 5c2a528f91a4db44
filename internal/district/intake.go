package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
