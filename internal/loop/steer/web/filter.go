package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"trellis/internal/desk/flow"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// unsaid is how an address names what nobody recorded.
const unsaid = "-"

// readFilter reads what an address asks for. What it can't read it takes for
// not said: the form shows what was counted.
func readFilter(r *http.Request) flow.Filter {
	q := web.Query(r)
	f := flow.Filter{Source: flow.Likely, Place: label(q.String("place")), Service: label(q.String("service")), Impact: label(q.String("impact")),
		From: day(q.Date("from")), To: day(q.Date("to")), By: flow.By(q.String("by")), Wall: q.String("clock") == "wall"}
	if n, err := strconv.ParseInt(q.String("source"), 10, 64); err == nil && n >= flow.All {
		f.Source = n
	}
	if !slices.Contains(flow.Bys, f.By) {
		f.By = flow.ByPlace
	}
	return f
}

func label(s string) string {
	if s == unsaid {
		return flow.Unsaid
	}
	return s
}

func day(at time.Time) worktime.Date {
	if at.IsZero() {
		return worktime.Date{}
	}
	if d := worktime.DateOf(at); d.Valid() {
		return d
	}
	return worktime.Date{}
}

// query is a filter as an address says it.
func query(f flow.Filter) url.Values {
	q := url.Values{}
	if f.Source != flow.Likely {
		q.Set("source", strconv.FormatInt(f.Source, 10))
	}
	for name, s := range map[string]string{"place": f.Place, "service": f.Service, "impact": f.Impact} {
		switch s {
		case "":
		case flow.Unsaid:
			q.Set(name, unsaid)
		default:
			q.Set(name, s)
		}
	}
	for name, d := range map[string]worktime.Date{"from": f.From, "to": f.To} {
		if d.Valid() {
			q.Set(name, d.String())
		}
	}
	if f.By != flow.ByPlace && f.By != "" {
		q.Set("by", string(f.By))
	}
	if f.Wall {
		q.Set("clock", "wall")
	}
	return q
}

func href(path string, f flow.Filter) string {
	if q := query(f).Encode(); q != "" {
		return path + "?" + q
	}
	return path
}

// behindHref leads to the requests behind a number.
func behindHref(f flow.Filter, b flow.Behind) string {
	q := query(f)
	if b != flow.Every {
		q.Set("behind", string(b))
	}
	return RequestsPath + "?" + q.Encode()
}

// inGroup is the filter of one line of the table; ok is false for the others,
// which no filter names.
func inGroup(f flow.Filter, g flow.Group) (_ flow.Filter, ok bool) {
	label := g.Label
	if label == "" {
		label = flow.Unsaid
	}
	switch f.By {
	case flow.ByService:
		f.Service = label
	case flow.ByImpact:
		f.Impact = label
	case flow.ByPeriod:
		if !g.From.Valid() {
			return f, false
		}
		// A period at the edge is not longer than what was asked for.
		if !f.From.Valid() || f.From.Before(g.From) {
			f.From = g.From
		}
		if !f.To.Valid() || g.To.Before(f.To) {
			f.To = g.To
		}
	default:
		f.Place = label
	}
	return f, !g.Rest
}
