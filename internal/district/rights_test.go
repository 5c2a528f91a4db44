package district_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// example is one valid call of a method: who may make it, and who may not.
type example struct {
	method string
	may    []district.PersonID
	mayNot []district.PersonID
	read   bool // every may is asked; of a command only the first, it works once
	call   func(ctx context.Context) error
}

// public are the methods whose right is not a role: a key, a token, a password
// or nothing at all, and Holds, which is building. Their own tests show whom
// they refuse.
var public = []string{"Profile", "Holds", "NeedsSetUp", "MakeSetupKey", "Name", "SetUp", "SignIn", "Resolve", "ResolveToken", "Invite", "AcceptInvite", "Sweep", "Forget"}

func ignore[T any](_ T, err error) error { return err }

func (h *house) examples() []example {
	admin := []district.PersonID{h.rosa}
	others := []district.PersonID{h.sam, h.dana, h.tina, h.pat, h.olga}
	all := append([]district.PersonID{h.rosa}, others...)
	team := must(h.CreateTeam(h.sys, district.CreateTeam{Name: "Example", Lead: h.sam, Tier: 1}))(h.t)
	svc := must(h.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: "Example", Owner: h.sam, Cover: h.rosa}))(h.t)
	_, token, err := h.CreateToken(h.sys, district.CreateToken{For: h.sam, Name: "Example", Scopes: []string{district.ScopeDeskRead}})
	if err != nil {
		h.t.Fatal(err)
	}
	p := must(h.Profile(h.sys))(h.t)
	tina := must(h.Person(h.sys, h.tina))(h.t)
	command := func(method string, call func(ctx context.Context) error) example {
		return example{method: method, may: admin, mayNot: others, call: call}
	}
	// Commands follow each other, so versions count up.
	return []example{
		{method: "Sites", may: all, read: true, call: func(c context.Context) error { return ignore(h.Sites(c, true)) }},
		{method: "Site", may: all, read: true, call: func(c context.Context) error { return ignore(h.Site(c, h.marsh)) }},
		{method: "Rooms", may: all, read: true, call: func(c context.Context) error { return ignore(h.Rooms(c, h.marsh, true)) }},
		{method: "Room", may: all, read: true, call: func(c context.Context) error { return ignore(h.Room(c, h.lib)) }},
		{method: "Services", may: all, read: true, call: func(c context.Context) error { return ignore(h.Services(c, true)) }},
		{method: "Service", may: all, read: true, call: func(c context.Context) error { return ignore(h.Service(c, svc)) }},
		{method: "Paths", may: all[:3], mayNot: others[2:], read: true, call: func(c context.Context) error { return ignore(h.Paths(c)) }},
		{method: "Way", may: all[:3], mayNot: others[2:], read: true, call: func(c context.Context) error {
			return ignore(h.Way(c, district.PathID{Site: h.marsh}))
		}},
		{method: "Ways", may: all[:3], mayNot: others[2:], read: true, call: func(c context.Context) error { return ignore(h.Ways(c, h.marsh)) }},
		{method: "Me", may: all, read: true, call: func(c context.Context) error { return ignore(h.Me(c)) }},
		{method: "FindPeople", may: all, read: true, call: func(c context.Context) error { return ignore(h.FindPeople(c, "tina", 5)) }},
		{method: "Sessions", may: all, read: true, call: func(c context.Context) error { return ignore(h.Sessions(c)) }},
		{method: "Tokens", may: all, read: true, call: func(c context.Context) error { return ignore(h.Tokens(c)) }},
		{method: "Teams", may: all[:5], mayNot: []district.PersonID{h.olga}, read: true, call: func(c context.Context) error { return ignore(h.Teams(c, true)) }},
		{method: "Team", may: all[:5], mayNot: []district.PersonID{h.olga}, read: true, call: func(c context.Context) error { return ignore(h.Team(c, team)) }},
		{method: "Person", may: []district.PersonID{h.rosa, h.sam, h.dana, h.tina}, mayNot: []district.PersonID{h.pat, h.olga}, read: true, call: func(c context.Context) error { return ignore(h.Person(c, h.tina)) }},
		{method: "AskFor", may: []district.PersonID{h.rosa, h.sam, h.dana, h.tina}, mayNot: []district.PersonID{h.pat, h.olga}, read: true, call: func(c context.Context) error { return ignore(h.AskFor(c, h.tina)) }},
		{method: "People", may: admin, mayNot: others, read: true, call: func(c context.Context) error { return ignore(h.People(c, district.ListPeople{})) }},
		{method: "PreviewSites", may: admin, mayNot: others, read: true, call: func(c context.Context) error { return ignore(h.PreviewSites(c, "Ash School, high")) }},
		{method: "PreviewRooms", may: admin, mayNot: others, read: true, call: func(c context.Context) error { return ignore(h.PreviewRooms(c, h.marsh, "Room 9")) }},

		command("ChangeProfile", func(c context.Context) error {
			return ignore(h.ChangeProfile(c, district.ChangeProfile{Version: p.Version, Name: "Renamed", Zone: p.Zone, Lang: p.Lang, HelpTeam: p.HelpTeam}))
		}),
		command("CreateSite", func(c context.Context) error {
			return ignore(h.CreateSite(c, district.CreateSite{Name: "Fern School", Level: district.LevelCombined}))
		}),
		command("ChangeSite", func(c context.Context) error {
			return ignore(h.ChangeSite(c, district.ChangeSite{ID: h.oak, Version: 1, Name: "Oak School", Level: district.LevelHigh}))
		}),
		command("CloseSite", func(c context.Context) error { return ignore(h.CloseSite(c, h.oak, 2)) }),
		command("ReopenSite", func(c context.Context) error { return ignore(h.ReopenSite(c, h.oak, 3)) }),
		command("ImportSites", func(c context.Context) error { return ignore(h.ImportSites(c, "Ash School, high, 12, no")) }),
		command("CreateRoom", func(c context.Context) error {
			return ignore(h.CreateRoom(c, district.CreateRoom{Site: h.marsh, Name: "Gym"}))
		}),
		command("ChangeRoom", func(c context.Context) error {
			return ignore(h.ChangeRoom(c, district.ChangeRoom{ID: h.lib, Version: 1, Name: "Media center", Active: true}))
		}),
		command("ImportRooms", func(c context.Context) error { return ignore(h.ImportRooms(c, h.marsh, "Room 9")) }),
		command("CreatePerson", func(c context.Context) error {
			return ignore(h.CreatePerson(c, district.CreatePerson{Name: "New Person", Email: "new@jv.example"}))
		}),
		command("ChangePerson", func(c context.Context) error {
			return ignore(h.ChangePerson(c, changed(tina, func(x *district.ChangePerson) { x.Title = "Grade 3" })))
		}),
		command("MakeInvite", func(c context.Context) error { _, _, err := h.MakeInvite(c, h.tina); return err }),
		command("EndSessions", func(c context.Context) error { return ignore(h.EndSessions(c, h.pat)) }),
		command("DeactivatePerson", func(c context.Context) error { return ignore(h.DeactivatePerson(c, h.stu, 1)) }),
		command("ReactivatePerson", func(c context.Context) error { return ignore(h.ReactivatePerson(c, h.stu, 2)) }),
		command("CreateTeam", func(c context.Context) error {
			return ignore(h.CreateTeam(c, district.CreateTeam{Name: "Another", Lead: h.sam, Tier: 2}))
		}),
		command("ChangeTeam", func(c context.Context) error {
			return ignore(h.ChangeTeam(c, district.ChangeTeam{ID: team, Version: 1, Name: "Examples", Lead: h.sam, Tier: 1, Members: []district.PersonID{h.sam}}))
		}),
		command("CloseTeam", func(c context.Context) error { return ignore(h.CloseTeam(c, team, 2)) }),
		command("ReopenTeam", func(c context.Context) error { return ignore(h.ReopenTeam(c, team, 3)) }),
		command("SetPath", func(c context.Context) error {
			return ignore(h.SetPath(c, district.SetPath{Steps: []district.Step{{Tier: 2, Team: team}}}))
		}),
		command("CreateService", func(c context.Context) error {
			return ignore(h.CreateService(c, district.CreateService{Kind: district.KindDuty, Name: "Data", Owner: h.sam, Cover: h.rosa}))
		}),
		command("ChangeService", func(c context.Context) error {
			return ignore(h.ChangeService(c, district.ChangeService{ID: svc, Version: 1, Kind: district.KindService, Name: "Examples", Owner: h.rosa, Cover: h.sam}))
		}),
		command("CloseService", func(c context.Context) error { return ignore(h.CloseService(c, svc, 2)) }),
		command("ReopenService", func(c context.Context) error { return ignore(h.ReopenService(c, svc, 3)) }),

		{method: "ChangeMe", may: []district.PersonID{h.dana}, call: func(c context.Context) error {
			return ignore(h.ChangeMe(c, district.ChangeMe{Version: 1, Phone: "x1"}))
		}},
		{method: "CreateToken", may: []district.PersonID{h.sam}, mayNot: []district.PersonID{h.tina, h.olga}, call: func(c context.Context) error {
			_, _, err := h.CreateToken(c, district.CreateToken{Name: "t", Scopes: []string{district.ScopeDeskRead}})
			return err
		}},
		{method: "RevokeToken", may: []district.PersonID{h.sam}, mayNot: []district.PersonID{h.dana, h.tina, h.olga}, call: func(c context.Context) error { return h.RevokeToken(c, token.ID) }},
		{method: "Revoke", may: []district.PersonID{h.rosa}, mayNot: others, call: func(c context.Context) error { return h.Revoke(c, h.first) }},
		{method: "RevokeOthers", may: []district.PersonID{h.sam}, call: func(c context.Context) error { return ignore(h.RevokeOthers(c)) }},
		{method: "ChangePassword", may: []district.PersonID{h.rosa}, call: func(c context.Context) error {
			_, _, err := h.ChangePassword(c, district.ChangePassword{Old: password, New: newPassword})
			return err
		}},
		{method: "SignOut", may: []district.PersonID{h.dana}, call: func(c context.Context) error { return h.SignOut(c) }},
	}
}

