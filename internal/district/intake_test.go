package district_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

func (h *house) named(team district.TeamID, site district.SiteID) (n district.Named) {
	h.t.Helper()
	err := h.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, err = district.NamedPerson(tx, team, site)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) teamFor(service district.ServiceID, site district.SiteID) (id district.TeamID) {
	h.t.Helper()
	err := h.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		id, err = district.TeamFor(tx, service, site)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func TestWhoTakesCare(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		team := must(h.CreateTeam(h.sys, district.CreateTeam{Name: "Schools", Lead: h.rosa, Tier: 2, Members: []district.PersonID{h.rosa, h.dana, h.sam}}))(t)
		if n := h.named(team, h.marsh); n.Person != h.dana || !n.InBuilding || !n.Present {
			t.Errorf("at Marsh: %+v, want Dana in the building", n)
		}
		if n := h.named(team, h.oak); n.Person != h.dana || n.InBuilding || !n.Present {
			t.Errorf("at Oak: %+v, want the first by name, elsewhere", n)
		}
		if n := h.named(team, 0); n.Person != h.dana || n.InBuilding {
			t.Errorf("nowhere: %+v", n)
		}
		until := h.clock.Now().Add(time.Hour)
		for _, id := range []district.PersonID{h.dana, h.rosa} {
			h.away(id, until)
		}
		if n := h.named(team, h.marsh); n.Person != h.sam || n.InBuilding {
			t.Errorf("Dana away: %+v, want Sam", n)
		}
		h.away(h.sam, until)
		if n := h.named(team, h.marsh); n.Person != h.rosa || n.Present || n.InBuilding || !n.Away {
			t.Errorf("all away: %+v, want the lead", n)
		}
		h.answer(team, until.Add(-time.Microsecond), district.ByNobody, h.rosa)
		h.answer(team, until, district.ByMembers, h.dana, h.rosa, h.sam)

		var home district.Home
		err := h.db.Read(context.Background(), func(tx *db.Tx) (err error) {
			home, err = district.HomeOf(tx, h.tina)
			return err
		})
		if err != nil || home.SiteName != "Marsh Elementary School" || home.Email != "tina@jv.example" || home.Room != 0 {
			t.Errorf("home %+v, %v", home, err)
		}
	})
}

