package district_test

import (
	"context"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	password    = "seven quiet herons wade"
	newPassword = "nine loud geese landing"
)

// hasher is the real one at the lowest cost, and counts.
type hasher struct {
	*secret.Hasher
	verified atomic.Int64
}

func (h *hasher) Verify(ctx context.Context, phc, pw string) (bool, bool, error) {
	h.verified.Add(1)
	return h.Hasher.Verify(ctx, phc, pw)
}

// house is a small district that has been set up.
type house struct {
	*district.District
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
	hash  *hasher

	sys        context.Context
	office     district.SiteID
	marsh, oak district.SiteID
	lib        district.RoomID // at Marsh
	help       district.TeamID
	rosa       district.PersonID  // admin and agent
	dana       district.PersonID  // first help and teacher at Marsh
	sam        district.PersonID  // agent
	tina       district.PersonID  // teacher at Marsh
	pat        district.PersonID  // principal at Oak
	stu, olga  district.PersonID  // students at Marsh and at Oak
	first      district.SessionID // Rosa's, from the set-up
}

var schemas = []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "district", FS: district.Migrations}}

// each runs f on both engines in a district where nobody is yet.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, testkit.Setup{Schemas: schemas}, func(t *testing.T, d *db.DB) { f(t, bare(t, d)) })
}

// furnished runs f on both engines in a district with people.
func furnished(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	each(t, func(t *testing.T, h *house) {
		h.furnish()
		f(t, h)
	})
}

func bare(t *testing.T, d *db.DB) *house {
	t.Helper()
	real, err := secret.NewHasher(secret.Params{MemoryKiB: 8, Passes: 1, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: d, clock: d.Clock().(*clock.Manual), hash: &hasher{Hasher: real}}
	h.District = district.New(district.Deps{DB: d, Hasher: h.hash})
	h.sys = policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	return h
}

func (h *house) furnish() {
	h.t.Helper()
	key := must(h.MakeSetupKey(h.sys))(h.t)
	_, s, err := h.SetUp(context.Background(), setUp(key))
	if err != nil {
		h.t.Fatal(err)
	}
	h.rosa, h.first = s.Person, s.ID
	h.office = must(h.Sites(h.sys, false))(h.t)[0].ID
	h.help = must(h.Profile(h.sys))(h.t).HelpTeam
	h.marsh = must(h.CreateSite(h.sys, district.CreateSite{Name: "Marsh Elementary School", Level: district.LevelElementary, Enrollment: 412, TitleOne: true}))(h.t)
	h.oak = must(h.CreateSite(h.sys, district.CreateSite{Name: "Oak High School", Level: district.LevelHigh, Enrollment: 1204}))(h.t)
	h.lib = must(h.CreateRoom(h.sys, district.CreateRoom{Site: h.marsh, Name: "Library"}))(h.t)
	h.dana = h.person("Dana Whitfield", "dana@jv.example", h.marsh, district.Grant{Role: district.RoleTier1, Site: h.marsh}, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.sam = h.person("Sam Núñez", "sam@jv.example", h.office, district.Grant{Role: district.RoleAgent})
	h.tina = h.person("Tina O'Neil-Brown", "tina@jv.example", h.marsh, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.pat = h.person("Pat Lindqvist", "pat@jv.example", h.oak, district.Grant{Role: district.RolePrincipal, Site: h.oak})
	h.stu = h.person("Stuart Marsh", "", h.marsh, district.Grant{Role: district.RoleStudent, Site: h.marsh})
	h.olga = h.person("Olga Marsden", "olga@jv.example", h.oak, district.Grant{Role: district.RoleStudent, Site: h.oak})
}

func setUp(key string) district.SetUp {
	return district.SetUp{Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado",
		Email: "Rosa@JV.example", Password: password, Site: "District Office", Team: "Technology", Agent: "Firefox · Linux"}
}

func (h *house) person(name, email string, site district.SiteID, grants ...district.Grant) district.PersonID {
	h.t.Helper()
	return must(h.CreatePerson(h.sys, district.CreatePerson{Name: name, Email: email, Site: site, Grants: grants}))(h.t)
}

// withPassword gives a person the password.
func (h *house) withPassword(id district.PersonID) {
	h.t.Helper()
	link, _, err := h.MakeInvite(h.sys, id)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, _, err := h.AcceptInvite(context.Background(), district.AcceptInvite{Token: link, Password: password}); err != nil {
		h.t.Fatal(err)
	}
}

// session signs a person in without a password and returns the cookie's token.
func (h *house) session(id district.PersonID) (token string) {
	h.t.Helper()
	err := h.db.Write(context.Background(), "sign in", func(tx *db.Tx) (err error) {
		token, _, err = district.StartSession(tx, id, "test")
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// as is a context in which a person acts through a browser, as the door makes
// it: by their session.
func (h *house) as(id district.PersonID) context.Context {
	h.t.Helper()
	a := h.actor(h.session(id))
	if a.Kind != policy.Person {
		h.t.Fatalf("person %d can't act", id)
	}
	return policy.WithActor(context.Background(), a)
}

// actor is who a cookie's token belongs to.
func (h *house) actor(token string) policy.Actor {
	h.t.Helper()
	a, _, err := h.Resolve(context.Background(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) signIn(email, pw, addr string) (string, error) {
	token, _, err := h.SignIn(context.Background(), district.SignIn{Email: email, Password: pw, Agent: "test", Addr: ip(addr)})
	return token, err
}

func ip(s string) netip.Addr {
	if s == "" {
		return netip.Addr{}
	}
	return netip.MustParseAddr(s)
}

// away has somebody be absent from now until an instant.
func (h *house) away(id district.PersonID, until time.Time) {
	h.t.Helper()
	now := db.Us(h.clock.Now())
	put(h, `INSERT INTO district_absence (person, from_at, until, created) VALUES ($1, $2, $3, $2)`, id, now, db.Us(until))
	h.Forget()
}

// count is the answer to a SELECT of one number, read without leaving a trace
// in the set of texts.
func (h *house) count(q string, args ...any) (n int64) {
	h.t.Helper()
	err := h.db.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(q, args...).Scan(&n) })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// events counts what was told of a kind.
func (h *house) events(kind string) int64 {
	h.t.Helper()
	return h.count(`SELECT count(*) FROM event WHERE kind = $1`, kind)
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%+v", err)
		}
		return v
	}
}

// refusedAs requires an error of a kind with a key.
func refusedAs(t *testing.T, err error, k errs.Kind, key string) {
	t.Helper()
	e, ok := err.(*errs.Error)
	if !ok || e.Kind != k || e.Key != key {
		t.Errorf("got %v, want %v %s", err, k, key)
	}
}

// field requires that one field was refused with a key.
func field(t *testing.T, err error, name, key string) {
	t.Helper()
	e, ok := err.(*errs.Error)
	if !ok {
		t.Fatalf("got %v, want field %s: %s", err, name, key)
	}
	for _, f := range e.Fields {
		if f.Name == name && f.Key == key {
			return
		}
	}
	t.Errorf("got %v, want field %s: %s", err, name, key)
}

func actorWith(role string) policy.Actor {
	return policy.Actor{Kind: policy.Person, Person: 1, Grants: []policy.Grant{{Role: role}}}
}
