package desk

import (
	"context"
	"math"

	"trellis/internal/platform/db"
)

// Requests are what a person asked for, or what was asked for them, in the
// order in which they matter to them.
type Requests struct {
	NeedsYou   []Item // wait for an answer of theirs
	InProgress []Item
	Solved     []Item // a page: the newest first
	Next       string // for the next page of Solved, "" at the end
}

// askedSQL are the tickets that a person asked for. Of a private one only the
// requester hears.
const askedSQL = ` WHERE t.id IN (SELECT r1.id FROM desk_ticket r1 WHERE r1.requester = $1
	UNION ALL SELECT r2.id FROM desk_ticket r2 WHERE r2.beneficiary = $1)`

// unfinished bounds how many requests that aren't solved one page shows.
const unfinished = 100

// MyRequests lists the actor's own requests. cursor is "" for the first page
// of the solved ones, else Next; the other groups come with the first page.
func (d *Desk) MyRequests(ctx context.Context, cursor string) (Requests, error) {
	v, err := reader(ctx)
	if err != nil {
		return Requests{}, err
	}
	q := Query{Sort: ByNewest, Limit: 20, Cursor: cursor}
	after, _, err := q.after()
	if err != nil {
		return Requests{}, err
	}
	var out Requests
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		if cursor == "" {
			rows, err := db.List(tx, scanRow, itemSQL+askedSQL+` AND t.state IN ('open', 'waiting') AND `+v.sees()+` AND t.id < $3 ORDER BY t.id DESC LIMIT $4 + 0`,
				v.person, v.desk, int64(math.MaxInt64), unfinished)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if r.State == Waiting && r.WaitingOn == OnRequester {
					out.NeedsYou = append(out.NeedsYou, r.Item)
				} else {
					out.InProgress = append(out.InProgress, r.Item)
				}
			}
		}
		rows, err := db.List(tx, scanRow, itemSQL+askedSQL+` AND t.state IN ('solved', 'closed') AND `+v.sees()+` AND t.id < $3 ORDER BY t.id DESC LIMIT $4 + 0`,
			v.person, v.desk, after, q.Limit+1)
		if err != nil {
			return err
		}
		p := q.page(rows)
		out.Solved, out.Next = p.Items, p.Next
		return nil
	})
	if err != nil {
		return Requests{}, err
	}
	return out, nil
}
