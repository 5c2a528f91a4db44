package app

import (
	"context"
	"errors"
	"time"

	"trellis/internal/platform/clock"
)

const (
	// dueSettle is how long after a commit it is looked whether something is
	// due earlier than before: a burst of commits is one look.
	dueSettle = 200 * time.Millisecond
	// dueNap is how long the clock is trusted: it may be set, or the machine
	// may have slept. Waking from a nap reads the clock and nothing else.
	dueNap = 15 * time.Second
)

// timed is a module's work that has its hour.
type timed struct {
	*due
	name  string
	retry time.Time     // after a failure: not before
	pause time.Duration // how long was waited after the last failure
}

// keepTime does what is due at its hour until ctx ends. In between it sleeps:
// until the earliest hour of all modules, or until something was committed,
// which may be due earlier.
func (d *District) keepTime(ctx context.Context) {
	wake, stop := d.Log.Listen()
	defer stop()
	var all []*timed
	for _, m := range modules() {
		if m.Due != nil {
			all = append(all, &timed{due: m.Due, name: m.Name})
		}
	}
	for ctx.Err() == nil {
		var next time.Time
		for _, w := range all {
			next = earlier(next, w.step(ctx, d))
		}
		d.rest(ctx, next, wake)
	}
}

var errStillDue = errors.New("it was done, and something is due as before")

// step does a module's work if it is due, and returns when to look again, zero
// for not before something was committed.
func (w *timed) step(ctx context.Context, d *District) time.Time {
	now := d.clock.Now()
	if now.Before(w.retry) {
		return w.retry
	}
	at, err := w.Next(ctx, d)
	if err == nil && !at.IsZero() && !at.After(now) {
		was := at
		if err = w.Do(ctx, d); err == nil {
			at, err = w.Next(ctx, d)
		}
		if err == nil && !at.IsZero() && !at.After(was) {
			err = errStillDue // or it would be done again and again
		}
	}
	if err == nil {
		w.retry, w.pause = time.Time{}, 0
		return at
	}
	w.pause = min(max(2*w.pause, 5*time.Second), 5*time.Minute)
	w.retry = now.Add(w.pause)
	if ctx.Err() == nil {
		d.log.Error("what is due could not be done; trying again", "module", w.name, "err", err, "again_in", w.pause)
	}
	return w.retry
}

// rest returns when it is at, or a little after something was committed.
func (d *District) rest(ctx context.Context, at time.Time, wake <-chan struct{}) {
	for {
		var alarm <-chan time.Time
		stop := func() {}
		if !at.IsZero() {
			alarm, stop = d.clock.After(min(at.Sub(d.clock.Now()), dueNap))
		}
		select {
		case <-ctx.Done():
			stop()
			return
		case <-wake:
			stop()
			_ = clock.Sleep(ctx, clock.System(), dueSettle)
			select {
			case <-wake: // commits of the burst
			default:
			}
			return
		case <-alarm:
			if !d.clock.Now().Before(at) {
				return
			}
		}
	}
}
