package desk

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// HandoffID numbers the times that tickets changed teams.
type HandoffID int64

// Way is in which direction a ticket changed teams.
type Way string

const (
	Up   Way = "up"   // further from the classroom
	Back Way = "back" // to where it came from
	Side Way = "side" // anywhere else
)

// Ways lists every way.
var Ways = []Way{Up, Back, Side}

// Key is the message key of a way.
func (w Way) Key() string { return "desk.way_of." + string(w) }

// Handoff is one time that a ticket changed teams, with what the next ones
// need to know.
type Handoff struct {
	ID         HandoffID
	At         time.Time
	By         Person // ID 0: Trellis itself
	Way        Way
	From       district.TeamID
	FromName   string
	FromPerson Person // who owned it; ID 0: the team
	FromTier   int
	To         district.TeamID
	ToName     string
	ToTier     int
	Tried      string // what was tried
	Why        string
	TriedDue   bool // it was passed on while a class stood still, and what was tried is still to be written down
}

const handoffSQL = `SELECT h.id, h.at, h.by_person, bp.name, h.way, h.from_team, f.name, h.from_person, fp.name, h.from_tier, h.to_team, o.name, h.to_tier,
		h.tried, h.why, h.tried_due
	FROM desk_handoff h JOIN district_team f ON f.id = h.from_team JOIN district_team o ON o.id = h.to_team
		LEFT JOIN district_person bp ON bp.id = h.by_person LEFT JOIN district_person fp ON fp.id = h.from_person
	WHERE h.ticket = $1 ORDER BY h.id`

func handoffs(tx *db.Tx, id TicketID) ([]Handoff, error) {
	return db.List(tx, func(r *db.Rows, h *Handoff) error {
		return r.Scan(&h.ID, db.At(&h.At), db.OrZero(&h.By.ID), db.OrZero(&h.By.Name), &h.Way, &h.From, &h.FromName, db.OrZero(&h.FromPerson.ID),
			db.OrZero(&h.FromPerson.Name), &h.FromTier, &h.To, &h.ToName, &h.ToTier, &h.Tried, &h.Why, &h.TriedDue)
	}, handoffSQL, id)
}

// Handoffs are the times that a ticket changed teams, oldest first, for whoever
// works on it.
func (d *Desk) Handoffs(ctx context.Context, id TicketID) ([]Handoff, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	var out []Handoff
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		_, is, err := load(tx, v, id)
		if err != nil {
			return err
		}
		if !is.works {
			return errs.E(errs.Forbidden, "desk.ticket.forbidden")
		}
		out, err = handoffs(tx, id)
		return err
	})
	return out, err
}

// origin is where a ticket came from: what was handed on and not handed back.
// ok is false if it is where it began.
func origin(list []Handoff) (h Handoff, ok bool) {
	var stack []Handoff
	for _, h := range list {
		if h.Way != Back {
			stack = append(stack, h)
		} else if len(stack) > 0 {
			stack = stack[:len(stack)-1]
		}
	}
	if len(stack) == 0 {
		return h, false
	}
	return stack[len(stack)-1], true
}

// pack is what a command hands over with a ticket.
type pack struct {
	way        Way // "": as it turns out
	tried, why string
	triedDue   bool
}

// noteHandoff writes down that a command gave the ticket to another team: each
// one that did, by whatever command. What follows a new place or service of a
// ticket that nobody took is none.
func (e *edition) noteHandoff() error {
	if e.t.Team == e.before.Team || e.t.Site != e.before.Site || e.t.Service != e.before.Service {
		return nil
	}
	if e.pack.way == "" {
		if err := e.turnOut(); err != nil {
			return err
		}
	}
	e.t.Handoffs++
	var id HandoffID
	err := e.tx.QueryRow(`INSERT INTO desk_handoff (ticket, at, by_person, from_team, from_person, from_tier, to_team, to_tier, way, tried, why, tried_due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`, e.t.ID, db.Us(e.tx.Now()), db.Null(e.by.person), e.before.Team,
		db.Null(e.before.Owner), e.before.Tier, e.t.Team, e.t.Tier, e.pack.way, e.pack.tried, e.pack.why, e.pack.triedDue).Scan(&id)
	if err != nil {
		return err
	}
	e.say(fieldHandoff, nil, int64(id))
	e.sayPersonal(fieldTried, e.pack.tried)
	e.sayPersonal(fieldWhy, e.pack.why)
	return nil
}

