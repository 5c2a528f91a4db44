package api

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/i18n"
)

type importIn struct{ Body importBody }

type importBody struct {
	Text   string `json:"text" maxLength:"1048576" doc:"One line each, as from a spreadsheet: commas, semicolons or tabs between the columns, with or without headings."`
	DryRun bool   `json:"dry_run,omitempty" doc:"Only say what would happen, problems by line included."`
}

type importOut struct{ Body Import }

// Import is what became, or will become, of a pasted list.
type Import struct {
	Created int         `json:"created"`
	Changed int         `json:"changed"`
	Kept    int         `json:"kept" doc:"There already, and the same."`
	Refused int         `json:"refused" doc:"Lines with problems. Nothing is brought in while there are any."`
	Rows    []ImportRow `json:"rows"`
}

// ImportRow is one line of it.
type ImportRow struct {
	Line     int             `json:"line" doc:"Of the text, from 1."`
	Name     string          `json:"name"`
	Action   string          `json:"action" enum:"create,change,keep,refuse"`
	Problems []ImportProblem `json:"problems,omitempty"`
}

// ImportProblem is what is wrong with a line.
type ImportProblem struct {
	Column  string `json:"column" doc:"The column's name; empty for the whole line."`
	Message string `json:"message" doc:"What is wrong, in the caller's language."`
}

func viewProblems(ctx context.Context, list []district.Problem) []ImportProblem {
	var out []ImportProblem
	for _, p := range list {
		out = append(out, ImportProblem{p.Column, i18n.Map(ctx, p.Key, p.Args)})
	}
	return out
}

func (o *operations) importSites(ctx context.Context, in *importIn) (*importOut, error) {
	run := o.d.ImportSites
	if in.Body.DryRun {
		run = o.d.PreviewSites
	}
	p, err := run(ctx, in.Body.Text)
	if err != nil {
		return nil, err
	}
	out := &importOut{Import{p.Created, p.Changed, p.Kept, p.Refused, []ImportRow{}}}
	for _, r := range p.Rows {
		out.Body.Rows = append(out.Body.Rows, ImportRow{r.Row, r.Name, r.Action, viewProblems(ctx, r.Problems)})
	}
	return out, nil
}

type importRooms struct {
	ByID
	Body importBody
}

func (o *operations) importRooms(ctx context.Context, in *importRooms) (*importOut, error) {
	run := o.d.ImportRooms
	if in.Body.DryRun {
		run = o.d.PreviewRooms
	}
	p, err := run(ctx, district.SiteID(in.ID), in.Body.Text)
	if err != nil {
		return nil, err
	}
	out := &importOut{Import{p.Created, p.Changed, p.Kept, p.Refused, []ImportRow{}}}
	for _, r := range p.Rows {
		out.Body.Rows = append(out.Body.Rows, ImportRow{r.Row, r.Name, r.Action, viewProblems(ctx, r.Problems)})
	}
	return out, nil
}
