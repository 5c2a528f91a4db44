package district

import (
	"context"
	"slices"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CloseTeam closes a team and returns its new version. It is refused, naming
// what, while the team takes requests for the district, a site or a service, or
// stands on a path. The requests that it still has go to the teams that take
// such requests now.
func (d *District) CloseTeam(ctx context.Context, id TeamID, version int64) (int64, error) {
	return d.setTeamActive(ctx, id, version, false)
}

// ReopenTeam opens a closed team again, with those of its members who still
// work the desk. Its lead must be one of them.
func (d *District) ReopenTeam(ctx context.Context, id TeamID, version int64) (int64, error) {
	return d.setTeamActive(ctx, id, version, true)
}

func (d *District) setTeamActive(ctx context.Context, id TeamID, version int64, active bool) (now int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	err = d.write(ctx, "open or close team", &now, func(tx *db.Tx) error {
		was, err := teamByID(tx, id)
		if err != nil {
			return err
		}
		if err := stale(was.Version, version); err != nil {
			return err
		}
		if now = was.Version; was.Active == active {
			unchanged(tx)
			return nil
		}
		if err := mayTurn(tx, was, active); err != nil {
			return err
		}
		r, err := tx.Exec(`UPDATE district_team SET active = $1, version = version + 1 WHERE id = $2 AND version = $3`, active, id, version)
		if err != nil {
			return err
		}
		now++
		if err := matched(r); err != nil {
			return err
		}
		if err := emit(tx, closedOrReopened(aboutTeam, active), aboutTeam, id, diff{change("active", was.Active, active, false)}); err != nil || active {
			return err
		}
		return d.handOverTeam(tx, id)
	})
	return now, err
}

// mayTurn refuses to close what is needed and to open what nobody leads.
func mayTurn(tx *db.Tx, t Team, active bool) error {
	if active {
		if _, err := tx.Exec(`DELETE FROM district_member WHERE team = $1 AND person NOT IN
			(SELECT person FROM district_grant WHERE role IN `+HelperRolesSQL+`)`, t.ID); err != nil {
			return err
		}
		if ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_member m JOIN district_person p ON p.id = m.person
			WHERE m.team = $1 AND m.person = $2 AND p.active)`, t.ID, t.Lead); err != nil {
			return err
		} else if !ok {
			return errs.E(errs.Conflict, "district.team.reopen_lead", "Name", t.Name, "Lead", t.LeadName)
		}
		return nil
	}
	users, err := db.List(tx, func(r *db.Rows, s *string) error { return r.Scan(s) },
		`SELECT name FROM district_profile WHERE help_team = $1
		UNION ALL SELECT name FROM district_site WHERE team = $1 AND active
		UNION ALL SELECT name FROM district_service WHERE team = $1 AND active
		UNION ALL SELECT COALESCE(v.name, s.name, f.name) FROM district_path r JOIN district_profile f ON f.one = 1 LEFT JOIN district_site s ON s.id = r.site
			LEFT JOIN district_service v ON v.id = r.service WHERE r.team = $1 ORDER BY 1`, t.ID)
	if err != nil {
		return err
	}
	if users = slices.Compact(users); len(users) > 0 {
		return errs.E(errs.Conflict, "district.team.still_used", "Name", t.Name, "What", strings.Join(users, ", "))
	}
	return nil
}
