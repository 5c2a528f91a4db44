package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"trellis/internal/platform/api"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

func TestWhoMayCall(t *testing.T) {
	w := build(t, nil)
	for _, c := range []struct {
		name         string
		method, path string
		headers      []string
		status       int
		kind         string
		auth         string
	}{
		{"nobody", "GET", "/things", nil, 401, "unauthenticated", `Bearer realm="trellis"`},
		{"nobody where anyone may", "GET", "/status", nil, 200, "", ""},
		{"a token", "GET", "/things", as("full"), 200, "", ""},
		{"a token, scheme in capitals", "GET", "/things", []string{"Authorization", "BEARER full"}, 200, "", ""},
		{"a wrong token", "GET", "/things", as("guessed"), 401, "unauthenticated", `Bearer realm="trellis", error="invalid_token"`},
		{"a wrong token where anyone may", "GET", "/status", as("guessed"), 401, "unauthenticated", `Bearer realm="trellis", error="invalid_token"`},
		{"another scheme", "GET", "/things", []string{"Authorization", "Basic bGVhZDpsZWFk"}, 401, "unauthenticated", `Bearer realm="trellis", error="invalid_token"`},
		{"a token without the scope", "GET", "/things", as("narrow"), 403, "forbidden", `Bearer realm="trellis", error="insufficient_scope"`},
		{"a token of someone without the role", "GET", "/things", as("guest"), 403, "forbidden", ""},
		{"a token where none may", "POST", "/secret", as("full"), 403, "forbidden", ""},
		{"tokens can't be looked up", "GET", "/things", as("down"), 500, "internal", ""},
		{"a session", "GET", "/things", []string{"Cookie", "trellis=lead"}, 200, "", ""},
		{"a session without the role", "GET", "/things", []string{"Cookie", "trellis=guest"}, 403, "forbidden", ""},
		{"a wrong token beside a good session", "GET", "/things", as("guessed", "Cookie", "trellis=lead"), 401, "unauthenticated", `Bearer realm="trellis", error="invalid_token"`},
		{"a session from our pages", "POST", "/secret", []string{"Cookie", "trellis=lead", "Sec-Fetch-Site", "same-origin"}, 204, "", ""},
		{"a session from another site", "POST", "/secret", []string{"Cookie", "trellis=lead", "Sec-Fetch-Site", "cross-site"}, 403, "forbidden", ""},
		{"a session from another site, older browser", "POST", "/secret", []string{"Cookie", "trellis=lead", "Origin", "https://evil.example"}, 403, "forbidden", ""},
		{"a token from another site", "DELETE", "/things/7", as("full", "Sec-Fetch-Site", "cross-site"), 204, "", ""},
		{"HEAD", "HEAD", "/things", as("full"), 200, "", ""},
	} {
		a := w.call(c.method, c.path, "", c.headers...)
		if c.kind == "" {
			if a.StatusCode != c.status {
				t.Errorf("%s: %d %s", c.name, a.StatusCode, a.body)
			}
			continue
		}
		problem(t, c.name, a, c.status, c.kind)
		if got := a.Header.Get("WWW-Authenticate"); got != c.auth {
			t.Errorf("%s: WWW-Authenticate %q, want %q", c.name, got, c.auth)
		}
	}
	if strings.Contains(w.log.String(), "guessed") {
		t.Error("a token stands in the log")
	}
}

// An object that may not be seen is the same answer as one that is not there.
func TestHiddenObjectsAnswerLikeMissingOnes(t *testing.T) {
	w := build(t, nil)
	strip := func(a answer) string {
		id := a.Header.Get("X-Request-Id")
		a.Header.Del("X-Request-Id")
		a.Header.Del("Date")
		return strings.ReplaceAll(fmt.Sprint(a.StatusCode, a.Header, a.body), id, "")
	}
	hidden, missing, nowhere := strip(w.call("GET", "/things/404", "", as("full")...)), strip(w.call("GET", "/things/405", "", as("full")...)), strip(w.call("GET", "/nowhere", "", as("full")...))
	if hidden != missing || hidden != nowhere || !strings.HasPrefix(hidden, "404") {
		t.Errorf("differ:\n%s\n%s\n%s", hidden, missing, nowhere)
	}
	if !strings.Contains(w.log.String(), "belongs to somebody else") {
		t.Error("the log does not say why")
	}
}

