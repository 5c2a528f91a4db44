package replay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trellis/internal/app"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

func makeSetupKey(ctx context.Context, p *teller, _ said) (err error) {
	p.known.setup, err = p.d.District.MakeSetupKey(ctx)
	return err
}

// setUpLeaves are what a set-up leaves, in this order.
var setUpLeaves = []string{"site.created", "person.created", "team.created", "profile.set_up", "session.started"}

// setUp opens the district. Passwords are in no log: nobody knows this one.
func setUp(ctx context.Context, p *teller) error {
	var of []said
	for i, kind := range setUpLeaves {
		e, ok, err := p.peek(i)
		if err != nil {
			return err
		}
		if !ok || e.Kind != kind || e.Erased {
			return fmt.Errorf("a set-up is known by %s here", kind)
		}
		of = append(of, said{e})
	}
	site, person, team, profile, session := of[0], of[1], of[2], of[3], of[4]
	_, _, err := p.d.District.SetUp(ctx, district.SetUp{Key: p.known.setup, Password: rand.Text(),
		District: profile.text("name"), Zone: profile.text("zone"), Lang: profile.text("lang"), Name: person.text("name"), Email: person.text("email"),
		Site: site.text("name"), Level: site.text("level"), Team: team.text("name"), Agent: session.text("agent")})
	return err
}

func nameDistrict(ctx context.Context, p *teller, e said) error {
	return p.d.District.Name(ctx, e.text("name"), e.text("zone"))
}

var profileRef = event.Ref{Kind: "profile", ID: 1}

func changeProfile(ctx context.Context, p *teller, e said) error {
	k := p.known
	_, err := p.d.District.ChangeProfile(ctx, district.ChangeProfile{Version: k.turns[profileRef], Name: textOr(e, "name", k.text(profileRef, "name")),
		Zone: textOr(e, "zone", k.text(profileRef, "zone")), Lang: textOr(e, "lang", k.text(profileRef, "lang")),
		HelpTeam: district.TeamID(numberOr(e, "help_team", k.number(profileRef, "help_team")))})
	return err
}

func createSite(ctx context.Context, p *teller, e said) error {
	if !p.known.open {
		return setUp(ctx, p)
	}
	_, err := p.d.District.CreateSite(ctx, district.CreateSite{Name: e.text("name"), Short: e.text("short"), Level: e.text("level"), Enrollment: e.number("enrollment"),
		TitleOne: e.yes("title_one"), Zone: e.text("zone"), Team: district.TeamID(e.number("team"))})
	return err
}

func (p *teller) site(ctx context.Context, e said) (district.Site, error) {
	return p.d.District.Site(app.AsSystem(ctx), district.SiteID(e.Subject.ID))
}

func changeSite(ctx context.Context, p *teller, e said) error {
	was, err := p.site(ctx, e)
	if err != nil {
		return err
	}
	_, err = p.d.District.ChangeSite(ctx, district.ChangeSite{ID: was.ID, Version: was.Version, Name: textOr(e, "name", was.Name), Short: textOr(e, "short", was.Short),
		Level: textOr(e, "level", was.Level), Enrollment: numberOr(e, "enrollment", was.Enrollment), TitleOne: yesOr(e, "title_one", was.TitleOne),
		Zone: textOr(e, "zone", was.Zone), Team: numberOr(e, "team", was.Team)})
	return err
}

func turnSite(ctx context.Context, p *teller, e said) error {
	was, err := p.site(ctx, e)
	if err != nil {
		return err
	}
	if e.yes("active") {
		_, err = p.d.District.ReopenSite(ctx, was.ID, was.Version)
	} else {
		_, err = p.d.District.CloseSite(ctx, was.ID, was.Version)
	}
	return err
}

func createRoom(ctx context.Context, p *teller, e said) error {
	_, err := p.d.District.CreateRoom(ctx, district.CreateRoom{Site: district.SiteID(e.number("site")), Name: e.text("name")})
	return err
}

func changeRoom(ctx context.Context, p *teller, e said) error {
	was, err := p.d.District.Room(app.AsSystem(ctx), district.RoomID(e.Subject.ID))
	if err != nil {
		return err
	}
	_, err = p.d.District.ChangeRoom(ctx, district.ChangeRoom{ID: was.ID, Version: was.Version, Name: textOr(e, "name", was.Name), Active: yesOr(e, "active", was.Active)})
	return err
}

