package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
	"trellis/internal/testkit"
)

func TestAccount(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.dana), "/account"
		f := b.get(at, 200).Form("#contact-form").Set("phone", "ext. 4410").Set("site", id(c.cedar)).Set("room", "Library").Set("lang", "es-US")
		_, p := b.send(f, at, 422)
		has(t, p, "#f-room-error", "No rooms are listed there yet")
		if value(p, "#contact-form", "phone") != "ext. 4410" || value(p, "#contact-form", "lang") != "es-US" {
			t.Fatal("what was typed is lost")
		}
		_, p = b.send(p.Form("#contact-form").Set("room", ""), at, 200)
		has(t, p, "h1", "Su cuenta")
		if p.One("html").Attr("lang") != "es-US" {
			t.Fatalf("the page's language is %q", p.One("html").Attr("lang"))
		}

		// The menu changes the language for good, pressed on our own page only.
		link := p.One("nav.drop a[lang='en-US']").Attr("href")
		cross := httptest.NewRequest(http.MethodGet, base+link, nil)
		cross.Header.Set("Sec-Fetch-Site", "cross-site")
		_, q := b.follow(b.do(cross), 200)
		has(t, q, "h1", "Idioma")
		if got := value(q, "main form", "to"); got != "en-US" {
			t.Errorf("the question proposes %q", got)
		}
		to, p := b.follow(b.do(httptest.NewRequest(http.MethodGet, base+link, nil)), 200)
		if !strings.HasPrefix(to, "/account") || p.One("html").Attr("lang") != "en-US" {
			t.Fatalf("the language menu led to %q in %q", to, p.One("html").Attr("lang"))
		}
		has(t, w.as(c.dana).get(at, 200), "h1", "Your account")
		_, p = b.send(q.Form("form.form").Set("to", "es-US"), "/language", 200)
		if p.One("html").Attr("lang") != "es-US" {
			t.Fatal("the form does not change the language")
		}
		b.send(b.get("/language", 200).Form("form.form").Set("to", "en-US"), "/language", 200)
	})
}

func TestSessionsAndPassword(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, lost, third := w.as(c.rosa), w.as(c.rosa), w.as(c.rosa)
		p := b.get("/account/devices", 200)
		if n := len(p.All(".card")); n != 4 { // the one of the set-up too
			t.Fatalf("%d devices", n)
		}
		forms := p.All(".card form")
		if len(forms) != 3 {
			t.Fatalf("%d of them can be signed out", len(forms))
		}
		_, p = b.send(p.Form(".card:nth-of-type(2) form"), "/account/devices", 200)
		has(t, p, ".done", "Ended")
		signedIn := 0
		for _, x := range []*browser{lost, third} {
			if rec := x.do(httptest.NewRequest(http.MethodGet, base+"/account", nil)); rec.Code == 200 {
				signedIn++
			}
		}
		if signedIn != 1 {
			t.Fatalf("%d of two others are signed in", signedIn)
		}
		// Somebody else's session is nobody's.
		own := w.as(c.dana).get("/account/devices", 200)
		foreign := own.One(".card").Attr("id")
		f := p.Form("form[action='/account/devices/sign-out-others']")
		f.Action = "/account/devices/" + strings.TrimPrefix(foreign, "device-") + "/sign-out"
		b.send(f, "/account/devices", 404)

		at := "/account/password"
		f = b.get(at, 200).Form("main form.form").Set("old", "wrong wrong wrong").Set("new", "four unrelated words here")
		_, p = b.send(f, at, 422)
		has(t, p, "#f-old-error", "not your current password")
		f = p.Form("main form.form").Set("old", password).Set("new", "four unrelated words here")
		to, _ := b.send(f, at, 200)
		if to != "/account?done=password" {
			t.Fatalf("changing the password led to %q", to)
		}
		p = b.get("/account/devices", 200)
		if n := len(p.All(".card")); n != 1 {
			t.Fatalf("%d devices are still signed in", n)
		}
	})
}

func TestTokensAndNotices(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.tessa), "/account/tokens"
		_, p := b.send(b.get(at, 200).Form("#token-form").Set("name", "nightly report"), at, 422)
		has(t, p, "#f-scopes .err", "fill this in")
		if value(p, "#token-form", "name") != "nightly report" {
			t.Fatal("the name is lost")
		}
		if p.Has("input[value='desk:read']") {
			t.Error("a teacher is offered the desk")
		}
		f := p.Form("#token-form")
		f.Values.Add("scopes", "requests:read")
		_, p = b.send(f, at, 200)
		plain := p.One("#f-token").Attr("value")
		if a, err := w.d.ResolveToken(t.Context(), plain); err != nil || a.Person != int64(c.tessa) {
			t.Fatalf("the token speaks for %+v, %v", a, err)
		}
		if q := b.get(at, 200); q.Has("#f-token") || !q.Has(".card form") {
			t.Error("the token is shown again, or can't be ended")
		}
		b.send(p.Form(".card form"), at, 200)
		if a, _ := w.d.ResolveToken(t.Context(), plain); a.Person != 0 {
			t.Fatal("the token still works")
		}

		send := func(n notice.Notice) {
			if err := w.db.Write(c.admin, "tell", func(tx *db.Tx) error { tx.Unlogged("test"); return notice.Send(tx, n) }); err != nil {
				t.Fatal(err)
			}
		}
		send(notice.Notice{To: int64(c.tessa), Why: "account.done.saved", About: event.Ref{Kind: "ticket", ID: 7}})
		send(notice.Notice{To: int64(c.dana), Why: "account.done.closed"})
		p = b.get("/notices", 200)
		if items := p.Texts(".mine li"); len(items) != 1 || !strings.HasPrefix(items[0], "Saved.") {
			t.Fatalf("notices %q", items)
		}
		if p.One(".mine a").Attr("href") != "/r/7" {
			t.Error("the notice leads elsewhere")
		}
		has(t, p, ".me a", "Notices: 1 new")
		mark := p.Form("main form")
		later(w, 60e9)
		send(notice.Notice{To: int64(c.tessa), Why: "account.done.added"})
		_, p = b.send(mark, "/notices", 200)
		if tags := p.Texts(".mine .tag"); len(tags) != 1 {
			t.Fatalf("what came since is read too: %q", tags)
		}
	})
}
