package desk

import (
	"context"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// outdatedSQL finds the open clocks that an older calendar or promise
// computed. Per site it is one step down an index.
const outdatedSQL = `FROM district_site s LEFT JOIN district_calendar_rev r ON r.site = s.id LEFT JOIN district_calendar_rev d ON d.site = 0
	JOIN desk_clock c ON c.site = s.id AND c.stopped IS NULL AND c.revision < coalesce(r.revision, d.revision, 0)`

// WindClocks computes the open clocks anew that were computed by a calendar or
// promise of before, in groups, and returns at how many tickets. Each ticket
// whose due times move gets one line in its history. Trellis itself calls it;
// nobody else may.
func (d *Desk) WindClocks(ctx context.Context) (int, error) {
	return d.each(ctx, "wind clocks", "clocks.wound", func(tx *db.Tx) ([]TicketID, error) {
		return db.List(tx, func(r *db.Rows, id *TicketID) error { return r.Scan(id) }, `SELECT c.ticket `+outdatedSQL+` LIMIT $1 + 0`, sweepBatch)
	}, func(tx *db.Tx, t ticket) (bool, error) {
		moves, err := windUp(tx, t)
		if err != nil {
			return false, err
		}
		if len(moves) == 0 {
			return true, nil
		}
		var changes []event.Change
		for _, m := range moves {
			changes = append(changes, event.Change{Field: fieldDue + "_" + string(m.Metric), From: m.From.UTC().Format(time.RFC3339Nano), To: m.To.UTC().Format(time.RFC3339Nano)})
		}
		return true, emit(tx, "ticket.promise_moved", t.ID, changes)
	})
}

// Unwound is how many tickets WindClocks has left to do.
func (d *Desk) Unwound(ctx context.Context) (n int, err error) {
	if _, err := helper(ctx); err != nil {
		return 0, err
	}
	err = d.db.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(DISTINCT c.ticket) ` + outdatedSQL).Scan(&n) })
	return n, err
}

// outdateClocks has every open clock computed again.
func outdateClocks(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE desk_clock SET revision = -1 WHERE stopped IS NULL AND revision <> -1`)
	return err
}

// nextClock is when RingClocks or WindClocks has something to do. What is
// outdated is long since due: an instant that moves along with the clock would
// never have come.
func nextClock(tx *db.Tx) (at time.Time, err error) {
	var outdated bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 ` + outdatedSQL + `)`).Scan(&outdated); err != nil || outdated {
		return time.Unix(0, 0).UTC(), err
	}
	err = tx.QueryRow(`SELECT min(next_at) FROM desk_clock WHERE next_at IS NOT NULL`).Scan(db.AtNull(&at))
	return at, err
}
