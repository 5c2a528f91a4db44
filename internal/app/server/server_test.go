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

// fake is a district that counts how often it is open at once.
type fake struct {
	slug string
	open *atomic.Int64
	next time.Time
	busy atomic.Bool
}

func (f *fake) ServeHTTP(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, f.slug) }
func (f *fake) Run(ctx context.Context)                          { <-ctx.Done() }
func (f *fake) NextWake(context.Context) (time.Time, error)      { return f.next, nil }
func (f *fake) Busy() bool                                       { return f.busy.Load() }
func (f *fake) Close() error                                     { f.open.Add(-1); return nil }

func start(t *testing.T, c clock.Clock, next time.Time) (*server.Server, *server.Registry, *atomic.Int64, *atomic.Int64) {
	t.Helper()
	reg, err := server.OpenRegistry(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"juniper", "marsh"} {
		u := &url.URL{Scheme: "https", Host: slug + ".example.org"}
		if err := reg.Add(t.Context(), server.Entry{Slug: slug, BaseURL: u}); err != nil {
			t.Fatal(err)
		}
	}
	var open, opened atomic.Int64
	s := server.New(reg, func(_ context.Context, e server.Entry, _ string) (server.District, error) {
		opened.Add(1)
		if open.Add(1) > 2 {
			return nil, errors.New("the folder is locked: opened while it was open")
		}
		return &fake{slug: e.Slug, open: &open, next: next}, nil
	}, server.Options{Log: slog.New(slog.DiscardHandler), Clock: c, Idle: time.Minute, None: http.NotFoundHandler()})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if open.Load() != 0 {
			t.Errorf("%d districts left open", open.Load())
		}
		_ = reg.Close()
	})
	return s, reg, &open, &opened
}

func get(s http.Handler, host string) (int, string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://"+host+"/", nil))
	return w.Code, w.Body.String()
}

// Host names decide, ports and case do not, and a name that is nobody's gets
// nobody's answer. Many who come at once open a district once.
func TestHostNames(t *testing.T) {
	s, reg, _, opened := start(t, clock.System(), time.Time{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if code, body := get(s, "MARSH.example.org:8443"); code != 200 || body != "marsh" {
				t.Errorf("%d %s", code, body)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 1 {
		t.Errorf("opened %d times", opened.Load())
	}
	if code, _ := get(s, "evil.example.org"); code != 404 {
		t.Errorf("a stranger's name got %d", code)
	}
	err := reg.Add(t.Context(), server.Entry{Slug: "juniper", BaseURL: &url.URL{Scheme: "https", Host: "marsh.example.org"}})
	if err == nil {
		t.Error("a host name was given to two districts")
	}
}

// An idle district is closed and its wake-up noted; when that is due it is
// opened again without anybody asking.
func TestIdleClosesAndWakes(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
	next := c.Now().Add(3 * time.Hour)
	s, reg, open, opened := start(t, c, next)
	get(s, "marsh.example.org")
	until := func(what string, ok func() bool) {
		t.Helper()
		for range 500 {
			if ok() {
				return
			}
			c.Advance(time.Second)
			_ = clock.Sleep(t.Context(), clock.System(), 2*time.Millisecond)
		}
		t.Fatal(what)
	}
	until("an idle district stays open", func() bool { return open.Load() == 0 })
	list, err := reg.Districts(t.Context())
	if err != nil || !list[1].NextWake.Equal(next) {
		t.Fatalf("next wake-up %v, %v", list, err)
	}
	if opened.Load() != 1 {
		t.Fatalf("opened %d times while nothing was due", opened.Load())
	}
	c.Set(next)
	until("a district with work due was not opened", func() bool { return opened.Load() == 2 })
}
