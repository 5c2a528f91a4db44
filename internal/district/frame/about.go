package frame

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
)

// about is what pages say of the district and of the person, whatever page it
// is.
func (f *Frame) about(ctx context.Context) (ui.Page, error) {
	p := ui.Page{Lang: i18n.Lang(ctx), Dir: i18n.Dir(ctx), Words: Words(ctx)}
	var err error
	if p.Brand, err = f.brand(ctx); err != nil {
		return p, err
	}
	if f.d.Demo != nil {
		p.Demo = f.d.Demo(ctx)
	}
	if a := policy.ActorFrom(ctx); a.Kind == policy.Person {
		p.Person = strconv.FormatInt(a.Person, 36) // keeps the drafts of two people on one device apart
		p.Account, err = f.account(ctx)
	}
	return p, err
}

func (f *Frame) brand(ctx context.Context) (ui.Brand, error) {
	profile, err := f.d.District.Profile(ctx)
	return ui.Brand{Name: cmp.Or(profile.Name, T(ctx, "frame.no_name")), Href: "/", Crest: f.d.Crest}, err
}

// account is the menu of who is signed in.
func (f *Frame) account(ctx context.Context) (*ui.Account, error) {
	me, err := f.Me(ctx)
	if err != nil {
		return nil, err
	}
	unread := 0
	if f.d.Unread != nil {
		if unread, err = f.d.Unread(ctx); err != nil {
			return nil, fmt.Errorf("count notices: %w", err)
		}
	}
	a := &ui.Account{Name: me.Name, Initials: initials(me.Name)}
	notices := T(ctx, "frame.menu.notices")
	if unread > 0 {
		notices = T(ctx, "frame.menu.unread", "Count", unread)
	}
	a.Items = append(a.Items,
		ui.MenuItem{Text: notices, Href: "/notices", Icon: "bell"},
		ui.MenuItem{Text: T(ctx, "frame.menu.account"), Href: "/account", Icon: "user"})
	if district.Admin.Permits(policy.ActorFrom(ctx)) {
		a.Items = append(a.Items, ui.MenuItem{Text: T(ctx, "frame.menu.settings"), Href: "/settings", Icon: "settings"})
	} else if calendar.Keeper.Permits(policy.ActorFrom(ctx)) {
		// The one page of the settings that is theirs.
		a.Items = append(a.Items, ui.MenuItem{Text: T(ctx, "frame.menu.calendar"), Href: "/settings/calendar", Icon: "calendar"})
	}
	a.Items = append(a.Items, ui.MenuItem{Text: T(ctx, "frame.menu.sign_out"), Href: "/sign-out", Icon: "log-out", Post: true})
	return a, nil
}

// Me is the person who is signed in; Unauthenticated if nobody is.
func (f *Frame) Me(ctx context.Context) (district.Me, error) { return f.d.District.Me(ctx) }

// Words are the words that the shells need.
func Words(ctx context.Context) ui.Words {
	w := i18n.From(ctx)
	return ui.WordsIn(func(key string) string { return w.T(key) })
}

// languages are the choices of the menu, each leading back to the page.
func languages(ctx context.Context, next string) []ui.Language {
	current := i18n.Lang(ctx)
	var out []ui.Language
	for _, l := range i18n.Offered() {
		out = append(out, ui.Language{Code: l.Tag, Name: l.Name, Dir: l.Dir, Href: languageHref(l.Tag, next), Current: l.Tag == current})
	}
	return out
}

// Zone is the time zone in which times are written for the person: that of
// their site, else the district's.
func (f *Frame) Zone(ctx context.Context) *time.Location {
	name := ""
	if policy.ActorFrom(ctx).Kind == policy.Person {
		if me, err := f.Me(ctx); err == nil {
			name = me.Zone
		}
	}
	if name == "" {
		if p, err := f.d.District.Profile(ctx); err == nil {
			name = p.Zone
		}
	}
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

// Moment is an instant as a page shows it.
func (f *Frame) Moment(ctx context.Context, t time.Time) ui.Moment {
	return ui.Moment{At: t, Text: i18n.When(ctx, t, f.Now(), f.Zone(ctx))}
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	out := string([]rune(words[0])[:1])
	if len(words) > 1 {
		out += string([]rune(words[len(words)-1])[:1])
	}
	return strings.ToUpper(out)
}
