package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/worktime"
)

// saying writes numbers in the words of one page.
type saying struct {
	ctx  context.Context
	wall bool // days have 24 hours; in working time there is no telling how many
	zone *time.Location
}

func (s saying) t(key string, args ...any) string { return t(s.ctx, key, args...) }

func (s saying) number(n int64) string { return i18n.Number(s.ctx, n) }

// percent rounds as one says it: small shares keep a digit.
func (s saying) percent(part float64) string {
	places := 0
	if v := part * 100; v > 0 && v < 9.95 {
		places = 1
	}
	return s.t("steer.percent", "N", i18n.Decimal(s.ctx, part*100, places))
}

// share is a percentage, or that there is nothing to take one of.
func (s saying) share(x flow.Ratio) string {
	if x.Of == 0 {
		return s.t("steer.none")
	}
	return s.percent(x.Part())
}

// span is an amount of time: minutes, hours, and by the wall clock days.
func (s saying) span(seconds int64) string {
	switch {
	case seconds < 3600:
		return s.t("steer.span.minutes", "N", i18n.Number(s.ctx, (seconds+30)/60))
	case s.wall && seconds >= 48*3600:
		return s.t("steer.span.days", "N", s.round(float64(seconds)/86400))
	}
	return s.t("steer.span.hours", "N", s.round(float64(seconds)/3600))
}

func (s saying) round(v float64) string {
	if v < 9.95 {
		return i18n.Decimal(s.ctx, v, 1)
	}
	return i18n.Number(s.ctx, int64(v+.5))
}

// within is by when something happened to a part of them, standing alone.
func (s saying) within(w flow.Within) string {
	switch {
	case w.None:
		return s.t("steer.none")
	case w.More:
		return s.t("steer.more_than", "Time", s.span(w.Seconds))
	}
	return s.span(w.Seconds)
}

func (s saying) mean(v float64, known int64) string {
	if known == 0 {
		return s.t("steer.none")
	}
	return i18n.Decimal(s.ctx, v, 2)
}

func (s saying) day(at time.Time) string { return i18n.Date(s.ctx, at, s.zone) }

// date writes a day of no zone.
func (s saying) date(d worktime.Date) string {
	return i18n.Date(s.ctx, time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC), time.UTC)
}

// label is what a place, service or impact is called. The impacts of requests
// born here are written in the reader's language.
func (s saying) label(x string) string {
	switch {
	case x == "" || x == flow.Unsaid:
		return s.t("steer.unsaid")
	case slices.Contains(desk.Impacts, desk.Impact(x)):
		return s.t(desk.Impact(x).Key())
	}
	return x
}

// group names a line of the table.
func (s saying) group(r flow.Report, g flow.Group) string {
	switch {
	case g.Rest:
		return s.t("steer.rest", "Count", r.Rest)
	case r.Filter.By != flow.ByPeriod || !g.From.Valid():
		return s.label(g.Label)
	}
	year := strconv.Itoa(g.From.Year)
	switch r.Step {
	case flow.Month:
		return s.t("steer.month."+strconv.Itoa(int(g.From.Month)), "Year", year)
	case flow.Quarter:
		return s.t("steer.quarter", "N", (int(g.From.Month)+2)/3, "Year", year)
	}
	return year
}

func (s saying) source(x flow.Source) string {
	if x.ID == flow.Born {
		return s.t("steer.source.born")
	}
	return x.Name
}

// requestHref is the address of a request, the same for everybody.
func requestHref(id desk.TicketID) string {
	if id < 0 {
		return "/r/" + id.String()
	}
	return "/r/" + strconv.FormatInt(int64(id), 10)
}
