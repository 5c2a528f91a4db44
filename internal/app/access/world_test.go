package access_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const address = "http://desk.example"

// start is the morning on which everything happens.
var start = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

// grants of the people below; site "" is the whole district.
type grant struct{ role, site string }

// cast are the people of the small district in which everything is asked.
var cast = []struct {
	key, name, site string
	roles           []grant
	teams           []string
}{
	{"ruth", "Ruth Castellano", "office", []grant{{"admin", ""}, {"director", ""}}, []string{"everywhere"}},
	{"dana", "Dana Whitfield", "office", []grant{{"agent", ""}}, []string{"everywhere"}},
	{"tim", "Tim Albright", "north", []grant{{"tier1", "north"}, {"teacher", "north"}}, []string{"north"}},
	{"sol", "Sol Ferrer", "south", []grant{{"tier1", "south"}}, []string{"south"}},
	{"cora", "Cora Lindgren", "north", []grant{{"tier1", "north"}}, []string{"north"}},
	{"wes", "Wes Tanaka", "south", []grant{{"agent", "south"}}, nil},
	{"ned", "Ned Novak", "east", []grant{{"agent", "east"}}, []string{"network"}},
	{"olga", "Olga Petrova", "east", []grant{{"agent", "east"}}, []string{"network"}},
	{"eve", "Eve Marlow", "east", []grant{{"agent", "east"}}, nil},
	{"tess", "Tess Okafor", "north", []grant{{"teacher", "north"}}, nil},
	{"theo", "Theo Prado", "south", []grant{{"teacher", "south"}}, nil},
	{"tad", "Tad Ibarra", "north", []grant{{"teacher", "north"}}, nil},
	{"ben", "Ben Haddad", "north", []grant{{"teacher", "north"}}, nil},
	{"fay", "Fay Sorensen", "south", []grant{{"teacher", "south"}}, nil},
	{"mercy", "Mercy Adeyemi", "north", []grant{{"staff", "north"}}, nil},
	{"paula", "Paula Marchetti", "north", []grant{{"principal", "north"}}, nil},
	{"bo", "Bo Fitzgerald", "office", []grant{{"board", ""}}, nil},
	{"stu", "Stu Bright", "north", []grant{{"student", "north"}}, nil},
	{"gail", "Gail Reyes", "north", []grant{{"guardian", "north"}}, nil},
}

// named are the people for each kind of private request.
var named = map[desk.Private][]string{
	desk.SuspiciousMail: {"dana"},
	desk.LostDevice:     {"wes"},
	desk.Privacy:        {"ned", "olga"},
	desk.Safety:         {"cora", "ruth"},
}

// standIns are who covers for whom: those are away, all the time.
var standIns = map[string]string{"eve": "olga"}

// world is one district with its people.
type world struct {
	*app.District
	t     testing.TB
	clock *clock.Manual

	sites    map[string]district.SiteID
	teams    map[string]district.TeamID
	services map[string]district.ServiceID
	people   map[string]district.PersonID
	tokens   map[string]string // session tokens by person
	actors   map[string]policy.Actor
}

// build opens a new district and fills it.
func build(t testing.TB, e db.Engine) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(start)}
	u, err := url.Parse(address)
	w.ok(err)
	o := app.Options{Slug: "juniper-valley", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: u, Clock: w.clock, Log: slog.New(slog.DiscardHandler), TokenRate: 1e6}
	if e == db.Postgres {
		o.DSN = testkit.EmptyPostgres(t)
	}
	w.District, err = app.OpenDistrict(t.Context(), o)
	w.ok(err)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.settle("Juniper Valley")
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// must is ok for calls that answer something.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) system() context.Context { return app.AsSystem(w.t.Context()) }

// as is the context in which somebody acts.
func (w *world) as(key string) context.Context {
	a, ok := w.actors[key]
	if !ok {
		w.t.Fatalf("nobody is called %s", key)
	}
	return policy.WithActor(w.t.Context(), a)
}

