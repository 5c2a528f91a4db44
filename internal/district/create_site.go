package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CreateSite is a new school or office.
type CreateSite struct {
	Name       string
	Short      string // "" is made from the name
	Level      string // one of Levels
	Enrollment int64  // 0..200,000
	TitleOne   bool
	Zone       string // "" is the district's
	Team       TeamID // first help at the site, 0 for none of its own
}

// CreateSite adds a site.
func (d *District) CreateSite(ctx context.Context, c CreateSite) (id SiteID, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := siteFields(c)
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "create site", &id, func(tx *db.Tx) (err error) {
		f := f // an empty zone is filled in anew each time this runs
		if err := f.checkAgain(tx, 0); err != nil {
			return err
		}
		id, err = insertSite(tx, f)
		return err
	})
	return id, err
}
