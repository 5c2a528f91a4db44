package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/app/server"
	"trellis/internal/platform/clock"
)

// demoMark is the file that makes a data folder an example: `serve` refuses
// it, and `demo` refuses a folder with districts and without it.
const demoMark = "demo.json"

type demoCmd struct {
	Addr      string  `help:"Address to listen on, of this machine only." default:"127.0.0.1:8420" env:"TRELLIS_ADDR" placeholder:"HOST:PORT"`
	TokenRate float64 `help:"Requests a second that one API token may make, with a burst of ten times as many." default:"50" env:"TRELLIS_TOKEN_RATE"`
	DSN       string  `help:"Empty PostgreSQL database for the example, instead of SQLite." placeholder:"DSN"`
	Fresh     bool    `help:"Throw the old example away and begin again."`
	Scale     int     `help:"How many districts of 7,500 people and 6,000 requests a year the example is as large as; 0 is a handful of people and two weeks." default:"1"`
}

// mostScale bounds the example: a hundred districts make 750,000 people.
const mostScale = 100

// demoFile is demo.json. It holds keys that sign people in, so only its owner
// may read it.
type demoFile struct {
	Address string         `json:"address"`
	Key     string         `json:"key"`
	Ahead   string         `json:"clock_ahead"` // how far its clock is before this machine's, "15h3m0s"
	People  []demoFileLine `json:"people"`
}

type demoFileLine struct {
	Role   string `json:"role"`
	Name   string `json:"name"`
	SignIn string `json:"sign_in"`
	Token  string `json:"token"`
	Person int64  `json:"person"`
}

func (c *demoCmd) Run(e *env) error {
	if e.data == "data" { // the default is for a real district
		e.data = "trellis-demo"
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("the example signs anybody in as anybody, so it listens on this machine only; use an address like 127.0.0.1:8420, not %s", c.Addr)
	}
	if c.Scale < 0 || c.Scale > mostScale {
		return fmt.Errorf("--scale %d: use 0 for the smallest example, 1 for a whole district, and at most %d", c.Scale, mostScale)
	}
	mark := filepath.Join(e.data, demoMark)
	if _, err := os.Stat(mark + ".part"); err == nil {
		// An example whose making was cut off: nothing in it is worth keeping.
		if err := os.RemoveAll(e.data); err != nil {
			return err
		}
	}
	_, err = os.Stat(mark)
	isDemo := err == nil
	if _, err := os.Stat(filepath.Join(e.data, "server.db")); err == nil && !isDemo {
		return fmt.Errorf("%s holds a real district; the example needs a folder of its own (--data)", e.data)
	}
	if isDemo && c.Fresh {
		if err := os.RemoveAll(e.data); err != nil {
			return err
		}
		isDemo = false
	}
	l := listening{Addr: c.Addr, TokenRate: c.TokenRate}
	base, err := l.base()
	if err != nil {
		return err
	}
	if !isDemo {
		// Half an example is thrown away: it is marked only when it is whole.
		if err := os.MkdirAll(e.data, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(mark+".part", nil, 0o600); err != nil {
			return err
		}
	}
	reg, err := e.registry()
	if err != nil {
		return err
	}
	defer reg.Close()
	entry := server.Entry{Slug: "juniper-valley", BaseURL: base, DSN: c.DSN}
	if err := reg.Add(e.ctx, entry, "*"); err != nil {
		return err
	}
	var file demoFile
	if isDemo {
		raw, err := os.ReadFile(mark)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &file); err != nil {
			return fmt.Errorf("%s can't be read; begin again with --fresh: %w", mark, err)
		}
	} else {
		if file, err = c.make(e, reg.Folder(entry.Slug), entry); err != nil {
			return err
		}
	}
	ahead, err := time.ParseDuration(cmp.Or(file.Ahead, "0s"))
	if err != nil {
		return fmt.Errorf("%s can't be read; begin again with --fresh: %w", mark, err)
	}
	file.Address = base.String()
	what := &app.Demo{Key: file.Key}
	for i, p := range file.People {
		shown := app.DemoPerson{Role: p.Role, Name: p.Name, Person: p.Person}
		file.People[i].SignIn = base.String() + shown.Path(file.Key)
		what.People = append(what.People, shown)
	}
	if err := file.write(mark); err != nil {
		return err
	}
	return serve(e, reg, l, serving{demo: what, clock: clock.Ahead(clock.System(), ahead), ready: func(ctx context.Context, srv *server.Server) error {
		// Opened before the invitation is printed, so that the first page is quick.
		return srv.With(ctx, entry.Slug, func(server.District) error {
			fmt.Fprintf(e.stdout, "\n%s is open at %s/demo\nIt is %s there.\n\nLook around as:\n", demo.Name, file.Address, demo.Clock(clock.System().Now().Add(ahead)))
			for _, p := range file.People {
				fmt.Fprintf(e.stdout, "  %-11s %-18s %s\n", p.Role, p.Name, p.SignIn)
			}
			fmt.Fprintf(e.stdout, "\nStop with Ctrl C. The example stays in %s; --fresh begins again.\n", e.data)
			return nil
		})
	}})
}

// make builds the example on a clock that runs through its past. It ends in the
// middle of a school morning, whatever the hour is here, so that the same date
// makes the same example; from there its clock goes on.
func (c *demoCmd) make(e *env, folder string, entry server.Entry) (f demoFile, err error) {
	machine := clock.System().Now()
	now := demo.Morning(machine)
	f.Ahead = now.Sub(machine).Truncate(time.Second).String()
	past := clock.NewManual(now)
	d, err := app.OpenDistrict(e.ctx, app.Options{Slug: entry.Slug, Folder: folder, DSN: entry.DSN, BaseURL: entry.BaseURL, Log: e.log, Clock: past})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	// The garbage of a year is let pile up for the moment: it is thrown away
	// with this function.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	shown, err := demo.Build(e.ctx, demo.Parts{DB: d.DB, District: d.District, Cover: d.Cover, Desk: d.Desk}, past,
		demo.Options{Now: now, Scale: c.Scale, Progress: func(percent int) { fmt.Fprintf(e.stdout, "\rMaking the example district: %d %%", percent) }})
	if err != nil {
		return f, err
	}
	fmt.Fprintln(e.stdout, "\rThe example district is made.          ")
	if err := d.CatchUp(e.ctx); err != nil {
		return f, err
	}
	if _, err := d.Jobs.Drain(e.ctx); err != nil {
		return f, err
	}
	f.Key = rand.Text()
	for _, s := range shown {
		scopes, err := d.ScopesFor(e.ctx, s.Person)
		if err != nil {
			return f, err
		}
		token, err := d.MakeTokenFor(e.ctx, s.Person, "Example", scopes, 0)
		if err != nil {
			return f, fmt.Errorf("token of %s: %w", s.Name, err)
		}
		f.People = append(f.People, demoFileLine{Role: s.Role, Name: s.Name, Person: int64(s.Person), Token: token})
	}
	return f, nil
}

func (f demoFile) write(path string) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
