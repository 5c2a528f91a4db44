package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trellis/internal/app/server"
	"trellis/internal/platform/clock"
)

// fake is a district that does nothing, as told.
type fake struct {
	slug    string
	street  *street
	next    atomic.Int64 // microseconds, 0 never
	atEnd   time.Time    // what Run leaves as due when it is stopped
	sick    atomic.Bool  // what is due can't be found out
	streams chan struct{}
	once    sync.Once
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, f.slug)
	if r.URL.Path == "/stream" {
		_ = http.NewResponseController(w).Flush()
		<-f.streams
	}
}

func (f *fake) Run(ctx context.Context) {
	<-ctx.Done()
	if !f.atEnd.IsZero() {
		f.next.Store(f.atEnd.UnixMicro())
	}
}

func (f *fake) NextWake(context.Context) (time.Time, error) {
	if f.sick.Load() {
		return time.Time{}, errors.New("its disk is gone")
	}
	if us := f.next.Load(); us != 0 {
		return time.UnixMicro(us).UTC(), nil
	}
	return time.Time{}, nil
}
func (f *fake) Busy() bool  { return false }
func (f *fake) EndStreams() { f.once.Do(func() { close(f.streams) }) }
func (f *fake) Close() error {
	f.street.mu.Lock()
	defer f.street.mu.Unlock()
	f.street.open[f.slug] = nil
	return nil
}

// morning is when the tests begin: after the registry, which keeps the
// machine's time, noted that the districts were added. It is a Saturday's, so
// that no promise of school time has its hour before what the tests wait for,
// whatever day they are run on.
var morning = func() time.Time {
	day := clock.System().Now().Truncate(24*time.Hour).AddDate(0, 0, 1)
	for day.Weekday() != time.Saturday {
		day = day.AddDate(0, 0, 1)
	}
	return day.Add(14 * time.Hour)
}()

// street is a server with fake districts, and what happened to them.
type street struct {
	*server.Server
	t     *testing.T
	reg   *server.Registry
	clock *clock.Manual
	build func(f *fake) error // what the next opening finds

	mu     sync.Mutex
	open   map[string]*fake
	opened map[string]int
	tried  map[string]int
}

func start(t *testing.T, build func(f *fake) error) *street {
	t.Helper()
	reg, err := server.OpenRegistry(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := &street{t: t, reg: reg, clock: clock.NewManual(morning), build: build,
		open: map[string]*fake{}, opened: map[string]int{}, tried: map[string]int{}}
	s.add("juniper")
	s.add("marsh")
	s.Server = server.New(reg, func(_ context.Context, e server.Entry, _ string) (server.District, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tried[e.Slug]++
		if s.open[e.Slug] != nil {
			t.Errorf("%s was opened while it was open", e.Slug)
		}
		f := &fake{slug: e.Slug, street: s, streams: make(chan struct{})}
		if s.build != nil {
			if err := s.build(f); err != nil {
				return nil, err
			}
		}
		s.open[e.Slug] = f
		s.opened[e.Slug]++
		return f, nil
	}, server.Options{Log: slog.New(slog.DiscardHandler), Clock: s.clock, Idle: time.Minute, None: http.NotFoundHandler()})
	t.Cleanup(func() { _ = reg.Close() })
	return s
}

func (s *street) add(slug string) {
	s.t.Helper()
	if err := s.reg.Add(s.t.Context(), server.Entry{Slug: slug, BaseURL: &url.URL{Scheme: "https", Host: slug + ".example.org"}}); err != nil {
		s.t.Fatal(err)
	}
}

// run runs the scheduler until the returned function is called, or the test
// ends.
func (s *street) run() (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
		for slug, f := range s.open {
			if f != nil {
				s.t.Errorf("%s was left open", slug)
			}
		}
	})
	s.t.Cleanup(end)
	return end
}

// until moves the clock second by second until something is so.
func (s *street) until(what string, ok func() bool) {
	s.t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		s.clock.Advance(time.Second)
		_ = clock.Sleep(s.t.Context(), clock.System(), 2*time.Millisecond)
	}
	s.t.Fatal("never: " + what)
}

func (s *street) count(slug string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened[slug]
}

func (s *street) at(slug string) *fake {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[slug]
}

func (s *street) wake(slug string) time.Time {
	s.t.Helper()
	list, err := s.reg.Districts(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range list {
		if e.Slug == slug {
			return e.NextWake
		}
	}
	s.t.Fatal("no district " + slug)
	return time.Time{}
}

func (s *street) get(host string) (int, string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://"+host+"/", nil))
	return w.Code, w.Body.String()
}

// Host names decide, ports and case do not, and a name that is nobody's gets
// nobody's answer. Many who come at once open a district once.
func TestHostNames(t *testing.T) {
	s := start(t, nil)
	s.run()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if code, body := s.get("MARSH.example.org:8443"); code != 200 || body != "marsh" {
				t.Errorf("%d %s", code, body)
			}
		})
	}
	wg.Wait()
	if n := s.count("marsh"); n != 1 {
		t.Errorf("opened %d times", n)
	}
	if code, _ := s.get("evil.example.org"); code != 404 {
		t.Errorf("a stranger's name got %d", code)
	}
	err := s.reg.Add(t.Context(), server.Entry{Slug: "juniper", BaseURL: &url.URL{Scheme: "https", Host: "marsh.example.org"}})
	if err == nil {
		t.Error("a host name was given to two districts")
	}
}

