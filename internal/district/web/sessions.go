package web

import (
	"net/http"

	"trellis/internal/district"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// device is one signed-in browser as the page shows it.
type device struct {
	district.Session
	name string
	seen ui.Moment
}

func (p *pages) sessions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.d.Sessions(ctx)
	if err != nil {
		return err
	}
	var out []device
	alike := map[string]int64{}
	for _, s := range list {
		name := s.Agent
		if name == "" {
			name = t(ctx, "account.devices.unknown")
		}
		// Two of a kind are told apart by ear too: every button names its own.
		if alike[name]++; alike[name] > 1 {
			name += " (" + number(alike[name]) + ")"
		}
		out = append(out, device{s, name, p.f.Moment(ctx, s.Seen)})
	}
	return p.f.Help(w, r, p.accountStep(r, "account.devices.title", nil), devicesPage(out))
}

func (p *pages) endSession(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	if err := p.d.Revoke(r.Context(), district.SessionID(id)); err != nil {
		return err
	}
	return web.Redirect(w, r, "/account/devices?done=ended")
}

func (p *pages) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	if _, err := p.d.RevokeOthers(r.Context()); err != nil {
		return err
	}
	return web.Redirect(w, r, "/account/devices?done=ended")
}
