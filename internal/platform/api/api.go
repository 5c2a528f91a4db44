package api

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Messages are the words of this package.
//
//go:embed messages/*.json
var Messages embed.FS

// Prefix is where the API lives. A change that would break a caller gets a
// new one.
const Prefix = "/api/v1"

// Tokens finds out who a bearer token speaks for.
type Tokens interface {
	// Resolve returns the actor behind a token, with Token and Scopes set. A
	// token that is unknown, ended or revoked is the zero Actor without
	// error; an error means that nobody could tell.
	Resolve(ctx context.Context, token string) (policy.Actor, error)
}

// Options are what the API needs from outside.
type Options struct {
	Mux    *web.Mux
	Tokens Tokens
	Log    *slog.Logger
	Clock  clock.Clock

	Title, Version string // of the OpenAPI document

	// Anonymous bounds calls without sign-in by client address; the default
	// is 10 a second with a burst of 100. Failures bounds wrong tokens by
	// client address (1, 20), PerToken each token (50, 500).
	Anonymous, Failures, PerToken web.Rate
}

// API collects operations and serves them.
type API struct {
	opt    Options
	huma   huma.API
	mux    *http.ServeMux
	routes []web.RouteInfo
	ids    map[string]bool
	next   *spec // the operation that huma is registering right now
	gate   idem.Gate

	anon, failures, tokens *web.Limiter

	specOnce sync.Once
	spec     []byte
}

// New makes an API without operations and mounts it on the mux. The mux's
// first request must come after the last operation.
func New(o Options) *API {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	rate := func(r web.Rate, perSecond float64, burst int) *web.Limiter {
		if r == (web.Rate{}) {
			r = web.Rate{PerSecond: perSecond, Burst: burst}
		}
		return web.NewLimiter(o.Clock, r)
	}
	a := &API{opt: o, mux: http.NewServeMux(), ids: map[string]bool{}}
	a.anon, a.failures, a.tokens = rate(o.Anonymous, 10, 100), rate(o.Failures, 1, 20), rate(o.PerToken, 50, 500)
	a.huma = huma.NewAPI(huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: o.Title, Version: o.Version, Description: overview},
			Servers: []*huma.Server{{URL: Prefix}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token":   {Type: "http", Scheme: "bearer", Description: "A token made in a person's settings or by an administrator."},
					"session": {Type: "apiKey", In: "cookie", Name: "__Host-trellis", Description: "The session of our own pages in the browser."},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}, humago.NewAdapter(registrar{a}, ""))

	spec := web.RouteInfo{Method: http.MethodGet, Path: Prefix + "/openapi.json", Policy: policy.Public, Door: policy.DoorAPI, Operation: "openapi"}
	a.routes = append(a.routes, spec)
	a.ids["openapi"] = true
	a.mux.HandleFunc("GET "+Prefix+"/openapi.json", a.shell(spec.Path, func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "application/openapi+json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(a.OpenAPI())
		return nil
	}))
	a.mux.HandleFunc("/", a.shell("", a.unknown))
	o.Mux.Mount(Prefix, a.mux, func() []web.RouteInfo { return a.routes })
	return a
}

const overview = "Errors are application/problem+json (RFC 9457) with the members kind, errors and request_id. " +
	"Every mutation takes an Idempotency-Key header: repeated with the same body it is answered as the first time, for at least 24 hours. " +
	"Lists are paged by an opaque cursor. An object that you may not see answers like one that does not exist."

// OpenAPI is the document as it is served: the same bytes for the same
// operations, one line for each value, so that a difference reads well.
func (a *API) OpenAPI() []byte {
	a.specOnce.Do(func() {
		raw, err := json.Marshal(a.huma.OpenAPI())
		if err != nil {
			panic(fmt.Sprintf("api: OpenAPI document: %v", err)) // the program's own mistake
		}
		var out bytes.Buffer
		if err := json.Indent(&out, raw, "", "  "); err != nil {
			panic(fmt.Sprintf("api: OpenAPI document: %v", err))
		}
		a.spec = append(out.Bytes(), '\n')
	})
	return a.spec
}

// unknown answers a path or a method that no operation has.
func (a *API) unknown(w http.ResponseWriter, r *http.Request) error {
	if allow := a.methods(r); len(allow) > 0 {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return &statusError{http.StatusMethodNotAllowed, problemErr("api.method")}
	}
	return notFound()
}

// methods are those that the path would have answered.
func (a *API) methods(r *http.Request) []string {
	var out []string
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		try := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(try); pattern != "/" && pattern != "" {
			out = append(out, method)
		}
	}
	return out
}

// registrar is the mux as huma sees it: what it registers is wrapped with the
// operation's policy, and nothing can be registered past Operation.
type registrar struct{ a *API }

func (g registrar) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	s := g.a.next
	if s == nil {
		panic("api: " + pattern + " was not declared through Operation")
	}
	g.a.next = nil
	method, path, _ := strings.Cut(pattern, " ")
	g.a.mux.HandleFunc(method+" "+Prefix+path, g.a.guard(s, h))
}

func (g registrar) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.a.mux.ServeHTTP(w, r) }
