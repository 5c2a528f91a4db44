// Package web is how people read the reports: pages that say a sentence first
// and print on one sheet.
package web

import (
	"context"
	"net/http"

	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Deps are what the pages are made from; all are needed.
type Deps struct {
	Reports   *flow.Reports
	Weeks     *flow.WeekReports
	District  *district.District
	Cover     *cover.Cover
	Calendars *calendar.Calendars
	Frame     *frame.Frame
	// PastHref is where a past of another desk is brought in, by who runs
	// Trellis; "" if there is no such page.
	PastHref string
}

// Addresses that others link to.
const (
	WeekPath     = "/steer"
	PlacesPath   = "/places"
	FlowPath     = "/steer/flow"
	RequestsPath = FlowPath + "/requests"
	CSVPath      = FlowPath + ".csv"
	XLSXPath     = FlowPath + ".xlsx"
)

type pages struct {
	reports   *flow.Reports
	weeks     *flow.WeekReports
	district  *district.District
	cover     *cover.Cover
	calendars *calendar.Calendars
	frame     *frame.Frame
	past      string
}

// Register adds the pages to the mux.
func Register(m *web.Mux, d Deps) {
	s := &pages{d.Reports, d.Weeks, d.District, d.Cover, d.Calendars, d.Frame, d.PastHref}
	m.Route("GET "+WeekPath, district.Overseer, s.week)
	m.Route("GET "+weekStylePath, policy.Public, s.weekStyle, web.Bare(), web.Quiet())
	m.Route("GET "+PlacesPath, district.PlaceReader, s.places)
	m.Route("GET "+PlacesPath+"/{place}", district.PlaceReader, s.place)
	m.Route("GET "+FlowPath, district.Helper, s.flow)
	m.Route("GET "+RequestsPath, district.Helper, s.requests)
	m.Route("GET "+CSVPath, district.Helper, s.csv)
	m.Route("GET "+XLSXPath, district.Helper, s.xlsx)
}

// flow is "How support flowed".
func (s *pages) flow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	report, err := s.reports.Report(ctx, readFilter(r))
	if err != nil {
		return err
	}
	profile, err := s.district.Profile(ctx)
	if err != nil {
		return err
	}
	v := flowView{Report: report, says: saying{ctx, report.Filter.Wall, report.Zone}, district: profile.Name, now: s.frame.Now(),
		findings: steer.Findings(report), notes: steer.Notes(report)}
	if district.Admin.Permits(policy.ActorFrom(ctx)) {
		v.past = s.past
	}
	return s.frame.Desk(w, r, frame.View{Title: t(ctx, "steer.title"), Place: "steer", Wide: true}, flowPage(v))
}

func t(ctx context.Context, key string, args ...any) string { return frame.T(ctx, key, args...) }
