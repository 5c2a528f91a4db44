package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"

	"trellis/internal/district/calendar"
	"trellis/internal/platform/ui"
)

// The style of the months. It is a file of its own because no other page needs
// it.
//
//go:embed static/calendar.css
var monthsCSS []byte

const monthsPath = "/settings/calendar/months.css"

var monthsTag = func() string {
	sum := sha256.Sum256(monthsCSS)
	return hex.EncodeToString(sum[:8])
}()

// monthsHref changes with the style, so that browsers keep it for good.
func monthsHref() string { return monthsPath + "?" + monthsTag }

func (c *calendarPages) monthsStyle(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+monthsTag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(monthsCSS))
	return nil
}

// hoursWhose says whose the hours of a place are.
func hoursWhose(ctx context.Context, s calendar.Said) string {
	switch {
	case s.Default:
		return t(ctx, "calendar.hours.default")
	case s.Place.ID == 0:
		return t(ctx, "calendar.hours.all")
	case s.OwnHours():
		return t(ctx, "calendar.hours.own")
	}
	return t(ctx, "calendar.hours.district")
}

func dropHoursText(ctx context.Context, p calendar.Place) string {
	if p.ID == 0 {
		return t(ctx, "calendar.hours.drop_all")
	}
	return t(ctx, "calendar.hours.drop")
}

func singleWhose(ctx context.Context, s calendar.Single, p calendar.Place) string {
	if s.Site == 0 {
		return t(ctx, "calendar.whole")
	}
	return p.Name
}

func whereValue(all bool) string {
	if all {
		return "all"
	}
	return "some"
}

// rangeItems lead to where each term or season is changed.
func rangeItems(ctx context.Context, list []calendar.Range, p calendar.Place, kind string) []ui.LinkItem {
	out := make([]ui.LinkItem, len(list))
	for i, x := range list {
		out[i] = ui.LinkItem{Href: at("/"+kind, x.Site, "id", number(x.ID)), Title: x.Name, Sub: datesText(ctx, x.Dates)}
		if x.Site != p.ID {
			out[i].Tag = &ui.TagProps{Text: t(ctx, "calendar.whole")}
		}
	}
	return out
}

// removal are the fields by which a single day is taken away where it was said.
func removal(s calendar.Single) []ui.Pair {
	out := []ui.Pair{{Name: "clear", Value: "1"}, {Name: "first", Value: dateField(s.Dates.First)}, {Name: "last", Value: dateField(s.Dates.Last)}}
	if s.Site == 0 {
		return append(out, ui.Pair{Name: "district", Value: "1"})
	}
	return append(out, ui.Pair{Name: "where", Value: "some"}, ui.Pair{Name: "place", Value: number(s.Site)})
}
