package web

import (
	"context"
	"net/http"
	"net/url"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// onHelp is how many of somebody's requests the first page shows.
const onHelp = 5

// help is where somebody who needs something starts.
func (s *pages) help(w http.ResponseWriter, r *http.Request) error {
	return s.drawHelp(w, r, "", district.ServiceID(web.Query(r).ID("service")), nil)
}

func (s *pages) drawHelp(w http.ResponseWriter, r *http.Request, typed string, about district.ServiceID, failed *frame.Failure) error {
	ctx := r.Context()
	mine, err := s.desk.MyRequests(ctx, "")
	if err != nil {
		return err
	}
	v := helpView{
		form: frame.Form(ui.FormProps{ID: "ask", Action: "/help/ask", Multipart: true}),
		text: typed, failed: failed,
	}
	if v.service, v.about, err = s.about(ctx, about); err != nil {
		return err
	}
	offer := desk.OfferTo(policy.ActorFrom(ctx))
	v.now, v.plan = offer.Stopped, offer.Plan
	if v.now {
		if v.nowText, err = s.goesTo(ctx, v.service); err != nil {
			return err
		}
	}
	t := s.times(ctx)
	list := links(t, mine.NeedsYou)
	list = append(list, links(t, mine.InProgress)...)
	list = append(list, links(t, mine.Solved)...)
	v.all = len(list) > 0
	v.mine = list[:min(len(list), onHelp)]
	return s.frame.Help(w, r, frame.View{Title: i18n.T(ctx, "help.page"), Place: "help", Failed: failed}, helpPage(v))
}

// about is the service that the page was opened for, 0 if it is none.
func (s *pages) about(ctx context.Context, id district.ServiceID) (district.ServiceID, string, error) {
	if id <= 0 {
		return 0, "", nil
	}
	x, err := s.district.Service(ctx, id)
	if errs.Is(err, errs.NotFound) || err == nil && !x.Active {
		return 0, "", nil
	}
	return x.ID, x.Name, err
}

// goesTo says to whom and from where a request goes that is sent at once, ""
// if that is not known yet.
func (s *pages) goesTo(ctx context.Context, about district.ServiceID) (string, error) {
	home, err := s.askFor(ctx, 0)
	if err != nil || home.Site == 0 {
		return "", err
	}
	who, err := s.desk.Expect(ctx, home.Site, about, "")
	if err != nil {
		return "", err
	}
	place := placeLine(home.SiteName, home.RoomName, "")
	if who.Person == "" {
		return i18n.T(ctx, "help.now.team", "Team", who.Team, "Place", place), nil
	}
	if who.InBuilding {
		return i18n.T(ctx, "help.now.building", "Name", who.Person, "Place", place), nil
	}
	return i18n.T(ctx, "help.now.person", "Name", who.Person, "Place", place), nil
}

// askFor is where somebody is and how to reach them: the actor for id 0.
func (s *pages) askFor(ctx context.Context, id district.PersonID) (district.Home, error) {
	if id == 0 {
		id = district.PersonID(policy.ActorFrom(ctx).Person)
	}
	return s.district.AskFor(ctx, id)
}

// links are requests as the asking side's lists show them.
func links(t times, list []desk.Item) []ui.LinkItem {
	out := make([]ui.LinkItem, 0, len(list))
	for _, i := range list {
		st := standingOf(i)
		l := ui.LinkItem{Href: RequestPath(i.ID), Title: i.Title, Sub: st.next(t), End: t.ago(i.SaidAt)}
		switch {
		case st.needsYou():
			tag := st.tag(t.ctx)
			l.Tag, l.End = &tag, ""
		case st.plan:
			tag := planTag(t.ctx)
			l.Tag = &tag
		}
		out = append(out, l)
	}
	return out
}

// requests are all that somebody asked for.
func (s *pages) requests(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after := web.Query(r).String("after")
	mine, err := s.desk.MyRequests(ctx, after)
	if err != nil {
		return err
	}
	t := s.times(ctx)
	v := requestsView{needsYou: links(t, mine.NeedsYou), inProgress: links(t, mine.InProgress), solved: links(t, mine.Solved), later: after != ""}
	if mine.Next != "" {
		v.more = &ui.Tab{Text: i18n.T(ctx, "request.mine.more"), Href: RequestsPath + "?" + url.Values{"after": {mine.Next}}.Encode()}
	}
	return s.frame.Help(w, r, frame.View{Title: i18n.T(ctx, "request.mine"), Place: "requests"}, requestsPage(v))
}
