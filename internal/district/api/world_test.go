package api_test

import (
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

	"trellis/internal/district"
	operations "trellis/internal/district/api"
	"trellis/internal/district/cover"
	"trellis/internal/platform/api"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
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

// world is a district behind its API.
type world struct {
	t    *testing.T
	db   *db.DB
	d    *district.District
	m    *web.Mux
	a    *api.API
	sees int64 // the last event that was looked at

	rosa   string // an administrator's token, all scopes
	cookie string // and session
	admin  context.Context
}

type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func build(t *testing.T, d *db.DB) *world {
	t.Helper()
	h, err := secret.NewHasher(secret.Params{MemoryKiB: 64, Passes: 1, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	c, err := i18n.NewCatalogue(i18n.Messages, web.Messages, api.Messages, district.Messages, cover.Messages)
	if err != nil {
		t.Fatal(err)
	}
	c.Strict()
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	w := &world{t: t, db: d, d: district.New(district.Deps{DB: d, Hasher: h, Log: log})}
	u, _ := url.Parse(base)
	w.m = web.New(web.Deps{Log: log, Clock: d.Clock(), Sessions: w.d, BaseURL: u, Words: c})
	w.a = api.New(api.Options{Mux: w.m, Tokens: district.TokenDoor{District: w.d}, Log: log, Clock: d.Clock(), Title: "Trellis", Version: "1"})
	operations.Register(w.a, operations.Deps{District: w.d, Cover: cover.New(cover.Deps{DB: d, Calendar: weekdays}), DB: d, Cursors: api.NewCursors([]byte("sixteen bytes and more")), BaseURL: u})

	sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	key, err := w.d.MakeSetupKey(sys)
	if err != nil {
		t.Fatal(err)
	}
	w.cookie, _, err = w.d.SetUp(context.Background(), district.SetUp{
		Key: key, District: "Juniper Valley", Zone: "America/Denver", Lang: "en", Name: "Rosa Delgado", Email: "rosa@jv.example",
		Password: password, Site: "District Office", Team: "Technology",
	})
	if err != nil {
		t.Fatal(err)
	}
	actor, _, err := w.d.Resolve(context.Background(), w.cookie)
	if err != nil {
		t.Fatal(err)
	}
	w.admin = policy.WithActor(context.Background(), actor)
	w.rosa = w.token(w.admin, district.Scopes...)
	w.events()
	return w
}

// weekdays is a calendar without tables: what packages test on both engines is
// their own SQL.
func weekdays(*db.Tx, district.SiteID) (*worktime.Calendar, int64, error) {
	week, err := worktime.ParseHours("Mon-Fri 07:30-15:30")
	if err != nil {
		return nil, 0, err
	}
	c, err := worktime.New(worktime.Plan{Zone: "America/Denver", Week: week})
	return c, 1, err
}

// token makes one for whoever acts in ctx.
func (w *world) token(ctx context.Context, scopes ...string) string {
	w.t.Helper()
	plain, _, err := w.d.CreateToken(ctx, district.CreateToken{Name: "test", Scopes: scopes})
	if err != nil {
		w.t.Fatal(err)
	}
	return plain
}

// tokenFor makes one for somebody else, as the command line does.
func (w *world) tokenFor(person int64, scopes ...string) string {
	w.t.Helper()
	sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	plain, _, err := w.d.CreateToken(sys, district.CreateToken{For: district.PersonID(person), Name: "test", Scopes: scopes})
	if err != nil {
		w.t.Fatal(err)
	}
	w.events()
	return plain
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

// num is a number of the body.
func (a answer) num(name string) int64 {
	a.t.Helper()
	n, ok := a.body[name].(float64)
	if !ok {
		a.t.Fatalf("no number %q in %s", name, a.raw)
	}
	return int64(n)
}

func (a answer) items() []map[string]any {
	a.t.Helper()
	list, ok := a.body["items"].([]any)
	if !ok {
		a.t.Fatalf("no items in %s", a.raw)
	}
	out := make([]map[string]any, len(list))
	for i, x := range list {
		out[i] = x.(map[string]any)
	}
	return out
}

// call sends a request as the holder of a token, "" for nobody; headers are
// "Name: value".
func (w *world) call(token, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	var in string
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		in = string(b)
	}
	r := httptest.NewRequest(method, base+"/api/v1"+path, strings.NewReader(in))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	switch {
	case token == w.cookie:
		r.AddCookie(&http.Cookie{Name: "trellis", Value: token})
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	case token != "":
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, h := range headers {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	w.m.ServeHTTP(rec, r)
	out := answer{t: w.t, status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	if out.raw != "" {
		if err := json.Unmarshal(rec.Body.Bytes(), &out.body); err != nil {
			w.t.Fatalf("%s %s answers %q", method, path, out.raw)
		}
	}
	return out
}

// want calls, and demands the status and exactly these events.
func (w *world) want(token, method, path string, body any, status int, events string, headers ...string) answer {
	w.t.Helper()
	a := w.call(token, method, path, body, headers...)
	if a.status != status {
		w.t.Fatalf("%s %s answers %d, want %d: %s", method, path, a.status, status, a.raw)
	}
	if got := w.events(); !slices.Equal(got, strings.Fields(events)) {
		w.t.Fatalf("%s %s logs %q, want %q", method, path, got, events)
	}
	return a
}

type obj = map[string]any

func match(a answer) string { return "If-Match: " + a.header.Get("ETag") }

func at(path string, id int64) string { return path + "/" + strconv.FormatInt(id, 10) }
