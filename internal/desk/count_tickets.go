package desk

import (
	"context"
	"strconv"

	"trellis/internal/platform/db"
)

// CountLimit is where Counts stops: a list says "99+" rather than a number
// that takes long to find.
const CountLimit = 100

// Counts are how many tickets stand in each list of the actor, up to
// CountLimit.
type Counts struct {
	Mine, Places, Unassigned, Stopped, Waiting, Following, Private int64
	Late                                                           int64 // of Places
}

func countSQL(where string) string {
	return `(SELECT count(*) FROM (SELECT 1 AS one FROM desk_ticket t WHERE ` + where + ` LIMIT 100) counted)`
}

// One statement, so that what doesn't depend on a row is asked once per list
// and everything comes from one snapshot. $1 and $2 are the viewer, $3 is now.
func makeCounts(v viewer) string {
	return `SELECT ` +
		countSQL(v.owns()+` AND t.state = 'open' AND `+v.sees()) + `, ` +
		countSQL(`t.state = 'open' AND `+v.works()) + `, ` +
		countSQL(`t.owner_person IS NULL AND t.state = 'open' AND `+v.works()) + `, ` +
		countSQL(`t.state = 'open' AND t.turn < `+strconv.FormatInt(1<<turnBits, 10)+` AND `+v.works()) + `, ` + // the first urgency
		countSQL(`t.state = 'waiting' AND `+v.works()) + `, ` +
		countSQL(`t.id IN (SELECT f.ticket FROM desk_participant f WHERE f.person = $1) AND t.state = 'open' AND `+v.sees()) + `, ` +
		countSQL(`t.private <> '' AND t.id IN (SELECT n.ticket FROM desk_named n WHERE n.person = $2) AND t.state = 'open'`) + `, ` +
		countSQL(`t.due < $3 AND t.state = 'open' AND `+v.works())
}

// ownCounts is for who covers for nobody.
var ownCounts = makeCounts(viewer{})

// Counts counts the lists that the desk's navigation shows.
func (d *Desk) Counts(ctx context.Context) (Counts, error) {
	v, err := helper(ctx)
	if err != nil {
		return Counts{}, err
	}
	var c Counts
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		counts := ownCounts
		if len(v.covers) > 0 {
			counts = makeCounts(v)
		}
		return tx.QueryRow(counts, v.person, v.desk, db.Us(tx.Now())).Scan(&c.Mine, &c.Places, &c.Unassigned, &c.Stopped, &c.Waiting, &c.Following, &c.Private, &c.Late)
	})
	return c, err
}
