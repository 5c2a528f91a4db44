package ui_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"trellis/internal/platform/ui"
)

func get(t *testing.T, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	ui.Assets().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAssetIsServedForever(t *testing.T) {
	types := map[string]string{
		"app.css":                    "text/css; charset=utf-8",
		"app.js":                     "text/javascript; charset=utf-8",
		"crest.svg":                  "image/svg+xml",
		"vendor/htmx.min.js":         "text/javascript; charset=utf-8",
		"fonts/atkinson-latin.woff2": "font/woff2",
		"fonts/OFL.txt":              "text/plain; charset=utf-8",
	}
	hashed := regexp.MustCompile(`^/static/.+\.[0-9a-f]{8}\.\w+$`)
	for name, typ := range types {
		url := ui.Asset(name)
		if !hashed.MatchString(url) {
			t.Errorf("Asset(%q) = %q, which holds no hash", name, url)
		}
		res := get(t, "GET", url)
		want := map[string]string{
			"Content-Type":           typ,
			"Cache-Control":          "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff",
		}
		if res.StatusCode != 200 {
			t.Errorf("%s: status %d", url, res.StatusCode)
		}
		for h, v := range want {
			if got := res.Header.Get(h); got != v {
				t.Errorf("%s: %s is %q, want %q", url, h, got, v)
			}
		}
		if len(body(t, res)) == 0 {
			t.Errorf("%s is empty", url)
		}
	}
}

func TestAssetIsPackedForThoseWhoAsk(t *testing.T) {
	url := ui.Asset("app.css")
	plain := body(t, get(t, "GET", url))
	for accept, packed := range map[string]bool{
		"": false, "gzip": true, "br, gzip;q=0.5": true, "*": true, "gzip;q=0": false, "identity": false, "gzip;q=oops": false,
	} {
		res := get(t, "GET", url, "Accept-Encoding", accept)
		got := body(t, res)
		if enc := res.Header.Get("Content-Encoding"); (enc == "gzip") != packed {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q", accept, enc)
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: no Vary", accept)
		}
		if packed {
			zr, err := gzip.NewReader(bytes.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			if got, err = io.ReadAll(zr); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got, plain) {
			t.Errorf("Accept-Encoding %q: another content", accept)
		}
	}
	font := get(t, "GET", ui.Asset("fonts/atkinson-latin.woff2"), "Accept-Encoding", "gzip")
	if font.Header.Get("Content-Encoding") != "" {
		t.Error("a font, packed already, was packed again")
	}
}

func TestAssetETag(t *testing.T) {
	url := ui.Asset("app.css")
	plain, packed := get(t, "GET", url).Header.Get("ETag"), get(t, "GET", url, "Accept-Encoding", "gzip").Header.Get("ETag")
	if plain == "" || plain == packed {
		t.Fatalf("ETag plain %q, packed %q: want two", plain, packed)
	}
	res := get(t, "GET", url, "If-None-Match", `"other", W/`+plain)
	if res.StatusCode != http.StatusNotModified || len(body(t, res)) != 0 {
		t.Errorf("a known ETag is answered with %d", res.StatusCode)
	}
	if res := get(t, "GET", url, "If-None-Match", packed); res.StatusCode != 200 {
		t.Errorf("the other form's ETag is answered with %d", res.StatusCode)
	}
}

func TestAssetRefusals(t *testing.T) {
	url := ui.Asset("app.css")
	for target, status := range map[string]int{
		"/static/app.css":          404, // without its hash
		"/static/app.00000000.css": 404, // an old hash
		"/static/":                 404,
		"/static/../assets.go":     404,
		"/static/fonts":            404,
	} {
		if res := get(t, "GET", target); res.StatusCode != status {
			t.Errorf("GET %s: %d, want %d", target, res.StatusCode, status)
		}
	}
	if res := get(t, "POST", url); res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
	res := get(t, "HEAD", url)
	if res.StatusCode != 200 || len(body(t, res)) != 0 || res.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %d with %s bytes", res.StatusCode, res.Header.Get("Content-Length"))
	}
}

func TestAssetUnknownNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Asset of a file that is not there gave an address")
		}
	}()
	ui.Asset("nothing.css")
}

// The stylesheet asks for its fonts at addresses that exist, and nothing else.
func TestStylesheetNamesHashedFonts(t *testing.T) {
	css := string(body(t, get(t, "GET", ui.Asset("app.css"))))
	urls := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1)
	if len(urls) != 2 {
		t.Fatalf("%d addresses in the stylesheet, want those of two fonts", len(urls))
	}
	for _, u := range urls {
		if res := get(t, "GET", strings.Trim(u[1], `"`)); res.StatusCode != 200 || res.Header.Get("Content-Type") != "font/woff2" {
			t.Errorf("%s: %d %s", u[1], res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
	if js := string(body(t, get(t, "GET", ui.Asset("app.js")))); strings.Contains(css, "/*") || regexp.MustCompile(`(?m)^\s*//`).MatchString(js) {
		t.Error("comments are sent to browsers")
	}
}

// What a requester's first visit costs, beside the page itself: 60 KB in all.
// Bytes as sent, gzip where the type packs.
func TestWeight(t *testing.T) {
	for name, limit := range map[string]int{
		"app.css": 14 << 10, "app.js": 6 << 10, "vendor/htmx.min.js": 14 << 10, "fonts/atkinson-latin.woff2": 35 << 10,
	} {
		if n := ui.AssetSize(name); n == 0 || n > limit {
			t.Errorf("%s is %d bytes on the wire, at most %d", name, n, limit)
		}
	}
	if n := ui.AssetSize("app.css") + ui.AssetSize("app.js") + ui.AssetSize("fonts/atkinson-latin.woff2"); n > 52<<10 {
		t.Errorf("style, script and font are %d bytes: too little of 60 KB is left for the page", n)
	}
	if ui.AssetSize("nothing") != 0 {
		t.Error("a file that is not there has a size")
	}
}