// settle makes sites, people, teams and services, and says who is named for
// what is private.
func (w *world) settle(name string) {
	w.t.Helper()
	ctx, d := w.system(), w.District.District
	w.sites, w.teams, w.services = map[string]district.SiteID{}, map[string]district.TeamID{}, map[string]district.ServiceID{}
	w.people, w.tokens, w.actors = map[string]district.PersonID{}, map[string]string{}, map[string]policy.Actor{}
	key := must[string](w.t)(d.MakeSetupKey(ctx))
	_, first, err := d.SetUp(ctx, district.SetUp{Key: key, District: name, Zone: "America/New_York", Lang: "en-US", Name: cast[0].name, Email: mail(cast[0].key),
		Password: "correct horse, battery staple", Site: "Office", Level: district.LevelOffice, Team: "Help everywhere"})
	w.ok(err)
	sites := must[[]district.Site](w.t)(d.Sites(ctx, false))
	w.sites["office"] = sites[0].ID
	for _, key := range []string{"north", "south", "east"} {
		w.sites[key] = must[district.SiteID](w.t)(d.CreateSite(ctx, district.CreateSite{Name: key + " school", Level: district.LevelMiddle, Zone: "America/New_York"}))
		must[district.RoomID](w.t)(d.CreateRoom(ctx, district.CreateRoom{Site: w.sites[key], Name: "Library"}))
	}
	for i, p := range cast {
		var roles []district.Grant
		for _, g := range p.roles {
			roles = append(roles, district.Grant{Role: g.role, Site: w.sites[g.site]})
		}
		if i == 0 {
			w.people[p.key] = first.Person
			r := must[district.Person](w.t)(d.Person(ctx, first.Person))
			must[int64](w.t)(d.ChangePerson(ctx, district.ChangePerson{ID: r.ID, Version: r.Version, Name: r.Name, Email: r.Email, Lang: "en-US", Site: w.sites[p.site], Grants: roles}))
			continue
		}
		w.people[p.key] = must[district.PersonID](w.t)(d.CreatePerson(ctx, district.CreatePerson{Name: p.name, Email: mail(p.key), Lang: "en-US", Site: w.sites[p.site], Grants: roles}))
	}
	w.team("everywhere", 2)
	w.team("north", 1)
	w.team("south", 1)
	w.team("network", 2)
	w.services["network"] = must[district.ServiceID](w.t)(d.CreateService(ctx, district.CreateService{Kind: district.KindService, Name: "Network", Owner: w.people["ned"], Cover: w.people["dana"], Team: w.teams["network"]}))
	for _, p := range cast {
		w.enter(p.key)
	}
	for _, kind := range desk.PrivateKinds {
		var list []district.PersonID
		for _, k := range named[kind] {
			list = append(list, w.people[k])
		}
		w.ok(w.Desk.SetNamed(w.as("ruth"), kind, list))
	}
	for by, away := range standIns {
		must[cover.AbsenceID](w.t)(w.Cover.Declare(w.as(away), cover.Declare{Person: w.people[away], Until: w.clock.Now().AddDate(1, 0, 0), Cover: w.people[by]}))
	}
}

func mail(key string) string { return key + "@junipervalley.example" }

// team makes a team of those who say that they are in it, and gives it the
// site of its name.
func (w *world) team(key string, tier int) {
	w.t.Helper()
	ctx, d := w.system(), w.District.District
	var members []district.PersonID
	for _, p := range cast {
		if slices.Contains(p.teams, key) {
			members = append(members, w.people[p.key])
		}
	}
	if key == "everywhere" {
		t := must[[]district.Team](w.t)(d.Teams(ctx, false))[0]
		w.teams[key] = t.ID
		must[int64](w.t)(d.ChangeTeam(ctx, district.ChangeTeam{ID: t.ID, Version: t.Version, Name: t.Name, Lead: members[0], Tier: tier, Members: members}))
		return
	}
	w.teams[key] = must[district.TeamID](w.t)(d.CreateTeam(ctx, district.CreateTeam{Name: "Help at " + key, Lead: members[0], Tier: tier, Members: members}))
	id, ok := w.sites[key]
	if !ok {
		return
	}
	s := must[district.Site](w.t)(d.Site(ctx, id))
	must[int64](w.t)(d.ChangeSite(ctx, district.ChangeSite{ID: s.ID, Version: s.Version, Name: s.Name, Short: s.Short, Level: s.Level, Zone: s.Zone, Team: w.teams[key]}))
}

