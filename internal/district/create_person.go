package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CreatePerson is somebody new. They sign in once they have an address and
// followed an invitation (MakeInvite).
type CreatePerson struct {
	Name   string
	Email  string // one of its kind in the district; "" for none
	Phone  string
	Title  string
	Lang   string // "" is the district's
	Site   SiteID // where they mostly are; 0 for nowhere in particular
	Room   RoomID // at that site; 0 for none
	Grants []Grant
}

// CreatePerson adds a person.
func (d *District) CreatePerson(ctx context.Context, c CreatePerson) (id PersonID, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := personFields(c)
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "create person", &id, func(tx *db.Tx) (err error) {
		f := f // filled in anew each time this runs
		if err := f.checkAgain(tx, Person{}); err != nil {
			return err
		}
		id, err = insertPerson(tx, f)
		return err
	})
	return id, err
}
