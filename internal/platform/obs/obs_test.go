package obs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"trellis/internal/platform/obs"
	"trellis/internal/platform/policy"
)

// What comes from outside can forge neither a line of the log nor what a
// terminal shows of it, and secrets stay out by their name.
func TestLogCantBeForged(t *testing.T) {
	hostile := "x\nlevel=ERROR msg=forged\r\t\x1b[31mred\x1b]0;title\x07\u009b31m\u202egnp\u2028next\x00\xff\u200b" + strings.Repeat("A", 10<<10)
	ctx := policy.WithActor(context.Background(), policy.Actor{RequestID: "abc123"})
	for _, asJSON := range []bool{false, true} {
		var b bytes.Buffer
		log := obs.NewLog(&b, obs.LogOptions{JSON: asJSON, Level: slog.LevelInfo})
		log.InfoContext(ctx, hostile, "text", hostile, "err", errors.New(hostile), "any", struct{ S string }{hostile}, "bytes", []byte(hostile),
			"password", "hunter2", "api_token", "hunter2", slog.Group("mail", "Authorization", "hunter2", "from", hostile))
		log.DebugContext(ctx, "not at this level")
		line := strings.TrimSuffix(b.String(), "\n")
		for i, c := range line {
			if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028' {
				t.Errorf("json %v: %U at %d in the log", asJSON, c, i)
			}
		}
		if strings.Contains(line, "hunter2") || !strings.Contains(line, "[redacted]") || strings.Contains(line, "not at this level") {
			t.Errorf("json %v: %.300s", asJSON, line)
		}
		if !strings.Contains(line, "abc123") || len(line) > 40<<10 {
			t.Errorf("json %v: no request id, or too long: %d bytes", asJSON, len(line))
		}
		if asJSON {
			var m map[string]any
			if err := json.Unmarshal([]byte(line), &m); err != nil || m["request_id"] != "abc123" || !strings.HasPrefix(fmt.Sprint(m["text"]), `x\nlevel=ERROR`) {
				t.Errorf("%v %v", err, m["text"])
			}
		}
		// A line that names its request says it once.
		b.Reset()
		log.InfoContext(ctx, "x", "request_id", "other")
		log.With("request_id", "third").InfoContext(ctx, "x")
		if s := b.String(); strings.Contains(s, "abc123") || strings.Count(s, "request_id") != 2 {
			t.Errorf("json %v: %s", asJSON, s)
		}
	}
}

func TestMetrics(t *testing.T) {
	r := obs.NewRegistry()
	r.HTTP("GET", "GET /things/{id}", 200, 3*time.Millisecond, 100)
	r.HTTP("GET", "GET /things/{id}", 200, 30*time.Millisecond, 150)
	r.HTTP("BREW", "unknown", 404, 0, 0)
	r.HTTP("PROPFIND", "unknown", 404, 0, 0)
	waiting := 4.0
	remove := r.Add(obs.SourceFunc(func() []obs.Figure {
		return []obs.Figure{
			{Name: "trellis_jobs_waiting", Help: "Jobs that wait.", Value: waiting, Labels: map[string]string{"district": "a"}},
			{Name: "trellis_writes_total", Help: "Writes.", Counter: true, Value: 7},
			{Name: "not a name", Value: 1},
		}
	}))
	scrape := func() string {
		rec := httptest.NewRecorder()
		r.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
		return rec.Body.String()
	}
	got := scrape()
	for _, want := range []string{
		`trellis_http_requests_total{method="GET",route="GET /things/{id}",status="200"} 2`,
		`trellis_http_requests_total{method="other",route="unknown",status="404"} 2`,
		`trellis_http_request_seconds_bucket{route="GET /things/{id}",le="0.005"} 1`,
		`trellis_http_answer_bytes_total{route="GET /things/{id}"} 250`,
		`trellis_jobs_waiting{district="a"} 4`,
		"# TYPE trellis_writes_total counter",
		"go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s", want)
		}
	}
	waiting = 5
	if !strings.Contains(scrape(), `trellis_jobs_waiting{district="a"} 5`) {
		t.Error("a figure is not asked anew")
	}
	remove()
	if strings.Contains(scrape(), "trellis_jobs_waiting") {
		t.Error("a closed source is still asked")
	}
	obs.NewRegistry() // two in one process never meet
}

func TestHealth(t *testing.T) {
	var b bytes.Buffer
	h := obs.NewHealth(obs.NewLog(&b, obs.LogOptions{}))
	ask := func(f http.HandlerFunc) (int, string) {
		rec := httptest.NewRecorder()
		f(rec, httptest.NewRequest("GET", "/", nil))
		body, _ := io.ReadAll(rec.Body)
		return rec.Code, strings.TrimSpace(string(body))
	}
	fail := error(nil)
	h.Add("database", func(context.Context) error { return fail })
	h.Add("jobs", func(context.Context) error { return nil })
	if code, body := ask(h.Ready); code != 200 || body != `{"status":"ok","checks":{"database":"ok","jobs":"ok"}}` {
		t.Errorf("%d %s", code, body)
	}
	fail = errors.New("password authentication failed for 10.0.0.5")
	code, body := ask(h.Ready)
	if code != 503 || body != `{"status":"failing","checks":{"database":"failing","jobs":"ok"}}` {
		t.Errorf("%d %s", code, body)
	}
	if !strings.Contains(b.String(), "10.0.0.5") {
		t.Error("the log does not say why")
	}
	h.Add("broken", func(context.Context) error { panic("x") })
	release := make(chan struct{})
	defer close(release)
	h.Add("hanging", func(context.Context) error { <-release; return nil })
	if code, body := ask(h.Ready); code != 503 || !strings.Contains(body, `"broken":"failing"`) || !strings.Contains(body, `"hanging":"failing"`) {
		t.Errorf("%d %s", code, body)
	}
	if code, body := ask(h.Live); code != 200 || body != `{"status":"ok"}` {
		t.Errorf("alive: %d %s", code, body)
	}
}
