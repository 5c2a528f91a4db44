package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

func TestSetUp(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
		key := must[string](t)(w.d.MakeSetupKey(sys))
		b := w.browser()

		// With nobody here every way in leads to the set-up.
		p := b.get("/sign-in", 200)
		f := p.Form("form.form")
		f.Set("district", "Juniper Valley").Set("zone", "America/Denver").Set("sites", "Marsh, elementary").Set("name", "Rosa Delgado").
			Set("email", "rosa@jv.example").Set("password", password).Set("key", "setup_wrong")
		_, p = b.send(f, "/setup", 403)
		has(t, p, "#errors", "This set-up key doesn't work")
		if got := value(p, "form.form", "sites"); got != "Marsh, elementary" {
			t.Fatalf("what was typed is lost: %q", got)
		}
		if p.Has(`input[type=password][value]:not([value=""])`) {
			t.Fatal("the page repeats the password")
		}

		// Everything that is wrong is said at once, by line for the list.
		p = b.get("/setup?key="+key, 200)
		f = p.Form("form.form").Set("district", "").Set("sites", "Marsh, elementary\nCedar, castle").Set("email", "rosa").Set("password", "short")
		_, p = b.send(f, "/setup", 422)
		for _, field := range []string{"district", "zone", "sites", "name", "email", "password"} {
			if !p.Has("#errors a[href='#f-" + field + "']") {
				t.Errorf("the summary does not lead to %s: %s", field, p.Text("#errors"))
			}
		}
		has(t, p, "#f-sites-error", "Line 2:")
		if title := p.Text("title"); !strings.HasPrefix(title, "Error: ") {
			t.Errorf("title %q", title)
		}
		if n := count(t, w, `SELECT count(*) FROM district_person`); n != 0 {
			t.Fatalf("a refused set-up left %d people", n)
		}

		f = p.Form("form.form").Set("district", "Juniper Valley").Set("zone", "America/Denver").Set("name", "Rosa Delgado").Set("email", "rosa@jv.example").
			Set("password", password).Set("sites", "Marsh Elementary School, elementary, 412\nDistrict Office, office")
		at, p := b.send(f, "/setup", 200)
		if at != "/settings?done=welcome" {
			t.Fatalf("set-up led to %s", at)
		}
		has(t, p, ".mine li", "Add your schools and offices Done")
		has(t, p, ".mine li", "Add the three services people ask about most To do")
		if n := count(t, w, `SELECT count(*) FROM district_site`); n != 2 {
			t.Fatalf("%d sites", n)
		}

		// The key worked once: sent again, or seen again, it leads to the door.
		other := w.browser()
		at, p = other.send(f, "/setup", 200)
		if at != "/sign-in?done=setup" {
			t.Fatalf("second use led to %s", at)
		}
		has(t, p, ".done", "Your district is set up")
		if n := count(t, w, `SELECT count(*) FROM district_person`); n != 1 {
			t.Fatalf("%d people", n)
		}
		if rec := other.do(httptest.NewRequest(http.MethodGet, base+"/setup?key="+key, nil)); rec.Header().Get("Location") != "/sign-in" {
			t.Fatalf("set-up is still open: %d", rec.Code)
		}
	})
}

