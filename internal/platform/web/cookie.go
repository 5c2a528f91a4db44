package web

import (
	"net/http"
	"time"
)

const (
	langCookie    = "lang"
	plainCookie   = "trellis"
	secureCookie  = "__Host-trellis"
	maxTokenBytes = 256
)

// sessionCookie is the cookie's name. The __Host- prefix makes the browser
// refuse a cookie of that name from a sibling host or over plain HTTP;
// without TLS (a demonstration on this machine) it can't be used.
func (m *Mux) sessionCookie() string {
	if m.secure {
		return secureCookie
	}
	return plainCookie
}

// sessionToken is the token in the request's session cookie. Two cookies of
// that name mean that somebody planted one: neither counts.
func (m *Mux) sessionToken(r *http.Request) string {
	cs := r.CookiesNamed(m.sessionCookie())
	if len(cs) != 1 || len(cs[0].Value) > maxTokenBytes {
		return ""
	}
	return cs[0].Value
}

// SessionToken is the token in the request's session cookie, "" if none.
func SessionToken(r *http.Request) string {
	if q := of(r.Context()); q != nil {
		return q.mux.sessionToken(r)
	}
	return ""
}

// SetSession gives the browser a session. It lasts until the instant given,
// or with the zero time until the browser is closed.
func SetSession(w http.ResponseWriter, r *http.Request, token string, until time.Time) {
	m := of(r.Context()).mux
	c := m.cookie(m.sessionCookie(), token)
	if !until.IsZero() {
		c.Expires = until
	}
	http.SetCookie(w, c)
}

// ClearSession takes the session from the browser, and with it what the
// browser kept of its pages: computers are shared.
func ClearSession(w http.ResponseWriter, r *http.Request) {
	m := of(r.Context()).mux
	c := m.cookie(m.sessionCookie(), "")
	c.MaxAge = -1
	http.SetCookie(w, c)
	w.Header().Set("Clear-Site-Data", `"cache"`)
}

// SetLanguage remembers on this device which language was chosen.
func SetLanguage(w http.ResponseWriter, r *http.Request, lang string) {
	c := of(r.Context()).mux.cookie(langCookie, lang)
	c.MaxAge = 365 * 24 * 3600
	http.SetCookie(w, c)
}

func (m *Mux) cookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: m.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
