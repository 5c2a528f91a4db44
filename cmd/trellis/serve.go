package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"trellis/internal/app"
	"trellis/internal/app/server"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/obs"
	"trellis/internal/platform/web"
)

// listening is how the door to the network is built.
type listening struct {
	Addr      string  `help:"Address to listen on." default:"127.0.0.1:8420" env:"TRELLIS_ADDR" placeholder:"HOST:PORT"`
	BaseURL   string  `help:"Address that people use; links are built from it. Default: http:// and the listening address." env:"TRELLIS_BASE_URL" placeholder:"URL"`
	TLSCert   string  `help:"Certificate file, for HTTPS." env:"TRELLIS_TLS_CERT" placeholder:"FILE" type:"existingfile"`
	TLSKey    string  `help:"Its key file." env:"TRELLIS_TLS_KEY" placeholder:"FILE" type:"existingfile"`
	ACME      bool    `help:"Get a certificate by ACME for the host names of the data folder." env:"TRELLIS_ACME"`
	ACMEMail  string  `help:"E-mail address for the ACME account." env:"TRELLIS_ACME_MAIL" placeholder:"ADDRESS"`
	TokenRate float64 `help:"Requests a second that one API token may make, with a burst of ten times as many." default:"50" env:"TRELLIS_TOKEN_RATE"`
	Redirect  string  `help:"Also listen here for plain HTTP and send people to HTTPS." env:"TRELLIS_REDIRECT" placeholder:"HOST:PORT"`
}

type serveCmd struct {
	listening
	DSN     string `help:"PostgreSQL connection string for a new district; without it SQLite is used." env:"TRELLIS_DSN" placeholder:"DSN"`
	Metrics string `help:"Also serve Prometheus figures at this loopback address." env:"TRELLIS_METRICS" placeholder:"HOST:PORT"`
}

func (c *serveCmd) Run(e *env) error {
	if _, err := os.Stat(filepath.Join(e.data, demoMark)); err == nil {
		return fmt.Errorf("%s holds an example district; it is opened by `trellis demo`, never served", e.data)
	}
	reg, err := e.registry()
	if err != nil {
		return err
	}
	defer reg.Close()
	base, err := c.base()
	if err != nil {
		return err
	}
	list, err := reg.Districts(e.ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		if err := reg.Add(e.ctx, server.Entry{Slug: "district", BaseURL: base, DSN: c.DSN}, "*"); err != nil {
			return err
		}
	}
	in := invitations{e: e, seen: map[string]bool{}}
	return serve(e, reg, c.listening, serving{metrics: c.Metrics, opened: in.opened, ready: func(ctx context.Context, srv *server.Server) error {
		return openAll(ctx, e, reg, srv)
	}})
}

// openAll opens every district once, so that upgrades and invitations don't
// wait for a visitor. One that can't be opened does not take the others down,
// unless there are no others.
func openAll(ctx context.Context, e *env, reg *server.Registry, srv *server.Server) error {
	list, err := reg.Districts(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range list {
		err := srv.With(ctx, d.Slug, func(server.District) error { return nil })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			continue
		}
		if len(list) == 1 {
			return err
		}
		failed = append(failed, fmt.Errorf("district %s: %w", d.Slug, err))
		fmt.Fprintf(e.stderr, "district %s can't be opened; the others are served, and it is tried again when somebody asks for it: %v\n", d.Slug, err)
	}
	if len(failed) > 0 && len(failed) == len(list) {
		return fmt.Errorf("no district can be opened: %w", errors.Join(failed...))
	}
	return nil
}

// invitations prints the address of each district when it is opened for the
// first time: at start, or when it was added since. For one that nobody has
// set up it is the way in.
type invitations struct {
	e    *env
	mu   sync.Mutex
	seen map[string]bool
}

func (in *invitations) opened(ctx context.Context, d server.Entry, open server.District) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.seen[d.Slug] {
		return
	}
	key, err := open.(*app.District).SetupKey(ctx)
	if err != nil {
		in.e.log.Error("no key for setting up", "district", d.Slug, "err", err)
		return // at the next opening
	}
	in.seen[d.Slug] = true
	if key == "" {
		fmt.Fprintf(in.e.stdout, "%s: %s\n", d.Slug, d.BaseURL)
		return
	}
	u := d.BaseURL.JoinPath("setup")
	u.RawQuery = url.Values{"key": {key}}.Encode()
	fmt.Fprintf(in.e.stdout, "%s is not set up yet. Open this address once:\n\n  %s\n\n", d.Slug, u)
}

