package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	pages "trellis/internal/district/web"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	base     = "http://jv.example"
	password = "correct horse battery staple"
)

func setup() testkit.Setup {
	return testkit.Setup{
		Clock: clock.NewManual(testkit.Start),
		Schemas: []db.Schema{
			{Name: "idem", FS: idem.Migrations}, {Name: "notice", FS: notice.Migrations}, {Name: "district", FS: district.Migrations},
		},
	}
}

// onSQLite runs a test of pages on one engine: they hold no SQL of their own,
// and what they call is tested on both where it stands.
func onSQLite(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	f(t, testkit.Open(t, db.SQLite, setup()))
}

// world is a district behind its pages.
type world struct {
	t     testing.TB
	db    *db.DB
	d     *district.District
	cover *cover.Cover
	m     *web.Mux
	clock *clock.Manual
	named map[string][]district.PersonID // of private requests
	rosa  district.PersonID
	full  bool // nothing can be stored
	// review is what others say about a change of days.
	review func(calendar.SetDays) templ.Component
}

// words are the catalogue of these pages, with the test language in it; a
// missing text or argument panics.
func words(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.NewCatalogue(i18n.Messages, ui.Messages, web.Messages, district.Messages, cover.Messages, frame.Messages, pages.Messages)
	if err != nil {
		t.Fatal(err)
	}
	c.Strict()
	c.WithPseudo()
	return c
}

