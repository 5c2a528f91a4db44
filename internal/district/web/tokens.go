package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

type tokensView struct {
	list    []token
	offered []string // scopes this person's tokens may have
	name    string
	scopes  []string
	days    string
	plain   string // a new token, shown once
	twice   bool   // the form was sent twice, and the first answer had it
	failed  *frame.Failure
}

// token is one API token as the page shows it.
type token struct {
	district.Token
	works   bool
	created ui.Moment
	seen    ui.Moment
	expires string
}

func (p *pages) tokens(w http.ResponseWriter, r *http.Request) error {
	return p.drawTokens(w, r, tokensView{days: "90"})
}

func (p *pages) drawTokens(w http.ResponseWriter, r *http.Request, v tokensView) error {
	ctx := r.Context()
	list, err := p.d.Tokens(ctx)
	if err != nil {
		return err
	}
	now, zone := p.f.Now(), p.f.Zone(ctx)
	for _, x := range list {
		x := token{Token: x, created: p.f.Moment(ctx, x.Created), works: x.Revoked.IsZero() && now.Before(x.Expires)}
		if !x.Seen.IsZero() {
			x.seen = p.f.Moment(ctx, x.Seen)
		}
		x.expires = i18n.Date(ctx, x.Expires, zone)
		// What ended long ago is of no interest to anybody.
		if x.works || now.Sub(latest(x.Revoked, x.Expires)) < 30*24*time.Hour {
			v.list = append(v.list, x)
		}
	}
	v.failed.Labels(ctx, tokenLabels)
	v.offered = district.ScopesFor(policy.ActorFrom(ctx))
	return p.f.Help(w, r, p.accountStep(r, "account.tokens.title", v.failed), tokensPage(v))
}

// latest is when a token stopped working.
func latest(revoked, expires time.Time) time.Time {
	if !revoked.IsZero() {
		return revoked
	}
	return expires
}

// makeToken answers with the page itself: the token is shown here and nowhere
// again, so nothing may keep the page.
func (p *pages) makeToken(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	web.NoStore(w)
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := tokensView{name: form.String("name"), scopes: form.Strings("scopes"), days: form.String("days")}
	c := district.CreateToken{Name: v.name, Scopes: v.scopes, Days: int(min(form.Int("days"), 1<<30))}
	if err = form.Err(); err == nil {
		v.plain, _, err = p.d.CreateToken(ctx, c)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawTokens(w, r, v)
	}
	if err != nil {
		return err
	}
	return p.drawTokens(w, r, tokensView{plain: v.plain, twice: v.plain == "", name: "", days: "90"})
}

func (p *pages) endToken(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	if err := p.d.RevokeToken(r.Context(), district.TokenID(id)); err != nil {
		return err
	}
	return web.Redirect(w, r, "/account/tokens?done=ended")
}

func (v tokensView) has(scope string) bool { return slices.Contains(v.scopes, scope) }

// tokenDays are how long a token may work.
var tokenDays = []string{"30", "90", "365"}

func daysOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, d := range tokenDays {
		n, _ := strconv.Atoi(d)
		out = append(out, ui.Option{Value: d, Text: t(ctx, "account.tokens.for_days", "Count", n)})
	}
	return out
}

// scopeText says what a scope allows.
func scopeText(ctx context.Context, scope string) string {
	return t(ctx, "account.scope."+strings.ReplaceAll(scope, ":", "_"))
}
