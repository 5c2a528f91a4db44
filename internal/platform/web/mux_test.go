package web_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// What someone may not see answers exactly as what does not exist: the same
// bytes on the wire, whatever is asked and however.
func TestRefusalIsTheSameAsNothing(t *testing.T) {
	w := build(t, nil)
	called := false
	hidden := func(http.ResponseWriter, *http.Request) error { called = true; return nil }
	w.m.Route("GET /hidden", leads, hidden)
	w.m.Route("POST /hidden", leads, hidden, web.MaxBody(10))
	w.m.Route("GET /thing/{id}", policy.SignedIn, func(rw http.ResponseWriter, r *http.Request) error {
		rw.Header().Set("Content-Disposition", "attachment")
		rw.Header().Set("ETag", `"7"`)
		http.SetCookie(rw, &http.Cookie{Name: "seen", Value: "1"})
		return errs.E(errs.NotFound, "thing.gone", "Name", "secret").Because(errors.New("belongs to somebody else"))
	})
	w.serve()

	big := strings.Repeat("a=b&", 100)
	for _, c := range []struct{ method, extra, body string }{
		{"GET", "", ""},
		{"HEAD", "", ""},
		{"GET", "HX-Request: true\r\n", ""},
		{"GET", "Accept-Encoding: gzip\r\nAccept-Language: es\r\n", ""},
		{"GET", "If-None-Match: *\r\n", ""},
		{"POST", "Content-Type: application/x-www-form-urlencoded\r\n", big},
		{"POST", "Sec-Fetch-Site: cross-site\r\n", "x=y"},
		{"PUT", "", "x"},
		{"DELETE", "", ""},
		{"OPTIONS", "", ""},
	} {
		ask := func(path string) string {
			return w.raw(fmt.Sprintf("%s %s HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\nX-Request-Id: fixed-request-id\r\nCookie: trellis=guest-token\r\n%sContent-Length: %d\r\n\r\n%s",
				c.method, path, c.extra, len(c.body), c.body))
		}
		nothing := ask("/nothing")
		if !strings.HasPrefix(nothing, "HTTP/1.1 404") && !strings.Contains(c.extra, "cross-site") {
			t.Errorf("%s /nothing: %.40q", c.method, nothing)
		}
		for _, path := range []string{"/hidden", "/thing/7", "/hidden/", "//hidden", "/x/../hidden", "/hidden?next=/x"} {
			if got := ask(path); got != nothing {
				t.Errorf("%s %s (%q) differs from what does not exist:\n%s\n--- want\n%s", c.method, path, c.extra, got, nothing)
			}
		}
	}
	if called {
		t.Error("the handler ran for someone who may not come in")
	}
	if !strings.Contains(w.log.String(), "belongs to somebody else") {
		t.Error("the operator's log does not say why")
	}
}

func TestAnonymousIsSentToSignIn(t *testing.T) {
	w := build(t, nil)
	ran := 0
	h := func(rw http.ResponseWriter, r *http.Request) error { ran++; return page("in")(rw, r) }
	w.m.Route("GET /desk/{id}", policy.SignedIn, h)
	w.m.Route("POST /desk/{id}", policy.SignedIn, h)
	w.serve()

	a := w.get("/desk/7?tab=2")
	if a.StatusCode != 303 || a.Header.Get("Location") != "/sign-in?next=%2Fdesk%2F7%3Ftab%3D2" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("page: %d %v", a.StatusCode, a.Header)
	}
	// A form can't be asked for again after signing in: the person keeps the
	// page with what they wrote, and is told.
	a = w.post("/desk/7", url.Values{"text": {"long"}})
	if a.StatusCode != 401 || !strings.Contains(a.body, "sign in") {
		t.Errorf("form: %d %s", a.StatusCode, a.body)
	}
	if a = w.get("/desk/7", "HX-Request", "true"); a.StatusCode != 401 {
		t.Errorf("fragment: %d", a.StatusCode)
	}
	if a = w.get("/desk/7", as("made-up")...); a.StatusCode != 303 {
		t.Errorf("unknown session: %d", a.StatusCode)
	}
	// Two cookies of one name: one of them was planted.
	if a = w.get("/desk/7", "Cookie", "trellis=lead-token; trellis=guest-token"); a.StatusCode != 303 {
		t.Errorf("two cookies: %d", a.StatusCode)
	}
	if ran != 0 {
		t.Errorf("the handler ran %d times", ran)
	}
	if a = w.get("/desk/7", as("guest-token")...); a.StatusCode != 200 || a.body != "in" {
		t.Errorf("signed in: %d %q", a.StatusCode, a.body)
	}
	// Nobody could tell who it is: that is not the same as being nobody.
	if a = w.get("/desk/7", as("broken")...); a.StatusCode != 500 {
		t.Errorf("lookup failed: %d", a.StatusCode)
	}
}

