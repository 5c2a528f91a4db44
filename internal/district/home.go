package district

import (
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// checkHome looks that the site is open and the room at it. Without a site
// there is no room.
func checkHome(tx *db.Tx, in *errs.Check, own Person, site SiteID, room *RoomID) error {
	if site == 0 {
		*room = 0
		return nil
	}
	if site != own.Site {
		if ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_site WHERE id = $1 AND active)`, site); err != nil {
			return err
		} else if !ok {
			in.Fail("site", "field.unknown_choice")
			return nil
		}
	}
	if *room != 0 && (*room != own.Room || site != own.Site) {
		if ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_room WHERE id = $1 AND site = $2 AND active)`, *room, site); err != nil {
			return err
		} else if !ok {
			in.Fail("room", "district.person.room_elsewhere")
		}
	}
	return nil
}
