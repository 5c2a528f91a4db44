package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"trellis/internal/platform/api"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// shelf takes files and hands them out.
type shelf struct {
	mu   sync.Mutex
	got  []string
	keys []idem.Key
	hold chan struct{} // put waits for it if it is set
	in   chan struct{}
}

func (s *shelf) put(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return web.BodyError(err)
	}
	if s.hold != nil {
		s.in <- struct{}{}
		<-s.hold
	}
	k, _ := idem.From(r.Context())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got, s.keys = append(s.got, string(body)), append(s.keys, k)
	w.WriteHeader(http.StatusCreated)
	return nil
}

func (s *shelf) take(w http.ResponseWriter, r *http.Request) error {
	switch r.PathValue("id") {
	case "404":
		return errs.E(errs.NotFound, "thing.secret").Because(errors.New("belongs to somebody else"))
	case "500":
		return errors.New("disk said: 10.0.0.5 password wrong")
	case "666":
		panic("boom")
	}
	a := policy.ActorFrom(r.Context())
	if body, err := io.ReadAll(r.Body); err != nil || len(body) > 0 {
		return fmt.Errorf("%q was read: %w", body, err)
	}
	_, err := fmt.Fprintf(w, "for %d at %s as %s", a.Person, a.Door, a.RequestID)
	return err
}

func raw(t *testing.T, change func(*api.Options)) (*world, *shelf) {
	t.Helper()
	w, s := build(t, change), &shelf{in: make(chan struct{}, 9)}
	api.Raw(w.a, api.Op{OperationID: "put-file", Method: "POST", Path: "/shelf", Summary: "Put a file", MaxBodyBytes: 10, DefaultStatus: 201}, leads, s.put,
		api.RawQuery("name", "What it is called."), api.RawAnswer[thing]())
	api.Raw(w.a, api.Op{OperationID: "take-file", Method: "GET", Path: "/shelf/{id}", Summary: "Take a file"}, leads, s.take)
	api.Raw(w.a, api.Op{OperationID: "page-file", Method: "POST", Path: "/page-shelf", Summary: "Only on pages"}, nobodysToken, s.put)
	return w, s
}

// A raw operation lets in whom the others let in, and refuses in their shape.
func TestRawWhoMayCall(t *testing.T) {
	w, s := raw(t, nil)
	for _, c := range []struct {
		what, method, path string
		headers            []string
		status             int
		kind               string
	}{
		{"nobody", "POST", "/shelf", nil, 401, "unauthenticated"},
		{"an unknown token", "POST", "/shelf", as("wrong"), 401, "unauthenticated"},
		{"a token of another scope", "POST", "/shelf", as("narrow"), 403, "forbidden"},
		{"somebody else", "GET", "/shelf/1", as("guest"), 403, "forbidden"},
		{"a token where none is taken", "POST", "/page-shelf", as("full"), 403, "forbidden"},
		{"another site", "POST", "/shelf", []string{"Cookie", "trellis=lead", "Sec-Fetch-Site", "cross-site"}, 403, "forbidden"},
		{"another method", "DELETE", "/shelf", as("full"), 405, "invalid"},
		{"tokens that can't be looked up", "GET", "/shelf/1", as("down"), 500, "internal"},
		{"what is hidden", "GET", "/shelf/404", as("full"), 404, "not_found"},
		{"a failure", "GET", "/shelf/500", as("full"), 500, "internal"},
		{"a panic", "GET", "/shelf/666", as("full"), 500, "internal"},
	} {
		a := w.call(c.method, c.path, "", c.headers...)
		problem(t, c.what, a, c.status, c.kind)
		if strings.Contains(a.body, "10.0.0.5") || strings.Contains(a.body, "somebody") {
			t.Errorf("%s: %s", c.what, a.body)
		}
	}
	if len(s.got) > 0 {
		t.Errorf("put: %q", s.got)
	}
	a := w.call("GET", "/shelf/1", "", as("full")...)
	if want := "for 1 at api as " + a.Header.Get("X-Request-Id"); a.StatusCode != 200 || a.body != want || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q, want %q; %v", a.StatusCode, a.body, want, a.Header)
	}
	if a := w.call("GET", "/shelf/1", "read?", as("full")...); a.StatusCode != 200 {
		t.Errorf("the body of a read: %d %s", a.StatusCode, a.body)
	}
	if a := w.call("POST", "/page-shelf", "page", "Cookie", "trellis=lead", "Sec-Fetch-Site", "same-origin"); a.StatusCode != 201 {
		t.Errorf("a session: %d %s", a.StatusCode, a.body)
	}
}