// turnOut finds out what it was that changed the team. Undoing is a way back,
// or there again.
func (e *edition) turnOut() (err error) {
	e.pack.way = Side
	if e.kind == "ticket.undone" {
		list, err := handoffs(e.tx, e.t.ID)
		if err != nil {
			return err
		}
		if from, ok := origin(list); ok && from.From == e.t.Team {
			e.pack.way = Back
		}
		return nil // the tier came back with the team
	}
	e.t.Tier, err = tierOf(e.tx, e.t, e.t.Team)
	return err
}

// AddTried writes down what was tried before a ticket was passed on, which was
// more urgent. Handoff 0 is the newest that lacks it. Who works on the ticket
// may, and who passed it on.
type AddTried struct {
	Ticket  TicketID
	Handoff HandoffID
	Text    string // 1 to MaxText characters
}

// AddTried adds it; whoever works on the ticket now is told.
//
// Errors: Conflict desk.hand.tried_known if nothing is missing.
func (d *Desk) AddTried(ctx context.Context, c AddTried) (Changed, error) {
	return command(ctx, d, "ticket.tried", func(tx *db.Tx, v viewer) (Changed, error) {
		e := &edition{tx: tx, by: v, kind: "ticket.tried"}
		var err error
		if e.before, e.is, err = load(tx, v, c.Ticket); err != nil {
			return Changed{}, err
		}
		e.t = e.before
		list, err := handoffs(tx, c.Ticket)
		if err != nil {
			return Changed{}, err
		}
		var h Handoff
		may := e.t.may(e.is, ActTried)
		gave := false // who passed it on answers for that alone
		for _, x := range list {
			own := v.desk != 0 && x.By.ID == v.desk && e.t.Private == ""
			gave = gave || own
			if x.TriedDue && (c.Handoff == 0 || c.Handoff == x.ID) && (may == nil || own) {
				h = x
			}
		}
		if may != nil && (!gave || !errs.Is(may, errs.Forbidden)) {
			return Changed{}, may
		}
		if h.ID == 0 {
			return Changed{}, errs.E(errs.Conflict, "desk.hand.tried_known")
		}
		var in errs.Check
		text := body(&in, "tried", c.Text, true)
		if err := in.Err(); err != nil {
			return Changed{}, err
		}
		if _, err := tx.Exec(`UPDATE desk_handoff SET tried = $1, tried_due = FALSE WHERE id = $2`, text, h.ID); err != nil {
			return Changed{}, err
		}
		e.say(fieldHandoff, nil, int64(h.ID))
		e.sayPersonal(fieldTried, text)
		if err := emitFor(tx, e.kind, e.behalf(), c.Ticket, e.extra); err != nil {
			return Changed{}, err
		}
		return e.changed(), e.tellDesk("desk.notice.tried")
	})
}

// owesTried finds what Ticket.OwesTried says, and the team that it went to then.
func owesTried(tx *db.Tx, v viewer, t ticket) (id HandoffID, to string, err error) {
	if v.desk == 0 || t.Handoffs == 0 || t.Private != "" {
		return 0, "", nil
	}
	err = tx.QueryRow(`SELECT h.id, o.name FROM desk_handoff h JOIN district_team o ON o.id = h.to_team
		WHERE h.ticket = $1 AND h.by_person = $2 AND h.tried_due ORDER BY h.id DESC LIMIT 1`, t.ID, v.desk).Scan(&id, &to)
	if db.IsNoRows(err) {
		return 0, "", nil
	}
	return id, to, err
}

// handed reads where a ticket came from and could go.
func (in *Inside) handed(tx *db.Tx, v viewer, t ticket) error {
	in.Tier, in.Handoffs = t.Tier, t.Handoffs
	if t.Handoffs > 0 {
		list, err := handoffs(tx, t.ID)
		if err != nil {
			return err
		}
		if from, ok := origin(list); ok && from.From != t.Team {
			in.CameFrom = from.FromName
		}
		in.TriedDue = slices.ContainsFunc(list, func(h Handoff) bool { return h.TriedDue })
	}
	if t.Private != "" || done(t.State) {
		in.CameFrom = ""
		return nil
	}
	steps, err := furtherSteps(tx, t)
	if err != nil || len(steps) == 0 {
		return err
	}
	next, err := firstHere(tx, v, t, steps)
	if err != nil {
		return err
	}
	in.Next = &Route{Team: next.Team, Tier: next.Tier}
	in.Next.Name, err = nameOfTeam(tx, next.Team)
	return err
}

// withoutVain leaves out what the viewer may do and what would do nothing now.
func (t Ticket) withoutVain(can []Action) []Action {
	return slices.DeleteFunc(can, func(a Action) bool {
		return a == ActHandBack && t.Inside.CameFrom == "" || a == ActTried && !t.Inside.TriedDue
	})
}
