package web_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// listener reads an event stream line by line.
type listener struct {
	t     *testing.T
	lines chan string
	res   *http.Response
	id    string
}

func (w *world) listen(path string, headers ...string) *listener {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w.t.Cleanup(cancel)
	res, err := client.Do(w.req("GET", path, "", headers...).WithContext(ctx))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { res.Body.Close() })
	l := &listener{t: w.t, lines: make(chan string, 1000), res: res}
	go func() {
		defer close(l.lines)
		sc := bufio.NewScanner(res.Body)
		for sc.Scan() {
			if s := sc.Text(); s != "" {
				l.lines <- s
			}
		}
	}()
	return l
}

// next is the next event as "name data"; "end" when the stream is over.
func (l *listener) next() string {
	l.t.Helper()
	return l.nextBefore(10*time.Second, func() { l.t.Fatal("the stream says nothing") })
}

// nextBeat moves the clock on, heartbeat by heartbeat, until something comes:
// the stream may not have begun to wait for the clock yet.
func (l *listener) nextBeat(w *world) string {
	l.t.Helper()
	return l.nextBefore(20*time.Millisecond, func() { w.clock.Advance(20 * time.Second) })
}

func (l *listener) nextBefore(d time.Duration, silent func()) string {
	l.t.Helper()
	name := ""
	for {
		late, stop := clock.System().After(d)
		defer stop()
		select {
		case s, ok := <-l.lines:
			if !ok {
				return "closed"
			}
			switch {
			case s == ":" || s == ": ":
				return "heartbeat"
			case strings.HasPrefix(s, "retry: "):
			case strings.HasPrefix(s, "id: "):
				l.id = s[4:]
			case strings.HasPrefix(s, "event: "):
				name = s[7:]
			case strings.HasPrefix(s, "data: "):
				return name + " " + s[6:]
			}
		case <-late:
			silent()
		}
	}
}

func change(id, version int64) web.Change {
	return web.Change{Kind: "thing", ID: id, Version: version}
}

// streamWorld lets everyone see even ids and the lead all of them; the right
// can be taken away while they listen.
func streamWorld(t *testing.T, o web.StreamOptions) (*world, *web.Stream, *atomic.Pointer[error], *atomic.Int64) {
	w := build(t, nil)
	o.Clock = w.clock
	s := web.NewStream(o)
	var ended atomic.Pointer[error]
	var rechecks atomic.Int64
	w.m.Route("GET /events", policy.SignedIn, func(rw http.ResponseWriter, r *http.Request) error {
		a := policy.ActorFrom(r.Context())
		return s.Serve(rw, r, web.Subscriber{
			Session: web.ActorKey(a),
			Filter: func(ctx context.Context, c web.Change) bool {
				return c.ID%2 == 0 || policy.ActorFrom(ctx).HasRole("lead")
			},
			Recheck: func(ctx context.Context) (context.Context, error) {
				rechecks.Add(1)
				if e := ended.Load(); e != nil {
					return nil, *e
				}
				return ctx, nil
			},
		})
	})
	w.serve()
	t.Cleanup(s.Close)
	return w, s, &ended, &rechecks
}

func TestStreamSendsOnlyWhatMayBeSeen(t *testing.T) {
	w, s, _, _ := streamWorld(t, web.StreamOptions{})
	lead, guest := w.listen("/events", as("lead-token")...), w.listen("/events", as("guest-token")...)
	if lead.res.Header.Get("Content-Type") != "text/event-stream" || lead.res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", lead.res.Header)
	}
	eventually(t, "both listen", func() bool { return s.Subscribers() == 2 })
	s.Publish(change(1, 1), change(3, 1), change(2, 7), change(2, 8))
	if got := lead.next(); got != `change [{"kind":"thing","id":1,"version":1},{"kind":"thing","id":3,"version":1},{"kind":"thing","id":2,"version":8}]` {
		t.Errorf("lead: %s", got)
	}
	if got := guest.next(); got != `change [{"kind":"thing","id":2,"version":8}]` {
		t.Errorf("guest: %s", got)
	}
	s.Publish(change(5, 1)) // nothing for the guest, not even a sign
	if got := lead.next(); !strings.Contains(got, `"id":5`) {
		t.Errorf("lead: %s", got)
	}
	s.Publish(change(4, 1))
	if got := guest.next(); got != `change [{"kind":"thing","id":4,"version":1}]` {
		t.Errorf("guest: %s", got)
	}
	if got := guest.nextBeat(w); got != "heartbeat" {
		t.Errorf("after 20 seconds: %s", got)
	}
}

