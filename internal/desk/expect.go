package desk

import (
	"context"
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// Expect says whom a request of the actor would reach if it were sent now, as
// CreateTicket would answer. Site and service may be 0.
func (d *Desk) Expect(ctx context.Context, site district.SiteID, service district.ServiceID, private Private) (Expected, error) {
	v, err := reader(ctx)
	if err != nil {
		return Expected{}, err
	}
	var who Expected
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		o := opening{edition: edition{tx: tx, by: v}}
		o.t.Requester, o.t.Site, o.t.Service, o.t.Private = v.person, site, service, private
		if err := o.own(); err != nil {
			return err
		}
		who = o.made.Expected
		return nil
	})
	return who, err
}

// Sent is whom a request reached when it was sent.
type Sent struct {
	Expected
	// Readers are, of a private request, who alone saw it then besides its
	// requester.
	Readers []string
}

// SentTo says what the requester was told when a ticket was created, whoever
// has come or gone since. It is for the asking side and who works on it.
func (d *Desk) SentTo(ctx context.Context, id TicketID) (Sent, error) {
	v, err := reader(ctx)
	if err != nil {
		return Sent{}, err
	}
	var out Sent
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		t, is, err := load(tx, v, id)
		if err != nil {
			return err
		}
		if !is.asks && !is.works {
			return notFound()
		}
		created, err := event.First(tx, subject(id))
		if err != nil {
			return err
		}
		n := newTeller(tx)
		if out.Expected, err = n.expected(t, created); err != nil {
			return err
		}
		for _, c := range created.Changes {
			if c.Field != fieldNamed {
				continue
			}
			name, err := n.personName(asID(c.To))
			if err != nil {
				return err
			}
			out.Readers = append(out.Readers, name)
		}
		return nil
	})
	return out, err
}

// changes is what the event of a new ticket says of whom to expect, so that
// what was promised stays known.
func (x Expected) changes(person district.PersonID) (out []event.Change) {
	for _, c := range []event.Change{
		{Field: fieldExpected, To: orNil(int64(person))}, {Field: fieldPresent, To: orNil(x.Present)}, {Field: fieldInBuilding, To: orNil(x.InBuilding)},
	} {
		if c.To != nil {
			out = append(out, c)
		}
	}
	return out
}

// expected reads it back.
func (n teller) expected(t ticket, created event.Event) (x Expected, err error) {
	private := slices.ContainsFunc(created.Changes, func(c event.Change) bool { return c.Field == "private" })
	for _, c := range created.Changes {
		switch {
		case c.Field == fieldPresent:
			x.Present = true
		case c.Field == fieldInBuilding:
			x.InBuilding = true
		case c.Field == fieldExpected:
			x.Person, err = n.personName(asID(c.To))
		case c.Field == "owner_team" && !private && t.Private == "":
			x.Team, err = n.name(teamName, asID(c.To))
		}
		if err != nil {
			return x, err
		}
	}
	return x, nil
}
