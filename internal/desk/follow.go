package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

// Follow has the actor told about a ticket. Following twice is following.
func (d *Desk) Follow(ctx context.Context, id TicketID) (Changed, error) {
	return edit(ctx, d, "ticket.followed", id, ActFollow, 0, func(e *edition) error {
		return e.follow(e.by.person)
	})
}

// Unfollow ends it. Who saw the ticket only as a follower no longer does.
func (d *Desk) Unfollow(ctx context.Context, id TicketID) (Changed, error) {
	return edit(ctx, d, "ticket.unfollowed", id, ActUnfollow, 0, func(e *edition) error {
		return e.unfollow(e.by.person)
	})
}

// AddFollower lets another person see a ticket and be told about it.
func (d *Desk) AddFollower(ctx context.Context, id TicketID, person district.PersonID) (Changed, error) {
	return edit(ctx, d, "ticket.followed", id, ActAddFollower, 0, func(e *edition) error {
		var in errs.Check
		// The name of whoever follows is shown: nobody learns of people by
		// counting through their numbers.
		if err := checkReach(e.tx, &in, "person", e.by.person, person); err != nil {
			return err
		}
		if err := in.Err(); err != nil {
			return err
		}
		if err := e.follow(person); err != nil {
			return err
		}
		if len(e.extra) > 0 && person != e.by.person {
			e.after(func() error { return e.tellOne(person, "desk.notice.follows") })
		}
		return nil
	})
}

// RemoveFollower takes another person off a ticket.
func (d *Desk) RemoveFollower(ctx context.Context, id TicketID, person district.PersonID) (Changed, error) {
	return edit(ctx, d, "ticket.unfollowed", id, ActAddFollower, 0, func(e *edition) error {
		return e.unfollow(person)
	})
}

func (e *edition) follow(p district.PersonID) error {
	added, err := addFollower(e.tx, e.t.ID, p)
	if added {
		e.say(fieldFollower, nil, int64(p))
	}
	return err
}

func (e *edition) unfollow(p district.PersonID) error {
	gone, err := dropFollower(e.tx, e.t.ID, p)
	if gone {
		e.say(fieldFollower, int64(p), nil)
	}
	return err
}
