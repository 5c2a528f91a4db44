package district_test

import (
	"context"
	"sync"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/secret"
)

func TestSetUpOpensTheDistrictOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if need := must(h.NeedsSetUp(ctx))(t); !need {
			t.Fatal("nobody is here and set-up is not needed")
		}
		_, err := h.MakeSetupKey(ctx)
		refusedAs(t, err, errs.Unauthenticated, "error.unauthenticated")
		old := must(h.MakeSetupKey(h.sys))(t)
		key := must(h.MakeSetupKey(h.sys))(t)

		wrong, _ := secret.NewToken("setup")
		for _, k := range []string{"", "x", wrong, old} {
			_, _, err := h.SetUp(ctx, district.SetUp{Key: k}) // before anything else is looked at
			refusedAs(t, err, errs.Forbidden, "district.setup.refused")
		}
		bad := setUp(key)
		bad.Password, bad.Email, bad.Zone = "juniper valley", "nobody", "Mars/Olympus"
		_, _, err = h.SetUp(ctx, bad)
		field(t, err, "password", "field.password_personal")
		field(t, err, "email", "field.not_email")
		field(t, err, "zone", "district.zone.unknown")
		if n := h.count(`SELECT count(*) FROM district_site`); n != 0 {
			t.Fatalf("a refused set-up left %d sites", n)
		}

		// Ten at once with the same key: one gets in.
		var wg sync.WaitGroup
		errsOf := make([]error, 10)
		tokens := make([]string, 10)
		for i := range errsOf {
			wg.Go(func() { tokens[i], _, errsOf[i] = h.SetUp(ctx, setUp(key)) })
		}
		wg.Wait()
		winner := -1
		for i, err := range errsOf {
			if err == nil && winner < 0 {
				winner = i
				continue
			}
			refusedAs(t, err, errs.Forbidden, "district.setup.refused")
		}
		if winner < 0 {
			t.Fatal("nobody got in")
		}
		for q, want := range map[string]int64{
			`SELECT count(*) FROM district_profile`: 1, `SELECT count(*) FROM district_site`: 1, `SELECT count(*) FROM district_person`: 1,
			`SELECT count(*) FROM district_team`: 1, `SELECT count(*) FROM district_session`: 1, `SELECT count(*) FROM district_member`: 1,
		} {
			if n := h.count(q); n != want {
				t.Errorf("%s: %d, want %d", q, n, want)
			}
		}
		a := h.actor(tokens[winner])
		if !district.Admin.Permits(a) || !a.HasRole(district.RoleAgent) {
			t.Errorf("the first person has %v", a.Grants)
		}
		p := must(h.Profile(ctx))(t)
		if p.HelpTeam == 0 || p.Name != "Juniper Valley" || p.Lang != "en-US" {
			t.Errorf("profile %+v", p)
		}
		if need := must(h.NeedsSetUp(ctx))(t); need {
			t.Error("set-up is needed again")
		}
		_, err = h.MakeSetupKey(h.sys)
		refusedAs(t, err, errs.Conflict, "district.setup.done")
		if _, err := h.signIn("rosa@jv.example", password, ""); err != nil {
			t.Errorf("the first person can't sign in: %v", err)
		}
	})
}
