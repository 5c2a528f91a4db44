package flow

import (
	"slices"
	"strings"
	"time"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// settle fills in what was left open and refuses what is no filter.
func (f *Filter) settle() error {
	if f.By == "" {
		f.By = ByPlace
	}
	if f.From.Valid() && f.To.Valid() && f.To.Before(f.From) {
		f.From, f.To = f.To, f.From
	}
	var in errs.Check
	if f.Source < Likely {
		in.Fail("source", "field.unknown_choice")
	}
	if !slices.Contains(Bys, f.By) {
		in.Fail("by", "field.unknown_choice")
	}
	return in.Err()
}

// filter are the lines that a filter keeps, as they were read.
func (l *ledger) filter(f Filter) []*line {
	for _, o := range l.origins {
		o.from, o.to = 0, 1<<62
		if f.From.Valid() {
			o.from = midnight(f.From, o.zone)
		}
		if f.To.Valid() {
			o.to = midnight(f.To.AddDays(1), o.zone)
		}
	}
	bounded := f.From.Valid() || f.To.Valid()
	out := make([]*line, 0, len(l.lines))
	for i := range l.lines {
		x := &l.lines[i]
		if bounded && (x.start == 0 || x.start < x.from.from || x.start >= x.from.to) {
			continue
		}
		if fits(f.Place, x.place) && fits(f.Service, x.service) && fits(f.Impact, x.impact) {
			out = append(out, x)
		}
	}
	return out
}

func fits(want, label string) bool {
	return want == "" || want == label || want == Unsaid && label == ""
}

// midnight is when a day begins, in µs. Each source is asked in its own zone.
func midnight(d worktime.Date, zone *time.Location) int64 {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone).UnixMicro()
}

// splitDates reads dates with commas between.
func splitDates(s string) (out []string) {
	for _, d := range strings.Split(s, ",") {
		if d = strings.TrimSpace(d); d != "" {
			out = append(out, d)
		}
	}
	return out
}
