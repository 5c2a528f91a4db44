package web

import (
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/web"
)

type profileView struct {
	top     top
	version int64
	name    string
	zone    string
	lang    string
	team    district.TeamID
	teams   []district.Team
	failed  *frame.Failure
}

func (p *pages) profileForm(w http.ResponseWriter, r *http.Request) error {
	now, err := p.d.Profile(r.Context())
	if err != nil {
		return err
	}
	return p.drawProfile(w, r, profileView{version: now.Version, name: now.Name, zone: now.Zone, lang: now.Lang, team: now.HelpTeam})
}

func (p *pages) drawProfile(w http.ResponseWriter, r *http.Request, v profileView) error {
	ctx := r.Context()
	var err error
	if v.teams, err = p.d.Teams(ctx, false); err != nil {
		return err
	}
	v.failed.Labels(ctx, profileLabels)
	v.top = p.top(ctx, "district", t(ctx, "settings.district.title"))
	return p.f.Desk(w, r, settingsView(r, v.top.title, v.failed), profilePage(v))
}

func (p *pages) changeProfile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := profileView{version: form.Version(), name: form.String("name"), zone: form.String("zone"), lang: form.String("lang"), team: district.TeamID(form.ID("help_team"))}
	if err = form.Err(); err == nil {
		_, err = p.d.ChangeProfile(ctx, district.ChangeProfile{Version: v.version, Name: v.name, Zone: v.zone, Lang: v.lang, HelpTeam: v.team})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			now, err := p.d.Profile(ctx)
			if err != nil {
				return err
			}
			team, err := p.d.Team(ctx, now.HelpTeam)
			if err != nil {
				return err
			}
			v.version = now.Version
			differs(ctx, v.failed, "name", v.name, now.Name)
			differs(ctx, v.failed, "zone", v.zone, now.Zone, zoneText(ctx, now.Zone))
			differs(ctx, v.failed, "lang", v.lang, now.Lang, languageName(now.Lang))
			differs(ctx, v.failed, "help_team", v.team, now.HelpTeam, team.Name)
		}
		return p.drawProfile(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/district?done=saved")
}
