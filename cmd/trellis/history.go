package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/server"
	"trellis/internal/desk/past"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/sheet"
)

type importCmd struct {
	History importHistoryCmd `cmd:"" help:"Bring in the past of another desk: an event log, or one row a request, as CSV (also gzip), XLSX or XES."`
}

type importHistoryCmd struct {
	Map      string `help:"What the columns mean: the name of a preset (bpic13, uci, zendesk, osticket, incidentiq, snipeit) or a file of --print-map. Default: guessed." placeholder:"PRESET|FILE"`
	Name     string `help:"What this past is called; what is read under one name is one past. Default: the preset, or the file's name." placeholder:"NAME"`
	Good     bool   `help:"Bring in the rows that are understood although others are not."`
	DryRun   bool   `name:"dry-run" help:"Only say what would be brought in."`
	PrintMap bool   `name:"print-map" help:"Only print the map as JSON, to be edited and given with --map."`
	District string `help:"Which district, if there are several." placeholder:"NAME"`
	DSN      string `help:"PostgreSQL connection string, if the data folder is empty and a new district shall not use SQLite." env:"TRELLIS_DSN" placeholder:"DSN"`
	File     string `arg:"" help:"The file." type:"existingfile"`
}

func (c *importHistoryCmd) Run(e *env) error {
	words, err := app.Catalogue()
	if err != nil {
		return err
	}
	e.ctx = i18n.With(policy.WithActor(e.ctx, policy.SystemActor(policy.DoorCLI)), words, "en")
	open := func() (*sheet.Book, error) { return sheet.Open(c.File, sheet.Limits{}) }
	given, err := c.given()
	if err != nil {
		return err
	}
	m, err := past.MapFor(open, given)
	if err != nil {
		return c.refused(e, err)
	}
	if c.PrintMap {
		fmt.Fprintf(e.stdout, "%s\n", m.JSON())
		return nil
	}
	if _, err := os.Stat(filepath.Join(e.data, "server.db")); c.DryRun && errors.Is(err, os.ErrNotExist) {
		r, err := past.Read(e.ctx, open, m, past.Options{})
		if err != nil {
			return c.refused(e, err)
		}
		defer r.Close()
		fmt.Fprintf(e.stdout, "%d rows would bring %d requests into a new district; %d rows are not understood\n", r.Rows, r.Cases, r.Refused)
		c.list(e, r.Problems)
		return nil
	}
	d, done, err := c.district(e, m, open)
	if err != nil {
		return err
	}
	defer done()
	if c.DryRun {
		return c.preview(e, d, open, m)
	}
	watch, next := clock.Stopwatch(), time.Duration(0)
	r, err := d.Past.BringFile(e.ctx, past.BringFile{Path: c.File, Name: c.Name, Map: &m, Good: c.Good, Tell: func(r past.Run) {
		if watch() < next {
			return
		}
		next = watch() + time.Second
		fmt.Fprintf(e.stderr, "%3d %%  %d rows read, %d requests brought in\n", r.Share, r.Rows, r.Added+r.Changed+r.Same)
	}})
	if err != nil {
		return c.refused(e, err)
	}
	took := watch().Round(10 * time.Millisecond)
	if r.State == past.Failed {
		return c.unfit(e, r.Refused, r.Rows, r.Problems)
	}
	fmt.Fprintf(e.stdout, "%s: %d rows, %d requests added, %d changed, %d here already, %d rows not understood, in %s\n", r.Name, r.Rows, r.Added, r.Changed, r.Same, r.Refused, took)
	c.list(e, r.Problems)
	return nil
}

