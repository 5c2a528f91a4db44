package desk

import (
	"context"
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// View is one of the desk's lists.
type View string

const (
	Mine       View = "mine"       // I own them, or somebody does for whom I act
	Places     View = "places"     // all that I work on: at my places, of my teams
	Unassigned View = "unassigned" // of those, owned by a team alone
	Following  View = "following"  // I follow them
	Hidden     View = "private"    // private ones that I am named on
	Overdue    View = "late"       // of places, those with a promise past its time
)

// Views lists every view.
var Views = []View{Mine, Places, Unassigned, Following, Hidden, Overdue}

// Sort is the order of a list.
type Sort string

const (
	ByTurn   Sort = "turn"   // the most urgent first, then the oldest
	ByDue    Sort = "due"    // what is due first; what nothing is due for comes last
	ByNewest Sort = "newest" // the newest first
	ByNext   Sort = "next"   // solved: the latest first; waiting: the one that comes back last first
)

// Sorts lists every order.
var Sorts = []Sort{ByTurn, ByDue, ByNewest, ByNext}

// undated is the end of ByDue: what nothing is due for. It is a statement of
// its own, because a place among what has no due time can't be compared with
// one among what has.
const undated Sort = "undated"

// Query is what somebody wants listed.
type Query struct {
	View    View               // "" is Places
	State   State              // "" is Open
	Site    district.SiteID    // 0: any
	Service district.ServiceID // 0: any
	Sort    Sort               // "" is ByTurn; of solved ones ByNext
	Cursor  string             // "" for the first page, else Next of the page before
	Limit   int                // 1..200; 0 is 50
}

// Page is one page of a list.
type Page struct {
	Items []Item
	Next  string // for the next page, "" at the end
	// Covering are those for whom the actor acts now, by name, whatever the
	// list.
	Covering []Covering
}

// what a list demands of a row before it is put in order. $1 and $2 are the
// viewer, $3 the state, $4 the site, $5 the service; $9 is now, for Overdue
// alone.
func viewSQL(view View, v viewer) string {
	switch view {
	case Mine:
		return v.owns() + ` AND t.state = $3 AND ` + v.sees()
	case Unassigned:
		return `t.owner_person IS NULL AND t.state = $3 AND ` + v.works() + ` AND $1 > 0`
	case Following:
		return `t.id IN (SELECT f.ticket FROM desk_participant f WHERE f.person = $1) AND t.state = $3 AND ` + v.sees()
	case Hidden:
		return `t.private <> '' AND t.id IN (SELECT n.ticket FROM desk_named n WHERE n.person = $2) AND t.state = $3 AND $1 > 0`
	case Overdue:
		return `t.due < $9 AND t.state = $3 AND ` + v.works() + ` AND $1 > 0`
	}
	return `t.state = $3 AND ` + v.works() + ` AND $1 > 0`
}

const filterSQL = ` AND (t.site = $4 OR $4 = 0) AND (t.service = $5 OR $5 = 0)`

// order is how a list is put in order and continued. $6 and $7 are the last
// row's place, $8 the limit.
var orderSQL = map[Sort]string{
	ByTurn:   ` AND (t.turn, t.id) > ($6, $7) ORDER BY t.turn, t.id LIMIT $8 + 0`,
	ByDue:    ` AND t.due IS NOT NULL AND (t.due, t.id) > ($6, $7) ORDER BY t.due NULLS LAST, t.id LIMIT $8 + 0`,
	undated:  ` AND t.due IS NULL AND $6 > 0 AND t.id > $7 ORDER BY t.due NULLS LAST, t.id LIMIT $8 + 0`,
	ByNewest: ` AND t.id < $7 AND t.id < $6 ORDER BY t.id DESC LIMIT $8 + 0`,
	ByNext:   ` AND t.next_at IS NOT NULL AND (t.next_at, t.id) < ($6, $7) ORDER BY t.next_at DESC NULLS LAST, t.id DESC LIMIT $8 + 0`,
}

// firsts are the places before the first row.
var firsts = map[Sort][2]int64{
	ByTurn: {-1, 0}, ByDue: {-1, 0}, ByNewest: {math.MaxInt64, math.MaxInt64}, ByNext: {math.MaxInt64, math.MaxInt64},
}

// ownLists holds a statement per view and order for who covers for nobody,
// made once from the above.
var ownLists = func() map[View]map[Sort]string {
	m := map[View]map[Sort]string{}
	for _, v := range Views {
		m[v] = map[Sort]string{}
		for s := range orderSQL {
			m[v][s] = makeList(v, s, viewer{})
		}
	}
	return m
}()

func makeList(view View, s Sort, v viewer) string {
	return itemSQL + ` WHERE ` + viewSQL(view, v) + filterSQL + orderSQL[s]
}

func listSQL(view View, s Sort, v viewer) string {
	if len(v.covers) == 0 {
		return ownLists[view][s]
	}
	return makeList(view, s, v)
}

// itemSQL reads lines. The joins stand on the left of nothing that filters, so
// the ticket's index gives the order and only the lines of the page are
// looked up.
const itemSQL = `SELECT t.id, t.title, t.state, t.waiting_on, t.next_at, t.turn, t.private, t.requester, rq.name, s.short, r.name, sv.name,
		t.owner_person, ow.name, tm.name, t.said_at, t.said_by_desk, t.confirmed, t.files, t.version, t.kind, t.due
	FROM desk_ticket t LEFT JOIN district_person rq ON rq.id = t.requester LEFT JOIN district_site s ON s.id = t.site
		LEFT JOIN district_room r ON r.id = t.room LEFT JOIN district_service sv ON sv.id = t.service
		LEFT JOIN district_person ow ON ow.id = t.owner_person LEFT JOIN district_team tm ON tm.id = t.owner_team`

// row is an item with what a cursor needs.
type row struct {
	Item
	next int64
	turn int64
	due  int64 // 0: nothing is due
}

func scanRow(r *db.Rows, i *row) error {
	var byDesk bool
	var said int64
	err := r.Scan((*intScan)(&i.ID), (*textScan)(&i.Title), (*textScan)(&i.State), (*textScan)(&i.WaitingOn), (*intScan)(&i.next), (*intScan)(&i.turn),
		(*textScan)(&i.Private), (*intScan)(&i.RequesterID), (*textScan)(&i.RequesterName), (*textScan)(&i.Site), (*textScan)(&i.Room), (*textScan)(&i.Service),
		(*intScan)(&i.OwnerID), (*textScan)(&i.OwnerName), (*textScan)(&i.Team), (*intScan)(&said), (*flagScan)(&byDesk),
		(*flagScan)(&i.Confirmed), (*intScan)(&i.Files), (*intScan)(&i.Version), (*textScan)(&i.Kind), (*intScan)(&i.due))
	i.Impact, i.Created = unturn(i.turn)
	i.SaidAt, i.NeedsAnswer = db.FromUs(said), !byDesk
	if i.State == Waiting {
		i.Until = db.FromUs(i.next)
	}
	if i.due != 0 {
		i.Due = db.FromUs(i.due)
	}
	return err
}

func (i row) place(s Sort) (int64, int64) {
	switch s {
	case ByTurn:
		return i.turn, int64(i.ID)
	case ByDue:
		if i.due == 0 {
			return noDue, int64(i.ID)
		}
		return i.due, int64(i.ID)
	case ByNext:
		return i.next, int64(i.ID)
	}
	return int64(i.ID), int64(i.ID)
}

// noDue is the place of what nothing is due for.
const noDue = math.MaxInt64

// ListTickets lists a view for somebody who works the desk.
func (d *Desk) ListTickets(ctx context.Context, q Query) (Page, error) {
	v, err := helper(ctx)
	if err != nil {
		return Page{}, err
	}
	if err := q.complete(); err != nil {
		return Page{}, err
	}
	a, b, err := q.after()
	if err != nil {
		return Page{}, err
	}
	var rows []row
	var is viewer
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		rows, is = nil, v
		read := func(s Sort, a, b int64) error {
			args := []any{v.person, v.desk, q.State, q.Site, q.Service, a, b, q.Limit + 1 - len(rows)}
			if q.View == Overdue {
				args = append(args, db.Us(tx.Now()))
			}
			more, err := db.List(tx, scanRow, listSQL(q.View, s, v), args...)
			rows = append(rows, more...)
			return err
		}
		if q.Sort != ByDue || a != noDue {
			if err := read(q.Sort, a, b); err != nil {
				return err
			}
			b = 0
		}
		if q.Sort == ByDue && len(rows) <= q.Limit && q.View != Overdue {
			return read(undated, 1, b)
		}
		return nil
	})
	if err != nil {
		return Page{}, err
	}
	p := q.page(rows)
	p.Covering = is.covers
	is.mark(p.Items)
	return p, nil
}

