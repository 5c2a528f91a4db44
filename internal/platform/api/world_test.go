package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/platform/api"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

var leads = policy.Policy{Name: "leads", Sentence: "those who lead", Scope: "things:write", Allow: func(a policy.Actor) bool { return a.HasRole("lead") }}

var nobodysToken = policy.Policy{Name: "pages", Sentence: "anyone signed in on a page", Allow: func(a policy.Actor) bool { return a.Kind == policy.Person }}

var lead = policy.Actor{Kind: policy.Person, Person: 1, Grants: []policy.Grant{{Role: "lead"}}}

type identities struct{}

func (identities) Resolve(_ context.Context, token string) (policy.Actor, error) {
	a := lead
	switch token {
	case "full":
		a.Token, a.Scopes = 1, []string{"things:write"}
	case "narrow":
		a.Token, a.Scopes = 2, []string{"things:read"}
	case "guest":
		a = policy.Actor{Kind: policy.Person, Person: 2, Token: 3, Scopes: []string{"things:write"}}
	case "down":
		return a, errors.New("database is away")
	default:
		return policy.Actor{}, nil
	}
	return a, nil
}

type sessions struct{}

func (sessions) Resolve(_ context.Context, token string) (policy.Actor, string, error) {
	switch token {
	case "lead":
		return lead, "es", nil
	case "guest":
		return policy.Actor{Kind: policy.Person, Person: 2}, "", nil
	}
	return policy.Actor{}, "", nil
}

type thing struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

type createIn struct {
	Body struct {
		Title string   `json:"title" minLength:"1" maxLength:"10"`
		Kind  string   `json:"kind,omitempty" enum:"door,lamp"`
		Count int      `json:"count,omitempty" minimum:"1" maximum:"9"`
		Tags  []string `json:"tags,omitempty" maxItems:"2"`
		When  string   `json:"when,omitempty" format:"date-time"`
		Deep  any      `json:"deep,omitempty"`
	}
}

type thingOut struct {
	api.Versioned
	Body thing
}

type listIn struct {
	api.PageIn
	State string `query:"state" enum:"open,done"`
}

type listOut struct{ Body api.Page[thing] }

type changeIn struct {
	ID int64 `path:"id"`
	api.IfMatch
	Body struct {
		Title string `json:"title"`
	}
}

type idIn struct {
	ID int64 `path:"id"`
}

// world is an API with a few operations on things.
type world struct {
	t     *testing.T
	a     *api.API
	m     *web.Mux
	log   *bytes.Buffer
	clock *clock.Manual
	srv   *httptest.Server

	mu      sync.Mutex
	created []string
	keys    []idem.Key
	hold    chan struct{} // create waits for it if it is set
	began   chan struct{}
}

func build(t *testing.T, change func(*api.Options)) *world {
	t.Helper()
	words, err := i18n.NewCatalogue(i18n.Messages, web.Messages, api.Messages)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, log: &bytes.Buffer{}, clock: clock.NewManual(time.Date(2026, 3, 2, 14, 5, 0, 0, time.UTC)), began: make(chan struct{}, 9)}
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.m = web.New(web.Deps{Log: log, Clock: w.clock, Sessions: sessions{}, Words: words.Strict()})
	o := api.Options{Mux: w.m, Tokens: identities{}, Log: log, Clock: w.clock, Title: "Trellis", Version: "1"}
	if change != nil {
		change(&o)
	}
	w.a = api.New(o)
	w.operations()
	w.srv = httptest.NewServer(w.m)
	t.Cleanup(w.srv.Close)
	return w
}

