package desk

import (
	"context"
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
)

// namedFor are the people who handle a kind of private ticket. As long as
// nobody is named it is the lead of the team that takes what no other team
// takes, alone: asked says that somebody should be named.
func namedFor(tx *db.Tx, kind Private) (people []district.PersonID, asked bool, err error) {
	people, err = setFor(tx, kind)
	if err != nil || len(people) > 0 {
		return people, false, err
	}
	people, err = db.List(tx, scanPersonID, `SELECT t.lead FROM district_profile f JOIN district_team t ON t.id = f.help_team WHERE f.one = 1`)
	if err == nil && len(people) == 0 {
		err = errs.E(errs.Conflict, "desk.named.nobody")
	}
	return people, true, err
}

// setFor are the people whom an administrator named for a kind and who are
// still here.
func setFor(tx *db.Tx, kind Private) ([]district.PersonID, error) {
	return db.List(tx, scanPersonID, `SELECT n.person FROM desk_private_named n JOIN district_person p ON p.id = n.person
		WHERE n.kind = $1 AND p.active ORDER BY n.person`, kind)
}

func scanPersonID(r *db.Rows, p *district.PersonID) error { return r.Scan(p) }

// kindsOf are the kinds that a person handles: namedFor, asked the other way
// round and in one go, because every page of the desk asks.
func kindsOf(tx *db.Tx, p district.PersonID) ([]Private, error) {
	return db.List(tx, func(r *db.Rows, k *Private) error { return r.Scan(k) }, `WITH kind (name) AS (VALUES ('suspicious_mail'), ('lost_device'), ('privacy'), ('safety'))
		SELECT k.name FROM kind k WHERE EXISTS (SELECT 1 FROM desk_private_named n JOIN district_person p ON p.id = n.person WHERE n.kind = k.name AND n.person = $1 AND p.active)
			OR EXISTS (SELECT 1 FROM district_profile f JOIN district_team t ON t.id = f.help_team WHERE f.one = 1 AND t.lead = $1)
				AND NOT EXISTS (SELECT 1 FROM desk_private_named n JOIN district_person p ON p.id = n.person WHERE n.kind = k.name AND p.active)
		ORDER BY k.name`, p)
}

func insertNamed(tx *db.Tx, id TicketID, people []district.PersonID) ([]event.Change, error) {
	var changes []event.Change
	for _, p := range people {
		r, err := tx.Exec(`INSERT INTO desk_named (ticket, person) VALUES ($1, $2) ON CONFLICT (ticket, person) DO NOTHING`, id, p)
		if err != nil {
			return nil, err
		}
		if r.RowsAffected > 0 {
			changes = append(changes, event.Change{Field: fieldNamed, To: int64(p)})
		}
	}
	return changes, nil
}

func deleteNamed(tx *db.Tx, id TicketID, people []district.PersonID) ([]event.Change, error) {
	var changes []event.Change
	for _, p := range people {
		r, err := tx.Exec(`DELETE FROM desk_named WHERE ticket = $1 AND person = $2`, id, p)
		if err != nil {
			return nil, err
		}
		if r.RowsAffected > 0 {
			changes = append(changes, event.Change{Field: fieldNamed, From: int64(p)})
		}
	}
	return changes, nil
}

func namedOn(tx *db.Tx, id TicketID) ([]district.PersonID, error) {
	return db.List(tx, scanPersonID, `SELECT n.person FROM desk_named n WHERE n.ticket = $1 ORDER BY n.person`, id)
}

// MakePrivate takes a ticket out of everybody's sight but its requester's and
// that of the people named for the kind. Only they may do it; an owner who is
// not among them no longer owns it. Version 0 is whatever it is now.
func (d *Desk) MakePrivate(ctx context.Context, id TicketID, version int64, kind Private) (Changed, error) {
	return command(ctx, d, "ticket.made_private", func(tx *db.Tx, v viewer) (Changed, error) {
		e := edition{tx: tx, by: v, kind: "ticket.made_private"}
		var err error
		if e.before, e.is, err = load(tx, v, id); err != nil {
			return Changed{}, err
		}
		e.t = e.before
		var in errs.Check
		checkChoice(&in, "kind", kind, PrivateKinds)
		if err := in.Err(); err != nil {
			return Changed{}, err
		}
		people, _, err := namedFor(tx, kind)
		if err != nil {
			return Changed{}, err
		}
		e.is.names = v.desk != 0 && slices.Contains(people, v.desk)
		if err := e.before.may(e.is, ActMakePrivate); err != nil {
			return Changed{}, err
		}
		e.t.Private = kind
		if e.t.Owner != 0 && !slices.Contains(people, e.t.Owner) {
			e.t.Owner = 0
		}
		if e.extra, err = insertNamed(tx, id, people); err != nil {
			return Changed{}, err
		}
		// What people were told of it so far is no longer theirs to read.
		if err := notice.EraseAbout(tx, subject(id)); err != nil {
			return Changed{}, err
		}
		e.after(func() error { return e.tellTeam("desk.notice.private") })
		if err := e.finish(version); err != nil {
			return Changed{}, err
		}
		return e.changed(), nil
	})
}

