package district

import (
	"context"
	"slices"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ChangePerson is a person as they shall be, roles included, and the version
// it was made from.
type ChangePerson struct {
	ID      PersonID
	Version int64
	Name    string
	Email   string
	Phone   string
	Title   string
	Lang    string
	Site    SiteID
	Room    RoomID
	Grants  []Grant
}

// ChangePerson changes a person and returns the new version. Somebody always
// runs Trellis, and who is in a team can work the desk: a change that would
// break either is a Conflict. Who no longer works the desk hands over what they
// were taking care of.
func (d *District) ChangePerson(ctx context.Context, c ChangePerson) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := personFields{c.Name, c.Email, c.Phone, c.Title, c.Lang, c.Site, c.Room, c.Grants}
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change person", &version, func(tx *db.Tx) error {
		f := f
		was, err := personByID(tx, c.ID)
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		if err := f.checkAgain(tx, was); err != nil {
			return err
		}
		if err := keepsDuties(tx, was, f.Grants); err != nil {
			return err
		}
		if version, err = updatePerson(tx, was, f); err != nil {
			return err
		}
		if slices.ContainsFunc(was.Grants, isHelper) && !slices.ContainsFunc(f.Grants, isHelper) {
			return d.handOver(tx, c.ID)
		}
		return nil
	})
	return version, err
}

// keepsDuties refuses grants that leave the district without an administrator
// or a team with a member who can't see its requests.
func keepsDuties(tx *db.Tx, was Person, grants []Grant) error {
	admin := Grant{Role: RoleAdmin}
	if slices.Contains(was.Grants, admin) && !slices.Contains(grants, admin) {
		if err := notLastAdmin(tx, was); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(grants, isHelper) {
		if teams, err := teamNames(tx, was.ID); err != nil {
			return err
		} else if teams != "" {
			return errs.E(errs.Conflict, "district.person.still_member", "Name", was.Name, "Teams", teams)
		}
	}
	return nil
}

func isHelper(g Grant) bool { return slices.Contains(helperRoles, g.Role) }

func notLastAdmin(tx *db.Tx, p Person) error {
	if !p.Active {
		return nil
	}
	others, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_grant g JOIN district_person p ON p.id = g.person
		WHERE g.role = 'admin' AND g.site = 0 AND p.active AND p.id <> $1)`, p.ID)
	if err != nil {
		return err
	}
	if !others {
		return errs.E(errs.Conflict, "district.person.last_admin", "Name", p.Name)
	}
	return nil
}

func fieldsOf(p Person) personFields {
	return personFields{p.Name, p.Email, p.Phone, p.Title, p.Lang, p.Site, p.Room, p.Grants}
}

// updatePerson writes what differs.
func updatePerson(tx *db.Tx, was Person, f personFields) (version int64, err error) {
	ch := personDiff(fieldsOf(was), f)
	if len(ch) == 0 {
		unchanged(tx)
		return was.Version, nil
	}
	r, err := tx.Exec(`UPDATE district_person SET name = $1, fold = $2, email = $3, email_fold = $4, phone = $5, title = $6, lang = $7, site = $8, room = $9,
		version = version + 1 WHERE id = $10 AND version = $11`,
		f.Name, Fold(f.Name), db.Null(f.Email), db.Null(foldEmail(f.Email)), f.Phone, f.Title, f.Lang, db.Null(f.Site), db.Null(f.Room), was.ID, was.Version)
	if err != nil {
		return 0, err
	}
	if err := matched(r); err != nil {
		return 0, err
	}
	if f.Name != was.Name || f.Email != was.Email {
		if err := setWords(tx, was.ID, f.Name, f.Email); err != nil {
			return 0, err
		}
	}
	if !slices.Equal(was.Grants, f.Grants) {
		if err := setGrants(tx, was.ID, f.Grants); err != nil {
			return 0, err
		}
	}
	return was.Version + 1, emit(tx, "person.changed", aboutPerson, was.ID, ch)
}