// page makes a page of rows that were read with one more than wanted.
func (q Query) page(rows []row) Page {
	rows, more := page(rows, q.Limit)
	p := Page{Items: make([]Item, len(rows))}
	for i := range rows {
		p.Items[i] = rows[i].Item
	}
	if more {
		a, b := rows[len(rows)-1].place(q.Sort)
		p.Next = cursor(string(q.Sort), a, b)
	}
	return p
}

func (q *Query) complete() error {
	if q.View == "" {
		q.View = Places
	}
	if q.State == "" {
		q.State = Open
	}
	if q.Sort == "" {
		q.Sort = ByTurn
		switch q.State {
		case Solved:
			q.Sort = ByNext
		case Closed:
			q.Sort = ByNewest
		}
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	var in errs.Check
	checkChoice(&in, "view", q.View, Views)
	checkChoice(&in, "state", q.State, States)
	checkChoice(&in, "sort", q.Sort, Sorts)
	switch {
	case q.Limit < 1:
		in.Fail("limit", "field.too_small", "Min", 1)
	case q.Limit > 200:
		in.Fail("limit", "field.too_large", "Max", 200)
	}
	if q.Sort == ByNext && q.State != Solved && q.State != Waiting || q.Sort == ByDue && q.State != Open && q.State != Waiting {
		in.Fail("sort", "field.unknown_choice")
	}
	return in.Err()
}

func (q Query) after() (int64, int64, error) {
	if q.Cursor == "" {
		return firsts[q.Sort][0], firsts[q.Sort][1], nil
	}
	return readCursor(q.Cursor, string(q.Sort))
}

// cursor is a place in a list, for the next page's address. It names no
// ticket that its reader has not just been shown.
func cursor(order string, a, b int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(order + " " + strconv.FormatInt(a, 36) + " " + strconv.FormatInt(b, 36)))
}

func readCursor(s, order string) (a, b int64, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if parts := strings.Split(string(raw), " "); err == nil && len(parts) == 3 && parts[0] == order {
		if a, err = strconv.ParseInt(parts[1], 36, 64); err == nil {
			b, err = strconv.ParseInt(parts[2], 36, 64)
		}
		if err == nil {
			return a, b, nil
		}
	}
	return 0, 0, errs.E(errs.Invalid, "error.bad_cursor")
}
