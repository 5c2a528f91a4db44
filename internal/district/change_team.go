package district

import (
	"context"
	"slices"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ChangeTeam is a team as it shall be, with all its members, and the version
// it was made from.
type ChangeTeam struct {
	ID      TeamID
	Version int64
	Name    string
	Lead    PersonID
	Tier    int
	Members []PersonID
}

// ChangeTeam changes a team and returns its new version.
func (d *District) ChangeTeam(ctx context.Context, c ChangeTeam) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := teamFields{c.Name, c.Lead, c.Tier, c.Members}
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change team", &version, func(tx *db.Tx) error {
		was, err := teamByID(tx, c.ID)
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		if err := f.checkAgain(tx, was); err != nil {
			return err
		}
		if err := checkStaysOnPath(tx, was, f.Tier); err != nil {
			return err
		}
		members := memberIDs(was)
		ch := teamDiff(teamFields{was.Name, was.Lead, was.Tier, members}, f)
		if version = was.Version; len(ch) == 0 {
			unchanged(tx)
			return nil
		}
		r, err := tx.Exec(`UPDATE district_team SET name = $1, fold = $2, lead = $3, tier = $4, version = version + 1 WHERE id = $5 AND version = $6`,
			f.Name, Fold(f.Name), f.Lead, f.Tier, c.ID, c.Version)
		if err != nil {
			return err
		}
		version++
		if err := matched(r); err != nil {
			return err
		}
		if !slices.Equal(members, f.Members) {
			if err := setMembers(tx, c.ID, f.Members); err != nil {
				return err
			}
		}
		return emit(tx, "team.changed", aboutTeam, c.ID, ch)
	})
	return version, err
}
