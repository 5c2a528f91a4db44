package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

const maxRoom = 60

// Room is where at a site: a classroom, the library, an office.
type Room struct {
	ID      RoomID
	Site    SiteID
	Name    string
	Active  bool
	Version int64
}

func scanRoom(r *db.Rows, m *Room) error {
	return r.Scan(&m.ID, &m.Site, &m.Name, &m.Active, &m.Version)
}

// Rooms lists a site's open rooms by name, and with all the closed ones too.
func (d *District) Rooms(ctx context.Context, site SiteID, all bool) ([]Room, error) {
	if _, err := authorise(ctx, mayRead); err != nil {
		return nil, err
	}
	var out []Room
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err := siteByID(tx, site); err != nil {
			return err
		}
		out, err = db.List(tx, scanRoom, `SELECT id, site, name, active, version FROM district_room
			WHERE site = $1 AND (active OR $2) ORDER BY fold, id`, site, all)
		return err
	})
	return out, err
}

// Room is one room; NotFound if there is none.
func (d *District) Room(ctx context.Context, id RoomID) (Room, error) {
	if _, err := authorise(ctx, mayRead); err != nil {
		return Room{}, err
	}
	var m Room
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = roomByID(tx, id)
		return err
	})
	return m, err
}

func roomByID(tx *db.Tx, id RoomID) (m Room, err error) {
	list, err := db.List(tx, scanRoom, `SELECT id, site, name, active, version FROM district_room WHERE id = $1`, id)
	if err != nil {
		return m, fmt.Errorf("read room: %w", err)
	}
	if len(list) == 0 {
		return m, notFound()
	}
	return list[0], nil
}

func roomByFold(tx *db.Tx, site SiteID, fold string) (id RoomID, err error) {
	err = tx.QueryRow(`SELECT id FROM district_room WHERE site = $1 AND fold = $2`, site, fold).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func insertRoom(tx *db.Tx, site SiteID, name string) (id RoomID, err error) {
	if err := tx.QueryRow(`INSERT INTO district_room (site, name, fold) VALUES ($1, $2, $3) RETURNING id`, site, name, Fold(name)).Scan(&id); err != nil {
		return 0, err
	}
	var ch diff
	note(&ch, "site", 0, site)
	note(&ch, "name", "", name)
	return id, emit(tx, "room.created", aboutRoom, id, ch)
}

func roomTaken() error {
	var in errs.Check
	in.Fail("name", "district.room.taken")
	return in.Err()
}
