package desk

import (
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Hand-over. Tickets outlast who takes care of them. When a person leaves or
// no longer works the desk, and when a team is closed, what is not done goes
// back to where the next one finds it, in the same transaction. A ticket that
// is solved or closed keeps who did it; it is handed over when it is opened
// again (reopen).

// HandOver takes a person off the tickets that they own or are named on. What
// they owned goes back to its team, which is told. A private ticket that
// nobody is named on any more goes to the people named for its kind.
func (d *Desk) HandOver(tx *db.Tx, from district.PersonID) error {
	if err := unnameKinds(tx, from); err != nil {
		return err
	}
	private, err := db.List(tx, scanTicketID, `SELECT n.ticket FROM desk_named n WHERE n.person = $1 ORDER BY n.ticket`, from)
	if err != nil {
		return err
	}
	for _, id := range private {
		if err := d.unname(tx, id, from); err != nil {
			return err
		}
	}
	owned, err := db.List(tx, scanTicketID, `SELECT t.id FROM desk_ticket t WHERE t.owner_person = $1 AND t.state IN ('open', 'waiting') ORDER BY t.id`, from)
	if err != nil {
		return err
	}
	name, err := personName(tx, from)
	if err != nil {
		return err
	}
	for _, id := range owned {
		if err := d.passOn(tx, id, name, func(t *ticket) error { t.Owner = 0; return nil }); err != nil {
			return err
		}
	}
	return nil
}

// HandOverTeam gives the tickets of a closed team that are not done to the
// teams that take such tickets now. Whoever owns one keeps it.
func (d *Desk) HandOverTeam(tx *db.Tx, from district.TeamID) error {
	ids, err := db.List(tx, scanTicketID, `SELECT t.id FROM desk_ticket t WHERE t.owner_team = $1 AND t.state IN ('open', 'waiting') ORDER BY t.id`, from)
	if err != nil || len(ids) == 0 {
		return err
	}
	var name string
	if err := tx.QueryRow(teamName, from).Scan(&name); err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.passOn(tx, id, name, func(t *ticket) (err error) {
			t.Team, err = district.TeamFor(tx, t.Service, t.Site)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// passOn changes who owns a ticket and tells its team if nobody of it does.
// name is who had it.
func (d *Desk) passOn(tx *db.Tx, id TicketID, name string, change func(t *ticket) error) error {
	e, err := d.beginAny(tx, id, "ticket.handed_over")
	if err != nil {
		return err
	}
	if err := change(&e.t); err != nil {
		return err
	}
	if e.t.Owner == 0 && e.t.Private == "" {
		e.after(func() error { return e.tellPassedOn(name) })
	}
	return e.finish(0)
}

// tellPassedOn tells the team that a ticket is its own again: one line for all
// that somebody had, with how many.
func (e *edition) tellPassedOn(name string) error {
	people, how, err := e.answers()
	if err != nil {
		return err
	}
	for _, a := range people {
		if err := e.sendOfTeam(a.person, "desk.notice.handed_over", e.teamUrgency(), map[string]any{"Who": name}); err != nil {
			return err
		}
	}
	return e.tellAbsent(people, how)
}

// unname takes a person off a private ticket. If nobody who is still here is
// named on it then, those named for its kind are.
func (d *Desk) unname(tx *db.Tx, id TicketID, from district.PersonID) error {
	e, err := d.beginAny(tx, id, "ticket.named")
	if err != nil {
		return err
	}
	if e.extra, err = deleteNamed(tx, id, []district.PersonID{from}); err != nil {
		return err
	}
	if e.t.Owner == from && (e.t.State == Open || e.t.State == Waiting) {
		e.t.Owner = 0
	}
	left, _, err := e.answers()
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return e.finish(0)
	}
	people, asked, err := namedFor(tx, e.t.Private)
	if err != nil {
		return err
	}
	added, err := insertNamed(tx, id, people)
	if err != nil {
		return err
	}
	e.extra = append(e.extra, added...)
	e.after(func() error {
		for _, p := range people {
			if err := e.tellOne(p, "desk.notice.private"); err != nil {
				return err
			}
			if asked {
				e.told = nil // besides the notice of the ticket itself
				if err := e.tellOne(p, "desk.notice.name_someone"); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return e.finish(0)
}

// unnameKinds ends a person's being named for kinds of private ticket, and
// tells those who are named now.
func unnameKinds(tx *db.Tx, from district.PersonID) error {
	for _, kind := range PrivateKinds {
		r, err := tx.Exec(`DELETE FROM desk_private_named WHERE kind = $1 AND person = $2`, kind, from)
		if err != nil {
			return err
		}
		if r.RowsAffected == 0 {
			continue
		}
		if err := event.Emit(tx, event.Event{Kind: "private.named", Subject: event.Ref{Kind: "private"}, Changes: []event.Change{{Field: string(kind), From: int64(from)}}}); err != nil {
			return err
		}
		people, _, err := namedFor(tx, kind)
		if err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
		if err := tellNamed(tx, kind, people); err != nil {
			return err
		}
	}
	return nil
}

// reopen opens a ticket that was done. Who had it may be gone since, or its
// team closed: then it goes where a new one would.
func (e *edition) reopen() error {
	e.t.open()
	var in errs.Check
	if err := checkTeam(e.tx, &in, "team", e.t.Team); err != nil {
		return err
	}
	if in.Err() != nil {
		var err error
		if e.t.Team, err = district.TeamFor(e.tx, e.t.Service, e.t.Site); err != nil {
			return err
		}
	}
	if e.t.Owner == 0 {
		return nil
	}
	var owner errs.Check
	if err := checkOwner(e.tx, &owner, "person", e.t, e.t.Team, e.t.Owner); err != nil {
		return err
	}
	if owner.Err() != nil {
		e.t.Owner = 0
	}
	return nil
}

// beginAny loads a ticket for what Trellis itself does to it.
func (d *Desk) beginAny(tx *db.Tx, id TicketID, kind string) (*edition, error) {
	t, err := loadAny(tx, id)
	if err != nil {
		return nil, err
	}
	return &edition{tx: tx, by: viewer{people: d.people}, before: t, t: t, kind: kind}, nil
}

func scanTicketID(r *db.Rows, id *TicketID) error { return r.Scan(id) }