// answer requires who answers for a team at an instant, and how.
func (h *house) answer(team district.TeamID, at time.Time, how district.How, want ...district.PersonID) {
	h.t.Helper()
	err := h.db.Read(context.Background(), func(tx *db.Tx) error {
		got, as, err := district.Answers(tx, team, at)
		if !slices.Equal(got, want) || as != how {
			h.t.Errorf("%v answer for the team as %v, want %v as %v", got, as, want, how)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// When nobody of a team is here its work falls to whoever is next, one step
// after the other, and to its lead when everybody is away.
func TestStandIns(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		finn := h.person("Finn Marsh", "", h.oak, district.Grant{Role: district.RoleTier1, Site: h.oak})
		team := must(h.CreateTeam(h.sys, district.CreateTeam{Name: "Schools", Lead: finn, Tier: 1, Members: []district.PersonID{finn, h.dana}}))(t)
		help := must(h.Team(h.sys, h.help))(t)
		must(h.ChangeTeam(h.sys, district.ChangeTeam{ID: h.help, Version: help.Version, Name: help.Name, Tier: 2, Lead: h.sam, Members: []district.PersonID{h.sam}}))(t)
		now := h.clock.Now()
		away := func(ids ...district.PersonID) {
			t.Helper()
			for _, id := range ids {
				h.away(id, now.Add(time.Hour))
			}
		}
		h.answer(team, now, district.ByMembers, h.dana, finn)
		away(finn)
		h.answer(team, now, district.ByMembers, h.dana)
		away(h.dana)
		h.answer(team, now, district.ByHelpTeam, h.sam)
		if n := h.named(team, h.office); n.Person != h.sam || n.Present || n.Away || !n.InBuilding {
			t.Errorf("the help team stands in: %+v", n)
		}
		away(h.sam)
		h.answer(team, now, district.ByAdmins, h.rosa)
		h.answer(h.help, now, district.ByAdmins, h.rosa)
		away(h.rosa)
		h.answer(team, now, district.ByNobody, finn)
		h.answer(team, now.Add(time.Hour), district.ByMembers, h.dana, finn)
		// Somebody who left answers for nothing, and a lead need not be listed.
		put(h, `DELETE FROM district_member WHERE team = $1`, team)
		h.answer(team, now.Add(time.Hour), district.ByLead, finn)
		put(h, `DELETE FROM district_member WHERE team = $1`, h.help)
		put(h, `UPDATE district_person SET active = FALSE WHERE id = $1`, finn)
		h.answer(team, now.Add(time.Hour), district.ByHelpLead, h.sam)
	})
}

// put changes the database beneath the district.
func put(h *house, q string, args ...any) {
	h.t.Helper()
	err := h.db.Write(context.Background(), "test", func(tx *db.Tx) error {
		tx.Unlogged("test")
		_, err := tx.Exec(q, args...)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// What is here and what is away is asked in one file.
func TestOneRuleOfPresence(t *testing.T) {
	var found []string
	for _, dir := range []string{".", "../desk", "../desk/web", "web", "api"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(f, "_test.go") && bytes.Contains(text, []byte("district_absence")) {
				found = append(found, f)
			}
		}
	}
	if !slices.Equal(found, []string{"here.go"}) {
		t.Errorf("absences are read to decide in %v", found)
	}
}

// Whatever opens, closes and moves: a request always finds an open team, and
// the nearest one there is.
func TestTeamForIsTotal(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		teams := []district.TeamID{0, h.help}
		for _, n := range []string{"One", "Two", "Three"} {
			teams = append(teams, must(h.CreateTeam(h.sys, district.CreateTeam{Name: n, Lead: h.sam, Tier: 1}))(t))
		}
		var services []district.ServiceID
		for _, n := range []string{"Sign-in", "Gradebook"} {
			services = append(services, must(h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: n, Owner: h.sam, Cover: h.rosa}))(t))
		}
		sites := []district.SiteID{h.office, h.marsh, h.oak}
		rapid.Check(t, func(r *rapid.T) {
			team := rapid.SampledFrom(teams).Draw(r, "team")
			id := rapid.SampledFrom(services).Draw(r, "service")
			s := must(h.Service(h.sys, id))(t)
			st := must(h.Site(h.sys, rapid.SampledFrom(sites).Draw(r, "site")))(t)
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0:
				_, _ = h.ChangeService(h.sys, district.ChangeService{ID: id, Version: s.Version, Kind: s.Kind, Name: s.Name, Owner: s.Owner, Cover: s.Cover, Team: team})
			case 1:
				_, _ = h.ChangeSite(h.sys, district.ChangeSite{ID: st.ID, Version: st.Version, Name: st.Name, Level: st.Level, Zone: st.Zone, Team: team})
			case 2:
				p := must(h.Profile(h.sys))(t)
				_, _ = h.ChangeProfile(h.sys, district.ChangeProfile{Version: p.Version, Name: p.Name, Zone: p.Zone, Lang: p.Lang, HelpTeam: team})
			case 3:
				if s.Active {
					_, _ = h.CloseService(h.sys, id, s.Version)
				} else {
					_, _ = h.ReopenService(h.sys, id, s.Version)
				}
			case 4:
				if st.Active {
					_, _ = h.CloseSite(h.sys, st.ID, st.Version)
				} else {
					_, _ = h.ReopenSite(h.sys, st.ID, st.Version)
				}
			case 5:
				if team != 0 {
					tm := must(h.Team(h.sys, team))(t)
					if tm.Active {
						_, _ = h.CloseTeam(h.sys, team, tm.Version)
					} else {
						_, _ = h.ReopenTeam(h.sys, team, tm.Version)
					}
				}
			}
			for _, service := range append(services, 0, 999) {
				for _, site := range append(sites, 0, 999) {
					got := h.teamFor(service, site)
					if want := h.expectTeam(service, site); got != want {
						r.Fatalf("service %d at site %d: team %d, want %d", service, site, got, want)
					}
					if !must(h.Team(h.sys, got))(t).Active {
						r.Fatalf("team %d is closed", got)
					}
				}
			}
		})
	})
}

// expectTeam is the rule again, by reading.
func (h *house) expectTeam(service district.ServiceID, site district.SiteID) district.TeamID {
	open := func(id district.TeamID) bool {
		if id == 0 {
			return false
		}
		t, err := h.Team(h.sys, id)
		return err == nil && t.Active
	}
	if s, err := h.Service(h.sys, service); err == nil && s.Active && open(s.Team) {
		return s.Team
	}
	if s, err := h.Site(h.sys, site); err == nil && open(s.Team) {
		return s.Team
	}
	p, err := h.Profile(h.sys)
	if err != nil {
		h.t.Fatal(err)
	}
	return p.HelpTeam
}
