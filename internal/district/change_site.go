package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ChangeSite is a site as it shall be, and the version it was made from.
type ChangeSite struct {
	ID         SiteID
	Version    int64
	Name       string
	Short      string
	Level      string
	Enrollment int64
	TitleOne   bool
	Zone       string
	Team       TeamID
}

// ChangeSite changes a site and returns its new version.
func (d *District) ChangeSite(ctx context.Context, c ChangeSite) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := siteFields{c.Name, c.Short, c.Level, c.Enrollment, c.TitleOne, c.Zone, c.Team}
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change site", &version, func(tx *db.Tx) error {
		f := f
		was, err := siteByID(tx, c.ID)
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		if err := f.checkAgain(tx, c.ID); err != nil {
			return err
		}
		version, err = updateSite(tx, was, f)
		return err
	})
	return version, err
}

// raiseCalendar gives a site's calendar a new revision: in another zone the same
// hours are other instants, and whoever computed by the old ones must know.
// What the calendar says stays, so a site without a revision of its own takes
// the district's sum.
func raiseCalendar(tx *db.Tx, site SiteID) error {
	r, err := tx.Exec(`UPDATE district_calendar_rev SET revision = (SELECT max(revision) FROM district_calendar_rev) + 1 WHERE site = $1`, site)
	if err != nil || r.RowsAffected > 0 {
		return err
	}
	_, err = tx.Exec(`INSERT INTO district_calendar_rev (site, revision, sum)
		SELECT $1, COALESCE(max(revision), 0) + 1, COALESCE((SELECT sum FROM district_calendar_rev WHERE site = 0), '') FROM district_calendar_rev`, site)
	return err
}

// updateSite writes what differs.
func updateSite(tx *db.Tx, was Site, f siteFields) (version int64, err error) {
	ch := siteDiff(siteFields{was.Name, was.Short, was.Level, was.Enrollment, was.TitleOne, was.Zone, was.Team}, f)
	if len(ch) == 0 {
		unchanged(tx)
		return was.Version, nil
	}
	r, err := tx.Exec(`UPDATE district_site SET name = $1, short = $2, fold = $3, level = $4, enrollment = $5, title_one = $6, zone = $7, team = $8,
		version = version + 1 WHERE id = $9 AND version = $10`,
		f.Name, f.Short, Fold(f.Name), f.Level, f.Enrollment, f.TitleOne, f.Zone, db.Null(f.Team), was.ID, was.Version)
	if err != nil {
		return 0, err
	}
	if err := matched(r); err != nil {
		return 0, err
	}
	if f.Zone != was.Zone {
		if err := raiseCalendar(tx, was.ID); err != nil {
			return 0, err
		}
	}
	return was.Version + 1, emit(tx, "site.changed", aboutSite, was.ID, ch)
}
