package browser_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"trellis/internal/testkit/markup"
)

// answers keeps the HTML that houses send, each answer once.
type answers struct {
	mu    sync.Mutex
	known map[[32]byte]bool
	pages []markup.Page
}

// changing is what differs in every answer, whatever page it is.
var changing = regexp.MustCompile(`value="[A-Za-z0-9_-]{16,}"|since=[0-9a-z.]+|R-\d+|/r/\d+|\d+`)

func (a *answers) keep(name, html string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	sum := sha256.Sum256([]byte(changing.ReplaceAllString(html, "")))
	if a.known[sum] {
		return
	}
	a.known[sum] = true
	a.pages = append(a.pages, markup.Page{Name: name, HTML: html})
}

// check holds all that was sent against the checkers of HTML.
func (a *answers) check(t *testing.T) {
	whole := 0
	for _, p := range a.pages {
		if strings.HasPrefix(p.HTML, "<!") {
			whole++
		}
	}
	t.Logf("%d pages and %d parts of pages", whole, len(a.pages)-whole)
	if whole == 0 {
		t.Fatal("no page was kept: this shows nothing")
	}
	markup.Check(t, a.pages)
}

// serve answers and keeps what was sent. A part that a script asked for is also
// asked for as a browser without one would: as a whole page, if asking again
// changes nothing.
func (a *answers) serve(h http.Handler, w http.ResponseWriter, r *http.Request) {
	part := r.Header.Get("HX-Request") != ""
	var sent []byte
	if part && r.Method == http.MethodPost {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	c := &copied{ResponseWriter: w, status: http.StatusOK}
	h.ServeHTTP(c, r)
	a.take(r, c)
	if !part || r.Method != http.MethodGet && c.status < 400 {
		return
	}
	again := r.Clone(r.Context())
	for name := range again.Header {
		if strings.HasPrefix(name, "Hx-") {
			again.Header.Del(name)
		}
	}
	again.Header.Del("Accept-Encoding")
	again.Body = io.NopCloser(bytes.NewReader(sent))
	c = &copied{ResponseWriter: httptest.NewRecorder(), status: http.StatusOK}
	h.ServeHTTP(c, again)
	a.take(again, c)
}

func (a *answers) take(r *http.Request, c *copied) {
	if !c.html() || c.body.Len() == 0 {
		return
	}
	html := c.body.Bytes()
	if c.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(&c.body)
		if err != nil {
			return
		}
		if html, err = io.ReadAll(z); err != nil {
			return
		}
	}
	a.keep(r.Method+" "+r.URL.RequestURI()+" "+http.StatusText(c.status), string(html))
}

// copied is an answer that is kept while it is sent.
type copied struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copied) html() bool { return strings.HasPrefix(c.Header().Get("Content-Type"), "text/html") }

func (c *copied) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copied) Write(b []byte) (int, error) {
	if c.html() {
		c.body.Write(b)
	}
	return c.ResponseWriter.Write(b)
}

// Unwrap lets streams be flushed.
func (c *copied) Unwrap() http.ResponseWriter { return c.ResponseWriter }
