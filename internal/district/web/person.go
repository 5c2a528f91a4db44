package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// personView is one person as the form shows them: what was typed, or what is
// saved.
type personView struct {
	top     top
	id      district.PersonID // 0 for somebody new
	active  bool
	version int64
	name    string
	email   string
	phone   string
	title   string
	lang    string
	place   placed
	grants  []grantLine
	more    []grantLine // rows for further roles
	invite  string      // a new invitation's address, shown once
	expires string
	invited bool          // they have a password already
	covers  []ui.LinkItem // absences in which they are named to cover
	failed  *frame.Failure
}

// grantLine is one role at one site; kept while its box is ticked.
type grantLine struct {
	district.Grant
	keep bool
}

// moreRoles is how many roles can be added at once.
const moreRoles = 3

func (p *pages) viewPerson(ctx context.Context, x district.Person) (personView, error) {
	v := personView{id: x.ID, active: x.Active, version: x.Version, name: x.Name, email: x.Email, phone: x.Phone, title: x.Title, lang: x.Lang, invited: x.HasPassword}
	for _, g := range x.Grants {
		v.grants = append(v.grants, grantLine{g, true})
	}
	v.more = make([]grantLine, moreRoles)
	// Roles may be held at sites that have closed, so all of them are named.
	sites, err := p.d.Sites(ctx, true)
	v.place = placed{x.Site, x.RoomName, sites}
	return v, err
}

// value is a grant as a box carries it.
func (g grantLine) value() string { return g.Role + "@" + strconv.FormatInt(int64(g.Site), 10) }

func readGrant(s string) (district.Grant, bool) {
	role, site, ok := strings.Cut(s, "@")
	id, err := strconv.ParseInt(site, 10, 64)
	return district.Grant{Role: role, Site: district.SiteID(id)}, ok && err == nil && id >= 0
}

// read puts what was sent in place of what is saved.
func (v *personView) read(form *web.Form) {
	v.version, v.name, v.email, v.phone = form.Version(), form.String("name"), form.String("email"), form.String("phone")
	v.title, v.lang = form.String("title"), form.String("lang")
	v.place.site, v.place.room = district.SiteID(form.ID("site")), form.String("room")
	kept := form.Strings("grant")
	for i := range v.grants {
		v.grants[i].keep = slices.Contains(kept, v.grants[i].value())
	}
	for i := range v.more {
		n := strconv.Itoa(i)
		v.more[i] = grantLine{district.Grant{Role: form.String("role" + n), Site: district.SiteID(form.ID("at" + n))}, true}
	}
}

// wanted are the roles that the form asks for. What is ticked counts even if
// somebody took that role away meanwhile: the version settles it.
func wanted(form *web.Form, v personView) []district.Grant {
	var out []district.Grant
	for _, s := range form.Strings("grant") {
		g, ok := readGrant(s)
		if !ok {
			form.Fail("grants", "field.unknown_choice")
			continue
		}
		out = append(out, g)
	}
	for _, m := range v.more {
		switch {
		case m.Role != "" && !slices.Contains(out, m.Grant):
			out = append(out, m.Grant)
		case m.Role == "" && m.Site != 0:
			form.Fail("grants", "settings.people.role_missing")
		}
	}
	return out
}

func (p *pages) drawPerson(w http.ResponseWriter, r *http.Request, v personView) error {
	ctx := r.Context()
	title := t(ctx, "settings.people.new")
	if v.id != 0 {
		title = v.name
		if v.failed != nil {
			if x, err := p.d.Person(ctx, v.id); err == nil {
				title = x.Name
			}
		}
	}
	if v.id != 0 && v.active && p.Cover != nil {
		var err error
		if v.covers, err = p.covers(ctx, v.id); err != nil {
			return err
		}
	}
	v.failed.Labels(ctx, personLabels)
	v.top = p.top(ctx, "people", title)
	return p.f.Desk(w, r, settingsView(r, title, v.failed), personPage(v))
}

func (p *pages) newPerson(w http.ResponseWriter, r *http.Request) error {
	profile, err := p.d.Profile(r.Context())
	if err != nil {
		return err
	}
	v, err := p.viewPerson(r.Context(), district.Person{Active: true, Lang: profile.Lang})
	if err != nil {
		return err
	}
	return p.drawPerson(w, r, v)
}

