package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/server"
	"trellis/internal/platform/clock"
)

// progress prints a line when the step changes or a second has passed.
func (e *env) progress() app.Progress {
	last, watch := "", clock.Stopwatch()
	next := time.Duration(0)
	return func(what string, bytes int64) {
		if what == last && watch() < next {
			return
		}
		last, next = what, watch()+time.Second
		fmt.Fprintf(e.stderr, "%s … %.1f MB\n", what, float64(bytes)/1e6)
	}
}

type backupCmd struct {
	File     string `arg:"" help:"Archive to write; it must not exist yet."`
	District string `help:"Which district, if there are several." placeholder:"NAME"`
}

func (c *backupCmd) Run(e *env) error {
	reg, d, err := e.only(c.District)
	if err != nil {
		return err
	}
	defer reg.Close()
	src, err := app.OpenSource(e.ctx, d.Slug, reg.Folder(d.Slug), d.DSN, e.log)
	if err != nil {
		return err
	}
	defer src.Close()
	m, err := src.Backup(e.ctx, c.File, e.progress())
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	fmt.Fprintf(e.stdout, "%s holds district %s (%s) as of %s: %d files, %.1f MB. It was read back:\n", c.File, m.Slug, m.Engine, m.Taken.Format("2006-01-02 15:04:05 MST"), len(m.Files), float64(m.Bytes)/1e6)
	e.checked(m)
	return nil
}

// checked prints what was looked at in an archive.
func (e *env) checked(m app.Manifest) {
	for _, line := range m.Checked {
		fmt.Fprintf(e.stdout, "  %s\n", line)
	}
}

type restoreCmd struct {
	File     string `arg:"" help:"Archive made by trellis backup." type:"existingfile"`
	Verify   bool   `help:"Only read it through and check it, and say what was checked; restore nothing."`
	District string `help:"Name to restore under; default: the name it had." placeholder:"NAME"`
	BaseURL  string `help:"Address that people will use." default:"http://127.0.0.1:8420" placeholder:"URL"`
	DSN      string `help:"Empty PostgreSQL database to restore into, or with --verify to load and check it in, if it came from one." placeholder:"DSN"`
}

func (c *restoreCmd) Run(e *env) error {
	if c.Verify {
		m, err := app.VerifyArchive(e.ctx, c.File, c.DSN, e.progress())
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s is whole: district %s (%s) as of %s, %d files, %.1f MB\n", c.File, m.Slug, m.Engine, m.Taken.Format("2006-01-02 15:04:05 MST"), len(m.Files), float64(m.Bytes)/1e6)
		e.checked(m)
		if c.DSN != "" {
			fmt.Fprintln(e.stdout, "The database that was named holds a copy of the district now; drop it when you have looked at it.")
		}
		return nil
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return err
	}
	reg, err := e.registry()
	if err != nil {
		return err
	}
	defer reg.Close()
	slug := c.District
	if slug == "" {
		m, err := app.ReadManifest(e.ctx, c.File)
		if err != nil {
			return err
		}
		slug = m.Slug
	}
	m, err := app.Restore(e.ctx, c.File, reg.Folder(slug), c.DSN, e.progress())
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	hosts := []string{}
	if list, err := reg.Districts(e.ctx); err == nil && len(list) == 0 {
		hosts = append(hosts, "*")
	}
	if err := reg.Add(e.ctx, server.Entry{Slug: slug, BaseURL: base, DSN: c.DSN}, hosts...); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "district %s is back as of %s: %d events, %d files\n", slug, m.Taken.Format("2006-01-02 15:04:05 MST"), m.Place, len(m.Files))
	return nil
}

type doctorCmd struct {
	District string `help:"Which district, if there are several." placeholder:"NAME"`
	JSON     bool   `help:"Answer as JSON."`
}

func (c *doctorCmd) Run(e *env) error {
	reg, d, err := e.only(c.District)
	if err != nil {
		return err
	}
	defer reg.Close()
	src, err := app.OpenSource(e.ctx, d.Slug, reg.Folder(d.Slug), d.DSN, e.log)
	if err != nil {
		return err
	}
	defer src.Close()
	found := src.Examine(e.ctx)
	sick := 0
	for _, f := range found {
		if !f.OK {
			sick++
		}
	}
	if c.JSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		if err := enc.Encode(found); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			mark := "ok   "
			if !f.OK {
				mark = "WRONG"
			}
			fmt.Fprintf(e.stdout, "%s  %-10s %s\n", mark, f.What, f.Says)
		}
	}
	if sick > 0 {
		return fmt.Errorf("%d of %d checks found something wrong", sick, len(found))
	}
	return nil
}

type tokenCmd struct {
	Email    string        `arg:"" help:"E-mail address of the person that the token speaks for."`
	Name     string        `help:"What it is for, as the person will read it in their list." default:"Made on the command line"`
	Scopes   []string      `help:"What it may do." default:"requests:read,requests:write"`
	For      time.Duration `help:"How long it is good for; 0 is until it is revoked." default:"0"`
	District string        `help:"Which district, if there are several." placeholder:"NAME"`
}

func (c *tokenCmd) Run(e *env) (err error) {
	d, done, err := e.open(c.District)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	plain, err := d.MakeToken(e.ctx, c.Email, c.Name, c.Scopes, c.For)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, plain)
	return nil
}

type districtCmd struct {
	List  districtListCmd  `cmd:"" default:"1" help:"List the districts of the data folder."`
	Add   districtAddCmd   `cmd:"" help:"Add a district, or change its address."`
	Proxy districtProxyCmd `cmd:"" help:"Believe the forwarding headers of an address range."`
}

type districtListCmd struct{}

func (districtListCmd) Run(e *env) error {
	reg, err := e.registry()
	if err != nil {
		return err
	}
	defer reg.Close()
	list, err := reg.Districts(e.ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, d := range list {
		engine, wake := "sqlite", "nothing due"
		if d.DSN != "" {
			engine = "postgres"
		}
		if !d.NextWake.IsZero() {
			wake = "due " + d.NextWake.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", d.Slug, d.BaseURL, engine, wake)
	}
	return w.Flush()
}

type districtAddCmd struct {
	Name    string   `arg:"" help:"Short name: small letters, digits, hyphens."`
	BaseURL string   `help:"Address that people use." required:"" placeholder:"URL"`
	Host    []string `help:"Further host names." placeholder:"NAME"`
	DSN     string   `help:"PostgreSQL connection string; without it SQLite is used." placeholder:"DSN"`
}

func (c *districtAddCmd) Run(e *env) error {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return err
	}
	reg, err := e.registry()
	if err != nil {
		return err
	}
	defer reg.Close()
	if err := reg.Add(e.ctx, server.Entry{Slug: c.Name, BaseURL: u, DSN: c.DSN}, c.Host...); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "district %s answers at %s\n", c.Name, strings.Join(append(c.Host, u.Hostname()), ", "))
	return nil
}

type districtProxyCmd struct {
	Range string `arg:"" help:"Address range like 127.0.0.1/32."`
}

func (c *districtProxyCmd) Run(e *env) error {
	p, err := netip.ParsePrefix(c.Range)
	if err != nil {
		return fmt.Errorf("%q is no address range like 127.0.0.1/32", c.Range)
	}
	reg, err := e.registry()
	if err != nil {
		return err
	}
	defer reg.Close()
	return reg.TrustProxy(e.ctx, p)
}
