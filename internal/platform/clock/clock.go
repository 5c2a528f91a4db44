// Package clock is where time comes from. A district has one Clock; the demo
// and the tests drive theirs by hand. The standard library's time.Now and the
// timers behind it are called here and nowhere else (archtest checks), so a
// test that moves the clock moves everything.
package clock

import (
	"context"
	"sort"
	"sync"
	"time"
)

// Clock tells the time in UTC, cut to microseconds (what a database column
// holds, so that a time read back equals the time written), and wakes sleepers.
type Clock interface {
	Now() time.Time
	// After delivers the time once, d from now or at once if d <= 0. The
	// returned stop releases it early; calling stop more than once is safe.
	After(d time.Duration) (c <-chan time.Time, stop func())
}

// System is the machine's clock.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func (system) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// Sleep waits d on c, or until ctx ends, whose error it then returns.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	ch, stop := c.After(d)
	defer stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-ch:
		return nil
	}
}

// Stopwatch measures real elapsed time for logs and figures, whatever a
// driven clock says. It must never decide anything.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// Manual is a clock that stands still until it is moved.
type Manual struct {
	mu       sync.Mutex
	now      time.Time
	sleepers []*sleeper
}

type sleeper struct {
	at time.Time
	c  chan time.Time
}

// NewManual makes a clock that stands at start.
func NewManual(start time.Time) *Manual {
	return &Manual{now: start.UTC().Truncate(time.Microsecond)}
}

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// After wakes when the clock is moved to d from now or beyond.
func (m *Manual) After(d time.Duration) (<-chan time.Time, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &sleeper{at: m.now.Add(d), c: make(chan time.Time, 1)}
	if d <= 0 {
		s.c <- m.now
		return s.c, func() {}
	}
	m.sleepers = append(m.sleepers, s)
	return s.c, func() { m.drop(s) }
}

func (m *Manual) drop(s *sleeper) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, x := range m.sleepers {
		if x == s {
			m.sleepers = append(m.sleepers[:i], m.sleepers[i+1:]...)
			return
		}
	}
}

// Advance moves the clock forward by d and wakes who is due, earliest first.
func (m *Manual) Advance(d time.Duration) { m.Set(m.Now().Add(d)) }

// Set moves the clock to t, which may lie in the past: a machine's clock can
// jump, and what depends on it must survive that.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC().Truncate(time.Microsecond)
	sort.SliceStable(m.sleepers, func(i, j int) bool { return m.sleepers[i].at.Before(m.sleepers[j].at) })
	for len(m.sleepers) > 0 && !m.sleepers[0].at.After(m.now) {
		m.sleepers[0].c <- m.now
		m.sleepers = m.sleepers[1:]
	}
}

// Ahead is a clock that runs like another, some time before it, or behind it if
// by is negative.
func Ahead(c Clock, by time.Duration) Clock { return ahead{c, by.Truncate(time.Microsecond)} }

type ahead struct {
	Clock
	by time.Duration
}

func (c ahead) Now() time.Time { return c.Clock.Now().Add(c.by) }
