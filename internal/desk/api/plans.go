package api

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// plan is what a request of kind plan says besides.
type plan struct {
	By      string `json:"by" format:"date" doc:"By when the class shall be able to do it."`
	Class   string `json:"class" doc:"Which class or grade."`
	Outcome string `json:"outcome,omitempty" enum:"plan,visit,session,setting" doc:"What it ended in: a plan that the teacher follows, a visit to the class, a session for the teacher, a changed setting. Absent until it is finished."`
}

func wirePlan(p *desk.Planned) *plan {
	if p == nil {
		return nil
	}
	return &plan{p.By.String(), p.Class, string(p.Outcome)}
}

type createPlanIn struct {
	Body struct {
		Text      string  `json:"text,omitempty" maxLength:"20000" doc:"What students should be able to do. Its first line becomes the title."`
		By        string  `json:"by,omitempty" format:"date" doc:"By when: today at the place, or a day of the next two years."`
		Class     string  `json:"class,omitempty" maxLength:"120" doc:"Which class or grade."`
		Files     []int64 `json:"files,omitempty" maxItems:"10" doc:"Ids of your own uploads."`
		Requester int64   `json:"requester,omitempty" doc:"Who plans, if you work the desk and write it down for them."`
		Site      int64   `json:"site,omitempty" doc:"Where; absent is where the requester mostly is."`
		Room      int64   `json:"room,omitempty" doc:"A room of the site."`
		Place     string  `json:"place,omitempty" maxLength:"200" doc:"Where exactly, in words."`
		Contact   string  `json:"contact,omitempty" maxLength:"200" doc:"How to reach who plans; absent is what the district knows."`
		Channel   string  `json:"channel,omitempty" enum:"api,hallway,phone" doc:"How it reached who writes it down; api if absent."`
		Lang      string  `json:"lang,omitempty" maxLength:"20" doc:"The language of the text; absent is the requester's."`
	}
}

// createPlan opens a request of kind plan.
func (o operations) createPlan(ctx context.Context, in *createPlanIn) (*createOut, error) {
	b := in.Body
	c := desk.CreatePlan{
		Goal: b.Text, Class: b.Class, Files: fileIDs(b.Files), Requester: district.PersonID(b.Requester), Site: district.SiteID(b.Site), Room: district.RoomID(b.Room),
		PlaceText: b.Place, Contact: b.Contact, Channel: desk.ByAPI, Lang: b.Lang,
	}
	if b.Channel != "" {
		c.Channel = desk.Channel(b.Channel)
	}
	if b.By != "" {
		var err error
		if c.By, err = worktime.ParseDate(b.By); err != nil {
			var bad errs.Check
			bad.Fail("by", "field.bad_date")
			return nil, bad.Err()
		}
	}
	made, err := o.desk.CreatePlan(ctx, c)
	if err != nil {
		return nil, err
	}
	out := &createOut{}
	out.Body.ID, out.Body.Number, out.Body.Title = int64(made.ID), made.ID.String(), made.Title
	out.Body.Expected = wireExpected(made.Expected)
	return out, nil
}

type expectPlanIn struct {
	Site int64 `query:"site" minimum:"0" doc:"Where; absent is nowhere in particular."`
}

type expectPlanOut struct {
	Body struct {
		Expected
		AnswerBy *time.Time `json:"answer_by,omitempty" doc:"When you would hear from them at the latest; absent if nothing is promised there."`
	}
}

func (o operations) expectPlan(ctx context.Context, in *expectPlanIn) (*expectPlanOut, error) {
	e, err := o.desk.ExpectPlan(ctx, district.SiteID(in.Site))
	if err != nil {
		return nil, err
	}
	out := &expectPlanOut{}
	out.Body.Expected, out.Body.AnswerBy = wireExpected(e.Expected), moment(e.AnswerBy)
	return out, nil
}

type finishPlanIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Outcome string `json:"outcome" enum:"plan,visit,session,setting" doc:"What the plan ended in: a plan that the teacher follows, a visit to the class, a session for the teacher, a changed setting."`
		Said
		Version int64 `json:"version,omitempty" doc:"Refuse if it has changed since."`
	}
}

// finishPlan ends a plan. The words to who asked are required.
func (o operations) finishPlan(ctx context.Context, in *finishPlanIn) (*changedOut, error) {
	return answer(o.desk.FinishPlan(ctx, desk.FinishPlan{Ticket: ticketID(in.ID), Version: in.Body.Version, Outcome: desk.Outcome(in.Body.Outcome), Words: in.Body.words()}))
}
