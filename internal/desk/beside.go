package desk

import (
	"context"
	"math"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Expect says whom a request of the actor would reach if it were sent now:
// Team, Person, InBuilding and Present as CreateTicket would answer them. Site
// and service may be 0.
func (d *Desk) Expect(ctx context.Context, site district.SiteID, service district.ServiceID, private Private) (Created, error) {
	v, err := reader(ctx)
	if err != nil {
		return Created{}, err
	}
	var made Created
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		o := opening{edition: edition{tx: tx, by: v}}
		o.t.Requester, o.t.Site, o.t.Service, o.t.Private = v.person, site, service, private
		if err := o.own(); err != nil {
			return err
		}
		made = o.made
		return nil
	})
	return made, err
}

// PrivateReaders names who alone sees a private request of each kind, besides
// its requester, so that somebody who is about to send one knows. A kind that
// nobody can receive is missing.
func (d *Desk) PrivateReaders(ctx context.Context) (map[Private][]string, error) {
	if _, err := reader(ctx); err != nil {
		return nil, err
	}
	out := map[Private][]string{}
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		for _, kind := range PrivateKinds {
			people, _, err := namedFor(tx, kind)
			if errs.Is(err, errs.Conflict) {
				continue
			}
			if err != nil {
				return err
			}
			for _, p := range people {
				var name string
				if err := tx.QueryRow(`SELECT name FROM district_person WHERE id = $1`, p).Scan(&name); err != nil {
					return err
				}
				out[kind] = append(out[kind], name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Earlier are the newest tickets that a person asked for, or that were asked
// for them, without one of them, as far as the actor may see them.
func (d *Desk) Earlier(ctx context.Context, person district.PersonID, without TicketID, limit int) ([]Item, error) {
	v, err := helper(ctx)
	if err != nil {
		return nil, err
	}
	var rows []row
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		rows, err = db.List(tx, scanRow, itemSQL+` WHERE t.id IN (SELECT r1.id FROM desk_ticket r1 WHERE r1.requester = $3
			UNION ALL SELECT r2.id FROM desk_ticket r2 WHERE r2.beneficiary = $3) AND t.id <> $4 AND `+seesSQL+` AND t.id < $5 ORDER BY t.id DESC LIMIT $6 + 0`,
			v.person, v.desk, person, without, int64(math.MaxInt64), limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Item, len(rows))
	for i := range rows {
		out[i] = rows[i].Item
	}
	return out, nil
}