func TestCrossSite(t *testing.T) {
	w := build(t, nil)
	done := 0
	h := func(rw http.ResponseWriter, r *http.Request) error { done++; return page("done")(rw, r) }
	w.m.Route("POST /change", policy.SignedIn, h)
	w.m.Route("GET /look", policy.SignedIn, h)
	w.serve()
	host := strings.TrimPrefix(w.srv.URL, "http://")
	for _, c := range []struct {
		name   string
		method string
		status int
		h      []string
	}{
		{"same origin", "POST", 200, []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://" + host}},
		{"typed by hand", "POST", 200, []string{"Sec-Fetch-Site", "none"}},
		{"same origin, older browser", "POST", 200, []string{"Origin", "http://" + host}},
		{"the base address behind a proxy", "POST", 200, []string{"Origin", "http://desk.example"}},
		{"no browser", "POST", 200, nil},
		{"cross site", "POST", 403, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}},
		{"sibling host", "POST", 403, []string{"Sec-Fetch-Site", "same-site", "Origin", "http://other.desk.example"}},
		{"cross site, older browser", "POST", 403, []string{"Origin", "https://evil.example"}},
		{"other port", "POST", 403, []string{"Origin", "http://desk.example:81"}},
		{"null origin", "POST", 403, []string{"Origin", "null"}},
		{"cross site as text", "POST", 403, []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"}},
		{"overridden method", "GET", 200, []string{"Sec-Fetch-Site", "cross-site", "X-HTTP-Method-Override", "POST"}},
	} {
		before := done
		a := w.do(w.req(c.method, map[string]string{"POST": "/change", "GET": "/look"}[c.method], "", append(c.h, as("guest-token")...)...))
		if a.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, a.StatusCode, c.status)
		}
		if ran := done > before; ran != (c.status == 200) {
			t.Errorf("%s: handler ran: %v", c.name, ran)
		}
		if c.status == 403 && !strings.Contains(a.body, "another website") {
			t.Errorf("%s: no words for it: %s", c.name, a.body)
		}
	}
	if a := w.post("/change?_method=GET", url.Values{"_method": {"GET"}}, "Sec-Fetch-Site", "cross-site", "Cookie", "trellis=guest-token"); a.StatusCode != 403 {
		t.Errorf("method in the form: %d", a.StatusCode)
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	secure := func(d *web.Deps) { d.BaseURL = &url.URL{Scheme: "https", Host: "desk.example"} }
	for _, https := range []bool{false, true} {
		change := secure
		if !https {
			change = nil
		}
		w := build(t, change)
		w.m.Route("GET /ok", policy.Public, page("ok"))
		w.m.Route("GET /panic", policy.Public, func(http.ResponseWriter, *http.Request) error { panic("x") })
		w.m.Route("GET /in", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
			web.SetSession(rw, r, "abc", start)
			return web.Redirect(rw, r, "/ok")
		})
		w.m.Route("GET /out", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
			web.ClearSession(rw, r)
			return web.Redirect(rw, r, "/ok")
		})
		w.serve()
		for _, path := range []string{"/ok", "/panic", "/nothing", "/in"} {
			h := w.get(path).Header
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
				"Referrer-Policy":           map[bool]string{true: "no-referrer", false: "same-origin"}[https],
				"Strict-Transport-Security": map[bool]string{true: "max-age=31536000"}[https],
			} {
				if got := h.Get(name); got != want {
					t.Errorf("https %v %s: %s: %q, want %q", https, path, name, got, want)
				}
			}
			csp := h.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self';"} {
				if !strings.Contains(csp, part) {
					t.Errorf("%s: CSP lacks %q: %s", path, part, csp)
				}
			}
			if strings.Contains(csp, "unsafe") || h.Get("Permissions-Policy") == "" || len(h.Get("X-Request-Id")) != 24 {
				t.Errorf("%s: %v", path, h)
			}
		}
		want := "trellis=abc; Path=/; Expires=Mon, 02 Mar 2026 14:05:00 GMT; HttpOnly; SameSite=Lax"
		if https {
			want = "__Host-trellis=abc; Path=/; Expires=Mon, 02 Mar 2026 14:05:00 GMT; HttpOnly; Secure; SameSite=Lax"
		}
		if got := w.get("/in").Header.Get("Set-Cookie"); got != want {
			t.Errorf("cookie %q, want %q", got, want)
		}
		out := w.get("/out").Header
		if !strings.Contains(out.Get("Set-Cookie"), "Max-Age=0") || out.Get("Clear-Site-Data") != `"cache"` {
			t.Errorf("signing out: %v", out)
		}
	}
}

