package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"trellis/internal/platform/errs"
)

// Serve answers a request with an event stream, until the browser leaves, the
// session ends, the subscriber can't keep up or the stream is closed. The
// browser hears
//
//	event: change   data: [{"kind":"thing","id":7,"version":3}, …]
//	event: resync   fetch everything shown again: something was missed
//	event: end      the session has ended; do not come back
//
// and a comment line as heartbeat. Each event has an id from which a broken
// connection resumes.
func (s *Stream) Serve(w http.ResponseWriter, r *http.Request, who Subscriber) error {
	since := r.Header.Get("Last-Event-ID")
	if since == "" {
		since = r.URL.Query().Get("since")
	}
	sub, resync, err := s.join(who.Session, since)
	if err != nil {
		return err
	}
	defer s.part(sub)

	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies must not hold it back
	c := &conn{s: s, w: w, rc: http.NewResponseController(w), ctx: r.Context(), who: who, checked: s.opt.Clock.Now()}
	// After a restart everybody comes back: not all in the same moment.
	var jitter [1]byte
	_, _ = rand.Read(jitter[:])
	if err := c.send(fmt.Sprintf("retry: %d\n\n", 2000+12*int(jitter[0]))); err != nil {
		return nil
	}
	if resync && c.event("resync", "{}", s.Position()) != nil {
		return nil
	}
	return c.run(sub)
}

// conn is one browser's connection.
type conn struct {
	s       *Stream
	w       http.ResponseWriter
	rc      *http.ResponseController
	ctx     context.Context
	who     Subscriber
	checked time.Time
}

func (c *conn) run(sub *subscriber) error {
	for {
		beat, stop := c.s.opt.Clock.After(c.s.opt.Heartbeat)
		var err error
		select {
		case <-c.ctx.Done():
			stop()
			return nil
		case <-beat:
			if err = c.recheck(0); err == nil {
				err = c.send(": \n\n")
			}
		case <-sub.wake:
			err = c.deliver(sub)
		}
		stop()
		if err != nil {
			return nil // whoever listened is gone, or has been told
		}
	}
}

func (c *conn) deliver(sub *subscriber) error {
	batch, upTo, open := c.s.take(sub)
	if !open {
		return errGone
	}
	if len(batch) == 0 {
		return nil
	}
	if err := c.recheck(c.s.opt.Recheck); err != nil {
		return err
	}
	var mine []Change
	for _, n := range batch {
		if c.who.Filter(c.ctx, n.Change) {
			mine = append(mine, n.Change)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	data, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	return c.event("change", string(data), c.s.token(upTo))
}

// recheck asks whether the session still stands if the last answer is older
// than max. A clock that was set back makes every answer old.
func (c *conn) recheck(max time.Duration) error {
	if c.who.Recheck == nil {
		return nil
	}
	now := c.s.opt.Clock.Now()
	if age := now.Sub(c.checked); age >= 0 && age < max {
		return nil
	}
	ctx, err := c.who.Recheck(c.ctx)
	if err != nil {
		if errs.Is(err, errs.Unauthenticated) {
			_ = c.event("end", "{}", "")
		}
		return err // anything else may have passed when the browser comes back
	}
	c.ctx, c.checked = ctx, now
	return nil
}

func (c *conn) event(name, data, id string) error {
	var b strings.Builder
	if id != "" {
		b.WriteString("id: " + id + "\n")
	}
	b.WriteString("event: " + name + "\ndata: " + data + "\n\n")
	return c.send(b.String())
}

func (c *conn) send(s string) error {
	_ = c.rc.SetWriteDeadline(deadline(c.s.opt.WritePause))
	if _, err := c.w.Write([]byte(s)); err != nil {
		return err
	}
	if err := c.rc.Flush(); err != nil {
		return err
	}
	// HTTP/2 ends a stream whose deadline passes, even while nothing is sent.
	return ignoreUnsupported(c.rc.SetWriteDeadline(time.Time{}))
}

func ignoreUnsupported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
