package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ChangeMe is what people change of themselves: how to reach them, where they
// are, which language they read.
type ChangeMe struct {
	Version int64
	Phone   string
	Lang    string
	Site    SiteID
	Room    RoomID
}

// ChangeMe changes the signed-in person and returns the new version.
func (d *District) ChangeMe(ctx context.Context, c ChangeMe) (version int64, err error) {
	a, err := authorise(ctx, mayOwn)
	if err != nil {
		return 0, err
	}
	var in errs.Check
	c.Phone = Line(&in, "phone", c.Phone, maxPhone, false)
	c.Lang = language(&in, "lang", c.Lang)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change oneself", &version, func(tx *db.Tx) error {
		was, err := personByID(tx, PersonID(a.Person))
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		f := fieldsOf(was)
		f.Phone, f.Lang, f.Site, f.Room = c.Phone, c.Lang, c.Site, c.Room
		if err := f.checkAgain(tx, was); err != nil {
			return err
		}
		version, err = updatePerson(tx, was, f)
		return err
	})
	return version, err
}
