package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

// Assign gives a ticket to a team, a person, or both.
type Assign struct {
	Ticket  TicketID
	Version int64             // 0: whatever it is now
	Team    district.TeamID   // 0: the team it has
	Person  district.PersonID // 0: nobody yet, the team takes it
}

// Assign changes who owns a ticket. Who owned it before keeps following it,
// and whoever gets it is told.
func (d *Desk) Assign(ctx context.Context, c Assign) (Changed, error) {
	return edit(ctx, d, "ticket.assigned", c.Ticket, ActAssign, c.Version, func(e *edition) error {
		team := c.Team
		if team == 0 {
			team = e.t.Team
		}
		var in errs.Check
		if team != e.t.Team {
			if err := checkTeam(e.tx, &in, "team", team); err != nil {
				return err
			}
		}
		if c.Person != 0 && c.Person != e.t.Owner {
			if err := checkOwner(e.tx, &in, "person", e.t, team, c.Person); err != nil {
				return err
			}
		}
		if err := in.Err(); err != nil {
			return err
		}
		if err := e.own(team, c.Person); err != nil {
			return err
		}
		switch {
		case c.Person != 0 && c.Person != e.before.Owner:
			e.after(func() error { return e.tellOwner("desk.notice.assigned") })
		case c.Person == 0 && (team != e.before.Team || e.before.Owner != 0):
			e.after(func() error { return e.tellTeam("desk.notice.assigned_team") })
		}
		return nil
	})
}

// own changes the owner; the one before stays as a follower. On a private
// ticket nobody is made a follower: it is seen by the people named on it.
func (e *edition) own(team district.TeamID, person district.PersonID) error {
	had := e.t.Owner
	e.t.Team, e.t.Owner = team, person
	if had == 0 || had == person || e.t.Private != "" {
		return nil
	}
	added, err := addFollower(e.tx, e.t.ID, had)
	if added {
		e.say(fieldFollower, nil, int64(had))
	}
	if err != nil || e.behalf() != had || person == e.by.person {
		return err
	}
	// Who passes on what was another's to do goes on seeing it too.
	if added, err = addFollower(e.tx, e.t.ID, e.by.person); added {
		e.say(fieldFollower, nil, int64(e.by.person))
	}
	return err
}
