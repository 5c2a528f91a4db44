package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// taker is a form's handler that counts what it took in.
type taker struct{ done, saved atomic.Int64 }

func (k *taker) form(rw http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	k.done.Add(1)
	return web.Redirect(rw, r, "/")
}

func (k *taker) file(rw http.ResponseWriter, r *http.Request) error {
	f, err := web.Upload(r, "photo", 1<<20, func(_, _ string, in io.Reader) error {
		n, err := io.Copy(io.Discard, in)
		k.saved.Add(n)
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	k.done.Add(1)
	return web.Render(rw, r, 200, text(f.String("title")))
}

// talk sends parts of a request with a pause before each but the first and
// returns the answer's first line.
func talk(t *testing.T, addr string, parts ...string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for i, p := range parts {
		if i > 0 {
			_ = clock.Sleep(context.Background(), clock.System(), 50*time.Millisecond)
		}
		if p == "EOF" {
			_ = c.(*net.TCPConn).CloseWrite()
			continue
		}
		if _, err := io.WriteString(c, p); err != nil {
			break
		}
	}
	b, _ := io.ReadAll(c)
	line, _, _ := strings.Cut(string(b), "\r\n")
	return line
}

func TestBodiesThatAreHugeHalfOrSlow(t *testing.T) {
	w := build(t, nil)
	var k taker
	w.m.Route("POST /form", policy.Public, k.form, web.BodyTime(300*time.Millisecond))
	w.m.Route("POST /file", policy.Public, k.file, web.MaxBody(4<<20), web.BodyTime(300*time.Millisecond))
	w.serve()
	addr := w.srv.Listener.Addr().String()
	head := func(path, kind, length string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + kind + "\r\n" + length + "\r\n\r\n"
	}
	const form, multi = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
	part := "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n"
	for _, c := range []struct {
		name string
		want string
		send []string
	}{
		{"announced too large", "HTTP/1.1 413", []string{head("/form", form, "Content-Length: 9999999999")}},
		{"chunks without end", "HTTP/1.1 413", []string{head("/form", form, "Transfer-Encoding: chunked") + strings.Repeat("10000\r\n"+strings.Repeat("a", 0x10000)+"\r\n", 17) + "0\r\n\r\n"}},
		{"half a form", "HTTP/1.1 422", []string{head("/form", form, "Content-Length: 100") + "title=a", "EOF"}},
		{"half a chunk", "HTTP/1.1 422", []string{head("/form", form, "Transfer-Encoding: chunked") + "10\r\ntitle", "EOF"}},
		{"broken escape", "HTTP/1.1 422", []string{head("/form", form, "Content-Length: 6") + "a=%zz1"}},
		{"stalled form", "HTTP/1.1 422", []string{head("/form", form, "Content-Length: 100") + "title=a"}},
		{"dripping form", "HTTP/1.1 422", append([]string{head("/form", form, "Content-Length: 12")}, strings.Split(strings.Repeat("a", 12), "")...)},
		{"another kind", "HTTP/1.1 422", []string{head("/form", "text/plain", "Content-Length: 3") + "a=b"}},
		{"json", "HTTP/1.1 422", []string{head("/form", "application/json", "Content-Length: 2") + "{}"}},
		{"no boundary", "HTTP/1.1 422", []string{head("/file", "multipart/form-data", "Content-Length: 2") + "{}"}},
		{"half a file", "HTTP/1.1 422", []string{head("/file", multi, "Content-Length: 5000") + part + "abc", "EOF"}},
		{"a file without its end", "HTTP/1.1 422", []string{head("/file", multi, "Content-Length: "+fmt.Sprint(len(part)+3)) + part + "abc"}},
		{"stalled file", "HTTP/1.1 422", []string{head("/file", multi, "Content-Length: 5000") + part + "abc"}},
		{"file in a form without files", "HTTP/1.1 422", []string{head("/form", multi, "Content-Length: "+fmt.Sprint(len(part)+3+9)) + part + "abc\r\n--B--\r\n"}},
	} {
		if got := talk(t, addr, c.send...); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %s", c.name, got, c.want)
		}
	}
	if k.done.Load() != 0 {
		t.Errorf("%d of the broken bodies were taken", k.done.Load())
	}
	if got := talk(t, addr, head("/form", form, "Content-Length: 7")+"title=a"); !strings.HasPrefix(got, "HTTP/1.1 303") || k.done.Load() != 1 {
		t.Errorf("a sound form: %q, taken %d", got, k.done.Load())
	}
	// The deadline of a body must not reach into the work that follows it.
	slow := build(t, nil)
	slow.m.Route("POST /work", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		if _, err := web.ReadForm(r); err != nil {
			return err
		}
		if err := clock.Sleep(r.Context(), clock.System(), 400*time.Millisecond); err != nil {
			return err
		}
		return page("done")(rw, r)
	}, web.BodyTime(100*time.Millisecond))
	slow.serve()
	if a := slow.post("/work", url.Values{"a": {"b"}}); a.body != "done" {
		t.Errorf("long work after a short body: %d %s", a.StatusCode, a.body)
	}
}