func TestWhoIsBelievedAboutTheClient(t *testing.T) {
	w := build(t, func(d *web.Deps) { d.TrustedProxies = nil })
	show := func(rw http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprintf(rw, "%s %s", web.ClientIP(r.Context()), web.RequestID(r.Context()))
		return err
	}
	w.m.Route("GET /me", policy.Public, show)
	w.serve()
	a := w.get("/me", "X-Forwarded-For", "203.0.113.9", "X-Request-Id", "chosen-outside")
	if ip, id, _ := strings.Cut(a.body, " "); ip != "127.0.0.1" || id == "chosen-outside" || id != a.Header.Get("X-Request-Id") {
		t.Errorf("untrusted: %q", a.body)
	}

	w = build(t, nil) // 127.0.0.0/8 is a proxy
	w.m.Route("GET /me", policy.Public, show)
	w.serve()
	for _, c := range [][3]string{
		{"203.0.113.9", "good-id-1", "203.0.113.9 good-id-1"},
		{"10.9.9.9, 203.0.113.9", "good-id-1", "203.0.113.9 good-id-1"},
		{"6.6.6.6, 203.0.113.9, 127.0.0.7", "good-id-1", "203.0.113.9 good-id-1"},
		{"::ffff:203.0.113.9", "good-id-1", "203.0.113.9 good-id-1"},
		{"junk", "good-id-1", "127.0.0.1 good-id-1"},
		{"203.0.113.9, junk", "good-id-1", "127.0.0.1 good-id-1"},
	} {
		if a := w.get("/me", "X-Forwarded-For", c[0], "X-Request-Id", c[1]); a.body != c[2] {
			t.Errorf("%q: %q, want %q", c[0], a.body, c[2])
		}
	}
	for _, id := range []string{"short", "has space in it", "<script>alert", strings.Repeat("a", 65)} {
		if a := w.get("/me", "X-Request-Id", id); strings.Contains(a.body, id) {
			t.Errorf("id %q was taken over", id)
		}
	}
}

func TestMistakesInBuildingPanic(t *testing.T) {
	ok := page("x")
	for name, build := range map[string]func(m *web.Mux){
		"twice":           func(m *web.Mux) { m.Route("GET /a", leads, ok); m.Route("GET /a", leads, ok) },
		"no policy":       func(m *web.Mux) { m.Route("GET /a", policy.Policy{}, ok) },
		"no allow":        func(m *web.Mux) { m.Route("GET /a", policy.Policy{Name: "x"}, ok) },
		"no handler":      func(m *web.Mux) { m.Route("GET /a", leads, nil) },
		"no method":       func(m *web.Mux) { m.Route("/a", leads, ok) },
		"a host":          func(m *web.Mux) { m.Route("GET evil.example/a", leads, ok) },
		"bare but closed": func(m *web.Mux) { m.Route("GET /a", leads, ok, web.Bare()) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			build(web.New(web.Deps{}))
		}()
	}
	m := web.New(web.Deps{})
	m.Route("GET /b/{id}", leads, ok)
	m.Route("POST /a", policy.Public, ok)
	got := fmt.Sprint(m.Routes()[0].Pattern(), " ", m.Routes()[0].Policy.Sentence, " ", m.Routes()[1].Pattern())
	if got != "GET /b/{id} those who lead POST /a" {
		t.Errorf("routes: %s", got)
	}
}

