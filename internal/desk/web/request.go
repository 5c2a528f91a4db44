package web

import (
	"context"
	"net/http"
	"strings"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// What has just been done to a request, in the address of the page that says
// so.
const (
	didSend     = "sent"
	didReply    = "replied"
	didFixed    = "fixed"
	didNotFixed = "not_fixed"
	didChange   = "changed"
)

// writes are the forms whose text has arrived once the page says so.
var writes = map[string]bool{
	didReply: true, didFixed: true, didNotFixed: true, didSolve: true, didWait: true, didNote: true,
}

// doing is a form that was sent for a request: what it did, or why it comes
// back.
type doing struct {
	did    string
	form   string // which form it was: "reply", "place"
	sent   sent
	failed *frame.Failure
	back   bool // an earlier part of the conversation is shown
}

// of is the failure and what was typed if it is this form that comes back, nil
// for every other form on the page.
func (d doing) of(form string) (*frame.Failure, *web.Form) {
	if d.failed == nil || d.form != form {
		return nil, nil
	}
	return d.failed, d.sent.Form
}

// request is one request, drawn for whoever looks at it.
func (s *pages) request(w http.ResponseWriter, r *http.Request) error {
	number, err := ticketID(r)
	if err != nil {
		return err
	}
	return s.draw(w, r, number, doing{did: web.Query(r).String("did")})
}

// back leads from the address of a form that was sent to the request.
func (s *pages) back(w http.ResponseWriter, r *http.Request) error {
	number, err := ticketID(r)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, RequestPath(number))
}

func (s *pages) draw(w http.ResponseWriter, r *http.Request, number desk.TicketID, d doing) error {
	t, err := s.desk.FindTicket(r.Context(), number)
	if err != nil {
		return err
	}
	if d.back, err = s.turnBack(r.Context(), &t, web.Query(r)); err != nil {
		return err
	}
	// Before the page is drawn, so that the bell on it no longer counts them.
	if err := s.desk.Seen(r.Context(), t.ID); err != nil {
		return err
	}
	if t.Works {
		return s.drawTicket(w, r, t, d)
	}
	return s.drawRequest(w, r, t, d)
}

func (s *pages) drawRequest(w http.ResponseWriter, r *http.Request, t desk.Ticket, d doing) error {
	ctx := r.Context()
	lines, err := s.desk.History(ctx, t.ID)
	if err != nil {
		return err
	}
	at := s.times(ctx).inPast(t.Past)
	st := standingOfTicket(t)
	v := requestView{
		ticket: t, standing: st, next: st.next(at), number: t.ID.String(),
		asked: i18n.T(ctx, "request.asked", "Who", t.Requester.Name, "When", at.inside(t.Created)),
		talk:  inOrder(spoken(at, t)), history: happenings(at, lines, nil), seen: latest(lines), turned: d.back,
		where:  placeLine(t.Place.SiteName, t.Place.RoomName, t.Place.Text),
		draft:  replyDraft(t.ID),
		past:   pastWords(ctx, t.Past),
		plan:   planned(at, t.Plan),
		failed: d.failed,
	}
	v.tried = s.triedOwed(ctx, t, d)
	if m, ok := comes(at, t); ok {
		v.next = wayWords(at, m.Author.Name, m.At, m.Minutes)
	}
	tell, err := s.tellPromises(at, t)
	if err != nil {
		return err
	}
	v.aim, v.promises = tell.aim(), len(tell.clocks) > 0
	if t.Beneficiary.ID != 0 {
		v.asked = i18n.T(ctx, "request.asked.for", "Who", t.Requester.Name, "When", at.inside(t.Created), "For", t.Beneficiary.Name)
	}
	if d.failed == nil {
		v.cleared = arrived(t.ID, d.did)
	}
	if (d.did == didSend || d.did == didPlan) && t.Asks {
		if v.sent, err = s.sentWords(ctx, t); err != nil {
			return err
		}
	}
	if t.May(desk.ActReply) {
		f := frame.Form(ui.FormProps{ID: "reply", Action: RequestPath(t.ID) + "/reply", Multipart: true})
		v.write = &f
	}
	if d.failed != nil {
		v.text = d.sent.Text("text")
		if v.keep, err = s.kept(ctx, d.sent.files); err != nil {
			return err
		}
	}
	if t.May(desk.ActPlace) {
		if err := s.placeFields(ctx, &v, t, d); err != nil {
			return err
		}
	}
	if more := earlierThan(t); len(more) > 0 {
		v.earlier = RequestPath(t.ID) + "?" + more.Encode()
	}
	v.followers = followerWords(ctx, t)
	if t.May(desk.ActUnfollow) && !t.Asks {
		f := frame.Form(ui.FormProps{Action: RequestPath(t.ID) + "/unfollow", Class: "bare"})
		v.follow = &f
	}
	return s.frame.Help(w, r, frame.View{
		Title: t.Title, Place: "requests", Failed: d.failed, Done: doneWords(ctx, d.did),
		Back: &ui.Link{Text: i18n.T(ctx, "request.mine"), Href: RequestsPath},
	}, requestPage(v))
}

