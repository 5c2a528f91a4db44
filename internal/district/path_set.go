package district

import (
	"context"
	"slices"
	"strconv"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// SetPath says who helps with something at a place, from the classroom
// outwards, in place of what held there before. No steps take the path away,
// so that the next closest holds.
type SetPath struct {
	PathID
	Steps   []Step // one a tier at most, in any order
	Version int64  // 0: whatever it is now, or none yet
	New     bool   // refused if there is one by now
}

// SetPath sets a path and returns its new version, 0 if it was taken away.
// Requests that are on their way keep who has them.
func (d *District) SetPath(ctx context.Context, c SetPath) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	c.Steps = slices.Clone(c.Steps)
	slices.SortStableFunc(c.Steps, func(a, b Step) int { return a.Tier - b.Tier })
	err = d.write(ctx, "set path", &version, func(tx *db.Tx) error {
		if err := checkPath(tx, c); err != nil {
			return err
		}
		all, err := paths(tx)
		if err != nil {
			return err
		}
		was := Path{PathID: c.PathID}
		if i := slices.IndexFunc(all, func(p Path) bool { return p.PathID == c.PathID }); i >= 0 {
			was = all[i]
		}
		if c.Version != 0 || c.New {
			if err := stale(was.Version, c.Version); err != nil {
				return err
			}
		}
		if version = was.Version; slices.Equal(was.Steps, c.Steps) {
			unchanged(tx)
			return nil
		}
		if version++; len(c.Steps) == 0 {
			version = 0
		}
		return storePath(tx, was, Path{c.PathID, c.Steps, version})
	})
	return version, err
}

func storePath(tx *db.Tx, was, p Path) error {
	if _, err := tx.Exec(`DELETE FROM district_path WHERE plan = $1 AND site = $2 AND service = $3`, p.Plan, p.Site, p.Service); err != nil {
		return err
	}
	for _, s := range p.Steps {
		if _, err := tx.Exec(`INSERT INTO district_path (plan, site, service, tier, team, version) VALUES ($1, $2, $3, $4, $5, $6)`,
			p.Plan, p.Site, p.Service, s.Tier, db.Null(s.Team), p.Version); err != nil {
			return err
		}
	}
	var ch diff
	note(&ch, "plan", false, p.Plan)
	note(&ch, "service", 0, p.Service)
	for tier := TierSchool; tier <= TierVendor; tier++ {
		note(&ch, "tier_"+strconv.Itoa(tier), was.at(tier), p.at(tier))
	}
	return emit(tx, "path.set", aboutPath, p.Site, ch)
}

// aboutPath is what events about a path are about; the id is the site's, 0
// for the district's.
const aboutPath = "path"

// at says who helps at a tier: "" nobody, "any" whoever it would be without
// the path, else the team's number.
func (p Path) at(tier int) string {
	for _, s := range p.Steps {
		switch {
		case s.Tier != tier:
		case s.Team == 0:
			return "any"
		default:
			return strconv.FormatInt(int64(s.Team), 10)
		}
	}
	return ""
}

// checkPath refuses a path that leads nowhere, in a circle, or out of the
// district before anybody in it has helped. What is closed can have its path
// taken away.
func checkPath(tx *db.Tx, c SetPath) error {
	var in errs.Check
	if c.Site != 0 {
		if s, err := siteByID(tx, c.Site); errs.Is(err, errs.NotFound) || err == nil && !s.Active && len(c.Steps) > 0 {
			in.Fail("site", "field.unknown_choice")
		} else if err != nil {
			return err
		}
	}
	switch {
	case c.Service != 0 && c.Plan:
		in.Fail("service", "district.path.plan_service")
	case c.Service != 0:
		if s, err := serviceByID(tx, c.Service); errs.Is(err, errs.NotFound) || err == nil && !s.Active && len(c.Steps) > 0 {
			in.Fail("service", "field.unknown_choice")
		} else if err != nil {
			return err
		}
	}
	for i, s := range c.Steps {
		if err := checkStep(tx, &in, "steps."+strconv.Itoa(i), s, c.Steps[:i]); err != nil {
			return err
		}
	}
	if len(c.Steps) > 0 && c.Steps[0].Tier == TierVendor {
		in.Fail("steps", "district.path.only_vendor")
	}
	inDistrict := slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Tier == TierDistrict })
	if len(c.Steps) > 0 && c.Steps[0] == (Step{Tier: TierSchool}) && !inDistrict {
		in.Fail("steps", "district.path.no_way") // at a site without a team nobody would help
	}
	return in.Err()
}

func checkStep(tx *db.Tx, in *errs.Check, field string, s Step, before []Step) error {
	switch {
	case s.Tier < TierSchool || s.Tier > TierVendor:
		in.Fail(field+".tier", "field.unknown_choice")
		return nil
	case slices.ContainsFunc(before, func(b Step) bool { return b.Tier == s.Tier }):
		in.Fail(field+".tier", "district.path.tier_twice")
		return nil
	case s.Team == 0 && s.Tier == TierVendor:
		in.Fail(field+".team", "district.path.whose_vendor")
		return nil
	case s.Team == 0:
		return nil
	case slices.ContainsFunc(before, func(b Step) bool { return b.Team == s.Team }):
		in.Fail(field+".team", "district.path.team_twice")
		return nil
	}
	t, err := teamByID(tx, s.Team)
	switch {
	case errs.Is(err, errs.NotFound):
		in.Fail(field+".team", "field.unknown_choice")
	case err != nil:
		return err
	case !t.Active:
		in.Fail(field+".team", "district.path.closed", "Name", t.Name)
	case s.Tier == TierVendor && t.Tier != TierVendor:
		in.Fail(field+".team", "district.path.no_vendor", "Name", t.Name)
	case s.Tier != TierVendor && t.Tier == TierVendor:
		in.Fail(field+".team", "district.path.is_vendor", "Name", t.Name)
	}
	return nil
}

// checkStaysOnPath refuses to make a team one that speaks with a vendor, or no
// longer one, while a path counts on what it is.
func checkStaysOnPath(tx *db.Tx, was Team, tier int) error {
	if (was.Tier == TierVendor) == (tier == TierVendor) {
		return nil
	}
	on, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_path WHERE team = $1)`, was.ID)
	if err != nil || !on {
		return err
	}
	var in errs.Check
	in.Fail("tier", "district.path.stands_on", "Name", was.Name)
	return in.Err()
}
