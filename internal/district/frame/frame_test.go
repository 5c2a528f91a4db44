package frame_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func words(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.NewCatalogue(i18n.Messages, ui.Messages, web.Messages, frame.Messages)
	if err != nil {
		t.Fatal(err)
	}
	c.Strict()
	return c
}

// serve answers one page of a district where nobody is yet.
func serve(t *testing.T, r *http.Request, page func(f *frame.Frame, w http.ResponseWriter, r *http.Request) error) *httptest.ResponseRecorder {
	t.Helper()
	d := testkit.Open(t, db.SQLite, testkit.Setup{Schemas: []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "district", FS: district.Migrations}}})
	f := frame.New(frame.Deps{
		District: district.New(district.Deps{DB: d}), Clock: d.Clock(),
		Places: []frame.Place{
			{Key: "help", Message: "frame.place.help", Href: "/help", Policy: policy.Public, On: frame.OnHelp | frame.OnDesk},
			{Key: "requests", Message: "frame.place.requests", Href: "/help/requests", Policy: policy.Public, On: frame.OnHelp},
			{Key: "desk", Message: "frame.place.desk", Href: "/desk", Policy: district.Helper, On: frame.OnHelp | frame.OnDesk},
		},
	})
	m := web.New(web.Deps{Log: slog.New(slog.DiscardHandler), Clock: d.Clock(), Words: words(t), ErrorPage: f.ErrorPage})
	m.Route("GET /page", policy.Public, func(w http.ResponseWriter, r *http.Request) error { return page(f, w, r) })
	m.Route("POST /page", policy.Public, func(w http.ResponseWriter, r *http.Request) error { return page(f, w, r) })
	m.Route("GET /mine", policy.SignedIn, func(http.ResponseWriter, *http.Request) error { return nil })
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, r)
	return rec
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func TestFailure(t *testing.T) {
	ctx := i18n.With(context.Background(), words(t), "en-US")
	for _, c := range []struct {
		err   error
		again bool
	}{
		{nil, false},
		{errors.New("disk on fire"), false},
		{errs.E(errs.NotFound, ""), false},
		{errs.E(errs.Unauthenticated, ""), false},
		{errs.E(errs.Conflict, "error.conflict"), true},
		{errs.E(errs.NoSpace, "error.no_space"), true},
		{errs.E(errs.Throttled, "error.throttled"), true},
	} {
		if _, again := frame.Fail(ctx, c.err); again != c.again {
			t.Errorf("%v: can be mended %t, want %t", c.err, again, c.again)
		}
	}

	var none *frame.Failure
	none.Note(ctx, "name", "x")
	none.Rename("a", "b")
	none.Labels(ctx, nil)
	if none.Field("name") != "" || none.Stale() || none.Status() != 200 {
		t.Error("a page without a failure has one")
	}

	var in errs.Check
	in.Fail("name", "field.required")
	in.Fail("people", "field.too_many", "Max", 20)
	f, _ := frame.Fail(ctx, in.Err())
	f.Note(ctx, "name", "Marsh")
	f.Rename("people", "add")
	if got := f.Field("name"); got != "Please fill this in. Someone saved: “Marsh”." {
		t.Errorf("name: %q", got)
	}
	if f.Field("people") != "" || !strings.Contains(f.Field("add"), "20") {
		t.Errorf("people %q, add %q", f.Field("people"), f.Field("add"))
	}
	f.Labels(ctx, map[string]string{"name": "frame.place.help"})

	rec := serve(t, get("/page"), func(fr *frame.Frame, w http.ResponseWriter, r *http.Request) error {
		return fr.Plain(w, r, frame.View{Title: "Ask", Failed: f}, templ.NopComponent)
	})
	p := htmltest.FromRecorder(t, rec, 422)
	if got := p.Texts("#errors li"); len(got) != 2 || !strings.HasPrefix(got[0], "Help: Please") || p.All("#errors a")[1].Attr("href") != "#f-add" {
		t.Errorf("the summary says %q", got)
	}
	if got := p.Text("title"); !strings.HasPrefix(got, "Error: Ask") {
		t.Errorf("title %q", got)
	}
}

func TestErrorPage(t *testing.T) {
	broken := serve(t, get("/page"), func(*frame.Frame, http.ResponseWriter, *http.Request) error { return errors.New("secret detail") })
	p := htmltest.FromRecorder(t, broken, 500)
	id := broken.Header().Get("X-Request-Id")
	if !strings.Contains(p.Text(".problem"), id) || strings.Contains(p.HTML(), "secret") {
		t.Errorf("the page says %q", p.Text(".problem"))
	}

	// Nothing on the page of an unknown address tells which address it was.
	a := serve(t, get("/one/secret?x=1"), nil)
	b := serve(t, get("/two"), nil)
	if a.Code != 404 || a.Body.String() != b.Body.String() {
		t.Errorf("two unknown addresses answer differently: %s\n%s", a.Body, b.Body)
	}

	r := httptest.NewRequest(http.MethodGet, "/mine", nil)
	r.Header.Set("HX-Request", "true")
	part := htmltest.FromRecorder(t, serve(t, r, nil), 401)
	if part.Has("header.top") || part.One(".problem a").Attr("href") != "/sign-in" {
		t.Errorf("a part is answered with %s", part.HTML())
	}
}

func TestPlacesAndParts(t *testing.T) {
	body := templ.Raw(`<div id="pane">body</div>`)
	view := frame.View{Title: "Page", Place: "requests", Done: "Saved.", Parts: map[string]templ.Component{"pane": templ.Raw(`<div id="pane">part</div>`)}}
	help := htmltest.FromRecorder(t, serve(t, get("/page?q=1"), func(f *frame.Frame, w http.ResponseWriter, r *http.Request) error {
		return f.Help(w, r, view, body)
	}), 200)
	if got := help.Texts(".places a"); len(got) != 2 || help.Text(".places [aria-current]") != "Requests" {
		t.Errorf("places %q", got)
	}
	if got := help.One("nav.drop a[lang='es-US']").Attr("href"); got != "/language?next=%2Fpage%3Fq%3D1&to=es-US" {
		t.Errorf("the language menu leads to %q", got)
	}
	if help.Text(".done") != "Saved." {
		t.Error("what was done is not said")
	}

	desk := func(f *frame.Frame, w http.ResponseWriter, r *http.Request) error { return f.Desk(w, r, view, body) }
	whole := htmltest.FromRecorder(t, serve(t, get("/page"), desk), 200)
	if whole.Text("#pane") != "body" || len(whole.All(".places a")) != 1 {
		t.Errorf("the desk page says %s", whole.Text("main"))
	}
	r := get("/page")
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Target", "div#pane")
	part := htmltest.FromRecorder(t, serve(t, r, desk), 200)
	if part.Text("#pane") != "part" || part.Has("header") {
		t.Errorf("the part is %s", part.HTML())
	}

	// After a form was sent the menu leads to the page, not to what was sent.
	sent := httptest.NewRequest(http.MethodPost, "/page?secret=1", strings.NewReader("a=b"))
	sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	p := htmltest.FromRecorder(t, serve(t, sent, func(f *frame.Frame, w http.ResponseWriter, r *http.Request) error {
		return f.Plain(w, r, frame.View{Title: "Page", NoNav: true}, body)
	}), 200)
	if got := p.One("nav.drop a[lang='es-US']").Attr("href"); got != "/language?next=%2Fpage&to=es-US" {
		t.Errorf("the language menu leads to %q", got)
	}
}
