package web

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// ServeHTTP runs layers 1 to 5 around everything; see the package comment.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	took := clock.Stopwatch()
	q := &request{mux: m, raw: w}
	q.id, q.ip = m.name(r)
	q.out = &answer{w: w, r: r}
	q.actor = policy.Actor{Door: policy.DoorWeb, RequestID: q.id}
	ctx := context.WithValue(r.Context(), requestKey{}, q)
	r = r.WithContext(policy.WithActor(ctx, q.actor))

	defer func() {
		if q.leave != nil {
			q.leave()
		}
		v := recover()
		if v != nil && v != http.ErrAbortHandler {
			m.rescue(q, r, v)
		}
		if !q.out.aborted && v != http.ErrAbortHandler {
			q.out.finish()
		}
		m.account(q, r, took)
		if q.out.aborted || v == http.ErrAbortHandler {
			// Cuts the connection: half an answer must not look like a whole one.
			panic(http.ErrAbortHandler)
		}
	}()
	_ = q.out.deadline(answerTotal)
	m.setHeaders(w.Header(), q.id)
	m.dispatch(q.out, r)
}

// rescue answers a panic. The process lives on: one broken page must not
// take everybody else's down.
func (m *Mux) rescue(q *request, r *http.Request, v any) {
	m.d.Log.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("request_id", q.id), slog.Any("value", v), slog.String("route", q.route), slog.String("stack", string(debug.Stack())))
	defer func() {
		// The error page panicked as well: nothing is left to say.
		if recover() != nil {
			q.out.aborted = true
		}
	}()
	m.answerError(q.out, r.WithContext(m.Localize(r.Context(), r, "")), &errs.Error{Kind: errs.Internal})
}

func (m *Mux) account(q *request, r *http.Request, took func() time.Duration) {
	d := took()
	route := q.route
	if route == "" {
		route = "unknown"
	}
	status := q.out.status
	if status == 0 {
		status = http.StatusOK
	}
	if q.out.aborted {
		status = statusAborted
	}
	m.d.Observe(r.Method, route, status, d, q.out.bytes)
	level := slog.LevelInfo
	if q.quiet {
		level = slog.LevelDebug
	}
	m.d.Log.LogAttrs(r.Context(), level, "request",
		slog.String("request_id", q.id),
		slog.String("method", r.Method),
		slog.String("route", route),
		slog.Int("status", status),
		slog.Int64("bytes", q.out.bytes),
		slog.Float64("ms", float64(d.Microseconds())/1000),
		slog.String("ip", q.ip.String()),
		slog.Int64("person", q.actor.Person),
		slog.String("door", string(q.actor.Door)))
}