// placeFields fill the form that corrects the place, with what was typed if it
// comes back.
func (s *pages) placeFields(ctx context.Context, v *requestView, t desk.Ticket, d doing) (err error) {
	f := frame.Form(ui.FormProps{ID: "place", Action: RequestPath(t.ID) + "/place", Version: t.Version})
	v.placeForm = &f
	site := t.Place.Site
	v.room, v.contact = or(t.Place.RoomName, t.Place.Text), t.Contact
	if failed, form := d.of("place"); failed != nil {
		site, v.room, v.contact = district.SiteID(form.ID("site")), form.String("room"), form.String("contact")
		if failed.Stale() {
			failed.Note(ctx, "room", v.where)
		}
	}
	v.site = id(site)
	if v.sites, _, err = s.siteOptions(ctx, site, ""); err != nil {
		return err
	}
	v.rooms, err = s.roomNames(ctx, site)
	return err
}

// asksFixed reports whether the page asks "Did that fix it?".
func (v requestView) asksFixed() bool {
	return v.ticket.State == desk.Solved && !v.ticket.Confirmed && v.ticket.May(desk.ActConfirm)
}

// sends reports whether a plain message can be sent. Of a solved request its
// asker says whether it is fixed; a message alone would leave that open.
func (v requestView) sends() bool {
	return v.ticket.State != desk.Solved || !v.ticket.May(desk.ActNotFixed)
}

func (v requestView) placeholder(ctx context.Context) string {
	switch {
	case v.asksFixed(), v.ticket.State == desk.Solved:
		return i18n.T(ctx, "request.text.fixed")
	case v.standing.needsYou():
		return i18n.T(ctx, "request.text.answer")
	}
	return i18n.T(ctx, "request.text.add")
}

// sentWords say to whom a new request went, and what comes next: as it was
// when it was sent, whoever has come or gone since.
func (s *pages) sentWords(ctx context.Context, t desk.Ticket) (*sentWords, error) {
	who, err := s.desk.SentTo(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	out := &sentWords{next: i18n.T(ctx, "ask.sent.next")}
	switch {
	case len(who.Readers) > 0:
		out.done = i18n.T(ctx, "ask.sent.private", "Names", names(ctx, who.Readers))
	case who.Person != "" && who.InBuilding:
		out.done = i18n.T(ctx, "ask.sent.building", "Name", who.Person)
	case who.Person != "":
		out.done = i18n.T(ctx, "ask.sent.person", "Name", who.Person)
	case who.Present:
		out.done = i18n.T(ctx, "ask.sent.team", "Team", who.Team)
	default:
		out.done = i18n.T(ctx, "ask.sent.absent", "Team", who.Team)
	}
	if t.Impact == desk.Stopped {
		out.next = i18n.T(ctx, "ask.sent.stopped")
	}
	return out, nil
}

// doneWords say what was just done, where the page itself does not.
func doneWords(ctx context.Context, did string) string {
	switch did {
	case didReply, didFixed, didNotFixed, didChange, didHandUp, didHandBack, didTried:
		return i18n.T(ctx, "request.did."+did)
	}
	return ""
}

// replyDraft and noteDraft name unsent texts in the browser.
func replyDraft(id desk.TicketID) string { return "reply-" + strings.TrimPrefix(id.String(), "R-") }
func noteDraft(id desk.TicketID) string  { return "note-" + strings.TrimPrefix(id.String(), "R-") }

// arrived are the drafts that need not be kept any longer.
func arrived(number desk.TicketID, did string) []string {
	switch {
	case did == didSend:
		return []string{askDraft}
	case did == didPlan:
		return []string{planDraft}
	case did == didFinish:
		return []string{finishDraft(number)}
	case did == didLog:
		return []string{hallwayDraft}
	case did == didNote:
		return []string{noteDraft(number)}
	case did == didHandUp:
		return []string{handDraft("tried", number), handDraft("why", number)}
	case did == didHandBack:
		return []string{handDraft("back", number)}
	case did == didTried:
		return []string{handDraft("after", number)}
	case writes[did]:
		return []string{replyDraft(number)}
	}
	return nil
}

func followerWords(ctx context.Context, t desk.Ticket) string {
	var list []string
	for _, p := range t.Follower {
		list = append(list, p.Name)
	}
	if len(list) == 0 {
		return ""
	}
	return i18n.T(ctx, "request.followers", "Names", names(ctx, list))
}

// do runs one form of a request: the page again with what was typed if it
// can't be done, else on to the page that says so.
func (s *pages) do(w http.ResponseWriter, r *http.Request, form, did string, run func(ctx context.Context, number desk.TicketID, f sent) error) error {
	ctx := r.Context()
	number, err := ticketID(r)
	if err != nil {
		return err
	}
	f, err := s.receive(r)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		err = run(ctx, number, f)
	}
	if failed, again := frame.Fail(ctx, err); again {
		return s.draw(w, r, number, doing{form: form, sent: f, failed: failed})
	}
	if err != nil {
		return err
	}
	return s.done(w, r, number, did)
}

// done leads to the request after something was done to it, or to their own
// requests if it is no longer theirs to see.
func (s *pages) done(w http.ResponseWriter, r *http.Request, number desk.TicketID, did string) error {
	seen, err := s.desk.Visible(r.Context(), []desk.TicketID{number})
	if err != nil {
		return err
	}
	sight, ok := seen[number]
	switch {
	case !ok:
		return web.Redirect(w, r, RequestsPath)
	case sight.Works && ui.Fragment(r) != "": // else there is no pane any more to draw it in
		return s.draw(w, r, number, doing{did: did})
	}
	return web.Redirect(w, r, RequestPath(number)+"?did="+did)
}
