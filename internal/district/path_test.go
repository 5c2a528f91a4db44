package district_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

func (h *house) path(at district.PathID) (steps []district.Step) {
	h.t.Helper()
	err := h.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		if at.Plan {
			steps, err = district.PlanPathFor(tx, at.Site)
		} else {
			steps, err = district.PathFor(tx, at.Site, at.Service)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return steps
}

func (h *house) team(name string, tier int) district.TeamID {
	h.t.Helper()
	return must(h.CreateTeam(h.sys, district.CreateTeam{Name: name, Lead: h.sam, Tier: tier}))(h.t)
}

func TestPathIsTheClosest(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		library, data, vendor := h.team("Library", 1), h.team("Data", 2), h.team("Gradebook vendor", 3)
		grades := must(h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: "Gradebook", Owner: h.sam, Cover: h.rosa, Team: data}))(t)
		same := func(what string, at district.PathID, want ...district.Step) {
			t.Helper()
			if got := h.path(at); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		set := func(site district.SiteID, service district.ServiceID, plan bool, steps ...district.Step) {
			t.Helper()
			must(h.SetPath(h.sys, district.SetPath{PathID: district.PathID{Site: site, Service: service, Plan: plan}, Steps: steps}))(t)
		}
		marsh, gradesAtMarsh := district.PathID{Site: h.marsh}, district.PathID{Site: h.marsh, Service: grades}

		// Without any path: the site's team, then the service's or the help team.
		same("nothing set", marsh, district.Step{Tier: 2, Team: h.help})
		same("a service", gradesAtMarsh, district.Step{Tier: 2, Team: data})
		must(h.ChangeSite(h.sys, district.ChangeSite{ID: h.marsh, Version: 1, Name: "Marsh Elementary School", Level: district.LevelElementary, Team: library}))(t)
		same("a site's team", gradesAtMarsh, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: data})

		// One line for the service brings in the vendor, whoever helps at the school.
		set(0, grades, false, district.Step{Tier: 3, Team: vendor}, district.Step{Tier: 1}, district.Step{Tier: 2})
		same("service", gradesAtMarsh, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: data}, district.Step{Tier: 3, Team: vendor})
		same("service at Oak", district.PathID{Site: h.oak, Service: grades}, district.Step{Tier: 2, Team: data}, district.Step{Tier: 3, Team: vendor})
		set(0, 0, false, district.Step{Tier: 2, Team: data})
		set(h.marsh, 0, false, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: h.help})
		same("the service's before the site's", gradesAtMarsh, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: data}, district.Step{Tier: 3, Team: vendor})
		same("the site's before the district's", marsh, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: h.help})
		same("the district's", district.PathID{Site: h.oak}, district.Step{Tier: 2, Team: data})
		set(h.marsh, grades, false, district.Step{Tier: 2, Team: h.help})
		same("service at the site", gradesAtMarsh, district.Step{Tier: 2, Team: h.help})

		// Plans: as any request, until somebody says who coaches.
		same("plan", district.PathID{Site: h.marsh, Plan: true}, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: h.help})
		set(0, 0, true, district.Step{Tier: 2, Team: data})
		same("plan", district.PathID{Site: h.marsh, Plan: true}, district.Step{Tier: 2, Team: data})
		if err := h.db.Read(context.Background(), func(tx *db.Tx) error {
			coach, err := district.CoachFor(tx, h.marsh)
			if coach != data {
				t.Errorf("coach %d, want %d", coach, data)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}

		// Each way says by which path it goes.
		ways := must(h.Ways(h.as(h.dana), h.marsh))(t)
		by := func(i int, want district.PathID, version int64) {
			t.Helper()
			if w := ways[i]; w.By != want || !w.Set || w.Version != version {
				t.Errorf("way %d goes by %+v, version %d", i, w.By, w.Version)
			}
		}
		by(0, gradesAtMarsh, 1)
		by(1, marsh, 1)
		by(2, district.PathID{Plan: true}, 0)
		if len(ways) != 3 || ways[0].Service != grades || !ways[2].Plan || !slices.Equal(ways[2].Steps, []district.Step{{Tier: 2, Team: data}}) {
			t.Errorf("ways %+v", ways)
		}
		_, err := h.Way(h.sys, district.PathID{Site: h.marsh, Service: 999})
		refusedAs(t, err, errs.NotFound, "error.not_found")

		list := must(h.Paths(h.as(h.dana)))(t)
		if len(list) != 5 || list[0].PathID != (district.PathID{}) || !list[4].Plan || len(list[2].Steps) != 3 {
			t.Errorf("listed %+v", list)
		}
		// A team that stands on a path can't be closed; taken away, the next closest holds.
		_, err = h.CloseTeam(h.sys, vendor, 1)
		refusedAs(t, err, errs.Conflict, "district.team.still_used")
		if what := err.(*errs.Error).Args["What"]; what != "Gradebook" {
			t.Errorf("names %v", what)
		}
		set(h.marsh, grades, false)
		set(0, grades, false)
		same("taken away", gradesAtMarsh, district.Step{Tier: 1, Team: library}, district.Step{Tier: 2, Team: h.help})
		must(h.CloseTeam(h.sys, vendor, 1))(t)
	})
}

