package web

import (
	"net/http"
	"net/url"
	"strings"

	"trellis/internal/platform/errs"
)

// LocalPath reports whether p is safe to send a browser to: an absolute path
// on this very site. Browsers read "//host", "/\host" and paths with control
// characters in them as other places, some proxies decode before they look,
// so whatever is not plainly local is refused.
func LocalPath(p string) bool {
	if len(p) == 0 || len(p) > 2048 || p[0] != '/' {
		return false
	}
	for i := range len(p) {
		if p[i] <= ' ' || p[i] > '~' || p[i] == '\\' {
			return false
		}
	}
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return false
	}
	path := u.Path
	for range 3 { // encoded once, or again inside
		if strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") {
			return false
		}
		d, err := url.PathUnescape(path)
		if err != nil || d == path {
			break
		}
		path = d
	}
	return true
}

// Next is the local path in the request's "next" parameter, or fallback. It
// never leads back to the sign-in page itself.
func Next(r *http.Request, fallback string) string {
	next := r.URL.Query().Get("next")
	if f := formOf(r.Context()); next == "" && f != nil {
		next = f.String("next")
	}
	if !LocalPath(next) {
		return fallback
	}
	if q := of(r.Context()); q != nil && (next == q.mux.d.SignIn || strings.HasPrefix(next, q.mux.d.SignIn+"?")) {
		return fallback
	}
	return next
}

// Redirect sends the browser on to a local path after a form was accepted:
// 303, or what the front-end library understands if a fragment was asked for.
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	if !LocalPath(path) {
		return errs.E(errs.Internal, "").Because(&url.Error{Op: "redirect", URL: path, Err: errNotLocal})
	}
	w.Header().Set("Cache-Control", "no-store")
	if Fragment(r) {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
