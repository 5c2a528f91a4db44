package web

import (
	"context"
	"net/http"
	"slices"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/ui"
)

// section is one part of the settings.
type section struct{ key, href, title, text, icon string }

// Section is a part of the settings that another module draws. Title and Text
// are message keys.
type Section struct{ Key, Href, Title, Text, Icon string }

// SettingsTabs are the tabs above a page that another module adds to the
// settings under a key.
func SettingsTabs(deps Deps, current string) func(context.Context) []ui.Tab {
	p := &pages{Deps: deps}
	return func(ctx context.Context) []ui.Tab { return p.top(ctx, current, "").tabs }
}

// sections are the parts that exist, in the order of the tabs.
func (p *pages) sections() []section {
	out := []section{
		{"places", "/settings/places", "settings.places.title", "settings.places.text", "school"},
		{"people", "/settings/people", "settings.people.title", "settings.people.text", "users"},
		{"teams", "/settings/teams", "settings.teams.title", "settings.teams.text", "headphones"},
		{"services", "/settings/services", "settings.services.title", "settings.services.text", "activity"},
		{"paths", pathsHref, "paths.title", "paths.text", "arrow-right"},
		{"calendar", "/settings/calendar", "calendar.title", "calendar.text", "calendar"},
	}
	for _, s := range p.Sections {
		out = append(out, section{s.Key, s.Href, s.Title, s.Text, s.Icon})
	}
	if p.Private != nil {
		out = append(out, section{"private", "/settings/private", "settings.private.title", "settings.private.text", "lock"})
	}
	return append(out, section{"district", "/settings/district", "settings.district.title", "settings.district.text", "building"})
}

// top is what stands above every page of the settings.
type top struct {
	title string
	tabs  []ui.Tab
}

func (p *pages) top(ctx context.Context, current, title string) top {
	tabs := []ui.Tab{{Text: t(ctx, "settings.overview"), Href: "/settings", Current: current == ""}}
	for _, s := range p.sections() {
		tabs = append(tabs, ui.Tab{Text: t(ctx, s.title), Href: s.href, Current: s.key == current})
	}
	return top{title, tabs}
}

// settingsView is a page of the settings.
func settingsView(r *http.Request, title string, failed *frame.Failure) frame.View {
	return frame.View{Title: title, Failed: failed, Done: saved(r)}
}

// step is one thing to do so that the district can start, done or not.
type step struct {
	text, href string
	done       bool
}

func (p *pages) overview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	steps, err := p.steps(ctx)
	if err != nil {
		return err
	}
	title := t(ctx, "settings.title")
	return p.f.Desk(w, r, settingsView(r, title, nil), overviewPage(p.top(ctx, "", title), steps, p.sections()))
}

// steps looks at what is really there: nothing is ticked off by hand.
func (p *pages) steps(ctx context.Context) ([]step, error) {
	var out []step
	add := func(key, href string, done bool) { out = append(out, step{t(ctx, key), href, done}) }
	for _, k := range p.Tasks {
		done, err := k.Done(ctx)
		if err != nil {
			return nil, err
		}
		add(k.Message, k.Href, done)
	}
	sites, err := p.d.Sites(ctx, false)
	if err != nil {
		return nil, err
	}
	add("settings.step.places", "/settings/places", len(sites) > 1)
	rooms, err := p.anyRoom(ctx, sites)
	if err != nil {
		return nil, err
	}
	add("settings.step.rooms", "/settings/places", rooms)
	helpers, err := p.helpers(ctx)
	if err != nil {
		return nil, err
	}
	add("settings.step.helpers", "/settings/people/new", helpers > 1)
	services, err := p.d.Services(ctx, false)
	if err != nil {
		return nil, err
	}
	add("settings.step.services", "/settings/services/new", len(services) >= 3)
	if p.Private != nil {
		kinds, err := p.Private.PrivateKinds(ctx)
		if err != nil {
			return nil, err
		}
		named := !slices.ContainsFunc(kinds, func(k PrivateKind) bool { return len(k.People) == 0 })
		add("settings.step.private", "/settings/private", named)
	}
	return out, nil
}

func (p *pages) anyRoom(ctx context.Context, sites []district.Site) (bool, error) {
	for _, s := range sites {
		rooms, err := p.d.Rooms(ctx, s.ID, false)
		if err != nil || len(rooms) > 0 {
			return len(rooms) > 0, err
		}
	}
	return false, nil
}

// helpers counts the people who work the desk, up to two.
func (p *pages) helpers(ctx context.Context) (int, error) {
	found := map[district.PersonID]bool{}
	for _, role := range []string{district.RoleAgent, district.RoleTier1} {
		list, err := p.d.People(ctx, district.ListPeople{Role: role, Limit: 2})
		if err != nil {
			return 0, err
		}
		for _, x := range list.People {
			found[x.ID] = true
		}
	}
	return len(found), nil
}

func doneSteps(steps []step) (n int) {
	for _, s := range steps {
		if s.done {
			n++
		}
	}
	return n
}
