package desk

import (
	"context"
	"slices"

	"trellis/internal/platform/db"
)

// shown is how many messages, and how many notes, FindTicket reads at once.
const shown = 200

// FindTicket is one ticket as the actor may see it, with its conversation.
func (d *Desk) FindTicket(ctx context.Context, id TicketID) (Ticket, error) {
	v, err := reader(ctx)
	if err != nil {
		return Ticket{}, err
	}
	var out Ticket
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		t, is, err := find(tx, v, id, &out)
		if err != nil {
			return err
		}
		if out.Messages, out.Earlier, err = messages(tx, id, 0); err != nil {
			return err
		}
		if t.Files > 0 {
			if err := withFiles(tx, id, out.Messages); err != nil {
				return err
			}
		}
		if out.Follower, err = followers(tx, id); err != nil {
			return err
		}
		if out.Kind = t.Kind; t.Kind == Plan {
			if out.Plan, err = plannedOf(tx, t); err != nil {
				return err
			}
		}
		if id.Past() {
			if err := out.recorded(tx); err != nil {
				return err
			}
		}
		_, covers := v.coversFor(t.Owner)
		out.Covering = covers && t.Private == ""
		if is.works || is.asks {
			if out.Away, err = v.awayOf(tx, t, is); err != nil {
				return err
			}
		}
		if is.works {
			if out.Route, err = routeOf(tx, t); err != nil {
				return err
			}
			if out.Inside, err = inside(tx, v, t); err != nil {
				return err
			}
			is.names = len(out.Inside.MakePrivate) > 0
		}
		if out.OwesTried, out.OwesTriedTo, err = owesTried(tx, v, t); err != nil {
			return err
		}
		for a := range rules {
			if t.may(is, a) == nil && (a != ActFollow || !is.follows) {
				out.Can = append(out.Can, a)
			}
		}
		out.Can = out.withoutVain(out.Can)
		slices.Sort(out.Can)
		return nil
	})
	if err != nil {
		return Ticket{}, err
	}
	return out, nil
}

// find reads the ticket's own row, with names.
func find(tx *db.Tx, v viewer, id TicketID, out *Ticket) (t ticket, is standing, err error) {
	var teamName string
	dest := append(t.dest(), &is.works, &is.follows, &out.Requester.Name, db.OrZero(&out.Beneficiary.Name), &teamName, db.OrZero(&out.Owner.Name),
		&out.Place.SiteName, &out.Place.SiteShort, db.OrZero(&out.Place.RoomName), db.OrZero(&out.ServiceName), db.At(&out.Updated))
	err = tx.QueryRow(`SELECT `+ticketColumns+`, `+v.works()+`, EXISTS (SELECT 1 FROM desk_participant f WHERE f.ticket = t.id AND f.person = $1),
			rq.name, bn.name, tm.name, ow.name, s.name, s.short, r.name, sv.name, t.updated
		FROM desk_ticket t JOIN district_person rq ON rq.id = t.requester JOIN district_team tm ON tm.id = t.owner_team JOIN district_site s ON s.id = t.site
			LEFT JOIN district_person bn ON bn.id = t.beneficiary LEFT JOIN district_person ow ON ow.id = t.owner_person
			LEFT JOIN district_room r ON r.id = t.room LEFT JOIN district_service sv ON sv.id = t.service
		WHERE t.id = $3 AND `+v.sees(), v.person, v.desk, id).Scan(dest...)
	if db.IsNoRows(err) {
		return t, is, notFound()
	}
	if err != nil {
		return t, is, err
	}
	is.asks = t.Requester == v.person || t.Beneficiary == v.person
	out.ID, out.Title, out.State, out.WaitingOn, out.Impact, out.Private = t.ID, t.Title, t.State, t.WaitingOn, t.Impact, t.Private
	out.Requester.ID, out.Beneficiary.ID, out.Owner.ID = t.Requester, t.Beneficiary, t.Owner
	out.Team, out.TeamName = t.Team, teamName
	out.Place.Site, out.Place.Room, out.Place.Text = t.Site, t.Room, t.PlaceText
	out.Service, out.Channel, out.Lang, out.Created = t.Service, t.Channel, t.Lang, t.Created
	out.SolvedAt, out.ClosedAt, out.Confirmed, out.NeedsAnswer, out.Version = t.SolvedAt, t.ClosedAt, t.Confirmed, !t.SaidByDesk, t.Version
	out.Works, out.Asks, out.Follows = is.works, is.asks, is.follows
	switch t.State {
	case Waiting:
		out.Until = t.NextAt
	case Solved:
		out.ReopenUntil = t.NextAt
	}
	if is.works || is.asks {
		out.Contact = t.Contact
	}
	if t.Private != "" && !is.works {
		out.Team, out.TeamName = 0, "" // the team doesn't see it
	}
	return t, is, nil
}

// inside reads what only those see who work on the ticket.
func inside(tx *db.Tx, v viewer, t ticket) (in *Inside, err error) {
	in = &Inside{}
	if in.Notes, in.EarlierNotes, err = notes(tx, t.ID, 0); err != nil {
		return nil, err
	}
	if len(in.Notes) > 0 {
		if err := withPapers(tx, t.ID, in.Notes); err != nil {
			return nil, err
		}
	}
	if err := in.handed(tx, v, t); err != nil {
		return nil, err
	}
	if t.Private == "" {
		in.MakePrivate, err = kindsOf(tx, v.desk)
		return in, err
	}
	in.Named, err = db.List(tx, scanPerson, `SELECT p.id, p.name FROM desk_named n JOIN district_person p ON p.id = n.person WHERE n.ticket = $1 ORDER BY p.fold, p.id`, t.ID)
	return in, err
}

func scanPerson(r *db.Rows, p *Person) error { return r.Scan(&p.ID, &p.Name) }

// followers are those who follow a ticket and see it. Who followed one that
// was made private is not named, and is there again when it no longer is.
func followers(tx *db.Tx, id TicketID) ([]Person, error) {
	return db.List(tx, scanPerson, `SELECT p.id, p.name FROM desk_ticket t JOIN desk_participant o ON o.ticket = t.id JOIN district_person p ON p.id = o.person
		WHERE t.id = $1 AND `+sees("p.id", "p.id", "")+` ORDER BY p.fold, p.id LIMIT 200`, id)
}
