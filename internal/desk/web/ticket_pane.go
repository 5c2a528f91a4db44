package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// earlierShown is how many earlier requests of a person stand beside one.
const earlierShown = 5

// drawTicket draws a request for whoever works on it, with the list they came
// from beside it.
func (s *pages) drawTicket(w http.ResponseWriter, r *http.Request, t desk.Ticket, d doing) error {
	ctx := r.Context()
	q := listingFrom(r, "in")
	p := paneMaker{pages: s, ctx: ctx, t: t, d: d, at: s.times(ctx).inPast(t.Past), list: q, note: writesNote(r, d)}
	v, err := p.view()
	if err != nil {
		return err
	}
	title := t.Title
	if d.failed != nil {
		title = i18n.T(ctx, "ui.error") + ": " + title
	}
	f := frame.View{
		Title: title, Place: "desk", Split: true, Status: d.failed.Status(), Last: p.last,
		Keys: []ui.KeyHint{
			{Key: "r", Text: i18n.T(ctx, "deskui.key.reply")}, {Key: "n", Text: i18n.T(ctx, "deskui.key.note")},
			{Key: "s", Text: i18n.T(ctx, "deskui.key.state")}, {Key: "a", Text: i18n.T(ctx, "deskui.key.owner")},
		},
	}
	// A part that is asked for alone needs no list beside it.
	switch part := ui.Fragment(r); part {
	case paneID:
		f.Parts = map[string]templ.Component{part: together(ticketPane(v), ticketAbout(v.about))}
		return s.frame.Desk(w, r, f, ticketPane(v))
	case talkID:
		f.Parts = map[string]templ.Component{part: together(ticketTalk(v), ticketAbout(v.about))}
		return s.frame.Desk(w, r, f, ticketTalk(v))
	}
	list, err := s.list(ctx, q, t.ID)
	if err != nil {
		return err
	}
	return s.frame.Desk(w, r, f, deskPage(list, true, together(ticketPane(v), ticketAbout(v.about))))
}

// writesNote reports which of the two messages the composer writes.
func writesNote(r *http.Request, d doing) bool {
	if d.failed != nil {
		return d.form == "note"
	}
	return web.Query(r).String("write") == "note"
}

// paneMaker puts together what the desk's page of one request shows.
type paneMaker struct {
	*pages
	ctx  context.Context
	t    desk.Ticket
	d    doing
	at   times
	list listing
	note bool
	last *ui.LastAction

	passes []desk.Handoff // what it went through so far
}

func (p *paneMaker) word(key string, args ...any) string { return i18n.T(p.ctx, key, args...) }

// to is the address of a command on the ticket, keeping the list beside it.
func (p *paneMaker) to(action string) string {
	return RequestPath(p.t.ID) + "/" + action + p.list.query("in", nil)
}

func (p *paneMaker) page(more url.Values) string {
	return RequestPath(p.t.ID) + p.list.query("in", more)
}

func (p *paneMaker) form(action, swap string) ui.FormProps {
	return frame.Form(ui.FormProps{Action: p.to(action), Swap: swap, Version: p.t.Version})
}

// undoForm takes back what an event did.
func (p *paneMaker) undoForm(ev desk.EventID) ui.FormProps {
	return ui.FormProps{Action: p.to("undo/" + id(ev)), Swap: pane, Key: web.NewKey(), Class: "bare"}
}

func (p *paneMaker) view() (ticketView, error) {
	t := p.t
	lines, err := p.desk.History(p.ctx, t.ID)
	if err != nil {
		return ticketView{}, err
	}
	v := ticketView{
		ticket: t, number: t.ID.String(), asked: p.at.moment(t.Created), seen: latest(lines), url: p.page(p.writing()),
		past: pastWords(p.ctx, t.Past), turned: p.d.back, back: ui.Link{Text: p.word("queue.list." + p.list.view), Href: p.list.path(nil)},
	}
	if t.Inside.Handoffs > 0 {
		if p.passes, err = p.desk.Handoffs(p.ctx, t.ID); err != nil {
			return ticketView{}, err
		}
	}
	v.talk = inOrder(spoken(p.at, t), noted(p.at, t.Inside))
	if !p.d.back {
		old, err := p.recorded()
		if err != nil {
			return ticketView{}, err
		}
		v.talk = inOrder(old, v.talk, passed(p.at, p.passes, lines), happenings(p.at, lines, p.undoForm))
	}
	if more := earlierThan(t); len(more) > 0 {
		v.earlier = p.page(more)
	}
	if t.Channel != desk.ByWeb {
		v.by = p.word(t.Channel.Key())
	}
	if p.d.failed == nil {
		v.cleared = arrived(t.ID, p.d.did)
		p.last = p.lastAction(lines)
	} else {
		v.trouble, v.errors = p.d.failed.Title, p.errors()
	}
	if err := p.properties(&v); err != nil {
		return v, err
	}
	if v.due, err = p.due(); err != nil {
		return v, err
	}
	v.come, v.hand, v.tried, v.finish = p.come(), p.hand(), p.tried(p.passes), p.finish()
	v.away = awayWords(p.at, t)
	if err := p.composer(&v); err != nil {
		return v, err
	}
	v.about, err = p.about()
	return v, err
}

