package district_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"trellis/internal/district"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
)

func TestMessages(t *testing.T) {
	c, err := i18n.NewCatalogue(i18n.Messages, district.Messages)
	if err != nil {
		t.Fatal(err)
	}
	keycheck.Check(t, ".", c, keycheck.Options{Used: []string{"error.", "field."}})
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  Núñez\t María ": "nunez maria", "STRASSE": "strasse", "Straße": "strasse", "Łódź Øst Ægir": "lodz ost aegir",
		"Ｗｉｄｅ": "wide", "İstanbul": "istanbul", "e\u0301cole": "ecole", "zero\u200bwidth": "zerowidth", "": "",
	} {
		if got := district.Fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.String().Draw(r, "s")
		once := district.Fold(s)
		if twice := district.Fold(once); twice != once {
			r.Fatalf("%q folds to %q and then to %q", s, once, twice)
		}
	})
}

// What people may do grows along the policies, never shrinks.
func TestScopesAreKnown(t *testing.T) {
	for _, p := range []struct {
		role string
		want []string
	}{
		{district.RoleStudent, []string{district.ScopeRequestsRead, district.ScopeRequestsWrite, district.ScopeDistrictRead}},
		{district.RoleTier1, district.Scopes},
	} {
		got := district.ScopesFor(actorWith(p.role))
		for _, s := range got {
			if !slices.Contains(district.Scopes, s) {
				t.Errorf("%s is no scope", s)
			}
		}
		for _, s := range p.want {
			if !slices.Contains(got, s) {
				t.Errorf("%s lacks %s", p.role, s)
			}
		}
		if len(got) != len(p.want) {
			t.Errorf("%s has %v", p.role, got)
		}
	}
}