func TestProblems(t *testing.T) {
	w := build(t, nil)
	post := func(body string, more ...string) answer {
		return w.call("POST", "/things", body, as("full", more...)...)
	}
	for _, c := range []struct {
		name   string
		a      answer
		status int
		kind   string
		errors string
	}{
		{"validation", post(`{"title":"","kind":"car","count":10,"tags":["a","b","c"],"when":"soon","extra":1}`), 422, "invalid",
			"body.count: Write a number up to 9. | body.extra: We don't know a field with this name. Check how it is spelled. | body.kind: Use one of: door, lamp. | " +
				"body.tags: Choose no more than 2. | body.title: Please fill this in. | body.when: Use a time such as 2026-03-02T14:05:00Z."},
		{"required", post(`{"kind":"door"}`), 422, "invalid", "body.title: Please fill this in."},
		{"wrong types", post(`{"title":7,"count":1.5,"tags":"a"}`), 422, "invalid", "body.count: Use a whole number. | body.tags: Use a list. | body.title: Use a text."},
		{"no object", post(`[]`), 422, "invalid", "body: Use an object."},
		{"query", w.call("GET", "/things?limit=999&state=lost", "", as("full")...), 422, "invalid", "query.limit: Write a number up to 200. | query.state: Use one of: open, done."},
		{"unknown in the query", w.call("GET", "/things?sort=x", "", as("full")...), 422, "invalid", "query.sort: We don't know a field with this name. Check how it is spelled."},
		{"path", w.call("GET", "/things/abc", "", as("full")...), 422, "invalid", "path.id: Use a whole number."},
		{"from a module", w.call("GET", "/things/422", "", as("full")...), 422, "invalid", "body.title: Please fill this in. | query.state: Choose one from the list."},
		{"malformed", post(`{"title":"a"`), 400, "invalid", ""},
		{"trailing", post(`{"title":"a"}{}`), 400, "invalid", ""},
		{"not UTF-8", post("{\"title\":\"\xff\"}"), 400, "invalid", ""},
		{"zero character", post(`{"title":"a\u0000"}`), 400, "invalid", ""},
		{"deep", post(`{"title":"a","deep":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`), 400, "invalid", ""},
		{"nothing", post(""), 400, "invalid", ""},
		{"a body where none belongs", w.call("DELETE", "/things/7", "{}", as("full")...), 400, "invalid", ""},
		{"a form", post("title=a", "Content-Type", "application/x-www-form-urlencoded"), 415, "invalid", ""},
		{"text", post(`{"title":"a"}`, "Content-Type", "text/plain"), 415, "invalid", ""},
		{"no type", post(`{"title":"a"}`, "Content-Type", "-"), 415, "invalid", ""},
		{"another charset", post(`{"title":"a"}`, "Content-Type", "application/json; charset=utf-16"), 415, "invalid", ""},
		{"compressed", post(`{"title":"a"}`, "Content-Encoding", "gzip"), 415, "invalid", ""},
		{"too large", post(`{"title":"` + strings.Repeat("a", 5000) + `"}`), 413, "too_large", ""},
		{"no such path", w.call("GET", "/nowhere", ""), 404, "not_found", ""},
		{"the prefix", w.call("GET", "/", ""), 404, "not_found", ""},
		{"no such method", w.call("PATCH", "/things/7", ""), 405, "invalid", ""},
		{"failure", w.call("GET", "/things/500", "", as("full")...), 500, "internal", ""},
		{"panic", w.call("GET", "/things/666", "", as("full")...), 500, "internal", ""},
		{"no version", w.call("PUT", "/things/7", `{"title":"a"}`, as("full")...), 428, "precondition", ""},
		{"stale version", w.call("PUT", "/things/7", `{"title":"a"}`, as("full", "If-Match", `"2"`)...), 412, "precondition", ""},
		{"any version", w.call("PUT", "/things/7", `{"title":"a"}`, as("full", "If-Match", `*`)...), 422, "invalid", "header.If-Match: Send the ETag exactly as you read it."},
	} {
		p := problem(t, c.name, c.a, c.status, c.kind)
		var got []string
		for _, e := range p.Errors {
			got = append(got, e.Location+": "+e.Message)
		}
		if s := strings.Join(got, " | "); s != c.errors {
			t.Errorf("%s: errors\n%s\nwant\n%s", c.name, s, c.errors)
		}
		for _, leak := range []string{"password", "boom", "goroutine", `"value"`} {
			if strings.Contains(c.a.body, leak) {
				t.Errorf("%s: %q in %s", c.name, leak, c.a.body)
			}
		}
	}
	if len(w.created) != 0 {
		t.Errorf("created by broken requests: %q", w.created)
	}
	for _, s := range []string{"password wrong", "boom", "world_test.go"} {
		if !strings.Contains(w.log.String(), s) {
			t.Errorf("the log lacks %q", s)
		}
	}
	if a := w.call("PATCH", "/things/7", ""); a.Header.Get("Allow") != "GET, HEAD, PUT, DELETE" {
		t.Errorf("Allow: %q", a.Header.Get("Allow"))
	}
	p := problem(t, "in Spanish", post(`{}`, "Accept-Language", "es-MX"), 422, "invalid")
	if p.Title != "Todavía no se puede aceptar" || p.Errors[0].Message == "Please fill this in." {
		t.Errorf("in Spanish: %+v", p)
	}
	if p := problem(t, "a person's own language", w.call("GET", "/things/500", "", "Cookie", "trellis=lead"), 500, "internal"); p.Title != "Algo falló de nuestro lado" {
		t.Errorf("a person's own language: %+v", p)
	}
	if a := post(`{"title":"a\\u0000b"}`); a.StatusCode != 201 {
		t.Errorf("a backslash before u0000 is no zero character: %d %s", a.StatusCode, a.body)
	}
	ok := w.call("PUT", "/things/7", `{"title":"a"}`, as("full", "If-Match", `"3"`)...)
	if ok.StatusCode != 200 || ok.Header.Get("ETag") != `"4"` || ok.body != `{"id":7,"title":"a"}`+"\n" {
		t.Errorf("change: %d %v %q", ok.StatusCode, ok.Header, ok.body)
	}
	if csp := ok.Header.Get("Content-Security-Policy"); csp != "default-src 'none'; frame-ancestors 'none'" || ok.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", ok.Header)
	}
}

