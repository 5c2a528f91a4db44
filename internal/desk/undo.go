package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Undone is what Undo answers.
type Undone struct {
	Changed
	Back []string // fields that are as they were before the event
	Kept []string // fields that something newer changed: they stay
}

// undoable are the events that can be taken back, by the actions that change
// the same fields.
var undoable = map[string]bool{
	"ticket.taken": true, "ticket.released": true, "ticket.assigned": true, "ticket.place_changed": true, "ticket.service_changed": true,
	"ticket.impact_changed": true, "ticket.title_changed": true, "ticket.waiting": true, "ticket.resumed": true, "ticket.solved": true,
	"ticket.confirmed": true, "ticket.not_fixed": true, "ticket.reopened": true, "ticket.followed": true, "ticket.unfollowed": true,
	"ticket.replied": true, "ticket.undone": true, "ticket.handed_up": true, "ticket.handed_back": true, "ticket.plan_finished": true,
}

// returns says who may have fields of a group as they were: who could ever
// change them.
var returns = map[string]part{
	groupState: worker | asker, groupOwner: worker, groupPlace: worker | asker, groupService: worker, groupImpact: worker, groupTitle: worker,
}

// touched is what events changed, by changeKey.
type touched map[string]bool

func (t touched) add(ev event.Event) {
	for _, c := range ev.Changes {
		t[changeKey(c)] = true
	}
}

// split sorts what an event changed into what can be taken back, and what
// something newer touched.
func split(ev event.Event, since touched) (back, kept []event.Change) {
	if !undoable[ev.Kind] || ev.Erased {
		return nil, nil
	}
	for _, c := range ev.Changes {
		switch key := changeKey(c); {
		case key == "":
		case since[key]:
			kept = append(kept, c)
		default:
			back = append(back, c)
		}
	}
	return back, kept
}

// mayReturn asks, before anything is said about the event, whether somebody
// like this could ever change those fields.
func (s standing) mayReturn(changes []event.Change) bool {
	for _, c := range changes {
		who, ok := returns[changeKey(c)]
		if !ok {
			who = anyone // a follower
		}
		if s.parts()&who == 0 {
			return false
		}
	}
	return true
}

// Undo takes back what an event did to a ticket's fields, as far as nothing
// newer touched them; messages stay said. The actor must be allowed what it
// takes now. It is an event of its own, and can be undone.
//
// Errors: NotFound desk.undo.nothing if the event changed nothing that can be
// taken back, Conflict desk.undo.newer if all of it was changed since.
func (d *Desk) Undo(ctx context.Context, id TicketID, ev EventID) (Undone, error) {
	return command(ctx, d, "ticket.undone", func(tx *db.Tx, v viewer) (Undone, error) {
		e := edition{tx: tx, by: v, kind: "ticket.undone"}
		var err error
		if e.before, e.is, err = load(tx, v, id); err != nil {
			return Undone{}, err
		}
		e.t = e.before
		was, since, err := backTo(tx, id, ev)
		if err != nil {
			return Undone{}, err
		}
		back, kept := split(was, since)
		switch {
		case len(back)+len(kept) == 0:
			return Undone{}, errs.E(errs.NotFound, "desk.undo.nothing")
		case !e.is.mayReturn(was.Changes):
			return Undone{}, errs.E(errs.Forbidden, "desk.ticket.forbidden")
		case len(back) == 0:
			return Undone{}, errs.E(errs.Conflict, "desk.undo.newer")
		}
		if err := e.takeBack(ev, back); err != nil {
			return Undone{}, err
		}
		if err := e.finish(0); err != nil {
			return Undone{}, err
		}
		return Undone{e.changed(), names(back), names(kept)}, nil
	})
}

// backTo finds an event of a ticket, and what all newer ones touched.
func backTo(tx *db.Tx, id TicketID, ev EventID) (event.Event, touched, error) {
	since, before := touched{}, int64(0)
	for {
		list, err := event.Newest(tx, subject(id), before, maxLines, func(x event.Event) bool { return x.ID == int64(ev) })
		if err != nil {
			return event.Event{}, nil, err
		}
		for _, x := range list {
			if x.ID == int64(ev) {
				return x, since, nil
			}
			since.add(x)
		}
		if len(list) < maxLines || list[len(list)-1].ID < int64(ev) {
			return event.Event{}, nil, errs.E(errs.NotFound, "desk.undo.nothing")
		}
		before = list[len(list)-1].ID
	}
}