func TestSignIn(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		w.open()
		b := w.browser()

		// Wrong and unknown read the same; the address stays, the password doesn't.
		var said []string
		for _, email := range []string{"rosa@jv.example", "nobody@jv.example", "tessa@jv.example"} {
			f := b.get("/sign-in", 200).Form("form.form").Set("email", email).Set("password", "not this one, sorry")
			_, p := b.send(f, "/sign-in", 422)
			if got := value(p, "form.form", "email"); got != email {
				t.Errorf("the address is lost: %q", got)
			}
			said = append(said, strings.ReplaceAll(p.HTML(), email, "EMAIL"))
		}
		if said[0] != said[1] || said[1] != said[2] {
			t.Errorf("a stranger can tell which address is known:\n%s\n%s", said[0], said[1])
		}

		// The way back is kept through a wrong try, and only on this site.
		for next, want := range map[string]string{
			"/settings/places": "/settings/places", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "/sign-in?next=/x": "/",
		} {
			b := w.browser()
			f := b.get("/sign-in?next="+strings.ReplaceAll(next, "?", "%3F"), 200).Form("form.form").Set("email", "rosa@jv.example").Set("password", "wrong wrong wrong")
			_, p := b.send(f, "/sign-in", 422)
			rec := b.do(p.Form("form.form").Set("password", password).Request(base + "/sign-in"))
			if got := rec.Header().Get("Location"); rec.Code != 303 || got != want {
				t.Errorf("next %q led to %d %q, want %q", next, rec.Code, got, want)
			}
		}
		rec := b.do(httptest.NewRequest(http.MethodGet, base+"/settings/people?q=dana", nil))
		if got := rec.Header().Get("Location"); got != "/sign-in?next=%2Fsettings%2Fpeople%3Fq%3Ddana" {
			t.Errorf("the door is at %q", got)
		}

		// After ten tries from one place the account is closed to that place.
		b = w.browser()
		b.ip = netip.MustParseAddr("198.51.100.9")
		f := b.get("/sign-in", 200).Form("form.form").Set("email", "rosa@jv.example").Set("password", "guess, guess, guess")
		for range 10 {
			b.send(f, "/sign-in", 422)
		}
		_, p := b.send(f.Set("password", password), "/sign-in", 429)
		has(t, p, "#errors", "Wait 15 minutes")
		if value(p, "form.form", "email") != "rosa@jv.example" {
			t.Error("the address is lost")
		}
		later(w, 16*time.Minute)
		at, _ := b.send(f, "/sign-in", 200)
		if at != "/" {
			t.Fatalf("signing in led to %q", at)
		}

		// Signing out ends the session everywhere it is known, not just here.
		token := b.cookies["trellis"]
		at, p = b.send(b.get("/account", 200).Form("form[action='/sign-out']"), "/account", 200)
		if at != "/sign-in?done=out" || b.cookies["trellis"] != "" {
			t.Fatalf("signing out led to %q, cookie %q", at, b.cookies["trellis"])
		}
		has(t, p, ".done", "signed out")
		b.cookies["trellis"] = token
		if at, _ := b.follow(b.do(httptest.NewRequest(http.MethodGet, base+"/account", nil)), 200); !strings.HasPrefix(at, "/sign-in") {
			t.Error("the session lived on")
		}
		// Whoever has no session any more can still leave.
		if at, _ := b.follow(b.do(httptest.NewRequest(http.MethodPost, base+"/sign-out", nil)), 200); at != "/sign-in?done=out" {
			t.Errorf("leaving without a session led to %q", at)
		}
	})
}

func TestInvitation(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		admin := w.as(c.rosa)
		at := "/settings/people/" + id(c.tessa)
		_, p := admin.send(admin.get(at, 200).Form("#invite-form"), at, 200)
		link := p.One("#f-link").Attr("value")
		path, ok := strings.CutPrefix(link, base)
		if !ok {
			t.Fatalf("the link is %q", link)
		}
		if again := admin.get(at, 200); again.Has("#f-link") {
			t.Error("the link is shown again")
		}

		b := w.browser()
		for range 2 { // a mail scanner looks, and uses nothing up
			has(t, b.get(path, 200), "main p", "tessa@jv.example")
		}
		_, p = b.send(b.get(path, 200).Form("form.form").Set("password", "tessa nguyen"), path, 422)
		has(t, p, "#f-password-error", "password")
		f := p.Form("form.form").Set("password", password)
		to, p := b.send(f, path, 200)
		if to != "/account?done=welcome" {
			t.Fatalf("the invitation led to %q", to)
		}
		has(t, p, ".kv", "Tessa Nguyen")

		stranger := w.browser()
		_, p = stranger.send(f, path, 404)
		has(t, p, "h1", "This link no longer works")
		stranger.get(path, 404)
		stranger.get("/invite/nonsense", 404)
	})
}

func TestDoubleSubmitHasOneEffect(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b := w.as(c.rosa)
		f := b.get("/settings/places/new", 200).Form("#place-form").Set("name", "Willow High School").Set("level", "high")
		done := make(chan *httptest.ResponseRecorder, 2)
		cookies := b.cookies
		for range 2 {
			go func() {
				own := &browser{w: w, cookies: map[string]string{"trellis": cookies["trellis"]}, ip: b.ip}
				done <- own.do(f.Request(base + "/settings/places/new"))
			}()
		}
		for range 2 {
			if rec := <-done; rec.Code != 303 || rec.Header().Get("Location") != "/settings/places?done=added" {
				t.Errorf("answered %d to %q", rec.Code, rec.Header().Get("Location"))
			}
		}
		if n := count(t, w, `SELECT count(*) FROM district_site WHERE name = 'Willow High School'`); n != 1 {
			t.Fatalf("%d sites from one form", n)
		}
		if n := count(t, w, `SELECT count(*) FROM event WHERE kind = 'site.created'`); n != 4 {
			t.Fatalf("%d sites made, by the log", n)
		}

		// A token is shown once; the form sent again says so, and makes no other.
		f = b.get("/account/tokens", 200).Form("#token-form").Set("name", "report")
		f.Values.Add("scopes", district.ScopeRequestsRead)
		_, p := b.send(f, "/account/tokens", 200)
		if plain := p.One("#f-token").Attr("value"); !strings.HasPrefix(plain, "trl_") {
			t.Fatalf("token %q", plain)
		}
		_, p = b.send(f, "/account/tokens", 200)
		has(t, p, "#new-token", "was shown the first time")
		if n := count(t, w, `SELECT count(*) FROM district_token`); n != 1 {
			t.Fatalf("%d tokens from one form", n)
		}
	})
}