// base is the address that people use.
func (c *listening) base() (*url.URL, error) {
	s := c.BaseURL
	if s == "" {
		host, port, err := net.SplitHostPort(c.Addr)
		if err != nil {
			return nil, fmt.Errorf("--addr %s: %w", c.Addr, err)
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			return nil, errors.New("say which address people use (--base-url) when listening on every address")
		}
		scheme := "http"
		if c.TLSCert != "" || c.ACME {
			scheme = "https"
		}
		s = scheme + "://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("--base-url %q is no address like https://help.example.org", s)
	}
	return u, nil
}

// serving is what `serve` and `demo` do differently.
type serving struct {
	metrics string      // loopback address for figures, "" for none
	demo    *app.Demo   // nil: real districts
	clock   clock.Clock // nil: this machine's
	// opened hears of each district that was opened, ready when the server
	// listens.
	opened func(ctx context.Context, d server.Entry, open server.District)
	ready  func(ctx context.Context, srv *server.Server) error
}

// serve runs the server until the context ends.
func serve(e *env, reg *server.Registry, l listening, what serving) error {
	metrics := obs.NewRegistry()
	proxies, err := reg.Proxies(e.ctx)
	if err != nil {
		return err
	}
	if what.metrics != "" {
		if ap, err := netip.ParseAddrPort(what.metrics); err != nil || !ap.Addr().IsLoopback() {
			return fmt.Errorf("--metrics %s: figures are for this machine alone; use an address like 127.0.0.1:9420", what.metrics)
		}
	}
	srv := server.New(reg, func(ctx context.Context, d server.Entry, folder string) (server.District, error) {
		return app.OpenDistrict(ctx, app.Options{Slug: d.Slug, Folder: folder, DSN: d.DSN, BaseURL: d.BaseURL, Log: e.log, Proxies: proxies, Metrics: metrics, Demo: what.demo, TokenRate: l.TokenRate, Clock: what.clock})
	}, server.Options{Log: e.log, Clock: what.clock, None: http.HandlerFunc(nobody), Opened: what.opened})
	opt := web.ServerOptions{Addr: l.Addr, Handler: srv, Log: e.log, Redirect: l.Redirect, OnShutdown: srv.EndStreams}
	if l.TLSCert != "" {
		opt.TLS = &web.TLSFiles{Cert: l.TLSCert, Key: l.TLSKey}
	}
	if l.ACME {
		hosts, err := acmeHosts(e.ctx, reg)
		if err != nil {
			return err
		}
		opt.ACME = &web.ACME{Hosts: hosts, Cache: filepath.Join(e.data, "acme"), Email: l.ACMEMail}
	}
	if l.Redirect != "" {
		if opt.BaseURL, err = l.base(); err != nil {
			return err
		}
	}

	ctx, cancel := context.WithCancel(e.ctx)
	defer cancel()
	var wg sync.WaitGroup
	errs := make(chan error, 3)
	run := func(f func() error) {
		wg.Go(func() {
			if err := f(); err != nil && !errors.Is(err, context.Canceled) {
				errs <- err
			}
			cancel() // one ends, all end
		})
	}
	opt.OnListen = func(_, _ net.Addr) {
		run(func() error {
			if err := what.ready(ctx, srv); err != nil {
				return err
			}
			<-ctx.Done()
			return nil
		})
	}
	// The districts close after the doors, so that nobody meets a closed one:
	// the scheduler, which closes them, ends last.
	districts, closeDistricts := context.WithCancel(context.WithoutCancel(e.ctx))
	defer closeDistricts()
	closed := make(chan error, 1)
	go func() { closed <- srv.Run(districts) }()

	run(func() error { return web.Serve(ctx, opt) })
	if what.metrics != "" {
		run(func() error {
			return web.Serve(ctx, web.ServerOptions{Addr: what.metrics, Handler: metrics.Handler(), Log: e.log})
		})
	}
	<-ctx.Done()
	wg.Wait()
	closeDistricts()
	err = <-closed
	close(errs)
	for x := range errs {
		err = errors.Join(err, x)
	}
	return err
}

func acmeHosts(ctx context.Context, reg *server.Registry) ([]string, error) {
	list, err := reg.Districts(ctx)
	if err != nil {
		return nil, err
	}
	var hosts []string
	for _, d := range list {
		hosts = append(hosts, d.BaseURL.Hostname())
	}
	return hosts, nil
}

// nobody answers for host names that belong to no district.
func nobody(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/healthz", "/readyz":
		_, _ = w.Write([]byte("ok\n"))
	default:
		http.Error(w, "No district is known under this address.", http.StatusMisdirectedRequest)
	}
}
