package past

import (
	"strconv"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

func itoa(n int) string { return strconv.Itoa(n) }

// names finds what a file names among what the district has. Whoever is not
// found is stood in for: a past makes nobody up.
type names struct {
	sites    map[string]district.SiteID // by name, or for short; of two with one name neither
	teams    map[string]district.TeamID
	services map[string]district.ServiceID
	mails    map[string]district.PersonID
	helpers  map[string]district.PersonID // by name; of two with one name neither
	helps    map[district.PersonID]bool
}

// readNames reads what the district has, once for a whole run.
func readNames(tx *db.Tx) (n names, err error) {
	n = names{map[string]district.SiteID{}, map[string]district.TeamID{}, map[string]district.ServiceID{}, map[string]district.PersonID{}, map[string]district.PersonID{}, map[district.PersonID]bool{}}
	short := map[string]district.SiteID{}
	for _, q := range []struct {
		text string
		put  func(id int64, a, b string)
	}{
		{`SELECT id, fold, short FROM district_site WHERE active`, func(id int64, a, b string) {
			one(n.sites, a, district.SiteID(id))
			one(short, district.Fold(b), district.SiteID(id))
		}},
		{`SELECT id, fold, name FROM district_team WHERE active`, func(id int64, a, _ string) { n.teams[a] = district.TeamID(id) }},
		{`SELECT id, fold, name FROM district_service WHERE active`, func(id int64, a, _ string) { n.services[a] = district.ServiceID(id) }},
		{`SELECT id, email_fold, name FROM district_person WHERE active AND email_fold IS NOT NULL`, func(id int64, a, _ string) { n.mails[a] = district.PersonID(id) }},
		{`SELECT p.id, p.fold, p.name FROM district_person p WHERE p.active AND EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role IN ` + district.HelperRolesSQL + `)`,
			func(id int64, a, _ string) {
				n.helps[district.PersonID(id)] = true
				one(n.helpers, a, district.PersonID(id))
			}},
	} {
		rows, err := tx.Query(q.text)
		if err != nil {
			return n, err
		}
		for rows.Next() {
			var id int64
			var a, b string
			if err := rows.Scan(&id, &a, &b); err != nil {
				rows.Close()
				return n, err
			}
			q.put(id, a, b)
		}
		err = rows.Err()
		rows.Close()
		if err != nil {
			return n, err
		}
	}
	for name, id := range short {
		if _, is := n.sites[name]; !is {
			n.sites[name] = id
		}
	}
	return n, nil
}

// one puts a name that only one may have: of two with one name neither is
// meant. Lincoln Elementary and Lincoln High are both Lincoln for short.
func one[ID ~int64](m map[string]ID, name string, id ID) {
	if _, two := m[name]; two {
		id = 0
	}
	m[name] = id
}

// asker is who asked: found by e-mail address alone, because whoever it is
// reads the request from then on, and two people may have one name.
func (n names) asker(s string) district.PersonID {
	if !strings.Contains(s, "@") {
		return 0
	}
	return n.mails[strings.ToLower(strings.TrimSpace(s))]
}

// owner is who had it: one who works the desk, by address or by name. Whoever
// owns a ticket sees it, so that an address alone is not enough.
func (n names) owner(s string) district.PersonID {
	if p := n.asker(s); p != 0 && n.helps[p] {
		return p
	}
	return n.helpers[district.Fold(s)]
}
