package district_test

import (
	"maps"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/policy"
)

// A place keeps its name in addresses, whatever others are called later.
func TestSlugs(t *testing.T) {
	list := []district.Site{{ID: 7, Short: "Cedar Creek"}, {ID: 3, Short: "Marsh"}, {ID: 9, Short: "MARSH "}, {ID: 4, Short: "Peña & Núñez"}, {ID: 5, Short: "学校"}, {ID: 6, Short: "P.S. 12"}, {ID: 8, Short: "cedar  creek"}}
	want := map[district.SiteID]string{7: "cedar-creek", 3: "marsh", 9: "marsh-9", 4: "pena-nunez", 5: "place-5", 6: "p-s-12", 8: "cedar-creek-8"}
	got := district.Slugs(list)
	if !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
	seen := map[string]bool{}
	for _, s := range got {
		if seen[s] {
			t.Errorf("two places are %q", s)
		}
		seen[s] = true
	}
}

// Who helps and who leads where, by one grant each.
func TestWhoLeads(t *testing.T) {
	for _, c := range []struct {
		role          string
		site          int64
		overseer      bool
		reads         bool
		helps, leads  bool // at site 3
		leadsDistrict bool
	}{
		{"director", 0, true, true, true, false, false},
		{"admin", 0, true, true, true, false, false},
		{"agent", 0, true, true, true, false, false},
		{"agent", 4, true, true, false, false, false},
		{"tier1", 3, true, true, true, false, false},
		{"principal", 3, false, true, false, true, false},
		{"principal", 4, false, true, false, false, false},
		{"board", 0, true, false, false, false, true},
		{"teacher", 3, false, false, false, false, false},
		{"vendor", 0, false, false, false, false, false},
	} {
		a := policy.Actor{Kind: policy.Person, Person: 1, Grants: []policy.Grant{{Role: c.role, Scope: c.site}}}
		if district.Overseer.Permits(a) != c.overseer || district.PlaceReader.Permits(a) != c.reads || district.HelpsAt(a, 3) != c.helps ||
			district.LeadsAt(3).Permits(a) != c.leads || district.LeadsAt(0).Permits(a) != c.leadsDistrict {
			t.Errorf("%s at %d", c.role, c.site)
		}
	}
}
