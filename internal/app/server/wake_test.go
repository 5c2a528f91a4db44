package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/server"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// village is a registry with one real district, in which one request waits.
type village struct {
	t      *testing.T
	reg    *server.Registry
	clock  *clock.Manual
	ticket desk.TicketID
	ana    context.Context
	until  time.Time

	mu   sync.Mutex
	open []*app.District // in the order of opening
}

func settle(t *testing.T, e db.Engine) *village {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	v := &village{t: t, clock: clock.NewManual(morning)}
	dir := t.TempDir()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	v.reg, err = server.OpenRegistry(t.Context(), dir, log)
	ok(err)
	t.Cleanup(func() { _ = v.reg.Close() })
	entry := server.Entry{Slug: "marsh", BaseURL: &url.URL{Scheme: "http", Host: "marsh.example"}}
	if e == db.Postgres {
		entry.DSN = testkit.EmptyPostgres(t)
	}
	ok(v.reg.Add(t.Context(), entry))
	d, err := app.OpenDistrict(t.Context(), v.options(entry, filepath.Join(dir, "d", "marsh")))
	ok(err)
	key, err := d.District.MakeSetupKey(app.AsSystem(t.Context()))
	ok(err)
	_, first, err := d.District.SetUp(t.Context(), district.SetUp{Key: key, District: "Marsh", Zone: "America/New_York", Lang: "en-US", Name: "Ana", Email: "ana@marsh.example",
		Password: "correct horse, battery staple", Site: "Office", Level: district.LevelOffice, Team: "Everything"})
	ok(err)
	v.ana = district.AsPerson(t.Context(), first.Person)
	who, err := d.District.Person(app.AsSystem(t.Context()), first.Person)
	ok(err)
	a := policy.ActorFrom(v.ana)
	for _, g := range who.Grants {
		a.Grants = append(a.Grants, policy.Grant{Role: g.Role, Scope: int64(g.Site)})
	}
	v.ana = policy.WithActor(t.Context(), a)
	made, err := d.Desk.CreateTicket(v.ana, desk.CreateTicket{Text: "The projector waits for a lamp", Impact: desk.Slowed})
	ok(err)
	v.ticket, v.until = made.ID, morning.Add(24*time.Hour)
	_, err = d.Desk.Wait(v.ana, desk.Wait{Ticket: made.ID, On: desk.OnPart, Until: v.until})
	ok(err)
	ok(d.Close())
	return v
}

func (v *village) options(e server.Entry, folder string) app.Options {
	return app.Options{Slug: e.Slug, Folder: folder, DSN: e.DSN, BaseURL: e.BaseURL, Clock: v.clock, Log: slog.New(slog.DiscardHandler)}
}

func (v *village) server() *server.Server {
	return server.New(v.reg, func(ctx context.Context, e server.Entry, folder string) (server.District, error) {
		d, err := app.OpenDistrict(ctx, v.options(e, folder))
		if err == nil {
			v.mu.Lock()
			v.open = append(v.open, d)
			v.mu.Unlock()
		}
		return d, err
	}, server.Options{Log: slog.New(slog.DiscardHandler), Clock: v.clock, Idle: time.Minute, None: http.NotFoundHandler()})
}

func (v *village) run(s *server.Server) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			v.t.Error(err)
		}
	})
	v.t.Cleanup(end)
	return end
}

func (v *village) opened() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.open)
}

// state is how the request stands in the district that is open now.
func (v *village) state() desk.State {
	v.mu.Lock()
	d := v.open[len(v.open)-1]
	v.mu.Unlock()
	t, err := d.Desk.FindTicket(v.ana, v.ticket)
	if err != nil {
		return ""
	}
	return t.State
}

func (v *village) eventually(what string, step time.Duration, ok func() bool) {
	v.t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		v.clock.Advance(step)
		_ = clock.Sleep(v.t.Context(), clock.System(), 5*time.Millisecond)
	}
	v.t.Fatal("never: " + what)
}

func (v *village) due() time.Time {
	v.t.Helper()
	list, err := v.reg.Districts(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	return list[0].NextWake
}

// A request whose wait ends comes back although its district was closed and
// nobody visits it.
func TestClosedDistrictKeepsItsHours(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			v := settle(t, e)
			v.run(v.server())
			v.eventually("the district is opened once", time.Second, func() bool { return v.opened() == 1 })
			v.eventually("it is closed until the wait ends", time.Second, func() bool { return v.due().Equal(v.until) })
			if n := v.opened(); n != 1 {
				t.Fatalf("opened %d times before anything was due", n)
			}
			v.clock.Set(v.until)
			v.eventually("it is opened for the wait", time.Second, func() bool { return v.opened() == 2 })
			v.eventually("the request is back", 0, func() bool { return v.state() == desk.Open })
		})
	}
}

// The same after a crash: the wake-up that was noted before it says nothing
// any more.
func TestKilledDistrictKeepsItsHours(t *testing.T) {
	v := settle(t, db.SQLite)
	// What a clean stop long ago left, when nothing was due for a year.
	if err := v.reg.SetWake(t.Context(), "marsh", morning.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := v.server().With(t.Context(), "marsh", func(server.District) error { return nil }); err != nil {
		t.Fatal(err)
	}
	// A killed process lets go of its lock and says nothing to the registry.
	if err := v.open[0].Close(); err != nil {
		t.Fatal(err)
	}
	v.clock.Set(v.until)
	v.run(v.server())
	v.eventually("it is opened after the crash", time.Second, func() bool { return v.opened() == 2 })
	v.eventually("the request is back", 0, func() bool { return v.state() == desk.Open })
}
