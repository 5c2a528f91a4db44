package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

type accountView struct {
	own     district.Person
	version int64
	phone   string
	lang    string
	place   placed
	failed  *frame.Failure
}

func (p *pages) account(w http.ResponseWriter, r *http.Request) error {
	v, err := p.ownAccount(r.Context())
	if err != nil {
		return err
	}
	return p.drawAccount(w, r, v)
}

// ownAccount is the page as the person's row has it.
func (p *pages) ownAccount(ctx context.Context) (accountView, error) {
	me, err := p.d.Me(ctx)
	if err != nil {
		return accountView{}, err
	}
	own, err := p.d.Person(ctx, me.Person)
	if err != nil {
		return accountView{}, err
	}
	v := accountView{own: own, version: own.Version, phone: own.Phone, lang: own.Lang}
	if v.place, err = p.placedAt(ctx, own.Site, own.RoomName); err != nil {
		return v, err
	}
	return v, nil
}

func (p *pages) drawAccount(w http.ResponseWriter, r *http.Request, v accountView) error {
	v.failed.Labels(r.Context(), accountLabels)
	return p.f.Help(w, r, frame.View{Title: t(r.Context(), "account.title"), Failed: v.failed, Done: saved(r)}, accountPage(v, p.awayLinks(r.Context())))
}

func (p *pages) changeAccount(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.ownAccount(ctx)
	if err != nil {
		return err
	}
	now := v
	v.version, v.phone, v.lang, v.place.room = form.Version(), form.String("phone"), form.String("lang"), form.String("room")
	v.place.site = district.SiteID(form.ID("site"))
	c := district.ChangeMe{Version: v.version, Phone: v.phone, Lang: v.lang, Site: v.place.site}
	c.Room, err = p.roomNamed(ctx, form, v.place, v.own)
	if err == nil {
		if err = form.Err(); err == nil {
			_, err = p.d.ChangeMe(ctx, c)
		}
	}
	failed, again := frame.Fail(ctx, err)
	if !again && err != nil {
		return err
	}
	if again {
		if failed.Stale() {
			v.version = now.version
			differs(ctx, failed, "phone", v.phone, now.phone)
			differs(ctx, failed, "lang", v.lang, now.lang, languageName(now.lang))
			differs(ctx, failed, "site", v.place.site, now.place.site, now.own.SiteName)
			differs(ctx, failed, "room", v.place.room, now.place.room)
		}
		v.failed = failed
		return p.drawAccount(w, r, v)
	}
	// The device follows, so that it greets in this language after signing out.
	if offered(c.Lang) != "" {
		web.SetLanguage(w, r, c.Lang)
	}
	return web.Redirect(w, r, "/account?done=saved")
}

// awayLinks lead to the pages about being away, for who works here.
func (p *pages) awayLinks(ctx context.Context) []ui.LinkItem {
	actor := policy.ActorFrom(ctx)
	if p.Cover == nil || !district.Staff.Permits(actor) {
		return nil
	}
	out := []ui.LinkItem{{Href: "/away", Title: t(ctx, "away.title"), Sub: t(ctx, "account.away.text")}}
	if cover.Viewer.Permits(actor) {
		out = append(out, ui.LinkItem{Href: "/coverage", Title: t(ctx, "coverage.nav"), Sub: t(ctx, "coverage.nav.text")})
	}
	return out
}

// midnight is when a day begins in a zone; the zero time stays that.
func midnight(date time.Time, zone *time.Location) time.Time {
	if date.IsZero() {
		return date
	}
	y, m, d := date.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

func languageName(tag string) string {
	for _, l := range i18n.Offered() {
		if l.Tag == tag {
			return l.Name
		}
	}
	return tag
}

// differs notes what somebody else saved, where it is not what was typed.
// words say it if the value alone means nothing to a person.
func differs[T comparable](ctx context.Context, f *frame.Failure, field string, typed, theirs T, words ...string) {
	if typed == theirs {
		return
	}
	text := ""
	if len(words) > 0 {
		text = words[0]
	} else if s, ok := any(theirs).(string); ok {
		text = s
	}
	f.Note(ctx, field, text)
}

// place fields: where somebody mostly is.

// placed is a site chosen and a room written, with the sites to choose from.
type placed struct {
	site  district.SiteID
	room  string
	sites []district.Site
}

func (p *pages) placedAt(ctx context.Context, site district.SiteID, room string) (placed, error) {
	sites, err := p.d.Sites(ctx, false)
	return placed{site, room, sites}, err
}

// maxHint is how many rooms a correction names.
const maxHint = 12

// roomNamed finds the room that somebody wrote, as it is on the door. A room
// that is not there is a slip to correct, and the rooms that are there are
// named. The one that own has already is taken even if it was closed.
func (p *pages) roomNamed(ctx context.Context, form *web.Form, at placed, own district.Person) (district.RoomID, error) {
	if at.room == "" {
		return 0, nil
	}
	if at.site == 0 {
		form.Fail("room", "account.room.no_site")
		return 0, nil
	}
	if at.site == own.Site && district.Fold(at.room) == district.Fold(own.RoomName) {
		return own.Room, nil
	}
	rooms, err := p.d.Rooms(ctx, at.site, false)
	if errs.Is(err, errs.NotFound) {
		form.Fail("site", "field.unknown_choice")
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var names []string
	for _, m := range rooms {
		if district.Fold(m.Name) == district.Fold(at.room) {
			return m.ID, nil
		}
		names = append(names, m.Name)
	}
	if len(names) == 0 {
		form.Fail("room", "account.room.none")
		return 0, nil
	}
	if len(names) > maxHint {
		names = append(names[:maxHint], "…")
	}
	form.Fail("room", "account.room.unknown", "Name", at.room, "Rooms", join(names))
	return 0, nil
}

// join puts names beside each other.
func join(names []string) string { return strings.Join(names, ", ") }
