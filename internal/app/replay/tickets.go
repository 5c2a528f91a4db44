package replay

import (
	"context"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

func ticketOf(e said) desk.TicketID { return desk.TicketID(e.Subject.ID) }

// words are what was said in public with an event, if anything.
func words(e said) desk.Words {
	return desk.Words{Text: e.text("text"), Files: numbers[desk.FileID](e, "file"), Channel: desk.Channel(e.text("message_by")), Lang: e.text("message_lang")}
}

func createTicket(ctx context.Context, p *teller, e said) (err error) {
	c := desk.CreateTicket{Text: e.text("text"), Files: numbers[desk.FileID](e, "file"), Impact: desk.Impact(e.text("impact")),
		Requester: district.PersonID(e.number("requester")), Beneficiary: district.PersonID(e.number("beneficiary")),
		Site: district.SiteID(e.number("site")), Room: district.RoomID(e.number("room")), PlaceText: e.text("place"), Contact: e.text("contact"),
		Service: district.ServiceID(e.number("service")), Private: desk.Private(e.text("private")), Channel: desk.Channel(e.text("channel")), Lang: e.text("lang")}
	if c.HelpedAt, err = e.at("helped_at"); err != nil {
		return err
	}
	if e.text("kind") != string(desk.Plan) {
		_, err = p.d.Desk.CreateTicket(ctx, c)
		return err
	}
	plan := desk.CreatePlan{Goal: c.Text, Class: e.text("class"), Files: c.Files, Requester: c.Requester, Site: c.Site, Room: c.Room, PlaceText: c.PlaceText,
		Contact: c.Contact, Channel: c.Channel, Lang: c.Lang}
	if plan.By, err = worktime.ParseDate(e.text("by")); err != nil {
		return err
	}
	_, err = p.d.Desk.CreatePlan(ctx, plan)
	return err
}

func reply(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Reply(ctx, ticketOf(e), words(e))
	return err
}

func addNote(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.AddNote(ctx, ticketOf(e), e.text("note_text"), numbers[desk.FileID](e, "file"))
	return err
}

func take(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Take(ctx, ticketOf(e))
	return err
}

func release(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Release(ctx, ticketOf(e), 0)
	return err
}

// is is what a field of the event's ticket is afterwards.
func is[ID ~int64](p *teller, e said, field string) ID {
	return ID(numberOr(e, field, p.known.number(e.Subject, field)))
}

func assign(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Assign(ctx, desk.Assign{Ticket: ticketOf(e), Team: is[district.TeamID](p, e, "owner_team"), Person: is[district.PersonID](p, e, "owner_person")})
	return err
}

func changePlace(ctx context.Context, p *teller, e said) error {
	c := desk.ChangePlace{Ticket: ticketOf(e), Site: is[district.SiteID](p, e, "site"), Room: is[district.RoomID](p, e, "room"),
		PlaceText: textOr(e, "place", p.known.text(e.Subject, "place"))}
	if e.has("contact") {
		contact := e.text("contact")
		c.Contact = &contact
	}
	_, err := p.d.Desk.ChangePlace(ctx, c)
	return err
}

func changeServiceOf(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.ChangeService(ctx, ticketOf(e), 0, district.ServiceID(e.number("service")))
	return err
}

func changeImpact(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.ChangeImpact(ctx, ticketOf(e), 0, desk.Impact(e.text("impact")))
	return err
}

func changeTitle(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.ChangeTitle(ctx, ticketOf(e), 0, e.text("title"))
	return err
}

func follow(ctx context.Context, p *teller, e said) (err error) {
	if who := e.number("follower"); who == e.Actor {
		_, err = p.d.Desk.Follow(ctx, ticketOf(e))
	} else {
		_, err = p.d.Desk.AddFollower(ctx, ticketOf(e), district.PersonID(who))
	}
	return err
}

func unfollow(ctx context.Context, p *teller, e said) (err error) {
	c, _ := e.change("follower")
	if who := number(c.From); who == e.Actor {
		_, err = p.d.Desk.Unfollow(ctx, ticketOf(e))
	} else {
		_, err = p.d.Desk.RemoveFollower(ctx, ticketOf(e), district.PersonID(who))
	}
	return err
}

func wait(ctx context.Context, p *teller, e said) error {
	c := desk.Wait{Ticket: ticketOf(e), On: desk.WaitOn(textOr(e, "waiting_on", p.known.text(e.Subject, "waiting_on"))), Words: words(e)}
	if !e.has("until") { // it waits as long as before, and something was said
		e.Changes = append(e.Changes, changeTo("until", p.known.text(e.Subject, "until")))
	}
	var err error
	if c.Until, err = e.at("until"); err != nil {
		return err
	}
	_, err = p.d.Desk.Wait(ctx, c)
	return err
}

// resume is somebody's, or a wait that was over.
func resume(ctx context.Context, p *teller, e said) (err error) {
	if e.ActorKind == policy.System {
		_, err = p.d.Desk.ResumeDue(ctx)
	} else {
		_, err = p.d.Desk.Resume(ctx, ticketOf(e), 0)
	}
	return err
}

func solve(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Solve(ctx, ticketOf(e), 0, words(e))
	return err
}

func finishPlan(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.FinishPlan(ctx, desk.FinishPlan{Ticket: ticketOf(e), Outcome: desk.Outcome(e.text("outcome")), Words: words(e)})
	return err
}

func confirmFixed(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.ConfirmFixed(ctx, ticketOf(e), words(e))
	return err
}

func notFixed(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.NotFixed(ctx, ticketOf(e), words(e))
	return err
}

func reopen(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Reopen(ctx, ticketOf(e), 0)
	return err
}

func onMyWay(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.OnMyWay(ctx, ticketOf(e), int(e.number("minutes")))
	return err
}

func logHelp(ctx context.Context, p *teller, e said) error {
	at, err := e.at("helped_at")
	if err != nil {
		return err
	}
	_, err = p.d.Desk.LogHelp(ctx, ticketOf(e), at, words(e))
	return err
}

// handUp names the team to which it went, unless nearer ones were passed over:
// then it went to the next one of its path.
func handUp(ctx context.Context, p *teller, e said) error {
	c := desk.HandUp{Ticket: ticketOf(e), Team: district.TeamID(e.number("owner_team")), Tried: e.text("tried"), Why: e.text("why")}
	next, ok, err := p.peek(1)
	if err != nil {
		return err
	}
	if ok && next.Kind == "ticket.passed_over" && next.Subject == e.Subject && next.At.Equal(e.At) {
		c.Team = 0
	}
	_, err = p.d.Desk.HandUp(ctx, c)
	return err
}

func handBack(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.HandBack(ctx, desk.HandBack{Ticket: ticketOf(e), Why: e.text("why")})
	return err
}

func addTried(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.AddTried(ctx, desk.AddTried{Ticket: ticketOf(e), Handoff: desk.HandoffID(e.number("handoff")), Text: e.text("tried")})
	return err
}

func makePrivate(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.MakePrivate(ctx, ticketOf(e), 0, desk.Private(textOr(e, "private", p.known.text(e.Subject, "private"))))
	return err
}

func makePublic(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.MakePublic(ctx, ticketOf(e), 0)
	return err
}

func undo(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Desk.Undo(ctx, ticketOf(e), desk.EventID(e.number("undoes")))
	return err
}
