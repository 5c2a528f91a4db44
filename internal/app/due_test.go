package app

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"trellis/internal/platform/clock"
)

// Work that is due is done once; what fails, or is due again as if nothing had
// been done, is tried again after pauses that grow, and never in a circle.
func TestStep(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
	d := &District{clock: c, log: slog.New(slog.DiscardHandler)}
	hour := c.Now().Add(time.Hour)
	next, ran := hour, 0
	var fails error
	lazy := false
	w := timed{name: "test", due: &due{
		Next: func(context.Context, *District) (time.Time, error) { return next, nil },
		Do: func(context.Context, *District) error {
			ran++
			if fails == nil && !lazy {
				next = next.Add(time.Hour)
			}
			return fails
		},
	}}
	expect := func(what string, runs int, at time.Time) {
		t.Helper()
		if got := w.step(t.Context(), d); ran != runs || !got.Equal(at) {
			t.Errorf("%s: it ran %d times and looks again at %v, want %d and %v", what, ran, got, runs, at)
		}
	}
	expect("before its hour", 0, hour)
	c.Set(hour)
	expect("at its hour", 1, hour.Add(time.Hour))
	c.Set(hour.Add(time.Hour))
	fails = errors.New("no")
	expect("it fails", 2, c.Now().Add(5*time.Second))
	expect("at once again", 2, c.Now().Add(5*time.Second))
	c.Advance(5 * time.Second)
	expect("it fails again", 3, c.Now().Add(10*time.Second))
	c.Advance(10 * time.Second)
	fails, lazy = nil, true
	expect("it does nothing", 4, c.Now().Add(20*time.Second))
	c.Advance(20 * time.Second)
	lazy = false
	expect("it works again", 5, hour.Add(2*time.Hour))
	next = time.Time{}
	expect("nothing is due", 5, time.Time{})
}
