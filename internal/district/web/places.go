package web

import (
	"context"
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/web"
)

type placesView struct {
	top   top
	sites []district.Site
}

func (p *pages) places(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	sites, err := p.d.Sites(ctx, true)
	if err != nil {
		return err
	}
	title := t(ctx, "settings.places.title")
	return p.f.Desk(w, r, settingsView(r, title, nil), placesPage(placesView{p.top(ctx, "places", title), sites}))
}

// placeView is one site as its form shows it: what was typed, or what is
// saved.
type placeView struct {
	top        top
	id         district.SiteID // 0 for a new one
	active     bool
	version    int64
	name       string
	short      string
	level      string
	enrollment string
	titleOne   bool
	zone       string
	team       district.TeamID
	teams      []district.Team
	failed     *frame.Failure
}

func viewPlace(s district.Site) placeView {
	return placeView{id: s.ID, active: s.Active, version: s.Version, name: s.Name, short: s.Short, level: s.Level,
		enrollment: number(s.Enrollment), titleOne: s.TitleOne, zone: s.Zone, team: s.Team}
}

// readPlace is the form as it was sent.
func readPlace(form *web.Form) (v placeView, enrollment int64) {
	v = placeView{version: form.Version(), name: form.String("name"), short: form.String("short"), level: form.String("level"),
		enrollment: form.String("enrollment"), titleOne: form.Bool("title_one"), zone: form.String("zone"), team: district.TeamID(form.ID("team"))}
	return v, form.Int("enrollment")
}

func (p *pages) drawPlace(w http.ResponseWriter, r *http.Request, v placeView) error {
	ctx := r.Context()
	title := t(ctx, "settings.places.new")
	if v.id != 0 {
		title = v.name
		if v.failed != nil { // the heading names what is, not what was typed
			if s, err := p.d.Site(ctx, v.id); err == nil {
				title = s.Name
			}
		}
	}
	v.failed.Labels(ctx, placeLabels)
	v.top = p.top(ctx, "places", title)
	var err error
	if v.teams, err = p.d.Teams(ctx, false); err != nil {
		return err
	}
	return p.f.Desk(w, r, settingsView(r, title, v.failed), placePage(v))
}

func (p *pages) newPlace(w http.ResponseWriter, r *http.Request) error {
	return p.drawPlace(w, r, placeView{active: true})
}

func (p *pages) createPlace(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, enrollment := readPlace(form)
	v.active = true
	if err = form.Err(); err == nil {
		_, err = p.d.CreateSite(ctx, district.CreateSite{Name: v.name, Short: v.short, Level: v.level, Enrollment: enrollment, TitleOne: v.titleOne, Zone: v.zone, Team: v.team})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawPlace(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/places?done=added")
}

// siteAt is the site that the address names.
func (p *pages) siteAt(r *http.Request) (district.Site, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return district.Site{}, err
	}
	return p.d.Site(r.Context(), district.SiteID(id))
}

func (p *pages) place(w http.ResponseWriter, r *http.Request) error {
	s, err := p.siteAt(r)
	if err != nil {
		return err
	}
	return p.drawPlace(w, r, viewPlace(s))
}

func (p *pages) changePlace(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := p.siteAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, enrollment := readPlace(form)
	v.id, v.active = s.ID, s.Active
	if err = form.Err(); err == nil {
		_, err = p.d.ChangeSite(ctx, district.ChangeSite{ID: v.id, Version: v.version, Name: v.name, Short: v.short, Level: v.level, Enrollment: enrollment, TitleOne: v.titleOne, Zone: v.zone, Team: v.team})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			notePlace(ctx, &v, viewPlace(s), s.TeamName)
		}
		return p.drawPlace(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/places?done=saved")
}

// notePlace says what somebody else saved. Sending the form again now means
// it, so it carries the version that the person has read.
func notePlace(ctx context.Context, v *placeView, now placeView, team string) {
	v.version = now.version
	differs(ctx, v.failed, "name", v.name, now.name)
	differs(ctx, v.failed, "short", v.short, now.short)
	differs(ctx, v.failed, "level", v.level, now.level, t(ctx, "settings.level."+now.level))
	differs(ctx, v.failed, "enrollment", v.enrollment, now.enrollment)
	differs(ctx, v.failed, "title_one", v.titleOne, now.titleOne, yesNo(ctx, now.titleOne))
	differs(ctx, v.failed, "zone", v.zone, now.zone, zoneText(ctx, now.zone))
	differs(ctx, v.failed, "team", v.team, now.team, team)
}

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return t(ctx, "settings.yes")
	}
	return t(ctx, "settings.no")
}

func (p *pages) closePlace(w http.ResponseWriter, r *http.Request) error {
	return p.switchPlace(w, r, p.d.CloseSite, "closed")
}

func (p *pages) reopenPlace(w http.ResponseWriter, r *http.Request) error {
	return p.switchPlace(w, r, p.d.ReopenSite, "reopened")
}

// switchPlace closes or reopens. What can't be done says so on the site's own
// page.
func (p *pages) switchPlace(w http.ResponseWriter, r *http.Request, do func(context.Context, district.SiteID, int64) (int64, error), done string) error {
	ctx := r.Context()
	s, err := p.siteAt(r)
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
	if failed, again := frame.Fail(ctx, err); again {
		v := viewPlace(s)
		v.failed = failed
		return p.drawPlace(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/places?done="+done)
}
