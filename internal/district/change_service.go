package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ChangeService is a service as it shall be, and the version it was made from.
type ChangeService struct {
	ID      ServiceID
	Version int64
	Kind    string
	Name    string
	Icon    string
	Owner   PersonID
	Cover   PersonID
	Team    TeamID
}

// ChangeService changes a service and returns its new version.
func (d *District) ChangeService(ctx context.Context, c ChangeService) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := serviceFields{c.Kind, c.Name, c.Icon, c.Owner, c.Cover, c.Team}
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change service", &version, func(tx *db.Tx) error {
		was, err := serviceByID(tx, c.ID)
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		if err := f.checkAgain(tx, was); err != nil {
			return err
		}
		ch := serviceDiff(serviceFields{was.Kind, was.Name, was.Icon, was.Owner, was.Cover, was.Team}, f)
		if version = was.Version; len(ch) == 0 {
			unchanged(tx)
			return nil
		}
		r, err := tx.Exec(`UPDATE district_service SET kind = $1, name = $2, fold = $3, icon = $4, owner = $5, cover = $6, team = $7,
			version = version + 1 WHERE id = $8 AND version = $9`,
			f.Kind, f.Name, Fold(f.Name), f.Icon, f.Owner, f.Cover, db.Null(f.Team), c.ID, c.Version)
		if err != nil {
			return err
		}
		version++
		if err := matched(r); err != nil {
			return err
		}
		return emit(tx, "service.changed", aboutService, c.ID, ch)
	})
	return version, err
}
