package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trellis/internal/desk"
	operations "trellis/internal/desk/api"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/platform/api"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/sheet"
	"trellis/internal/platform/web"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	// What search makes of a text differs between the engines by design.
	testkit.EngineOwned = append(testkit.EngineOwned, "WITH found AS (", "INSERT INTO search_doc", "INSERT OR REPLACE INTO search_term")
	testkit.Main(m)
}

const base = "http://jv.example"

func setup() testkit.Setup {
	return testkit.Setup{
		Clock: clock.NewManual(testkit.Start),
		Schemas: []db.Schema{
			{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations},
			{Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations},
		},
	}
}

// world is a district with a desk behind its API.
type world struct {
	t     *testing.T
	db    *db.DB
	desk  *desk.Desk
	past  *past.Past
	flow  *flow.Flow
	d     *district.District
	m     *web.Mux
	jobs  *job.Runner
	blobs string // where files stand
	sees  int64  // the last event that was looked at

	marsh, orchard district.SiteID
	library        district.RoomID // at Marsh
	help           district.TeamID
	signIn         district.ServiceID

	rosa, dana, omar, tessa, luis someone // runs it; agent; first help at Orchard, named for privacy; teachers at Marsh
}

// someone is a person with a token of all that they may do at the desk.
type someone struct {
	id    district.PersonID
	token string
}

type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func system() context.Context {
	return policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
}

