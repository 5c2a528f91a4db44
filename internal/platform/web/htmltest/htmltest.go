// Package htmltest lets tests read a page the way a browser without scripts
// does: by CSS selectors, and by filling in and sending its forms.
package htmltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Page is a parsed document, or a part of one.
type Page struct {
	t    testing.TB
	node *html.Node
}

// Parse reads a page or a fragment.
func Parse(t testing.TB, body string) *Page {
	t.Helper()
	n, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("parse page: %v", err)
	}
	return &Page{t, n}
}

// FromResponse reads a response's body, which it closes, and demands its
// status.
func FromResponse(t testing.TB, res *http.Response, status int) *Page {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("read page: %v", err)
	}
	if res.StatusCode != status {
		t.Fatalf("status %d, want %d; Location %q; body:\n%s", res.StatusCode, status, res.Header.Get("Location"), b)
	}
	return Parse(t, string(b))
}

// FromRecorder is FromResponse for a recorder.
func FromRecorder(t testing.TB, rec *httptest.ResponseRecorder, status int) *Page {
	t.Helper()
	return FromResponse(t, rec.Result(), status)
}

// All are the elements that match, in the order of the document.
func (p *Page) All(selector string) []*Page {
	p.t.Helper()
	var out []*Page
	for _, n := range cascadia.QueryAll(p.node, p.compile(selector)) {
		out = append(out, &Page{p.t, n})
	}
	return out
}

// One is the only element that matches; none or several fail the test.
func (p *Page) One(selector string) *Page {
	p.t.Helper()
	found := p.All(selector)
	if len(found) != 1 {
		p.t.Fatalf("%d elements match %q, want one, in:\n%s", len(found), selector, p.HTML())
	}
	return found[0]
}

// Has reports whether anything matches.
func (p *Page) Has(selector string) bool {
	p.t.Helper()
	return cascadia.Query(p.node, p.compile(selector)) != nil
}

func (p *Page) compile(selector string) cascadia.SelectorGroup {
	p.t.Helper()
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		p.t.Fatalf("selector %q: %v", selector, err)
	}
	return s
}

// Text is what a reader reads of the only element that matches, with space
// folded. Scripts and styles are nothing to read.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return p.One(selector).String()
}

// Texts are the texts of all elements that match.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	var out []string
	for _, e := range p.All(selector) {
		out = append(out, e.String())
	}
	return out
}

// String is the element's text with space folded.
func (p *Page) String() string {
	var b strings.Builder
	text(&b, p.node)
	return strings.Join(strings.Fields(b.String()), " ")
}

func text(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(n.Data)
	case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text(b, c)
	}
	if n.Type == html.ElementNode {
		b.WriteString(" ")
	}
}

// Attr is the element's attribute, "" if it has none.
func (p *Page) Attr(name string) string {
	v, _ := attr(p.node, name)
	return v
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// HTML is the element's source, for messages.
func (p *Page) HTML() string {
	var b strings.Builder
	_ = html.Render(&b, p.node)
	return b.String()
}

// Link is the address of the only link with this text.
func (p *Page) Link(text string) string {
	p.t.Helper()
	var found []string
	for _, a := range p.All("a[href]") {
		if a.String() == text {
			found = append(found, a.Attr("href"))
		}
	}
	if len(found) != 1 {
		p.t.Fatalf("%d links read %q, want one, in:\n%s", len(found), text, p.HTML())
	}
	return found[0]
}

// Form is a form as a browser without scripts would send it.
type Form struct {
	Method, Action, Enctype string
	Values                  url.Values
	t                       testing.TB
	node                    *html.Node
}

// Form collects the fields of the only form that matches, with the values
// that they have on the page. Buttons are not among them: see Press.
func (p *Page) Form(selector string) *Form {
	p.t.Helper()
	n := p.One(selector).node
	f := &Form{Method: http.MethodGet, Values: url.Values{}, t: p.t, node: n}
	if m, ok := attr(n, "method"); ok {
		f.Method = strings.ToUpper(m)
	}
	f.Action, _ = attr(n, "action")
	f.Enctype, _ = attr(n, "enctype")
	fields := &Page{p.t, n}
	for _, e := range fields.All("input[name], textarea[name], select[name]") {
		f.collect(e.node)
	}
	return f
}

func (f *Form) collect(n *html.Node) {
	name, _ := attr(n, "name")
	if disabled(n) {
		return
	}
	switch n.Data {
	case "textarea":
		var b strings.Builder
		text(&b, n)
		f.Values.Add(name, strings.TrimPrefix(strings.TrimSuffix(b.String(), " "), "\n"))
	case "select":
		f.choose(n, name)
	default:
		kind, _ := attr(n, "type")
		value, given := attr(n, "value")
		_, checked := attr(n, "checked")
		switch kind {
		case "submit", "button", "image", "reset", "file":
		case "checkbox", "radio":
			if checked {
				if !given {
					value = "on"
				}
				f.Values.Add(name, value)
			}
		default:
			f.Values.Add(name, value)
		}
	}
}

func (f *Form) choose(n *html.Node, name string) {
	options := (&Page{f.t, n}).All("option")
	_, multiple := attr(n, "multiple")
	chosen := false
	for _, o := range options {
		if _, ok := attr(o.node, "selected"); ok {
			f.Values.Add(name, optionValue(o))
			chosen = true
		}
	}
	if !chosen && !multiple && len(options) > 0 {
		f.Values.Add(name, optionValue(options[0]))
	}
}

func optionValue(o *Page) string {
	if v, ok := attr(o.node, "value"); ok {
		return v
	}
	return o.String()
}

func disabled(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if p == n || p.Data == "fieldset" {
			if _, ok := attr(p, "disabled"); ok {
				return true
			}
		}
	}
	return false
}

// Set fills in a field, which must be on the page.
func (f *Form) Set(name, value string) *Form {
	f.t.Helper()
	if !(&Page{f.t, f.node}).Has(`[name="` + name + `"]`) {
		f.t.Fatalf("the form has no field %q", name)
	}
	f.Values.Set(name, value)
	return f
}

// Press adds what the button with this text sends.
func (f *Form) Press(text string) *Form {
	f.t.Helper()
	for _, b := range (&Page{f.t, f.node}).All("button, input[type=submit]") {
		label := b.String()
		if b.node.Data == "input" {
			label = b.Attr("value")
		}
		if label != text {
			continue
		}
		if name := b.Attr("name"); name != "" {
			f.Values.Set(name, b.Attr("value"))
		}
		if a, ok := attr(b.node, "formaction"); ok {
			f.Action = a
		}
		return f
	}
	f.t.Fatalf("the form has no button %q", text)
	return f
}

// Request is the request that a browser would send for the form on the page
// at this address.
func (f *Form) Request(page string) *http.Request {
	f.t.Helper()
	base, err := url.Parse(page)
	if err != nil {
		f.t.Fatalf("page address: %v", err)
	}
	to := base
	if f.Action != "" {
		if to, err = base.Parse(f.Action); err != nil {
			f.t.Fatalf("form action: %v", err)
		}
	}
	if f.Method == http.MethodGet {
		u := *to
		u.RawQuery = f.Values.Encode()
		return httptest.NewRequest(http.MethodGet, u.String(), nil)
	}
	r := httptest.NewRequest(f.Method, to.String(), strings.NewReader(f.Values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}
