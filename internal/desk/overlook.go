package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Overlook is Oversee for a report that goes beyond those who work on the
// tickets: it lets in who leads a place as well, and with site 0 the board.
//
// opens says that the reader works on every ticket that is counted, and may
// open each. For everybody else the numbers that come out must be told so that
// no small group shows. As with Oversee, private tickets are left out whoever
// asks, and arguments of a statement's own begin at $3. site is what may be
// asked about; the statement has to keep to it.
//
// A place that is not the reader's answers as one that is not there.
func (d *Desk) Overlook(ctx context.Context, site district.SiteID, fn func(tx *db.Tx, where string, args []any, opens bool) error) error {
	v, err := reader(ctx)
	if err != nil {
		return err
	}
	a := policy.ActorFrom(ctx)
	works := district.Helper.WithScope(district.ScopeDeskRead).Permits(a)
	if site != 0 {
		works = works && district.HelpsAt(a, site)
	}
	if !works && !district.LeadsAt(site).WithScope(district.ScopeDeskRead).Permits(a) {
		if site != 0 {
			return errs.E(errs.NotFound, "error.not_found")
		}
		return errs.E(errs.Forbidden, "error.forbidden")
	}
	return d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		args := []any{v.person, v.desk}
		if works {
			return fn(tx, `t.private = '' AND `+v.works()+` AND $1 > 0`, args, true)
		}
		return fn(tx, `t.private = '' AND $1 > 0 AND $2 >= 0`, args, false)
	})
}
