package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

func unzip(t *testing.T, a answer) string {
	t.Helper()
	if a.Header.Get("Content-Encoding") != "gzip" {
		return a.body
	}
	z, err := gzip.NewReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCompression(t *testing.T) {
	w := build(t, nil)
	long := strings.Repeat("A request with some words in it. ", 400)
	plain := func(kind, body string, parts int, more ...string) web.Handler {
		return func(rw http.ResponseWriter, r *http.Request) error {
			rw.Header().Set("Content-Type", kind)
			for i := 0; i+1 < len(more); i += 2 {
				rw.Header().Set(more[i], more[i+1])
			}
			for i := range parts {
				if _, err := io.WriteString(rw, body[i*len(body)/parts:(i+1)*len(body)/parts]); err != nil {
					return err
				}
			}
			return nil
		}
	}
	routes := map[string]struct {
		h    web.Handler
		body string
		zip  bool
	}{
		"/page":    {page(long), long, true},
		"/small":   {page("small"), "small", false},
		"/parts":   {plain("text/plain", long, 97), long, true},
		"/short":   {plain("text/plain", "abcdefgh", 4), "abcdefgh", false},
		"/json":    {plain("application/json", long, 3), long, true},
		"/picture": {plain("image/png", long, 1), long, false},
		"/stream":  {plain("text/event-stream", long, 1), long, false},
		"/encoded": {plain("text/css", long, 1, "Content-Encoding", "br"), long, false},
		"/length":  {plain("text/css", long, 5, "Content-Length", strconv.Itoa(len(long))), long, true},
		"/guessed": {func(rw http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(rw, "<!doctype html>"+long)
			return err
		}, "<!doctype html>" + long, true},
		"/nothing-said": {func(http.ResponseWriter, *http.Request) error { return nil }, "", false},
		"/created":      {func(rw http.ResponseWriter, r *http.Request) error { return web.Render(rw, r, 422, text(long)) }, long, true},
	}
	for path, c := range routes {
		w.m.Route("GET "+path, policy.Public, c.h)
	}
	w.serve()
	for path, c := range routes {
		a := w.get(path, "Accept-Encoding", "br, gzip;q=0.8")
		if got := unzip(t, a); got != c.body {
			t.Errorf("%s: %d bytes, want %d", path, len(got), len(c.body))
		}
		if zip := a.Header.Get("Content-Encoding") == "gzip"; zip != c.zip {
			t.Errorf("%s: compressed %v, want %v", path, zip, c.zip)
		}
		if c.zip {
			if !strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Accept-Encoding") || a.ContentLength > 0 && a.ContentLength != int64(len(a.body)) {
				t.Errorf("%s: %v", path, a.Header)
			}
			for _, accept := range []string{"", "identity", "gzip;q=0", "br"} {
				if b := w.get(path, "Accept-Encoding", accept); b.Header.Get("Content-Encoding") != "" || b.body != c.body {
					t.Errorf("%s with %q: %v", path, accept, b.Header)
				}
			}
		}
		head := w.do(w.req("HEAD", path, "", "Accept-Encoding", "gzip"))
		if head.body != "" || head.StatusCode != a.StatusCode {
			t.Errorf("HEAD %s: %d %q", path, head.StatusCode, head.body)
		}
	}
}