func TestPathRefusals(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		library, data, vendor, gone := h.team("Library", 1), h.team("Data", 2), h.team("Vendor", 3), h.team("Gone", 2)
		must(h.CloseTeam(h.sys, gone, 1))(t)
		grades := must(h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: "Gradebook", Owner: h.sam, Cover: h.rosa}))(t)
		for _, c := range []struct {
			field, key string
			at         district.PathID
			steps      []district.Step
		}{
			{"steps.1.team", "district.path.team_twice", district.PathID{}, []district.Step{{1, data}, {2, data}}},
			{"steps.1.tier", "district.path.tier_twice", district.PathID{}, []district.Step{{1, library}, {1, data}}},
			{"steps.0.tier", "field.unknown_choice", district.PathID{}, []district.Step{{0, library}}},
			{"steps.0.team", "district.path.closed", district.PathID{}, []district.Step{{2, gone}}},
			{"steps.0.team", "field.unknown_choice", district.PathID{}, []district.Step{{2, 999}}},
			{"steps.1.team", "district.path.no_vendor", district.PathID{}, []district.Step{{2, library}, {3, data}}},
			{"steps.1.team", "district.path.whose_vendor", district.PathID{}, []district.Step{{2, library}, {3, 0}}},
			{"steps.0.team", "district.path.is_vendor", district.PathID{}, []district.Step{{2, vendor}}},
			{"steps", "district.path.only_vendor", district.PathID{}, []district.Step{{3, vendor}}},
			{"steps", "district.path.no_way", district.PathID{}, []district.Step{{1, 0}, {3, vendor}}},
			{"site", "field.unknown_choice", district.PathID{Site: 999}, []district.Step{{2, data}}},
			{"service", "field.unknown_choice", district.PathID{Service: 999}, []district.Step{{2, data}}},
			{"service", "district.path.plan_service", district.PathID{Service: grades, Plan: true}, []district.Step{{2, data}}},
		} {
			_, err := h.SetPath(h.sys, district.SetPath{PathID: c.at, Steps: c.steps})
			field(t, err, c.field, c.key)
		}
		good := district.SetPath{Steps: []district.Step{{2, data}}}
		if v := must(h.SetPath(h.sys, good))(t); v != 1 {
			t.Errorf("version %d", v)
		}
		before := h.events("path.set")
		must(h.SetPath(h.sys, good))(t)
		if h.events("path.set") != before {
			t.Error("the same path was told again")
		}
		_, err := h.ChangeTeam(h.sys, district.ChangeTeam{ID: data, Version: 1, Name: "Data", Lead: h.sam, Tier: 3, Members: []district.PersonID{h.sam}})
		field(t, err, "tier", "district.path.stands_on")
		good.Version, good.Steps = 1, []district.Step{{1, library}, {2, data}}
		must(h.SetPath(h.sys, good))(t)
		_, err = h.SetPath(h.sys, good)
		refusedAs(t, err, errs.Precondition, "error.stale")
		good.Version, good.New = 0, true
		_, err = h.SetPath(h.sys, good)
		refusedAs(t, err, errs.Precondition, "error.stale")

		// What is closed keeps its path until it is taken away.
		ofGrades := district.PathID{Service: grades}
		must(h.SetPath(h.sys, district.SetPath{PathID: ofGrades, New: true, Steps: []district.Step{{2, data}}}))(t)
		must(h.CloseService(h.sys, grades, 1))(t)
		_, err = h.SetPath(h.sys, district.SetPath{PathID: ofGrades, Steps: []district.Step{{1, library}, {2, data}}})
		field(t, err, "service", "field.unknown_choice")
		if v := must(h.SetPath(h.sys, district.SetPath{PathID: ofGrades}))(t); v != 0 {
			t.Errorf("version %d", v)
		}
	})
}

