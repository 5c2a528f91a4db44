package district_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

func (h *house) bearer(plain string) policy.Actor {
	h.t.Helper()
	a, err := district.TokenDoor{District: h.District}.Resolve(context.Background(), plain)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func TestTokens(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		dana := h.as(h.dana)
		plain, tok, err := h.CreateToken(dana, district.CreateToken{Name: "Nightly list", Scopes: []string{district.ScopeDeskRead, district.ScopeDeskRead}, Days: 30})
		if err != nil {
			t.Fatal(err)
		}
		a := h.bearer(plain)
		if a.Person != int64(h.dana) || a.Token != int64(tok.ID) || !slices.Equal(a.Scopes, []string{district.ScopeDeskRead}) || a.Session != 0 {
			t.Errorf("token speaks as %+v", a)
		}
		if !district.Helper.WithScope(district.ScopeDeskRead).Permits(a) || district.Helper.WithScope(district.ScopeDeskWrite).Permits(a) ||
			district.Helper.Permits(a) || district.Admin.WithScope(district.ScopeDeskRead).Permits(a) {
			t.Error("the token may more or less than its scope and its person")
		}
		// A token manages no credentials.
		bearer := policy.WithActor(context.Background(), a)
		_, _, err = h.CreateToken(bearer, district.CreateToken{Name: "Child", Scopes: []string{district.ScopeDeskRead}})
		refusedAs(t, err, errs.Forbidden, "error.forbidden")
		if _, err := h.Sessions(bearer); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a token lists sessions: %v", err)
		}
		// Its scope binds in methods too.
		if _, err := h.FindPeople(bearer, "sam", 5); !errs.Is(err, errs.Forbidden) {
			t.Errorf("desk:read found people: %v", err)
		}

		if list := must(h.Tokens(dana))(t); len(list) != 1 || list[0].Name != "Nightly list" || list[0].Seen != h.clock.Now() {
			t.Errorf("tokens %+v", list)
		}
		if err := h.RevokeToken(h.as(h.sam), tok.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("Sam revoked Dana's token: %v", err)
		}
		if err := h.RevokeToken(dana, tok.ID); err != nil {
			t.Fatal(err)
		}
		if h.bearer(plain).Kind != policy.Anonymous {
			t.Error("revoked and still good")
		}
		if err := h.RevokeToken(dana, tok.ID); err != nil {
			t.Errorf("revoking twice: %v", err)
		}

		plain, _, err = h.CreateToken(dana, district.CreateToken{Name: "Short", Scopes: []string{district.ScopeRequestsRead}, Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(24*time.Hour - time.Second)
		if h.bearer(plain).Kind != policy.Person {
			t.Error("ended before its day")
		}
		h.clock.Advance(time.Second)
		if h.bearer(plain).Kind != policy.Anonymous {
			t.Error("good after its day")
		}
		for _, bad := range []string{"", "trl_", plain + "x", "setup_" + plain[4:]} {
			if h.bearer(bad).Kind != policy.Anonymous {
				t.Errorf("%q is good", bad)
			}
		}
	})
}

func TestTokenScopesFollowRoles(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			who   district.PersonID
			scope string
			key   string
		}{
			{h.olga, district.ScopeRequestsWrite, ""},
			{h.olga, district.ScopeDeskRead, "district.token.scope"},
			{h.olga, district.ScopeDistrictWrite, "district.token.scope"},
			{h.tina, district.ScopeDeskRead, "district.token.scope"},
			{h.tina, district.ScopeDistrictWrite, ""},
			{h.sam, district.ScopeDeskWrite, ""},
			{h.sam, "everything", "field.unknown_choice"},
			{h.rosa, district.ScopeDistrictWrite, ""},
		} {
			_, _, err := h.CreateToken(h.as(c.who), district.CreateToken{Name: "t", Scopes: []string{c.scope}})
			if c.key == "" && err != nil {
				t.Errorf("%d %s: %v", c.who, c.scope, err)
			}
			if c.key != "" {
				field(t, err, "scopes", c.key)
			}
		}
		_, _, err := h.CreateToken(h.as(h.sam), district.CreateToken{Days: 366})
		field(t, err, "name", "field.required")
		field(t, err, "scopes", "field.required")
		field(t, err, "days", "field.too_large")

		// The command line makes one for somebody; nobody else does.
		plain, _, err := h.CreateToken(h.sys, district.CreateToken{For: h.sam, Name: "cli", Scopes: []string{district.ScopeDeskRead}})
		if err != nil || h.bearer(plain).Person != int64(h.sam) {
			t.Errorf("by the command line: %v", err)
		}
		_, _, err = h.CreateToken(h.as(h.rosa), district.CreateToken{For: h.sam, Name: "x", Scopes: []string{district.ScopeDeskRead}})
		refusedAs(t, err, errs.NotFound, "error.not_found")
		// The person's rights end the token's.
		p := must(h.Person(h.sys, h.sam))(t)
		must(h.DeactivatePerson(h.sys, h.sam, p.Version))(t)
		if h.bearer(plain).Kind != policy.Anonymous {
			t.Error("the token of somebody deactivated is good")
		}
	})
}

// A token sent for twice with one key is made once, and its secret is not kept
// beside the key.
func TestTokenIsMadeOncePerKey(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		ctx := idem.With(h.as(h.dana), idem.Key{Actor: "dana", Key: "key-0001-key-0001", Route: "POST /tokens"})
		make := func() (string, district.Token) {
			plain, tok, err := h.CreateToken(ctx, district.CreateToken{Name: "Once", Scopes: []string{district.ScopeDeskRead}})
			if err != nil {
				t.Fatal(err)
			}
			return plain, tok
		}
		plain, first := make()
		again, second := make()
		if again != "" || second.ID != first.ID || plain == "" {
			t.Errorf("first %q %d, again %q %d", plain, first.ID, again, second.ID)
		}
		if h.bearer(plain).Kind != policy.Person {
			t.Error("the token does not work")
		}
	})
}
