package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

//go:embed static
var files embed.FS

// AssetPrefix is the path under which Assets answers.
const AssetPrefix = "/static/"

// forever is sent with every asset: its address holds a hash of its content, so
// what is at an address never changes.
const forever = "public, max-age=31536000, immutable"

var assetTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

type asset struct {
	url  string
	typ  string
	etag string
	body []byte
	gzip []byte // nil where packing gains nothing, as for fonts
}

// assets is built once, on first use: hashing and packing takes a few
// milliseconds, which a command that draws no page need not spend.
var assets = sync.OnceValue(func() assetSet { return pack(files) })

type assetSet struct {
	byName map[string]*asset // "app.css"
	byURL  map[string]*asset // "/static/app.3fa9c1d2.css"
}

// Asset returns the address of a static file, with the hash of its content in
// it: Asset("app.css") is "/static/app.3fa9c1d2.css". It panics when there is no
// such file, for that is a slip in the program and shows on the first page drawn.
func Asset(name string) string {
	a := assets().byName[name]
	if a == nil {
		panic(fmt.Sprintf("ui: no static file %q", name))
	}
	return a.url
}

// AssetSize returns the bytes of a static file as sent to a browser that takes
// gzip. Tests of page weight add these up.
func AssetSize(name string) int {
	a := assets().byName[name]
	if a == nil {
		return 0
	}
	if a.gzip != nil {
		return len(a.gzip)
	}
	return len(a.body)
}

// Assets answers requests under AssetPrefix, by the full path. An address that
// Asset would not give, the file's plain name among them, is not found: an old
// page asking for an old hash must not be handed a file that does not fit it.
func Assets() http.Handler { return assets() }

func (s assetSet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.byURL[r.URL.Path]
	if a == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", forever)
	h.Set("X-Content-Type-Options", "nosniff")
	body, etag := a.body, a.etag
	if a.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body, etag = a.gzip, a.etag+"-gz"
		}
	}
	etag = `"` + etag + `"`
	h.Set("ETag", etag)
	for _, known := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == etag {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", a.typ)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // a reader that went away is no trouble of ours
}

// takesGzip reads an Accept-Encoding header as far as gzip is concerned.
func takesGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if c := strings.TrimSpace(coding); c != "gzip" && c != "*" {
			continue
		}
		_, q, found := strings.Cut(params, "q=")
		if !found {
			return true
		}
		weight, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return err == nil && weight > 0
	}
	return false
}

// pack reads every file, gives it its address, points the stylesheet at the
// addresses of its fonts, and packs what packs well.
func pack(fsys fs.FS) assetSet {
	s := assetSet{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	var names []string
	err := fs.WalkDir(fsys, "static", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && assetTypes[path.Ext(p)] != "" {
			names = append(names, strings.TrimPrefix(p, "static/"))
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("ui: read embedded files: %v", err)) // they are part of the program
	}
	// Stylesheets last: their content, and so their hash, holds the addresses of
	// the others.
	sort.SliceStable(names, func(i, j int) bool { return path.Ext(names[i]) != ".css" && path.Ext(names[j]) == ".css" })
	for _, name := range names {
		body, err := fs.ReadFile(fsys, "static/"+name)
		if err != nil {
			panic(fmt.Sprintf("ui: read embedded files: %v", err))
		}
		switch {
		case path.Ext(name) == ".css":
			body = s.finishCSS(name, body)
		case name == "app.js":
			body = jsRemarks.ReplaceAll(body, nil)
		}
		s.add(name, body)
	}
	return s
}

func (s assetSet) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:4])
	ext := path.Ext(name)
	a := &asset{
		url:  AssetPrefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		typ:  assetTypes[ext],
		etag: hex.EncodeToString(sum[:12]),
		body: body,
	}
	if ext != ".woff2" {
		var buf bytes.Buffer
		zw, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
		_, _ = zw.Write(body) // writing to memory does not fail
		_ = zw.Close()
		a.gzip = buf.Bytes()
	}
	s.byName[name], s.byURL[a.url] = a, a
}

var (
	cssURL     = regexp.MustCompile(`url\("([^"]+)"\)`)
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssIndent  = regexp.MustCompile(`\s*\n\s*`)
	// Lines that hold a remark only, and indentation. Our script has no string
	// over several lines, which this would harm; others' scripts stay as they are.
	jsRemarks = regexp.MustCompile(`(?m)^[ \t]*(//.*\n)?`)
)

// finishCSS takes out comments and indentation and resolves url("…"), read
// relative to the stylesheet, to the addresses of the files.
func (s assetSet) finishCSS(name string, body []byte) []byte {
	body = cssComment.ReplaceAll(body, nil)
	body = cssIndent.ReplaceAll(body, []byte("\n"))
	return cssURL.ReplaceAllFunc(body, func(m []byte) []byte {
		target := path.Join(path.Dir(name), string(cssURL.FindSubmatch(m)[1]))
		a := s.byName[target]
		if a == nil {
			panic(fmt.Sprintf("ui: %s names %q, which is not there", name, target))
		}
		return []byte(`url("` + a.url + `")`)
	})
}
