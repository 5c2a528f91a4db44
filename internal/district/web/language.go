package web

import (
	"context"
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// languageLink is where the menu's entries lead. For who is not signed in it
// is kept on this device alone. It becomes a person's preference too, but only
// if the link was pressed on a page of ours: a link elsewhere leads to the same
// question as a form.
func (p *pages) languageLink(w http.ResponseWriter, r *http.Request) error {
	to, next := offered(r.URL.Query().Get("to")), web.Next(r, home)
	signedIn := policy.ActorFrom(r.Context()).Kind == policy.Person
	pressed := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Site") == "same-origin"
	if to == "" || signedIn && !pressed {
		return p.askLanguage(w, r, to, nil)
	}
	return p.setLanguage(w, r, to, next)
}

func (p *pages) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	to := offered(form.String("to"))
	if to == "" {
		form.Fail("to", "field.unknown_choice")
		failed, _ := frame.Fail(r.Context(), form.Err())
		return p.askLanguage(w, r, "", failed)
	}
	return p.setLanguage(w, r, to, web.Next(r, home))
}

func (p *pages) askLanguage(w http.ResponseWriter, r *http.Request, to string, failed *frame.Failure) error {
	if to == "" {
		to = i18n.Lang(r.Context())
	}
	return p.f.Plain(w, r, frame.View{Title: t(r.Context(), "account.language.title"), Failed: failed, Still: true},
		languagePage(to, web.Next(r, home), failed.Field("to")))
}

func (p *pages) setLanguage(w http.ResponseWriter, r *http.Request, to, next string) error {
	if policy.ActorFrom(r.Context()).Kind == policy.Person {
		if err := p.preferLanguage(r.Context(), to); err != nil && !errs.Is(err, errs.NoSpace) {
			return err
		}
	}
	web.SetLanguage(w, r, to)
	return web.Redirect(w, r, next)
}

// preferLanguage changes one field of the person whatever else is being
// changed: it tries again from what is there now.
func (p *pages) preferLanguage(ctx context.Context, to string) (err error) {
	me, err := p.d.Me(ctx)
	if err != nil || me.Lang == to {
		return err
	}
	for range 3 {
		var own district.Person
		if own, err = p.d.Person(ctx, me.Person); err != nil {
			return err
		}
		_, err = p.d.ChangeMe(ctx, district.ChangeMe{Version: own.Version, Phone: own.Phone, Lang: to, Site: own.Site, Room: own.Room})
		if !errs.Is(err, errs.Precondition) {
			return err
		}
	}
	return err
}

// offered is the tag of a language that people can choose, "" for any other.
func offered(tag string) string {
	for _, l := range i18n.Offered() {
		if l.Tag == tag {
			return tag
		}
	}
	return ""
}
