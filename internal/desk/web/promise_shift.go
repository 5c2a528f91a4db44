package web

import (
	"context"

	"github.com/a-h/templ"

	"trellis/internal/desk"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/i18n"
)

// shiftView is what another calendar would do to the clocks that run.
type shiftView struct {
	total  string
	counts []string
	broken string // how many were missed before, "" for none
	lines  []shiftLine
	all    bool   // all that move are listed
	rest   string // how many more move, "" if all are listed
}

type shiftLine struct{ href, number, title, what, from, to string }

// Review draws what a change of days would do to the promises that run, for the
// page on which it is looked at before it is saved.
func Review(d Deps) func(ctx context.Context, change calendar.SetDays) (templ.Component, error) {
	s := &pages{desk: d.Desk, district: d.District, frame: d.Frame}
	return func(ctx context.Context, change calendar.SetDays) (templ.Component, error) {
		sum, err := s.desk.Shift(ctx, change)
		if err != nil {
			return nil, err
		}
		return shiftReview(shiftWords(s.times(ctx), sum)), nil
	}
}

func shiftWords(t times, sum desk.Shift) shiftView {
	moves := sum.Later + sum.Earlier + sum.Lost
	v := shiftView{total: i18n.T(t.ctx, "promises.shift.total", "Count", moves)}
	if moves == 0 {
		v.total = i18n.T(t.ctx, "promises.shift.none", "Count", sum.Open)
	}
	for _, x := range []struct {
		key string
		n   int
	}{{"promises.shift.later", sum.Later}, {"promises.shift.earlier", sum.Earlier}, {"promises.shift.lost", sum.Lost}} {
		if x.n > 0 {
			v.counts = append(v.counts, i18n.T(t.ctx, x.key, "Count", x.n))
		}
	}
	if sum.Broken > 0 {
		v.broken = i18n.T(t.ctx, "promises.shift.broken", "Count", sum.Broken)
	}
	for _, l := range sum.Sample {
		x := shiftLine{href: promisesPath(l.Ticket), number: l.Ticket.String(), title: l.Title, what: i18n.T(t.ctx, "desk.metric."+string(l.Metric)),
			from: t.until(l.From), to: i18n.T(t.ctx, "promises.shift.nowhere")}
		if !l.To.IsZero() {
			x.to = t.until(l.To)
		}
		v.lines = append(v.lines, x)
	}
	v.all = len(v.lines) == moves
	if more := moves - len(v.lines); more > 0 && len(v.lines) > 0 {
		v.rest = i18n.T(t.ctx, "promises.shift.more", "Count", more)
	}
	return v
}