// A body that does not arrive whole never reaches an operation.
func TestHalfSentBodies(t *testing.T) {
	w := build(t, nil)
	for _, send := range []string{
		"Content-Length: 500\r\n\r\n{\"title\":\"a\"}",
		"Transfer-Encoding: chunked\r\n\r\nd\r\n{\"title\":\"a\"}\r\n",
	} {
		c, err := net.Dial("tcp", w.srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, "POST "+api.Prefix+"/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer full\r\nContent-Type: application/json\r\n"+send)
		_ = c.(*net.TCPConn).CloseWrite()
		b, _ := io.ReadAll(c)
		c.Close()
		if !strings.HasPrefix(string(b), "HTTP/1.1 422") {
			t.Errorf("%.60q: %.100q", send, b)
		}
	}
	if len(w.created) != 0 {
		t.Errorf("created: %q", w.created)
	}
}

func TestIdempotencyKeys(t *testing.T) {
	w := build(t, nil)
	w.hold = make(chan struct{})
	first := make(chan answer, 1)
	post := func(key, body, token string) answer {
		return w.call("POST", "/things", body, as(token, "Idempotency-Key", key)...)
	}
	go func() { first <- post("k", `{"title":"a"}`, "full") }()
	<-w.began
	a := post("k", `{"title":"a"}`, "full")
	problem(t, "still running", a, 409, "conflict")
	if a.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
	close(w.hold)
	if a := <-first; a.StatusCode != 201 {
		t.Errorf("the first: %d %s", a.StatusCode, a.body)
	}
	w.hold = nil
	post("k", `{"title":"a"}`, "full")
	post("k", `{"title":"b"}`, "full")
	w.call("POST", "/things", `{"title":"a"}`, as("full")...)
	if len(w.keys) != 4 || w.keys[1] != w.keys[0] || w.keys[2].Hash == w.keys[0].Hash || w.keys[3].Key != "" {
		t.Errorf("keys: %+v", w.keys)
	}
	if k := w.keys[0]; k.Key != "k" || k.Actor != "person:1" || k.Route != "POST /api/v1/things" {
		t.Errorf("key: %+v", k)
	}
	problem(t, "an empty key", post("", `{"title":"a"}`, "full"), 422, "invalid")
	problem(t, "a long key", post(strings.Repeat("k", 201), `{"title":"a"}`, "full"), 422, "invalid")
	problem(t, "not printable", post("ключ", `{"title":"a"}`, "full"), 422, "invalid")
}

