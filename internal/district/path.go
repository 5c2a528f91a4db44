package district

import (
	"context"
	"fmt"
	"slices"

	"trellis/internal/platform/db"
)

// Tiers of help, from the classroom outwards.
const (
	TierSchool   = 1 // first help at the school
	TierDistrict = 2 // specialists of the district
	TierVendor   = 3 // the people of the district who speak with a vendor
)

// Step is one stop on a path: who helps there.
type Step struct {
	Tier int
	// Team is who helps. In a Path that was set, 0 is whoever it would be
	// without it: for tier 1 the team of the site, for tier 2 the team of the
	// service, else the help team. What PathFor finds is never 0.
	Team TeamID
}

// PathID says where a path holds.
type PathID struct {
	Site    SiteID    // 0: any
	Service ServiceID // 0: any
	Plan    bool      // the way of planning something with a class; it has no service
}

// Path is a path that was set.
type Path struct {
	PathID
	Steps   []Step // by tier, at least one
	Version int64
}

// PathFor is the way of a request: whom it goes to first, whom it may be
// handed up to from there. The closest path that was set holds: for the
// service at the site, else for the service, else for the site, else for the
// district. Where none was it is the site's team, then the service's, else the
// help team. Either id may be 0. Closed teams are left out; it is never empty
// once the district is set up, goes upwards, and names no team twice.
func PathFor(tx *db.Tx, site SiteID, service ServiceID) ([]Step, error) {
	w, err := wayFrom(tx, PathID{Site: site, Service: service})
	return w.Steps, err
}

// PlanPathFor is the way of planning something with a class: the path that was
// set for plans at the site, else for plans, else the way of any request there.
func PlanPathFor(tx *db.Tx, site SiteID) ([]Step, error) {
	w, err := wayFrom(tx, PathID{Site: site, Plan: true})
	return w.Steps, err
}

// CoachFor is the team that plans with the classes of a site: where
// PlanPathFor begins.
func CoachFor(tx *db.Tx, site SiteID) (TeamID, error) {
	steps, err := PlanPathFor(tx, site)
	if err != nil {
		return 0, err
	}
	return steps[0].Team, nil
}

// openSteps puts teams where there are none, and leaves out the closed ones
// and those that come a second time.
func openSteps(tx *db.Tx, set []Step, at PathID) ([]Step, error) {
	var out []Step
	for _, s := range set {
		if s.Team == 0 {
			t, err := naturalTeam(tx, s.Tier, at)
			if err != nil {
				return nil, err
			}
			s.Team = t
		}
		ok, err := teamActive(tx, s.Team)
		if err != nil {
			return nil, fmt.Errorf("find path: %w", err)
		}
		if ok && !slices.ContainsFunc(out, func(o Step) bool { return o.Team == s.Team }) {
			out = append(out, s)
		}
	}
	return out, nil
}

// naturalTeam is who helps at a tier where nobody said who; 0 if nobody.
func naturalTeam(tx *db.Tx, tier int, at PathID) (t TeamID, err error) {
	if tier == TierDistrict {
		return TeamFor(tx, at.Service, 0)
	}
	err = tx.QueryRow(`SELECT max(s.team) FROM district_site s WHERE s.id = $1`, at.Site).Scan(db.OrZero(&t))
	if err != nil {
		err = fmt.Errorf("find path: %w", err)
	}
	return t, err
}

// Paths lists the paths that were set: the district's, then those of sites and
// services, those of plans last.
func (d *District) Paths(ctx context.Context) ([]Path, error) {
	if _, err := authorise(ctx, mayHelp); err != nil {
		return nil, err
	}
	var out []Path
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = paths(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list paths: %w", err)
	}
	return out, nil
}

func paths(tx *db.Tx) (out []Path, err error) {
	type row struct {
		PathID
		Step
		version int64
	}
	rows, err := db.List(tx, func(r *db.Rows, x *row) error {
		return r.Scan(&x.Plan, &x.Site, &x.Service, &x.Tier, db.OrZero(&x.Team), &x.version)
	}, `SELECT plan, site, service, tier, team, version FROM district_path ORDER BY plan, service, site, tier`)
	for _, x := range rows {
		if n := len(out); n == 0 || out[n-1].PathID != x.PathID {
			out = append(out, Path{PathID: x.PathID, Version: x.version})
		}
		p := &out[len(out)-1]
		p.Steps = append(p.Steps, x.Step)
	}
	return out, err
}
