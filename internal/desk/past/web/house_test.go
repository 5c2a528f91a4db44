package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	pastweb "trellis/internal/desk/past/web"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/platform/sheet"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	// What search makes of a text differs between the engines by design.
	testkit.EngineOwned = append(testkit.EngineOwned, "INSERT INTO search_doc", "INSERT OR REPLACE INTO search_term")
	testkit.Main(m)
}

// house is a small district with these pages alone.
type house struct {
	t    testing.TB
	db   *db.DB
	past *past.Past
	mux  *web.Mux
	rosa string // session of who runs Trellis
	sam  string // of who works the desk
}

// hasher stands in for argon2, which has its own tests and takes its time.
type hasher struct{}

func (hasher) Hash(_ context.Context, p string) (string, error) { return "plain:" + p, nil }
func (hasher) Verify(_ context.Context, phc, p string) (bool, bool, error) {
	return phc == "plain:"+p, false, nil
}

// lines puts the log of a page that failed beside the test that asked for it.
type lines struct{ t testing.TB }

func (l lines) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func each(t *testing.T, run func(t *testing.T, h *house)) {
	t.Helper()
	c := clock.NewManual(testkit.Start)
	schemas := []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations}, {Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations}}
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(testkit.Start)
		blobs, err := blob.Open(t.TempDir()+"/blobs", blob.Options{OnFatal: func(err error) { t.Errorf("blobs: %v", err) }})
		must(t, err)
		h := &house{t: t, db: d}
		h.past = past.New(past.Deps{DB: d, Blobs: blobs, Flow: flow.New(flow.Deps{DB: d}), Folder: t.TempDir()})
		people := district.New(district.Deps{DB: d, Hasher: hasher{}})
		words, err := i18n.NewCatalogue(i18n.Messages, ui.Messages, web.Messages, district.Messages, frame.Messages, sheet.Messages, past.Messages, pastweb.Messages)
		must(t, err)
		f := frame.New(frame.Deps{District: people, Clock: c})
		h.mux = web.New(web.Deps{Log: slog.New(slog.NewTextHandler(lines{t}, &slog.HandlerOptions{Level: slog.LevelWarn})), Clock: c, Sessions: people, Words: words, ErrorPage: f.ErrorPage})
		pastweb.Register(h.mux, pastweb.Deps{Past: h.past, Frame: f, FlowHref: "/steer/flow", SearchHref: "/desk/search"})

		key, err := people.MakeSetupKey(policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI)))
		must(t, err)
		token, _, err := people.SetUp(context.Background(), district.SetUp{
			Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado", Email: "rosa@jv.example",
			Password: "correct horse battery", Site: "District Office", Team: "Technology",
		})
		must(t, err)
		h.rosa = token
		actor, _, err := people.Resolve(context.Background(), token)
		must(t, err)
		sam, err := people.CreatePerson(policy.WithActor(context.Background(), actor), district.CreatePerson{Name: "Sam Kim", Grants: []district.Grant{{Role: district.RoleAgent}}})
		must(t, err)
		must(t, d.Write(policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI)), "sign in", func(tx *db.Tx) (err error) {
			h.sam, _, err = district.StartSession(tx, sam, "test")
			return err
		}))
		run(t, h)
	})
}

// send asks the pages as a browser without scripts would.
func (h *house) send(token string, r *http.Request) *httptest.ResponseRecorder {
	h.t.Helper()
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "trellis", Value: token})
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	rec := httptest.NewRecorder()
	h.mux.ServeHTTP(rec, r)
	return rec
}

func (h *house) get(token, path string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest("GET", "http://jv.example"+path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.send(token, r)
}

// page is a page that must be there for who runs Trellis.
func (h *house) page(path string) *htmltest.Page {
	h.t.Helper()
	return htmltest.FromRecorder(h.t, h.get(h.rosa, path), 200)
}

func (h *house) post(f *htmltest.Form) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.send(h.rosa, f.Request("http://jv.example/"))
}

// follow goes where an answer leads.
func (h *house) follow(rec *httptest.ResponseRecorder) *htmltest.Page {
	h.t.Helper()
	return h.page(h.to(rec))
}

// to is where an answer leads.
func (h *house) to(rec *httptest.ResponseRecorder) string {
	h.t.Helper()
	if rec.Code != http.StatusSeeOther {
		h.t.Fatalf("status %d instead of a redirect:\n%s", rec.Code, rec.Body)
	}
	path, _, _ := strings.Cut(rec.Header().Get("Location"), "#")
	return path
}

// upload sends a file by the form of the first page; again sends the same form
// once more.
func (h *house) upload(name, content string) (send func() *httptest.ResponseRecorder) {
	h.t.Helper()
	f := h.page(pastweb.Path).Form("#upload")
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range f.Values {
		must(h.t, w.WriteField(k, v[0]))
	}
	part, err := w.CreateFormFile("file", name)
	must(h.t, err)
	_, err = part.Write([]byte(content))
	must(h.t, err)
	must(h.t, w.Close())
	return func() *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://jv.example"+f.Action, bytes.NewReader(b.Bytes()))
		r.Header.Set("Content-Type", w.FormDataContentType())
		return h.send(h.rosa, r)
	}
}

// drain does what waits to be done.
func (h *house) drain() {
	h.t.Helper()
	r := job.NewRunner(h.db, slog.New(slog.DiscardHandler), job.Options{Node: "test"})
	h.past.RegisterJobs(r)
	_, err := r.Drain(context.Background())
	must(h.t, err)
}

// tickets is how many there are.
func (h *house) tickets() (n int) {
	h.t.Helper()
	must(h.t, h.db.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM desk_ticket`).Scan(&n) }))
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func contains(t testing.TB, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing from: %s", w, text)
		}
	}
}

// Every key that the pages name has its words in every language, every word is
// used, and none was forgotten to be translated.
func TestMessages(t *testing.T) {
	own, err := i18n.NewCatalogue(pastweb.Messages)
	must(t, err)
	keycheck.Check(t, ".", own, keycheck.Options{})
	same := []string{"pastui.preset.zendesk", "pastui.preset.osticket", "pastui.preset.incidentiq", "pastui.dates.like"}
	for _, key := range own.Keys() {
		if slices.Equal(own.Texts("en-US", key), own.Texts("es-US", key)) && !slices.Contains(same, key) {
			t.Errorf("%s is not translated", key)
		}
	}
	for _, name := range past.Presets() {
		if !slices.Contains(own.Keys(), "pastui.preset."+name) {
			t.Errorf("preset %s has no words", name)
		}
	}
	for _, field := range past.Columns() {
		if !slices.Contains(own.Keys(), "pastui.field."+field) {
			t.Errorf("field %s has no words", field)
		}
	}
}
