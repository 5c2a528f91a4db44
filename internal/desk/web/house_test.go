package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	// What search makes of a text differs between the engines by design.
	testkit.EngineOwned = append(testkit.EngineOwned, "WITH found AS (", "INSERT INTO search_doc", "INSERT OR REPLACE INTO search_term")
	testkit.Main(m)
}

var schemas = []db.Schema{
	{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations},
	{Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations},
}

// house is a small district with everything that its pages stand on.
type house struct {
	t        testing.TB
	db       *db.DB
	clock    *clock.Manual
	desk     *desk.Desk
	district *district.District
	mux      *web.Mux
	stream   *web.Stream
	frame    *frame.Frame
	words    *i18n.Catalogue

	marsh, orchard district.SiteID
	room214        district.RoomID
	help, network  district.TeamID
	signIn         district.ServiceID

	rosa        *person // administrator, leads the help team
	sam         *person // first help at Marsh
	nora        *person // agent at Orchard, leads the network team
	tessa, luis *person // teachers at Marsh
	marisol     *person // guardian, reads Spanish
	people      []*person
}

// lines puts the log of a page that failed beside the test that asked for it.
type lines struct{ t testing.TB }

func (l lines) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// person signs in and looks at pages.
type person struct {
	h     *house
	id    district.PersonID
	name  string
	token string
	lang  string
}

// hasher stands in for argon2, which has its own tests and takes its time.
type hasher struct{}

func (hasher) Hash(_ context.Context, p string) (string, error) { return "plain:" + p, nil }
func (hasher) Verify(_ context.Context, phc, p string) (bool, bool, error) {
	return phc == "plain:"+p, false, nil
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	c := clock.NewManual(testkit.Start)
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(testkit.Start)
		f(t, newHouse(t, d, c))
	})
}

// one is each on SQLite alone, for what the pages do with what the desk says:
// the desk's own tests show that it says the same on both engines.
func one(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	c := clock.NewManual(testkit.Start)
	f(t, newHouse(t, testkit.Open(t, db.SQLite, testkit.Setup{Schemas: schemas, Clock: c}), c))
}

func newHouse(t testing.TB, d *db.DB, c *clock.Manual) *house {
	t.Helper()
	blobs, err := blob.Open(t.TempDir()+"/blobs", blob.Options{OnFatal: func(err error) { t.Errorf("blobs: %v", err) }})
	must(t, err)
	h := &house{t: t, db: d, clock: c, desk: desk.New(desk.Deps{DB: d, Blobs: blobs, People: covers{}}), district: district.New(district.Deps{DB: d, Hasher: hasher{}})}
	h.words, err = i18n.NewCatalogue(i18n.Messages, ui.Messages, web.Messages, district.Messages, frame.Messages, desk.Messages, deskweb.Messages)
	must(t, err)
	h.words.Strict()
	h.stream = web.NewStream(web.StreamOptions{Clock: c})
	f := frame.New(frame.Deps{
		District: h.district, Clock: c,
		Places: []frame.Place{
			{Key: "help", Message: "frame.place.help", Href: "/help", Icon: "life-buoy", Policy: district.SignedIn, On: frame.OnHelp | frame.OnDesk},
			{Key: "requests", Message: "frame.place.requests", Href: "/help/requests", Icon: "inbox", Policy: district.SignedIn, On: frame.OnHelp},
			{Key: "desk", Message: "frame.place.desk", Href: "/desk", Icon: "headphones", Policy: district.Helper, On: frame.OnHelp | frame.OnDesk},
		},
		Stream:     func(context.Context) string { return deskweb.StreamPath },
		DeskSearch: deskweb.SearchPath,
	})
	h.frame = f
	h.mux = web.New(web.Deps{Log: slog.New(slog.NewTextHandler(lines{t}, &slog.HandlerOptions{Level: slog.LevelWarn})), Clock: c, Sessions: h.district, Words: h.words, ErrorPage: f.ErrorPage})
	deskweb.Register(h.mux, deskweb.Deps{Desk: h.desk, District: h.district, Frame: f, Stream: h.stream})
	h.fill()
	return h
}

