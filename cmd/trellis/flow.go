package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"

	"trellis/internal/app"
	"trellis/internal/desk/flow"
	"trellis/internal/platform/policy"
)

type exportCmd struct {
	Flow exportFlowCmd `cmd:"" help:"Write how support flowed: one row a request, each cell computed from its own history."`
}

type exportFlowCmd struct {
	CSV      bool     `name:"csv" help:"As CSV, the only form there is."`
	Source   string   `help:"Only the past of this name. Default: every past, and the requests that were born here." placeholder:"NAME"`
	Zone     string   `help:"Time zone of the hours, in place of each past's own." placeholder:"ZONE"`
	Hours    string   `help:"Weekly hours, such as \"Mon-Fri 08:00-17:00\", in place of each past's own." placeholder:"HOURS"`
	Closed   []string `help:"Dates without hours for biz_holiday_s, in place of each past's own." placeholder:"DATE"`
	District string   `help:"Which district, if there are several." placeholder:"NAME"`
}

func (c *exportFlowCmd) Run(e *env) error {
	return e.flow(c.District, func(ctx context.Context, f *flow.Flow) error {
		out := bufio.NewWriterSize(e.stdout, 1<<16)
		w := csv.NewWriter(out)
		err := f.Export(ctx, w.Write, flow.Options{Source: c.Source, Hours: flow.Hours{Zone: c.Zone, Hours: c.Hours, Closed: c.Closed}})
		w.Flush()
		if err == nil {
			err = w.Error()
		}
		if err == nil {
			err = out.Flush()
		}
		return err
	})
}

type replayCmd struct {
	Promises string `required:"" help:"File with the promises to try: {\"zone\", \"hours\", \"closed\": [], \"pause_on\": [\"requester\"], \"promises\": [{\"impact\": \"*\", \"place\": \"*\", \"service\": \"*\", \"first\": \"1h\", \"solve\": \"8h\"}]}." placeholder:"FILE" type:"existingfile"`
	Source   string `help:"Only the past of this name." placeholder:"NAME"`
	Born     bool   `help:"Also the requests that were born here."`
	JSON     bool   `name:"json" help:"Answer as JSON."`
	District string `help:"Which district, if there are several." placeholder:"NAME"`
}

func (c *replayCmd) Run(e *env) error {
	b, err := os.ReadFile(c.Promises)
	if err != nil {
		return err
	}
	p, err := flow.ParsePlan(b)
	if err != nil {
		return fmt.Errorf("--promises %s:\n%w", c.Promises, err)
	}
	p.Source, p.Born = c.Source, c.Born
	return e.flow(c.District, func(ctx context.Context, f *flow.Flow) error {
		o, err := f.Replay(ctx, p)
		if err != nil {
			return err
		}
		if c.JSON {
			enc := json.NewEncoder(e.stdout)
			enc.SetIndent("", "  ")
			return enc.Encode(o)
		}
		fmt.Fprintf(e.stdout, "%d requests\n", o.Tickets)
		for _, m := range []struct {
			name string
			flow.Metric
		}{{"first answer", o.First}, {"solved", o.Solve}} {
			fmt.Fprintf(e.stdout, "%-13s before: %d kept, %d missed, %d running, %d unknown; with these promises: %d kept, %d missed, %d running, %d unknown\n", m.name,
				m.Before.Kept, m.Before.Missed, m.Before.Running, m.Before.Unknown, m.After.Kept, m.After.Missed, m.After.Running, m.After.Unknown)
			fmt.Fprintf(e.stdout, "%-13s %d would have been missed that were kept, %d kept that were missed\n", "", m.KeptToMissed.Count, m.MissedToKept.Count)
		}
		for _, n := range o.Notes {
			fmt.Fprintf(e.stdout, "- %s\n", n)
		}
		return nil
	})
}

// flow asks how support flowed in a district. It only reads, and may do so
// beside a running server.
func (e *env) flow(slug string, ask func(ctx context.Context, f *flow.Flow) error) error {
	reg, d, err := e.only(slug)
	if err != nil {
		return err
	}
	defer reg.Close()
	src, err := app.OpenSource(e.ctx, d.Slug, reg.Folder(d.Slug), d.DSN, e.log)
	if err != nil {
		return err
	}
	defer src.Close()
	return ask(policy.WithActor(e.ctx, policy.SystemActor(policy.DoorCLI)), flow.New(flow.Deps{DB: src.DB}))
}
