package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ChangeRoom is a room as it shall be, and the version it was made from. A
// room that is not Active is closed: offered nowhere, kept where it was named.
type ChangeRoom struct {
	ID      RoomID
	Version int64
	Name    string
	Active  bool
}

// ChangeRoom renames, closes or reopens a room and returns its new version.
func (d *District) ChangeRoom(ctx context.Context, c ChangeRoom) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	var in errs.Check
	c.Name = Line(&in, "name", c.Name, maxRoom, true)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change room", &version, func(tx *db.Tx) error {
		was, err := roomByID(tx, c.ID)
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		if other, err := roomByFold(tx, was.Site, Fold(c.Name)); err != nil {
			return err
		} else if other != 0 && other != c.ID {
			return roomTaken()
		}
		version, err = updateRoom(tx, was, c.Name, c.Active)
		return err
	})
	return version, err
}

func updateRoom(tx *db.Tx, was Room, name string, active bool) (version int64, err error) {
	var ch diff
	note(&ch, "name", was.Name, name)
	note(&ch, "active", was.Active, active)
	if len(ch) == 0 {
		unchanged(tx)
		return was.Version, nil
	}
	r, err := tx.Exec(`UPDATE district_room SET name = $1, fold = $2, active = $3, version = version + 1 WHERE id = $4 AND version = $5`,
		name, Fold(name), active, was.ID, was.Version)
	if err != nil {
		return 0, err
	}
	if err := matched(r); err != nil {
		return 0, err
	}
	kind := "room.changed"
	if was.Active != active {
		kind = closedOrReopened(aboutRoom, active)
	}
	return was.Version + 1, emit(tx, kind, aboutRoom, was.ID, ch)
}
