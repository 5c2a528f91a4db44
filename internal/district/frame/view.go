package frame

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// View is one page, without its content.
type View struct {
	Title  string   // translated; the browser's title, and usually the page's h1
	Place  string   // key of the place that this page belongs to
	Status int      // 200 when zero
	Failed *Failure // what is wrong with the form on the page, if it comes back
	Done   string   // what was just done, above the content
	Back   *ui.Link // Help only: above the content
	NoNav  bool     // Help only: the page is one step of a task
	Wide   bool
	Still  bool            // the page stays as it is: no event stream
	Head   templ.Component // more for the head

	// The rest is for Desk only.
	Search *ui.SearchBox // instead of the one that every desk page has
	Last   *ui.LastAction
	Keys   []ui.KeyHint
	Split  bool
	// Parts are elements by id that the browser may ask for alone.
	Parts map[string]templ.Component
}

// Help draws a page for people who ask.
func (f *Frame) Help(w http.ResponseWriter, r *http.Request, v View, body templ.Component) error {
	page, err := f.page(r, v)
	if err != nil {
		return err
	}
	p := ui.HelpPage{Page: page, Back: v.Back, Wide: v.Wide}
	if !v.NoNav {
		p.Nav = f.nav(r, v, OnHelp)
	}
	return web.Render(w, r, v.status(), helpPage(p, f.sheet(v, body)))
}

// Desk draws a page for people who help.
func (f *Frame) Desk(w http.ResponseWriter, r *http.Request, v View, body templ.Component) error {
	if part, ok := v.Parts[ui.Fragment(r)]; ok {
		title, err := f.title(r.Context(), v)
		if err != nil {
			return err
		}
		return web.Render(w, r, v.status(), partial(title, v.Last, part))
	}
	page, err := f.page(r, v)
	if err != nil {
		return err
	}
	p := ui.DeskPage{Page: page, Nav: f.nav(r, v, OnDesk), Search: v.Search, Last: v.Last, Keys: v.Keys, Split: v.Split, Wide: v.Wide}
	if p.Search == nil && f.d.DeskSearch != "" {
		p.Search = &ui.SearchBox{Action: f.d.DeskSearch}
	}
	return web.Render(w, r, v.status(), deskPage(p, f.sheet(v, body)))
}

// Plain draws a page that stands alone: sign-in, set-up.
func (f *Frame) Plain(w http.ResponseWriter, r *http.Request, v View, body templ.Component) error {
	page, err := f.page(r, v)
	if err != nil {
		return err
	}
	return web.Render(w, r, v.status(), plainPage(ui.PlainPage{Page: page, Wide: v.Wide}, f.sheet(v, body)))
}

func (v View) status() int {
	if v.Failed != nil {
		return v.Failed.Status()
	}
	return cmp.Or(v.Status, http.StatusOK)
}

// sheet is the content with what stands above it on any page. In a split page
// the panes fill the window, so only bad news goes above them.
func (f *Frame) sheet(v View, body templ.Component) templ.Component {
	return content(f.d.ReadOnly != nil && f.d.ReadOnly(), v, body)
}

// page is what all shells share.
func (f *Frame) page(r *http.Request, v View) (ui.Page, error) {
	p, err := f.about(r.Context())
	if err != nil {
		return p, err
	}
	p.Title, p.Errors, p.Head = v.Title, v.Failed != nil, v.Head
	p.Languages = languages(r.Context(), here(r))
	if f.d.Stream != nil && !v.Still && policy.ActorFrom(r.Context()).Kind == policy.Person {
		p.Stream = f.d.Stream(r.Context())
	}
	return p, nil
}

// title is what a part puts into the browser's tab: the same as the whole page.
func (f *Frame) title(ctx context.Context, v View) (string, error) {
	brand, err := f.brand(ctx)
	return ui.Page{Title: v.Title, Errors: v.Failed != nil, Brand: brand, Words: Words(ctx)}.FullTitle(), err
}

// nav are the places that the person may go to.
func (f *Frame) nav(r *http.Request, v View, on On) []ui.NavItem {
	ctx := r.Context()
	actor := policy.ActorFrom(ctx)
	var out []ui.NavItem
	for _, p := range f.d.Places {
		if p.On&on != 0 && p.Policy.Permits(actor) {
			out = append(out, ui.NavItem{Text: T(ctx, p.Message), Href: p.Href, Icon: p.Icon, Current: p.Key == v.Place})
		}
	}
	return out
}

// here is the address to come back to. A form that was sent can't be asked for
// again, but the page at its address can.
func here(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return r.URL.EscapedPath()
	}
	return r.URL.RequestURI()
}

// LanguagePath is where the language menu leads.
const LanguagePath = "/language"

func languageHref(tag, next string) string {
	q := url.Values{"to": {tag}}
	if next != "" && next != "/" && !strings.HasPrefix(next, LanguagePath) {
		q.Set("next", next)
	}
	return LanguagePath + "?" + q.Encode()
}