// The body is taken as it comes, up to its limit and not half.
func TestRawBodies(t *testing.T) {
	w, s := raw(t, nil)
	for _, body := range []string{"\x00\xff\xfe", "{not json", "", "exactly 10"} {
		if a := w.call("POST", "/shelf", body, as("full", "Content-Type", "image/png")...); a.StatusCode != 201 {
			t.Errorf("%q: %d %s", body, a.StatusCode, a.body)
		}
	}
	want := strings.Join(s.got, "|")
	if want != "\x00\xff\xfe|{not json||exactly 10" {
		t.Errorf("put: %q", want)
	}
	if a := w.call("POST", "/shelf", "one too many", as("full")...); a.Header.Get("Connection") != "close" && !a.Close {
		t.Errorf("the rest of a body that is too large would be read on: %v", a.Header)
	}
	for what, send := range map[string]struct {
		head   string
		status string
	}{
		"announced too large": {"Content-Length: 11\r\n\r\n", "413"},
		"too large in chunks": {"Transfer-Encoding: chunked\r\n\r\nb\r\nelevenbytes\r\n0\r\n\r\n", "413"},
		"half":                {"Content-Length: 9\r\n\r\nhalf", "422"},
		"half a chunk":        {"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf", "422"},
	} {
		c, err := net.Dial("tcp", w.srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, "POST "+api.Prefix+"/shelf HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer full\r\n"+send.head)
		_ = c.(*net.TCPConn).CloseWrite()
		b, _ := io.ReadAll(c)
		c.Close()
		if !strings.HasPrefix(string(b), "HTTP/1.1 "+send.status) || !strings.Contains(string(b), "application/problem+json") {
			t.Errorf("%s: %.100q", what, b)
		}
	}
	if got := strings.Join(s.got, "|"); got != want {
		t.Errorf("put: %q", got)
	}
}

func TestRawIdempotencyKeys(t *testing.T) {
	w, s := raw(t, nil)
	for _, key := range []string{"", strings.Repeat("k", idem.MaxKey+1), "a\tb"} {
		if a := w.call("POST", "/shelf", "x", as("full", "Idempotency-Key", key)...); a.StatusCode != 422 {
			t.Errorf("%.20q: %d", key, a.StatusCode)
		}
	}
	put := func(path, body string) {
		t.Helper()
		if a := w.call("POST", path, body, as("full", "Idempotency-Key", "k")...); a.StatusCode != 201 {
			t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	put("/shelf?name=a", "one")
	put("/shelf?name=a", "two")
	put("/shelf?name=b", "one")
	if k := s.keys; k[0] != k[1] || k[0].Key != "k" || k[0].Route != "POST /api/v1/shelf" || k[0].Hash == k[2].Hash {
		t.Errorf("keys: %+v", k)
	}

	s.hold = make(chan struct{})
	done := make(chan answer)
	go func() { done <- w.call("POST", "/shelf", "slow", as("full", "Idempotency-Key", "q")...) }()
	<-s.in
	a := w.call("POST", "/shelf", "slow", as("full", "Idempotency-Key", "q")...)
	problem(t, "while it runs", a, 409, "conflict")
	if a.Header.Get("Retry-After") == "" {
		t.Error("nobody says when to try again")
	}
	close(s.hold)
	if first := <-done; first.StatusCode != 201 {
		t.Errorf("%d %s", first.StatusCode, first.body)
	}
}

func TestRawThrottling(t *testing.T) {
	w, _ := raw(t, func(o *api.Options) { o.PerToken = web.Rate{PerSecond: 1, Burst: 2} })
	for i, want := range []int{200, 200, 429} {
		if a := w.call("GET", "/shelf/1", "", as("full")...); a.StatusCode != want {
			t.Errorf("call %d: %d", i, a.StatusCode)
		}
	}
}

// What the types can't say stands in the document all the same.
func TestRawInTheDocument(t *testing.T) {
	w, _ := raw(t, nil)
	type media map[string]struct{ Schema map[string]any }
	var doc struct {
		Paths map[string]map[string]struct {
			Policy      string `json:"x-policy"`
			Parameters  []struct{ Name, In string }
			RequestBody struct{ Content media }
			Responses   map[string]struct{ Content media }
		}
	}
	if err := json.Unmarshal(w.a.OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	put, take := doc.Paths["/shelf"]["post"], doc.Paths["/shelf/{id}"]["get"]
	if put.Policy != "leads" || len(put.Parameters) != 2 || len(put.RequestBody.Content) != 1 || put.Responses["201"].Content["application/json"].Schema["$ref"] != "#/components/schemas/Thing" {
		t.Errorf("put: %+v", put)
	}
	if len(take.Parameters) != 1 || take.Parameters[0].Name != "id" || take.Parameters[0].In != "path" || take.Responses["200"].Content["application/octet-stream"].Schema != nil {
		t.Errorf("take: %+v", take)
	}
	for _, status := range []string{"401", "403", "409", "413", "422", "429", "500"} {
		if put.Responses[status].Content["application/problem+json"].Schema["$ref"] != "#/components/schemas/Problem" {
			t.Errorf("response %s is not documented", status)
		}
	}
	if _, ok := take.Responses["404"]; !ok {
		t.Error("response 404 is not documented")
	}
}