func build(t testing.TB, d *db.DB) *world {
	t.Helper()
	h, err := secret.NewHasher(secret.Params{MemoryKiB: 64, Passes: 1, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	w := &world{t: t, db: d, clock: d.Clock().(*clock.Manual), named: map[string][]district.PersonID{}}
	w.d = district.New(district.Deps{DB: d, Hasher: h, Log: log})
	w.cover = cover.New(cover.Deps{DB: d, Log: log})
	u, _ := url.Parse(base)
	f := frame.New(frame.Deps{
		District: w.d, Clock: d.Clock(), Unread: frame.Unread(d), ReadOnly: func() bool { return w.full },
		Stream:     func(context.Context) string { return "/events" },
		DeskSearch: "/desk/search",
		Places: []frame.Place{
			{Key: "help", Message: "frame.place.help", Href: "/help", Icon: "life-buoy", Policy: policy.SignedIn, On: frame.OnHelp | frame.OnDesk},
			{Key: "requests", Message: "frame.place.requests", Href: "/help/requests", Icon: "inbox", Policy: policy.SignedIn, On: frame.OnHelp},
			{Key: "desk", Message: "frame.place.desk", Href: "/desk", Icon: "headphones", Policy: district.Helper, On: frame.OnHelp | frame.OnDesk},
		},
	})
	w.m = web.New(web.Deps{Log: log, Clock: d.Clock(), Sessions: w.d, BaseURL: u, Words: words(t), ErrorPage: f.ErrorPage})
	pages.Register(w.m, pages.Deps{
		District: w.d, Frame: f, DB: d, BaseURL: u, Private: w, Cover: w.cover,
		NoticeHref: func(about event.Ref) string {
			if about.Kind == "ticket" {
				return "/r/7"
			}
			return ""
		},
		Review: func(_ context.Context, change calendar.SetDays) (templ.Component, error) {
			if w.review == nil {
				return nil, nil
			}
			return w.review(change), nil
		},
		Tasks: []pages.Task{{Message: "frame.place.help", Href: "/help", Done: func(context.Context) (bool, error) { return false, nil }}},
	})
	w.m.Route("GET /{$}", policy.SignedIn, func(rw http.ResponseWriter, r *http.Request) error {
		return f.Help(rw, r, frame.View{Title: "Home", Place: "help"}, ui.Time(ui.Moment{Text: "home"}))
	})
	return w
}

// testLog puts what is ours to fix into the test's own log.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// PrivateKinds and NamePeople stand in for the module that has private
// requests.
func (w *world) PrivateKinds(context.Context) ([]pages.PrivateKind, error) {
	return []pages.PrivateKind{
		{Key: "lost_device", Message: "frame.place.help", People: w.named["lost_device"]},
		{Key: "safety", Message: "frame.place.desk", People: w.named["safety"], Fallback: w.rosa},
	}, nil
}

func (w *world) NamePeople(_ context.Context, kind string, people []district.PersonID) error {
	if len(people) == 0 {
		var in errs.Check
		in.Fail("people", "field.required")
		return in.Err()
	}
	w.named[kind] = people
	return nil
}

// cast are the people and places of a small district.
type cast struct {
	rosa, dana, tessa, lee, lee2 district.PersonID
	marsh, cedar                 district.SiteID
	library                      district.RoomID
	tech                         district.TeamID
	signIn                       district.ServiceID
	admin                        context.Context // Rosa acts
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// open sets the district up without its pages.
func (w *world) open() cast {
	t := w.t
	t.Helper()
	sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	key := must[string](t)(w.d.MakeSetupKey(sys))
	token, _, err := w.d.SetUp(context.Background(), district.SetUp{
		Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado", Email: "rosa@jv.example",
		Password: password, Site: "District Office", Team: "Technology",
	})
	if err != nil {
		t.Fatal(err)
	}
	actor, _, err := w.d.Resolve(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	c := cast{rosa: district.PersonID(actor.Person), admin: policy.WithActor(context.Background(), actor)}
	c.tech = must[district.Profile](t)(w.d.Profile(c.admin)).HelpTeam
	w.rosa = c.rosa
	sites, people := must[district.SiteID](t), must[district.PersonID](t)
	c.marsh = sites(w.d.CreateSite(c.admin, district.CreateSite{Name: "Marsh Elementary School", Level: district.LevelElementary, Enrollment: 412}))
	c.cedar = sites(w.d.CreateSite(c.admin, district.CreateSite{Name: "Cedar Ridge Middle School", Level: district.LevelMiddle}))
	c.library = must[district.RoomID](t)(w.d.CreateRoom(c.admin, district.CreateRoom{Site: c.marsh, Name: "Library"}))
	c.dana = people(w.d.CreatePerson(c.admin, district.CreatePerson{Name: "Dana Whitfield", Email: "dana@jv.example", Site: c.marsh, Room: c.library,
		Grants: []district.Grant{{Role: district.RoleTier1, Site: c.marsh}, {Role: district.RoleTeacher, Site: c.marsh}}}))
	c.tessa = people(w.d.CreatePerson(c.admin, district.CreatePerson{Name: "Tessa Nguyen", Email: "tessa@jv.example", Site: c.cedar, Grants: []district.Grant{{Role: district.RoleTeacher, Site: c.cedar}}}))
	c.lee = people(w.d.CreatePerson(c.admin, district.CreatePerson{Name: "Sam Lee", Email: "sam.lee@jv.example", Grants: []district.Grant{{Role: district.RoleAgent}}}))
	c.lee2 = people(w.d.CreatePerson(c.admin, district.CreatePerson{Name: "Sam Lee", Email: "sam.lee2@jv.example", Grants: []district.Grant{{Role: district.RoleTeacher, Site: c.cedar}}}))
	c.signIn = must[district.ServiceID](t)(w.d.CreateService(c.admin, district.CreateService{Kind: district.KindService, Name: "Sign-in", Owner: c.rosa, Cover: c.lee, Team: c.tech}))
	return c
}

// browser is one without scripts: it keeps cookies, follows redirects and
// sends forms as they stand on the page.
type browser struct {
	w       *world
	cookies map[string]string
	accept  string // Accept-Language
	ip      netip.Addr
}

func (w *world) browser() *browser {
	return &browser{w: w, cookies: map[string]string{}, ip: netip.MustParseAddr("192.0.2.7")}
}

// as is a browser in which a person is signed in.
func (w *world) as(person district.PersonID) *browser {
	w.t.Helper()
	b := w.browser()
	sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	var token string
	err := w.db.Write(sys, "sign in", func(tx *db.Tx) (err error) {
		token, _, err = district.StartSession(tx, person, "Chrome · ChromeOS")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	b.cookies["trellis"] = token
	return b
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	if b.accept != "" {
		r.Header.Set("Accept-Language", b.accept)
	}
	if r.Header.Get("Sec-Fetch-Site") == "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.RemoteAddr = netip.AddrPortFrom(b.ip, 4711).String()
	rec := httptest.NewRecorder()
	b.w.m.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return rec
}

// get opens a page, following redirects, and demands the last one's status.
func (b *browser) get(path string, status int) *htmltest.Page {
	b.w.t.Helper()
	_, p := b.follow(b.do(httptest.NewRequest(http.MethodGet, base+path, nil)), status)
	return p
}

// send sends a form from the page at path; it returns where that led.
func (b *browser) send(f *htmltest.Form, path string, status int) (string, *htmltest.Page) {
	b.w.t.Helper()
	return b.follow(b.do(f.Request(base+path)), status)
}

func (b *browser) follow(rec *httptest.ResponseRecorder, status int) (string, *htmltest.Page) {
	b.w.t.Helper()
	at := ""
	for range 5 {
		to := rec.Header().Get("Location")
		if to == "" {
			p := htmltest.FromRecorder(b.w.t, rec, status)
			if n := len(p.All("h1")); n != 1 && at != "/" {
				b.w.t.Fatalf("%s has %d h1", at, n)
			}
			return at, p
		}
		at = to
		rec = b.do(httptest.NewRequest(http.MethodGet, base+to, nil))
	}
	b.w.t.Fatalf("redirected for ever, last to %s", at)
	return "", nil
}

// has fails unless some element reads so.
func has(t testing.TB, p *htmltest.Page, selector, text string) {
	t.Helper()
	for _, s := range p.Texts(selector) {
		if strings.Contains(s, text) {
			return
		}
	}
	t.Fatalf("no %s says %q; they say %q", selector, text, p.Texts(selector))
}

// value is what stands in a field.
func value(p *htmltest.Page, form, name string) string { return p.Form(form).Values.Get(name) }

func count(t testing.TB, w *world, q string) (n int) {
	t.Helper()
	err := w.db.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(q).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func id[ID ~int64](n ID) string { return strconv.FormatInt(int64(n), 10) }

func later(w *world, d time.Duration) { w.clock.Advance(d) }

// pseudo takes a person's language away, so that the device's choice counts.
func (w *world) pseudo(person district.PersonID) {
	w.t.Helper()
	err := w.db.Write(context.Background(), "forget language", func(tx *db.Tx) error {
		tx.Unlogged("test")
		_, err := tx.Exec(`UPDATE district_person SET lang = 'qps' WHERE id = $1`, person)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(time.Minute) // past what is believed without asking again
}
