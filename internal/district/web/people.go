package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

type peopleView struct {
	top   top
	query district.ListPeople
	list  []district.Person
	sites []district.Site
	next  string // address of the next page
}

// people is the list: searched by the beginnings of words, narrowed by place
// and role. Everything it depends on stands in the address.
func (p *pages) people(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := web.Query(r)
	v := peopleView{query: district.ListPeople{
		Query: q.String("q"), Site: district.SiteID(q.ID("site")), Role: q.String("role"), Gone: q.Bool("gone"), After: q.String("after"),
	}}
	if err := q.Err(); err != nil {
		return errs.E(errs.NotFound, "")
	}
	page, err := p.d.People(ctx, v.query)
	if err != nil {
		return err
	}
	v.list = page.People
	if v.sites, err = p.d.Sites(ctx, false); err != nil {
		return err
	}
	if page.Next != "" {
		a := url.Values{"after": {page.Next}}
		for _, name := range []string{"q", "site", "role", "gone"} {
			if s := q.String(name); s != "" {
				a.Set(name, s)
			}
		}
		v.next = "/settings/people?" + a.Encode()
	}
	v.top = p.top(ctx, "people", t(ctx, "settings.people.title"))
	return p.f.Desk(w, r, settingsView(r, v.top.title, nil), peoplePage(v))
}

func (v peopleView) searched() bool {
	return v.query.Query != "" || v.query.Site != 0 || v.query.Role != "" || v.query.Gone
}

func roleOptions(ctx context.Context, none string) []ui.Option {
	out := []ui.Option{{Text: none}}
	for _, role := range district.Roles {
		out = append(out, ui.Option{Value: role, Text: t(ctx, "settings.role."+role)})
	}
	return out
}

// roleNames are the roles of a person, each once, as a list shows them.
func roleNames(ctx context.Context, grants []district.Grant) string {
	var out []string
	for _, role := range district.Roles {
		if slices.ContainsFunc(grants, func(g district.Grant) bool { return g.Role == role }) {
			out = append(out, t(ctx, "settings.role."+role))
		}
	}
	return join(out)
}
