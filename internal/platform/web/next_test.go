package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

var elsewhere = []string{
	"", " ", "x", "x/y", ".", "..", "?a", "#a",
	"//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example",
	"/%2f/evil.example", "/%2f%2fevil.example", "/%2Fevil.example", "/%5cevil.example", "/%5Cevil.example", "/%252f/evil.example", "/%255cevil.example", "%2f%2fevil.example",
	"http://evil.example", "https:evil.example", "https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x", "mailto:a@b", "//user@evil.example", "/ //evil.example",
	"http://desk.example@evil.example", "//desk.example@evil.example",
	"/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", "/a%0d%0aSet-Cookie:%20a=b", "/%09/evil.example", "/%00/x", "\t//evil.example", "/a b", "/x\x00", "/x\x7f",
	"//evil\u3002example", "/\u3002evil.example", "/\u2044\u2044evil.example", "//%E3%80%82", "/ñ",
	"/" + strings.Repeat("a", 2048), "/%zz",
}

func TestOnlyLocalPathsAreFollowed(t *testing.T) {
	w := build(t, nil)
	w.m.Route("GET /next", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		return web.Redirect(rw, r, web.Next(r, "/home"))
	})
	w.m.Route("POST /next", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		if _, err := web.ReadForm(r); err != nil {
			return err
		}
		return web.Redirect(rw, r, web.Next(r, "/home"))
	})
	w.m.Route("GET /careless", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		return web.Redirect(rw, r, r.URL.Query().Get("to"))
	})
	w.serve()
	for _, p := range elsewhere {
		if web.LocalPath(p) {
			t.Errorf("%q counts as local", p)
		}
		if a := w.get("/next?" + url.Values{"next": {p}}.Encode()); a.Header.Get("Location") != "/home" {
			t.Errorf("next=%q leads to %q", p, a.Header.Get("Location"))
		}
		if a := w.post("/next", url.Values{"next": {p}}); !web.LocalPath(a.Header.Get("Location")) || strings.Contains(a.Header.Get("Location"), "evil") {
			t.Errorf("a form's next=%q leads to %q", p, a.Header.Get("Location"))
		}
		if a := w.get("/careless?" + url.Values{"to": {p}}.Encode()); a.StatusCode != 500 || a.Header.Get("Location") != "" {
			t.Errorf("careless redirect to %q: %d %q", p, a.StatusCode, a.Header.Get("Location"))
		}
	}
	for _, p := range []string{"/", "/orders/7", "/orders/7?tab=2&x=%2F%2Fy", "/a%20b", "/help#top", "/@person", "/a:b", "/x?next=http://y"} {
		if !web.LocalPath(p) {
			t.Errorf("%q does not count as local", p)
		}
		if a := w.get("/next?" + url.Values{"next": {p}}.Encode()); a.StatusCode != 303 || a.Header.Get("Location") != p {
			t.Errorf("next=%q leads to %q", p, a.Header.Get("Location"))
		}
	}
	if a := w.get("/next?next=/sign-in?next=/x"); a.Header.Get("Location") != "/home" {
		t.Errorf("after sign-in: sign-in again: %q", a.Header.Get("Location"))
	}
	if a := w.get("/next?next=/a", "HX-Request", "true"); a.StatusCode != 204 || a.Header.Get("HX-Redirect") != "/a" || a.Header.Get("Location") != "" {
		t.Errorf("fragment: %d %v", a.StatusCode, a.Header)
	}
}
