package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

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
// for them, without one of them, as far as the actor may see them. One who
// stands for whom the district doesn't have asked for nothing: those are the
// requests of many.
func (d *Desk) Earlier(ctx context.Context, person district.PersonID, without TicketID, limit int) ([]Item, error) {
	v, err := helper(ctx)
	if err != nil {
		return nil, err
	}
	var rows []row
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		// Who stands for the askers of a past is many people and asked nothing.
		var stands bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_past_source s WHERE s.person = $1)`, person).Scan(&stands); err != nil || stands {
			return err
		}
		// Each half stops at its limit in its own index: an office that asked
		// for thousands costs no more than a teacher who asked for three.
		rows, err = db.List(tx, scanRow, itemSQL+` WHERE t.id IN (
				SELECT q.id FROM (SELECT t.id FROM desk_ticket t WHERE t.requester = $3 AND t.id <> $4 AND NOT EXISTS (SELECT 1 FROM desk_past_source s WHERE s.person = $3) AND `+v.sees()+` ORDER BY t.id DESC LIMIT $5 + 0) q
				UNION ALL SELECT q.id FROM (SELECT t.id FROM desk_ticket t WHERE t.beneficiary = $3 AND t.id <> $4 AND `+v.sees()+` ORDER BY t.id DESC LIMIT $5 + 0) q)
			ORDER BY t.id DESC LIMIT $5 + 0`,
			v.person, v.desk, person, without, limit)
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
