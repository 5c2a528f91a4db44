package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"trellis/internal/platform/clock"
)

var start = time.Date(2026, 3, 2, 14, 5, 0, 123456789, time.FixedZone("", -5*3600))

// A driven clock stands still, tells UTC cut to microseconds, wakes who is due
// in order and nobody else, and may be set back.
func TestManual(t *testing.T) {
	c := clock.NewManual(start)
	if now := c.Now(); !now.Equal(start.Truncate(time.Microsecond)) || now.Location() != time.UTC || now != c.Now() {
		t.Fatalf("it stands at %v", now)
	}
	soon, _ := c.After(time.Minute)
	late, _ := c.After(time.Hour)
	never, stop := c.After(time.Minute)
	stop()
	stop()
	at, _ := c.After(0)
	<-at
	c.Advance(59 * time.Second)
	select {
	case <-soon:
		t.Error("woken a second early")
	default:
	}
	c.Advance(time.Second)
	<-soon
	select {
	case <-late:
		t.Error("woken too early")
	case <-never:
		t.Error("woken after it was stopped")
	default:
	}
	c.Set(start.Add(-24 * time.Hour))
	c.Set(start.Add(2 * time.Hour))
	<-late
}

func TestSleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- clock.Sleep(ctx, clock.NewManual(start), time.Hour) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
