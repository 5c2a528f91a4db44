package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"trellis/internal/platform/clock"
)

// District is what the server needs of an open district.
type District interface {
	http.Handler
	// Run does the district's background work until ctx ends.
	Run(ctx context.Context)
	// NextWake is when it has work due; zero means nothing is. It is asked
	// while Run runs, and again between the end of Run and Close.
	NextWake(ctx context.Context) (time.Time, error)
	// Busy reports whether somebody is looking: a request is being answered or
	// an event stream is open.
	Busy() bool
	// EndStreams ends the event streams and refuses new ones, because the
	// server is about to stop.
	EndStreams()
	Close() error
}

// Opener opens a district's folder or database.
type Opener func(ctx context.Context, e Entry, folder string) (District, error)

// Server answers for every district in its registry.
type Server struct {
	reg    *Registry
	open   Opener
	opened func(ctx context.Context, e Entry, d District)
	log    *slog.Logger
	clock  clock.Clock
	idle   time.Duration
	none   http.Handler // answers for host names that belong to nobody

	mu      sync.Mutex
	up      map[string]*running
	known   map[string]known // by host name, forgotten every tick
	later   map[string]later // districts that could not be opened, by short name
	closed  int              // how many were closed so far
	leaving bool             // event streams have been ended for good
	ended   bool
}

type known struct {
	e  Entry
	ok bool
}

// running is a district that is open, being opened or being closed.
type running struct {
	ready  chan struct{} // closed when opening ended
	d      District
	err    error
	users  int       // requests being answered
	last   time.Time // when the last one ended
	asked  bool      // it is being found out whether it may be closed
	cancel context.CancelFunc
	done   chan struct{} // closed when Run returned
	gone   chan struct{} // made when it is being closed, closed when it is
}

// isReady reports whether opening ended, well or not.
func (r *running) isReady() bool {
	select {
	case <-r.ready:
		return true
	default:
		return false
	}
}

// Options of a server; Idle 0 means ten minutes.
type Options struct {
	Log   *slog.Logger
	Clock clock.Clock
	Idle  time.Duration
	None  http.Handler
	// Opened hears of each district that was opened, before anybody is
	// answered by it. nil: nobody listens.
	Opened func(ctx context.Context, e Entry, d District)
}

// New makes a server over a registry. Call Run for its scheduler.
func New(reg *Registry, open Opener, o Options) *Server {
	if o.Idle == 0 {
		o.Idle = 10 * time.Minute
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	return &Server{reg: reg, open: open, opened: o.Opened, log: o.Log, clock: o.Clock, idle: o.Idle, none: o.None,
		up: map[string]*running{}, known: map[string]known{}, later: map[string]later{}}
}

// ServeHTTP hands the request to the district of its host name.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	e, ok, err := s.byHost(r.Context(), host)
	if err != nil {
		s.log.Error("look up host", "err", err)
		http.Error(w, "Not available right now. Please try again in a minute.", http.StatusServiceUnavailable)
		return
	}
	if !ok {
		s.none.ServeHTTP(w, r)
		return
	}
	run, err := s.acquire(r.Context(), e)
	if err != nil { // start has logged it
		w.Header().Set("Retry-After", "30")
		http.Error(w, "This district can't be opened right now. Nothing is lost. Please try again in a minute.", http.StatusServiceUnavailable)
		return
	}
	defer s.release(run)
	run.d.ServeHTTP(w, r)
}

// byHost asks the registry once a second at most for each host name.
func (s *Server) byHost(ctx context.Context, host string) (Entry, bool, error) {
	s.mu.Lock()
	k, hit := s.known[host]
	s.mu.Unlock()
	if hit {
		return k.e, k.ok, nil
	}
	e, ok, err := s.reg.ByHost(ctx, host)
	if err != nil {
		return e, ok, err
	}
	s.mu.Lock()
	if len(s.known) < 10_000 { // names are the caller's to invent
		s.known[host] = known{e, ok}
	}
	s.mu.Unlock()
	return e, ok, nil
}

var errEnded = errors.New("the server is shutting down")

// acquire opens the district if need be and keeps it open until release. Of
// many who come at once one opens it and the others wait.
func (s *Server) acquire(ctx context.Context, e Entry) (*running, error) {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return nil, errEnded
	}
	run, ok := s.up[e.Slug]
	if ok && run.gone != nil { // being closed: its folder is free in a moment
		gone := run.gone
		s.mu.Unlock()
		select {
		case <-gone:
			return s.acquire(ctx, e)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if !ok {
		run = s.begin(e)
	}
	run.users++
	s.mu.Unlock()
	select {
	case <-run.ready:
	case <-ctx.Done():
		s.release(run)
		return nil, ctx.Err()
	}
	if run.err != nil {
		return nil, run.err
	}
	return run, nil
}

func (s *Server) release(run *running) {
	s.mu.Lock()
	run.users--
	run.last = s.clock.Now()
	s.mu.Unlock()
}

// begin opens a district in the background. The caller holds mu.
func (s *Server) begin(e Entry) *running {
	run := &running{ready: make(chan struct{}), done: make(chan struct{})}
	s.up[e.Slug] = run
	go s.start(run, e)
	return run
}

func (s *Server) start(run *running, e Entry) {
	ctx, cancel := context.WithCancel(context.Background())
	run.cancel = cancel
	run.d, run.err = s.open(ctx, e, s.reg.Folder(e.Slug))
	if run.err != nil {
		cancel()
		s.log.Error("open district", "district", e.Slug, "err", run.err)
		s.mu.Lock()
		delete(s.up, e.Slug) // the next request tries again
		s.later[e.Slug] = s.later[e.Slug].again(s.clock.Now())
		close(run.done)
		close(run.ready)
		s.mu.Unlock()
		return
	}
	// A process that is killed says nothing about what was due, so from now on
	// the district counts as due, until it is closed in peace.
	if err := s.reg.SetWake(ctx, e.Slug, s.clock.Now()); err != nil {
		s.log.Error("note that the district is open", "district", e.Slug, "err", err)
	}
	if s.opened != nil {
		s.opened(ctx, e, run.d)
	}
	s.mu.Lock()
	delete(s.later, e.Slug)
	run.last = s.clock.Now()
	if s.leaving {
		run.d.EndStreams()
	}
	close(run.ready)
	s.mu.Unlock()
	run.d.Run(ctx)
	close(run.done)
}

// EndStreams ends the event streams of all districts, also of those that are
// opened later: a page that listens would hold up a server that is stopping.
func (s *Server) EndStreams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaving = true
	for _, run := range s.up {
		if run.isReady() && run.err == nil {
			run.d.EndStreams()
		}
	}
}

// With runs fn with an open district, for commands and tests.
func (s *Server) With(ctx context.Context, slug string, fn func(d District) error) error {
	list, err := s.reg.Districts(ctx)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Slug == slug {
			run, err := s.acquire(ctx, e)
			if err != nil {
				return err
			}
			defer s.release(run)
			return fn(run.d)
		}
	}
	return fmt.Errorf("no district %q in this data folder", slug)
}