func system() context.Context {
	return policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
}

// fill sets the district up the way an administrator does.
func (h *house) fill() {
	t, d := h.t, h.district
	key := got[string](t)(d.MakeSetupKey(system()))
	token, _, err := d.SetUp(context.Background(), district.SetUp{
		Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado", Email: "rosa@jv.example",
		Password: "correct horse battery", Site: "District Office", Team: "Technology",
	})
	must(t, err)
	actor, _, err := d.Resolve(context.Background(), token)
	must(t, err)
	h.rosa = &person{h: h, id: district.PersonID(actor.Person), name: "Rosa Delgado", token: token}
	ctx := h.rosa.ctx()
	h.marsh = got[district.SiteID](t)(d.CreateSite(ctx, district.CreateSite{Name: "Marsh Middle School", Level: district.LevelMiddle}))
	h.orchard = got[district.SiteID](t)(d.CreateSite(ctx, district.CreateSite{Name: "Orchard Elementary", Level: district.LevelElementary}))
	h.room214 = got[district.RoomID](t)(d.CreateRoom(ctx, district.CreateRoom{Site: h.marsh, Name: "Room 214"}))
	got[district.RoomID](t)(d.CreateRoom(ctx, district.CreateRoom{Site: h.marsh, Name: "Library"}))
	h.sam = h.person("Sam Kim", "", h.marsh, 0, district.Grant{Role: district.RoleTier1, Site: h.marsh}, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.nora = h.person("Nora Quist", "", h.orchard, 0, district.Grant{Role: district.RoleAgent, Site: h.orchard})
	h.tessa = h.person("Tessa Okafor", "", h.marsh, h.room214, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.luis = h.person("Luis Prado", "", h.marsh, 0, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
	h.marisol = h.person("Marisol Reyes", "es", h.marsh, 0, district.Grant{Role: district.RoleGuardian, Site: h.marsh})
	h.help = got[district.TeamID](t)(d.CreateTeam(ctx, district.CreateTeam{Name: "Marsh first help", Lead: h.sam.id, Tier: 1}))
	h.network = got[district.TeamID](t)(d.CreateTeam(ctx, district.CreateTeam{Name: "Network", Lead: h.nora.id, Tier: 2}))
	site := got[district.Site](t)(d.Site(ctx, h.marsh))
	got[int64](t)(d.ChangeSite(ctx, district.ChangeSite{ID: site.ID, Version: site.Version, Name: site.Name, Short: site.Short, Level: site.Level, Zone: site.Zone, Team: h.help}))
	h.signIn = got[district.ServiceID](t)(d.CreateService(ctx, district.CreateService{Kind: district.KindService, Name: "Sign-in", Owner: h.nora.id, Cover: h.rosa.id, Team: h.network}))
	got[district.ServiceID](t)(d.CreateService(ctx, district.CreateService{Kind: district.KindService, Name: "Printing", Owner: h.sam.id, Cover: h.rosa.id}))
}

func (h *house) person(name, lang string, site district.SiteID, room district.RoomID, grants ...district.Grant) *person {
	h.t.Helper()
	p := &person{h: h, name: name, lang: lang}
	p.id = got[district.PersonID](h.t)(h.district.CreatePerson(h.rosa.ctx(), district.CreatePerson{
		Name: name, Phone: "(555) 0142", Lang: lang, Site: site, Room: room, Grants: grants,
	}))
	must(h.t, h.db.Write(system(), "sign in", func(tx *db.Tx) (err error) {
		p.token, _, err = district.StartSession(tx, p.id, "test")
		return err
	}))
	h.people = append(h.people, p)
	return p
}

// ctx is a context in which the person acts.
func (p *person) ctx() context.Context {
	p.h.t.Helper()
	a, _, err := p.h.district.Resolve(context.Background(), p.token)
	must(p.h.t, err)
	return policy.WithActor(context.Background(), a)
}

// send asks the pages as the person's browser would.
func (p *person) send(r *http.Request) *httptest.ResponseRecorder {
	p.h.t.Helper()
	if p.token != "" {
		r.AddCookie(&http.Cookie{Name: "trellis", Value: p.token})
	}
	if r.Header.Get("Sec-Fetch-Site") == "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	rec := httptest.NewRecorder()
	p.h.mux.ServeHTTP(rec, r)
	return rec
}

func (p *person) get(path string) *httptest.ResponseRecorder {
	p.h.t.Helper()
	return p.send(httptest.NewRequest("GET", "http://jv.example"+path, nil))
}

// page is a page that must be there.
func (p *person) page(path string) *htmltest.Page {
	p.h.t.Helper()
	return htmltest.FromRecorder(p.h.t, p.get(path), 200)
}

// upload is one file of a form.
type upload struct {
	field, name, kind string
	data              []byte
}

// post sends a form the way a browser without scripts does. A form with files
// goes out in parts.
func (p *person) post(f *htmltest.Form, files ...upload) *httptest.ResponseRecorder {
	p.h.t.Helper()
	if f.Enctype != "multipart/form-data" {
		return p.send(f.Request("http://jv.example/"))
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range sortedKeys(f.Values) {
		for _, v := range f.Values[name] {
			must(p.h.t, w.WriteField(name, v))
		}
	}
	for _, u := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, u.field, u.name)}, "Content-Type": {u.kind},
		})
		must(p.h.t, err)
		_, err = part.Write(u.data)
		must(p.h.t, err)
	}
	must(p.h.t, w.Close())
	r := httptest.NewRequest("POST", "http://jv.example"+f.Action, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return p.send(r)
}

