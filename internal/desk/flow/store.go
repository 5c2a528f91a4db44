package flow

import (
	"strconv"
	"strings"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// Put is what a ticket of the past came to, for Flow.Put.
type Put struct {
	Ticket desk.TicketID
	Source SourceID // 0: born here
	Facts  Facts
}

// batch is how many rows a large statement writes: one finds a parameter by
// going through all before it, so that fifty rows cost SQLite ten times as much
// a row as eight. There are two texts, one for a batch and one for a row.
const batch = 8

var flowColumns = []string{
	"ticket", "source", "events", "start_at", "first_at", "solved_at", "end_at", "first_s", "first_biz", "solve_s", "solve_biz", "solve_own",
	"handoffs", "owners", "ups", "downs", "pingpong", "triples", "wait_requester", "wait_vendor", "wait_part", "wait_date", "wait_other",
	"reopened", "first_line", "max_line", "solved_line", "kept", "place", "service", "impact",
}

var insertOne, insertBatch = insertFlow(1), insertFlow(batch)

// insertFlow is the statement that writes n rows.
func insertFlow(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO desk_flow (` + strings.Join(flowColumns, ", ") + `) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j := range flowColumns {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(i*len(flowColumns)+j+1))
		}
		b.WriteByte(')')
	}
	b.WriteString(" ON CONFLICT (ticket) DO UPDATE SET ")
	for j, c := range flowColumns[1:] {
		if j > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c + " = excluded." + c)
	}
	return b.String()
}

// Put writes what tickets came to, in place of what they came to before. A
// ticket may be in the list once.
func (f *Flow) Put(tx *db.Tx, list []Put) error {
	args := make([]any, 0, min(len(list), batch)*len(flowColumns))
	for len(list) > 0 {
		n, text := 1, insertOne
		if len(list) >= batch {
			n, text = batch, insertBatch
		}
		args = args[:0]
		for _, p := range list[:n] {
			args = p.args(args)
		}
		if _, err := tx.Exec(text, args...); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (p Put) args(to []any) []any {
	f := p.Facts
	// Of a ticket that was born here, its own row says where, what and how bad.
	if p.Source == 0 {
		f.Place, f.Service, f.Impact = "", "", ""
	}
	return append(to, p.Ticket, p.Source, f.Events, db.UsNull(f.Start), db.UsNull(f.First), db.UsNull(f.SolvedAt), db.UsNull(f.End),
		spanNull(f.FirstWall), spanNull(f.FirstBiz), spanNull(f.SolveWall), spanNull(f.SolveBiz), spanNull(f.SolveOwn),
		f.Handoffs, f.Owners, f.Ups, f.Downs, f.PingPong, f.Triples,
		f.Waited[OnRequester], f.Waited[OnVendor], f.Waited[OnPart], f.Waited[OnDate], f.Waited[OnOther],
		f.Reopened, int64(f.FirstLine), int64(f.MaxLine), int64(f.SolvedLine), f.Kept, f.Place, f.Service, f.Impact)
}

func spanNull(s int64) any {
	if s == None {
		return nil
	}
	return s
}

// Refresh computes tickets anew from their histories, as they stand in the
// transaction. A private ticket has no facts, one without a line that stands
// neither. An id may be there twice.
func (f *Flow) Refresh(tx *db.Tx, ids ...desk.TicketID) error {
	known := map[SourceID]Counting{}
	seen := make(map[desk.TicketID]bool, len(ids))
	put := make([]Put, 0, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		p, ok, err := f.facts(tx, id, known)
		if err != nil {
			return err
		}
		if !ok {
			if _, err := tx.Exec(`DELETE FROM desk_flow WHERE ticket = $1`, id); err != nil {
				return err
			}
			continue
		}
		put = append(put, p)
	}
	return f.Put(tx, put)
}

// facts computes one ticket; ok is false if it has none.
func (f *Flow) facts(tx *db.Tx, id desk.TicketID, known map[SourceID]Counting) (p Put, ok bool, err error) {
	var private string
	var site district.SiteID
	p.Ticket = id
	err = tx.QueryRow(`SELECT t.private, t.site, coalesce(p.source, 0) FROM desk_ticket t LEFT JOIN desk_past p ON p.ticket = t.id WHERE t.id = $1`, id).
		Scan(&private, &site, &p.Source)
	if db.IsNoRows(err) {
		return p, false, nil
	}
	if err != nil || private != "" {
		return p, false, err
	}
	if p.Source == 0 {
		rows, err := bornRows(tx, id)
		if err != nil || len(rows) == 0 {
			return p, false, err
		}
		cal, err := calendarOf(tx, site)
		p.Facts = Compute(rows, Counting{Open: cal, Closed: cal})
		return p, true, err
	}
	all, err := pastRows(tx, p.Source, id, id)
	if err != nil || len(all[id]) == 0 {
		return p, false, err
	}
	c, have := known[p.Source]
	if !have {
		if c, err = f.Counting(tx, p.Source); err != nil {
			return p, false, err
		}
		known[p.Source] = c
	}
	p.Facts = Compute(all[id], c)
	return p, true, nil
}
