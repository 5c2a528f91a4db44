package desk

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

const (
	// MaxClass is how many characters may say which class.
	MaxClass = 120
	// planAhead is how many days ahead a plan may lie.
	planAhead = 2 * 366
)

// CreatePlan is somebody who wants to plan something with a class. It goes to
// the coach of the school.
type CreatePlan struct {
	// Goal says what students should be able to do: 1 to MaxText characters.
	Goal  string
	By    worktime.Date // by when: today at the place, or later
	Class string        // which class or grade, 1 to MaxClass characters
	Files []FileID      // the actor's own; at most MaxFiles

	Requester district.PersonID // 0: the actor. Another one, for those who work the desk there
	Site      district.SiteID   // 0: where the requester mostly is, with Room
	Room      district.RoomID
	PlaceText string
	Contact   string
	Channel   Channel // "" is ByWeb
	Lang      string  // of Goal; "": the requester's
}

// CreatePlan opens a ticket of kind Plan, under a promise of its own. People
// who work in the district may.
func (d *Desk) CreatePlan(ctx context.Context, c CreatePlan) (Created, error) {
	return command(ctx, d, "plan.created", func(tx *db.Tx, v viewer) (Created, error) {
		if !district.Staff.Allow(policy.ActorFrom(ctx)) {
			return Created{}, errs.E(errs.Forbidden, "desk.plan.staff")
		}
		o := opening{edition: edition{tx: tx, by: v, kind: "ticket.created", is: standing{asks: true}}, plan: &c,
			CreateTicket: CreateTicket{Text: c.Goal, Files: c.Files, Impact: Question, Requester: c.Requester, Site: c.Site, Room: c.Room,
				PlaceText: c.PlaceText, Contact: c.Contact, Channel: c.Channel, Lang: c.Lang}}
		o.t.Kind = Plan
		return o.open()
	})
}

// checkPlan looks at what a plan says besides. The request has its place.
func (o *opening) checkPlan(in *errs.Check) error {
	if o.Text == "" && len(o.Files) > 0 { // a photo says what is broken, not what it is for
		in.Fail("text", "desk.plan.goal")
	}
	o.plan.Class = district.Line(in, "class", o.plan.Class, MaxClass, true)
	if o.t.Site == 0 {
		return nil
	}
	cal, _, err := calendar.Of(o.tx, o.t.Site)
	if err != nil {
		return err
	}
	today := worktime.DateOf(o.tx.Now().In(cal.Zone()))
	switch by := o.plan.By; {
	case by == worktime.Date{}:
		in.Fail("by", "field.required")
	case !by.Valid():
		in.Fail("by", "field.invalid")
	case by.String() < today.String():
		in.Fail("by", "desk.plan.past")
	case by.String() > today.AddDays(planAhead).String():
		in.Fail("by", "desk.plan.too_far")
	}
	return nil
}

// insertPlan stores what a plan says besides, and returns what the event says
// of it.
func insertPlan(tx *db.Tx, id TicketID, c *CreatePlan) ([]event.Change, error) {
	_, err := tx.Exec(`INSERT INTO desk_plan (ticket, by_date, class) VALUES ($1, $2, $3)`, id, c.By.String(), c.Class)
	return []event.Change{{Field: fieldBy, To: c.By.String()}, {Field: fieldClass, To: c.Class, Personal: true}}, err
}

// plannedOf reads what a ticket says as a plan. What it ended in counts while
// it is done: it may be open again.
func plannedOf(tx *db.Tx, t ticket) (*Planned, error) {
	var p Planned
	var by string
	err := tx.QueryRow(`SELECT by_date, class, outcome FROM desk_plan WHERE ticket = $1`, t.ID).Scan(&by, &p.Class, &p.Outcome)
	if err != nil {
		return nil, err
	}
	if !done(t.State) {
		p.Outcome = ""
	}
	p.By, err = worktime.ParseDate(by)
	return &p, err
}

// ExpectedPlan is whom somebody who plans with a class may expect, and by when.
type ExpectedPlan struct {
	Expected
	// AnswerBy is when they hear from them at the latest. Zero: nothing is
	// promised, or the place has no hours left.
	AnswerBy time.Time
}

// ExpectPlan says whom a plan of the actor would reach if it were sent now, as
// Expect does for a request. The site may be 0: then nothing is promised yet.
func (d *Desk) ExpectPlan(ctx context.Context, site district.SiteID) (ExpectedPlan, error) {
	v, err := reader(ctx)
	if err != nil {
		return ExpectedPlan{}, err
	}
	var out ExpectedPlan
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		o := opening{edition: edition{tx: tx, by: v}}
		o.t.Kind, o.t.Requester, o.t.Site = Plan, v.person, site
		if err := o.own(); err != nil {
			return err
		}
		out.Expected = o.made.Expected
		if site == 0 {
			return nil
		}
		b, err := basisOf(tx, o.t)
		if err != nil || b.promise.First == 0 {
			return err
		}
		out.AnswerBy = read(run{Start: tx.Now()}, b.promise.First, b.cal, tx.Now()).Due
		return nil
	})
	return out, err
}

// FinishPlan says what a plan ended in.
type FinishPlan struct {
	Ticket  TicketID
	Version int64 // 0: whatever it is now
	Outcome Outcome
	Words   Words // to the asking side, required
}

// FinishPlan ends a plan. It can be reopened like any ticket.
func (d *Desk) FinishPlan(ctx context.Context, c FinishPlan) (Changed, error) {
	return edit(ctx, d, "ticket.plan_finished", c.Ticket, ActFinish, c.Version, func(e *edition) error {
		var in errs.Check
		checkChoice(&in, "outcome", c.Outcome, Outcomes)
		if err := in.Err(); err != nil {
			return err
		}
		if _, err := e.speak(c.Words, true); err != nil {
			return err
		}
		if _, err := e.tx.Exec(`UPDATE desk_plan SET outcome = $1 WHERE ticket = $2`, c.Outcome, c.Ticket); err != nil {
			return err
		}
		e.say(fieldOutcome, nil, string(c.Outcome))
		e.t.solve(e.tx.Now(), false)
		e.after(func() error { return e.tellAll("desk.notice.plan_finished") })
		return nil
	})
}