func (w *world) operations() {
	api.Operation(w.a, api.Op{OperationID: "create-thing", Method: "POST", Path: "/things", Summary: "Create a thing", DefaultStatus: 201, MaxBodyBytes: 4096}, leads,
		func(ctx context.Context, in *createIn) (*thingOut, error) {
			w.began <- struct{}{}
			if w.hold != nil {
				<-w.hold
			}
			k, _ := idem.From(ctx)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.created, w.keys = append(w.created, in.Body.Title), append(w.keys, k)
			return &thingOut{api.AtVersion(1), thing{1, in.Body.Title}}, nil
		})
	api.Operation(w.a, api.Op{OperationID: "list-things", Method: "GET", Path: "/things", Summary: "List things"}, leads,
		func(_ context.Context, in *listIn) (*listOut, error) {
			return &listOut{api.Page[thing]{Items: []thing{{1, in.State}}}}, nil
		})
	api.Operation(w.a, api.Op{OperationID: "change-thing", Method: "PUT", Path: "/things/{id}", Summary: "Change a thing"}, leads,
		func(_ context.Context, in *changeIn) (*thingOut, error) {
			v, err := in.Version()
			if err != nil {
				return nil, err
			}
			if v != 3 {
				return nil, errs.E(errs.Precondition, "")
			}
			return &thingOut{api.AtVersion(v + 1), thing{in.ID, in.Body.Title}}, nil
		})
	api.Operation(w.a, api.Op{OperationID: "read-thing", Method: "GET", Path: "/things/{id}", Summary: "Read a thing"}, leads,
		func(_ context.Context, in *idIn) (*thingOut, error) {
			switch in.ID {
			case 404:
				return nil, errs.E(errs.NotFound, "thing.secret").Because(errors.New("belongs to somebody else"))
			case 405:
				return nil, errs.E(errs.NotFound, "")
			case 422:
				var c errs.Check
				c.Fail("title", "field.required")
				c.Fail("query.state", "field.unknown_choice")
				return nil, c.Err()
			case 500:
				return nil, errors.New("disk said: 10.0.0.5 password wrong")
			case 666:
				panic("boom")
			}
			return &thingOut{api.AtVersion(3), thing{in.ID, "x"}}, nil
		})
	api.Operation(w.a, api.Op{OperationID: "remove-thing", Method: "DELETE", Path: "/things/{id}", Summary: "Remove a thing"}, leads,
		func(context.Context, *idIn) (*struct{}, error) { return nil, nil })
	api.Operation(w.a, api.Op{OperationID: "status", Method: "GET", Path: "/status", Summary: "Is it up"}, policy.Public,
		func(context.Context, *struct{}) (*struct{ Body string }, error) {
			return &struct{ Body string }{"up"}, nil
		})
	api.Operation(w.a, api.Op{OperationID: "secret", Method: "POST", Path: "/secret", Summary: "Only on pages"}, nobodysToken,
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
}

type answer struct {
	*http.Response
	body string
}

func (w *world) call(method, path, body string, headers ...string) answer {
	w.t.Helper()
	r, err := http.NewRequest(method, w.srv.URL+api.Prefix+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "-" {
			r.Header.Del(headers[i])
		}
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) answer {
	w.t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res, string(b)}
}

// as is the header for a token, with whatever else is sent.
func as(token string, more ...string) []string {
	return append([]string{"Authorization", "Bearer " + token}, more...)
}

// problem demands a problem of this status and kind and returns it.
func problem(t *testing.T, what string, a answer, status int, kind string) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Errorf("%s: %d %q is no problem: %v", what, a.StatusCode, a.body, err)
		return p
	}
	if a.StatusCode != status || p.Status != status || p.Kind != kind || p.Type != "urn:trellis:problem:"+kind || p.Title == "" || p.Detail == "" {
		t.Errorf("%s: %d %s, want %d %s", what, a.StatusCode, a.body, status, kind)
	}
	if a.Header.Get("Content-Type") != "application/problem+json" || p.RequestID == "" || p.RequestID != a.Header.Get("X-Request-Id") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: headers %v, id %q", what, a.Header, p.RequestID)
	}
	if strings.Contains(p.Title+p.Detail, ".") && !strings.Contains(p.Title+p.Detail, " ") {
		t.Errorf("%s: a message key instead of words: %s", what, a.body)
	}
	return p
}
