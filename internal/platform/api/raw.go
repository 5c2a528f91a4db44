package api

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Raw adds an operation whose body or answer is no JSON: a file on its way in
// or out. It is declared, authenticated, limited and documented like every
// other; h reads the body of a mutation as it comes, at most op.MaxBodyBytes
// of it (default 1 MiB).
//
// The body of an upload can't be hashed before it is read, so its
// Idempotency-Key stands for the address alone; h, which has read it, adds
// what was sent if another body under the same key shall be another upload.
func Raw(a *API, op Op, p policy.Policy, h web.Handler, parts ...RawPart) {
	s := a.declare(&op, p)
	document(&op, p, s, false)
	a.documentRaw(&op, s, parts)
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
			r.Body = http.NoBody
			return h(w, r)
		}
		if err := web.LimitBody(r, s.maxBody, 15*time.Minute); err != nil {
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

// RawPart says in the document what a raw operation's types can't say.
type RawPart func(a *API, op *Op)

// RawQuery is a parameter of the address, a text.
func RawQuery(name, doc string) RawPart {
	return func(_ *API, op *Op) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}})
	}
}

// RawAnswer is an answer in JSON after all, as of an upload.
func RawAnswer[T any]() RawPart {
	return func(a *API, op *Op) {
		op.Responses[strconv.Itoa(op.DefaultStatus)] = a.response(http.StatusText(op.DefaultStatus), "application/json", reflect.TypeFor[T]())
	}
}

var inPath = regexp.MustCompile(`\{(\w+)\}`)

// documentRaw writes what huma writes for an operation of its own.
func (a *API) documentRaw(op *Op, s *spec, parts []RawPart) {
	if op.DefaultStatus == 0 {
		op.DefaultStatus = http.StatusOK
	}
	for _, m := range inPath.FindAllStringSubmatch(op.Path, -1) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}})
	}
	file := map[string]*huma.MediaType{"application/octet-stream": {}}
	op.Responses = map[string]*huma.Response{strconv.Itoa(op.DefaultStatus): {Description: http.StatusText(op.DefaultStatus), Content: file}}
	if s.mutates {
		op.RequestBody = &huma.RequestBody{Description: "The file as it is.", Required: true, Content: file}
		op.Errors = append(op.Errors, http.StatusRequestEntityTooLarge)
	}
	for _, status := range append(op.Errors, http.StatusInternalServerError) {
		op.Responses[strconv.Itoa(status)] = a.response(http.StatusText(status), "application/problem+json", reflect.TypeFor[Problem]())
	}
	for _, part := range parts {
		part(a, op)
	}
}

func (a *API) response(what, media string, body reflect.Type) *huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(body, true, "")
	return &huma.Response{Description: what, Content: map[string]*huma.MediaType{media: {Schema: schema}}}
}
