package browser_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// house is a district that is open and answers at base.
type house struct {
	*app.District
	base  string
	demo  *app.Demo
	clock clock.Clock
	// slow, while it is set, is waited for before a posted form is answered.
	mu     sync.Mutex
	slow   chan struct{}
	posted int
	kept   *answers // what was sent, if a test wants it
}

// schoolMorning is 15:30 UTC of the coming Wednesday: the example then has the
// same requests whatever the day of the test, and browsers, whose own clock
// can't be driven, do not think that cookies have expired.
func schoolMorning() time.Time {
	now := clock.System().Now().Add(24 * time.Hour)
	for now.Weekday() != time.Wednesday {
		now = now.Add(24 * time.Hour)
	}
	return time.Date(now.Year(), now.Month(), now.Day(), 15, 30, 0, 0, time.UTC)
}

// example opens the example district, with the bar that changes whose eyes one
// looks through.
func example(t testing.TB) *house { t.Helper(); return furnished(t, true) }

func furnished(t testing.TB, bar bool) *house { t.Helper(); return made(t, bar, demo.Options{}) }

// lived opens an example district that has lived through a year.
func lived(t testing.TB) *house { t.Helper(); return made(t, true, demo.Options{Scale: 1}) }

func made(t testing.TB, bar bool, what demo.Options) *house {
	t.Helper()
	return build(t, bar, func(o app.Options, now time.Time) *app.Demo {
		past := clock.NewManual(now)
		o.Clock, what.Now = past, now
		d, err := app.OpenDistrict(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := demo.Build(t.Context(), demo.Parts{DB: d.DB, District: d.District, Cover: d.Cover, Desk: d.Desk}, past, what)
		if err == nil {
			err = d.CatchUp(t.Context())
		}
		if _, drained := d.Jobs.Drain(app.AsSystem(t.Context())); err == nil {
			err = drained
		}
		if err := errors.Join(err, d.Close()); err != nil {
			t.Fatal(err)
		}
		what := &app.Demo{Key: "journey"}
		for _, s := range shown {
			what.People = append(what.People, app.DemoPerson{Role: s.Role, Name: s.Name, Person: int64(s.Person)})
		}
		return what
	})
}

// bare opens a district that nobody has set up.
func bare(t testing.TB) *house {
	t.Helper()
	return build(t, false, func(app.Options, time.Time) *app.Demo { return nil })
}

func build(t testing.TB, bar bool, fill func(app.Options, time.Time) *app.Demo) *house {
	t.Helper()
	h := &house{}
	server := httptest.NewUnstartedServer(h)
	h.base = "http://" + server.Listener.Addr().String()
	base, err := url.Parse(h.base)
	if err != nil {
		t.Fatal(err)
	}
	o := app.Options{Slug: "juniper-valley", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: base, Tongues: true, Fatal: func(err error) { t.Errorf("storage failed: %v", err) }}
	now := schoolMorning()
	h.demo = fill(o, now)
	h.clock = clock.Ahead(clock.System(), now.Sub(clock.System().Now()))
	o.Clock = h.clock
	if bar {
		o.Demo = h.demo
	}
	if h.District, err = app.OpenDistrict(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	h.Web.Route("GET /broken", policy.Public, func(http.ResponseWriter, *http.Request) error { return errors.New("broken on purpose") })
	h.Web.Route("GET /full", policy.Public, func(http.ResponseWriter, *http.Request) error { return errs.E(errs.NoSpace, "error.no_space") })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.Run(ctx)
	}()
	server.Start()
	t.Cleanup(func() {
		cancel()
		<-done
		server.CloseClientConnections()
		server.Close()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// ServeHTTP answers as the district does, forms as late as a test wants.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	slow := h.slow
	if r.Method == http.MethodPost {
		h.posted++
	}
	h.mu.Unlock()
	if slow != nil && r.Method == http.MethodPost {
		<-slow
	}
	if h.kept != nil {
		h.kept.serve(h.District, w, r)
		return
	}
	h.District.ServeHTTP(w, r)
}

// keepAnswers keeps the HTML that is sent from now on. It is called before
// anybody asks for a page.
func (h *house) keepAnswers(a *answers) { h.kept = a }

// hold makes forms wait until the returned function is called.
func (h *house) hold() (release func()) {
	c := make(chan struct{})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.slow = c
	return sync.OnceFunc(func() {
		h.mu.Lock()
		h.slow = nil
		h.mu.Unlock()
		close(c)
	})
}

// posts is how many forms have arrived.
func (h *house) posts() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.posted
}

// door is the address that signs somebody in.
func (h *house) door(role string) string {
	for _, p := range h.demo.People {
		if p.Role == role {
			return p.Path(h.demo.Key)
		}
	}
	panic("no " + role)
}

// as is the context in which one of the shown people acts.
func (h *house) as(t testing.TB, role string) context.Context {
	t.Helper()
	for _, p := range h.demo.People {
		if p.Role != role {
			continue
		}
		r, err := h.District.District.Person(app.AsSystem(t.Context()), district.PersonID(p.Person))
		if err != nil {
			t.Fatal(err)
		}
		a := policy.Actor{Kind: policy.Person, Person: p.Person, Door: policy.DoorWeb}
		for _, g := range r.Grants {
			a.Grants = append(a.Grants, policy.Grant{Role: g.Role, Scope: int64(g.Site)})
		}
		return policy.WithActor(t.Context(), a)
	}
	t.Fatalf("no %s", role)
	return nil
}

// request makes one and returns its id.
func (h *house) request(t testing.TB, role string, c desk.CreateTicket) desk.TicketID {
	t.Helper()
	made, err := h.Desk.CreateTicket(h.as(t, role), c)
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// must is for commands of which only the failure matters.
func must[T any](t testing.TB) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
