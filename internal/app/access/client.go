package access

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
)

// Identity is one pair of eyes: somebody with a session, a token, or neither.
type Identity struct {
	Name    string
	Cookie  string // session token, "" for none
	Bearer  string // API token, "" for none
	Knows   any    // what a module's own rule asks about, for its MaySee
	clients atomic.Uint32
}

// Client asks as one identity, in this process and without a network.
type Client struct {
	Who     *Identity
	Handler http.Handler
	Base    string // "http://desk.example"
	calls   uint32
	place   uint32
}

// NewClient makes a client. Several may ask as one identity at once.
func NewClient(who *Identity, h http.Handler, base string) *Client {
	return &Client{Who: who, Handler: h, Base: base, place: who.clients.Add(1)}
}

// Answer is what came back, with what was asked so that an echo of the
// question can be told from knowledge.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	asked  []string
}

// Form is a sent form or the parameters of an address.
type Form = map[string]string

// Get asks for an address. headers are names and values in turn.
func (c *Client) Get(path string, headers ...string) Answer {
	return c.Send("GET", path, "", "", headers...)
}

// Post sends a form.
func (c *Client) Post(path string, form Form, headers ...string) Answer {
	v := url.Values{}
	for k, s := range form {
		v.Set(k, s)
	}
	return c.Send("POST", path, "application/x-www-form-urlencoded", v.Encode(), headers...)
}

// JSON calls the API. body nil is no body.
func (c *Client) JSON(method, path string, body any, headers ...string) Answer {
	if body == nil {
		return c.Send(method, path, "", "", headers...)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // the test's own value
	}
	return c.Send(method, path, "application/json", string(raw), headers...)
}

// Send is any request.
func (c *Client) Send(method, path, contentType, body string, headers ...string) Answer {
	r := httptest.NewRequest(method, c.Base+path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	c.Sign(r)
	w := httptest.NewRecorder()
	c.Handler.ServeHTTP(w, r)
	res := w.Result()
	raw, _ := io.ReadAll(res.Body) // from memory
	return Answer{Status: res.StatusCode, Header: res.Header, Body: string(raw), asked: []string{path}}
}

// Sign makes a request this identity's. Each comes from another address, so
// that no limit per address stands in for a refusal.
func (c *Client) Sign(r *http.Request) {
	n := c.calls
	c.calls++
	r.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10 + byte(c.place%200), byte(n >> 16), byte(n >> 8), byte(n)}), 40000).String()
	if c.Who.Cookie != "" {
		r.AddCookie(&http.Cookie{Name: "trellis", Value: c.Who.Cookie})
	}
	if c.Who.Bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.Who.Bearer)
	}
}

// Echoes names words of the question that the answer may repeat.
func (a Answer) Echoes(words ...string) Answer {
	a.asked = append(slices.Clone(a.asked), words...)
	return a
}

// Join is several answers read one after the other, as the pages of a list.
func (a Answer) Join(b Answer) Answer {
	a.Body += "\n" + b.Body
	if b.Status != a.Status {
		a.Status = b.Status
	}
	a.asked = append(slices.Clone(a.asked), b.asked...)
	return a
}

// What differs between two answers to one question.
var (
	keys = regexp.MustCompile(`(name="_?[a-z_]*key"[^>]*value=")[A-Z2-7]{20,}`)
	reqs = regexp.MustCompile(`("request_id":")[^"]*`)
	// The sum of an asset is the same in every answer, and may happen to hold
	// the number that was asked for.
	sums = regexp.MustCompile(`(/static/[a-z-]+\.)[0-9a-f]{8,}`)
)

// Text is the whole answer: status, headers, body, with everything that stands
// for the question itself or for chance taken out. Two things that look alike
// to somebody answer with the same text.
func (a Answer) Text() string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Status)
	names := make([]string, 0, len(a.Header))
	for k := range a.Header {
		switch k {
		case "X-Request-Id", "Date", "Content-Length":
		case "Etag": // of a page it follows from the body, and from its keys
			if !strings.Contains(a.Header.Get("Content-Type"), "html") {
				names = append(names, k)
			}
		default:
			names = append(names, k)
		}
	}
	slices.Sort(names)
	for _, k := range names {
		fmt.Fprintf(&b, "%s: %s\n", k, strings.Join(a.Header[k], ", "))
	}
	b.WriteString("\n" + a.Body)
	text := b.String()
	for _, chance := range []*regexp.Regexp{keys, reqs, sums} { // first: a key may hold the number too
		text = chance.ReplaceAllString(text, "$1")
	}
	return a.unasked(text)
}

// unasked takes the question out of a text, in every way of writing it.
func (a Answer) unasked(s string) string {
	for _, q := range a.asked {
		if q == "" {
			continue
		}
		path, _, _ := strings.Cut(q, "?")
		for _, form := range []string{url.QueryEscape(q), q, html.EscapeString(q), url.QueryEscape(path), path} {
			s = strings.ReplaceAll(s, form, "(asked)")
		}
	}
	return s
}
