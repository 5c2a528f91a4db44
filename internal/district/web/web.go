package web

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Messages are the words of these pages.
//
//go:embed messages/*.json
var Messages embed.FS

// Deps are what the pages are drawn from. District, Frame, DB and BaseURL are
// needed.
type Deps struct {
	District *district.District
	Frame    *frame.Frame
	// DB holds the notices of the person who asks.
	DB *db.DB
	// NoticeHref is where a notice about something leads, "" for nowhere.
	NoticeHref func(event.Ref) string
	// Cover knows who is away and who acts for them; nil leaves its pages out.
	Cover *cover.Cover
	// Review says what would follow from a change of single days, such as which
	// promises would move, on the page that asks before saving it; nil says
	// nothing.
	Review func(ctx context.Context, change calendar.SetDays) (templ.Component, error)
	// Private says who is told of private requests; nil leaves its page out.
	Private Private
	// Sections are parts of the settings that other modules have.
	Sections []Section
	// Tasks are further steps of setting up, before those of the district.
	Tasks []Task
	// BaseURL is the address of the district, where invitations lead.
	BaseURL *url.URL
}

// Task is one step of setting up a district.
type Task struct {
	Message string // message key: what to do
	Href    string
	Done    func(ctx context.Context) (bool, error)
}

type pages struct {
	Deps
	d *district.District
	f *frame.Frame
}

// Register adds the pages.
func Register(m *web.Mux, deps Deps) {
	p := &pages{deps, deps.District, deps.Frame}
	p.doors(m)
	p.own(m)
	p.toolDoors(m)
	p.settings(m)
	p.paths(m)
	p.calendar(m)
	if p.Cover != nil {
		p.away(m)
	}
}

// doors are the pages for who is not signed in yet.
func (p *pages) doors(m *web.Mux) {
	m.Route("GET /sign-in", policy.Public, p.signInForm)
	m.Route("POST /sign-in", policy.Public, p.signIn)
	m.Route("POST /sign-out", policy.Public, p.signOut)
	m.Route("GET /setup", policy.Public, p.setupForm)
	m.Route("POST /setup", policy.Public, p.setup)
	m.Route("GET /invite/{token}", policy.Public, p.inviteForm)
	m.Route("POST /invite/{token}", policy.Public, p.acceptInvite)
	m.Route("GET "+frame.LanguagePath, policy.Public, p.languageLink)
	m.Route("POST "+frame.LanguagePath, policy.Public, p.chooseLanguage)
}

// own are the pages about oneself.
func (p *pages) own(m *web.Mux) {
	m.Route("GET /account", policy.SignedIn, p.account)
	m.Route("POST /account", policy.SignedIn, p.changeAccount)
	m.Route("GET /account/password", policy.SignedIn, p.passwordForm)
	m.Route("POST /account/password", policy.SignedIn, p.changePassword)
	m.Route("GET /account/devices", policy.SignedIn, p.sessions)
	m.Route("POST /account/devices/{id}/sign-out", policy.SignedIn, p.endSession)
	m.Route("POST /account/devices/sign-out-others", policy.SignedIn, p.endOtherSessions)
	m.Route("GET /account/tokens", policy.SignedIn, p.tokens)
	m.Route("POST /account/tokens", policy.SignedIn, p.makeToken)
	m.Route("POST /account/tokens/{id}/end", policy.SignedIn, p.endToken)
	m.Route("GET /notices", policy.SignedIn, p.notices)
	m.Route("POST /notices/read", policy.SignedIn, p.readNotices)
}

// settings are the pages for who runs Trellis.
func (p *pages) settings(m *web.Mux) {
	admin := district.Admin
	m.Route("GET /settings", admin, p.overview)
	m.Route("GET /settings/district", admin, p.profileForm)
	m.Route("POST /settings/district", admin, p.changeProfile)

	m.Route("GET /settings/places", admin, p.places)
	m.Route("GET /settings/places/new", admin, p.newPlace)
	m.Route("POST /settings/places/new", admin, p.createPlace)
	m.Route("GET /settings/places/paste", admin, p.pastePlaces)
	m.Route("POST /settings/places/paste", admin, p.importPlaces)
	m.Route("GET /settings/places/{id}", admin, p.place)
	m.Route("POST /settings/places/{id}", admin, p.changePlace)
	m.Route("POST /settings/places/{id}/close", admin, p.closePlace)
	m.Route("POST /settings/places/{id}/reopen", admin, p.reopenPlace)
	m.Route("GET /settings/places/{id}/rooms", admin, p.rooms)
	m.Route("POST /settings/places/{id}/rooms", admin, p.importRooms)
	m.Route("GET /settings/rooms/{id}", admin, p.room)
	m.Route("POST /settings/rooms/{id}", admin, p.changeRoom)

	m.Route("GET /settings/people", admin, p.people)
	m.Route("GET /settings/people/new", admin, p.newPerson)
	m.Route("POST /settings/people/new", admin, p.createPerson)
	m.Route("GET /settings/people/{id}", admin, p.person)
	m.Route("POST /settings/people/{id}", admin, p.changePerson)
	m.Route("POST /settings/people/{id}/invite", admin, p.invitePerson)
	m.Route("POST /settings/people/{id}/close", admin, p.closePerson)
	m.Route("POST /settings/people/{id}/reopen", admin, p.reopenPerson)

	m.Route("GET /settings/teams", admin, p.teams)
	m.Route("GET /settings/teams/new", admin, p.newTeam)
	m.Route("POST /settings/teams/new", admin, p.createTeam)
	m.Route("GET /settings/teams/{id}", admin, p.team)
	m.Route("POST /settings/teams/{id}", admin, p.changeTeam)
	m.Route("POST /settings/teams/{id}/close", admin, p.closeTeam)
	m.Route("POST /settings/teams/{id}/reopen", admin, p.reopenTeam)

	m.Route("GET /settings/services", admin, p.services)
	m.Route("GET /settings/services/new", admin, p.newService)
	m.Route("POST /settings/services/new", admin, p.createService)
	m.Route("GET /settings/services/{id}", admin, p.service)
	m.Route("POST /settings/services/{id}", admin, p.changeService)
	m.Route("POST /settings/services/{id}/close", admin, p.closeService)
	m.Route("POST /settings/services/{id}/reopen", admin, p.reopenService)

	if p.Private != nil {
		m.Route("GET /settings/private", admin, p.private)
		m.Route("POST /settings/private", admin, p.changePrivate)
	}
}

// t is the text for a key in the language of the page.
func t(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

// saved is the line that a page shows after the change that led to it. What
// the address may ask for is listed, so a link can't put words into our mouth.
func saved(r *http.Request) string {
	switch r.URL.Query().Get("done") {
	case "saved":
		return t(r.Context(), "account.done.saved")
	case "added":
		return t(r.Context(), "account.done.added")
	case "closed":
		return t(r.Context(), "account.done.closed")
	case "deactivated":
		return t(r.Context(), "account.done.deactivated")
	case "reopened":
		return t(r.Context(), "account.done.reopened")
	case "ended":
		return t(r.Context(), "account.done.ended")
	case "read":
		return t(r.Context(), "account.done.read")
	case "password":
		return t(r.Context(), "account.done.password")
	case "welcome":
		return t(r.Context(), "account.done.welcome")
	}
	return ""
}

// day is a date as a date field has it, "" for none.
func day(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format(time.DateOnly)
}