// follow goes where an answer leads and demands that it leads somewhere.
func (p *person) follow(rec *httptest.ResponseRecorder) *htmltest.Page {
	p.h.t.Helper()
	if rec.Code != http.StatusSeeOther {
		p.h.t.Fatalf("status %d instead of a redirect:\n%s", rec.Code, rec.Body)
	}
	return p.page(rec.Header().Get("Location"))
}

// ask is a request by way of the desk itself.
func (p *person) ask(text string, f ...func(*desk.CreateTicket)) desk.TicketID {
	p.h.t.Helper()
	c := desk.CreateTicket{Text: text}
	for _, f := range f {
		f(&c)
	}
	return got[desk.Created](p.h.t)(p.h.desk.CreateTicket(p.ctx(), c)).ID
}

func (h *house) find(p *person, id desk.TicketID) desk.Ticket {
	h.t.Helper()
	return got[desk.Ticket](h.t)(h.desk.FindTicket(p.ctx(), id))
}

// tickets is how many there are.
func (h *house) tickets() (n int) {
	h.t.Helper()
	for _, s := range desk.States {
		page := got[desk.Page](h.t)(h.desk.ListTickets(h.rosa.ctx(), desk.Query{State: s, Limit: 200}))
		n += len(page.Items)
	}
	return n
}

// previews makes the pictures that wait to be made.
func (h *house) previews() {
	h.t.Helper()
	r := job.NewRunner(h.db, slog.New(slog.DiscardHandler), job.Options{Node: "test"})
	h.desk.RegisterJobs(r)
	_, err := r.Drain(context.Background())
	must(h.t, err)
}

// photo is a picture as a phone would send it.
func photo(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		img.Set(x, x%40, color.RGBA{200, 30, 30, 255})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func got[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		must(t, err)
		return v
	}
}

func sortedKeys(v url.Values) []string {
	var out []string
	for k := range v {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func path(id desk.TicketID) string { return deskweb.RequestPath(id) }

func contains(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing from: %s", w, text)
		}
	}
}

func itoa[T ~int64](v T) string { return fmt.Sprint(int64(v)) }

// at is the request that an answer leads to.
func at(t testing.TB, rec *httptest.ResponseRecorder) desk.TicketID {
	t.Helper()
	to, err := url.Parse(rec.Header().Get("Location"))
	must(t, err)
	id, ok := desk.ParseTicketID(strings.TrimPrefix(to.Path, "/r/"))
	if !ok {
		t.Fatalf("the answer leads to %q: %d %s", to, rec.Code, rec.Body)
	}
	return id
}
