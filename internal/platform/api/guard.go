package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

type apiKey struct{}

// shell runs around every answer of the API: headers, a problem for an error
// that is returned, and one for a panic.
func (a *API) shell(route string, h web.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if route != "" {
			web.NoteRoute(r.Context(), r.Method+" "+route)
		}
		ctx := context.WithValue(r.Context(), apiKey{}, a)
		r = r.WithContext(a.opt.Mux.Localize(ctx, r, ""))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler || web.Answered(w) {
				if v != http.ErrAbortHandler {
					a.logPanic(r, v)
				}
				panic(http.ErrAbortHandler)
			}
			a.logPanic(r, v)
			a.write(w, r, &errs.Error{Kind: errs.Internal})
		}()
		if err := h(w, r); err != nil {
			if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
				panic(http.ErrAbortHandler) // the client has gone
			}
			web.LogError(r.Context(), a.opt.Log, err)
			a.write(w, r, err)
		}
	}
}

func (a *API) logPanic(r *http.Request, v any) {
	a.opt.Log.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("request_id", web.RequestID(r.Context())), slog.Any("value", v), slog.String("stack", string(debug.Stack())))
}

// guard stands before one operation.
func (a *API) guard(s *spec, next func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return a.shell(s.route.Path, func(w http.ResponseWriter, r *http.Request) error {
		actor, ctx, err := a.authenticate(r)
		if err != nil {
			return err
		}
		actor.Door, actor.RequestID = policy.DoorAPI, web.RequestID(ctx)
		ctx = policy.WithActor(ctx, actor)
		web.NoteActor(ctx, actor)
		r = r.WithContext(ctx)
		if err := a.throttle(r, actor); err != nil {
			return err
		}
		if !s.route.Policy.Permits(actor) {
			return refusal(s, actor)
		}
		if !s.mutates {
			r.Body = http.NoBody
			next(w, r)
			return nil
		}
		body, err := readBody(s, r)
		if err != nil {
			return err
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r, leave, err := a.once(s, r, actor, body)
		if err != nil {
			return err
		}
		defer leave()
		next(w, r)
		return nil
	})
}

// authenticate finds out who calls. A token that was sent and is not known
// is refused even where nobody need sign in: its sender is mistaken.
func (a *API) authenticate(r *http.Request) (policy.Actor, context.Context, error) {
	ctx := r.Context()
	header := r.Header.Get("Authorization")
	if header == "" {
		if err := a.opt.Mux.CheckOrigin(r); err != nil {
			return policy.Actor{}, ctx, err
		}
		actor, lang, err := a.opt.Mux.Session(r)
		return actor, a.opt.Mux.Localize(ctx, r, lang), err
	}
	from := web.AddrKey(web.ClientIP(ctx))
	if ok, after := a.failures.Left(from); !ok {
		return policy.Actor{}, ctx, throttled(after)
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	var actor policy.Actor
	if strings.EqualFold(scheme, "Bearer") && token != "" && len(token) <= 256 && a.opt.Tokens != nil {
		var err error
		if actor, err = a.opt.Tokens.Resolve(ctx, token); err != nil && !errs.Is(err, errs.Unauthenticated) {
			return policy.Actor{}, ctx, err
		}
	}
	if actor.Kind == policy.Anonymous || actor.Token == 0 {
		a.failures.Allow(from)
		return policy.Actor{}, ctx, &statusError{http.StatusUnauthorized, errs.E(errs.Unauthenticated, "api.token")}
	}
	return actor, ctx, nil
}

func (a *API) throttle(r *http.Request, actor policy.Actor) error {
	ok, after := true, time.Duration(0)
	switch {
	case actor.Token != 0:
		ok, after = a.tokens.Allow(strconv.FormatInt(actor.Token, 10))
	case actor.Kind == policy.Anonymous:
		ok, after = a.anon.Allow(web.AddrKey(web.ClientIP(r.Context())))
	}
	if !ok {
		return throttled(after)
	}
	return nil
}

func throttled(after time.Duration) error {
	return &errs.Error{Kind: errs.Throttled, Key: "error.throttled", RetryAfter: after}
}

func refusal(s *spec, actor policy.Actor) error {
	switch {
	case actor.Kind == policy.Anonymous:
		return errs.E(errs.Unauthenticated, "")
	case actor.Token != 0 && s.route.Policy.Scope == "":
		return errs.E(errs.Forbidden, "api.no_token")
	case actor.Token != 0 && s.route.Policy.Scope != policy.ScopeAny && !actor.TokenAllows(s.route.Policy.Scope):
		return errs.E(errs.Forbidden, "api.scope", "Scope", s.route.Policy.Scope)
	}
	return errs.E(errs.Forbidden, "api.forbidden")
}

// readBody takes the whole body, within the operation's limit, and refuses
// what is not plain JSON before anything looks into it.
func readBody(s *spec, r *http.Request) ([]byte, error) {
	if err := web.LimitBody(r, s.maxBody, time.Minute); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, web.BodyError(err)
	}
	switch {
	case len(body) == 0 && s.bodyRequired:
		return nil, malformed("api.body_required")
	case len(body) == 0:
		return nil, nil
	case !s.takesBody:
		return nil, malformed("api.body_unexpected")
	case r.Header.Get("Content-Encoding") != "" || !isJSON(r.Header.Get("Content-Type")):
		return nil, &statusError{http.StatusUnsupportedMediaType, problemErr("error.bad_content_type")}
	}
	return body, checkJSON(body)
}

func isJSON(contentType string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// once names the command after its Idempotency-Key and refuses it while the
// same one is running.
func (a *API) once(s *spec, r *http.Request, actor policy.Actor, body []byte) (*http.Request, func(), error) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return r, func() {}, nil
	}
	if len(keys) > 1 || !idem.Valid(keys[0]) {
		return r, nil, errs.E(errs.Invalid, "api.key")
	}
	k := idem.Key{Key: keys[0], Actor: web.ActorKey(actor), Route: s.route.Pattern()}
	k.Hash = sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s", r.Method, r.URL.RequestURI(), body))
	leave, ok := a.gate.Try(k)
	if !ok {
		return r, nil, &errs.Error{Kind: errs.Conflict, Key: "error.still_running", RetryAfter: time.Second}
	}
	return r.WithContext(idem.With(r.Context(), k)), leave, nil
}
