package district

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/platform/db"
)

// Found is one person in a type-ahead list.
type Found struct {
	ID        PersonID
	Name      string
	Title     string
	Email     string
	Site      SiteID
	SiteName  string
	AwayUntil time.Time // zero if present
}

const (
	maxFound   = 50
	foundWords = 3 // further words of a query are not looked at
)

// FindPeople finds active people while somebody types: each word of the query
// begins a word of the name or the address. Who works the desk finds the staff
// and the students of the sites they work for; everybody else only themselves.
// They come in the order of the word that was found. limit is 1..50, 0 means
// 10. A query under two bytes finds nobody.
func (d *District) FindPeople(ctx context.Context, query string, limit int) ([]Found, error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	w := queryWords(query)
	if w == nil {
		return nil, nil
	}
	if limit <= 0 {
		limit = 10
	}
	var out []Found
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		if !mayHelp.Permits(a) {
			out, err = findOneself(tx, PersonID(a.Person), w)
			return err
		}
		// Somebody with two words that begin alike is listed by the first. A bare
		// LIMIT $9 would make SQLite plan the statement anew each time.
		out, err = db.List(tx, scanFound, `SELECT p.id, p.name, p.title, p.email, p.site, s.name, `+AwayUntilSQL("p", "$10")+`
			FROM district_name n JOIN district_person p ON p.id = n.person LEFT JOIN district_site s ON s.id = p.site
			WHERE n.word >= $3 AND n.word < $4 AND p.active
			AND NOT EXISTS (SELECT 1 FROM district_name m WHERE m.person = n.person AND m.word >= $3 AND m.word < n.word)
			AND EXISTS (SELECT 1 FROM district_name m WHERE m.person = n.person AND m.word >= $5 AND m.word < $6)
			AND EXISTS (SELECT 1 FROM district_name m WHERE m.person = n.person AND m.word >= $7 AND m.word < $8)
			AND `+inReach+` ORDER BY n.word, n.fold, n.person LIMIT $9 + 0`,
			seesAll(a), a.Person, w[0], prefixEnd(w[0]), w[1], prefixEnd(w[1]), w[2], prefixEnd(w[2]), min(limit, maxFound), db.Us(tx.Now()))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	return out, nil
}

// findOneself answers those who find nobody else without looking at anybody
// else.
func findOneself(tx *db.Tx, id PersonID, query []string) ([]Found, error) {
	me, err := meOf(tx, id)
	if err != nil || me.Person == 0 {
		return nil, err
	}
	have := nameWords(me.Name, me.Email)
	for _, q := range query {
		if !slices.ContainsFunc(have, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return nil, nil
		}
	}
	return []Found{{ID: me.Person, Name: me.Name, Title: me.Title, Email: me.Email, Site: me.Site, SiteName: me.SiteName, AwayUntil: me.AwayUntil}}, nil
}

func scanFound(r *db.Rows, f *Found) error {
	return r.Scan(&f.ID, &f.Name, &f.Title, db.OrZero(&f.Email), db.OrZero(&f.Site), db.OrZero(&f.SiteName), db.AtNull(&f.AwayUntil))
}

// queryWords are the three words to look for, the longest first because it is
// looked up and the others only checked; nil if the query is too short. An
// empty word begins every word.
func queryWords(query string) []string {
	if len(query) > 200 {
		query = strings.ToValidUTF8(query[:200], "")
	}
	w := words(strings.ToValidUTF8(strings.ReplaceAll(query, "\x00", " "), ""))
	if len(w) > foundWords {
		w = w[:foundWords]
	}
	for len(w) < foundWords {
		w = append(w, "")
	}
	longest := 0
	for i := range w {
		if cmp.Compare(len(w[i]), len(w[longest])) > 0 {
			longest = i
		}
	}
	w[0], w[longest] = w[longest], w[0]
	if len(w[0]) < 2 {
		return nil
	}
	return w
}
