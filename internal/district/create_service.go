package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CreateService is a new service or duty.
type CreateService struct {
	Kind  string // KindService or KindDuty
	Name  string
	Icon  string
	Owner PersonID
	Cover PersonID // acts when the owner is away; never the owner
	Team  TeamID   // takes requests about it; 0 leaves that to the site's team
}

// CreateService adds a service or duty.
func (d *District) CreateService(ctx context.Context, c CreateService) (id ServiceID, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	f := serviceFields(c)
	var in errs.Check
	f.check(&in)
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "create service", &id, func(tx *db.Tx) error {
		if err := f.checkAgain(tx, Service{}); err != nil {
			return err
		}
		err := tx.QueryRow(`INSERT INTO district_service (kind, name, fold, icon, owner, cover, team) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
			f.Kind, f.Name, Fold(f.Name), f.Icon, f.Owner, f.Cover, db.Null(f.Team)).Scan(&id)
		if err != nil {
			return err
		}
		return emit(tx, "service.created", aboutService, id, serviceDiff(serviceFields{}, f))
	})
	return id, err
}
