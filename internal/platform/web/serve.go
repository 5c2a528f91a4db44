package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"trellis/internal/platform/clock"
)

// ServerOptions say where and how to listen.
type ServerOptions struct {
	Addr    string // "host:port"; port 0 takes a free one
	Handler http.Handler
	Log     *slog.Logger
	Clock   clock.Clock

	// At most one of the two; neither means plain HTTP, for a demonstration
	// on this machine or behind a named proxy.
	TLS  *TLSFiles
	ACME *ACME

	// Redirect is a second address, usually ":80", that sends everybody to
	// BaseURL and answers the certificate authority. "" for none.
	Redirect string
	BaseURL  *url.URL

	// Grace is how long running requests may take to end when the context
	// does; 0 means 15 seconds.
	Grace time.Duration
	// OnListen hears the bound addresses: the server's, and the redirect's if
	// there is one.
	OnListen func(addr net.Addr, redirect net.Addr)
	// OnShutdown is called when shutting down begins, to end event streams.
	OnShutdown func()
}

// ACME fetches certificates from a certificate authority that speaks RFC 8555.
type ACME struct {
	Hosts     []string // the names to ask for, nothing else is asked for
	Cache     string   // folder for keys and certificates
	Email     string   // for the authority's warnings
	Directory string   // the authority's directory address; "" for its library's default
}

// Serve listens and answers until ctx ends, then lets running requests end.
// It returns nil after such an end.
func Serve(ctx context.Context, o ServerOptions) error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.Grace == 0 {
		o.Grace = 15 * time.Second
	}
	conf, manager, err := tlsConfig(o)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	srv := newServer(o, o.Handler)
	srv.TLSConfig = conf
	if o.OnShutdown != nil {
		srv.RegisterOnShutdown(o.OnShutdown)
	}
	servers := []*http.Server{srv}
	done := make(chan error, 2)

	var redirectAddr net.Addr
	if o.Redirect != "" {
		rln, err := net.Listen("tcp", o.Redirect)
		if err != nil {
			_ = ln.Close()
			return fmt.Errorf("listen for redirects: %w", err)
		}
		redirectAddr = rln.Addr()
		h := redirectTo(o.BaseURL)
		if manager != nil {
			h = manager.HTTPHandler(h)
		}
		second := newServer(o, h)
		servers = append(servers, second)
		go func() { done <- second.Serve(rln) }()
	}
	go func() {
		if conf != nil {
			done <- srv.ServeTLS(ln, "", "")
		} else {
			done <- srv.Serve(ln)
		}
	}()
	if o.OnListen != nil {
		o.OnListen(ln.Addr(), redirectAddr)
	}

	var failed error
	left := len(servers)
	select {
	case <-ctx.Done():
	case failed = <-done:
		left--
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Grace)
	defer cancel()
	for _, s := range servers {
		if err := s.Shutdown(grace); err != nil {
			o.Log.Warn("requests were cut at shutdown", "err", err)
			_ = s.Close()
		}
	}
	for range left {
		if err := <-done; failed == nil {
			failed = err
		}
	}
	if errors.Is(failed, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve: %w", failed)
}

// newServer bounds what a client can hold open: headers within 10 seconds and
// 64 KiB, an idle connection for two minutes. Bodies and answers have
// deadlines of their own by route.
func newServer(o ServerOptions, h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 100, SendPingTimeout: 30 * time.Second},
	}
}

func tlsConfig(o ServerOptions) (*tls.Config, *autocert.Manager, error) {
	switch {
	case o.TLS != nil && o.ACME != nil:
		return nil, nil, errors.New("serve: certificate files and ACME exclude each other")
	case o.TLS != nil:
		c := &certificate{files: *o.TLS, clock: o.Clock, log: o.Log}
		if err := c.load(); err != nil {
			return nil, nil, fmt.Errorf("certificate: %w", err)
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}, nil, nil
	case o.ACME != nil:
		if len(o.ACME.Hosts) == 0 || o.ACME.Cache == "" {
			return nil, nil, errors.New("serve: ACME needs host names and a folder")
		}
		m := &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			HostPolicy: autocert.HostWhitelist(o.ACME.Hosts...),
			Cache:      autocert.DirCache(o.ACME.Cache),
			Email:      o.ACME.Email,
		}
		if o.ACME.Directory != "" {
			m.Client = &acme.Client{DirectoryURL: o.ACME.Directory}
		}
		conf := m.TLSConfig()
		conf.MinVersion = tls.VersionTLS12
		return conf, m, nil
	}
	return nil, nil, nil
}

// redirectTo sends everybody to the base address, whatever host they asked
// for: a header must not decide where people go.
func redirectTo(base *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if base == nil || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			http.Error(w, "use https", http.StatusBadRequest)
			return
		}
		to := *base
		to.Path, to.RawPath, to.RawQuery = "/", "", ""
		if p := r.URL.RequestURI(); LocalPath(p) {
			if u, err := url.Parse(p); err == nil {
				to.Path, to.RawPath, to.RawQuery = u.Path, u.RawPath, u.RawQuery
			}
		}
		w.Header().Set("Location", to.String())
		w.WriteHeader(http.StatusPermanentRedirect)
	})
}