// MakePublic ends it. Only the people named on a ticket may.
func (d *Desk) MakePublic(ctx context.Context, id TicketID, version int64) (Changed, error) {
	return edit(ctx, d, "ticket.made_public", id, ActMakePublic, version, func(e *edition) error {
		people, err := namedOn(e.tx, id)
		if err != nil {
			return err
		}
		if e.extra, err = deleteNamed(e.tx, id, people); err != nil {
			return err
		}
		e.t.Private = ""
		e.after(func() error { return e.tellDesk("desk.notice.made_public") })
		return nil
	})
}

// Named are the people named for a kind of private ticket.
type Named struct {
	Kind   Private
	People []district.PersonID
	// Fallback is who gets such tickets while nobody is named.
	Fallback district.PersonID
}

// NamedPeople lists, for administrators, who is named for each kind.
func (d *Desk) NamedPeople(ctx context.Context) ([]Named, error) {
	if err := admin(ctx, district.ScopeDistrictRead); err != nil {
		return nil, err
	}
	var out []Named
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		for _, k := range PrivateKinds {
			people, asked, err := namedFor(tx, k)
			if err != nil && !errs.Is(err, errs.Conflict) {
				return err
			}
			n := Named{Kind: k, People: people}
			if asked {
				n.People = nil
				if len(people) > 0 {
					n.Fallback = people[0]
				}
			}
			out = append(out, n)
		}
		return nil
	})
	return out, err
}

// SetNamed says who handles a kind of private ticket from now on, those that
// are not closed yet included. Everybody who was named or is now is told.
// Administrators may; they learn nothing about the tickets by it. At least one
// and at most 20 people who work the desk.
func (d *Desk) SetNamed(ctx context.Context, kind Private, people []district.PersonID) error {
	if err := admin(ctx, district.ScopeDistrictWrite); err != nil {
		return err
	}
	_, err := write(ctx, d, "private.named", func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, setNamed(tx, kind, people)
	})
	return err
}

func admin(ctx context.Context, scope string) error {
	a := policy.ActorFrom(ctx)
	switch {
	case a.Kind != policy.Person:
		return errs.E(errs.Unauthenticated, "error.unauthenticated")
	case !district.Admin.WithScope(scope).Permits(a):
		return errs.E(errs.Forbidden, "error.forbidden")
	}
	return nil
}

const maxNamed = 20

func setNamed(tx *db.Tx, kind Private, people []district.PersonID) error {
	var in errs.Check
	checkChoice(&in, "kind", kind, PrivateKinds)
	people = slices.Clone(people)
	slices.Sort(people)
	people = slices.Compact(people)
	switch {
	case len(people) == 0:
		in.Fail("people", "field.required")
	case len(people) > maxNamed:
		in.Fail("people", "field.too_many", "Max", maxNamed)
	}
	if err := in.Err(); err != nil {
		return err
	}
	for _, p := range people {
		if err := checkNamed(tx, &in, p); err != nil {
			return err
		}
		if err := in.Err(); err != nil {
			return err
		}
	}
	had, err := db.List(tx, scanPersonID, `SELECT person FROM desk_private_named WHERE kind = $1 ORDER BY person`, kind)
	if err != nil {
		return err
	}
	was, _, err := namedFor(tx, kind)
	if err != nil && !errs.Is(err, errs.Conflict) {
		return err
	}
	var changes []event.Change
	for _, p := range had {
		if !slices.Contains(people, p) {
			changes = append(changes, event.Change{Field: string(kind), From: int64(p)})
			if _, err := tx.Exec(`DELETE FROM desk_private_named WHERE kind = $1 AND person = $2`, kind, p); err != nil {
				return err
			}
		}
	}
	for _, p := range people {
		if !slices.Contains(had, p) {
			changes = append(changes, event.Change{Field: string(kind), To: int64(p)})
			if _, err := tx.Exec(`INSERT INTO desk_private_named (kind, person) VALUES ($1, $2)`, kind, p); err != nil {
				return err
			}
		}
	}
	if len(changes) == 0 {
		tx.Unlogged("nothing to change")
		return nil
	}
	if err := event.Emit(tx, event.Event{Kind: "private.named", Subject: event.Ref{Kind: "private"}, Changes: changes}); err != nil {
		return err
	}
	if err := nameOn(tx, kind, people); err != nil {
		return err
	}
	return tellNamed(tx, kind, append(was, people...))
}

// nameOn puts the people on the tickets of the kind that are not closed, in
// place of whoever was.
func nameOn(tx *db.Tx, kind Private, people []district.PersonID) error {
	ids, err := db.List(tx, scanTicketID,
		`SELECT t.id FROM desk_ticket t WHERE t.private = $1 AND t.state IN ('open', 'waiting', 'solved') ORDER BY t.id`, kind)
	if err != nil {
		return err
	}
	for _, id := range ids {
		before, err := loadAny(tx, id)
		if err != nil {
			return err
		}
		on, err := namedOn(tx, id)
		if err != nil {
			return err
		}
		gone := slices.DeleteFunc(on, func(p district.PersonID) bool { return slices.Contains(people, p) })
		changes, err := deleteNamed(tx, id, gone)
		if err != nil {
			return err
		}
		added, err := insertNamed(tx, id, people)
		if err != nil {
			return err
		}
		t := before
		if t.Owner != 0 && !slices.Contains(people, t.Owner) {
			t.Owner = 0
		}
		if err := save(tx, "ticket.named", 0, before, &t, append(changes, added...)...); err != nil {
			return err
		}
	}
	return nil
}
