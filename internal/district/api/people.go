package api

import (
	"context"
	"fmt"
	"time"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
	"trellis/internal/platform/policy"
)

// Grant is a role at a site.
type Grant struct {
	Role string `json:"role" enum:"teacher,staff,tier1,agent,principal,director,admin,student,guardian,board,vendor"`
	Site int64  `json:"site" minimum:"0" doc:"Where; 0 is the whole district."`
}

// PersonRecord is somebody the district knows.
type PersonRecord struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	Email       string     `json:"email" doc:"Empty for people without one."`
	Phone       string     `json:"phone"`
	Title       string     `json:"title" doc:"What they do." example:"Grade 7 science"`
	Lang        string     `json:"lang"`
	Site        int64      `json:"site" doc:"Where they mostly are, 0 for nowhere in particular."`
	Room        int64      `json:"room" doc:"At that site, 0 for none."`
	AwayUntil   *time.Time `json:"away_until,omitempty" doc:"When somebody who is away is back; left out for who is here. Absences are declared at /absences."`
	Active      bool       `json:"active" doc:"False once deactivated."`
	HasPassword *bool      `json:"has_password,omitempty" doc:"For administrators and the person."`
	Grants      []Grant    `json:"grants" doc:"Roles, each at a site."`
	Version     int64      `json:"version"`
}

func viewPerson(ctx context.Context, p district.Person) PersonRecord {
	out := PersonRecord{
		ID: int64(p.ID), Name: p.Name, Email: p.Email, Phone: p.Phone, Title: p.Title, Lang: p.Lang,
		Site: int64(p.Site), Room: int64(p.Room), AwayUntil: instant(p.AwayUntil), Active: p.Active, Grants: []Grant{}, Version: p.Version,
	}
	for _, g := range p.Grants {
		out.Grants = append(out.Grants, Grant{g.Role, int64(g.Site)})
	}
	if p.ID == self(ctx) || district.Admin.Allow(policy.ActorFrom(ctx)) {
		out.HasPassword = &p.HasPassword
	}
	return out
}

// FoundPerson is somebody found while a name is typed.
type FoundPerson struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Title     string     `json:"title"`
	Email     string     `json:"email"`
	Site      int64      `json:"site"`
	SiteName  string     `json:"site_name"`
	AwayUntil *time.Time `json:"away_until,omitempty"`
}

