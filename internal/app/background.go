package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// Run does the background work until ctx ends: places and watchers of the
// log, jobs, the event stream, what has its hour, and putting away.
func (d *District) Run(ctx context.Context) {
	ctx = policy.WithActor(ctx, policy.SystemActor(policy.DoorJob))
	var wg sync.WaitGroup
	for _, work := range []func(context.Context){d.Log.Run, d.Jobs.Run, d.publish, d.keepTime, d.tidy} {
		wg.Go(func() { work(ctx) })
	}
	<-ctx.Done()
	d.EndStreams()
	wg.Wait()
}

// CatchUp has the watchers follow the log to its end. Run does so by itself;
// whoever has written much at once and shows it before that calls this.
func (d *District) CatchUp(ctx context.Context) error {
	ctx = policy.WithActor(ctx, policy.SystemActor(policy.DoorJob))
	for { // PostgreSQL gives places afterwards
		if n, err := event.Seal(ctx, d.DB); err != nil {
			return err
		} else if n == 0 {
			break
		}
	}
	return d.DB.Together(ctx, "catch up with the log", func(ctx context.Context) error {
		for _, w := range d.watchers() {
			for {
				if n, err := event.Step(ctx, d.DB, w); err != nil || n == 0 {
					if err != nil {
						return err
					}
					break
				}
			}
		}
		return nil
	})
}

// EndStreams ends the event streams of open pages and refuses new ones; the
// pages come back by themselves.
func (d *District) EndStreams() { d.stream.Close() }

// NextWake is when the district has work due by itself. A job that is being
// done counts as due when its lease ends: until then nobody should close the
// district, and if its handler does not heed that it was stopped, somebody
// must look again.
func (d *District) NextWake(ctx context.Context) (time.Time, error) {
	next, ok, err := d.waiting.Next(ctx)
	if err != nil || !ok {
		next = time.Time{}
	}
	for _, m := range modules() {
		if m.Due == nil {
			continue
		}
		at, derr := m.Due.Next(ctx, d)
		err = errors.Join(err, derr)
		if derr == nil {
			next = earlier(next, at)
		}
	}
	return next, err
}

// earlier is the earlier of two times of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// publishPage is how many events are read at once for open pages.
const publishPage = 500

// publish tells open pages which things changed: ids and versions, never
// words. Each page asks for what it may see.
func (d *District) publish(ctx context.Context) {
	wake, stop := d.Log.Listen()
	defer stop()
	for pause := time.Second; ctx.Err() == nil; {
		var news []event.Event
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { news, err = event.After(tx, d.told.Load(), publishPage); return err })
		if err != nil {
			if ctx.Err() == nil {
				d.log.Warn("event stream is behind; trying again", "err", err, "again_in", pause)
			}
			_ = clock.Sleep(ctx, clock.System(), pause)
			pause = min(2*pause, 30*time.Second)
			continue
		}
		pause = time.Second
		for _, e := range news {
			d.stream.Publish(changes(e)...)
			d.told.Store(e.Place)
		}
		if len(news) == publishPage {
			continue // there may be more, and nobody will say so again
		}
		select {
		case <-ctx.Done():
		case <-wake:
		}
	}
}
