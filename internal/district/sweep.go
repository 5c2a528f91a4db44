package district

import (
	"context"
	"fmt"
	"time"

	"trellis/internal/platform/db"
)

// keepUsed is how long what no longer works stays to be looked at.
const keepUsed = 90 * 24 * time.Hour

// Sweep forgets what has served: counted tries, ended sessions, invitations
// and tokens long over. Trellis runs it about once an hour; running it twice
// does no harm.
func (d *District) Sweep(ctx context.Context) error {
	if _, err := authorise(ctx, nobody); err != nil {
		return err
	}
	err := d.db.Write(ctx, "sweep the district", func(tx *db.Tx) error {
		tx.Unlogged("rows that have no effect any more")
		now := tx.Now()
		for _, s := range []struct {
			q      string
			before time.Time
		}{
			{`DELETE FROM district_attempt WHERE at <= $1`, now.Add(-throttleWindow)},
			{`DELETE FROM district_session WHERE expires <= $1`, now},
			{`DELETE FROM district_session WHERE seen <= $1`, now.Add(-SessionIdle)},
			{`DELETE FROM district_invite WHERE expires < $1`, now.Add(-keepUsed)},
			{`DELETE FROM district_token WHERE expires < $1`, now.Add(-keepUsed)},
		} {
			if _, err := tx.Exec(s.q, db.Us(s.before)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sweep the district: %w", err)
	}
	return nil
}