// errors are the lines of the summary: what is wrong, leading to where.
func (p *paneMaker) errors() []ui.FieldError {
	failed := p.d.failed
	text := ui.FieldID(p.textField())
	if p.d.form == "finish" {
		text = finishText
	}
	places := []struct{ field, at string }{
		{"outcome", ui.FieldID("outcome")},
		{"text", text}, {"files", ui.FieldID(filesField)}, {"until", "p-until"}, {"on", "p-state"},
		{"site", "p-site"}, {"room", "p-room"}, {"place", "p-room"}, {"title", "p-title-text"},
		{"owner", "p-owner-to"}, {"team", "p-owner-to"}, {"person", "p-owner-to"}, {"service", "p-service"},
		{"impact", "p-impact"}, {"private", "p-private"}, {"follower", ui.FieldID("follower")},
		{"minutes", "way-form"}, {"helped_at", "p-helped-at"},
		{"tried", handFieldAt(p.d.form, "tried")}, {"why", handFieldAt(p.d.form, "why")},
	}
	var out []ui.FieldError
	for _, x := range places {
		if text := failed.Field(x.field); text != "" && !(x.field == "person" && p.d.form == "followers") {
			out = append(out, ui.FieldError{ID: x.at, Text: text})
		}
	}
	if len(out) == 0 {
		out = []ui.FieldError{{Text: failed.Text}}
	}
	return out
}

func (p *paneMaker) textField() string {
	if p.note {
		return "note"
	}
	return "text"
}

// lastAction is what was done just now, with its undo.
func (p *paneMaker) lastAction(lines []desk.Line) *ui.LastAction {
	text := ""
	switch p.d.did {
	case didSend, didPlan, didFinish, didLog, didReply, didFixed, didNotFixed, didChange, didNote, didTake, didAssign, didWait, didSolve, didResume, didReopen, didUndo, didWay, didHelped, didHandUp, didHandBack, didTried:
		text = p.word("deskui.did."+p.d.did, "Ticket", p.t.ID.String())
	default:
		return nil
	}
	out := &ui.LastAction{Text: text}
	me := actorID(p.ctx)
	for _, l := range slices.Backward(lines) {
		if l.Who.ID != me {
			continue
		}
		if l.CanUndo {
			out.Undo = &ui.Undo{Action: p.to("undo/" + id(l.Event)), Text: p.word("deskui.undo"), Key: web.NewKey(), Swap: pane}
		}
		break
	}
	return out
}

func (p *paneMaker) writing() url.Values {
	if p.note {
		return url.Values{"write": {"note"}}
	}
	return nil
}

// composer is where a reply or a note is written.
func (p *paneMaker) composer(v *ticketView) error {
	t := p.t
	if !t.May(desk.ActReply) && !p.note {
		p.note = true
	}
	reply := ui.Tab{Text: p.word("deskui.reply.to", "Name", t.Requester.Name), Href: p.page(nil), Current: !p.note, Key: "r", Swap: pane}
	note := ui.Tab{Text: p.word("deskui.note"), Href: p.page(url.Values{"write": {"note"}}), Current: p.note, Key: "n", Swap: pane}
	if t.May(desk.ActReply) {
		v.write.Tabs = append(v.write.Tabs, reply)
	}
	v.write.Tabs = append(v.write.Tabs, note)
	v.write.TabsLabel = p.word("deskui.who_reads")
	v.write.Private = p.note
	v.write.Tools = paneTools()
	v.acts = writeActions{note: p.note, plan: t.Kind == desk.Plan, at: p.to}
	if p.note {
		v.write.Form = frame.Form(ui.FormProps{ID: "write", Action: p.to("note"), Multipart: true, Swap: pane})
		v.write.Field = ui.FieldProps{Name: "note", Label: p.word("deskui.note"), Draft: noteDraft(t.ID), Placeholder: p.word("deskui.note.hint"), Key: "n"}
		v.write.Note = p.word("deskui.note.who")
	} else {
		v.write.Form = frame.Form(ui.FormProps{ID: "write", Action: p.to("reply"), Multipart: true, Swap: pane, Version: t.Version})
		v.write.Field = ui.FieldProps{Name: "text", Label: p.word("deskui.reply.to", "Name", t.Requester.Name), Draft: replyDraft(t.ID), Key: "r"}
		v.write.Note = p.word("deskui.reply.who")
		v.acts.solve, v.acts.wait = t.May(desk.ActSolve), t.May(desk.ActWait) && !t.Asks
		v.acts.confirm, v.acts.notFixed = t.May(desk.ActConfirm) && t.State == desk.Solved, t.May(desk.ActNotFixed)
	}
	v.write.Actions = paneActions(v.acts)
	if p.d.failed == nil || p.d.form == "finish" { // which has its own words
		return nil
	}
	v.write.Field.Value = p.d.sent.Text(p.textField())
	v.write.Field.Error = or(p.d.failed.Field("text"), p.d.failed.Field("files"))
	var err error
	v.keep, err = p.kept(p.ctx, p.d.sent.files)
	return err
}

