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
	// NextWake is when it has work due; zero means nothing is.
	NextWake(ctx context.Context) (time.Time, error)
	// Busy reports whether somebody is looking (an open event stream) or
	// work is being done right now.
	Busy() bool
	Close() error
}

// Opener opens a district's folder or database.
type Opener func(ctx context.Context, e Entry, folder string) (District, error)

// Server answers for every district in its registry.
type Server struct {
	reg   *Registry
	open  Opener
	log   *slog.Logger
	clock clock.Clock
	idle  time.Duration
	none  http.Handler // answers for host names that belong to nobody

	mu    sync.Mutex
	up    map[string]*running
	known map[string]known // by host name, forgotten every tick
	ended bool
}

type known struct {
	e  Entry
	ok bool
}

// running is a district that is open or being opened.
type running struct {
	ready  chan struct{} // closed when opening ended
	d      District
	err    error
	users  int       // requests being answered
	last   time.Time // when the last one ended
	cancel context.CancelFunc
	done   chan struct{} // closed when Run returned
	gone   chan struct{} // made when it is being closed, closed when it is
}

// Options of a server; Idle 0 means ten minutes.
type Options struct {
	Log   *slog.Logger
	Clock clock.Clock
	Idle  time.Duration
	None  http.Handler
}

// New makes a server over a registry. Call Run for its scheduler.
func New(reg *Registry, open Opener, o Options) *Server {
	if o.Idle == 0 {
		o.Idle = 10 * time.Minute
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	return &Server{reg: reg, open: open, log: o.Log, clock: o.Clock, idle: o.Idle, none: o.None, up: map[string]*running{}, known: map[string]known{}}
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
	if err != nil {
		s.log.Error("open district", "district", e.Slug, "err", err)
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
		run = &running{ready: make(chan struct{}), done: make(chan struct{})}
		s.up[e.Slug] = run
		go s.start(run, e)
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

func (s *Server) start(run *running, e Entry) {
	ctx, cancel := context.WithCancel(context.Background())
	run.cancel = cancel
	run.d, run.err = s.open(ctx, e, s.reg.Folder(e.Slug))
	if run.err != nil {
		cancel()
		s.mu.Lock()
		delete(s.up, e.Slug) // the next request tries again
		s.mu.Unlock()
		close(run.done)
		close(run.ready)
		return
	}
	s.mu.Lock()
	run.last = s.clock.Now()
	s.mu.Unlock()
	close(run.ready)
	run.d.Run(ctx)
	close(run.done)
}

// Run wakes districts that have work due and closes idle ones until ctx ends;
// then it closes them all.
func (s *Server) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := s.tick(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("scheduler", "err", err)
		}
		_ = clock.Sleep(ctx, s.clock, time.Second)
	}
	s.mu.Lock()
	s.ended = true
	slugs := make([]string, 0, len(s.up))
	for slug := range s.up {
		slugs = append(slugs, slug)
	}
	s.mu.Unlock()
	var errs []error
	for _, slug := range slugs {
		errs = append(errs, s.stop(context.WithoutCancel(ctx), slug))
	}
	return errors.Join(errs...)
}

// tick is one look at every district.
func (s *Server) tick(ctx context.Context) error {
	list, err := s.reg.Districts(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	clear(s.known)
	s.mu.Unlock()
	now := s.clock.Now()
	for _, e := range list {
		s.mu.Lock()
		run, up := s.up[e.Slug]
		idle := false
		if up {
			select {
			case <-run.ready:
				idle = run.err == nil && run.users == 0 && now.Sub(run.last) > s.idle && !run.d.Busy()
			default:
			}
		}
		s.mu.Unlock()
		switch {
		case !up && !e.NextWake.IsZero() && !e.NextWake.After(now):
			if run, err := s.acquire(ctx, e); err == nil {
				s.release(run)
			} else {
				s.log.Error("wake district", "district", e.Slug, "err", err)
			}
		case idle:
			next, err := run.d.NextWake(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Slug, err)
			}
			if !next.IsZero() && next.Sub(now) < s.idle {
				continue // not worth closing
			}
			if err := s.stop(ctx, e.Slug); err != nil {
				return fmt.Errorf("close %s: %w", e.Slug, err)
			}
		}
	}
	return nil
}

// stop closes a district after noting when it must be opened again. Whoever
// asks for it meanwhile waits and opens it anew.
func (s *Server) stop(ctx context.Context, slug string) error {
	s.mu.Lock()
	run, ok := s.up[slug]
	if !ok {
		s.mu.Unlock()
		return nil
	}
	s.mu.Unlock()
	<-run.ready
	if run.err != nil {
		return nil
	}
	next, err := run.d.NextWake(ctx)
	if err != nil {
		s.log.Error("next wake-up unknown; it is opened at once", "district", slug, "err", err)
		next = s.clock.Now()
	}
	if err := s.reg.SetWake(ctx, slug, next); err != nil {
		return err
	}
	s.mu.Lock()
	if run.users > 0 && !s.ended {
		s.mu.Unlock()
		return nil // somebody came in the meantime
	}
	run.gone = make(chan struct{})
	s.mu.Unlock()
	run.cancel()
	<-run.done
	err = run.d.Close()
	s.mu.Lock()
	delete(s.up, slug)
	s.mu.Unlock()
	close(run.gone)
	return err
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
