package district

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// CloseService closes a service or duty: it is offered nowhere any more and
// nobody answers for it. It returns the new version.
func (d *District) CloseService(ctx context.Context, id ServiceID, version int64) (int64, error) {
	return d.setServiceActive(ctx, id, version, false)
}

// ReopenService opens a closed service again; its owner and who covers must be
// here.
func (d *District) ReopenService(ctx context.Context, id ServiceID, version int64) (int64, error) {
	return d.setServiceActive(ctx, id, version, true)
}

func (d *District) setServiceActive(ctx context.Context, id ServiceID, version int64, active bool) (now int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	err = d.write(ctx, "open or close service", &now, func(tx *db.Tx) error {
		was, err := serviceByID(tx, id)
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
		if active {
			if both, err := exists(tx, `SELECT count(*) = 2 FROM district_person WHERE id IN ($1, $2) AND active`, was.Owner, was.Cover); err != nil {
				return err
			} else if !both {
				return errs.E(errs.Conflict, "district.service.reopen_people", "Name", was.Name)
			}
		}
		r, err := tx.Exec(`UPDATE district_service SET active = $1, version = version + 1 WHERE id = $2 AND version = $3`, active, id, version)
		if err != nil {
			return err
		}
		now++
		if err := matched(r); err != nil {
			return err
		}
		return emit(tx, closedOrReopened(aboutService, active), aboutService, id, diff{change("active", was.Active, active, false)})
	})
	return now, err
}