// Each method, called validly: who has no right is refused and changes
// nothing, in a session, with a token whose scope is another, and signed out;
// then who has the right succeeds.
func TestRights(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		list := h.examples()
		told := func() int64 { return h.count(`SELECT count(*) FROM event`) }
		for _, x := range list {
			narrow := policy.ActorFrom(h.as(x.may[0]))
			narrow.Session, narrow.Token, narrow.Scopes = 0, 1, []string{"other:scope"}
			type try struct {
				who string
				ctx context.Context
			}
			tries := []try{{"nobody", context.Background()}}
			if x.method != "Me" { // who they are themselves is no secret from any token
				tries = append(tries, try{"a token without the scope", policy.WithActor(context.Background(), narrow)})
			}
			for _, id := range x.mayNot {
				tries = append(tries, try{must(h.Person(h.sys, id))(t).Name, h.as(id)})
			}
			for _, y := range tries {
				before := told()
				err := x.call(y.ctx)
				kinds := []errs.Kind{errs.Forbidden, errs.NotFound}
				if y.who == "nobody" {
					kinds = []errs.Kind{errs.Unauthenticated}
				}
				if x.method == "CreateToken" && y.who != "nobody" {
					kinds = append(kinds, errs.Invalid) // a scope that is not theirs to give
				}
				if err == nil || !slices.Contains(kinds, errs.KindOf(err)) {
					t.Errorf("%s by %s: %v", x.method, y.who, err)
				}
				if told() != before {
					t.Errorf("%s by %s was refused and changed something", x.method, y.who)
				}
			}
			may := x.may
			if !x.read {
				may = may[:1]
			}
			for _, id := range may {
				ctx := h.as(id)
				before := told()
				if err := x.call(ctx); err != nil {
					t.Errorf("%s by %s: %v", x.method, must(h.Person(h.sys, id))(t).Name, err)
				}
				if changed := told() != before; changed == x.read {
					t.Errorf("%s by %d: told an event: %v", x.method, id, changed)
				}
			}
		}

		// No method is forgotten.
		typ := reflect.TypeFor[*district.District]()
		for i := range typ.NumMethod() {
			name := typ.Method(i).Name
			if !slices.Contains(public, name) && !slices.ContainsFunc(list, func(x example) bool { return x.method == name }) {
				t.Errorf("%s has no example", name)
			}
		}
	})
}

// The sweep is Trellis's own.
func TestSweepIsNobodysButTrellis(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		refusedAs(t, h.Sweep(h.as(h.rosa)), errs.Forbidden, "error.forbidden")
		refusedAs(t, h.Sweep(context.Background()), errs.Unauthenticated, "error.unauthenticated")
	})
}
