package calendar_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a district with two schools and an office, all in Denver.
type world struct {
	t                   *testing.T
	db                  *db.DB
	d                   *district.District
	c                   *calendar.Calendars
	clock               *clock.Manual
	office, marsh, oak  district.SiteID
	rosa, lena          district.PersonID // runs Trellis; leads its technology
	sam, pat, tina, stu district.PersonID // agent, principal, teacher, student
	admin               context.Context
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	eachAt(t, testkit.Start, f)
}

func eachAt(t *testing.T, now time.Time, f func(t *testing.T, w *world)) {
	t.Helper()
	s := testkit.Setup{Clock: clock.NewManual(now), Schemas: []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "district", FS: district.Migrations}}}
	testkit.Each(t, s, func(t *testing.T, d *db.DB) { f(t, build(t, d)) })
}

func build(t *testing.T, d *db.DB) *world {
	t.Helper()
	h, err := secret.NewHasher(secret.Params{MemoryKiB: 8, Passes: 1, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: d, clock: d.Clock().(*clock.Manual), d: district.New(district.Deps{DB: d, Hasher: h}), c: calendar.New(calendar.Deps{DB: d})}
	sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	key := must[string](t)(w.d.MakeSetupKey(sys))
	_, s, err := w.d.SetUp(context.Background(), district.SetUp{Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado",
		Email: "rosa@jv.example", Password: "seven quiet herons wade", Site: "District Office", Team: "Technology"})
	if err != nil {
		t.Fatal(err)
	}
	w.rosa = s.Person
	w.office = must[[]district.Site](t)(w.d.Sites(sys, false))[0].ID
	site, person := must[district.SiteID](t), must[district.PersonID](t)
	w.marsh = site(w.d.CreateSite(sys, district.CreateSite{Name: "Marsh Elementary School", Level: district.LevelElementary}))
	w.oak = site(w.d.CreateSite(sys, district.CreateSite{Name: "Oak High School", Level: district.LevelHigh}))
	add := func(name string, at district.SiteID, role string) district.PersonID {
		return person(w.d.CreatePerson(sys, district.CreatePerson{Name: name, Site: w.marsh, Grants: []district.Grant{{Role: role, Site: at}}}))
	}
	w.lena = add("Lena Ortiz", 0, district.RoleDirector)
	w.sam = add("Sam Kim", 0, district.RoleAgent)
	w.pat = add("Pat Lindqvist", w.marsh, district.RolePrincipal)
	w.tina = add("Tina Brown", w.marsh, district.RoleTeacher)
	w.stu = add("Stuart Marsh", w.marsh, district.RoleStudent)
	w.admin = w.as(w.rosa)
	return w
}

// as is a context in which a person acts through a browser.
func (w *world) as(id district.PersonID) context.Context {
	w.t.Helper()
	var token string
	err := w.db.Write(context.Background(), "sign in", func(tx *db.Tx) (err error) {
		token, _, err = district.StartSession(tx, id, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	a, _, err := w.d.Resolve(context.Background(), token)
	if err != nil || a.Kind != policy.Person {
		w.t.Fatalf("person %d can't act: %v", id, err)
	}
	return policy.WithActor(context.Background(), a)
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%+v", err)
		}
		return v
	}
}

// of is a site's calendar and revision.
func (w *world) of(site district.SiteID) (*worktime.Calendar, int64) {
	w.t.Helper()
	var c *worktime.Calendar
	var rev int64
	err := w.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		c, rev, err = calendar.Of(tx, site)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c, rev
}

// hours are those of a date at a site, as text.
func (w *world) hours(site district.SiteID, date string) string {
	w.t.Helper()
	c, _ := w.of(site)
	return worktime.FormatSpans(c.HoursOn(day(w.t, date)))
}

func (w *world) want(site district.SiteID, date, hours string) {
	w.t.Helper()
	if got := w.hours(site, date); got != hours {
		w.t.Errorf("%s has %q, want %q", date, got, hours)
	}
}

func (w *world) count(q string, args ...any) (n int64) {
	w.t.Helper()
	err := w.db.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(q, args...).Scan(&n) })
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func day(t testing.TB, s string) worktime.Date {
	t.Helper()
	return must[worktime.Date](t)(worktime.ParseDate(s))
}

func dates(t testing.TB, a, b string) worktime.DateRange {
	t.Helper()
	return worktime.DateRange{First: day(t, a), Last: day(t, b)}
}

func week(t testing.TB, s string) worktime.Week {
	t.Helper()
	return must[worktime.Week](t)(worktime.ParseHours(s))
}

func spans(t testing.TB, s string) []worktime.Span {
	t.Helper()
	return must[[]worktime.Span](t)(worktime.ParseSpans(s))
}

// snow is one closed day.
func snow(t testing.TB, site district.SiteID, date string) calendar.SetDays {
	t.Helper()
	return calendar.SetDays{Changes: []calendar.DayChange{{Site: site, Date: day(t, date), Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}
}

// refused requires an error with a key, at a field or as a whole, and gives its
// arguments.
func refused(t testing.TB, err error, key string) map[string]any {
	t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		t.Errorf("got %v, want %s", err, key)
		return nil
	}
	if e.Key == key {
		return e.Args
	}
	for _, f := range e.Fields {
		if f.Key == key {
			return f.Args
		}
	}
	t.Errorf("got %v, want %s", err, key)
	return nil
}