// given is the map that was asked for, nil for a guess.
func (c *importHistoryCmd) given() (*past.Map, error) {
	if c.Map == "" {
		return nil, nil
	}
	if m, ok := past.Preset(c.Map); ok {
		return &m, nil
	}
	b, err := os.ReadFile(c.Map)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("--map: %q is neither a preset (%s) nor a file", c.Map, strings.Join(past.Presets(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("--map: %w", err)
	}
	m, err := past.ParseMap(b)
	if err != nil {
		return nil, fmt.Errorf("--map %s: %w", c.Map, err)
	}
	return &m, nil
}

// unfit says why nothing was brought in.
func (c *importHistoryCmd) unfit(e *env, refused, rows int64, problems []past.Problem) error {
	c.list(e, problems)
	if rows == 0 {
		return errors.New("nothing was brought in")
	}
	return fmt.Errorf("nothing was brought in: %d of %d rows are not understood; correct them, or take the others with --good", refused, rows)
}

// check reads the file before a district is made for it.
func (c *importHistoryCmd) check(e *env, m past.Map, open func() (*sheet.Book, error)) error {
	r, err := past.Read(e.ctx, open, m, past.Options{})
	if err != nil {
		return c.refused(e, err)
	}
	defer r.Close()
	if r.Refused > 0 && !c.Good {
		return c.unfit(e, int64(r.Refused), int64(r.Rows), r.Problems)
	}
	return nil
}

// district opens the one that the past goes to. In an empty data folder it is
// made, named after the file, if the file is understood.
func (c *importHistoryCmd) district(e *env, m past.Map, open func() (*sheet.Book, error)) (*app.District, func(), error) {
	if _, err := os.Stat(filepath.Join(e.data, "server.db")); errors.Is(err, os.ErrNotExist) {
		if err := c.check(e, m, open); err != nil {
			return nil, nil, err
		}
	}
	reg, err := e.registry()
	if err != nil {
		return nil, nil, err
	}
	list, err := reg.Districts(e.ctx)
	if err == nil && len(list) > 0 {
		err = reg.Close()
		if err != nil {
			return nil, nil, err
		}
		d, done, err := e.open(c.District)
		return d, func() { _ = done() }, err
	}
	if err != nil {
		return nil, nil, errors.Join(err, reg.Close())
	}
	name := fileName(c.File)
	base, _ := url.Parse("http://127.0.0.1:8420")
	entry := server.Entry{Slug: slugOf(name), BaseURL: base, DSN: c.DSN}
	if err := reg.Add(e.ctx, entry, "*"); err != nil {
		return nil, nil, errors.Join(err, reg.Close())
	}
	d, err := e.openEntry(reg, entry)
	if err != nil {
		return nil, nil, errors.Join(err, reg.Close())
	}
	zone := m.Zone
	if zone == "" {
		zone = "UTC"
	}
	done := func() { _ = errors.Join(d.Close(), reg.Close()) }
	if err := d.District.Name(e.ctx, name, zone); err != nil {
		done()
		return nil, nil, err
	}
	fmt.Fprintf(e.stderr, "new district %s in %s; `trellis serve` says how to set it up\n", entry.Slug, e.data)
	return d, done, nil
}

// fileName is a file's name without what says its form.
func fileName(path string) string {
	name := filepath.Base(path)
	for _, end := range []string{".gz", ".csv", ".xlsx", ".xes", ".tsv", ".txt"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// slugOf makes a district's short name of any name.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > 60 {
		s = strings.Trim(s[:60], "-")
	}
	if s == "" {
		return "district"
	}
	return s
}

func (c *importHistoryCmd) preview(e *env, d *app.District, open func() (*sheet.Book, error), m past.Map) error {
	name := c.Name
	if name == "" {
		name = past.SourceName(c.File, m)
	}
	v, err := d.Past.PreviewFile(e.ctx, open, m, name)
	if err != nil {
		return c.refused(e, err)
	}
	fmt.Fprintf(e.stdout, "%s: %d rows would bring %d requests (%d new, %d recorded differently, %d here already); %d rows are not understood\n",
		name, v.Rows, v.Cases, v.Added, v.Changed, v.Same, v.Refused)
	c.list(e, v.Problems)
	return nil
}

// listed is how many problems are printed.
const listed = 20

// list prints what was not understood, by row and column.
func (c *importHistoryCmd) list(e *env, problems []past.Problem) {
	for i, p := range problems {
		if i == listed {
			fmt.Fprintf(e.stderr, "… and more\n")
			return
		}
		where := ""
		if p.Row > 0 {
			where = fmt.Sprintf("row %d: ", p.Row)
		}
		if p.Row > 0 && p.Column != "" {
			where = fmt.Sprintf("row %d, %s: ", p.Row, p.Column)
		}
		fmt.Fprintf(e.stderr, "%s%s\n", where, p.Sentence(e.ctx))
	}
}

// refused says an error for people in their words.
func (c *importHistoryCmd) refused(e *env, err error) error {
	return fmt.Errorf("%s: %w", filepath.Base(c.File), inSentences(e.ctx, err))
}

// inSentences is an error with its sentence, if it has one.
func inSentences(ctx context.Context, err error) error {
	var say *errs.Error
	if !errors.As(err, &say) {
		return err
	}
	lines := []string{i18n.Map(ctx, say.Key, say.Args)}
	for _, f := range say.Fields {
		lines = append(lines, f.Name+": "+i18n.Map(ctx, f.Key, f.Args))
	}
	return errors.New(strings.Join(lines, "\n  "))
}
