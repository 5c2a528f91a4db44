package desk

import (
	"context"

	"trellis/internal/platform/db"
)

// Oversee runs a read for a report: where is the condition that the actor
// works on a ticket t of desk_ticket, args what it takes. A statement puts it
// behind WHERE; arguments of its own begin at $3. Private tickets are left
// out, whoever asks: a number that counts them says that they exist. Who does
// not help at a desk is refused.
func (d *Desk) Oversee(ctx context.Context, fn func(tx *db.Tx, where string, args []any) error) error {
	v, err := helper(ctx)
	if err != nil {
		return err
	}
	return d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		return fn(tx, `t.private = '' AND `+v.works()+` AND $1 > 0`, []any{v.person, v.desk})
	})
}