func (p *pages) createPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.viewPerson(ctx, district.Person{Active: true})
	if err != nil {
		return err
	}
	v.read(form)
	c := district.CreatePerson{Name: v.name, Email: v.email, Phone: v.phone, Title: v.title, Lang: v.lang, Site: v.place.site, Grants: wanted(form, v)}
	c.Room, err = p.roomNamed(ctx, form, v.place, district.Person{})
	if err == nil {
		err = form.Err()
	}
	var id district.PersonID
	if err == nil {
		id, err = p.d.CreatePerson(ctx, c)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawPerson(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/people/"+number(id)+"?done=added")
}

func (p *pages) personAt(r *http.Request) (district.Person, personView, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return district.Person{}, personView{}, err
	}
	x, err := p.d.Person(r.Context(), district.PersonID(id))
	if err != nil {
		return x, personView{}, err
	}
	v, err := p.viewPerson(r.Context(), x)
	return x, v, err
}

func (p *pages) person(w http.ResponseWriter, r *http.Request) error {
	_, v, err := p.personAt(r)
	if err != nil {
		return err
	}
	return p.drawPerson(w, r, v)
}

func (p *pages) changePerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, v, err := p.personAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v.read(form)
	c := district.ChangePerson{ID: x.ID, Version: v.version, Name: v.name, Email: v.email, Phone: v.phone, Title: v.title, Lang: v.lang, Site: v.place.site, Grants: wanted(form, v)}
	c.Room, err = p.roomNamed(ctx, form, v.place, x)
	if err == nil {
		err = form.Err()
	}
	if err == nil {
		_, err = p.d.ChangePerson(ctx, c)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			notePerson(ctx, &v, x, c.Grants)
		}
		return p.drawPerson(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/people/"+number(x.ID)+"?done=saved")
}

func notePerson(ctx context.Context, v *personView, now district.Person, grants []district.Grant) {
	v.version = now.Version
	differs(ctx, v.failed, "name", v.name, now.Name)
	differs(ctx, v.failed, "email", v.email, now.Email)
	differs(ctx, v.failed, "phone", v.phone, now.Phone)
	differs(ctx, v.failed, "title", v.title, now.Title)
	differs(ctx, v.failed, "lang", v.lang, now.Lang, languageName(now.Lang))
	differs(ctx, v.failed, "site", v.place.site, now.Site, now.SiteName)
	differs(ctx, v.failed, "room", v.place.room, now.RoomName)
	var typed, theirs []string
	for _, g := range grants {
		typed = append(typed, v.grantText(ctx, g))
	}
	for _, g := range now.Grants {
		theirs = append(theirs, v.grantText(ctx, g))
	}
	slices.Sort(typed)
	slices.Sort(theirs)
	differs(ctx, v.failed, "grants", join(typed), join(theirs))
}

// grantText is a role with its place.
func (v personView) grantText(ctx context.Context, g district.Grant) string {
	role, place := t(ctx, "settings.role."+g.Role), t(ctx, "settings.role.everywhere")
	for _, s := range v.place.sites {
		if s.ID == g.Site {
			place = s.Name
		}
	}
	return t(ctx, "settings.role.at", "Role", role, "Place", place)
}

// invitePerson shows the link on the page itself, once: nothing may keep it.
func (p *pages) invitePerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	web.NoStore(w)
	x, v, err := p.personAt(r)
	if err != nil {
		return err
	}
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	plain, expires, err := p.d.MakeInvite(ctx, x.ID)
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawPerson(w, r, v)
	}
	if err != nil {
		return err
	}
	v.invite = p.BaseURL.JoinPath("invite", plain).String()
	v.expires = i18n.DateTime(ctx, expires, p.f.Zone(ctx))
	return p.drawPerson(w, r, v)
}

func (p *pages) closePerson(w http.ResponseWriter, r *http.Request) error {
	return p.switchPerson(w, r, p.d.DeactivatePerson, "deactivated")
}

func (p *pages) reopenPerson(w http.ResponseWriter, r *http.Request) error {
	return p.switchPerson(w, r, p.d.ReactivatePerson, "reopened")
}

func (p *pages) switchPerson(w http.ResponseWriter, r *http.Request, do func(context.Context, district.PersonID, int64) (int64, error), done string) error {
	ctx := r.Context()
	x, v, err := p.personAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	version := form.Version()
	if err = form.Err(); err == nil {
		_, err = do(ctx, x.ID, version)
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		return p.drawPerson(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/people/"+number(x.ID)+"?done="+done)
}

// openPlaces are the places that can be chosen: the open ones, and the one
// that is chosen already.
func openPlaces(at placed) placed {
	at.sites = slices.DeleteFunc(slices.Clone(at.sites), func(s district.Site) bool { return !s.Active && s.ID != at.site })
	return at
}
