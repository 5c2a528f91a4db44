package district

import (
	"strconv"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// Overseer are those who look at how the week goes: who works the desk, and
// the board.
var Overseer = policy.Policy{Name: "overseer", Sentence: "people who work the desk, and the board", Allow: func(a policy.Actor) bool {
	return Helper.Allow(a) || LeadsAt(0).Allow(a)
}}

// PlaceReader are those who may see the page of a place; which place, its
// handler asks.
var PlaceReader = policy.Policy{Name: "place-reader", Sentence: "people who work the desk or lead a school", Allow: func(a policy.Actor) bool {
	return Helper.Allow(a) || a.Kind == policy.Person && a.HasRole(RolePrincipal)
}}

// LeadsAt are those who lead a site without working the desk; with site 0 the
// board.
func LeadsAt(site SiteID) policy.Policy {
	return policy.Policy{Name: "leader", Sentence: "people who lead", Allow: func(a policy.Actor) bool {
		if a.Kind != policy.Person {
			return false
		}
		if site == 0 {
			return a.HasRoleIn(0, RoleBoard)
		}
		return a.HasRoleIn(int64(site), RolePrincipal)
	}}
}

// HelpsAt reports whether an actor works the desk at a site, or everywhere.
func HelpsAt(a policy.Actor, site SiteID) bool {
	return a.Kind == policy.Person && a.HasRoleIn(int64(site), helperRoles...)
}

// Slugs are the names of sites in addresses, made from their short names:
// "marsh", "cedar-creek". list must have every site, closed ones too, so that
// of two with one name the older keeps it; the later one has its number behind.
func Slugs(list []Site) map[SiteID]string {
	first := map[string]SiteID{}
	for _, s := range list {
		if w := slug(s.Short); first[w] == 0 || s.ID < first[w] {
			first[w] = s.ID
		}
	}
	out := make(map[SiteID]string, len(list))
	for _, s := range list {
		w := slug(s.Short)
		switch {
		case w == "":
			w = "place-" + strconv.FormatInt(int64(s.ID), 10)
		case first[w] != s.ID:
			w += "-" + strconv.FormatInt(int64(s.ID), 10)
		}
		out[s.ID] = w
	}
	return out
}

// slug keeps the plain letters and digits of a name; all else parts words.
func slug(name string) string {
	var b strings.Builder
	for _, r := range Fold(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// Population is how many people each open site has: its students as enrolled,
// and the staff who are mostly there. It asks for no rights.
func Population(tx *db.Tx) (map[SiteID]int64, error) {
	type row struct {
		site SiteID
		n    int64
	}
	scan := func(r *db.Rows, x *row) error { return r.Scan(&x.site, &x.n) }
	enrolled, err := db.List(tx, scan, `SELECT s.id, s.enrollment FROM district_site s WHERE s.active`)
	if err != nil {
		return nil, err
	}
	staff, err := db.List(tx, scan, `SELECT p.site, count(DISTINCT p.id) FROM district_grant g JOIN district_person p ON p.id = g.person
		WHERE g.role IN `+StaffRolesSQL+` AND p.active AND p.site IS NOT NULL GROUP BY p.site`)
	out := make(map[SiteID]int64, len(enrolled))
	for _, x := range enrolled {
		out[x.site] = x.n
	}
	for _, x := range staff {
		if _, open := out[x.site]; open {
			out[x.site] += x.n
		}
	}
	return out, err
}
