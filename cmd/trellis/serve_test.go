package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A page that is open, with its event stream, does not hold up the end.
func TestStopsWithAnOpenPage(t *testing.T) {
	data := filepath.Join(t.TempDir(), "demo")
	s := begin(t, "--data", data, "demo", "--scale", "0", "--addr", freeAddr(t))
	s.prints("Stop with Ctrl C")
	raw, err := os.ReadFile(filepath.Join(data, demoMark))
	if err != nil {
		t.Fatal(err)
	}
	var file demoFile
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	page, err := browser.Get(file.People[0].SignIn)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	stream, err := browser.Get(file.Address + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if stream.StatusCode != 200 || !strings.HasPrefix(stream.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("the stream answered %d %s", stream.StatusCode, stream.Header.Get("Content-Type"))
	}
	listened := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, bufio.NewReader(stream.Body))
		listened <- err
	}()
	if err := s.end(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	// A stream that the server let go ends like any answer; one that was cut
	// when the grace ran out breaks off, and the server says so.
	if err := <-listened; err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	if strings.Contains(s.err.String(), "requests were cut") {
		t.Errorf("the page was waited for until the grace ran out:\n%s", s.err.String())
	}
}

// One district that can't be opened does not take the others down; alone it
// is the end, with its reason.
func TestServesTheOthers(t *testing.T) {
	data, addr := t.TempDir(), freeAddr(t)
	for _, slug := range []string{"juniper", "marsh"} {
		if out, err := command(t, "--data", data, "district", "add", slug, "--base-url", "http://"+slug+".example:8420"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	damage(t, data, "juniper")
	s := begin(t, "--data", data, "serve", "--addr", addr)
	s.prints("district juniper can't be opened; the others are served")
	s.prints("http://marsh.example:8420/setup?key=")
	for host, want := range map[string]int{"marsh.example": http.StatusOK, "juniper.example": http.StatusServiceUnavailable, "other.example": http.StatusMisdirectedRequest} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+addr+"/sign-in", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s answered %d, want %d", host, res.StatusCode, want)
		}
	}
	if err := s.end(); err != nil {
		t.Errorf("it ended with %v", err)
	}

	alone := t.TempDir()
	damage(t, alone, "district")
	if out, err := command(t, "--data", alone, "serve", "--addr", freeAddr(t)); err == nil {
		t.Errorf("a server without a district that can be opened went on and ended well:\n%s", out)
	}
}

// A district that is added while the server runs is opened, and its invitation
// printed, without a restart and without a visitor.
func TestAddedWhileServing(t *testing.T) {
	data := t.TempDir()
	s := begin(t, "--data", data, "serve", "--addr", freeAddr(t))
	s.prints("district is not set up yet")
	if out, err := command(t, "--data", data, "district", "add", "cedar", "--base-url", "http://cedar.example:8420"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.prints("http://cedar.example:8420/setup?key=")
	if err := s.end(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	out, err := command(t, "--data", data, "district", "list")
	if err != nil || strings.Count(out, "nothing due") != 2 {
		t.Errorf("after a clean stop something is due in empty districts: %v\n%s", err, out)
	}
}
