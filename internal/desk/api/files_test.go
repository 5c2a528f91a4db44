package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/testkit"
)

// stored counts the files in the district's folder, half-written ones too.
func (w *world) stored() (n int) {
	w.t.Helper()
	err := filepath.WalkDir(w.blobs, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestFilesUpAndDown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		none := w.stored()
		picture := testkit.PNG("here")
		up := w.upload(w.tessa, "../Foto número 1.png", picture, 201, "file.added", "Idempotency-Key: f1")
		if up.text("type") != "image/png" || up.num("size") != int64(len(picture)) || strings.Contains(up.text("name"), "/") {
			t.Fatal(up.raw)
		}
		again := w.upload(w.tessa, "../Foto número 1.png", picture, 201, "", "Idempotency-Key: f1")
		if again.num("id") != up.num("id") {
			t.Fatalf("%s then %s", up.raw, again.raw)
		}
		other := w.upload(w.tessa, "../Foto número 1.png", testkit.PNG("there"), 201, "file.added", "Idempotency-Key: f1")
		if other.num("id") == up.num("id") {
			t.Fatal("another picture under the same key is lost")
		}

		path := at("/files", up.num("id"))
		down := w.send(w.tessa, "GET", path, "", nil)
		if down.status != 200 || down.raw != string(picture) || !strings.HasPrefix(down.header.Get("Content-Disposition"), "attachment") {
			t.Fatal(down.status, down.header)
		}
		part := w.send(w.tessa, "GET", path, "", nil, "Range: bytes=1-3")
		if part.status != 206 || part.raw != string(picture[1:4]) {
			t.Fatal(part.status, part.raw)
		}
		w.want(w.tessa, "GET", path+"/preview", nil, 404, "") // not made yet
		must[int](t)(w.jobs.Drain(system()))
		w.events()
		small := w.send(w.tessa, "GET", path+"/preview", "", nil)
		if small.status != 200 || small.header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(small.header.Get("Content-Disposition"), "inline") || !strings.HasPrefix(small.raw, "\xff\xd8\xff") {
			t.Fatal(small.status, small.header)
		}
		// Until it is used it is its uploader's alone.
		for _, more := range []string{"", "/preview"} {
			if hidden, missing := w.call(w.dana, "GET", path+more, nil), w.call(w.dana, "GET", "/files/999999"+more, nil); same(hidden) != same(missing) || hidden.status != 404 {
				t.Errorf("%s: %s, not %s", path+more, same(hidden), same(missing))
			}
		}
		w.want(w.dana, "POST", "/requests", obj{"text": "With their picture", "files": []int64{up.num("id")}}, 422, "")
		w.ask(w.tessa, obj{"text": "Look", "files": []int64{up.num("id")}})
		if a := w.send(w.dana, "GET", path, "", nil); a.status != 200 || a.raw != string(picture) {
			t.Fatal(a.status, a.raw)
		}

		page := w.upload(w.tessa, "page.html", []byte("<script>alert(1)</script>"), 201, "file.added")
		if a := w.send(w.tessa, "GET", at("/files", page.num("id")), "", nil); strings.Contains(a.header.Get("Content-Type"), "html") || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
			t.Fatal(a.header)
		}
		w.want(w.tessa, "GET", at("/files", page.num("id"))+"/preview", nil, 404, "")
		w.want(w.tessa, "GET", "/files/none", nil, 404, "")

		// What is wrong leaves nothing behind.
		kept := w.stored()
		if kept == none {
			t.Fatal("the test looks for files where there are none")
		}
		w.upload(w.tessa, "empty.txt", nil, 422, "")
		w.upload(w.tessa, "keyed.txt", []byte("x"), 422, "", "Idempotency-Key: "+strings.Repeat("k", 1000))
		w.upload(someone{}, "nobody.txt", []byte("x"), 401, "")
		w.upload(someone{token: "trl_nonsense"}, "nobody.txt", []byte("x"), 401, "")
		w.upload(someone{token: w.token(w.tessa.id, "requests:read")}, "reader.txt", []byte("x"), 403, "token.created")
		if n := w.stored(); n != kept {
			t.Errorf("%d files, not %d", n, kept)
		}
	})
}

// A body that is larger than may be, or that breaks off, is no file.
func TestUploadsThatFail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := w.stored()
		srv := httptest.NewServer(w.m)
		defer srv.Close()
		send := func(head, body string, whole bool) (status int) {
			t.Helper()
			c := must[net.Conn](t)(net.Dial("tcp", srv.Listener.Addr().String()))
			defer c.Close()
			fmt.Fprintf(c, "POST /api/v1/files?name=a.bin HTTP/1.1\r\nHost: jv.example\r\nConnection: close\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n%s", w.tessa.token, head, body)
			if !whole {
				_ = c.(*net.TCPConn).CloseWrite()
			}
			line := must[string](t)(bufio.NewReader(c).ReadString('\n'))
			if _, err := fmt.Sscanf(line, "HTTP/1.1 %d", &status); err != nil {
				t.Fatal(line)
			}
			return status
		}
		for _, s := range []struct {
			name, head, body string
			status           int
		}{
			{"whole", "Content-Length: 5", "whole", 201},
			{"announced too large", fmt.Sprintf("Content-Length: %d", desk.MaxFileSize+2), "", 413},
			{"broken off", "Content-Length: 1000", "only this much", 422},
			{"broken off in a chunk", "Transfer-Encoding: chunked", "8\r\nonly", 422},
			{"no chunk", "Transfer-Encoding: chunked", "zz\r\n", 422},
		} {
			got := send(s.head, s.body, s.status == 201)
			events := strings.Join(w.events(), " ")
			if got != s.status || (events == "file.added") != (s.status == 201) {
				t.Errorf("%s answers %d and logs %q", s.name, got, events)
			}
		}
		big := bytes.Repeat([]byte("x"), desk.MaxFileSize+1)
		a := w.upload(w.tessa, "big.bin", big, 413, "")
		if !strings.Contains(a.text("detail"), "26 MB") {
			t.Errorf("how much may be sent is not said: %s", a.raw)
		}
		w.upload(w.tessa, "full.bin", big[1:], 201, "file.added")
		if n := w.stored(); n != before+2 {
			t.Errorf("%d files, want %d", n, before+2)
		}
	})
}