func TestErrorsBecomePages(t *testing.T) {
	w := build(t, nil)
	var fail error
	w.m.Route("GET /fail", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		rw.Header().Set("Content-Type", "text/csv")
		rw.Header().Set("Content-Disposition", "attachment")
		return fail
	})
	w.m.Route("GET /half", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		_, _ = io.WriteString(rw, strings.Repeat("half ", 2000))
		_ = http.NewResponseController(rw).Flush()
		return errors.New("then it broke")
	})
	w.serve()
	secret := errors.New("dial tcp 10.0.0.5:5432: password wrong")
	for _, c := range []struct {
		err     error
		status  int
		says    string
		retry   string
		withID  bool
		logOnly string
	}{
		{secret, 500, "Something went wrong on our side", "", true, "password wrong"},
		{errs.E(errs.Internal, "error.taken").Because(secret), 500, "Something went wrong on our side", "", true, "error.taken"},
		{errs.E(errs.Invalid, ""), 422, "correct what is marked", "", false, ""},
		{&errs.Error{Kind: errs.Throttled, RetryAfter: 1500e6}, 429, "too many tries", "2", false, ""},
		{&errs.Error{Kind: errs.Unavailable, RetryAfter: 1e9}, 503, "try again in a minute", "1", true, ""},
		{errs.E(errs.NoSpace, ""), 507, "run out of storage", "", true, ""},
		{errs.E(errs.Precondition, ""), 412, "Someone changed this", "", false, ""},
		{errs.E(errs.Conflict, ""), 409, "not saved", "", false, ""},
		{errs.E(errs.Forbidden, ""), 403, "change it this way", "", false, ""},
		{fmt.Errorf("wrapped: %w", errs.E(errs.TooLarge, "")), 413, "too big", "", false, ""},
		{errs.E(errs.Invalid, "error.idempotency_mismatch"), 422, "You sent this form before", "", false, ""},
	} {
		fail = c.err
		a := w.get("/fail")
		id := a.Header.Get("X-Request-Id")
		if a.StatusCode != c.status || !strings.Contains(a.body, c.says) || a.Header.Get("Retry-After") != c.retry {
			t.Errorf("%v: %d, %q\n%s", c.err, a.StatusCode, a.Header.Get("Retry-After"), a.body)
		}
		if strings.Contains(a.body, id) != c.withID {
			t.Errorf("%v: id on the page: want %v", c.err, c.withID)
		}
		if a.Header.Get("Content-Disposition") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v: headers of the failed answer stayed: %v", c.err, a.Header)
		}
		if c.logOnly != "" && (strings.Contains(a.body, c.logOnly) || !strings.Contains(w.log.String(), c.logOnly)) {
			t.Errorf("%v: %q belongs into the log alone", c.err, c.logOnly)
		}
	}
	fail = errs.E(errs.Conflict, "")
	if a := w.get("/fail", "Accept-Language", "es"); !strings.Contains(a.body, "Algo se interpuso") || a.Header.Get("Content-Language") != "es-US" {
		t.Errorf("in Spanish: %v %s", a.Header.Get("Content-Language"), a.body)
	}
	// Half an answer must not look like a whole one.
	res, err := client.Do(w.req("GET", "/half", ""))
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("half an answer ended as if it were whole")
	}
}

func TestAPanicIsOnePage(t *testing.T) {
	w := build(t, nil)
	w.m.Route("GET /panic/{name}", policy.Public, func(http.ResponseWriter, *http.Request) error { panic("boom") })
	w.m.Route("GET /late", policy.Public, func(rw http.ResponseWriter, _ *http.Request) error {
		rw.WriteHeader(200)
		_ = http.NewResponseController(rw).Flush()
		panic("boom")
	})
	w.m.Route("GET /ok", policy.Public, page("ok"))
	w.serve()
	a := w.get("/panic/Dana?child=Sam")
	if a.StatusCode != 500 || strings.Contains(a.body, "boom") || !strings.Contains(a.body, a.Header.Get("X-Request-Id")) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if res, err := client.Do(w.req("GET", "/late", "")); err == nil {
		if _, err = io.ReadAll(res.Body); err == nil {
			t.Error("an answer that panicked half-way ended as if it were whole")
		}
		res.Body.Close()
	}
	if a := w.get("/ok"); a.body != "ok" {
		t.Errorf("after the panic: %q", a.body)
	}
	log := w.log.String()
	if !strings.Contains(log, "mux_test.go") || !strings.Contains(log, `route="GET /panic/{name}"`) {
		t.Errorf("the log lacks the stack or the route:\n%s", log)
	}
	if strings.Contains(log, "Dana") || strings.Contains(log, "Sam") {
		t.Errorf("the log holds what stood in the address:\n%s", log)
	}
}