func TestThrottling(t *testing.T) {
	w := build(t, func(o *api.Options) {
		o.Anonymous, o.Failures, o.PerToken = web.Rate{PerSecond: 1, Burst: 2}, web.Rate{PerSecond: 0.1, Burst: 3}, web.Rate{PerSecond: 1, Burst: 2}
	})
	many := func(n int, f func() answer) (last answer) {
		for range n {
			last = f()
		}
		return last
	}
	status := func() answer { return w.call("GET", "/status", "") }
	if a := many(2, status); a.StatusCode != 200 {
		t.Errorf("within the burst: %d", a.StatusCode)
	}
	if a := status(); a.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %v", a.Header)
	}
	problem(t, "anonymous", status(), 429, "throttled")
	call := func(token string) func() answer {
		return func() answer { return w.call("GET", "/things", "", as(token)...) }
	}
	if a := many(2, call("full")); a.StatusCode != 200 {
		t.Errorf("a token within its burst: %d", a.StatusCode)
	}
	problem(t, "a token", call("full")(), 429, "throttled")
	if a := call("narrow")(); a.StatusCode != 403 {
		t.Errorf("another token: %d", a.StatusCode)
	}
	if a := many(3, call("guess")); a.StatusCode != 401 {
		t.Errorf("guesses within the burst: %d", a.StatusCode)
	}
	w.clock.Advance(5 * time.Second) // a token's own turns are back by now
	problem(t, "guessing", call("guess")(), 429, "throttled")
	problem(t, "a right guess does not tell", call("full")(), 429, "throttled")
	w.clock.Advance(30 * time.Second)
	if a := call("full")(); a.StatusCode != 200 {
		t.Errorf("later: %d", a.StatusCode)
	}
}

