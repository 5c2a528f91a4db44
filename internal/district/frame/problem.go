package frame

import (
	"context"

	"github.com/a-h/templ"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// ErrorPage draws a request that failed. What it says depends on the kind of
// failure and on the person alone, never on the address: what someone may not
// see reads like what does not exist.
func (f *Frame) ErrorPage(ctx context.Context, p web.Problem) templ.Component {
	props := ui.ProblemProps{Title: p.Title, Text: p.Text}
	for _, x := range p.Fields {
		props.Text += " " + x.Text
	}
	if p.RequestID != "" {
		props.Small = T(ctx, "frame.problem.number", "Number", p.RequestID)
	}
	props.Link = &ui.Link{Text: T(ctx, "frame.problem.start"), Href: "/"}
	if p.SignIn != "" {
		props.Link = &ui.Link{Text: T(ctx, "frame.problem.sign_in"), Href: p.SignIn}
	}
	if p.Fragment {
		return ui.Problem(props)
	}
	page := ui.Page{Lang: i18n.Lang(ctx), Dir: i18n.Dir(ctx), Words: Words(ctx), Brand: ui.Brand{Name: T(ctx, "frame.no_name")}}
	if p.Kind != errs.Internal && p.Kind != errs.Unavailable {
		// With the database in trouble the page has to do without it.
		if about, err := f.about(ctx); err == nil {
			page = about
		}
	}
	page.Title = p.Title
	if policy.ActorFrom(ctx).Kind == policy.Anonymous {
		page.Languages = languages(ctx, "")
	}
	return plainPage(ui.PlainPage{Page: page}, ui.Problem(props))
}
