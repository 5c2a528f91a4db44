package district_test

import (
	"context"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// A past can come before anybody is here. Those who stand in for what it names
// are nobody: the set-up still waits, and no list offers them.
func TestAPastComesBeforeTheSetUp(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if err := h.Name(h.sys, "technology", "UTC"); err != nil {
			t.Fatal(err)
		}
		var stand district.StandIns
		if err := h.db.Write(h.sys, "stand in", func(tx *db.Tx) (err error) {
			stand, err = district.AddStandIns(tx, "technology", "")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if need := must(h.NeedsSetUp(ctx))(t); !need {
			t.Fatal("somebody who stands in counts as somebody")
		}
		key := must(h.MakeSetupKey(h.sys))(t)
		_, _, err := h.SetUp(ctx, setUp(key))
		field(t, err, "team", "district.team.taken")
		c := setUp(key) // the key is not used up
		c.Team = "Help desk"
		token, _, err := h.SetUp(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if need := must(h.NeedsSetUp(ctx))(t); need {
			t.Error("set-up is needed again")
		}
		if p := must(h.Profile(ctx))(t); p.Name != "Juniper Valley" || p.Zone != "America/Denver" || p.HelpTeam == 0 || p.HelpTeam == stand.Team {
			t.Errorf("profile %+v", p)
		}
		asRosa := policy.WithActor(ctx, h.actor(token))
		if sites := must(h.Sites(asRosa, false))(t); len(sites) != 1 || sites[0].ID == stand.Site {
			t.Errorf("%+v", sites)
		}
		if teams := must(h.Teams(asRosa, false))(t); len(teams) != 1 || teams[0].ID == stand.Team {
			t.Errorf("%+v", teams)
		}
		if people := must(h.FindPeople(asRosa, "technology", 10))(t); len(people) != 0 {
			t.Errorf("%+v", people)
		}
	})
}
