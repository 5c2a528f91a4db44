package web

import (
	"context"
	"net/http"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// PlanPath is where somebody plans something with a class.
const PlanPath = HelpPath + "/plan"

const (
	didPlan   = "planned"
	didFinish = "finished"

	// planDraft names the unsent goal of a plan in the browser.
	planDraft = "plan"
)

// planning is what somebody has said so far about a plan.
type planning struct {
	goal  string
	by    string // as the field sends it
	class string
	site  district.SiteID
	room  string // a room's name, or other words for the spot
}

// newPlan is the page on which somebody plans something with a class, with the
// place where they mostly are.
func (s *pages) newPlan(w http.ResponseWriter, r *http.Request) error {
	home, err := s.askFor(r.Context(), 0)
	if err != nil {
		return err
	}
	return s.drawPlan(w, r, planning{site: home.Site, room: home.RoomName}, nil)
}

// sendPlan takes it, and leads to its page.
func (s *pages) sendPlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	p := planning{
		goal: form.Text("text"), by: form.String("by"), class: form.String("class"),
		site: district.SiteID(form.ID("site")), room: form.String("room"),
	}
	made, err := s.createPlan(ctx, form, p)
	if failed, again := frame.Fail(ctx, err); again {
		failed.Labels(ctx, map[string]string{"text": "plan.label.goal", "by": "plan.label.by", "class": "plan.label.class"})
		return s.drawPlan(w, r, p, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, RequestPath(made.ID)+"?did="+didPlan)
}

func (s *pages) createPlan(ctx context.Context, form *web.Form, p planning) (desk.Created, error) {
	c := desk.CreatePlan{Goal: p.goal, Class: p.class, Site: p.site, Lang: i18n.Lang(ctx)}
	if by := form.Date("by"); !by.IsZero() {
		c.By = worktime.DateOf(by)
	}
	err := form.Err()
	if err != nil {
		return desk.Created{}, err
	}
	if c.Room, c.PlaceText, err = s.spot(ctx, p.site, p.room); err != nil {
		return desk.Created{}, err
	}
	return s.desk.CreatePlan(ctx, c)
}

func (s *pages) drawPlan(w http.ResponseWriter, r *http.Request, p planning, failed *frame.Failure) error {
	ctx := r.Context()
	v := planView{form: frame.Form(ui.FormProps{ID: "plan", Action: PlanPath}), failed: failed, planning: p}
	var err error
	if v.sites, v.where, err = s.siteOptions(ctx, p.site, p.room); err != nil {
		return err
	}
	if v.rooms, err = s.roomNames(ctx, p.site); err != nil {
		return err
	}
	who, err := s.desk.ExpectPlan(ctx, p.site)
	if err != nil {
		return err
	}
	v.sendText = sendWords(ctx, who.Expected)
	if p.site != 0 {
		v.expect = expectWords(s.times(ctx), who)
	}
	return s.frame.Help(w, r, frame.View{
		Title: i18n.T(ctx, "plan.title"), Place: "help", Failed: failed, NoNav: true,
		Back: &ui.Link{Text: i18n.T(ctx, "ask.back"), Href: HelpPath},
	}, planPage(v))
}

// expectWords say who plans it with them, and when they hear of it.
func expectWords(t times, who desk.ExpectedPlan) string {
	var text string
	switch {
	case who.Person != "" && who.InBuilding:
		text = i18n.T(t.ctx, "plan.who.building", "Name", who.Person)
	case who.Person != "":
		text = i18n.T(t.ctx, "plan.who.person", "Name", who.Person)
	default:
		text = i18n.T(t.ctx, "plan.who.team", "Team", who.Team)
	}
	if who.AnswerBy.IsZero() {
		return text
	}
	return text + " " + i18n.T(t.ctx, "plan.hear", "When", t.until(who.AnswerBy))
}

// finish ends a plan with what came of it.
func (s *pages) finish(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "finish", didFinish, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.FinishPlan(ctx, desk.FinishPlan{
			Ticket: number, Version: f.Version(), Outcome: desk.Outcome(f.String("outcome")), Words: words(ctx, f),
		})
		return err
	})
}

// finishView is the form that ends a plan.
type finishView struct {
	form     ui.FormProps
	who      string // reads the words
	outcome  string
	outcomes []ui.Option
	text     string
	draft    string

	wrong, outcomeError, textError string
}

// finish is that form, nil where there is nothing to finish. One that comes
// back is there even if somebody else finished meanwhile: what was typed in it
// stands in it.
func (p *paneMaker) finish() *finishView {
	t := p.t
	failed, form := p.d.of("finish")
	if failed == nil && !t.May(desk.ActFinish) {
		return nil
	}
	v := &finishView{form: p.form("finish", pane), who: t.Requester.Name, draft: finishDraft(t.ID)}
	v.form.ID = "finish-form"
	for _, o := range desk.Outcomes {
		v.outcomes = append(v.outcomes, ui.Option{Value: string(o), Text: p.word(o.Key())})
	}
	if failed != nil {
		v.outcome, v.text = form.String("outcome"), form.Text("text")
		v.outcomeError, v.textError = failed.Field("outcome"), failed.Field("text")
		if v.outcomeError == "" && v.textError == "" {
			v.wrong = failed.Text
		}
	}
	return v
}

func finishDraft(n desk.TicketID) string { return "finish-" + id(n) }
