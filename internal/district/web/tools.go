package web

import (
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// ToolsPath is the page of what people rely on.
const ToolsPath = "/tools"

// tool is a service or duty as the page of tools shows it.
type tool struct {
	district.Service
	away bool   // its owner doesn't answer for it now
	now  string // who does, "" for nobody
}

type toolsView struct {
	services, duties []tool
	staff            bool // they may know who answers for it
	coverage         bool
	add              bool // they may add the first ones
}

// tools are what the district uses and who answers for each.
func (p *pages) tools(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := policy.ActorFrom(ctx)
	list, err := p.d.Services(ctx, false)
	if err != nil {
		return err
	}
	v := toolsView{staff: district.Staff.Permits(actor), coverage: p.Cover != nil && cover.Viewer.Permits(actor), add: district.Admin.Permits(actor)}
	answers := map[district.ServiceID]cover.Answer{}
	if v.coverage {
		if answers, err = p.Cover.Answering(ctx); err != nil {
			return err
		}
	}
	for _, s := range list {
		x := tool{Service: s}
		if a, known := answers[s.ID]; known {
			x.away, x.now = a.Person != s.Owner, a.Name
		}
		switch {
		case s.Kind == district.KindService:
			v.services = append(v.services, x)
		case v.staff:
			v.duties = append(v.duties, x)
		}
	}
	view := frame.View{Title: t(ctx, "tools.title"), Place: "tools", Wide: true}
	if district.Helper.Permits(actor) {
		return p.f.Desk(w, r, view, toolsPage(v))
	}
	return p.f.Help(w, r, view, toolsPage(v))
}

// icon is a service's own, or one for all that have none.
func (x tool) icon() string {
	switch {
	case x.Icon != "" && ui.HasIcon(x.Icon):
		return x.Icon
	case x.Kind == district.KindDuty:
		return "circle-check"
	}
	return "wrench"
}

// askHref begins a request about it.
func (x tool) askHref() string { return "/help?service=" + number(x.ID) }

func (p *pages) toolDoors(m *web.Mux) { m.Route("GET "+ToolsPath, policy.SignedIn, p.tools) }
