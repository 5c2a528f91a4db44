package app

import (
	"context"
	"crypto/subtle"
	"embed"
	"net/http"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// messages are the roof's own words: the bar of the example district and the
// titles of pages that belong to no module.
//
//go:embed messages/*.json
var messages embed.FS

// Demo makes a district an example that one walks through as different
// people, without passwords. It must never be set for a real district.
type Demo struct {
	Key    string // every link that signs somebody in carries it
	People []DemoPerson
}

// DemoPerson is somebody whose eyes a visitor can borrow.
type DemoPerson struct {
	Role   string // message key app.demo.role.<role>
	Name   string
	Person int64
}

// Path is the address that signs a visitor in as this person.
func (p DemoPerson) Path(key string) string { return "/demo/as/" + p.Role + "?key=" + key }

// bar draws who one is looking as; nil where there is no demonstration.
func (o *Demo) bar() func(ctx context.Context) templ.Component {
	if o == nil {
		return nil
	}
	return func(ctx context.Context) templ.Component {
		a := policy.ActorFrom(ctx)
		current := ""
		for _, p := range o.People {
			if p.Person == a.Person {
				current = p.Role
			}
		}
		return demoBar(o, current)
	}
}

// mount adds the doors of a demonstration: one to become somebody, and the
// gallery of parts.
func (o *Demo) mount(d *District, f *frame.Frame) {
	d.Web.Route("GET /demo/as/{role}", policy.Public, func(w http.ResponseWriter, r *http.Request) error {
		if subtle.ConstantTimeCompare([]byte(web.Query(r).Raw("key")), []byte(o.Key)) != 1 {
			return errs.E(errs.NotFound, "error.not_found")
		}
		for _, p := range o.People {
			if p.Role == r.PathValue("role") {
				return o.become(d, w, r, p)
			}
		}
		return errs.E(errs.NotFound, "error.not_found")
	})
	d.Web.Route("GET /demo", policy.Public, func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		// Its clock is not the visitor's.
		now := i18n.LongDate(ctx, f.Now(), f.Zone(ctx)) + ", " + i18n.Time(ctx, f.Now(), f.Zone(ctx))
		return f.Plain(w, r, frame.View{Title: i18n.T(ctx, "app.demo.title")}, demoPage(o, now))
	})
	d.Web.Route("GET /dev/parts", policy.Public, func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, ui.Gallery(ui.Page{Lang: i18n.Lang(r.Context()), Dir: i18n.Dir(r.Context()), Title: "Parts",
			Brand: ui.Brand{Name: "Parts", Href: "/demo"}, Words: frame.Words(r.Context())}, web.Query(r).String("shell")))
	})
}

func (o *Demo) become(d *District, w http.ResponseWriter, r *http.Request, p DemoPerson) error {
	ctx := district.AsPerson(r.Context(), district.PersonID(p.Person))
	var token string
	var s district.Session
	err := d.DB.Write(ctx, "look as "+p.Role, func(tx *db.Tx) (err error) {
		token, s, err = district.StartSession(tx, district.PersonID(p.Person), district.DescribeAgent(r.UserAgent()))
		return err
	})
	if err != nil {
		return err
	}
	web.SetSession(w, r, token, s.Expires)
	return web.Redirect(w, r, web.Next(r, "/"))
}

func (o *Demo) name(role string) string {
	for _, p := range o.People {
		if p.Role == role {
			return p.Name
		}
	}
	return ""
}

func (o *Demo) links(ctx context.Context) []ui.LinkItem {
	out := make([]ui.LinkItem, 0, len(o.People))
	for _, p := range o.People {
		out = append(out, ui.LinkItem{Href: p.Path(o.Key), Title: p.Name, Sub: i18n.T(ctx, "app.demo.role."+p.Role)})
	}
	return out
}