// session signs somebody in once more.
func (w *world) session(key string) string {
	w.t.Helper()
	var token string
	ctx := district.AsPerson(w.t.Context(), w.people[key])
	w.ok(w.DB.Write(ctx, "sign in", func(tx *db.Tx) (err error) {
		token, _, err = district.StartSession(tx, w.people[key], "a test")
		return err
	}))
	return token
}

func (w *world) enter(key string) {
	w.t.Helper()
	w.tokens[key] = w.session(key)
	a, _, err := w.District.District.Resolve(w.t.Context(), w.tokens[key])
	w.ok(err)
	if a.Kind != policy.Person {
		w.t.Fatalf("%s is not signed in", key)
	}
	a.Door = policy.DoorWeb
	w.actors[key] = a
}

// token makes an API token.
func (w *world) token(key string, scopes ...string) string {
	w.t.Helper()
	return must[string](w.t)(w.MakeTokenFor(w.t.Context(), w.people[key], "a test", scopes, 30*24*time.Hour))
}

// eyes are what the rules of this package know of an identity.
type eyes struct {
	key     string // "" is nobody
	person  district.PersonID
	roles   []grant
	teams   []string
	desk    bool // may use the desk's side: a session, or a token with that scope
	read    bool // may read requests at all
	people  bool // may look people up
	page    bool // has a session
	manages bool // runs Trellis
}

func (e *eyes) helper() bool {
	return slices.ContainsFunc(e.roles, func(g grant) bool { return slices.Contains([]string{"agent", "tier1", "admin", "director"}, g.role) })
}

func (e *eyes) helpsAt(site string) bool {
	return slices.ContainsFunc(e.roles, func(g grant) bool {
		return slices.Contains([]string{"agent", "tier1", "admin", "director"}, g.role) && (g.site == "" || g.site == site)
	})
}

func of(i *access.Identity) *eyes { return i.Knows.(*eyes) }

// identity is somebody with a session.
func (w *world) identity(key string) *access.Identity {
	return &access.Identity{Name: key, Cookie: w.tokens[key], Knows: w.eyes(key)}
}

func (w *world) eyes(key string) *eyes {
	for _, p := range cast {
		if p.key == key {
			manages := slices.ContainsFunc(p.roles, func(g grant) bool { return g.role == "admin" })
			return &eyes{key: key, person: w.people[key], roles: p.roles, teams: p.teams, desk: true, read: true, people: true, page: true, manages: manages}
		}
	}
	w.t.Fatalf("nobody is called %s", key)
	return nil
}

func teamsOf(key string) []string {
	for _, p := range cast {
		if p.key == key {
			return p.teams
		}
	}
	return nil
}

// bearer is a token of somebody.
func (w *world) bearer(key string, scopes ...string) *access.Identity {
	e := w.eyes(key)
	e.page = false
	e.desk = slices.Contains(scopes, district.ScopeDeskRead)
	e.people = slices.Contains(scopes, district.ScopeDistrictRead)
	e.read = e.desk || slices.Contains(scopes, district.ScopeRequestsRead)
	return &access.Identity{Name: fmt.Sprintf("token of %s for %s", key, scopes), Bearer: w.token(key, scopes...), Knows: e}
}

func nobody() *access.Identity { return &access.Identity{Name: "nobody", Knows: &eyes{}} }
