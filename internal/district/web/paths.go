package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// paths are the pages about who helps first, and who after them.
func (p *pages) paths(m *web.Mux) {
	m.Route("GET "+pathsHref, district.Admin, p.pathsPage)
	m.Route("GET "+pathsHref+"/set", district.Admin, p.pathForm)
	m.Route("POST "+pathsHref+"/set", district.Admin, p.changePath)
}

const pathsHref = "/settings/paths"

// pathTo is a page of theirs about a place and what is wrong there; more are
// name, value pairs.
func pathTo(page string, at district.PathID, more ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if at.Site != 0 {
		q.Set("site", number(at.Site))
	}
	if at.Service != 0 {
		q.Set("service", number(at.Service))
	}
	if at.Plan {
		q.Set("plan", "1")
	}
	if len(q) == 0 {
		return pathsHref + page
	}
	return pathsHref + page + "?" + q.Encode()
}

// pathAsked is what the address names.
func pathAsked(r *http.Request) (district.PathID, error) {
	q := web.Query(r)
	at := district.PathID{Site: district.SiteID(q.ID("site")), Service: district.ServiceID(q.ID("service")), Plan: q.Bool("plan")}
	if q.Err() != nil || at.Plan && at.Service != 0 {
		return at, errs.E(errs.NotFound, "")
	}
	return at, nil
}

// stops are who helps at each tier, "" for nobody.
type stops [district.TierVendor]string

type pathsView struct {
	top    top
	site   district.SiteID
	places []ui.Option
	rows   []pathRow
	others []ui.LinkItem // paths that were set for something else
}

// pathRow is one line of the table: what somebody asks for, and who helps.
type pathRow struct {
	href, name string
	stops      stops
	by         string
	own        bool
}

// pathNames are what paths are told by.
type pathNames struct {
	ctx      context.Context
	sites    []district.Site
	services []district.Service
	teams    []district.Team
	set      []district.Path
}

func (p *pages) pathNames(ctx context.Context) (n pathNames, err error) {
	n.ctx = ctx
	if n.sites, err = p.d.Sites(ctx, true); err != nil {
		return n, err
	}
	if n.services, err = p.d.Services(ctx, true); err != nil {
		return n, err
	}
	if n.teams, err = p.d.Teams(ctx, true); err != nil {
		return n, err
	}
	n.set, err = p.d.Paths(ctx)
	return n, err
}

func (n pathNames) site(id district.SiteID) (s district.Site) {
	if i := slices.IndexFunc(n.sites, func(s district.Site) bool { return s.ID == id }); i >= 0 {
		s = n.sites[i]
	}
	return s
}

func (n pathNames) service(id district.ServiceID) (s district.Service) {
	if i := slices.IndexFunc(n.services, func(s district.Service) bool { return s.ID == id }); i >= 0 {
		s = n.services[i]
	}
	return s
}

// closed reports that no request goes by a path any more.
func (n pathNames) closed(at district.PathID) bool {
	return at.Site != 0 && !n.site(at.Site).Active || at.Service != 0 && !n.service(at.Service).Active
}

// of says for what a path holds.
func (n pathNames) of(at district.PathID) string {
	place, service := n.site(at.Site).Name, n.service(at.Service).Name
	switch {
	case at.Plan && at.Site != 0:
		return t(n.ctx, "paths.of.plan_at", "Place", place)
	case at.Plan:
		return t(n.ctx, "paths.of.plan")
	case at.Site != 0 && at.Service != 0:
		return t(n.ctx, "paths.of.service_at", "Service", service, "Place", place)
	case at.Service != 0:
		return t(n.ctx, "paths.of.service", "Service", service)
	case at.Site != 0:
		return t(n.ctx, "paths.of.any_at", "Place", place)
	}
	return t(n.ctx, "paths.of.any")
}

// what names the row of a table that is about one place.
func (n pathNames) what(at district.PathID) string {
	switch {
	case at.Plan:
		return t(n.ctx, "paths.plan")
	case at.Service != 0:
		return n.service(at.Service).Name
	}
	return t(n.ctx, "paths.any")
}

// steps are those of a path as it was set, or those that hold without any.
func (n pathNames) steps(at district.PathID, set bool) []district.Step {
	if set {
		if i := slices.IndexFunc(n.set, func(p district.Path) bool { return p.PathID == at }); i >= 0 {
			return n.set[i].Steps
		}
	}
	return []district.Step{{Tier: district.TierSchool}, {Tier: district.TierDistrict}}
}

