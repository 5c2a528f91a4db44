package cover

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Answer is who answers for a service or duty now.
type Answer struct {
	Person district.PersonID // 0: nobody does
	Name   string
}

// Answering is who acts for each open service and duty now, as OfService says
// it, for who may see what is covered.
func (c *Cover) Answering(ctx context.Context) (out map[district.ServiceID]Answer, err error) {
	if _, err := authorise(ctx, mayView); err != nil {
		return nil, err
	}
	type row struct {
		id           district.ServiceID
		owner, cover district.PersonID
		zone         string
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		out = map[district.ServiceID]Answer{}
		list, err := db.List(tx, func(r *db.Rows, x *row) error { return r.Scan(&x.id, &x.owner, &x.cover, &x.zone) },
			`SELECT v.id, v.owner, v.cover, COALESCE(s.zone, f.zone, 'UTC') FROM district_service v JOIN district_person p ON p.id = v.owner
			LEFT JOIN district_site s ON s.id = p.site AND s.active LEFT JOIN district_profile f ON f.one = 1 WHERE v.active ORDER BY v.id`)
		if err != nil {
			return err
		}
		now := tx.Now()
		r, err := loadRoster(tx, now, time.Time{})
		if err != nil {
			return err
		}
		names := map[district.PersonID]string{}
		for _, x := range list {
			if err := r.know(tx, x.owner, x.cover); err != nil {
				return err
			}
			loc, err := location(x.zone)
			if err != nil {
				return err
			}
			s := r.serve(x.owner, x.cover, db.Us(now), worktime.DateOf(now.In(loc)))
			if s.Gap {
				out[x.id] = Answer{}
				continue
			}
			if _, known := names[s.Person]; !known {
				var name string
				if err := tx.QueryRow(`SELECT name FROM district_person WHERE id = $1`, s.Person).Scan(&name); err != nil {
					return err
				}
				names[s.Person] = name
			}
			out[x.id] = Answer{s.Person, names[s.Person]}
		}
		return nil
	})
	return out, err
}
