package web

import (
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// home is where people go who did not come for anything else.
const home = "/"

type signInView struct {
	email, next string
	failed      *frame.Failure
}

func (p *pages) signInForm(w http.ResponseWriter, r *http.Request) error {
	switch needs, err := p.d.NeedsSetUp(r.Context()); {
	case err != nil:
		return err
	case needs:
		return web.Redirect(w, r, "/setup")
	}
	next := web.Next(r, home)
	if policy.ActorFrom(r.Context()).Kind == policy.Person {
		return web.Redirect(w, r, next)
	}
	return p.drawSignIn(w, r, signInView{next: next})
}

func (p *pages) drawSignIn(w http.ResponseWriter, r *http.Request, v signInView) error {
	ctx := r.Context()
	v.failed.Labels(ctx, signInLabels)
	view := frame.View{Title: t(ctx, "signin.title"), Failed: v.failed, Still: true}
	switch r.URL.Query().Get("done") {
	case "out":
		view.Done = t(ctx, "signin.done.out")
	case "setup":
		view.Done = t(ctx, "signin.done.setup")
	}
	return p.f.Plain(w, r, view, signInPage(v))
}

func (p *pages) signIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := signInView{email: form.String("email"), next: web.Next(r, home)}
	plain, s, err := p.d.SignIn(ctx, district.SignIn{
		Email: form.Raw("email"), Password: form.Raw("password"),
		Agent: district.DescribeAgent(r.UserAgent()), Addr: web.ClientIP(ctx),
	})
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if errs.Is(err, errs.Invalid) {
			v.failed.Title = t(ctx, "signin.refused")
		}
		return p.drawSignIn(w, r, v)
	}
	if err != nil {
		return err
	}
	return p.enter(w, r, plain, s, v.next)
}

// enter gives the browser its session and sends it on. What one person chose
// on a shared computer is not the next one's language: everybody has a
// preference of their own.
func (p *pages) enter(w http.ResponseWriter, r *http.Request, plain string, s district.Session, next string) error {
	web.SetSession(w, r, plain, s.Expires)
	return web.Redirect(w, r, next)
}

// signOut is open to anyone: a session that has ended already must not keep
// somebody at a shared computer from leaving it clean.
func (p *pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if policy.ActorFrom(r.Context()).Kind == policy.Person {
		if err := p.d.SignOut(r.Context()); err != nil {
			return err
		}
	}
	web.ClearSession(w, r)
	return web.Redirect(w, r, "/sign-in?done=out")
}
