package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// DropPromises takes back what was set for one place, one service or both, so
// that what holds for more than them holds there again; of neither, where
// Trellis starts. Administrators may.
//
// Errors: NotFound if nothing was set; a Check if what is left would
// contradict itself.
func (d *Desk) DropPromises(ctx context.Context, site district.SiteID, service district.ServiceID) error {
	if err := admin(ctx, district.ScopeDistrictWrite); err != nil {
		return err
	}
	_, err := write(ctx, d, "drop promises", func(tx *db.Tx) (struct{}, error) {
		var none struct{}
		type dropped struct {
			id     int64
			impact string
		}
		rows, err := db.List(tx, func(r *db.Rows, x *dropped) error { return r.Scan(&x.id, &x.impact) },
			`SELECT id, impact FROM desk_promise WHERE site = $1 AND service = $2 ORDER BY id`, site, service)
		if err != nil {
			return none, err
		}
		if len(rows) == 0 {
			return none, errs.E(errs.NotFound, "error.not_found")
		}
		if _, err := tx.Exec(`DELETE FROM desk_promise WHERE site = $1 AND service = $2`, site, service); err != nil {
			return none, err
		}
		for _, x := range rows {
			changes := []event.Change{{Field: "impact", From: x.impact}}
			if site != 0 {
				changes = append(changes, event.Change{Field: "site", From: int64(site)})
			}
			if service != 0 {
				changes = append(changes, event.Change{Field: "service", From: int64(service)})
			}
			if err := event.Emit(tx, event.Event{Kind: "promise.dropped", Subject: event.Ref{Kind: "promise", ID: x.id}, Changes: changes}); err != nil {
				return none, err
			}
		}
		if err := checkOrder(tx, site, service); err != nil {
			return none, err
		}
		return none, outdateClocks(tx)
	})
	return err
}

// RunningClocks is how many promises are at work right now: what a change of
// promises touches.
func (d *Desk) RunningClocks(ctx context.Context) (n int, err error) {
	if _, err := helper(ctx); err != nil {
		return 0, err
	}
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM desk_clock WHERE stopped IS NULL AND target > 0`).Scan(&n)
	})
	return n, err
}
