package district

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Grant is one role at one site; site 0 is the whole district.
type Grant struct {
	Role string
	Site SiteID
}

func compareGrants(a, b Grant) int {
	return cmp.Or(strings.Compare(a.Role, b.Role), cmp.Compare(a.Site, b.Site))
}

// checkGrants sorts the grants and refuses what no role means.
func checkGrants(in *errs.Check, list []Grant) []Grant {
	const field = "grants"
	if len(list) > 100 {
		in.Fail(field, "field.too_many", "Max", 100)
		return nil
	}
	out := slices.Clone(list)
	slices.SortFunc(out, compareGrants)
	out = slices.Compact(out)
	for _, g := range out {
		switch {
		case !slices.Contains(Roles, g.Role) || g.Site < 0:
			in.Fail(field, "field.unknown_choice")
		case g.Site != 0 && slices.Contains(wideRoles, g.Role):
			in.Fail(field, "district.grant.wide")
		case g.Site == 0 && slices.Contains(placedRoles, g.Role):
			in.Fail(field, "district.grant.placed")
		default:
			continue
		}
		return nil
	}
	return out
}

func setGrants(tx *db.Tx, id PersonID, list []Grant) error {
	if _, err := tx.Exec(`DELETE FROM district_grant WHERE person = $1`, id); err != nil {
		return err
	}
	for _, g := range list {
		if _, err := tx.Exec(`INSERT INTO district_grant (person, role, site) VALUES ($1, $2, $3)`, id, g.Role, g.Site); err != nil {
			return err
		}
	}
	return nil
}

// grantText is how the log writes grants: "admin@0 teacher@3". Who could do
// what when is not erased with a person.
func grantText(list []Grant) string {
	s := make([]string, len(list))
	for i, g := range list {
		s[i] = fmt.Sprintf("%s@%d", g.Role, g.Site)
	}
	return strings.Join(s, " ")
}

// readGrants reads what grantText wrote, in any order.
func readGrants(text string) ([]Grant, error) {
	var out []Grant
	for w := range strings.FieldsSeq(text) {
		role, site, _ := strings.Cut(w, "@")
		n, err := strconv.ParseInt(site, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read grant %q: %w", w, err)
		}
		out = append(out, Grant{role, SiteID(n)})
	}
	slices.SortFunc(out, compareGrants)
	return out, nil
}
