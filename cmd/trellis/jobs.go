package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"trellis/internal/app"
	"trellis/internal/platform/clock"
)

type jobsCmd struct {
	Retry    []int64 `help:"Try these again at the next start, with all their attempts. The server must be stopped." placeholder:"ID"`
	RetryAll bool    `help:"Try all of them again. The server must be stopped."`
	Drop     []int64 `help:"Decide that these need not be done. The server must be stopped." placeholder:"ID"`
	District string  `help:"Which district, if there are several." placeholder:"NAME"`
}

func (c *jobsCmd) Run(e *env) error {
	if c.RetryAll || len(c.Retry) > 0 || len(c.Drop) > 0 {
		return c.change(e)
	}
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
	dead, err := src.DeadJobs(e.ctx)
	if err != nil {
		return err
	}
	if len(dead) == 0 {
		fmt.Fprintln(e.stdout, "no job gave up")
		return nil
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, j := range dead {
		fmt.Fprintf(w, "%d\t%s\t%s\tattempt %d\t%s\n", j.ID, j.Kind, j.ChangedAt.Format(time.RFC3339), j.Attempt, strings.Join(strings.Fields(j.Error), " "))
	}
	return w.Flush()
}

// change moves jobs by hand. It needs the district to itself, and leaves word
// that it is due.
func (c *jobsCmd) change(e *env) (err error) {
	reg, entry, err := e.only(c.District)
	if err != nil {
		return err
	}
	defer reg.Close()
	d, err := e.openEntry(reg, entry)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	retry := c.Retry
	if c.RetryAll {
		dead, err := d.Source().DeadJobs(e.ctx)
		if err != nil {
			return err
		}
		for _, j := range dead {
			retry = append(retry, j.ID)
		}
	}
	if len(retry) > 0 {
		if err := d.RetryJobs(e.ctx, retry...); err != nil {
			return err
		}
	}
	if len(c.Drop) > 0 {
		if err := d.DropJobs(e.ctx, c.Drop...); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.stdout, "%d to be tried again when the server runs, %d dropped\n", len(retry), len(c.Drop))
	return reg.SetWake(e.ctx, entry.Slug, clock.System().Now())
}