func TestPagesAreKeptOnlyWhereTheyMay(t *testing.T) {
	w := build(t, nil)
	body := "one"
	w.m.Route("GET /p", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		return web.Render(rw, r, 200, text(body))
	})
	w.m.Route("GET /once", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		web.NoStore(rw)
		return web.Render(rw, r, 200, text(body))
	})
	w.m.Route("GET /broken", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		return web.Render(rw, r, 200, templ.ComponentFunc(func(_ context.Context, out io.Writer) error {
			_, _ = io.WriteString(out, strings.Repeat("half a page ", 10000))
			return fmt.Errorf("no name")
		}))
	})
	w.serve()
	a := w.get("/p")
	tag := a.Header.Get("ETag")
	if a.Header.Get("Cache-Control") != "no-cache" || !strings.HasPrefix(tag, `W/"`) {
		t.Errorf("public page: %v", a.Header)
	}
	if v := strings.Join(a.Header.Values("Vary"), ","); !strings.Contains(v, "HX-Request") || !strings.Contains(v, "Cookie") || !strings.Contains(v, "Accept-Language") {
		t.Errorf("Vary: %s", v)
	}
	if a = w.get("/p", "If-None-Match", `W/"x", `+tag); a.StatusCode != 304 || a.body != "" || a.Header.Get("ETag") != tag {
		t.Errorf("unchanged: %d %q %v", a.StatusCode, a.body, a.Header)
	}
	body = "two"
	if a = w.get("/p", "If-None-Match", tag); a.StatusCode != 200 || a.body != "two" {
		t.Errorf("changed: %d %q", a.StatusCode, a.body)
	}
	if a = w.get("/p", as("guest-token")...); a.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a person's page: %v", a.Header)
	}
	if a = w.get("/p", "HX-Request", "true", "If-None-Match", a.Header.Get("ETag")); a.StatusCode != 200 || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("ETag") != "" {
		t.Errorf("fragment: %d %v", a.StatusCode, a.Header)
	}
	if a = w.get("/p", "HX-Request", "true", "HX-Boosted", "true"); a.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("a boosted link is a whole page: %v", a.Header)
	}
	if a = w.get("/once"); a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("ETag") != "" {
		t.Errorf("shown once: %v", a.Header)
	}
	if a = w.get("/broken"); a.StatusCode != 500 || strings.Contains(a.body, "half a page") {
		t.Errorf("drawing failed: %d %.80s", a.StatusCode, a.body)
	}
}

func TestFilesFromOutsideStayOutside(t *testing.T) {
	w := build(t, nil)
	send := func(f web.File) web.Handler {
		return func(rw http.ResponseWriter, r *http.Request) error {
			f.Content = bytes.NewReader([]byte("<script>alert(1)</script> and more"))
			return web.SendFile(rw, r, f)
		}
	}
	for path, c := range map[string]struct {
		f    web.File
		disp string
		kind string
	}{
		"/png":   {web.File{Name: "a.png", Type: "image/png", Inline: true, Tag: "abc"}, `inline; filename=a.png`, "image/png"},
		"/svg":   {web.File{Name: "a.svg", Type: "image/svg+xml", Inline: true}, `attachment; filename=a.svg`, "image/svg+xml"},
		"/html":  {web.File{Name: "a.html", Type: "text/html", Inline: true}, `attachment; filename=a.html`, "text/html"},
		"/none":  {web.File{Name: "x\r\nSet-Cookie: a=b", Inline: true}, `attachment; filename="xSet-Cookie: a=b"`, "application/octet-stream"},
		"/quote": {web.File{Name: `q"; filename="evil.exe`, Type: "text/plain"}, `attachment; filename="q\"; filename=\"evil.exe"`, "text/plain"},
		"/utf":   {web.File{Name: "Año.pdf", Type: "application/pdf"}, `attachment; filename*=utf-8''A%C3%B1o.pdf`, "application/pdf"},
	} {
		t.Run(path, func(t *testing.T) {
			w := build(t, nil)
			w.m.Route("GET "+path, policy.Public, send(c.f))
			w.serve()
			a := w.get(path)
			if a.Header.Get("Content-Disposition") != c.disp || a.Header.Get("Content-Type") != c.kind {
				t.Errorf("%q %q", a.Header.Get("Content-Disposition"), a.Header.Get("Content-Type"))
			}
			if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%v", a.Header)
			}
			if part := w.get(path, "Range", "bytes=8-12"); part.StatusCode != 206 || part.body != "alert" {
				t.Errorf("a part: %d %q", part.StatusCode, part.body)
			}
		})
	}
	w.m.Route("GET /mail", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		web.Sandbox(rw)
		return web.Render(rw, r, 200, text("<b>hi</b>"))
	})
	w.serve()
	a := w.get("/mail")
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "; sandbox;") || strings.Contains(csp, "script-src") || a.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Errorf("somebody else's document: %v", a.Header)
	}
}
