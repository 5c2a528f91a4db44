package web

import (
	"cmp"
	"net/http"
	"slices"

	"trellis/internal/desk/flow"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/web"
)

// requestsView is the list behind a number.
type requestsView struct {
	flow.Page
	flowView
	behind flow.Behind
	next   string
}

// requests lists what a number counts.
func (s *pages) requests(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := web.Query(r)
	b := flow.Behind(cmp.Or(q.String("behind"), string(flow.Every)))
	if !slices.Contains(flow.Behinds, b) {
		return errs.E(errs.NotFound, "error.not_found")
	}
	page, err := s.reports.Tickets(ctx, readFilter(r), b, q.String("cursor"))
	if err != nil {
		return err
	}
	report := page.About
	v := requestsView{page, flowView{Report: report, says: saying{ctx, report.Filter.Wall, report.Zone}}, b, ""}
	if page.Next != "" {
		next := query(report.Filter)
		next.Set("behind", string(b))
		next.Set("cursor", page.Next)
		v.next = RequestsPath + "?" + next.Encode()
	}
	return s.frame.Desk(w, r, frame.View{Title: t(ctx, "steer.behind."+string(b)), Place: "steer", Wide: true}, requestsPage(v))
}