// team names who helps at a step.
func (n pathNames) team(s district.Step) string {
	if s.Team == 0 && s.Tier == district.TierSchool {
		return t(n.ctx, "paths.own_team")
	}
	if s.Team == 0 {
		return t(n.ctx, "paths.service_team")
	}
	if i := slices.IndexFunc(n.teams, func(x district.Team) bool { return x.ID == s.Team }); i >= 0 {
		return n.teams[i].Name
	}
	return ""
}

// stops are who helps on a way. Of the district as a whole the school's own
// team is meant and not a certain one.
func (n pathNames) stops(w district.Way) (out stops) {
	for _, s := range w.Steps {
		out[s.Tier-1] = n.team(s)
	}
	if first := n.steps(w.By, w.Set)[0]; w.Site == 0 && first == (district.Step{Tier: district.TierSchool}) {
		out[0] = n.team(first)
	}
	return out
}

// by says who said so.
func (n pathNames) by(w district.Way) string {
	switch {
	case !w.Set:
		return t(n.ctx, "paths.by.nobody")
	case w.By == w.PathID:
		return t(n.ctx, "paths.by.own")
	}
	return t(n.ctx, "paths.by.other", "What", n.of(w.By))
}

func (p *pages) pathsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	at, err := pathAsked(r)
	if err != nil {
		return err
	}
	ways, err := p.d.Ways(ctx, at.Site)
	if err != nil {
		return err
	}
	n, err := p.pathNames(ctx)
	if err != nil {
		return err
	}
	v := pathsView{top: p.top(ctx, "paths", t(ctx, "paths.title")), site: at.Site, places: []ui.Option{{Text: t(ctx, "calendar.whole")}}}
	for _, s := range n.sites {
		if s.Active || s.ID == at.Site {
			v.places = append(v.places, ui.Option{Value: number(s.ID), Text: s.Name})
		}
	}
	for _, x := range ways {
		v.rows = append(v.rows, pathRow{pathTo("/set", x.PathID), n.what(x.PathID), n.stops(x), n.by(x), x.Set && x.By == x.PathID})
	}
	for _, x := range n.set {
		if x.Site != at.Site || n.closed(x.PathID) {
			item := ui.LinkItem{Href: pathTo("/set", x.PathID), Title: n.of(x.PathID)}
			if n.closed(x.PathID) {
				item.Tag = &ui.TagProps{Text: t(ctx, "settings.closed")}
			}
			v.others = append(v.others, item)
		}
	}
	view := pathsFrame(r, v.top.title, nil)
	view.Wide = true
	return p.f.Desk(w, r, view, pathsPage(v))
}

func pathsFrame(r *http.Request, title string, failed *frame.Failure) frame.View {
	view := settingsView(r, title, failed)
	view.Head = sheetLink()
	if r.URL.Query().Get("done") == "dropped" {
		view.Done = t(r.Context(), "paths.done.dropped")
	}
	return view
}

// pathView is one path as its form shows it: what was typed, or what holds.
type pathView struct {
	top     top
	at      district.PathID
	now     []ui.Fact // where it would go now
	by      string
	own     bool
	closed  bool
	version int64
	fields  [district.TierVendor]ui.FieldProps
	failed  *frame.Failure
}

// pathValues are what the fields of a path say, one a tier.
type pathValues [district.TierVendor]string

// anyTeam is the value of whoever it would be without the path.
const anyTeam = "any"

func tierField(tier int) string { return "tier_" + strconv.Itoa(tier) }

func valuesOf(steps []district.Step) (v pathValues) {
	for _, s := range steps {
		if v[s.Tier-1] = number(s.Team); s.Team == 0 {
			v[s.Tier-1] = anyTeam
		}
	}
	return v
}

var pathLabels = map[string]string{"tier_1": "settings.tier.1", "tier_2": "settings.tier.2", "tier_3": "settings.tier.3"}

