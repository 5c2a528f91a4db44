package api

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Raw adds an operation whose body or answer is no JSON: a file on its way in
// or out. It is declared, authenticated, limited and documented like every
// other; h reads the body as it comes, at most op.MaxBodyBytes of it.
//
// An Idempotency-Key names the upload by its address alone: what was sent
// under a key is the first one that arrived whole.
func Raw(a *API, op Op, p policy.Policy, h web.Handler) {
	limit := op.MaxBodyBytes
	s := a.declare(&op, p)
	document(&op, p, s, false)
	a.ids[op.OperationID] = true
	a.routes = append(a.routes, s.route)
	path := op.Path
	op.Path = path
	a.huma.OpenAPI().AddOperation(&op)
	a.mux.HandleFunc(op.Method+" "+Prefix+path, a.shell(s.route.Path, func(w http.ResponseWriter, r *http.Request) error {
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
		if !p.Permits(actor) {
			return refusal(s, actor)
		}
		if !s.mutates {
			return h(w, r)
		}
		if err := web.LimitBody(r, limit, 15*time.Minute); err != nil {
			return err
		}
		if keys := r.Header.Values("Idempotency-Key"); len(keys) > 0 {
			if len(keys) > 1 || !idem.Valid(keys[0]) {
				return errs.E(errs.Invalid, "api.key")
			}
			k := idem.Key{Key: keys[0], Actor: web.ActorKey(actor), Route: s.route.Pattern()}
			k.Hash = sha256.Sum256(fmt.Appendf(nil, "%s\n%s", r.Method, r.URL.RequestURI()))
			leave, ok := a.gate.Try(k)
			if !ok {
				return &errs.Error{Kind: errs.Conflict, Key: "error.still_running", RetryAfter: time.Second}
			}
			defer leave()
			r = r.WithContext(idem.With(r.Context(), k))
		}
		return h(w, r)
	}))
}
