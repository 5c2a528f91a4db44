package web

import (
	"context"
	"net/http"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

var errCrossSite = errs.E(errs.Forbidden, "error.cross_site")

// serve runs layers 7 to 11 for one route.
func (m *Mux) serve(w http.ResponseWriter, r *http.Request, rt *route) {
	q := of(r.Context())
	q.route, q.quiet = rt.pattern, rt.quiet
	if rt.write != answerTotal {
		_ = q.out.deadline(rt.write)
	}
	r, err := m.enter(w, r, rt)
	switch {
	case err != nil:
	case !rt.policy.Permits(q.actor):
		err = m.refusal(q.actor)
	default:
		if err = LimitBody(r, rt.maxBody, rt.total); err == nil {
			err = rt.handle(w, r)
		}
	}
	if err != nil {
		m.fail(w, r, err)
	}
}

// unknown answers what no route answers. It enters like a route would.
func (m *Mux) unknown(w http.ResponseWriter, r *http.Request) {
	r, err := m.enter(w, r, &route{})
	if err == nil {
		err = errs.E(errs.NotFound, "")
	}
	m.fail(w, r, err)
}

// refusal is what somebody reads who may not come in: who is not signed in
// may do so; to everybody else there is nothing here.
func (m *Mux) refusal(a policy.Actor) error {
	if a.Kind == policy.Anonymous {
		return errs.E(errs.Unauthenticated, "")
	}
	return errs.E(errs.NotFound, "")
}

// enter runs layers 7 and 8. The returned request is never nil.
func (m *Mux) enter(w http.ResponseWriter, r *http.Request, rt *route) (*http.Request, error) {
	q := of(r.Context())
	if rt.bare {
		return r, nil
	}
	if err := m.CheckOrigin(r); err != nil {
		// Whoever holds the session did not send this: it is answered as
		// nobody's request.
		return r.WithContext(m.Localize(r.Context(), r, "")), err
	}
	actor, lang, err := m.Session(r)
	ctx := m.Localize(r.Context(), r, lang)
	if err != nil {
		return r.WithContext(ctx), err
	}
	actor.Door, actor.RequestID = policy.DoorWeb, q.id
	q.actor = actor
	ctx = policy.WithActor(ctx, actor)
	if !safe(r.Method) {
		ctx, q.slot = idem.Hold(ctx)
	}
	r = r.WithContext(ctx)
	if actor.Kind == policy.Anonymous && !safe(r.Method) {
		if ok, after := m.anon.Allow(AddrKey(q.ip)); !ok {
			return r, &errs.Error{Kind: errs.Throttled, Key: "error.throttled", RetryAfter: after}
		}
	}
	return r, nil
}

// CheckOrigin refuses a request that could change something and that a
// browser sent on behalf of another site.
func (m *Mux) CheckOrigin(r *http.Request) error {
	if err := m.origin.Check(r); err != nil {
		e := *errCrossSite
		return e.Because(err)
	}
	return nil
}

// Session finds the person behind the request's session cookie: the zero
// Actor if there is none.
func (m *Mux) Session(r *http.Request) (policy.Actor, string, error) {
	token := m.sessionToken(r)
	if token == "" || m.d.Sessions == nil {
		return policy.Actor{}, "", nil
	}
	a, lang, err := m.d.Sessions.Resolve(r.Context(), token)
	if errs.Is(err, errs.Unauthenticated) || errs.Is(err, errs.NotFound) {
		return policy.Actor{}, "", nil
	}
	return a, lang, err
}

// Localize chooses the language: the person's own choice, this device's
// cookie, then what the browser asks for.
func (m *Mux) Localize(ctx context.Context, r *http.Request, person string) context.Context {
	if m.d.Words == nil {
		return ctx
	}
	device := ""
	if c, err := r.Cookie(langCookie); err == nil {
		device = c.Value
	}
	return i18n.With(ctx, m.d.Words, i18n.Match(r.Header.Get("Accept-Language"), device, person))
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// deadline is d from now on the machine's own clock: a connection does not
// care what time it is in a demonstration.
func deadline(d time.Duration) time.Time { return clock.System().Now().Add(d) }
