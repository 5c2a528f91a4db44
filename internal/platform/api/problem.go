package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/web"
)

// Problem is the body of every error (RFC 9457).
type Problem struct {
	Type      string   `json:"type" doc:"Names the kind of problem." example:"urn:trellis:problem:invalid"`
	Title     string   `json:"title" doc:"What happened, in the caller's language."`
	Status    int      `json:"status" doc:"The HTTP status." example:"422"`
	Detail    string   `json:"detail,omitempty" doc:"What is safe and what to do next, in the caller's language."`
	Errors    []Detail `json:"errors,omitempty" doc:"What is wrong with each field."`
	RequestID string   `json:"request_id,omitempty" doc:"Names this request in the server's log."`
	Kind      string   `json:"kind" doc:"The kind of problem, for programs." example:"invalid"`

	header http.Header
}

// Detail is what is wrong with one field. The value that was sent is not
// repeated: it would end in logs.
type Detail struct {
	Location string `json:"location" doc:"Where, as a path." example:"body.title"`
	Message  string `json:"message" doc:"What is wrong, in the caller's language."`
}

// Error makes a Problem an error for huma, which draws it.
func (p *Problem) Error() string { return p.Kind + ": " + p.Detail }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders tells huma which headers go with it.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType tells huma the media type.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusError is an error with a more exact status than its kind has.
type statusError struct {
	status int
	cause  *errs.Error
}

func (e *statusError) Error() string { return e.cause.Error() }
func (e *statusError) Unwrap() error { return e.cause }

func problemErr(key string, args ...any) *errs.Error { return errs.E(errs.Invalid, key, args...) }

func malformed(key string) error { return &statusError{http.StatusBadRequest, problemErr(key)} }

func notFound() error { return errs.E(errs.NotFound, "") }

// problem turns an error into words and logs what has to be.
func (a *API) problem(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	web.LogError(ctx, a.opt.Log, err)
	return a.describe(ctx, err)
}

func (a *API) describe(ctx context.Context, err error) *Problem {
	e := web.AsError(err)
	p := &Problem{Status: web.Status(e.Kind), header: http.Header{}}
	if se, ok := errors.AsType[*statusError](err); ok {
		p.Status = se.status
	}
	p.Kind = e.Kind.String()
	p.Type = "urn:trellis:problem:" + p.Kind
	p.Title, p.Detail = web.Texts(ctx, e)
	p.RequestID = web.RequestID(ctx)
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, Detail{location(f.Name), i18n.Map(ctx, f.Key, f.Args)})
	}
	if after := web.RetryAfter(e); after != "" {
		p.header.Set("Retry-After", after)
	}
	switch {
	case e.Key == "api.token":
		p.header.Set("WWW-Authenticate", `Bearer realm="trellis", error="invalid_token"`)
	case e.Key == "api.scope":
		p.header.Set("WWW-Authenticate", `Bearer realm="trellis", error="insufficient_scope"`)
	case p.Status == http.StatusUnauthorized:
		p.header.Set("WWW-Authenticate", `Bearer realm="trellis"`)
	}
	return p
}

// location says where a field stands; modules name fields of the body.
func location(field string) string {
	for _, in := range []string{"body", "path.", "query.", "header."} {
		if strings.HasPrefix(field, in) {
			return field
		}
	}
	return "body." + field
}

// write answers with a problem outside of huma.
func (a *API) write(w http.ResponseWriter, r *http.Request, err error) {
	p := a.describe(r.Context(), err)
	for k, v := range p.header {
		w.Header()[k] = v
	}
	if p.Status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close")
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers only
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

// huma makes its own errors through package variables. They are set once, to
// functions without state: which API is speaking stands in the context.
func init() {
	huma.NewError = func(status int, msg string, details ...error) huma.StatusError {
		return fromHuma(context.Background(), nil, status, details)
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, details ...error) huma.StatusError {
		a, _ := c.Context().Value(apiKey{}).(*API)
		return fromHuma(c.Context(), a, status, details)
	}
	huma.ErrorFormatter = encodeMessage
	huma.DefaultArrayNullable = false
}

// fromHuma gives huma's refusals the same shape as ours.
func fromHuma(ctx context.Context, a *API, status int, details []error) *Problem {
	e := &errs.Error{Kind: errs.Invalid, Key: "error.check_fields"}
	switch {
	case status >= 500:
		e = &errs.Error{Kind: errs.Internal, Cause: errors.Join(details...)}
	case status == http.StatusNotFound:
		e = &errs.Error{Kind: errs.NotFound}
	}
	if a == nil {
		return &Problem{Status: status, Kind: e.Kind.String()}
	}
	if e.Kind == errs.Internal {
		web.LogError(ctx, a.opt.Log, e)
	}
	p := a.describe(ctx, &statusError{status, e})
	if e.Kind != errs.Invalid {
		return p
	}
	for _, d := range details {
		if d, ok := errors.AsType[*huma.ErrorDetail](d); ok {
			p.Errors = append(p.Errors, translate(ctx, d))
		}
	}
	// huma walks maps; the same request must be answered with the same bytes.
	slices.SortStableFunc(p.Errors, func(a, b Detail) int { return strings.Compare(a.Location, b.Location) })
	return p
}
