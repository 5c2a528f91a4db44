package cover_test

import (
	"context"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// house is a small district: Rosa runs it and leads Technology; Sam and Kim
// are its specialists; Dana, a librarian, is Marsh's own first help and leads
// that team with Lou; Tina teaches; Pat leads Oak, which has no team.
type house struct {
	*cover.Cover
	t     *testing.T
	db    *db.DB
	d     *district.District
	clock *clock.Manual
	sys   context.Context
	loc   *time.Location
	plans map[district.SiteID]worktime.Plan // where it differs from usual

	office, marsh, oak  district.SiteID
	tech, school        district.TeamID
	rosa, sam, kim, lou district.PersonID
	dana, tina, pat     district.PersonID
	signIn, licenses    district.ServiceID
}

var schemas = []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "district", FS: district.Migrations}}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, testkit.Setup{Schemas: schemas}, func(t *testing.T, d *db.DB) { f(t, furnish(t, d)) })
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%+v", err)
		}
		return v
	}
}

func furnish(t *testing.T, d *db.DB) *house {
	t.Helper()
	hash, err := secret.NewHasher(secret.Params{MemoryKiB: 8, Passes: 1, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: d, clock: d.Clock().(*clock.Manual), plans: map[district.SiteID]worktime.Plan{}}
	h.loc = must(time.LoadLocation("America/Denver"))(t)
	h.d = district.New(district.Deps{DB: d, Hasher: hash})
	h.sys = policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	h.Cover = cover.New(cover.Deps{DB: d, Calendar: h.calendar})
	key := must(h.d.MakeSetupKey(h.sys))(t)
	_, s, err := h.d.SetUp(context.Background(), district.SetUp{Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado",
		Email: "rosa@jv.example", Password: "seven quiet herons wade", Site: "District Office", Team: "Technology"})
	if err != nil {
		t.Fatal(err)
	}
	h.rosa = s.Person
	h.office = must(h.d.Sites(h.sys, false))(t)[0].ID
	h.tech = must(h.d.Profile(h.sys))(t).HelpTeam
	h.marsh = must(h.d.CreateSite(h.sys, district.CreateSite{Name: "Marsh Elementary School", Level: district.LevelElementary}))(t)
	h.oak = must(h.d.CreateSite(h.sys, district.CreateSite{Name: "Oak High School", Level: district.LevelHigh}))(t)
	h.sam = h.person("Sam Nunez", h.office, district.Grant{Role: district.RoleAgent})
	h.kim = h.person("Kim Okafor", h.office, district.Grant{Role: district.RoleAgent})
	h.dana = h.person("Dana Whitfield", h.marsh, district.Grant{Role: district.RoleTier1, Site: h.marsh}, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.lou = h.person("Lou Abara", h.marsh, district.Grant{Role: district.RoleTier1, Site: h.marsh})
	h.tina = h.person("Tina Brown", h.marsh, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.pat = h.person("Pat Lindqvist", h.oak, district.Grant{Role: district.RolePrincipal, Site: h.oak})
	h.school = must(h.d.CreateTeam(h.sys, district.CreateTeam{Name: "Marsh help", Lead: h.dana, Tier: 1, Members: []district.PersonID{h.dana, h.lou}}))(t)
	tech := must(h.d.Team(h.sys, h.tech))(t)
	must(h.d.ChangeTeam(h.sys, district.ChangeTeam{ID: tech.ID, Version: tech.Version, Name: tech.Name, Lead: h.rosa, Tier: tech.Tier, Members: []district.PersonID{h.rosa, h.sam, h.kim}}))(t)
	must(h.d.ChangeSite(h.sys, district.ChangeSite{ID: h.marsh, Version: 1, Name: "Marsh Elementary School", Level: district.LevelElementary, Team: h.school}))(t)
	h.signIn = must(h.d.CreateService(h.sys, district.CreateService{Kind: district.KindService, Name: "Sign-in", Owner: h.sam, Cover: h.rosa, Team: h.tech}))(t)
	h.licenses = must(h.d.CreateService(h.sys, district.CreateService{Kind: district.KindDuty, Name: "Licenses", Owner: h.tina, Cover: h.pat}))(t)
	return h
}

// calendar is Monday to Friday, 7:30 to 3:30, unless a test says otherwise.
func (h *house) calendar(_ *db.Tx, site district.SiteID) (*worktime.Calendar, int64, error) {
	p, ok := h.plans[site]
	if !ok {
		p = usual()
	}
	c, err := worktime.New(p)
	return c, int64(len(p.Days)), err
}

func usual() worktime.Plan {
	w, err := worktime.ParseHours("Mon-Fri 07:30-15:30")
	if err != nil {
		panic(err)
	}
	return worktime.Plan{Zone: "America/Denver", Week: w}
}

func (h *house) person(name string, site district.SiteID, grants ...district.Grant) district.PersonID {
	h.t.Helper()
	return must(h.d.CreatePerson(h.sys, district.CreatePerson{Name: name, Site: site, Grants: grants}))(h.t)
}

// as is a context in which a person acts through a browser.
func (h *house) as(p district.PersonID) context.Context {
	h.t.Helper()
	var token string
	err := h.db.Write(h.sys, "sign in", func(tx *db.Tx) (err error) {
		token, _, err = district.StartSession(tx, p, "test")
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	a, _, err := h.d.Resolve(context.Background(), token)
	if err != nil || a.Kind != policy.Person {
		h.t.Fatalf("person %d can't act: %v", p, err)
	}
	return policy.WithActor(context.Background(), a)
}

// at is an instant in March 2026 where the district is. The 2nd, when tests
// start at 7:05, is a Monday; on Sunday the 8th clocks go forward.
func (h *house) at(day, hour, min int) time.Time {
	return time.Date(2026, time.March, day, hour, min, 0, 0, h.loc)
}

// out declares an absence by the system.
func (h *house) out(p district.PersonID, from, until time.Time, by district.PersonID) cover.AbsenceID {
	h.t.Helper()
	return must(h.Declare(h.sys, cover.Declare{Person: p, From: from, Until: until, Cover: by}))(h.t)
}

func (h *house) read(f func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.db.Read(h.sys, f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) stand(p district.PersonID, at time.Time) (s cover.Standing) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) { s, err = cover.StandIn(tx, p, at); return err })
	return s
}

func (h *house) here(p district.PersonID, at time.Time) (here bool) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT `+district.HereSQL("p", "$2")+` FROM district_person p WHERE p.id = $1`, p, db.Us(at)).Scan(&here)
	})
	return here
}

// told are the keys of a person's notices, the newest first.
func (h *house) told(p district.PersonID) (out []string) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		items, _, err := notice.List(tx, int64(p), "", 50)
		for _, i := range items {
			out = append(out, i.Why)
		}
		return err
	})
	return out
}

func (h *house) events(kind string) (n int64) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM event WHERE kind = $1`, kind).Scan(&n) })
	return n
}

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
