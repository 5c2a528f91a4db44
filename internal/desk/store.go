package desk

import (
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

const ticketColumns = `t.id, t.title, t.state, t.waiting_on, t.next_at, t.impact, t.requester, t.beneficiary, t.owner_team, t.owner_person,
	t.site, t.room, t.place_text, t.service, t.contact, t.channel, t.private, t.lang, t.created, t.solved_at, t.closed_at, t.confirmed,
	t.said_at, t.said_by_desk, t.files, t.version, t.kind, t.tier, t.handoffs`

func (t *ticket) dest() []any {
	return []any{&t.ID, &t.Title, &t.State, &t.WaitingOn, db.AtNull(&t.NextAt), &t.Impact, &t.Requester, db.OrZero(&t.Beneficiary), &t.Team, db.OrZero(&t.Owner),
		&t.Site, db.OrZero(&t.Room), &t.PlaceText, db.OrZero(&t.Service), &t.Contact, &t.Channel, &t.Private, &t.Lang,
		db.At(&t.Created), db.AtNull(&t.SolvedAt), db.AtNull(&t.ClosedAt), &t.Confirmed, db.At(&t.SaidAt), &t.SaidByDesk, &t.Files, &t.Version, &t.Kind, &t.Tier, &t.Handoffs}
}

// load reads a ticket that the viewer may see, and what they are to it. What
// they may not see is not there.
func load(tx *db.Tx, v viewer, id TicketID) (t ticket, s standing, err error) {
	err = tx.QueryRow(`SELECT `+ticketColumns+`, `+v.works()+`, EXISTS (SELECT 1 FROM desk_participant f WHERE f.ticket = t.id AND f.person = $1)
		FROM desk_ticket t WHERE t.id = $3`, v.person, v.desk, id).Scan(append(t.dest(), &s.works, &s.follows)...)
	if db.IsNoRows(err) || err == nil && !t.seenBy(v.person, s) {
		return ticket{}, standing{}, notFound()
	}
	s.asks = t.Requester == v.person || t.Beneficiary == v.person
	return t, s, err
}

// loadAny reads a ticket for Trellis itself.
func loadAny(tx *db.Tx, id TicketID) (t ticket, err error) {
	err = tx.QueryRow(`SELECT `+ticketColumns+` FROM desk_ticket t WHERE t.id = $1`, id).Scan(t.dest()...)
	return t, err
}

func insertTicket(tx *db.Tx, t ticket) (id TicketID, err error) {
	err = tx.QueryRow(`INSERT INTO desk_ticket (title, state, impact, turn, requester, beneficiary, owner_team, owner_person, site, room, place_text,
			service, contact, channel, private, lang, created, updated, said_at, said_by_desk, files, kind, tier)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $17, $18, $19, $20, $21) RETURNING id`,
		t.Title, t.State, t.Impact, t.turn(), t.Requester, db.Null(t.Beneficiary), t.Team, db.Null(t.Owner), t.Site, db.Null(t.Room), t.PlaceText,
		db.Null(t.Service), t.Contact, t.Channel, t.Private, t.Lang, db.Us(t.Created), t.SaidByDesk, t.Files, t.Kind, t.Tier).Scan(&id)
	return id, err
}

// save stores what a command did to a ticket and logs it: the difference, and
// what else the command has to say. Nothing different and nothing to say is
// no event and no new version. behalf is for whom the actor acted, 0 for
// themselves.
func save(tx *db.Tx, kind string, behalf district.PersonID, before ticket, after *ticket, extra ...event.Change) error {
	changes := diff(before, *after)
	if len(changes)+len(extra) == 0 {
		tx.Unlogged("nothing to change")
		return nil
	}
	if len(changes) == 0 {
		// What was said changes no field, so it makes nobody's page stale and
		// touches no index.
		if _, err := tx.Exec(`UPDATE desk_ticket SET updated = $1, said_at = $2, said_by_desk = $3, files = $4 WHERE id = $5`,
			db.Us(tx.Now()), db.Us(after.SaidAt), after.SaidByDesk, after.Files, after.ID); err != nil {
			return err
		}
	} else {
		after.Version = before.Version + 1
		if err := update(tx, before, *after); err != nil {
			return err
		}
	}
	return emitFor(tx, kind, behalf, after.ID, append(changes, extra...))
}

// update stores a ticket. What most commands leave as it was is not written
// again: each column of it would be looked up in its table and each index kept.
func update(tx *db.Tx, before, t ticket) (err error) {
	if about(before) == about(t) {
		_, err = tx.Exec(`UPDATE desk_ticket SET state = $1, waiting_on = $2, next_at = $3, owner_person = $4, updated = $5, said_at = $6,
				said_by_desk = $7, solved_at = $8, closed_at = $9, confirmed = $10, files = $11, version = $12 WHERE id = $13`,
			t.State, t.WaitingOn, db.UsNull(t.NextAt), db.Null(t.Owner), db.Us(tx.Now()), db.Us(t.SaidAt),
			t.SaidByDesk, db.UsNull(t.SolvedAt), db.UsNull(t.ClosedAt), t.Confirmed, t.Files, t.Version, t.ID)
		return err
	}
	_, err = tx.Exec(`UPDATE desk_ticket SET title = $1, state = $2, waiting_on = $3, next_at = $4, impact = $5, turn = $6, owner_team = $7,
			owner_person = $8, site = $9, room = $10, place_text = $11, service = $12, contact = $13, private = $14, updated = $15, said_at = $16,
			said_by_desk = $17, solved_at = $18, closed_at = $19, confirmed = $20, files = $21, version = $22,
			tier = $23, handoffs = $24 WHERE id = $25`,
		t.Title, t.State, t.WaitingOn, db.UsNull(t.NextAt), t.Impact, t.turn(), t.Team, db.Null(t.Owner), t.Site, db.Null(t.Room), t.PlaceText,
		db.Null(t.Service), t.Contact, t.Private, db.Us(tx.Now()), db.Us(t.SaidAt), t.SaidByDesk, db.UsNull(t.SolvedAt), db.UsNull(t.ClosedAt),
		t.Confirmed, t.Files, t.Version, t.Tier, t.Handoffs, t.ID)
	return err
}

// about is what a ticket is about and with whom it is: all of it that a
// conversation leaves as it is.
func about(t ticket) ticket {
	t.State, t.WaitingOn, t.NextAt, t.Owner, t.SaidAt, t.SaidByDesk = "", "", time.Time{}, 0, time.Time{}, false
	t.SolvedAt, t.ClosedAt, t.Confirmed, t.Files, t.Version = time.Time{}, time.Time{}, false, 0, 0
	return t
}

func emit(tx *db.Tx, kind string, id TicketID, changes []event.Change) error {
	return emitFor(tx, kind, 0, id, changes)
}

func emitFor(tx *db.Tx, kind string, behalf district.PersonID, id TicketID, changes []event.Change) error {
	return event.Emit(tx, event.Event{Kind: kind, Behalf: int64(behalf), Subject: subject(id), Changes: changes})
}

func subject(id TicketID) event.Ref { return event.Ref{Kind: SubjectTicket, ID: int64(id)} }

// stale refuses a change that was made from an older version of a ticket. A
// command without a version is not based on what somebody looked at.
func stale(t ticket, version int64) error {
	if version != 0 && version != t.Version {
		return errs.E(errs.Precondition, "error.stale")
	}
	return nil
}

func insertMessage(tx *db.Tx, id TicketID, author district.PersonID, fromDesk bool, body string, by Channel) (m MessageID, err error) {
	err = tx.QueryRow(`INSERT INTO desk_message (ticket, author, from_desk, body, channel, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		id, author, fromDesk, body, by, db.Us(tx.Now())).Scan(&m)
	return m, err
}

func insertNote(tx *db.Tx, id TicketID, author district.PersonID, body string) (n NoteID, err error) {
	err = tx.QueryRow(`INSERT INTO desk_note (ticket, author, body, at) VALUES ($1, $2, $3, $4) RETURNING id`,
		id, author, body, db.Us(tx.Now())).Scan(&n)
	return n, err
}

// addFollower reports whether the person didn't follow before.
func addFollower(tx *db.Tx, id TicketID, p district.PersonID) (bool, error) {
	r, err := tx.Exec(`INSERT INTO desk_participant (ticket, person, role) VALUES ($1, $2, 'follower') ON CONFLICT (ticket, person) DO NOTHING`, id, p)
	return r.RowsAffected > 0, err
}

func dropFollower(tx *db.Tx, id TicketID, p district.PersonID) (bool, error) {
	r, err := tx.Exec(`DELETE FROM desk_participant WHERE ticket = $1 AND person = $2`, id, p)
	return r.RowsAffected > 0, err
}

// dueTicket is a ticket's place in the order in which tickets come due.
type dueTicket struct {
	at int64 // microseconds
	id TicketID
}

// due lists tickets in a state whose next_at has come, oldest first, behind
// one of them.
func due(tx *db.Tx, s State, now time.Time, behind dueTicket, limit int) ([]dueTicket, error) {
	return db.List(tx, func(r *db.Rows, t *dueTicket) error { return r.Scan(&t.at, &t.id) },
		`SELECT t.next_at, t.id FROM desk_ticket t WHERE t.state = $1 AND t.next_at <= $2 AND (t.next_at, t.id) > ($3, $4)
			ORDER BY t.next_at NULLS FIRST, t.id LIMIT $5 + 0`, s, db.Us(now), behind.at, behind.id, limit)
}