// A connection that breaks resumes where it was, or is told that it can't.
func TestStreamResumes(t *testing.T) {
	w, s, _, _ := streamWorld(t, web.StreamOptions{Kept: 8, Pending: 6})
	before := s.Position()
	s.Publish(change(2, 1), change(3, 1), change(4, 1))
	l := w.listen("/events?since="+before, as("guest-token")...)
	if got := l.next(); got != `change [{"kind":"thing","id":2,"version":1},{"kind":"thing","id":4,"version":1}]` {
		t.Errorf("drawn before: %s", got)
	}
	s.Publish(change(6, 1))
	if got := w.listen("/events", append(as("guest-token"), "Last-Event-ID", l.id)...).next(); got != `change [{"kind":"thing","id":6,"version":1}]` {
		t.Errorf("reconnected: %s", got)
	}
	for _, lost := range []string{"rubbish", strings.Repeat("0", 32), before[1:] + before[:1]} {
		if got := w.listen("/events?since="+lost, as("guest-token")...).next(); got != "resync {}" {
			t.Errorf("since %q: %s", lost, got)
		}
	}
	for i := range int64(40) {
		s.Publish(change(2*i, 1))
	}
	if got := w.listen("/events?since="+before, as("guest-token")...).next(); got != "resync {}" {
		t.Errorf("too long away: %s", got)
	}
	far, kept, _, _ := streamWorld(t, web.StreamOptions{Kept: 4})
	before = kept.Position()
	for i := range int64(12) {
		kept.Publish(change(2*i, 1))
	}
	if got := far.listen("/events?since="+before, as("guest-token")...).next(); got != "resync {}" {
		t.Errorf("what was missed is no longer kept: %s", got)
	}
	// Numbers would tell how much goes on that one may not see.
	if a, b := s.Position(), before; a[:8] == b[:8] || len(a) != 32 {
		t.Errorf("positions can be compared: %s %s", a, b)
	}
}

// slowWriter blocks the stream's writes until it is let go.
type slowWriter struct {
	http.ResponseWriter
	gate chan struct{}
}

func (s slowWriter) Write(p []byte) (int, error) { <-s.gate; return s.ResponseWriter.Write(p) }
func (s slowWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Who can't keep up is dropped, holds up nobody, and fetches again.
func TestStreamDropsTheSlow(t *testing.T) {
	w := build(t, nil)
	s := web.NewStream(web.StreamOptions{Clock: w.clock, Pending: 4, Kept: 4})
	gate := make(chan struct{})
	sub := web.Subscriber{Session: "a", Filter: func(context.Context, web.Change) bool { return true }}
	w.m.Route("GET /slow", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		return s.Serve(slowWriter{rw, gate}, r, sub)
	})
	w.m.Route("GET /fast", policy.Public, func(rw http.ResponseWriter, r *http.Request) error { return s.Serve(rw, r, sub) })
	w.serve()
	before := s.Position()
	go func() { _, _ = client.Do(w.req("GET", "/slow", "")) }()
	eventually(t, "the slow one listens", func() bool { return s.Subscribers() == 1 })
	fast := w.listen("/fast")
	eventually(t, "both listen", func() bool { return s.Subscribers() == 2 })
	for i := range int64(20) {
		s.Publish(change(i, 1))
		if got := fast.next(); !strings.HasPrefix(got, "change") {
			t.Fatalf("the fast one is held up: %s", got)
		}
	}
	close(gate)
	eventually(t, "the slow one is dropped", func() bool { return s.Subscribers() == 1 })
	if got := w.listen("/fast?since=" + before).next(); got != "resync {}" {
		t.Errorf("the slow one comes back: %s", got)
	}
}

func TestStreamEndsWithItsSession(t *testing.T) {
	w, s, ended, rechecks := streamWorld(t, web.StreamOptions{MaxPerSession: 2})
	gone, broken := error(errs.E(errs.Unauthenticated, "")), error(errs.E(errs.Unavailable, ""))

	l := w.listen("/events", as("guest-token")...)
	eventually(t, "it listens", func() bool { return s.Subscribers() == 1 })
	s.Publish(change(2, 1))
	l.next()
	if rechecks.Load() != 0 {
		t.Errorf("asked %d times within five seconds", rechecks.Load())
	}
	ended.Store(&gone)
	w.clock.Advance(5 * time.Second)
	s.Publish(change(2, 2))
	if got := l.next(); got != "end {}" {
		t.Errorf("five seconds after the session ended something was sent: %s", got)
	}
	if got := l.next(); got != "closed" {
		t.Errorf("and then: %s", got)
	}
	// A database that does not answer ends the connection, not the session.
	ended.Store(&broken)
	l = w.listen("/events", as("guest-token")...)
	eventually(t, "it listens", func() bool { return s.Subscribers() == 1 })
	if got := l.nextBeat(w); got != "closed" {
		t.Errorf("nobody could tell: %s", got)
	}
	ended.Store(nil)
	// The oldest of a session makes room.
	var ls []*listener
	for i := range 3 {
		ls = append(ls, w.listen("/events", as("lead-token")...))
		eventually(t, "it listens", func() bool { return s.Subscribers() == min(i+1, 2) })
	}
	if got := ls[0].next(); got != "closed" {
		t.Errorf("the oldest of three: %s", got)
	}
	s.Drop("person:1")
	for _, l := range ls[1:] {
		if got := l.next(); got != "closed" {
			t.Errorf("dropped: %s", got)
		}
	}
	l = w.listen("/events", as("guest-token")...)
	eventually(t, "it listens", func() bool { return s.Subscribers() == 1 })
	s.Close()
	if got := l.next(); got != "closed" {
		t.Errorf("at shutdown: %s", got)
	}
	if a := w.get("/events", as("guest-token")...); a.StatusCode != 503 || a.Header.Get("Retry-After") == "" {
		t.Errorf("after shutdown: %d", a.StatusCode)
	}
}
