package web

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
)

var (
	errNotLocal = errors.New("not a path on this site")
	errGone     = errors.New("the connection was closed")
)

// Fragment reports whether the browser asks for a part of a page, which it
// will put into the page it shows.
func Fragment(r *http.Request) bool {
	h := r.Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Boosted") != "true" && h.Get("HX-History-Restore-Request") != "true"
}

// Render draws a component as the answer. It is drawn completely before the
// first byte leaves, so an error half-way leaves nothing half sent. A page
// that the browser already has is answered with 304.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= maxKept {
			b.Reset()
			buffers.Put(b)
		}
	}()
	if err := c.Render(r.Context(), b); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	addVary(h, "HX-Request", "Cookie", "Accept-Language")
	h.Set("Content-Language", i18n.Lang(r.Context()))
	switch {
	case h.Get("Cache-Control") != "": // the handler or fail decided
	case Fragment(r):
		h.Set("Cache-Control", "no-store")
	case policy.ActorFrom(r.Context()).Kind == policy.Anonymous:
		h.Set("Cache-Control", "no-cache")
	default:
		h.Set("Cache-Control", "private, no-cache")
	}
	if status == http.StatusOK && safe(r.Method) && h.Get("Cache-Control") != "no-store" {
		tag := etag(b.Bytes())
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a client that has gone away is no error of ours
	return nil
}

const maxKept = 1 << 20

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// seed makes tags differ from one process to the next; a browser then simply
// fetches a page again.
var seed = maphash.MakeSeed()

func etag(b []byte) string {
	return `W/"` + strconv.FormatUint(maphash.Bytes(seed, b), 36) + `"`
}

func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// File is something to download.
type File struct {
	Name     string // as the person sees it
	Type     string // the media type that was found in its content
	Modified time.Time
	Tag      string // changes with the content, e.g. its hash; may be empty
	Content  io.ReadSeeker
	Inline   bool // show it in the page; only pictures that we encoded ourselves
}

// inlineTypes are shown and never run, whatever is in them.
var inlineTypes = map[string]bool{"image/png": true, "image/jpeg": true, "image/webp": true, "image/gif": true}

// SendFile answers with a file from outside. It never becomes part of our
// own pages: it is offered as a download, or shown if it is a picture.
func SendFile(w http.ResponseWriter, r *http.Request, f File) error {
	h := w.Header()
	kind := "attachment"
	if f.Inline && inlineTypes[f.Type] {
		kind = "inline"
	}
	h.Set("Content-Disposition", disposition(kind, f.Name))
	if f.Type == "" {
		f.Type = "application/octet-stream"
	}
	h.Set("Content-Type", f.Type)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	if f.Tag != "" {
		h.Set("ETag", `"`+f.Tag+`"`)
	}
	http.ServeContent(w, r, "", f.Modified, f.Content)
	return nil
}

// disposition writes a header that no name can break out of: characters that
// control or reorder text are dropped, the rest is encoded (RFC 6266).
func disposition(kind, name string) string {
	if v := mime.FormatMediaType(kind, map[string]string{"filename": cleanName(name)}); v != "" {
		return v
	}
	return kind
}

// Plain lets a standard handler be a route.
func Plain(h http.Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	}
}
