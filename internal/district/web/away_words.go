package web

import (
	"context"
	"strconv"

	"trellis/internal/district/cover"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// planned are the absences that are still to come.
func (v awayView) planned() (out []cover.Absence) {
	for _, x := range v.list {
		if x.State(v.now) == cover.Planned {
			out = append(out, x)
		}
	}
	return out
}

// outNow says that somebody is out, and until when.
func outNow(ctx context.Context, v awayView, x cover.Absence) string {
	until := cover.SayUntil(ctx, x.Until, v.zone)
	if v.name != "" {
		return t(ctx, "away.now.other", "Name", v.name, "Until", until)
	}
	return t(ctx, "away.now", "Until", until)
}

// spanText names the days of an absence, with times where it is not whole days.
func spanText(ctx context.Context, v awayView, x cover.Absence) string {
	from, until := i18n.LongDate(ctx, x.From, v.zone), cover.SayUntil(ctx, x.Until, v.zone)
	if !nextDay(x.From, v.zone, 0).Equal(x.From) {
		from = i18n.DateTime(ctx, x.From, v.zone)
	}
	if from == until {
		return from
	}
	return t(ctx, "away.span", "From", from, "Until", until)
}

func coveredBy(ctx context.Context, x cover.Absence) string {
	if x.Cover == 0 {
		return t(ctx, "away.covered.nobody")
	}
	return t(ctx, "away.covered", "Name", x.CoverName)
}

func backKey(v awayView) string {
	if v.name != "" {
		return "away.back.other"
	}
	return "away.back"
}

func declareKey(v awayView) string {
	switch {
	case v.form.id != 0:
		return "away.declare.change"
	case v.name != "":
		return "away.declare.other"
	}
	return "away.declare"
}

func saveKey(v awayView) string {
	switch {
	case v.form.id != 0:
		return "account.save"
	case v.name != "":
		return "away.save.other"
	}
	return "away.save"
}

// endKind makes coming back the main thing to press; canceling is not.
func endKind(v awayView, x cover.Absence) ui.Kind {
	if x.State(v.now) == cover.Running {
		return ui.Primary
	}
	return ""
}

func awayHidden(v awayView) []ui.Pair {
	out := []ui.Pair{{Name: "person", Value: number(v.person)}}
	if v.form.id != 0 {
		out = append(out, ui.Pair{Name: "absence", Value: number(v.form.id)}, ui.Pair{Name: "when", Value: whenDays})
	}
	return out
}

func daysHint(ctx context.Context, v awayView) string {
	if v.form.id != 0 {
		return ""
	}
	return t(ctx, "away.days.hint")
}

// coverValue is who is chosen to cover; nobody, until somebody is.
func coverValue(v awayView) string {
	if v.form.cover == "" {
		return "0"
	}
	return v.form.cover
}

// dayAfter is the day on which the running absence is over.
func dayAfter(v awayView) string { return day(v.running().Until, v.zone) }

// awayLinks are the pages that belong to being away.
func awayLinks(ctx context.Context, v awayView) []ui.LinkItem {
	hours := "/away/hours"
	if v.name != "" {
		hours += "?person=" + number(v.person)
	}
	out := []ui.LinkItem{{Href: hours, Title: t(ctx, "away.hours.title"), Sub: t(ctx, "away.hours.text")}}
	if cover.Viewer.Permits(policy.ActorFrom(ctx)) {
		out = append(out, ui.LinkItem{Href: "/coverage", Title: t(ctx, "coverage.nav"), Sub: t(ctx, "coverage.nav.text")})
	}
	return out
}
