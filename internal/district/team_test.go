package district_test

import (
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

func TestTeamRules(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		_, err := h.CreateTeam(h.sys, district.CreateTeam{Name: "technology", Lead: h.dana, Tier: 4})
		field(t, err, "tier", "field.unknown_choice")
		_, err = h.CreateTeam(h.sys, district.CreateTeam{Name: "technology", Lead: h.dana, Tier: 1, Members: []district.PersonID{h.sam}})
		field(t, err, "lead", "district.team.lead_not_member")
		_, err = h.CreateTeam(h.sys, district.CreateTeam{Name: "TECHNOLOGY", Lead: h.tina, Tier: 1})
		field(t, err, "name", "district.team.taken")
		field(t, err, "members", "district.team.member_no_helper")
		_, err = h.CreateTeam(h.sys, district.CreateTeam{Name: "Ghosts", Lead: 999, Tier: 1})
		field(t, err, "lead", "district.team.lead_inactive")

		id := must(h.CreateTeam(h.sys, district.CreateTeam{Name: "Schools", Lead: h.dana, Tier: 1, Members: []district.PersonID{h.sam, h.dana, h.sam}}))(t)
		team := must(h.Team(h.sys, id))(t)
		if team.LeadName != "Dana Whitfield" || len(team.Members) != 2 {
			t.Fatalf("%+v", team)
		}
		if me := must(h.Me(h.as(h.dana)))(t); len(me.Teams) != 1 || me.Teams[0] != id {
			t.Errorf("Dana is in %v", me.Teams)
		}
		change := district.ChangeTeam{ID: id, Version: 1, Name: "Schools", Lead: h.sam, Tier: 2, Members: []district.PersonID{h.sam, h.dana}}
		must(h.ChangeTeam(h.sys, change))(t)
		_, err = h.ChangeTeam(h.sys, change)
		refusedAs(t, err, errs.Precondition, "error.stale")
		change.Version, change.Members = 2, []district.PersonID{h.dana}
		_, err = h.ChangeTeam(h.sys, change)
		field(t, err, "lead", "district.team.lead_not_member")

		// Who is needed can't be closed.
		p := must(h.Profile(h.sys))(t)
		_, err = h.CloseTeam(h.sys, h.help, 1)
		refusedAs(t, err, errs.Conflict, "district.team.still_used")
		must(h.ChangeSite(h.sys, district.ChangeSite{ID: h.oak, Version: 1, Name: "Oak High School", Level: district.LevelHigh, Team: id}))(t)
		_, err = h.CloseTeam(h.sys, id, 2)
		refusedAs(t, err, errs.Conflict, "district.team.still_used")
		if what := err.(*errs.Error).Args["What"]; what != "Oak High School" {
			t.Errorf("names %v", what)
		}
		must(h.ChangeSite(h.sys, district.ChangeSite{ID: h.oak, Version: 2, Name: "Oak High School", Level: district.LevelHigh}))(t)
		must(h.CloseTeam(h.sys, id, 2))(t)
		_, err = h.ChangeProfile(h.sys, district.ChangeProfile{Version: p.Version, Name: p.Name, Zone: p.Zone, Lang: p.Lang, HelpTeam: id})
		field(t, err, "help_team", "field.unknown_choice")
		// Closed, it holds nobody back; opened again, its lead must be able.
		sam := must(h.Person(h.sys, h.sam))(t)
		must(h.ChangePerson(h.sys, changed(sam, func(c *district.ChangePerson) { c.Grants = nil })))(t)
		_, err = h.ReopenTeam(h.sys, id, 3)
		refusedAs(t, err, errs.Conflict, "district.team.reopen_lead")
	})
}

func TestServiceRules(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		good := district.CreateService{Kind: district.KindDuty, Name: "Licenses", Owner: h.tina, Cover: h.pat}
		for f, c := range map[string]struct {
			key string
			set func(*district.CreateService)
		}{
			"kind":  {"field.unknown_choice", func(c *district.CreateService) { c.Kind = "thing" }},
			"cover": {"district.service.cover_is_owner", func(c *district.CreateService) { c.Cover = c.Owner }},
			"owner": {"district.service.not_staff", func(c *district.CreateService) { c.Owner = h.olga }},
			"team":  {"field.unknown_choice", func(c *district.CreateService) { c.Team = 99 }},
			"icon":  {"field.unknown_choice", func(c *district.CreateService) { c.Icon = "<svg>" }},
		} {
			bad := good
			c.set(&bad)
			_, err := h.CreateService(h.sys, bad)
			field(t, err, f, c.key)
		}
		id := must(h.CreateService(h.sys, good))(t)
		_, err := h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: "LICENSES", Owner: h.sam, Cover: h.rosa})
		field(t, err, "name", "district.service.taken")
		if s := must(h.Service(h.as(h.olga), id))(t); s.Owner != 0 || s.OwnerName != "" || s.CoverName != "" || s.Name != "Licenses" {
			t.Errorf("a student reads %+v", s)
		}
		if s := must(h.Services(h.as(h.tina), false))(t); len(s) != 1 || s[0].OwnerName != "Tina O'Neil-Brown" {
			t.Errorf("a teacher reads %+v", s)
		}
		must(h.CloseService(h.sys, id, 1))(t)
		_, err = h.CloseService(h.sys, id, 1)
		refusedAs(t, err, errs.Precondition, "error.stale")
		tina := must(h.Person(h.sys, h.tina))(t)
		must(h.DeactivatePerson(h.sys, h.tina, tina.Version))(t)
		_, err = h.ReopenService(h.sys, id, 2)
		refusedAs(t, err, errs.Conflict, "district.service.reopen_people")
	})
}
