package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"trellis/internal/desk/flow"
	"trellis/internal/platform/sheet"
	"trellis/internal/platform/web"
)

func (s *pages) csv(w http.ResponseWriter, r *http.Request) error {
	return s.export(w, r, ".csv", "text/csv; charset=utf-8", func(w io.Writer, _ string) sheet.Writer { return sheet.NewCSV(w) })
}

func (s *pages) xlsx(w http.ResponseWriter, r *http.Request) error {
	return s.export(w, r, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(w io.Writer, name string) sheet.Writer { return sheet.NewXLSX(w, name) })
}

// export answers with the table of the page as a file: the same filter and the
// same measures, times in hours and shares as what they are made of.
func (s *pages) export(w http.ResponseWriter, r *http.Request, ending, kind string, open func(io.Writer, string) sheet.Writer) error {
	ctx := r.Context()
	report, err := s.reports.Report(ctx, readFilter(r))
	if err != nil {
		return err
	}
	v := flowView{Report: report, says: saying{ctx, report.Filter.Wall, report.Zone}}
	var b bytes.Buffer
	out := open(&b, t(ctx, "steer.by."+string(report.Filter.By)))
	if err := v.write(ctx, out); err != nil {
		return err
	}
	name := strings.ToLower(strings.ReplaceAll(t(ctx, "steer.title"), " ", "-"))
	return web.SendFile(w, r, web.File{Name: name + ending, Type: kind, Content: bytes.NewReader(b.Bytes())})
}

// column is one of a file.
type column struct {
	key  string
	cell func(flow.Measures) any
}

// hours writes a time that was reached; what was not is empty, because a
// spreadsheet would count with a bound as if it were a number.
func hours(w flow.Within) any {
	if w.None || w.More {
		return ""
	}
	return float64(w.Seconds) / 3600
}

// recorded is empty where nothing is.
func recorded(n, of int64) any {
	if of == 0 {
		return ""
	}
	return n
}

func columns() []column {
	out := []column{
		{"requests", func(m flow.Measures) any { return m.Requests }},
		{"open", func(m flow.Measures) any { return m.Open }},
		{"ended", func(m flow.Measures) any { return m.Ended }},
		{"solved", func(m flow.Measures) any { return m.Solved }},
		{"solve_p50", func(m flow.Measures) any { return hours(m.Solve.By(.5)) }},
		{"solve_p80", func(m flow.Measures) any { return hours(m.Solve.By(.8)) }},
		{"solve_p90", func(m flow.Measures) any { return hours(m.Solve.By(.9)) }},
		{"first_p50", func(m flow.Measures) any { return hours(m.First.By(.5)) }},
		{"first_p80", func(m flow.Measures) any { return hours(m.First.By(.8)) }},
		{"first_p90", func(m flow.Measures) any { return hours(m.First.By(.9)) }},
		{"school", func(m flow.Measures) any { return recorded(m.School.N, m.School.Of) }},
		{"school_of", func(m flow.Measures) any { return m.School.Of }},
		{"handoffs", func(m flow.Measures) any { return recorded(m.Handoffs.Sum, m.Handoffs.Known()) }},
		{"handoffs_0", func(m flow.Measures) any { return recorded(m.Handoffs.By[0], m.Handoffs.Known()) }},
		{"handoffs_1", func(m flow.Measures) any { return recorded(m.Handoffs.By[1], m.Handoffs.Known()) }},
		{"handoffs_2", func(m flow.Measures) any { return recorded(m.Handoffs.By[2], m.Handoffs.Known()) }},
		{"handoffs_3", func(m flow.Measures) any { return recorded(m.Handoffs.By[3], m.Handoffs.Known()) }},
		{"ping_pong", func(m flow.Measures) any { return recorded(m.PingPong.N, m.PingPong.Of) }},
		{"teams_of", func(m flow.Measures) any { return m.Handoffs.Known() }},
		{"kept", func(m flow.Measures) any { return recorded(m.Kept.N, m.Kept.Of) }},
		{"kept_of", func(m flow.Measures) any { return m.Kept.Of }},
		{"reopened", func(m flow.Measures) any { return recorded(m.Reopened.N, m.Reopened.Of) }},
		{"reopened_of", func(m flow.Measures) any { return m.Reopened.Of }},
	}
	for i, on := range flow.WaitsOn {
		out = append(out, column{"wait_" + string(on), func(m flow.Measures) any {
			if m.Waits.Elapsed == 0 {
				return ""
			}
			return float64(m.Waits.Seconds[i]) / 3600
		}})
	}
	return append(out, column{"elapsed", func(m flow.Measures) any { return float64(m.Waits.Elapsed) / 3600 }})
}

func (v flowView) write(ctx context.Context, out sheet.Writer) error {
	list := columns()
	head := []any{t(ctx, "steer.by."+string(v.Filter.By))}
	for _, c := range list {
		head = append(head, t(ctx, "steer.column."+c.key))
	}
	row := func(name string, m flow.Measures) error {
		cells := []any{name}
		for _, c := range list {
			cells = append(cells, c.cell(m))
		}
		return out.Row(cells...)
	}
	if err := out.Row(head...); err != nil {
		return err
	}
	if err := row(v.says.t("steer.whole"), v.Whole); err != nil {
		return err
	}
	for _, g := range v.Groups {
		if err := row(v.says.group(v.Report, g), g.Measures); err != nil {
			return err
		}
	}
	return out.Close()
}
