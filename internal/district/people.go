package district

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// ListPeople says which people, for the administrator's list.
type ListPeople struct {
	Query string // begins of words of name or address; "" for everybody
	Site  SiteID // whose home it is; 0 for every site
	Role  string // who holds it anywhere; "" for any
	Gone  bool   // those deactivated instead of those active
	After string // the Next of the page before, "" for the first
	Limit int    // 1..100, 0 means 50
}

// PeoplePage is one page of people by name.
type PeoplePage struct {
	People []Person
	Next   string // for the next page, "" at the end
}

type peopleCursor struct {
	Fold string   `json:"f"`
	ID   PersonID `json:"i"`
}

// People lists people by name, for administrators.
func (d *District) People(ctx context.Context, q ListPeople) (PeoplePage, error) {
	var page PeoplePage
	if _, err := authorise(ctx, mayAdmin); err != nil {
		return page, err
	}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, 100)
	if q.Role != "" && !slices.Contains(Roles, q.Role) {
		return page, nil
	}
	w := []string{"", "", ""}
	if q.Query != "" {
		if w = queryWords(q.Query); w == nil {
			return page, nil
		}
	}
	var after peopleCursor
	if q.After != "" {
		raw, err := base64.RawURLEncoding.DecodeString(q.After)
		if err != nil || json.Unmarshal(raw, &after) != nil || strings.ContainsFunc(after.Fold, unprintable) {
			return page, errs.E(errs.Invalid, "error.bad_cursor")
		}
	}
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		page.People, err = db.List(tx, scanPerson, `SELECT `+personColumns("$13")+personFrom+`
			WHERE p.active <> $1 AND (p.fold, p.id) > ($2, $3) AND (p.site = $4 OR $4 = 0)
			AND ($5 = '' OR EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role = $5))
			AND EXISTS (SELECT 1 FROM district_name n WHERE n.person = p.id AND n.word >= $6 AND n.word < $7)
			AND EXISTS (SELECT 1 FROM district_name n WHERE n.person = p.id AND n.word >= $8 AND n.word < $9)
			AND EXISTS (SELECT 1 FROM district_name n WHERE n.person = p.id AND n.word >= $10 AND n.word < $11)
			ORDER BY p.fold, p.id LIMIT $12 + 0`,
			q.Gone, after.Fold, after.ID, q.Site, q.Role, w[0], prefixEnd(w[0]), w[1], prefixEnd(w[1]), w[2], prefixEnd(w[2]), q.Limit+1, db.Us(tx.Now()))
		if err != nil {
			return err
		}
		if len(page.People) > q.Limit {
			page.People = page.People[:q.Limit]
			last := page.People[q.Limit-1]
			raw, err := json.Marshal(peopleCursor{Fold(last.Name), last.ID})
			if err != nil {
				return err
			}
			page.Next = base64.RawURLEncoding.EncodeToString(raw)
		}
		return nil
	})
	if err != nil {
		return PeoplePage{}, fmt.Errorf("list people: %w", err)
	}
	return page, nil
}
