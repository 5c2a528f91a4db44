package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CreateTeam is a new team.
type CreateTeam struct {
	Name    string
	Lead    PersonID
	Tier    int        // TierSchool, TierDistrict or TierVendor
	Members []PersonID // people who work the desk, the lead among them; none means the lead alone
}

// CreateTeam adds a team.
func (d *District) CreateTeam(ctx context.Context, c CreateTeam) (id TeamID, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := teamFields(c)
	if len(f.Members) == 0 && f.Lead != 0 {
		f.Members = []PersonID{f.Lead}
	}
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "create team", &id, func(tx *db.Tx) (err error) {
		if err := f.checkAgain(tx, Team{}); err != nil {
			return err
		}
		id, err = insertTeam(tx, f)
		return err
	})
	return id, err
}