// about is the column beside the request.
func (p *paneMaker) about() (aboutView, error) {
	t := p.t
	v := aboutView{who: t.Requester.Name}
	who, err := p.district.Person(p.ctx, t.Requester.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return v, err
	}
	v.title = joined(", ", who.Title, who.SiteName)
	fact := func(list *[]ui.Fact, name, value string) {
		if value != "" {
			*list = append(*list, ui.Fact{Name: name, Value: value})
		}
	}
	fact(&v.facts, p.word("deskui.contact"), t.Contact)
	if who.AwayUntil.After(p.at.now) {
		fact(&v.facts, p.word("deskui.away"), p.at.when(who.AwayUntil))
	}
	for _, l := range i18n.Offered() {
		if who.Lang == l.Tag && l.Tag != i18n.Lang(p.ctx) {
			fact(&v.facts, p.word("deskui.language"), l.Name)
		}
	}
	if t.Beneficiary.ID != 0 {
		v.beneficiary = p.word("deskui.beneficiary", "Name", t.Beneficiary.Name)
	}
	fact(&v.place, p.word("ask.site"), t.Place.SiteName)
	fact(&v.place, p.word("deskui.room"), t.Place.RoomName)
	fact(&v.place, p.word("deskui.spot"), t.Place.Text)
	v.passTitle, v.passes = p.passViews(p.passes)
	earlier, err := p.desk.Earlier(p.ctx, t.Requester.ID, t.ID, earlierShown)
	if err != nil {
		return v, err
	}
	for _, i := range earlier {
		v.earlier = append(v.earlier, ui.LinkItem{
			Href: RequestPath(i.ID) + p.list.query("in", nil), Title: i.Title,
			Sub: joined(" · ", stateWords(p.ctx, i.State), p.at.when(i.Created)),
		})
	}
	return v, p.aboutFollowers(&v)
}

func (p *paneMaker) aboutFollowers(v *aboutView) error {
	t := p.t
	if t.Private != "" {
		var list []string
		for _, n := range t.Inside.Named {
			list = append(list, n.Name)
		}
		v.named = names(p.ctx, list)
		return nil
	}
	v.followers = t.Follower
	if t.May(desk.ActAddFollower) {
		f := frame.Form(ui.FormProps{ID: "followers", Action: p.to("followers"), Swap: pane})
		v.add = &f
	}
	switch {
	case t.May(desk.ActUnfollow):
		f := frame.Form(ui.FormProps{Action: p.to("unfollow"), Swap: pane, Class: "bare"})
		v.follow, v.followText = &f, p.word("request.unfollow")
	case t.May(desk.ActFollow):
		f := frame.Form(ui.FormProps{Action: p.to("follow"), Swap: pane, Class: "bare"})
		v.follow, v.followText = &f, p.word("deskui.follow")
	}
	failed, form := p.d.of("followers")
	if failed == nil {
		return nil
	}
	v.addText = form.String("follower")
	v.addError = or(failed.Field("follower"), failed.Field("person"))
	var err error
	v.found, err = p.namesakes(p.ctx, v.addText, failed)
	return err
}

// ownerOptions are teams and their people. Of a private request only those
// named on it.
func (s *pages) ownerOptions(ctx context.Context, t desk.Ticket, now time.Time) ([]ui.Option, error) {
	if t.Private != "" {
		var out []ui.Option
		for _, n := range t.Inside.Named {
			out = append(out, ui.Option{Value: ownerValue(0, n.ID), Text: n.Name})
		}
		return out, nil
	}
	teams, err := s.district.Teams(ctx, false)
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	for _, team := range teams {
		out = append(out, ui.Option{Value: ownerValue(team.ID, 0), Text: i18n.T(ctx, "deskui.owner.team", "Team", team.Name), Group: team.Name})
		for _, m := range team.Members {
			if m.Active {
				out = append(out, ui.Option{Value: ownerValue(team.ID, m.ID), Text: memberWords(ctx, m, now), Group: team.Name})
			}
		}
	}
	return out, nil
}

func memberWords(ctx context.Context, m district.Member, now time.Time) string {
	if m.AwayUntil.After(now) {
		return i18n.T(ctx, "deskui.owner.away", "Name", m.Name)
	}
	return m.Name
}
