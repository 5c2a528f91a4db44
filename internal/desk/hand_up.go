package desk

import (
	"context"
	"slices"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
)

// HandUp passes a ticket on, further from the classroom.
type HandUp struct {
	Ticket  TicketID
	Version int64           // 0: whatever it is now
	Team    district.TeamID // 0: the next step of its path of which somebody is here
	// Tried is what was tried, at most MaxText characters. It is required,
	// unless a class is stopped: then it is asked for afterwards.
	Tried string
	Why   string // for those who work on it; at most MaxText characters
}

// HandUp gives a ticket to the next team, which is told with what it needs to
// know. Who owned it follows it. The asking side reads who has it now, and
// nothing of what was tried or why.
//
// Errors: Conflict desk.hand.no_next if there is no step further up.
func (d *Desk) HandUp(ctx context.Context, c HandUp) (Changed, error) {
	return edit(ctx, d, "ticket.handed_up", c.Ticket, ActHandUp, c.Version, func(e *edition) error {
		var in errs.Check
		stopped := e.t.Impact == Stopped
		p := pack{way: Up, tried: body(&in, "tried", c.Tried, !stopped), why: body(&in, "why", c.Why, false)}
		p.triedDue = p.tried == ""
		to, err := e.upTo(&in, c.Team)
		if err != nil {
			return err
		}
		if err := in.Err(); err != nil {
			return err
		}
		e.pack, e.t.Tier = p, to.Tier
		if err := e.own(to.Team, 0); err != nil {
			return err
		}
		if p.triedDue { // so that they still see what they are asked about
			if err := e.follow(e.by.person); err != nil {
				return err
			}
		}
		e.after(func() error {
			if err := e.sayPassedOver(to.skipped); err != nil {
				return err
			}
			if err := e.tellPassed("desk.notice.handed_up"); err != nil || !p.triedDue {
				return err
			}
			return e.askTried()
		})
		return nil
	})
}

// upTo is where HandUp leads.
func (e *edition) upTo(in *errs.Check, team district.TeamID) (stop, error) {
	if team != 0 {
		if err := checkTeam(e.tx, in, "team", team); err != nil || in.Err() != nil {
			return stop{}, err
		}
		tier, err := tierOf(e.tx, e.t, team)
		if err == nil && (team == e.t.Team || tier <= e.t.Tier) {
			in.Fail("team", "desk.hand.not_up")
		}
		return stop{Step: district.Step{Tier: tier, Team: team}}, err
	}
	steps, err := furtherSteps(e.tx, e.t)
	if err != nil {
		return stop{}, err
	}
	if len(steps) == 0 {
		return stop{}, errs.E(errs.Conflict, "desk.hand.no_next")
	}
	return firstHere(e.tx, e.by, e.t, steps)
}

// furtherSteps are the steps of a ticket's path that are further from the
// classroom than it is.
func furtherSteps(tx *db.Tx, t ticket) ([]district.Step, error) {
	steps, err := pathOf(tx, t)
	return slices.DeleteFunc(steps, func(s district.Step) bool { return s.Tier <= t.Tier || s.Team == t.Team }), err
}

// HandBack returns a ticket to where it came from.
type HandBack struct {
	Ticket  TicketID
	Version int64  // 0: whatever it is now
	Why     string // 1 to MaxText characters, for those who work on it
}

// HandBack gives a ticket back to the team that passed it on, and to the
// person who owned it there, if they are here.
//
// Errors: Conflict desk.hand.nowhere_back if nobody passed it on, Conflict
// desk.hand.gone if that team is closed.
func (d *Desk) HandBack(ctx context.Context, c HandBack) (Changed, error) {
	return edit(ctx, d, "ticket.handed_back", c.Ticket, ActHandBack, c.Version, func(e *edition) error {
		var in errs.Check
		why := body(&in, "why", c.Why, true)
		list, err := handoffs(e.tx, e.t.ID)
		if err != nil {
			return err
		}
		from, ok := origin(list)
		if !ok || from.From == e.t.Team {
			return errs.E(errs.Conflict, "desk.hand.nowhere_back")
		}
		if err := in.Err(); err != nil {
			return err
		}
		if err := checkTeam(e.tx, &in, "team", from.From); err != nil {
			return err
		}
		if in.Err() != nil {
			return errs.E(errs.Conflict, "desk.hand.gone", "Team", from.FromName).Because(in.Err())
		}
		owner, err := e.ownerBack(from)
		if err != nil {
			return err
		}
		e.pack, e.t.Tier = pack{way: Back, why: why}, from.FromTier
		if err := e.own(from.From, owner); err != nil {
			return err
		}
		e.after(func() error { return e.tellPassed("desk.notice.handed_back") })
		return nil
	})
}

// ownerBack is who owns a ticket again that comes back: who owned it before,
// if they are here, or somebody acts for them, and they can.
func (e *edition) ownerBack(from Handoff) (district.PersonID, error) {
	if from.FromPerson.ID == 0 {
		return 0, nil
	}
	var in errs.Check
	if err := checkOwner(e.tx, &in, "person", e.t, from.From, from.FromPerson.ID); err != nil {
		return 0, err
	}
	var here bool
	err := e.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_person p WHERE p.id = $1 AND `+district.HereSQL("p", "$2")+`)`, from.FromPerson.ID, db.Us(e.tx.Now())).Scan(&here)
	if err != nil || in.Err() != nil {
		return 0, err
	}
	if !here {
		if p, err := e.by.standIn(e.tx, from.FromPerson.ID); err != nil || p == 0 {
			return 0, err
		}
	}
	return from.FromPerson.ID, nil
}

// tellPassed tells those who have the ticket now what came to them, and the
// asking side who has it.
func (e *edition) tellPassed(why string) error {
	about, err := e.aboutWhat()
	if err != nil {
		return err
	}
	to, err := nameOfTeam(e.tx, e.t.Team)
	if err != nil {
		return err
	}
	e.args = map[string]any{"About": about, "Team": to}
	if e.t.Owner != 0 {
		err = e.tellOwner(why)
	} else {
		err = e.tellTeam(why)
	}
	if err != nil {
		return err
	}
	return e.tellAsking("desk.notice.who_has_it")
}

// askTried reminds whoever passed the ticket on to say what they tried.
func (e *edition) askTried() error {
	return notice.Send(e.tx, notice.Notice{To: int64(e.by.person), Why: "desk.notice.tried_due", About: subject(e.t.ID), Urgency: notice.High, Force: true,
		Args: map[string]any{"Ticket": e.t.ID.String(), "Title": e.t.Title}, Digest: "desk.notice.tried_due/" + e.t.ID.String()})
}

// aboutWhat is what a ticket is about and where, in one line: "Sign-in, Marsh,
// 214".
func (e *edition) aboutWhat() (string, error) {
	var service, site, room string
	err := e.tx.QueryRow(`SELECT coalesce(v.name, ''), s.short, coalesce(r.name, '') FROM desk_ticket t JOIN district_site s ON s.id = t.site
		LEFT JOIN district_room r ON r.id = t.room LEFT JOIN district_service v ON v.id = t.service WHERE t.id = $1`, e.t.ID).Scan(&service, &site, &room)
	parts := slices.DeleteFunc([]string{service, site, room}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", "), err
}

// sayPersonal adds a text to the event, in its erasable part.
func (e *edition) sayPersonal(field, text string) {
	if text != "" {
		e.extra = append(e.extra, event.Change{Field: field, To: text, Personal: true})
	}
}
