package flow

import (
	"trellis/internal/desk"
	"trellis/internal/platform/db"
)

const pastColumns = `r.ticket, r.at, r.status, r.sub, r.state, r.waiting, r.team, r.person, r.line, r.impact, r.priority, r.kept, coalesce(r.reassigned, -1), coalesce(r.reopened, -1),
	r.opened, r.first, r.solved, r.closed, r.place, r.service`

// pastRow is a line of one of several tickets.
type pastRow struct {
	ticket desk.TicketID
	Row
}

func scanPast(r *db.Rows, p *pastRow) error {
	return r.Scan(&p.ticket, db.AtNull(&p.At), &p.Status, &p.Sub, &p.State, &p.Wait, &p.Team, &p.Person, &p.Line, &p.Impact, &p.Priority, &p.Kept, &p.Reassigned, &p.Reopened,
		db.AtNull(&p.Opened), db.AtNull(&p.First), db.AtNull(&p.Solved), db.AtNull(&p.Closed), &p.Place, &p.Service)
}

// Rows are the lines of a ticket of the past that stand, oldest first.
func (f *Flow) Rows(tx *db.Tx, id desk.TicketID) ([]Row, error) {
	var s SourceID
	if err := tx.QueryRow(`SELECT source FROM desk_past WHERE ticket = $1`, id).Scan(&s); err != nil {
		return nil, err
	}
	all, err := pastRows(tx, s, id, id)
	return all[id], err
}

// pastRows are the lines that stand of a source's tickets from one number to
// another (which is smaller: numbers of the past count down), by ticket.
func pastRows(tx *db.Tx, s SourceID, from, to desk.TicketID) (map[desk.TicketID][]Row, error) {
	list, err := db.List(tx, scanPast, `SELECT `+pastColumns+` FROM desk_past_row r JOIN desk_past p ON p.ticket = r.ticket
		WHERE r.ticket <= $1 AND r.ticket >= $2 AND p.source = $3 AND r.until_run = 0 AND r.removed IS NULL ORDER BY r.ticket DESC, r.seq, r.id`, from, to, s)
	if err != nil {
		return nil, err
	}
	out := map[desk.TicketID][]Row{}
	for len(list) > 0 {
		id, n := list[0].ticket, 0
		for n < len(list) && list[n].ticket == id {
			n++
		}
		rows := make([]Row, n)
		for i := range rows {
			rows[i] = list[i].Row
		}
		out[id], list = rows, list[n:]
	}
	return out, nil
}
