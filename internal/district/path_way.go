package district

import (
	"context"
	"fmt"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Way is where a request or a plan would go now, and by which path.
type Way struct {
	PathID
	Steps []Step // upwards; of teams that are open, none twice
	// By says which path was set that it goes by; Set is false where nobody set
	// one.
	By  PathID
	Set bool
	// Version is that of the path that was set for exactly this, 0 if there is
	// none.
	Version int64
}

// wayFrom finds the closest path that was set and the teams on it.
func wayFrom(tx *db.Tx, at PathID) (Way, error) {
	w := Way{PathID: at}
	set, err := db.List(tx, func(r *db.Rows, s *Step) error {
		var version int64
		if err := r.Scan(&w.By.Site, &w.By.Service, &version, &s.Tier, db.OrZero(&s.Team)); err != nil {
			return err
		}
		if w.By.Plan = at.Plan; w.By == at {
			w.Version = version
		}
		return nil
	}, `SELECT r.site, r.service, r.version, r.tier, r.team FROM district_path r WHERE r.plan = $1 AND (r.site, r.service) IN (
		SELECT c.site, c.service FROM district_path c WHERE c.plan = $1 AND c.site IN (0, $2) AND c.service IN (0, $3)
		ORDER BY CASE WHEN c.service <> 0 THEN 0 ELSE 1 END, CASE WHEN c.site <> 0 THEN 0 ELSE 1 END LIMIT 1) ORDER BY r.tier`, at.Plan, at.Site, at.Service)
	if err != nil {
		return w, fmt.Errorf("find path: %w", err)
	}
	if w.Steps, err = openSteps(tx, set, at); err != nil || len(w.Steps) > 0 {
		w.Set = err == nil
		return w, err
	}
	w.By = PathID{}
	if at.Plan {
		asked, err := wayFrom(tx, PathID{Site: at.Site})
		w.Steps, w.By, w.Set = asked.Steps, asked.By, asked.Set
		return w, err
	}
	w.Steps, err = openSteps(tx, []Step{{Tier: TierSchool}, {Tier: TierDistrict}}, at)
	return w, err
}

// Way is where a request or a plan at a place would go now, for who works the
// desk; NotFound for a site or service that there is not.
func (d *District) Way(ctx context.Context, at PathID) (w Way, err error) {
	err = d.ways(ctx, at.Site, func(tx *db.Tx) error {
		if at.Service != 0 {
			if _, err := serviceByID(tx, at.Service); err != nil {
				return err
			}
		}
		if at.Service != 0 && at.Plan {
			var in errs.Check
			in.Fail("service", "district.path.plan_service")
			return in.Err()
		}
		w, err = wayFrom(tx, at)
		return err
	})
	return w, err
}

// Ways are all the ways from a site, or with site 0 those of the district: of a
// request about each open service by its name, of one about nothing in
// particular, and of planning with a class.
func (d *District) Ways(ctx context.Context, site SiteID) (list []Way, err error) {
	err = d.ways(ctx, site, func(tx *db.Tx) error {
		list = nil
		services, err := db.List(tx, func(r *db.Rows, s *ServiceID) error { return r.Scan(s) },
			`SELECT id FROM district_service WHERE active ORDER BY CASE WHEN kind = 'service' THEN 0 ELSE 1 END, fold, id`)
		if err != nil {
			return err
		}
		var at []PathID
		for _, s := range services {
			at = append(at, PathID{Site: site, Service: s})
		}
		for _, x := range append(at, PathID{Site: site}, PathID{Site: site, Plan: true}) {
			w, err := wayFrom(tx, x)
			if err != nil {
				return err
			}
			list = append(list, w)
		}
		return nil
	})
	return list, err
}

func (d *District) ways(ctx context.Context, site SiteID, read func(*db.Tx) error) error {
	if _, err := authorise(ctx, mayHelp); err != nil {
		return err
	}
	return d.db.Read(ctx, func(tx *db.Tx) error {
		if site != 0 {
			if _, err := siteByID(tx, site); err != nil {
				return err
			}
		}
		return read(tx)
	})
}
