package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	pages "trellis/internal/district/web"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

func TestWords(t *testing.T) {
	own, err := i18n.NewCatalogue(pages.Messages)
	if err != nil {
		t.Fatal(err)
	}
	keycheck.Check(t, ".", own, keycheck.Options{})
	around, err := i18n.NewCatalogue(frame.Messages)
	if err != nil {
		t.Fatal(err)
	}
	keycheck.Check(t, "../frame", around, keycheck.Options{Used: []string{"frame.place."}})

	// A text that is the same in both languages was forgotten, unless it is one
	// of these.
	same := []string{"frame.no_name", "frame.field", "settings.no", "settings.role.at", "settings.zone.arizona", "settings.zone.alaska"}
	for _, c := range []*i18n.Catalogue{own, around} {
		for _, key := range c.Keys() {
			if slices.Equal(c.Texts("en-US", key), c.Texts("es-US", key)) && !slices.Contains(same, key) {
				t.Errorf("%s is not translated: %q", key, c.Texts("es-US", key))
			}
		}
	}
}

// everyPage opens each page that there is, as somebody who may, signed in or
// not.
func everyPage(t *testing.T, w *world, c cast, see func(path string, p *htmltest.Page)) {
	t.Helper()
	ids := map[string]string{
		"/settings/places/{id}": id(c.marsh), "/settings/places/{id}/rooms": id(c.marsh), "/settings/rooms/{id}": id(c.library),
		"/settings/people/{id}": id(c.dana), "/settings/teams/{id}": id(c.tech), "/settings/services/{id}": id(c.signIn),
	}
	invite, _, err := w.d.MakeInvite(c.admin, c.tessa)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.Write(c.admin, "tell", func(tx *db.Tx) error {
		tx.Unlogged("test")
		return notice.Send(tx, notice.Notice{To: int64(c.rosa), Why: "account.done.saved", About: event.Ref{Kind: "ticket", ID: 7}, Force: true})
	}); err != nil {
		t.Fatal(err)
	}
	b, stranger := w.as(c.rosa), w.browser()
	b.cookies["lang"], stranger.cookies["lang"] = i18n.Pseudo, i18n.Pseudo
	seen := 0
	for _, r := range w.m.Routes() {
		path := r.Path
		if r.Method != "GET" || path == "/{$}" || path == "/setup" || strings.HasSuffix(path, ".css") {
			continue
		}
		who := b
		switch {
		case path == "/invite/{token}":
			path, who = "/invite/"+invite, stranger
		case path == "/sign-in":
			who = stranger
		case strings.Contains(path, "{"):
			if ids[path] == "" {
				t.Fatalf("the test knows no id for %s", path)
			}
			path = strings.ReplaceAll(path, "{id}", ids[path])
		}
		seen++
		see(path, who.get(path, 200))
	}
	see("/nothing/here", b.get("/nothing/here", 404))
	see("/invite/nothing", stranger.get("/invite/nothing", 404))
	if seen < 25 {
		t.Fatalf("only %d pages", seen)
	}
}

var (
	plainWord = regexp.MustCompile(`[A-Za-z]{2,}`)
	// What the pages say that is no text of ours: people's words, and dates.
	data = regexp.MustCompile(`Juniper Valley|Rosa Delgado|Dana Whitfield|Sam Lee|Tessa Nguyen|Marsh( Elementary School)?|Cedar Ridge Middle School|District Office|Library|Technology|Sign-in|` +
		`[a-z0-9.]+@jv\.example|America/Denver|English|Español|ChromeOS|Chrome|\bRD\b|\d\d? ?[ap]m|Mar(ch)?\b|\b(Mon|Tue|Wed|Thu|Fri)\b|\bEnter\b`)
)

// TestEveryTextIsTranslated opens every page in the test language: whatever
// reads as plain English there stands outside the catalogue. Rosa's own
// preference would win over the device, so she has none that is offered.
func TestEveryTextIsTranslated(t *testing.T) {
	w := build(t, testkit.Open(t, db.SQLite, setup()))
	c := w.open()
	w.pseudo(c.rosa)
	everyPage(t, w, c, func(path string, p *htmltest.Page) {
		if p.One("html").Attr("lang") != i18n.Pseudo {
			t.Fatalf("%s is in %q", path, p.One("html").Attr("lang"))
		}
		texts := []string{p.Text("body"), p.Text("title")}
		for _, a := range []string{"aria-label", "placeholder", "alt", "title"} {
			for _, e := range p.All("[" + a + "]") {
				texts = append(texts, e.Attr(a))
			}
		}
		for _, s := range texts {
			if left := plainWord.FindAllString(data.ReplaceAllString(s, ""), -1); left != nil {
				t.Errorf("%s says %q outside the catalogue", path, left)
			}
		}
	})
}

// TestEveryPageIsSound looks at what every page must keep: names for fields,
// ids once, a key in every form that changes something, nothing inline.
func TestEveryPageIsSound(t *testing.T) {
	w := build(t, testkit.Open(t, db.SQLite, setup()))
	c := w.open()
	w.named["lost_device"] = []district.PersonID{c.lee}
	everyPage(t, w, c, func(path string, p *htmltest.Page) {
		ids := map[string]bool{}
		for _, e := range p.All("[id]") {
			if ids[e.Attr("id")] {
				t.Errorf("%s has the id %q twice", path, e.Attr("id"))
			}
			ids[e.Attr("id")] = true
		}
		inside := map[string]bool{}
		for _, e := range p.All("label input") {
			inside[e.HTML()] = true
		}
		for _, e := range p.All("input:not([type=hidden]), select, textarea") {
			if !p.Has(`label[for="`+e.Attr("id")+`"]`) && e.Attr("aria-label") == "" && !inside[e.HTML()] {
				t.Errorf("%s has a field without a label: %s", path, e.HTML())
			}
		}
		for _, e := range p.All("[aria-labelledby], [aria-describedby]") {
			for _, ref := range strings.Fields(e.Attr("aria-labelledby") + " " + e.Attr("aria-describedby")) {
				if !ids[ref] {
					t.Errorf("%s refers to #%s, which is not there", path, ref)
				}
			}
		}
		for _, f := range p.All("main form[method=post]") {
			if !f.Has(`input[name="_key"]`) && !f.Has("input[type=password]") {
				t.Errorf("%s has a form without a key: %s", path, f.Attr("action"))
			}
		}
		if p.Has("[style], style, script:not([src]), [onclick]") {
			t.Errorf("%s has something inline", path)
		}
		if p.Has("input[type=password]:not([autocomplete])") || p.Has("input[type=email]:not([autocomplete])") {
			t.Errorf("%s has a field that browsers can't fill in", path)
		}
	})
}

func TestReadOnly(t *testing.T) {
	w := build(t, testkit.Open(t, db.SQLite, setup()))
	c := w.open()
	b := w.as(c.dana)
	if b.get("/account", 200).Has("#read-only") {
		t.Fatal("the page says that nothing can be saved")
	}
	w.full = true
	has(t, b.get("/account", 200), "#read-only", "Nothing can be saved right now")
}
