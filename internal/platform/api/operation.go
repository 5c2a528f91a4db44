package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Op describes an operation: OperationID, Method, Path (below Prefix) and
// Summary are required; Description, Tags, MaxBodyBytes (default 1 MiB) and
// DefaultStatus are worth setting.
type Op = huma.Operation

// defaultBody is the largest JSON body of an operation that names no limit.
const defaultBody = 1 << 20

type spec struct {
	route        web.RouteInfo
	mutates      bool
	takesBody    bool
	bodyRequired bool
	maxBody      int64
}

// Operation adds one. The input's and output's structs are read by tags
// (path, query, header, json, doc, minLength …); a field named Body is the
// JSON body. fn returns errors of package errs; anything else is a failure of
// ours. It panics on what is declared twice, half, or without a policy.
func Operation[I, O any](a *API, op Op, p policy.Policy, fn func(context.Context, *I) (*O, error)) {
	s := a.declare(&op, p)
	in := reflect.TypeFor[I]()
	if body, ok := in.FieldByName("Body"); ok {
		s.takesBody = true
		s.bodyRequired = body.Type.Kind() != reflect.Pointer
	}
	if _, ok := in.FieldByName("RawBody"); ok {
		panic("api: " + op.OperationID + ": uploads do not go through the JSON API")
	}
	_, versioned := in.FieldByName("IfMatch")
	document(&op, p, s, versioned)
	a.next = s
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
	if a.next != nil {
		panic("api: " + op.OperationID + " was not registered")
	}
	a.ids[op.OperationID] = true
	a.routes = append(a.routes, s.route)
}

func (a *API) declare(op *Op, p policy.Policy) *spec {
	switch {
	case op.OperationID == "" || op.Summary == "" || !strings.HasPrefix(op.Path, "/"):
		panic(fmt.Sprintf("api: operation %q %s %s needs an id, a summary and a path", op.OperationID, op.Method, op.Path))
	case a.ids[op.OperationID]:
		panic("api: operation id " + op.OperationID + " is taken")
	case p.Name == "" || p.Allow == nil:
		panic("api: " + op.OperationID + ": no policy")
	case op.Hidden:
		panic("api: " + op.OperationID + ": every operation stands in the document")
	}
	mutates := !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, op.Method)
	s := &spec{mutates: mutates, maxBody: op.MaxBodyBytes}
	if s.maxBody <= 0 {
		s.maxBody = defaultBody
	}
	s.route = web.RouteInfo{Method: op.Method, Path: Prefix + op.Path, Policy: p, Door: policy.DoorAPI, Operation: op.OperationID}
	// The guard reads the body, with its own limits, before huma does.
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1
	return s
}

// document writes into the OpenAPI document what the guard does.
func document(op *Op, p policy.Policy, s *spec, versioned bool) {
	open := "Open to " + p.Sentence + "."
	if op.Description != "" {
		open = op.Description + "\n\n" + open
	}
	op.Description = open
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	op.Extensions["x-policy"] = p.Name
	op.Extensions["x-token-scope"] = p.Scope
	fails := []int{http.StatusTooManyRequests}
	if p.Name == policy.Public.Name {
		op.Security = []map[string][]string{{}}
	} else {
		fails = append(fails, http.StatusUnauthorized, http.StatusForbidden)
		if p.Scope != "" {
			op.Security = append(op.Security, map[string][]string{"token": {}})
		}
		op.Security = append(op.Security, map[string][]string{"session": {}})
	}
	if strings.Contains(op.Path, "{") {
		fails = append(fails, http.StatusNotFound)
	}
	if versioned {
		fails = append(fails, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	if s.takesBody {
		fails = append(fails, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if s.mutates {
		fails = append(fails, http.StatusConflict, http.StatusUnprocessableEntity)
		low, high := 1, idem.MaxKey
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header",
			Description: "Names this command, so that sending it again does it once.",
			Schema:      &huma.Schema{Type: "string", MinLength: &low, MaxLength: &high},
		})
	}
	for _, f := range fails {
		if !slices.Contains(op.Errors, f) {
			op.Errors = append(op.Errors, f)
		}
	}
	slices.Sort(op.Errors)
}
