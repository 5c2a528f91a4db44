package desk

import (
	"context"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
)

// FoundLimit is where Search stops counting.
const FoundLimit = 1000

// Found is one page of what a search found.
type Found struct {
	Items []Item // the newest first
	Total int64  // how many there are, up to FoundLimit
	Next  string // for the next page, "" at the end
}

// searchLangs are the languages whose word forms a search sees through.
var searchLangs = []string{"en", "es"}

// Search finds tickets by the words of their title and messages, for whoever
// works on them by their notes too, and by their number. It finds and counts
// what the actor may see and nothing else. Blank text finds nothing.
func (d *Desk) Search(ctx context.Context, text, cursor string) (Found, error) {
	v, err := reader(ctx)
	if err != nil {
		return Found{}, err
	}
	q := Query{Sort: ByNewest, Limit: 25, Cursor: cursor}
	before, _, err := q.after()
	if err != nil {
		return Found{}, err
	}
	if !district.Shows(text) {
		return Found{}, nil
	}
	var out Found
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		out = Found{}
		number, numbered, err := byNumber(tx, v, text)
		if err != nil {
			return err
		}
		cond, args := found(tx, v, text, number.ID)
		if err := tx.QueryRow(`WITH found AS (SELECT t.id FROM desk_ticket t WHERE `+cond+` LIMIT 1000) SELECT count(*) FROM found`, args...).Scan(&out.Total); err != nil {
			return err
		}
		if out.Total > 0 {
			n := len(args)
			rows, err := db.List(tx, scanRow, `WITH found AS (SELECT t.id FROM desk_ticket t WHERE `+cond+` AND t.id < $`+strconv.Itoa(n+1)+` ORDER BY t.id DESC LIMIT $`+strconv.Itoa(n+2)+` + 0) `+
				itemSQL+` WHERE t.id IN (SELECT id FROM found) ORDER BY t.id DESC`, append(args, before, q.Limit+1)...)
			if err != nil {
				return err
			}
			p := q.page(rows)
			out.Items, out.Next = p.Items, p.Next
		}
		if numbered {
			out.Total = min(out.Total+1, FoundLimit)
			if cursor == "" {
				out.Items = append([]Item{number.Item}, out.Items...)
			}
		}
		v.mark(out.Items)
		return nil
	})
	if err != nil {
		return Found{}, err
	}
	return out, nil
}

// byNumber is the ticket that the text names by its number.
func byNumber(tx *db.Tx, v viewer, text string) (r row, ok bool, err error) {
	id, ok := ParseTicketID(text)
	if !ok {
		return row{}, false, nil
	}
	rows, err := db.List(tx, scanRow, itemSQL+` WHERE t.id = $3 AND `+v.sees(), v.person, v.desk, id)
	if err != nil || len(rows) == 0 {
		return row{}, false, err
	}
	return rows[0], true, nil
}

// found is the condition for tickets, other than one, that a text finds and
// the viewer may see: by public words for whoever sees them, by all words for
// whoever works on them. What all words find stands first: it is the list of
// what the rest has to look at.
func found(tx *db.Tx, v viewer, text string, but TicketID) (cond string, args []any) {
	args = []any{v.person, v.desk, but}
	q := search.Query{Kind: indexed, Text: text, Langs: searchLangs, Audience: forDesk, Prefix: true}
	all, more := search.Match(tx, q, "t.id", len(args)+1)
	args = append(args, more...)
	q.Audience = forAll
	public, more := search.Match(tx, q, "t.id", len(args)+1)
	args = append(args, more...)
	return all + ` AND t.id <> $3 AND (` + v.works() + ` OR ` + v.sees() + ` AND ` + public + `)`, args
}