// Whatever is set, opens and closes: a path leads somewhere, upwards, through
// open teams, none of them twice.
func TestPathIsTotal(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		teams := []district.TeamID{0, h.help, h.team("One", 1), h.team("Two", 2), h.team("Three", 3)}
		services := []district.ServiceID{0}
		for _, n := range []string{"Sign-in", "Gradebook"} {
			services = append(services, must(h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: n, Owner: h.sam, Cover: h.rosa, Team: teams[2]}))(t))
		}
		sites := []district.SiteID{0, h.marsh, h.oak}
		rapid.Check(t, func(r *rapid.T) {
			at := district.PathID{Site: rapid.SampledFrom(sites).Draw(r, "site"), Service: rapid.SampledFrom(services).Draw(r, "service"), Plan: rapid.Bool().Draw(r, "plan")}
			team := rapid.SampledFrom(teams[1:]).Draw(r, "team")
			switch rapid.IntRange(0, 3).Draw(r, "step") {
			case 0, 1:
				var steps []district.Step
				for tier := 1; tier <= 3; tier++ {
					if rapid.Bool().Draw(r, "has") {
						steps = append(steps, district.Step{Tier: tier, Team: rapid.SampledFrom(teams).Draw(r, "team")})
					}
				}
				_, _ = h.SetPath(h.sys, district.SetPath{PathID: at, Steps: steps})
			case 2:
				tm := must(h.Team(h.sys, team))(t)
				if tm.Active {
					_, _ = h.CloseTeam(h.sys, team, tm.Version)
				} else {
					_, _ = h.ReopenTeam(h.sys, team, tm.Version)
				}
			case 3:
				if at.Site != 0 {
					s := must(h.Site(h.sys, at.Site))(t)
					_, _ = h.ChangeSite(h.sys, district.ChangeSite{ID: s.ID, Version: s.Version, Name: s.Name, Level: s.Level, Zone: s.Zone, Team: team})
				}
			}
			for _, site := range append(sites, 999) {
				for _, service := range append(services, 999) {
					for _, plan := range []bool{false, true} {
						steps := h.path(district.PathID{Site: site, Service: service, Plan: plan})
						if len(steps) == 0 || steps[0].Tier == district.TierVendor {
							r.Fatalf("at %d for %d, plan %v: %v", site, service, plan, steps)
						}
						had := map[district.TeamID]bool{}
						for i, s := range steps {
							if had[s.Team] || !must(h.Team(h.sys, s.Team))(t).Active || i > 0 && s.Tier <= steps[i-1].Tier {
								r.Fatalf("at %d for %d, plan %v: %v", site, service, plan, steps)
							}
							had[s.Team] = true
						}
					}
				}
			}
		})
	})
}