// pathFields are the fields with their choices: teams that are open, and one
// that is chosen already.
func (n pathNames) fields(values pathValues, failed *frame.Failure) (out [district.TierVendor]ui.FieldProps) {
	for i := range out {
		tier := i + 1
		options := []ui.Option{{Text: t(n.ctx, "paths.nobody")}}
		if tier != district.TierVendor {
			options = append(options, ui.Option{Value: anyTeam, Text: n.team(district.Step{Tier: tier})})
		}
		for _, x := range n.teams {
			if chosen := number(x.ID) == values[i]; chosen || x.Active && (x.Tier == district.TierVendor) == (tier == district.TierVendor) {
				options = append(options, ui.Option{Value: number(x.ID), Text: x.Name})
			}
		}
		name := tierField(tier)
		out[i] = ui.FieldProps{Input: ui.Select, Name: name, Label: t(n.ctx, pathLabels[name]), Value: values[i], Options: options, Error: failed.Field(name)}
	}
	return out
}

// pathAt is the path that the address names, with what its form starts from.
func (p *pages) pathAt(r *http.Request) (v pathView, n pathNames, values pathValues, err error) {
	ctx := r.Context()
	if v.at, err = pathAsked(r); err != nil {
		return v, n, values, err
	}
	way, err := p.d.Way(ctx, v.at)
	if err != nil {
		return v, n, values, err
	}
	if n, err = p.pathNames(ctx); err != nil {
		return v, n, values, err
	}
	v.version, v.own, v.closed, v.by = way.Version, way.Version != 0, n.closed(v.at), n.by(way)
	for i, who := range n.stops(way) {
		if who != "" {
			v.now = append(v.now, ui.Fact{Name: t(ctx, pathLabels[tierField(i+1)]), Value: who})
		}
	}
	from := way.By
	if v.own {
		from = v.at
	}
	return v, n, valuesOf(n.steps(from, way.Set || v.own)), nil
}

func (p *pages) drawPath(w http.ResponseWriter, r *http.Request, v pathView, n pathNames, values pathValues) error {
	ctx := r.Context()
	v.failed.Labels(ctx, pathLabels)
	v.fields = n.fields(values, v.failed)
	v.top = p.top(ctx, "paths", n.of(v.at))
	return p.f.Desk(w, r, pathsFrame(r, v.top.title, v.failed), pathPage(v))
}

func (p *pages) pathForm(w http.ResponseWriter, r *http.Request) error {
	v, n, values, err := p.pathAt(r)
	if err != nil {
		return err
	}
	if v.closed && !v.own { // a form sent twice still finds what it did
		return errs.E(errs.NotFound, "")
	}
	return p.drawPath(w, r, v, n, values)
}

// readPath is the path that a form says.
func readPath(form *web.Form, at district.PathID) (cmd district.SetPath, typed pathValues) {
	cmd = district.SetPath{PathID: at, Version: form.Version()}
	cmd.New = cmd.Version == 0
	if form.String("do") == "drop" {
		return cmd, typed
	}
	for i := range typed {
		name := tierField(i + 1)
		s := district.Step{Tier: i + 1}
		if typed[i] = form.String(name); typed[i] == "" {
			continue
		}
		if typed[i] != anyTeam {
			s.Team = district.TeamID(form.ID(name))
		}
		cmd.Steps = append(cmd.Steps, s)
	}
	if len(cmd.Steps) == 0 {
		form.Fail(tierField(district.TierSchool), "paths.empty")
	}
	return cmd, typed
}

func (p *pages) changePath(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, n, values, err := p.pathAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	cmd, typed := readPath(form, v.at)
	dropped := form.String("do") == "drop"
	if dropped {
		typed = values
	}
	now := v.version
	v.version = cmd.Version
	if err = form.Err(); err == nil {
		_, err = p.d.SetPath(ctx, cmd)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		for i, s := range cmd.Steps {
			v.failed.Rename("steps."+strconv.Itoa(i)+".team", tierField(s.Tier))
		}
		v.failed.Rename("steps", tierField(district.TierDistrict))
		if v.failed.Stale() { // sending it again now means it
			v.version = now
			for i := range typed {
				text := t(ctx, "paths.nobody")
				for _, s := range n.steps(v.at, v.own) {
					if s.Tier == i+1 {
						text = n.team(s)
					}
				}
				differs(ctx, v.failed, tierField(i+1), typed[i], values[i], text)
			}
		}
		return p.drawPath(w, r, v, n, typed)
	}
	if err != nil {
		return err
	}
	done := "saved"
	if dropped {
		done = "dropped"
	}
	return web.Redirect(w, r, pathTo("", placeOf(v.at), "done", done))
}

// placeOf is the place of a path alone.
func placeOf(at district.PathID) district.PathID { return district.PathID{Site: at.Site} }
