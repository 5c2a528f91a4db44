package web

import (
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

func (p *pages) passwordForm(w http.ResponseWriter, r *http.Request) error {
	return p.drawPassword(w, r, nil)
}

func (p *pages) drawPassword(w http.ResponseWriter, r *http.Request, failed *frame.Failure) error {
	failed.Labels(r.Context(), passwordLabels)
	me, err := p.d.Me(r.Context())
	if err != nil {
		return err
	}
	return p.f.Help(w, r, p.accountStep(r, "account.password.title", failed), passwordPage(me.Email, failed))
}

// accountStep is a page one step below the account.
func (p *pages) accountStep(r *http.Request, title string, failed *frame.Failure) frame.View {
	ctx := r.Context()
	return frame.View{Title: t(ctx, title), Failed: failed, Done: saved(r), Back: &ui.Link{Text: t(ctx, "account.title"), Href: "/account"}}
}

// changePassword ends every session, so the browser that asked gets a new one.
func (p *pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	plain, s, err := p.d.ChangePassword(ctx, district.ChangePassword{
		Old: form.Raw("old"), New: form.Raw("new"), Agent: district.DescribeAgent(r.UserAgent()), Addr: web.ClientIP(ctx),
	})
	if failed, again := frame.Fail(ctx, err); again {
		return p.drawPassword(w, r, failed)
	}
	if err != nil {
		return err
	}
	return p.enter(w, r, plain, s, "/account?done=password")
}
