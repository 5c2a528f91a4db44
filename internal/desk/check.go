package desk

import (
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// What a command may name must exist and be in use. Each of these notes in c
// that a field names nothing to choose from.

func exists(tx *db.Tx, c *errs.Check, field, query string, args ...any) error {
	var n int64
	if err := tx.QueryRow(query, args...).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		c.Fail(field, "field.unknown_choice")
	}
	return nil
}

func checkTeam(tx *db.Tx, c *errs.Check, field string, id district.TeamID) error {
	return exists(tx, c, field, `SELECT count(*) FROM district_team WHERE id = $1 AND active`, id)
}

func checkService(tx *db.Tx, c *errs.Check, field string, id district.ServiceID) error {
	return exists(tx, c, field, `SELECT count(*) FROM district_service WHERE id = $1 AND active`, id)
}

// checkPlace looks at a site and, if there is one, a room of it.
func checkPlace(tx *db.Tx, c *errs.Check, site district.SiteID, room district.RoomID) error {
	if err := exists(tx, c, "site", `SELECT count(*) FROM district_site WHERE id = $1 AND active`, site); err != nil || room == 0 {
		return err
	}
	return exists(tx, c, "room", `SELECT count(*) FROM district_room WHERE id = $1 AND site = $2 AND active`, room, site)
}

// checkOwner looks whether a person can own a ticket: they work the desk
// somewhere or belong to the team and, if it is private, are named on it.
func checkOwner(tx *db.Tx, c *errs.Check, field string, t ticket, team district.TeamID, id district.PersonID) error {
	if t.Private != "" {
		return exists(tx, c, field, `SELECT count(*) FROM desk_named n JOIN district_person p ON p.id = n.person WHERE n.ticket = $1 AND n.person = $2 AND p.active`, t.ID, id)
	}
	return exists(tx, c, field, `SELECT count(*) FROM district_person p WHERE p.id = $1 AND p.active AND (
		EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role IN `+district.HelperRolesSQL+`)
		OR EXISTS (SELECT 1 FROM district_member m WHERE m.person = p.id AND m.team = $2))`, id, team)
}

func checkChoice[T comparable](c *errs.Check, field string, v T, from []T) {
	if !slices.Contains(from, v) {
		c.Fail(field, "field.unknown_choice")
	}
}

// checkNamed looks whether a person can be named for private tickets: they
// work the desk, so that they can open and answer what comes to them.
func checkNamed(tx *db.Tx, c *errs.Check, id district.PersonID) error {
	return exists(tx, c, "people", `SELECT count(*) FROM district_person p WHERE p.id = $1 AND p.active AND EXISTS (
		SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role IN `+district.HelperRolesSQL+`)`, id)
}

// checkReach looks whether somebody may name a person in a request of theirs:
// people who work in the district may, anybody who works in it and who is at
// a site of theirs. To everybody else nobody exists.
func checkReach(tx *db.Tx, c *errs.Check, field string, actor, id district.PersonID) error {
	return exists(tx, c, field, `SELECT count(*) FROM district_person p WHERE p.id = $2 AND p.active AND EXISTS (
		SELECT 1 FROM district_grant a WHERE a.person = $1 AND a.role IN `+district.StaffRolesSQL+` AND (a.site = 0 OR a.site = p.site
			OR EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND (g.role IN `+district.StaffRolesSQL+` OR g.site = a.site))))`, actor, id)
}
