package ui

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Page is what every shell needs to know of the page it surrounds.
type Page struct {
	Lang  string // BCP 47 tag of the page's language; "en" when empty
	Dir   string // "rtl" or "ltr"; "ltr" when empty
	Title string // the thing; the browser's title is "Title – Place"
	Place string // where it is; the brand's name when empty
	// Errors says that the page comes back with errors to correct: its title
	// then begins with Words.Error, so that a screen reader says so first.
	Errors bool
	Theme  string // "light" or "dark" to overrule the reader's system; else ""

	Brand     Brand
	Words     Words
	Languages []Language
	Account   *Account // nil when nobody is signed in

	// Person is a mark of who is signed in, such as their id, "" for nobody. It
	// keeps apart the drafts of people who share a browser, and is not shown.
	Person string

	Stream string          // address of the event stream; "" for a page that stays as it is
	Demo   templ.Component // a bar above everything, as in a demonstration; may be nil
	Head   templ.Component // more links and meta elements for the head; may be nil
	// NoScript leaves out every script, for pages that are served as they are to
	// everybody.
	NoScript bool
}

// Brand is whose pages these are.
type Brand struct {
	Name  string
	Href  string // where the crest leads; "/" when empty
	Crest string // address of an image, square; "" draws a plain one
}

// Language is one entry of the language menu. Name is in the language itself.
type Language struct {
	Code    string
	Name    string
	Dir     string // "rtl" where it applies
	Href    string // the same page in that language
	Current bool
}

// Account is the menu of the person who is signed in.
type Account struct {
	Name     string
	Initials string
	Items    []MenuItem
}

// MenuItem is a link, or with Post a button that posts to Href: for signing out,
// which must not happen by following a link, and which makes the browser forget
// all unsent drafts.
type MenuItem struct {
	Text string
	Href string
	Icon string
	Post bool
}

// NavItem is one place in the main navigation. On a phone these are the bar at
// the bottom, so there should be no more than five, each with an icon.
type NavItem struct {
	Text    string
	Href    string
	Icon    string
	Current bool
}

// Link is words that lead somewhere.
type Link struct {
	Text string
	Href string
}

// HelpPage is a page for people who ask: one narrow column, phone first.
type HelpPage struct {
	Page
	Nav  []NavItem // none on a page that is one step of a task
	Back *Link     // above the content, on such a step
	Wide bool      // for content that needs more than a column of text
}

// DeskPage is a page for people who work here all day: dense, with search,
// keyboard and the last action at the bottom.
type DeskPage struct {
	Page
	Nav    []NavItem
	Search *SearchBox  // nil for none
	Last   *LastAction // what the person did last, with its undo; nil for nothing
	Keys   []KeyHint   // keys of this page, beside the ones every list has
	// Split fills the window with panes that scroll by themselves (see Split);
	// otherwise the page scrolls as a whole.
	Split bool
	Wide  bool // without Split: use the whole width
}

// PlainPage is a page that stands alone: sign-in, set-up, errors.
type PlainPage struct {
	Page
	Wide bool
}

// SearchBox is a form with method GET in the top bar.
type SearchBox struct {
	Action      string
	Name        string // of the field; "q" when empty
	Value       string
	Placeholder string // Words.Search when empty
}

// KeyHint tells of one key: it presses the element on the page that carries the
// same letter in its Key.
type KeyHint struct {
	Key  string
	Text string
}

// LastAction is what the person did last. It stays in the bottom bar until the
// next action, so an undo in it does not run out.
type LastAction struct {
	Text    string
	Undo    *Undo // nil where it cannot be taken back
	Earlier *Link
}

// Undo is the form that takes an action back.
type Undo struct {
	Action string
	Text   string
	Key    string // idempotency key
	Hidden []Pair // further hidden fields
	Swap   string // selector of the element to redraw; "" redraws the page
}

// Pair is a hidden field of a form.
type Pair struct{ Name, Value string }

// icon is the address of the picture in the browser's tab. The plain crest is
// written into the page: asking for it would be one request more.
func (b Brand) icon() templ.SafeURL {
	if b.Crest != "" {
		return templ.URL(b.Crest)
	}
	return plainCrest()
}

var plainCrest = sync.OnceValue(func() templ.SafeURL {
	svg, err := files.ReadFile("static/crest.svg")
	if err != nil {
		panic(err) // it is part of the program
	}
	return templ.SafeURL("data:image/svg+xml," + url.PathEscape(strings.TrimSpace(string(svg))))
})

func (p Page) lang() string  { return or(p.Lang, "en") }
func (p Page) dir() string   { return or(p.Dir, "ltr") }
func (p Page) home() string  { return or(p.Brand.Href, "/") }
func (p Page) place() string { return or(p.Place, p.Brand.Name) }

// FullTitle is what the browser's tab says: the thing, then the place, and first
// of all that something went wrong.
func (p Page) FullTitle() string {
	t := p.Title
	if place := p.place(); place != "" && place != t {
		t += " – " + place
	}
	if p.Errors && p.Words.Error != "" {
		t = p.Words.Error + ": " + t
	}
	return t
}

func (p Page) language() Language {
	for _, l := range p.Languages {
		if l.Current {
			return l
		}
	}
	return Language{Name: p.Words.Language}
}

// script is what app.js reads from the body: words and addresses, never markup.
func (p Page) script() string {
	w := p.Words
	b, err := json.Marshal(map[string]string{
		"saving": w.Saving, "failed": w.Failed, "restored": w.Restored,
		"selected": w.Selected, "new1": w.NewOne, "newN": w.NewMany, "stream": p.Stream, "person": p.Person,
	})
	if err != nil {
		return "{}" // a map of strings always marshals
	}
	return string(b)
}

// htmxConfig is read by htmx when it starts. Extensions are refused by name, the
// stylesheet is ours, a morph leaves an opened details element open, and going
// back loads the page afresh, so that it is never older than what it shows.
const htmxConfig = `{"includeIndicatorCSS":false,"extensions":"none","morphIgnore":["data-htmx-powered","open"],"defaultTimeout":30000,"history":"reload"}`

// Fragment returns the id of the element that a request by a part of this
// package wants redrawn, "" for an ordinary request. A handler may answer it with
// Partial around that element alone; answering with the whole page is correct
// too, and costs only bytes.
func Fragment(r *http.Request) string {
	h := r.Header
	if h.Get("HX-Request") != "true" || h.Get("HX-Boosted") == "true" || h.Get("HX-History-Restore-Request") == "true" {
		return ""
	}
	_, id, _ := strings.Cut(h.Get("HX-Target"), "#")
	return id
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