type findPeople struct {
	Q     string `query:"q" required:"true" maxLength:"200" doc:"Beginnings of words of a name or an address; two letters at least."`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

type foundOut struct {
	Body struct {
		Items []FoundPerson `json:"items"`
	}
}

type listPeople struct {
	door.PageIn
	Q    string `query:"q" maxLength:"200" doc:"Beginnings of words of a name or an address."`
	Site int64  `query:"site" minimum:"0" doc:"Whose home it is."`
	Role string `query:"role" enum:"teacher,staff,tier1,agent,principal,director,admin,student,guardian,board,vendor" doc:"Who holds it anywhere."`
	Gone bool   `query:"gone" doc:"Deactivated people instead."`
}

type createPerson struct {
	Body struct {
		Name   string  `json:"name" minLength:"1" maxLength:"120"`
		Email  string  `json:"email,omitempty" maxLength:"254" doc:"Needed to sign in."`
		Phone  string  `json:"phone,omitempty" maxLength:"40"`
		Title  string  `json:"title,omitempty" maxLength:"120"`
		Lang   string  `json:"lang,omitempty" maxLength:"20" doc:"Left out, the district's."`
		Site   int64   `json:"site,omitempty" minimum:"0"`
		Room   int64   `json:"room,omitempty" minimum:"0"`
		Grants []Grant `json:"grants,omitempty" maxItems:"100"`
	}
}

type changePerson struct {
	ByID
	door.IfMatch
	Body struct {
		Name   *string  `json:"name,omitempty" maxLength:"120"`
		Email  *string  `json:"email,omitempty" maxLength:"254"`
		Phone  *string  `json:"phone,omitempty" maxLength:"40"`
		Title  *string  `json:"title,omitempty" maxLength:"120"`
		Lang   *string  `json:"lang,omitempty" maxLength:"20"`
		Site   *int64   `json:"site,omitempty" minimum:"0"`
		Room   *int64   `json:"room,omitempty" minimum:"0"`
		Grants *[]Grant `json:"grants,omitempty" maxItems:"100" doc:"All of them, in place of those there are."`
	}
}

type inviteOut struct {
	Body struct {
		Link    string    `json:"link" doc:"Works once. It is answered only here: hand it to the person."`
		Expires time.Time `json:"expires"`
	}
}

type endedOut struct {
	Body struct {
		Ended int `json:"ended" doc:"How many sessions there were."`
	}
}

func readGrants(in []Grant) []district.Grant {
	var out []district.Grant
	for _, g := range in {
		out = append(out, district.Grant{Role: g.Role, Site: district.SiteID(g.Site)})
	}
	return out
}

func (o *operations) readPerson(ctx context.Context, id district.PersonID) (*one[PersonRecord], error) {
	p, err := o.d.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	return at(p.Version, viewPerson(ctx, p)), nil
}

func (o *operations) people(a *door.API) {
	door.Operation(a, get("list-people", "/people", tagPeople, "People by name"), admin, o.listPeople)
	door.Operation(a, get("find-people", "/people/find", tagPeople, "Find people while somebody types"), reads, o.findPeople)
	door.Operation(a, get("get-person", "/people/{id}", tagPeople, "A person"), reads, func(ctx context.Context, in *ByID) (*one[PersonRecord], error) {
		return o.readPerson(ctx, district.PersonID(in.ID))
	})
	door.Operation(a, create("create-person", "/people", tagPeople, "Add a person"), changes, func(ctx context.Context, in *createPerson) (*one[PersonRecord], error) {
		b := in.Body
		id, err := o.d.CreatePerson(ctx, district.CreatePerson{Name: b.Name, Email: b.Email, Phone: b.Phone, Title: b.Title, Lang: b.Lang,
			Site: district.SiteID(b.Site), Room: district.RoomID(b.Room), Grants: readGrants(b.Grants)})
		if err != nil {
			return nil, err
		}
		return o.readPerson(ctx, id)
	})
	door.Operation(a, change("change-person", "/people/{id}", tagPeople, "Change a person"), changes, o.changePerson)
	door.Operation(a, do("deactivate-person", "/people/{id}/deactivate", tagPeople, "End a person's access"), changes, switched(o.d.DeactivatePerson, o.readPerson))
	door.Operation(a, do("reactivate-person", "/people/{id}/reactivate", tagPeople, "Let a person back in"), changes, switched(o.d.ReactivatePerson, o.readPerson))
	door.Operation(a, do("invite-person", "/people/{id}/invite", tagPeople, "Make a link by which a person sets a password; it ends those before it"), changes, func(ctx context.Context, in *ByID) (*inviteOut, error) {
		plain, expires, err := o.d.MakeInvite(ctx, district.PersonID(in.ID))
		if err != nil {
			return nil, err
		}
		out := &inviteOut{}
		out.Body.Link, out.Body.Expires = o.deps.BaseURL.JoinPath("invite", plain).String(), expires.UTC()
		return out, nil
	})
	door.Operation(a, do("end-person-sessions", "/people/{id}/end-sessions", tagPeople, "Sign a person out everywhere"), changes, func(ctx context.Context, in *ByID) (*endedOut, error) {
		out := &endedOut{}
		var err error
		out.Body.Ended, err = o.d.EndSessions(ctx, district.PersonID(in.ID))
		return out, err
	})
}

// listPeople signs the place that the district names, so that a cursor is no
// answer to another question.
func (o *operations) listPeople(ctx context.Context, in *listPeople) (*list[PersonRecord], error) {
	name := fmt.Sprintf("people %q %d %s %t", in.Q, in.Site, in.Role, in.Gone)
	q := district.ListPeople{Query: in.Q, Site: district.SiteID(in.Site), Role: in.Role, Gone: in.Gone, Limit: min(in.Limit, 100)}
	if err := o.deps.Cursors.Decode(name, in.Cursor, &q.After); err != nil {
		return nil, err
	}
	p, err := o.d.People(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &list[PersonRecord]{Body: door.Page[PersonRecord]{Items: []PersonRecord{}}}
	for _, x := range p.People {
		out.Body.Items = append(out.Body.Items, viewPerson(ctx, x))
	}
	if p.Next != "" {
		out.Body.Next, err = o.deps.Cursors.Encode(name, p.Next)
	}
	return out, err
}

func (o *operations) findPeople(ctx context.Context, in *findPeople) (*foundOut, error) {
	found, err := o.d.FindPeople(ctx, in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &foundOut{}
	out.Body.Items = []FoundPerson{}
	for _, f := range found {
		out.Body.Items = append(out.Body.Items, FoundPerson{int64(f.ID), f.Name, f.Title, f.Email, int64(f.Site), f.SiteName, instant(f.AwayUntil)})
	}
	return out, nil
}

func (o *operations) changePerson(ctx context.Context, in *changePerson) (*one[PersonRecord], error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := o.d.Person(ctx, district.PersonID(in.ID))
	if err != nil {
		return nil, err
	}
	c := district.ChangePerson{ID: p.ID, Version: v, Name: p.Name, Email: p.Email, Phone: p.Phone, Title: p.Title, Lang: p.Lang, Site: p.Site, Room: p.Room, Grants: p.Grants}
	b := in.Body
	set(&c.Name, b.Name)
	set(&c.Email, b.Email)
	set(&c.Phone, b.Phone)
	set(&c.Title, b.Title)
	set(&c.Lang, b.Lang)
	if b.Site != nil && district.SiteID(*b.Site) != p.Site {
		c.Site, c.Room = district.SiteID(*b.Site), 0 // the room belonged to the site
	}
	setID(&c.Room, b.Room)
	if b.Grants != nil {
		c.Grants = readGrants(*b.Grants)
	}
	if _, err := o.d.ChangePerson(ctx, c); err != nil {
		return nil, err
	}
	return o.readPerson(ctx, p.ID)
}
