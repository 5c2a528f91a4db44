package web

import (
	"context"
	"net/http"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/web"
)

type teamsView struct {
	top  top
	list []district.Team
	help district.TeamID // takes what no other team does
}

func (p *pages) teams(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.d.Teams(ctx, true)
	if err != nil {
		return err
	}
	profile, err := p.d.Profile(ctx)
	if err != nil {
		return err
	}
	v := teamsView{p.top(ctx, "teams", t(ctx, "settings.teams.title")), list, profile.HelpTeam}
	return p.f.Desk(w, r, settingsView(r, v.top.title, nil), teamsPage(v))
}

// teamView is one team as its form shows it: what was typed, or what is saved.
type teamView struct {
	top     top
	id      district.TeamID // 0 for a new one
	active  bool
	version int64
	name    string
	tier    string
	lead    string
	members members
	failed  *frame.Failure
}

func (p *pages) viewTeam(ctx context.Context, x district.Team) (teamView, error) {
	v := teamView{id: x.ID, active: x.Active, version: x.Version, name: x.Name, tier: strconv.Itoa(x.Tier)}
	var ids []district.PersonID
	for _, m := range x.Members {
		ids = append(ids, m.ID)
	}
	var err error
	if v.members, err = p.membersOf(ctx, ids); err != nil {
		return v, err
	}
	for _, m := range v.members.people {
		if m.id == x.Lead {
			v.lead = m.name
		}
	}
	return v, nil
}

// read puts what was sent in place of what is saved and finds whom it names.
func (p *pages) readTeam(ctx context.Context, form *web.Form, v *teamView, now district.Team) (lead district.PersonID, all []district.PersonID, err error) {
	sent, was := readMembers(form, ""), v.lead
	v.version, v.name, v.tier, v.lead = form.Version(), form.String("name"), form.String("tier"), form.String("lead")
	v.members = v.members.typed(sent)
	if lead, err = p.findPerson(ctx, form, "lead", v.lead, now.Lead, was); err != nil {
		return 0, nil, err
	}
	if all, err = p.findMembers(ctx, form, sent); err != nil {
		return 0, nil, err
	}
	// Who leads a new team is in it without saying so twice.
	if now.ID == 0 && lead != 0 {
		all = append(all, lead)
	}
	return lead, all, form.Err()
}

func (p *pages) drawTeam(w http.ResponseWriter, r *http.Request, v teamView) error {
	ctx := r.Context()
	title := t(ctx, "settings.teams.new")
	if v.id != 0 {
		title = v.name
		if v.failed != nil {
			if x, err := p.d.Team(ctx, v.id); err == nil {
				title = x.Name
			}
		}
	}
	v.failed.Rename("members", "add")
	v.failed.Labels(ctx, teamLabels)
	v.top = p.top(ctx, "teams", title)
	return p.f.Desk(w, r, settingsView(r, title, v.failed), teamPage(v))
}

func (p *pages) newTeam(w http.ResponseWriter, r *http.Request) error {
	return p.drawTeam(w, r, teamView{active: true, tier: "1"})
}

func (p *pages) createTeam(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := teamView{active: true}
	lead, all, err := p.readTeam(ctx, form, &v, district.Team{})
	if err == nil {
		_, err = p.d.CreateTeam(ctx, district.CreateTeam{Name: v.name, Lead: lead, Tier: tierOf(v.tier), Members: all})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawTeam(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/teams?done=added")
}

func tierOf(s string) int {
	n, _ := strconv.Atoi(s) // 0 is refused by the district
	return n
}

func (p *pages) teamAt(r *http.Request) (district.Team, teamView, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return district.Team{}, teamView{}, err
	}
	x, err := p.d.Team(r.Context(), district.TeamID(id))
	if err != nil {
		return x, teamView{}, err
	}
	v, err := p.viewTeam(r.Context(), x)
	return x, v, err
}

func (p *pages) team(w http.ResponseWriter, r *http.Request) error {
	_, v, err := p.teamAt(r)
	if err != nil {
		return err
	}
	return p.drawTeam(w, r, v)
}

func (p *pages) changeTeam(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, v, err := p.teamAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	now := v
	lead, all, err := p.readTeam(ctx, form, &v, x)
	if err == nil {
		_, err = p.d.ChangeTeam(ctx, district.ChangeTeam{ID: x.ID, Version: v.version, Name: v.name, Lead: lead, Tier: tierOf(v.tier), Members: all})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			noteTeam(ctx, &v, now, all)
		}
		return p.drawTeam(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/teams?done=saved")
}

func noteTeam(ctx context.Context, v *teamView, now teamView, typed []district.PersonID) {
	v.version = now.version
	differs(ctx, v.failed, "name", v.name, now.name)
	differs(ctx, v.failed, "tier", v.tier, now.tier, t(ctx, "settings.tier."+now.tier))
	differs(ctx, v.failed, "lead", v.lead, now.lead)
	var ids []district.PersonID
	var names []string
	for _, m := range now.members.people {
		ids, names = append(ids, m.id), append(names, m.name)
	}
	differs(ctx, v.failed, "add", idText(typed), idText(ids), join(names))
}

func (p *pages) closeTeam(w http.ResponseWriter, r *http.Request) error {
	return p.switchTeam(w, r, p.d.CloseTeam, "closed")
}

func (p *pages) reopenTeam(w http.ResponseWriter, r *http.Request) error {
	return p.switchTeam(w, r, p.d.ReopenTeam, "reopened")
}

func (p *pages) switchTeam(w http.ResponseWriter, r *http.Request, do func(context.Context, district.TeamID, int64) (int64, error), done string) error {
	ctx := r.Context()
	x, v, err := p.teamAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	version := form.Version()
	if err = form.Err(); err == nil {
		_, err = do(ctx, x.ID, version)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawTeam(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/teams?done="+done)
}
