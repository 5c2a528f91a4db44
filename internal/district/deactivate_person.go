package district

import (
	"context"
	"slices"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// DeactivatePerson ends somebody's access at once: sessions, API tokens and
// invitations. It is refused, naming what, while they lead a team or own or
// cover a service, and for the last administrator. What they did stays; what
// they were taking care of goes back to its team.
func (d *District) DeactivatePerson(ctx context.Context, id PersonID, version int64) (now int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	err = d.write(ctx, "deactivate person", &now, func(tx *db.Tx) error {
		was, err := personByID(tx, id)
		if err != nil {
			return err
		}
		if err := stale(was.Version, version); err != nil {
			return err
		}
		if now = was.Version; !was.Active {
			unchanged(tx)
			return nil
		}
		if held, err := answersFor(tx, id); err != nil {
			return err
		} else if held != "" {
			return errs.E(errs.Conflict, "district.person.still_answers", "Name", was.Name, "What", held)
		}
		if slices.Contains(was.Grants, Grant{Role: RoleAdmin}) {
			if err := notLastAdmin(tx, was); err != nil {
				return err
			}
		}
		now, err = setPersonActive(tx, was, false)
		if err != nil {
			return err
		}
		if err := endAccess(tx, id); err != nil {
			return err
		}
		return d.handOver(tx, id)
	})
	return now, err
}

// ReactivatePerson lets somebody back in, with the roles and teams they had.
// Their password still works; their old sessions and tokens don't.
func (d *District) ReactivatePerson(ctx context.Context, id PersonID, version int64) (now int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	err = d.write(ctx, "reactivate person", &now, func(tx *db.Tx) error {
		was, err := personByID(tx, id)
		if err != nil {
			return err
		}
		if err := stale(was.Version, version); err != nil {
			return err
		}
		if now = was.Version; was.Active {
			unchanged(tx)
			return nil
		}
		now, err = setPersonActive(tx, was, true)
		return err
	})
	return now, err
}

func setPersonActive(tx *db.Tx, was Person, active bool) (version int64, err error) {
	r, err := tx.Exec(`UPDATE district_person SET active = $1, version = version + 1 WHERE id = $2 AND version = $3`, active, was.ID, was.Version)
	if err != nil {
		return 0, err
	}
	if err := matched(r); err != nil {
		return 0, err
	}
	kind := "person.deactivated"
	if active {
		kind = "person.reactivated"
	}
	return was.Version + 1, emit(tx, kind, aboutPerson, was.ID, diff{change("active", was.Active, active, false)})
}

// answersFor names the open teams that a person leads and the open services
// that they own or cover, "" if none.
func answersFor(tx *db.Tx, id PersonID) (string, error) {
	names, err := db.List(tx, func(r *db.Rows, s *string) error { return r.Scan(s) },
		`SELECT name FROM district_team WHERE lead = $1 AND active
		UNION ALL SELECT name FROM district_service WHERE (owner = $1 OR cover = $1) AND active ORDER BY 1`, id)
	return strings.Join(names, ", "), err
}

// endAccess ends everything by which a person is signed in or could be.
func endAccess(tx *db.Tx, id PersonID) error {
	if _, err := tx.Exec(`DELETE FROM district_session WHERE person = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE district_token SET revoked = $1 WHERE person = $2 AND revoked IS NULL`, db.Us(tx.Now()), id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM district_invite WHERE person = $1 AND used IS NULL`, id)
	return err
}
