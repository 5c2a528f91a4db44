package district

import (
	"context"

	"trellis/internal/platform/db"
)

// CloseSite closes a site: it is offered nowhere any more, and what was asked
// from there stays. It returns the new version.
func (d *District) CloseSite(ctx context.Context, id SiteID, version int64) (int64, error) {
	return d.setSiteActive(ctx, id, version, false)
}

// ReopenSite opens a closed site again and returns its new version.
func (d *District) ReopenSite(ctx context.Context, id SiteID, version int64) (int64, error) {
	return d.setSiteActive(ctx, id, version, true)
}

func (d *District) setSiteActive(ctx context.Context, id SiteID, version int64, active bool) (now int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	err = d.write(ctx, "open or close site", &now, func(tx *db.Tx) error {
		was, err := siteByID(tx, id)
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
		r, err := tx.Exec(`UPDATE district_site SET active = $1, version = version + 1 WHERE id = $2 AND version = $3`, active, id, version)
		if err != nil {
			return err
		}
		now++
		if err := matched(r); err != nil {
			return err
		}
		return emit(tx, closedOrReopened(aboutSite, active), aboutSite, id, diff{change("active", was.Active, active, false)})
	})
	return now, err
}

// closedOrReopened names the event.
func closedOrReopened(about string, active bool) string {
	if active {
		return about + ".reopened"
	}
	return about + ".closed"
}