func build(t *testing.T, d *db.DB) *world {
	t.Helper()
	h := must[*secret.Hasher](t)(secret.NewHasher(secret.Params{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	words := must[*i18n.Catalogue](t)(i18n.NewCatalogue(i18n.Messages, web.Messages, api.Messages, district.Messages, desk.Messages, sheet.Messages, past.Messages, operations.Messages))
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	w := &world{t: t, db: d, d: district.New(district.Deps{DB: d, Hasher: h, Log: log}), blobs: t.TempDir() + "/blobs"}
	store := must[*blob.Store](t)(blob.Open(w.blobs, blob.Options{OnFatal: func(err error) { t.Errorf("blobs: %v", err) }}))
	w.desk = desk.New(desk.Deps{DB: d, Blobs: store, People: covers{}, Log: log})
	w.jobs = job.NewRunner(d, log, job.Options{Node: "test"})
	w.desk.RegisterJobs(w.jobs)
	w.flow = flow.New(flow.Deps{DB: d})
	w.past = past.New(past.Deps{DB: d, Blobs: store, Flow: w.flow, Folder: t.TempDir(), Log: log})
	w.past.RegisterJobs(w.jobs)
	u := must[*url.URL](t)(url.Parse(base))
	w.m = web.New(web.Deps{Log: log, Clock: d.Clock(), Sessions: w.d, BaseURL: u, Words: words.Strict()})
	a := api.New(api.Options{Mux: w.m, Tokens: district.TokenDoor{District: w.d}, Log: log, Clock: d.Clock(), Title: "Trellis", Version: "1",
		PerToken: web.Rate{PerSecond: 1e6, Burst: 1e6}})
	operations.Register(a, operations.Deps{Desk: w.desk, Past: w.past, Cursors: api.NewCursors([]byte("sixteen bytes and more"))})
	w.fill()
	return w
}

// fill makes places, people, a team, and says who is named for privacy.
func (w *world) fill() {
	w.t.Helper()
	ctx := system()
	key := must[string](w.t)(w.d.MakeSetupKey(ctx))
	_, first, err := w.d.SetUp(context.Background(), district.SetUp{Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en-US", Name: "Rosa Delgado",
		Email: "rosa@jv.example", Password: "correct horse battery staple", Site: "District Office", Team: "Technology"})
	if err != nil {
		w.t.Fatal(err)
	}
	site := func(name string) district.SiteID {
		return must[district.SiteID](w.t)(w.d.CreateSite(ctx, district.CreateSite{Name: name, Level: district.LevelMiddle, Zone: "America/Denver"}))
	}
	w.marsh, w.orchard = site("Marsh Middle School"), site("Orchard Middle School")
	w.library = must[district.RoomID](w.t)(w.d.CreateRoom(ctx, district.CreateRoom{Site: w.marsh, Name: "Library"}))
	w.help = must[[]district.Team](w.t)(w.d.Teams(ctx, false))[0].ID
	person := func(name string, at district.SiteID, grants ...district.Grant) someone {
		email, _, _ := strings.Cut(strings.ToLower(name), " ")
		id := must[district.PersonID](w.t)(w.d.CreatePerson(ctx, district.CreatePerson{Name: name, Email: email + "@jv.example", Lang: "en-US", Site: at, Grants: grants}))
		return someone{id: id}
	}
	w.rosa = someone{id: first.Person}
	w.dana = person("Dana Whitfield", w.marsh, district.Grant{Role: district.RoleAgent})
	w.omar = person("Omar Reyes", w.orchard, district.Grant{Role: district.RoleTier1, Site: w.orchard})
	w.tessa = person("Tessa Nguyen", w.marsh, district.Grant{Role: district.RoleTeacher, Site: w.marsh})
	w.luis = person("Luis Prado", w.marsh, district.Grant{Role: district.RoleTeacher, Site: w.marsh})
	own := []string{district.ScopeRequestsRead, district.ScopeRequestsWrite}
	both := append([]string{district.ScopeDeskRead, district.ScopeDeskWrite}, own...)
	w.rosa.token = w.token(w.rosa.id, district.Scopes...)
	w.dana.token, w.omar.token = w.token(w.dana.id, both...), w.token(w.omar.id, both...)
	w.tessa.token, w.luis.token = w.token(w.tessa.id, own...), w.token(w.luis.id, own...)
	w.signIn = must[district.ServiceID](w.t)(w.d.CreateService(ctx, district.CreateService{Kind: district.KindService, Name: "Sign-in", Owner: w.dana.id, Cover: w.rosa.id, Team: w.help}))
	w.events()
}

func (w *world) token(p district.PersonID, scopes ...string) string {
	w.t.Helper()
	plain, _, err := w.d.CreateToken(system(), district.CreateToken{For: p, Name: "test", Scopes: scopes})
	if err != nil {
		w.t.Fatal(err)
	}
	return plain
}

// as is the context in which somebody acts without a door between.
func (w *world) as(p someone) context.Context {
	return policy.WithActor(context.Background(), must[policy.Actor](w.t)(w.d.ResolveToken(context.Background(), p.token)))
}

// events are the kinds of what was logged since it was asked last.
func (w *world) events() []string {
	w.t.Helper()
	var kinds []string
	err := w.db.Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT id, kind FROM event WHERE id > $1 ORDER BY id`, w.sees)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			if err := rows.Scan(&w.sees, &kind); err != nil {
				return err
			}
			kinds = append(kinds, kind)
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return kinds
}

// answer is what an operation said.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   map[string]any
	raw    string
}

// at is what stands somewhere in the body: "items.0.title".
func (a answer) at(path string) any {
	a.t.Helper()
	var v any = a.body
	for name := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(x) {
				a.t.Fatalf("no %s in %s", path, a.raw)
			}
			v = x[i]
		default:
			a.t.Fatalf("no %s in %s", path, a.raw)
		}
	}
	return v
}

func (a answer) num(path string) int64 {
	a.t.Helper()
	n, ok := a.at(path).(float64)
	if !ok {
		a.t.Fatalf("no number %s in %s", path, a.raw)
	}
	return int64(n)
}

func (a answer) text(path string) string {
	s, _ := a.at(path).(string)
	return s
}

func (a answer) len(path string) int {
	list, _ := a.at(path).([]any)
	return len(list)
}

// send sends any request as somebody, the zero someone for nobody; headers
// are "Name: value".
func (w *world) send(p someone, method, path, contentType string, body []byte, headers ...string) answer {
	w.t.Helper()
	r := httptest.NewRequest(method, base+"/api/v1"+path, bytes.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	for _, h := range headers {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	w.m.ServeHTTP(rec, r)
	out := answer{t: w.t, status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	if strings.Contains(rec.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(rec.Body.Bytes(), &out.body); err != nil && !strings.HasPrefix(out.raw, "[") {
			w.t.Fatalf("%s %s answers %q", method, path, out.raw)
		}
	}
	return out
}

func (w *world) call(p someone, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	if body == nil {
		return w.send(p, method, path, "", nil, headers...)
	}
	return w.send(p, method, path, "application/json", must[[]byte](w.t)(json.Marshal(body)), headers...)
}

// want calls, and demands the status and exactly these events.
func (w *world) want(p someone, method, path string, body any, status int, events string, headers ...string) answer {
	w.t.Helper()
	a := w.call(p, method, path, body, headers...)
	w.demand(a, method+" "+path, status, events)
	return a
}

func (w *world) demand(a answer, what string, status int, events string) {
	w.t.Helper()
	if a.status != status {
		w.t.Fatalf("%s answers %d, want %d: %.2000s", what, a.status, status, a.raw)
	}
	if got := w.events(); !slices.Equal(got, strings.Fields(events)) {
		w.t.Fatalf("%s logs %q, want %q", what, got, events)
	}
}

// upload sends a file.
func (w *world) upload(p someone, name string, content []byte, status int, events string, headers ...string) answer {
	w.t.Helper()
	a := w.send(p, "POST", "/files?name="+url.QueryEscape(name), "application/octet-stream", content, headers...)
	w.demand(a, "upload of "+name, status, events)
	return a
}

// ask is a new request.
func (w *world) ask(p someone, body obj) int64 {
	w.t.Helper()
	return w.want(p, "POST", "/requests", body, 201, "ticket.created").num("id")
}

type obj = map[string]any

func request(id int64, more string) string {
	return "/requests/" + strconv.FormatInt(id, 10) + more
}

func match(version int64) string { return `If-Match: "` + strconv.FormatInt(version, 10) + `"` }

// each runs a scenario on both engines.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) { f(t, build(t, d)) })
}
