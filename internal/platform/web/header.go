package web

import "net/http"

// Policy of content for our own pages: nothing inline, nothing from elsewhere.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"

const permissions = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()"

// setHeaders sets what every answer carries.
func (m *Mux) setHeaders(h http.Header, id string) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissions)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Request-Id", id)
	if m.secure {
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Strict-Transport-Security", "max-age=31536000")
	} else {
		// Under no-referrer a browser sends forms with "Origin: null". Over
		// plain HTTP it sends no Sec-Fetch-Site either (except to localhost),
		// and then every form would look cross-site.
		h.Set("Referrer-Policy", "same-origin")
	}
}

// restart takes back what a handler said about an answer that it then did
// not give, so that an error looks the same wherever it came from.
func (m *Mux) restart(h http.Header, id string) {
	clear(h)
	m.setHeaders(h, id)
}

// Sandbox marks an answer as somebody else's document (a message body): it
// may be framed by our own pages, runs nothing, loads nothing from elsewhere
// and belongs to no origin.
func Sandbox(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'")
	h.Set("X-Frame-Options", "SAMEORIGIN")
}

// NoStore keeps an answer out of every cache, for what is shown once.
func NoStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }

func addVary(h http.Header, names ...string) {
	for _, n := range names {
		found := false
		for _, v := range h.Values("Vary") {
			found = found || v == n
		}
		if !found {
			h.Add("Vary", n)
		}
	}
}
