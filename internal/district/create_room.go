package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CreateRoom is a new room at an open site.
type CreateRoom struct {
	Site SiteID
	Name string // up to 60 characters, one of its kind at the site
}

// CreateRoom adds a room.
func (d *District) CreateRoom(ctx context.Context, c CreateRoom) (id RoomID, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	var in errs.Check
	c.Name = Line(&in, "name", c.Name, maxRoom, true)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "create room", &id, func(tx *db.Tx) error {
		s, err := siteByID(tx, c.Site)
		if err != nil {
			return err
		}
		if !s.Active {
			return errs.E(errs.Conflict, "district.site.closed", "Name", s.Name)
		}
		if other, err := roomByFold(tx, c.Site, Fold(c.Name)); err != nil {
			return err
		} else if other != 0 {
			return roomTaken()
		}
		id, err = insertRoom(tx, c.Site, c.Name)
		return err
	})
	return id, err
}