// grantsSaid reads roles as the log writes them: "admin@0 teacher@3".
func grantsSaid(text string) (out []district.Grant, err error) {
	for w := range strings.FieldsSeq(text) {
		role, site, _ := strings.Cut(w, "@")
		n, err := strconv.ParseInt(site, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("role %q: %w", w, err)
		}
		out = append(out, district.Grant{Role: role, Site: district.SiteID(n)})
	}
	return out, nil
}

func createPerson(ctx context.Context, p *teller, e said) error {
	grants, err := grantsSaid(e.text("grants"))
	if err != nil {
		return err
	}
	_, err = p.d.District.CreatePerson(ctx, district.CreatePerson{Name: e.text("name"), Email: e.text("email"), Phone: e.text("phone"), Title: e.text("title"),
		Lang: e.text("lang"), Site: district.SiteID(e.number("site")), Room: district.RoomID(e.number("room")), Grants: grants})
	return err
}

// changePerson is somebody with the right to, or the person themselves, who
// may say less.
func changePerson(ctx context.Context, p *teller, e said) error {
	was, err := p.d.District.Person(app.AsSystem(ctx), district.PersonID(e.Subject.ID))
	if err != nil {
		return err
	}
	c := district.ChangePerson{ID: was.ID, Version: was.Version, Name: textOr(e, "name", was.Name), Email: textOr(e, "email", was.Email), Phone: textOr(e, "phone", was.Phone),
		Title: textOr(e, "title", was.Title), Lang: textOr(e, "lang", was.Lang), Site: numberOr(e, "site", was.Site), Room: numberOr(e, "room", was.Room), Grants: was.Grants}
	if e.has("grants") {
		if c.Grants, err = grantsSaid(e.text("grants")); err != nil {
			return err
		}
	}
	admin := slices.ContainsFunc(was.Grants, func(g district.Grant) bool { return g.Role == district.RoleAdmin })
	if e.Actor == e.Subject.ID && !admin {
		_, err = p.d.District.ChangeMe(ctx, district.ChangeMe{Version: was.Version, Phone: c.Phone, Lang: c.Lang, Site: c.Site, Room: c.Room})
	} else {
		_, err = p.d.District.ChangePerson(ctx, c)
	}
	return err
}

func turnPerson(ctx context.Context, p *teller, e said) error {
	was, err := p.d.District.Person(app.AsSystem(ctx), district.PersonID(e.Subject.ID))
	if err != nil {
		return err
	}
	if e.yes("active") {
		_, err = p.d.District.ReactivatePerson(ctx, was.ID, was.Version)
	} else {
		_, err = p.d.District.DeactivatePerson(ctx, was.ID, was.Version)
	}
	return err
}

func makeInvite(ctx context.Context, p *teller, e said) error {
	_, _, err := p.d.District.MakeInvite(ctx, district.PersonID(e.Subject.ID))
	return err
}

func startSession(ctx context.Context, p *teller, e said) error {
	return p.d.DB.Write(ctx, "start session", func(tx *db.Tx) error {
		_, _, err := district.StartSession(tx, district.PersonID(e.number("person")), e.text("agent"))
		return err
	})
}

func endSession(ctx context.Context, p *teller, e said) error {
	c, _ := e.change("person")
	if e.Actor != number(c.From) {
		return errors.New("somebody else's sessions are ended together, and the log doesn't say which those were")
	}
	return p.d.District.Revoke(ctx, district.SessionID(e.Subject.ID))
}

func createToken(ctx context.Context, p *teller, e said) error {
	c := district.CreateToken{Name: e.text("name"), Scopes: strings.Fields(e.text("scopes")), Days: int(e.number("days"))}
	if e.Actor == 0 {
		c.For = district.PersonID(e.number("person"))
	}
	_, _, err := p.d.District.CreateToken(ctx, c)
	return err
}

func revokeToken(ctx context.Context, p *teller, e said) error {
	return p.d.District.RevokeToken(ctx, district.TokenID(e.Subject.ID))
}
