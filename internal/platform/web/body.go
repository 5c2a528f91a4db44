package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
)

const (
	bodyPause   = 20 * time.Second // without a single byte
	bodyTotal   = time.Minute      // for the whole body of an ordinary form
	answerTotal = time.Minute
)

// LimitBody bounds a request's body to max bytes, pace bytesPause between
// two bytes, and total for all of it. A length that is announced too large is
// refused before anything is read.
func LimitBody(r *http.Request, max int64, total time.Duration) error {
	q := of(r.Context())
	if q == nil || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if r.ContentLength > max {
		q.tooBig = true
		return tooLarge()
	}
	rc := http.NewResponseController(q.raw)
	r.Body = &body{
		ReadCloser: http.MaxBytesReader(q.raw, r.Body, max),
		deadline:   rc.SetReadDeadline,
		until:      clock.System().Now().Add(total),
		q:          q,
	}
	return nil
}

// body keeps moving the connection's deadline while bytes arrive. At the
// body's end net/http takes it away again.
type body struct {
	io.ReadCloser
	deadline func(time.Time) error
	until    time.Time
	q        *request
	err      error
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	next := clock.System().Now().Add(bodyPause)
	if next.After(b.until) {
		next = b.until
	}
	_ = b.deadline(next) // recorders in tests have no connection
	n, err := b.ReadCloser.Read(p)
	if err == nil {
		return n, nil
	}
	if err == io.EOF {
		b.err = io.EOF
		return n, io.EOF
	}
	b.err = BodyError(err)
	var big *http.MaxBytesError
	b.q.tooBig = errors.As(err, &big)
	return n, b.err
}

// BodyError turns a body that could not be read to its end into the error
// that its sender should see.
func BodyError(err error) error {
	var big *http.MaxBytesError
	var e *errs.Error
	var ne net.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &big):
		return tooLarge()
	case errors.As(err, &ne) && ne.Timeout():
		return errs.E(errs.Invalid, "web.error.slow").Because(err)
	case errors.Is(err, context.Canceled):
		return err
	}
	return errs.E(errs.Invalid, "web.error.incomplete").Because(err)
}

func tooLarge() *errs.Error { return errs.E(errs.TooLarge, "error.too_large") }
