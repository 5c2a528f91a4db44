package web

import (
	"net/http"
	"net/url"
	"strings"

	"trellis/internal/desk"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// search finds requests by their words, and by their number at once.
func (s *pages) search(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := web.Query(r)
	text := q.String("q")
	found, err := s.desk.Search(ctx, text, q.String("after"))
	if err != nil {
		return err
	}
	if number, ok := desk.ParseTicketID(text); ok && strings.ContainsAny(text[:1], "RrHh") {
		for _, i := range found.Items {
			if i.ID == number {
				return web.Redirect(w, r, RequestPath(number))
			}
		}
	}
	t := s.times(ctx)
	v := searchView{text: text, count: i18n.T(ctx, "queue.search.count", "Count", found.Total)}
	if found.Total >= desk.FoundLimit {
		v.count = i18n.T(ctx, "queue.search.many", "Limit", desk.FoundLimit)
	}
	for _, i := range found.Items {
		l := ui.LinkItem{
			Href: RequestPath(i.ID), Title: i.Title, End: t.ago(i.Created),
			Sub: joined(" · ", i.ID.String(), stateWords(ctx, i.State), i.RequesterName, joined(" ", i.Site, i.Room), i.Service),
		}
		if i.Kind == desk.Plan {
			tag := planTag(ctx)
			l.Tag = &tag
		}
		if i.Private != "" {
			l.Tag = &ui.TagProps{Text: privateWords(ctx, i.Private), Icon: "lock"}
		}
		v.found = append(v.found, l)
	}
	if found.Next != "" {
		v.more = &ui.Tab{Text: i18n.T(ctx, "queue.more"), Href: SearchPath + "?" + url.Values{"q": {text}, "after": {found.Next}}.Encode()}
	}
	return s.frame.Desk(w, r, frame.View{
		Title: i18n.T(ctx, "queue.search"), Place: "desk",
		Search: &ui.SearchBox{Action: SearchPath, Value: text},
	}, searchPage(v))
}