func names(changes []event.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, c.Field)
	}
	return out
}

// takeBack sets each field to what it was and asks for the right to do so.
func (e *edition) takeBack(ev EventID, back []event.Change) error {
	for _, c := range back {
		if f, ok := fieldByName[c.Field]; ok {
			f.set(&e.t, c.From)
		}
	}
	for _, c := range back {
		if err := e.mayTakeBack(c); err != nil {
			return err
		}
	}
	var in errs.Check
	if e.t.Site != e.before.Site || e.t.Room != e.before.Room {
		if err := checkPlace(e.tx, &in, e.t.Site, e.t.Room); err != nil {
			return err
		}
	}
	if e.t.Service != 0 && e.t.Service != e.before.Service {
		if err := checkService(e.tx, &in, "service", e.t.Service); err != nil {
			return err
		}
	}
	if e.t.Team != e.before.Team {
		if err := checkTeam(e.tx, &in, "team", e.t.Team); err != nil {
			return err
		}
	}
	if e.t.Owner != 0 && e.t.Owner != e.before.Owner {
		if err := checkOwner(e.tx, &in, "person", e.t, e.t.Team, e.t.Owner); err != nil {
			return err
		}
	}
	if in.Err() != nil {
		return errs.E(errs.Conflict, "desk.undo.gone").Because(in.Err())
	}
	for _, c := range back {
		if c.Field != fieldFollower {
			continue
		}
		var err error
		if c.From == nil {
			err = e.unfollow(district.PersonID(asID(c.To)))
		} else {
			err = e.follow(district.PersonID(asID(c.From)))
		}
		if err != nil {
			return err
		}
	}
	e.say(fieldUndoes, nil, int64(ev))
	if e.t.Owner != 0 && e.t.Owner != e.before.Owner {
		e.after(func() error { return e.tellOwner("desk.notice.assigned") })
	}
	if e.t.Title != e.before.Title {
		e.after(func() error { return indexTitle(e.tx, e.t) })
	}
	if e.t.State != e.before.State {
		e.after(func() error { return e.tellAll("desk.notice.undone") })
	}
	return nil
}

// mayTakeBack asks for the action that would change the field by hand.
func (e *edition) mayTakeBack(c event.Change) error {
	switch changeKey(c) {
	case groupOwner:
		return e.before.may(e.is, ActAssign)
	case groupPlace:
		return e.before.may(e.is, ActPlace)
	case groupService:
		return e.before.may(e.is, ActService)
	case groupImpact:
		return e.before.may(e.is, ActImpact)
	case groupTitle:
		return e.before.may(e.is, ActTitle)
	case groupState:
		return e.mayGoBack()
	}
	if person := district.PersonID(max(asID(c.From), asID(c.To))); person != e.by.person || c.From != nil {
		return e.before.may(e.is, ActAddFollower)
	}
	return e.before.may(e.is, ActUnfollow)
}

// mayGoBack asks whether the actor could bring the ticket into the state that
// it is to have again.
func (e *edition) mayGoBack() error {
	switch e.t.State {
	case Open:
		if e.before.State == Waiting {
			return e.before.may(e.is, ActResume)
		}
		if e.before.may(e.is, ActNotFixed) == nil {
			return nil
		}
		return e.before.may(e.is, ActReopen)
	case Waiting:
		if e.before.State == Solved { // by way of open
			return e.before.may(e.is, ActReopen)
		}
		return e.before.may(e.is, ActWait)
	case Solved:
		if e.t.Kind == Plan && e.before.State != Solved && e.is.asks {
			return nil // it ended in something before, unlike one that they would confirm while it is open
		}
		if e.before.State == Solved || e.is.asks { // only the confirmation
			return e.before.may(e.is, ActConfirm)
		}
		if e.t.Kind == Plan {
			return e.before.may(e.is, ActFinish)
		}
		return e.before.may(e.is, ActSolve)
	}
	return errs.E(errs.Conflict, "desk.ticket.is_closed")
}
