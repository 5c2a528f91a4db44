// Command trellis runs the support of a school district: one program, one
// data folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	_ "time/tzdata" // the zones of the world, whatever the machine has

	"github.com/alecthomas/kong"

	"trellis/internal/app"
	"trellis/internal/app/server"
	"trellis/internal/platform/obs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "trellis:", err)
		os.Exit(1)
	}
}

// commands is the whole command line. Every setting can also stand in the
// environment as TRELLIS_… or in the file named by --config.
type commands struct {
	Data   string          `help:"Data folder." default:"data" env:"TRELLIS_DATA_DIR" placeholder:"DIR"`
	Config kong.ConfigFlag `help:"Settings file: a JSON object with flag names as keys." env:"TRELLIS_CONFIG" placeholder:"FILE"`
	Log    string          `help:"How the log is written: text or json." enum:"text,json" default:"text" env:"TRELLIS_LOG"`
	Debug  bool            `help:"Log more." env:"TRELLIS_DEBUG"`

	Serve    serveCmd    `cmd:"" help:"Run Trellis for the districts of the data folder."`
	Demo     demoCmd     `cmd:"" help:"Run an example district that you can look around in."`
	Backup   backupCmd   `cmd:"" help:"Write a verified copy of a district, while it is stopped or through a running server's own folder."`
	Restore  restoreCmd  `cmd:"" help:"Put a district back from a backup, or only check one."`
	Doctor   doctorCmd   `cmd:"" help:"Check a district: database, event log, files."`
	Jobs     jobsCmd     `cmd:"" help:"List the jobs that gave up, and why; try them again or drop them."`
	Token    tokenCmd    `cmd:"" help:"Make an API token for a person."`
	District districtCmd `cmd:"" help:"List the districts of the data folder, add one, trust a proxy."`
	Import   importCmd   `cmd:"" help:"Bring in what another system knows."`
	Export   exportCmd   `cmd:"" help:"Write what this district knows."`
	Replay   replayCmd   `cmd:"" help:"Hold other promises, or another calendar, against the past."`
	Calendar calendarCmd `cmd:"" help:"Ask the working time engine: when is it due, how long was it, and why."`
}

// env is what every command may use.
type env struct {
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer
	data   string
	log    *slog.Logger
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("trellis"), kong.Description("The open system that a school district runs its technology support on."),
		kong.Configuration(kong.JSON), kong.Writers(stdout, stderr), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(int) { exited = true }))
	if err != nil {
		return err
	}
	k, err := parser.Parse(args)
	if exited { // --help was answered
		return nil
	}
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if c.Debug {
		level = slog.LevelDebug
	}
	e := &env{ctx: ctx, stdout: stdout, stderr: stderr, data: c.Data, log: obs.NewLog(stderr, obs.LogOptions{JSON: c.Log == "json", Level: level})}
	return k.Run(e)
}

// registry opens the data folder's list of districts.
func (e *env) registry() (*server.Registry, error) {
	return server.OpenRegistry(e.ctx, e.data, e.log)
}

// only finds the district that a command means: the named one, or the one and
// only.
func (e *env) only(slug string) (*server.Registry, server.Entry, error) {
	if _, err := os.Stat(filepath.Join(e.data, "server.db")); err != nil {
		return nil, server.Entry{}, fmt.Errorf("%s is no data folder of Trellis (no server.db in it); say which with --data", e.data)
	}
	reg, err := e.registry()
	if err != nil {
		return nil, server.Entry{}, err
	}
	list, err := reg.Districts(e.ctx)
	if err == nil {
		for _, d := range list {
			if d.Slug == slug || (slug == "" && len(list) == 1) {
				return reg, d, nil
			}
		}
		if slug == "" {
			err = fmt.Errorf("there are %d districts in %s: say which with --district", len(list), e.data)
		} else {
			err = fmt.Errorf("there is no district %q in %s", slug, e.data)
		}
	}
	return nil, server.Entry{}, errors.Join(err, reg.Close())
}

// open opens a district for a command. A running server holds its folder, and
// then this is refused in words.
func (e *env) open(slug string) (*app.District, func() error, error) {
	reg, entry, err := e.only(slug)
	if err != nil {
		return nil, nil, err
	}
	d, err := e.openEntry(reg, entry)
	if err != nil {
		return nil, nil, errors.Join(err, reg.Close())
	}
	return d, func() error { return errors.Join(d.Close(), reg.Close()) }, nil
}

func (e *env) openEntry(reg *server.Registry, d server.Entry) (*app.District, error) {
	return app.OpenDistrict(e.ctx, app.Options{Slug: d.Slug, Folder: reg.Folder(d.Slug), DSN: d.DSN, BaseURL: d.BaseURL, Log: e.log})
}