// Who does not read what they asked for is let go.
func TestAnswersThatNobodyReads(t *testing.T) {
	w := build(t, nil)
	failed := make(chan error, 1)
	w.m.Route("GET /endless", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		block := make([]byte, 64<<10)
		for {
			if _, err := rw.Write(block); err != nil {
				failed <- err
				return err
			}
		}
	}, web.AnswerTime(200*time.Millisecond))
	w.serve()
	c, err := net.Dial("tcp", w.srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
	late, stop := clock.System().After(10 * time.Second)
	defer stop()
	select {
	case err := <-failed:
		if ne, ok := errors.AsType[net.Error](err); !ok || !ne.Timeout() {
			t.Errorf("ended by %v", err)
		}
	case <-late:
		t.Error("still writing to nobody")
	}
}

func upload(t *testing.T, w *world, path string, write func(m *multipart.Writer), headers ...string) answer {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	write(m)
	_ = m.Close()
	return w.do(w.req("POST", path, b.String(), append([]string{"Content-Type", m.FormDataContentType()}, headers...)...))
}

func file(m *multipart.Writer, field, name, content string) {
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="`+field+`"; filename="`+name+`"`)
	h.Set("Content-Type", "image/png")
	p, _ := m.CreatePart(h)
	_, _ = io.WriteString(p, content)
}

func TestUpload(t *testing.T) {
	w := build(t, nil)
	var k taker
	var names []string
	w.m.Route("POST /file", policy.Public, k.file, web.MaxBody(4<<20))
	w.m.Route("POST /lazy", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		_, err := web.Upload(r, "photo", 1<<20, func(name, _ string, _ io.Reader) error { names = append(names, name); return nil })
		if err != nil {
			return err
		}
		return page("ok")(rw, r)
	}, web.MaxBody(4<<20))
	w.m.Route("POST /full", policy.Public, func(_ http.ResponseWriter, r *http.Request) error {
		_, err := web.Upload(r, "photo", 1<<20, func(string, string, io.Reader) error { return errs.E(errs.NoSpace, "") })
		return err
	})
	w.serve()

	a := upload(t, w, "/file", func(m *multipart.Writer) {
		file(m, "photo", "a.png", strings.Repeat("x", 1<<20))
		file(m, "photo", "", "") // nothing chosen
		_ = m.WriteField("title", "  Projector\r\n ")
		file(m, "photo", "b.png", "yyy")
	})
	if a.body != "Projector" || k.saved.Load() != 1<<20+3 {
		t.Errorf("%d %q, saved %d", a.StatusCode, a.body, k.saved.Load())
	}
	if a = upload(t, w, "/file", func(m *multipart.Writer) { file(m, "photo", "a.png", strings.Repeat("x", 1<<20+1)) }); a.StatusCode != 413 || !strings.Contains(a.body, "1.0 MB") {
		t.Errorf("a file over its limit: %d %s", a.StatusCode, a.body)
	}
	if a = upload(t, w, "/file", func(m *multipart.Writer) { file(m, "other", "a.png", "x") }); a.StatusCode != 422 {
		t.Errorf("a file nobody asked for: %d", a.StatusCode)
	}
	if a = upload(t, w, "/file", func(m *multipart.Writer) { _ = m.WriteField("title", strings.Repeat("x", 1<<20+1)) }); a.StatusCode != 413 {
		t.Errorf("a field over the limit: %d", a.StatusCode)
	}
	if a = upload(t, w, "/file", func(m *multipart.Writer) {
		for range 1001 {
			_ = m.WriteField("t", "")
		}
	}); a.StatusCode != 413 {
		t.Errorf("too many parts: %d", a.StatusCode)
	}
	if a = upload(t, w, "/full", func(m *multipart.Writer) { file(m, "photo", "a.png", "x") }); a.StatusCode != 507 {
		t.Errorf("what the store says: %d", a.StatusCode)
	}
	long := strings.Repeat("n", 300) + ".jpeg"
	bad := []string{"../../etc/passwd", `C:\temp\x.png`, "a\u202egnp.exe", "z\u200bw.htaccess", "..", "", long, "Straße 7.png"}
	a = upload(t, w, "/lazy", func(m *multipart.Writer) {
		for _, n := range bad {
			file(m, "photo", n, "content")
		}
	})
	want := []string{"passwd", "x.png", "agnp.exe", "zw.htaccess", "file", "file", strings.Repeat("n", 195) + ".jpeg", "Straße 7.png"}
	if a.StatusCode != 200 || fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("%d names %q, want %q", a.StatusCode, names, want)
	}
}

// A double click sends one form twice at once. The second waits for the first
// and both carry one key, under which the command's transaction happens once.
func TestADoubleClickWaits(t *testing.T) {
	w := build(t, nil)
	var running, most atomic.Int64
	var mu sync.Mutex
	var keys []idem.Key
	note := func(rw http.ResponseWriter, r *http.Request) error {
		k, ok := idem.From(r.Context())
		if !ok {
			return errors.New("no key")
		}
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		_ = clock.Sleep(r.Context(), clock.System(), 30*time.Millisecond)
		mu.Lock()
		keys = append(keys, k)
		mu.Unlock()
		return web.Redirect(rw, r, "/")
	}
	w.m.Route("POST /ask", policy.SignedIn, func(rw http.ResponseWriter, r *http.Request) error {
		if _, err := web.ReadForm(r); err != nil {
			return err
		}
		return note(rw, r)
	})
	w.m.Route("POST /photo", policy.SignedIn, func(rw http.ResponseWriter, r *http.Request) error {
		if _, err := web.Upload(r, "photo", 1<<20, func(string, string, io.Reader) error { return nil }); err != nil {
			return err
		}
		return note(rw, r)
	})
	w.serve()
	send := func(path, key, title, who string) answer {
		if path == "/photo" {
			return upload(t, w, path, func(m *multipart.Writer) {
				_ = m.WriteField("_key", key)
				file(m, "photo", "a.png", title)
			}, as(who)...)
		}
		return w.post(path, url.Values{"_key": {key}, "title": {title}, "other": {"z"}}, as(who)...)
	}
	for _, path := range []string{"/ask", "/photo"} {
		keys = nil
		most.Store(0)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if a := send(path, "k1", "Projector", "lead-token"); a.StatusCode != 303 {
					t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
				}
			})
		}
		wg.Wait()
		if most.Load() != 1 {
			t.Errorf("%s: %d ran at the same time", path, most.Load())
		}
		send(path, "k1", "Another", "lead-token")
		send(path, "k1", "Projector", "guest-token")
		for _, k := range keys[1:4] {
			if k != keys[0] {
				t.Errorf("%s: the same form has keys %v and %v", path, keys[0], k)
			}
		}
		if keys[4].Hash == keys[0].Hash || keys[4].Actor != keys[0].Actor {
			t.Errorf("%s: changed content is not noticed", path)
		}
		if keys[5].Actor == keys[0].Actor {
			t.Errorf("%s: two people share a key", path)
		}
	}
	for _, bad := range []string{strings.Repeat("k", 201), "k\n", "ключ"} {
		if a := send("/ask", bad, "x", "lead-token"); a.StatusCode != 422 {
			t.Errorf("key %q: %d", bad, a.StatusCode)
		}
	}
	if a := w.post("/ask", url.Values{"title": {"no key"}}, as("lead-token")...); a.StatusCode != 500 {
		t.Errorf("a form without a key has one: %d", a.StatusCode)
	}
}

func TestFormFields(t *testing.T) {
	w := build(t, nil)
	var got string
	var failed error
	w.m.Route("POST /f", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		f, err := web.ReadForm(r)
		if err != nil {
			return err
		}
		got = fmt.Sprintf("%q %q %q %q %v %d %d %d %s %d", f.String("line"), f.Text("lines"), f.Raw("pass"), f.Strings("tag"),
			f.Bool("yes"), f.Int("n"), f.ID("site"), f.IDs("people"), f.Date("day").Format("2006-01-02"), f.Version())
		failed = f.Err()
		return web.Redirect(rw, r, "/")
	})
	w.serve()
	w.post("/f", url.Values{
		"line": {"  a\x00 b\r\nc\x1b[31m\xff "}, "lines": {"\r\nfirst\r\nsecond\x07\rthird  \n\n"}, "pass": {"  p\x00w "},
		"tag": {"x", " y "}, "yes": {"on"}, "n": {"-12"}, "site": {"7"}, "people": {"3", "", "4"}, "day": {"2026-03-02"}, "version": {"5"},
	})
	want := `"a b  c [31m` + "\uFFFD" + `" "first\nsecond\nthird" "  pw " ["x" "y"] true -12 7 [3 4] 2026-03-02 5`
	if got != want || failed != nil {
		t.Errorf("read %s\nwant %s (%v)", got, want, failed)
	}
	w.post("/f", url.Values{"n": {"many"}, "site": {"-1"}, "people": {"x"}, "day": {"soon"}, "version": {"9999999999999999999"}})
	e, _ := failed.(*errs.Error)
	if e == nil || e.Kind != errs.Invalid || len(e.Fields) != 5 {
		t.Errorf("what is wrong with every field at once: %v", failed)
	}
}

func TestAnonymousSendersAreThrottled(t *testing.T) {
	w := build(t, func(d *web.Deps) { d.Anonymous = web.Rate{PerSecond: 1, Burst: 3} })
	var k taker
	w.m.Route("POST /f", policy.Public, k.form)
	w.m.Route("GET /g", policy.Public, page("g"))
	w.serve()
	status := func(from string, more ...string) int {
		return w.post("/f", nil, append([]string{"X-Forwarded-For", from}, more...)...).StatusCode
	}
	for range 3 {
		if s := status("2001:db8::1"); s != 303 {
			t.Fatalf("within the burst: %d", s)
		}
	}
	a := w.post("/f", nil, "X-Forwarded-For", "2001:db8::2")
	if a.StatusCode != 429 || a.Header.Get("Retry-After") != "1" {
		t.Errorf("a neighbor in the same /64: %d %v", a.StatusCode, a.Header)
	}
	if s := status("2001:db8:0:1::1"); s != 303 {
		t.Errorf("another client: %d", s)
	}
	if s := status("2001:db8::1", as("guest-token")...); s != 303 {
		t.Errorf("somebody signed in: %d", s)
	}
	if a := w.get("/g", "X-Forwarded-For", "2001:db8::1"); a.StatusCode != 200 {
		t.Errorf("reading: %d", a.StatusCode)
	}
	w.clock.Advance(time.Second)
	if s := status("2001:db8::1"); s != 303 {
		t.Errorf("a second later: %d", s)
	}
}

// A file reaches its place while the rest of it is still being sent.
func TestUploadStreams(t *testing.T) {
	w := build(t, nil)
	const bytes = 16 << 20
	var sum [32]byte
	var sent atomic.Int64
	early := false
	w.m.Route("POST /big", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		_, err := web.Upload(r, "f", bytes, func(_, _ string, in io.Reader) error {
			h := sha256.New()
			if _, err := io.CopyN(h, in, 1<<20); err != nil {
				return err
			}
			early = sent.Load() < bytes
			_, err := io.Copy(h, in)
			sum = [32]byte(h.Sum(nil))
			return err
		})
		if err != nil {
			return err
		}
		return page("ok")(rw, r)
	}, web.MaxBody(bytes+1<<20))
	w.serve()
	pr, pw := io.Pipe()
	m := multipart.NewWriter(pw)
	want := sha256.New()
	go func() {
		p, _ := m.CreateFormFile("f", "big.bin")
		block := []byte(strings.Repeat("0123456789abcdef", 64<<10/16))
		for range bytes / len(block) {
			_, _ = io.MultiWriter(p, want).Write(block)
			sent.Add(int64(len(block)))
		}
		_ = m.Close()
		_ = pw.Close()
	}()
	r, _ := http.NewRequest("POST", w.srv.URL+"/big", pr)
	r.Header.Set("Content-Type", m.FormDataContentType())
	if a := w.do(r); a.StatusCode != 200 || [32]byte(want.Sum(nil)) != sum || !early {
		t.Errorf("%d, content equal: %v, seen early: %v", a.StatusCode, [32]byte(want.Sum(nil)) == sum, early)
	}
}
