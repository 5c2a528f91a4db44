package server

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"trellis/internal/platform/clock"
)

const (
	// lookEvery is how often the list of districts is read: a wake-up that is
	// due, a district or a host name that was added is found this late at most.
	lookEvery = time.Second
	// wakeAtOnce is how many districts the scheduler opens at the same time;
	// after a crash all that were open are due.
	wakeAtOnce = 4
)

// later is when the scheduler tries again to open a district that failed.
// Somebody who asks for it does not wait for that.
type later struct {
	at    time.Time
	pause time.Duration
}

func (l later) again(now time.Time) later {
	l.pause = min(max(2*l.pause, 5*time.Second), 10*time.Minute)
	l.at = now.Add(l.pause)
	return l
}

// Run wakes districts that have work due and closes idle ones until ctx ends;
// then it closes them all.
func (s *Server) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := s.tick(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the list of districts can't be read; trying again", "err", err)
		}
		_ = clock.Sleep(ctx, s.clock, lookEvery)
	}
	s.mu.Lock()
	s.ended = true
	slugs := make([]string, 0, len(s.up))
	for slug := range s.up {
		slugs = append(slugs, slug)
	}
	s.mu.Unlock()
	// Side by side: each may wait for a job that is being done.
	var wg sync.WaitGroup
	failed := make([]error, len(slugs))
	for i, slug := range slugs {
		wg.Go(func() { failed[i] = s.stop(context.WithoutCancel(ctx), slug) })
	}
	wg.Wait()
	return errors.Join(failed...)
}

// tick is one look at every district. What takes time goes on beside it, so
// that one district never holds up another.
func (s *Server) tick(ctx context.Context) error {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	list, err := s.reg.Districts(ctx)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.known)
	if s.closed != closed {
		return nil // the list may still say that a district is due which was closed since
	}
	opening := 0
	for _, run := range s.up {
		if !run.isReady() {
			opening++
		}
	}
	for _, e := range list {
		run, up := s.up[e.Slug]
		switch {
		case up:
			if run.isReady() && run.err == nil && run.gone == nil && !run.asked && run.users == 0 && now.Sub(run.last) > s.idle && !run.d.Busy() {
				run.asked = true
				go s.rest(ctx, run, e.Slug)
			}
		case opening < wakeAtOnce && !e.NextWake.IsZero() && !e.NextWake.After(now) && !now.Before(s.later[e.Slug].at):
			opening++
			s.begin(e)
		}
	}
	return nil
}

// rest closes an idle district, unless it has something to do so soon that
// this is not worth it.
func (s *Server) rest(ctx context.Context, run *running, slug string) {
	next, err := run.d.NextWake(ctx)
	now := s.clock.Now()
	s.mu.Lock()
	run.asked = false
	if err != nil || (!next.IsZero() && next.Sub(now) < s.idle) {
		run.last = now // it is asked again when as much time has passed
	}
	stays := run.last.Equal(now)
	s.mu.Unlock()
	switch {
	case ctx.Err() != nil: // Run closes everything
	case err != nil:
		s.log.Error("what is due next can't be found out; the district stays open", "district", slug, "err", err)
	case !stays:
		if err := s.stop(context.WithoutCancel(ctx), slug); err != nil {
			s.log.Error("close idle district", "district", slug, "err", err)
		}
	}
}

// stop closes a district and notes when it must be opened again. Whoever asks
// for it meanwhile waits and opens it anew.
func (s *Server) stop(ctx context.Context, slug string) error {
	s.mu.Lock()
	run, ok := s.up[slug]
	if !ok || (run.users > 0 && !s.ended) { // somebody came in the meantime
		s.mu.Unlock()
		return nil
	}
	if gone := run.gone; gone != nil {
		s.mu.Unlock()
		<-gone
		return nil
	}
	run.gone = make(chan struct{})
	s.mu.Unlock()
	defer close(run.gone)
	<-run.ready
	if run.err != nil {
		return nil
	}
	run.cancel()
	<-run.done
	// Only now: a job that was stopped halfway has gone back to wait.
	next, err := run.d.NextWake(ctx)
	if err != nil {
		s.log.Error("next wake-up unknown; it is opened at once", "district", slug, "err", err)
		next = s.clock.Now()
	}
	err = s.reg.SetWake(ctx, slug, next)
	if err != nil {
		err = fmt.Errorf("note the next wake-up of %s: %w", slug, err)
	}
	err = errors.Join(err, run.d.Close())
	s.mu.Lock()
	delete(s.up, slug)
	s.closed++
	s.mu.Unlock()
	return err
}