func TestCursors(t *testing.T) {
	c := api.NewCursors([]byte("0123456789abcdef"))
	type place struct {
		Due int64
		ID  int64
	}
	made, err := c.Encode("things open by due", place{5, 7})
	if err != nil {
		t.Fatal(err)
	}
	var p place
	if err := c.Decode("things open by due", made, &p); err != nil || p != (place{5, 7}) {
		t.Fatalf("%v %v", p, err)
	}
	if err := c.Decode("things open by due", "", &p); err != nil || p != (place{5, 7}) {
		t.Errorf("no cursor: %v %v", p, err)
	}
	bad := map[string]string{"made for another list": made, "cut": made[:len(made)-1], "grown": made + "A", "rubbish": "!!", "short": "AAAA"}
	for i := range made {
		flip := "A"
		if made[i] == 'A' {
			flip = "B"
		}
		bad[fmt.Sprintf("forged at %d", i)] = made[:i] + flip + made[i+1:]
	}
	for name, s := range bad {
		list := "things open by due"
		if s == made {
			list = "things done by due"
		}
		if err := c.Decode(list, s, &p); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if api.NewCursors([]byte("another key 1234")).Decode("things open by due", made, &p) == nil {
		t.Error("another district's cursor: accepted")
	}

	w := build(t, nil)
	api.Operation(w.a, api.Op{OperationID: "page", Method: "GET", Path: "/page", Summary: "Page"}, policy.Public,
		func(_ context.Context, in *struct{ api.PageIn }) (*listOut, error) {
			if err := c.Decode("page", in.Cursor, &p); err != nil {
				return nil, err
			}
			return &listOut{api.Page[thing]{Items: make([]thing, in.Limit), Next: made}}, nil
		})
	problem(t, "forged", w.call("GET", "/page?cursor="+made, ""), 422, "invalid")
	var page api.Page[thing]
	if err := json.Unmarshal([]byte(w.call("GET", "/page", "").body), &page); err != nil || len(page.Items) != 50 || page.Next != made {
		t.Errorf("%+v %v", page, err)
	}
}

func TestTheDocument(t *testing.T) {
	w, again := build(t, nil), build(t, nil)
	a := w.call("GET", "/openapi.json", "")
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/openapi+json" || a.body != string(again.a.OpenAPI()) {
		t.Fatalf("%d %v; same twice: %v", a.StatusCode, a.Header, a.body == string(again.a.OpenAPI()))
	}
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string                `json:"operationId"`
			Description string                `json:"description"`
			Policy      string                `json:"x-policy"`
			Scope       string                `json:"x-token-scope"`
			Security    []map[string][]string `json:"security"`
			Parameters  []struct{ Name string }
			Responses   map[string]struct {
				Content map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	post := doc.Paths["/things"]["post"]
	if doc.OpenAPI != "3.1.0" || post.Policy != "leads" || post.Scope != "things:write" || post.Description != "Open to those who lead." || len(post.Security) != 2 {
		t.Errorf("%s %+v", doc.OpenAPI, post)
	}
	if len(post.Parameters) != 1 || post.Parameters[0].Name != "Idempotency-Key" || len(doc.Paths["/things"]["get"].Parameters) != 3 {
		t.Errorf("parameters: %+v %+v", post.Parameters, doc.Paths["/things"]["get"].Parameters)
	}
	for _, s := range []string{"400", "401", "403", "409", "413", "415", "422", "429", "500"} {
		if post.Responses[s].Content["application/problem+json"] == nil {
			t.Errorf("response %s is not documented", s)
		}
	}
	if put := doc.Paths["/things/{id}"]["put"]; put.Responses["412"].Content == nil || put.Responses["428"].Content == nil || put.Responses["404"].Content == nil {
		t.Errorf("put: %+v", put.Responses)
	}
	for _, leak := range []string{"additionalProperties\": true", "$schema", "\\u001f"} {
		if strings.Contains(a.body, leak) {
			t.Errorf("%q in the document", leak)
		}
	}
	// Every operation in the document is a declared way in, and the reverse.
	declared := 0
	for _, r := range w.m.Routes() {
		if r.Operation == "openapi" {
			continue
		}
		declared++
		if op := doc.Paths[strings.TrimPrefix(r.Path, api.Prefix)][strings.ToLower(r.Method)]; op.OperationID != r.Operation || op.Policy != r.Policy.Name || r.Door != policy.DoorAPI {
			t.Errorf("%s: %+v", r.Pattern(), op)
		}
	}
	documented := 0
	for _, p := range doc.Paths {
		documented += len(p)
	}
	if declared != documented {
		t.Errorf("%d declared, %d documented", declared, documented)
	}
}

func TestMistakesInDeclaringPanic(t *testing.T) {
	type raw struct{ RawBody []byte }
	none := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	op := func(id, method, path string) api.Op {
		return api.Op{OperationID: id, Method: method, Path: path, Summary: "x"}
	}
	for name, declare := range map[string]func(a *api.API){
		"same id":    func(a *api.API) { api.Operation(a, op("status", "GET", "/x"), policy.Public, none) },
		"same route": func(a *api.API) { api.Operation(a, op("x", "GET", "/status"), policy.Public, none) },
		"no policy":  func(a *api.API) { api.Operation(a, op("x", "GET", "/x"), policy.Policy{}, none) },
		"no id":      func(a *api.API) { api.Operation(a, op("", "GET", "/x"), policy.Public, none) },
		"no path":    func(a *api.API) { api.Operation(a, op("x", "GET", ""), policy.Public, none) },
		"hidden":     func(a *api.API) { o := op("x", "GET", "/x"); o.Hidden = true; api.Operation(a, o, policy.Public, none) },
		"upload": func(a *api.API) {
			api.Operation(a, op("x", "POST", "/x"), policy.Public, func(context.Context, *raw) (*struct{}, error) { return nil, nil })
		},
		"openapi again": func(a *api.API) { api.Operation(a, op("openapi", "GET", "/x"), policy.Public, none) },
	} {
		w := build(t, nil)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			declare(w.a)
		}()
	}
}