// An idle district is closed and its wake-up noted; when that is due it is
// opened again without anybody asking.
func TestIdleClosesAndWakes(t *testing.T) {
	next := morning.Add(3 * time.Hour)
	s := start(t, func(f *fake) error { f.next.Store(next.UnixMicro()); return nil })
	s.run()
	s.until("a new district is opened", func() bool { return s.count("marsh") == 1 && s.count("juniper") == 1 })
	s.until("an idle district is closed", func() bool { return s.at("marsh") == nil && s.at("juniper") == nil })
	s.until("its wake-up is noted", func() bool { return s.wake("marsh").Equal(next) && s.wake("juniper").Equal(next) })
	for range 60 {
		s.clock.Advance(time.Second)
		_ = clock.Sleep(t.Context(), clock.System(), time.Millisecond)
	}
	if n := s.count("marsh"); n != 1 {
		t.Fatalf("opened %d times while nothing was due", n)
	}
	s.clock.Set(next)
	s.until("a district with work due is opened", func() bool { return s.count("marsh") == 2 })
}

// A district that is added while the server runs is opened by itself, and its
// host name, which was a stranger's a moment ago, answers.
func TestAddedWhileServing(t *testing.T) {
	s := start(t, nil)
	s.run()
	if code, _ := s.get("cedar.example.org"); code != 404 {
		t.Fatalf("a stranger's name got %d", code)
	}
	s.add("cedar")
	s.until("a district that was added is opened", func() bool { return s.count("cedar") == 1 })
	s.until("its host name answers", func() bool { code, body := s.get("cedar.example.org"); return code == 200 && body == "cedar" })
}

// One district that can't be opened, and one that can't say what is due, leave
// the others alone, and they are not tried every second.
func TestOneFails(t *testing.T) {
	s := start(t, func(f *fake) error {
		if f.slug == "juniper" {
			return errors.New("its file is damaged")
		}
		f.sick.Store(f.slug == "marsh")
		return nil
	})
	s.add("cedar")
	s.run()
	s.until("the others are opened", func() bool { return s.count("marsh") == 1 && s.count("cedar") == 1 })
	s.until("the others are closed", func() bool { return s.at("cedar") == nil })
	if s.at("marsh") == nil {
		t.Error("a district was closed although nobody knows when it must be opened again")
	}
	began := s.clock.Now()
	s.mu.Lock()
	before := s.tried["juniper"]
	s.mu.Unlock()
	s.until("a quarter of an hour passes", func() bool { return s.clock.Now().Sub(began) > 15*time.Minute })
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.tried["juniper"] - before; n == 0 || n > 8 {
		t.Errorf("the damaged one was tried %d times in a quarter of an hour", n)
	}
	s.open["marsh"].sick.Store(false)
}

// What becomes due while a district is being stopped is noted: a job that was
// interrupted goes back to wait.
func TestStopAsksLast(t *testing.T) {
	back := morning.Add(7 * time.Second)
	s := start(t, func(f *fake) error { f.atEnd = back; return nil })
	end := s.run()
	s.get("marsh.example.org")
	end()
	if at := s.wake("marsh"); !at.Equal(back) {
		t.Errorf("due %v, want %v", at, back)
	}
}

// While a district is open it counts as due, because a process that is killed
// can't say when it was: the next one opens it at once.
func TestOpenCountsAsDue(t *testing.T) {
	s := start(t, nil)
	far := s.clock.Now().AddDate(1, 0, 0)
	if err := s.reg.SetWake(t.Context(), "marsh", far); err != nil {
		t.Fatal(err)
	}
	s.get("marsh.example.org")
	if at := s.wake("marsh"); at.After(s.clock.Now()) {
		t.Errorf("an open district is due at %v only", at)
	}
	s.run()
}

// Pages that listen are let go when the server stops, in districts that are
// open and in those that are opened at that moment.
func TestEndStreams(t *testing.T) {
	s := start(t, nil)
	s.run()
	var wg sync.WaitGroup
	listen := func(host string) {
		wg.Go(func() {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest("GET", "http://"+host+"/stream", nil))
		})
	}
	listen("marsh.example.org")
	s.until("a page listens", func() bool { return s.at("marsh") != nil })
	s.EndStreams()
	s.add("cedar")
	s.until("the new district is known", func() bool { return s.count("cedar") == 1 })
	listen("cedar.example.org")
	wg.Wait()
}
