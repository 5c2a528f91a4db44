package web_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

var start = time.Date(2026, 3, 2, 14, 5, 0, 0, time.UTC)

var leads = policy.Policy{Name: "leads", Sentence: "those who lead", Allow: func(a policy.Actor) bool { return a.HasRole("lead") }}

// sessions knows two people by their tokens; "broken" can't be looked up.
type sessions struct{}

func (sessions) Resolve(_ context.Context, token string) (policy.Actor, string, error) {
	switch token {
	case "lead-token":
		return policy.Actor{Kind: policy.Person, Person: 1, Session: 11, Grants: []policy.Grant{{Role: "lead"}}}, "", nil
	case "guest-token":
		return policy.Actor{Kind: policy.Person, Person: 2, Session: 12}, "es", nil
	case "broken":
		return policy.Actor{}, "", io.ErrUnexpectedEOF
	}
	return policy.Actor{}, "", nil
}

// syncBuffer is a log that can be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

type world struct {
	t     *testing.T
	m     *web.Mux
	log   *syncBuffer
	clock *clock.Manual
	srv   *httptest.Server
}

// build makes a mux as a district's server would; routes are added to w.m
// before serve.
func build(t *testing.T, change func(*web.Deps)) *world {
	t.Helper()
	words, err := i18n.NewCatalogue(i18n.Messages, web.Messages)
	if err != nil {
		t.Fatal(err)
	}
	base, _ := url.Parse("http://desk.example")
	w := &world{t: t, log: &syncBuffer{}, clock: clock.NewManual(start)}
	d := web.Deps{
		Log:            slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Clock:          w.clock,
		Sessions:       sessions{},
		BaseURL:        base,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Words:          words.Strict(),
	}
	if change != nil {
		change(&d)
	}
	w.m = web.New(d)
	return w
}

func (w *world) serve() *world {
	w.t.Helper()
	w.srv = httptest.NewServer(w.m)
	w.t.Cleanup(w.srv.Close)
	return w
}

// req makes a request to the running server.
func (w *world) req(method, path, body string, headers ...string) *http.Request {
	w.t.Helper()
	r, err := http.NewRequest(method, w.srv.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{DisableCompression: true},
}

type answer struct {
	*http.Response
	body string
}

func (w *world) do(r *http.Request) answer {
	w.t.Helper()
	res, err := client.Do(r)
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

func (w *world) get(path string, headers ...string) answer {
	w.t.Helper()
	return w.do(w.req("GET", path, "", headers...))
}

func (w *world) post(path string, form url.Values, headers ...string) answer {
	w.t.Helper()
	return w.do(w.req("POST", path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...))
}

func as(token string) []string { return []string{"Cookie", "trellis=" + token} }

// raw sends bytes and returns what comes back until the server closes, less
// the date.
func (w *world) raw(send string) string {
	w.t.Helper()
	c, err := net.Dial("tcp", w.srv.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, send); err != nil {
		w.t.Fatal(err)
	}
	var out strings.Builder
	sc := bufio.NewReader(c)
	for {
		line, err := sc.ReadString('\n')
		if !strings.HasPrefix(line, "Date: ") {
			out.WriteString(line)
		}
		if err != nil {
			return out.String()
		}
	}
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func page(s string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Render(w, r, 200, text(s)) }
}

// eventually waits for something that another goroutine does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		_ = clock.Sleep(context.Background(), clock.System(), 5*time.Millisecond)
	}
	t.Fatalf("never happened: %s", what)
}
