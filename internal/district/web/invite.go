package web

import (
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/web"
)

type inviteView struct {
	token  string
	invite district.Invite
	failed *frame.Failure
}

func (p *pages) inviteForm(w http.ResponseWriter, r *http.Request) error {
	return p.drawInvite(w, r, inviteView{token: r.PathValue("token")})
}

// drawInvite shows the form, or says that the link is of no use any more. The
// address holds a secret, so nothing keeps the page.
func (p *pages) drawInvite(w http.ResponseWriter, r *http.Request, v inviteView) error {
	ctx := r.Context()
	web.NoStore(w)
	var err error
	v.invite, err = p.d.Invite(ctx, v.token)
	if errs.Is(err, errs.NotFound) {
		return p.f.Plain(w, r, frame.View{Title: t(ctx, "signin.invite.gone.title"), Status: http.StatusNotFound, Still: true}, inviteGonePage())
	}
	if err != nil {
		return err
	}
	v.failed.Labels(ctx, inviteLabels)
	return p.f.Plain(w, r, frame.View{Title: t(ctx, "signin.invite.title", "Name", v.invite.Name), Failed: v.failed, Still: true}, invitePage(v))
}

func (p *pages) acceptInvite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	plain, s, err := p.d.AcceptInvite(ctx, district.AcceptInvite{
		Token: token, Password: form.Raw("password"), Agent: district.DescribeAgent(r.UserAgent()),
	})
	failed, again := frame.Fail(ctx, err)
	if again || errs.Is(err, errs.NotFound) {
		return p.drawInvite(w, r, inviteView{token: token, failed: failed})
	}
	if err != nil {
		return err
	}
	return p.enter(w, r, plain, s, "/account?done=welcome")
}
