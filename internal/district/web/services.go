package web

import (
	"context"
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/web"
)

type servicesView struct {
	top              top
	services, duties []district.Service
}

func (p *pages) services(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.d.Services(ctx, true)
	if err != nil {
		return err
	}
	v := servicesView{top: p.top(ctx, "services", t(ctx, "settings.services.title"))}
	for _, s := range list {
		if s.Kind == district.KindDuty {
			v.duties = append(v.duties, s)
		} else {
			v.services = append(v.services, s)
		}
	}
	return p.f.Desk(w, r, settingsView(r, v.top.title, nil), servicesPage(v))
}

// serviceView is one service or duty as its form shows it: what was typed, or
// what is saved.
type serviceView struct {
	top          top
	id           district.ServiceID // 0 for a new one
	active       bool
	version      int64
	kind         string
	name         string
	icon         string
	owner, cover string
	team         district.TeamID
	teams        []district.Team
	failed       *frame.Failure
}

func (p *pages) viewService(ctx context.Context, s district.Service) (serviceView, error) {
	v := serviceView{id: s.ID, active: s.Active, version: s.Version, kind: s.Kind, name: s.Name, icon: s.Icon, team: s.Team}
	for to, id := range map[*string]district.PersonID{&v.owner: s.Owner, &v.cover: s.Cover} {
		who, err := p.d.Person(ctx, id)
		if err != nil {
			return v, err
		}
		*to = label(who.Name, who.Email)
	}
	return v, nil
}

// readService puts what was sent in place of what is saved and finds whom it
// names.
func (p *pages) readService(ctx context.Context, form *web.Form, v *serviceView, now district.Service) (owner, cover district.PersonID, err error) {
	was := *v
	v.version, v.kind, v.name, v.icon = form.Version(), form.String("kind"), form.String("name"), form.String("icon")
	v.owner, v.cover, v.team = form.String("owner"), form.String("cover"), district.TeamID(form.ID("team"))
	if owner, err = p.findPerson(ctx, form, "owner", v.owner, now.Owner, was.owner); err != nil {
		return 0, 0, err
	}
	if cover, err = p.findPerson(ctx, form, "cover", v.cover, now.Cover, was.cover); err != nil {
		return 0, 0, err
	}
	return owner, cover, form.Err()
}

func (p *pages) drawService(w http.ResponseWriter, r *http.Request, v serviceView) error {
	ctx := r.Context()
	title := t(ctx, "settings.services.new")
	if v.id != 0 {
		title = v.name
		if v.failed != nil {
			if s, err := p.d.Service(ctx, v.id); err == nil {
				title = s.Name
			}
		}
	}
	var err error
	if v.teams, err = p.d.Teams(ctx, false); err != nil {
		return err
	}
	v.failed.Labels(ctx, serviceLabels)
	v.top = p.top(ctx, "services", title)
	return p.f.Desk(w, r, settingsView(r, title, v.failed), servicePage(v))
}

func (p *pages) newService(w http.ResponseWriter, r *http.Request) error {
	kind := district.KindService
	if r.URL.Query().Get("kind") == district.KindDuty {
		kind = district.KindDuty
	}
	return p.drawService(w, r, serviceView{active: true, kind: kind})
}

func (p *pages) createService(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := serviceView{active: true}
	owner, cover, err := p.readService(ctx, form, &v, district.Service{})
	if err == nil {
		_, err = p.d.CreateService(ctx, district.CreateService{Kind: v.kind, Name: v.name, Icon: v.icon, Owner: owner, Cover: cover, Team: v.team})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawService(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/services?done=added")
}

func (p *pages) serviceAt(r *http.Request) (district.Service, serviceView, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return district.Service{}, serviceView{}, err
	}
	s, err := p.d.Service(r.Context(), district.ServiceID(id))
	if err != nil {
		return s, serviceView{}, err
	}
	v, err := p.viewService(r.Context(), s)
	return s, v, err
}

func (p *pages) service(w http.ResponseWriter, r *http.Request) error {
	_, v, err := p.serviceAt(r)
	if err != nil {
		return err
	}
	return p.drawService(w, r, v)
}

func (p *pages) changeService(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, v, err := p.serviceAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	now := v
	owner, cover, err := p.readService(ctx, form, &v, s)
	if err == nil {
		_, err = p.d.ChangeService(ctx, district.ChangeService{ID: s.ID, Version: v.version, Kind: v.kind, Name: v.name, Icon: v.icon, Owner: owner, Cover: cover, Team: v.team})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			v.version = now.version
			differs(ctx, v.failed, "kind", v.kind, now.kind, t(ctx, "settings.services.kind."+now.kind))
			differs(ctx, v.failed, "name", v.name, now.name)
			differs(ctx, v.failed, "icon", v.icon, now.icon, iconText(ctx, now.icon))
			differs(ctx, v.failed, "owner", v.owner, now.owner)
			differs(ctx, v.failed, "cover", v.cover, now.cover)
			differs(ctx, v.failed, "team", v.team, now.team, s.TeamName)
		}
		return p.drawService(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/services?done=saved")
}

func (p *pages) closeService(w http.ResponseWriter, r *http.Request) error {
	return p.switchService(w, r, p.d.CloseService, "closed")
}

func (p *pages) reopenService(w http.ResponseWriter, r *http.Request) error {
	return p.switchService(w, r, p.d.ReopenService, "reopened")
}

func (p *pages) switchService(w http.ResponseWriter, r *http.Request, do func(context.Context, district.ServiceID, int64) (int64, error), done string) error {
	ctx := r.Context()
	s, v, err := p.serviceAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	version := form.Version()
	if err = form.Err(); err == nil {
		_, err = do(ctx, s.ID, version)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawService(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/services?done="+done)
}
