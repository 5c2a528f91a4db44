package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

// Handler answers a request or returns an error and leaves the answer alone.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Sessions finds out who a session cookie belongs to.
type Sessions interface {
	// Resolve returns the person behind a cookie's token and the language
	// they chose ("" if none). A token that is unknown, ended or revoked is
	// the zero Actor without error; an error means that nobody could tell.
	Resolve(ctx context.Context, token string) (actor policy.Actor, lang string, err error)
}

// Deps are what the web door needs from outside. Only Log, Clock and
// Sessions are asked of every use; the rest may be zero.
type Deps struct {
	Log      *slog.Logger
	Clock    clock.Clock
	Sessions Sessions

	// BaseURL is the address people use. Links come from it, never from a
	// header. With https the cookies are __Host- cookies, and HSTS is sent.
	BaseURL *url.URL
	// TrustedProxies are the addresses whose X-Forwarded-For and X-Request-Id
	// are believed.
	TrustedProxies []netip.Prefix
	// SignIn is where the anonymous are sent, "/sign-in" if empty.
	SignIn string

	// Words are the texts. The language is the person's own choice, else this
	// device's (a cookie), else what the browser asks for.
	Words *i18n.Catalogue
	// ErrorPage draws a failed request, as a whole page or as a fragment.
	ErrorPage func(ctx context.Context, p Problem) templ.Component
	// Observe hears every answered request, by route pattern.
	Observe func(method, route string, status int, took time.Duration, bytes int64)

	// MaxBody is the largest body of a route that names no limit of its own;
	// 0 means 1 MiB.
	MaxBody int64
	// Anonymous bounds, per client address, how often somebody who is not
	// signed in may send something. A whole building can share one address: the
	// default is 20 a second with a burst of 400.
	Anonymous Rate
}

// RouteInfo is one declared way in, for the golden tables.
type RouteInfo struct {
	Method    string
	Path      string // "/orders/{id}"
	Policy    policy.Policy
	Door      policy.Door
	Operation string // the API operation's id, "" for pages
}

// Pattern is "GET /orders/{id}".
func (i RouteInfo) Pattern() string { return i.Method + " " + i.Path }

// Mux collects routes and serves them. Build it completely before the first
// request; a mistake in building panics, because it is the program's own.
type Mux struct {
	d       Deps
	mux     *http.ServeMux
	routes  []RouteInfo
	mounted []func() []RouteInfo
	origin  *http.CrossOriginProtection
	secure  bool
	gate    idem.Gate
	anon    *Limiter
}

// New makes an empty mux.
func New(d Deps) *Mux {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Clock == nil {
		d.Clock = clock.System()
	}
	if d.SignIn == "" {
		d.SignIn = "/sign-in"
	}
	if d.MaxBody == 0 {
		d.MaxBody = 1 << 20
	}
	if d.ErrorPage == nil {
		d.ErrorPage = plainPage
	}
	if d.Observe == nil {
		d.Observe = func(string, string, int, time.Duration, int64) {}
	}
	if d.Anonymous == (Rate{}) {
		d.Anonymous = Rate{PerSecond: 20, Burst: 400}
	}
	m := &Mux{d: d, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	m.anon = NewLimiter(d.Clock, d.Anonymous)
	if u := d.BaseURL; u != nil {
		m.secure = u.Scheme == "https"
		// A proxy may ask us under another Host than the one in the browser.
		if err := m.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			panic(fmt.Sprintf("web: base address: %v", err))
		}
	}
	m.mux.HandleFunc("/", m.unknown)
	return m
}

type route struct {
	pattern string
	policy  policy.Policy
	handle  Handler
	maxBody int64
	total   time.Duration // for the whole body
	write   time.Duration // for the answer
	bare    bool
	quiet   bool
}

// Option changes what a route is allowed.
type Option func(*route)

// MaxBody lets a route accept bodies up to n bytes.
func MaxBody(n int64) Option { return func(rt *route) { rt.maxBody = n } }

// BodyTime gives a route's body d to arrive, for uploads. It must keep
// moving all the same: 20 seconds without a byte end it.
func BodyTime(d time.Duration) Option { return func(rt *route) { rt.total = d } }

// AnswerTime gives a route's answer d to be written, for large downloads.
// The default is one minute.
func AnswerTime(d time.Duration) Option { return func(rt *route) { rt.write = d } }

// Bare skips session and language, for files that are the same for everyone.
// Its policy must be public.
func Bare() Option { return func(rt *route) { rt.bare = true } }

// Quiet logs a route's requests at debug level, for what machines ask often.
func Quiet() Option { return func(rt *route) { rt.quiet = true } }

// Route adds a page. The pattern is "METHOD /path" in the standard mux's
// syntax; GET answers HEAD too. It panics on a pattern that is already taken
// or malformed and on a policy that says nothing.
func (m *Mux) Route(pattern string, p policy.Policy, h Handler, opts ...Option) {
	method, route := m.declare(pattern, p, h)
	for _, o := range opts {
		o(route)
	}
	if route.bare && p.Name != policy.Public.Name {
		panic("web: " + pattern + ": a bare route has no person to ask a policy about")
	}
	_, path, _ := strings.Cut(pattern, " ")
	m.routes = append(m.routes, RouteInfo{Method: method, Path: path, Policy: p, Door: policy.DoorWeb})
	m.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { m.serve(w, r, route) })
}

func (m *Mux) declare(pattern string, p policy.Policy, h Handler) (string, *route) {
	method, pth, ok := strings.Cut(pattern, " ")
	switch {
	case !ok || !strings.HasPrefix(pth, "/") || method != strings.ToUpper(method):
		panic(fmt.Sprintf("web: pattern %q is not \"METHOD /path\"", pattern))
	case p.Name == "" || p.Allow == nil:
		panic("web: " + pattern + ": no policy")
	case h == nil:
		panic("web: " + pattern + ": no handler")
	}
	return method, &route{pattern: pattern, policy: p, handle: h, maxBody: m.d.MaxBody, total: bodyTotal, write: answerTotal}
}

// Mount hands everything under prefix to h behind layers 1 to 5. h declares
// its own policies; routes tells them to the golden tables. Only the API's
// door uses it.
func (m *Mux) Mount(prefix string, h http.Handler, routes func() []RouteInfo) {
	if !strings.HasPrefix(prefix, "/") || strings.HasSuffix(prefix, "/") {
		panic(fmt.Sprintf("web: prefix %q is not \"/path\"", prefix))
	}
	m.mounted = append(m.mounted, routes)
	m.mux.Handle(prefix, h) // or the mux would redirect it, before any policy
	m.mux.Handle(prefix+"/", h)
}

// Routes lists every way in, pages in the order they were added.
func (m *Mux) Routes() []RouteInfo {
	out := append([]RouteInfo(nil), m.routes...)
	for _, f := range m.mounted {
		out = append(out, f()...)
	}
	return out
}

// dispatch finds the handler. Paths that the standard mux would clean by a
// redirect are unknown instead: a redirect would answer before any policy.
func (m *Mux) dispatch(w http.ResponseWriter, r *http.Request) {
	p := r.URL.Path
	clean := strings.HasPrefix(p, "/") && (path.Clean(p) == p || path.Clean(p)+"/" == p)
	if !clean || r.Method == http.MethodConnect {
		m.unknown(w, r)
		return
	}
	m.mux.ServeHTTP(w, r)
}
