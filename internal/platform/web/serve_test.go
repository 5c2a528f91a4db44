package web_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// certificate writes a new certificate for desk.example and returns it.
func certificate(t *testing.T, dir string, serial int64) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.System().Now()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "desk.example"}, DNSNames: []string{"desk.example"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	kb, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	stamp := now.Add(time.Duration(serial) * time.Second)
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "EC PRIVATE KEY", Bytes: kb}} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		_ = os.Chtimes(file, stamp, stamp)
	}
	parsed, _ := x509.ParseCertificate(der)
	return parsed
}

func TestServeWithTLS(t *testing.T) {
	dir := t.TempDir()
	first := certificate(t, dir, 1)
	w := build(t, func(d *web.Deps) { d.BaseURL = &url.URL{Scheme: "https", Host: "desk.example"} })
	s := web.NewStream(web.StreamOptions{WritePause: 100 * time.Millisecond})
	w.m.Route("GET /proto", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprintf(rw, "%s %s", r.Proto, tls.VersionName(r.TLS.Version))
		return err
	})
	started, release := make(chan struct{}), make(chan struct{})
	w.m.Route("GET /long", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		close(started)
		<-release
		return page("finished")(rw, r)
	})
	w.m.Route("GET /events", policy.Public, func(rw http.ResponseWriter, r *http.Request) error {
		return s.Serve(rw, r, web.Subscriber{Session: "x", Filter: func(context.Context, web.Change) bool { return true }})
	})

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var addr, redirect net.Addr
	bound, served := make(chan struct{}), make(chan error, 1)
	go func() {
		served <- web.Serve(ctx, web.ServerOptions{
			Addr: "127.0.0.1:0", Redirect: "127.0.0.1:0", BaseURL: &url.URL{Scheme: "https", Host: "desk.example"},
			Handler: w.m, Clock: w.clock, TLS: &web.TLSFiles{Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem")},
			OnListen: func(a, r net.Addr) { addr, redirect = a, r; close(bound) }, OnShutdown: s.Close,
		})
	}()
	select {
	case <-bound:
	case err := <-served:
		t.Fatal(err)
	}
	browser := func(trust *x509.Certificate, max uint16) *http.Client {
		pool := x509.NewCertPool()
		pool.AddCert(trust)
		return &http.Client{Transport: &http.Transport{
			ForceAttemptHTTP2: true,
			TLSClientConfig:   &tls.Config{RootCAs: pool, MaxVersion: max},
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "tcp", addr.String())
			},
		}}
	}
	fetch := func(c *http.Client, path string) string {
		res, err := c.Get("https://desk.example" + path)
		if err != nil {
			return "error: " + err.Error()
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return string(b)
	}
	c := browser(first, 0)
	if got := fetch(c, "/proto"); got != "HTTP/2.0 TLS 1.3" {
		t.Errorf("protocol: %s", got)
	}
	if got := fetch(browser(first, tls.VersionTLS11), "/proto"); !strings.HasPrefix(got, "error") {
		t.Errorf("TLS 1.1: %s", got)
	}

	// Plain HTTP leads to the base address, whatever host was asked for.
	for path, want := range map[string]string{"/a?b=c": "https://desk.example/a?b=c", "//evil.example/x": "https://desk.example/"} {
		r, _ := http.NewRequest("GET", "http://"+redirect.String()+path, nil)
		r.Host = "evil.example"
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 308 || res.Header.Get("Location") != want {
			t.Errorf("%s leads to %d %q", path, res.StatusCode, res.Header.Get("Location"))
		}
	}

	// A stream survives being silent for longer than one write may take.
	res, err := c.Get("https://desk.example/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	eventually(t, "it listens", func() bool { return s.Subscribers() == 1 })
	_ = clock.Sleep(ctx, clock.System(), 300*time.Millisecond)
	s.Publish(change(9, 1))
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data:") {
	}
	if !strings.Contains(lines.Text(), `"id":9`) {
		t.Errorf("after silence: %q (%v)", lines.Text(), lines.Err())
	}

	// A renewed certificate is picked up; a broken one is not.
	second := certificate(t, dir, 2)
	w.clock.Advance(time.Minute)
	if got := fetch(browser(second, 0), "/proto"); !strings.HasPrefix(got, "HTTP/2.0") {
		t.Errorf("renewed certificate: %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	if got := fetch(browser(second, 0), "/proto"); !strings.HasPrefix(got, "HTTP/2.0") {
		t.Errorf("broken renewal: %s", got)
	}

	// Stopping lets what runs end.
	answered := make(chan string, 1)
	go func() { answered <- fetch(c, "/long") }()
	<-started
	stop()
	_ = clock.Sleep(context.Background(), clock.System(), 20*time.Millisecond)
	close(release)
	if got := <-answered; got != "finished" {
		t.Errorf("a running request at shutdown: %s", got)
	}
	if err := <-served; err != nil {
		t.Errorf("serve: %v", err)
	}
	if _, err := net.Dial("tcp", addr.String()); err == nil {
		t.Error("still listening")
	}
}

func TestServeRefusesHalfASetup(t *testing.T) {
	for name, o := range map[string]web.ServerOptions{
		"no such file":     {Addr: "127.0.0.1:0", TLS: &web.TLSFiles{Cert: "missing.pem", Key: "missing.pem"}},
		"both":             {Addr: "127.0.0.1:0", TLS: &web.TLSFiles{}, ACME: &web.ACME{}},
		"ACME for any":     {Addr: "127.0.0.1:0", ACME: &web.ACME{Cache: "x"}},
		"no such address":  {Addr: "203.0.113.1:1"},
		"no such redirect": {Addr: "127.0.0.1:0", Redirect: "203.0.113.1:1"},
	} {
		if err := web.Serve(t.Context(), o); err == nil {
			t.Errorf("%s: served", name)
		}
	}
}
