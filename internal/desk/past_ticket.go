package desk

import (
	"context"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Past is where a ticket comes from that another desk had, and what that desk
// recorded of it. A field that it didn't record is empty.
type Past struct {
	Source  string // the log or export, by its name
	Number  string // the ticket's number there
	Zone    string // of its times; "" floats: they are local times of nobody knows where, kept as if they were UTC
	Team    string
	Place   string
	Service string
	Impact  string
	Status  string
	Asker   string // who asked
	Owner   string // who had it
	Open    bool   // it was not solved when the record ends
	Undated bool   // nobody recorded when it was
}

// Location is the zone in which a past's times are shown as they were recorded.
func (p *Past) Location() *time.Location {
	if p.Zone == "" {
		return time.UTC
	}
	if l, err := time.LoadLocation(p.Zone); err == nil {
		return l
	}
	return time.UTC
}

// standingRows are the rows of a past that count: neither replaced by a later
// reading nor taken out by hand.
const standingRows = `r.until_run = 0 AND r.removed IS NULL`

// recorded fills in what the old desk recorded, in place of those who stand
// for what the district doesn't have.
func (t *Ticket) recorded(tx *db.Tx) error {
	p := &Past{}
	var state string
	var solved, at, opened time.Time
	var siteStands, teamStands, personStands bool
	err := tx.QueryRow(`SELECT s.name, p.case_key, s.zone, p.requester, p.owner, r.team, r.place, r.service, r.impact, r.status, r.state,
			r.solved, r.at, r.opened, t.site = s.site, t.owner_team = s.team, t.requester = s.person
		FROM desk_past p JOIN desk_past_source s ON s.id = p.source JOIN desk_ticket t ON t.id = p.ticket
			LEFT JOIN desk_past_row r ON r.id = (SELECT r.id FROM desk_past_row r WHERE r.ticket = p.ticket AND `+standingRows+` ORDER BY r.seq DESC LIMIT 1)
		WHERE p.ticket = $1`, t.ID).
		Scan(&p.Source, &p.Number, &p.Zone, &p.Asker, &p.Owner, db.OrZero(&p.Team), db.OrZero(&p.Place), db.OrZero(&p.Service), db.OrZero(&p.Impact), db.OrZero(&p.Status), db.OrZero(&state),
			db.AtNull(&solved), db.AtNull(&at), db.AtNull(&opened), &siteStands, &teamStands, &personStands)
	if err != nil {
		return err
	}
	p.Undated = at.IsZero() && opened.IsZero()
	p.Open = !p.Undated && solved.IsZero() && State(state) != Solved && State(state) != Closed
	if siteStands && p.Place != "" {
		t.Place.SiteName, t.Place.SiteShort = p.Place, p.Place
	}
	if teamStands && p.Team != "" {
		t.TeamName = p.Team
	}
	if personStands && p.Asker != "" {
		t.Requester.Name = p.Asker
	}
	if t.Service == 0 {
		t.ServiceName = p.Service
	}
	t.Past = p
	return nil
}

// PastRowID is a line of what an old desk recorded.
type PastRowID int64

// PastRow is one line of what an old desk recorded of a ticket.
type PastRow struct {
	ID       PastRowID
	At       time.Time // zero: nobody recorded when
	Status   string    // in the words of the old desk
	Sub      string    // likewise, closer
	State    State     // what that means here; "" unknown
	Waiting  string    // requester, vendor, part, date, other; "" for none
	Team     string
	Person   string
	Impact   string
	Priority string
	Place    string
	Service  string
	Opened   time.Time
	First    time.Time
	Solved   time.Time
	Closed   time.Time
	Removed  bool // taken out by hand
}

// maxPastRows is how many rows PastRows reads at most; no log is known whose
// tickets come near it.
const maxPastRows = 2000

// PastRows are what the old desk recorded of a ticket, oldest first, for those
// who work on it. One that was born here has none.
func (d *Desk) PastRows(ctx context.Context, id TicketID) ([]PastRow, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	var out []PastRow
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		_, is, err := load(tx, v, id)
		if err != nil {
			return err
		}
		if !is.works {
			return errs.E(errs.Forbidden, "desk.ticket.forbidden")
		}
		out, err = db.List(tx, func(r *db.Rows, p *PastRow) error {
			return r.Scan(&p.ID, db.AtNull(&p.At), &p.Status, &p.Sub, &p.State, &p.Waiting, &p.Team, &p.Person, &p.Impact, &p.Priority, &p.Place, &p.Service,
				db.AtNull(&p.Opened), db.AtNull(&p.First), db.AtNull(&p.Solved), db.AtNull(&p.Closed), &p.Removed)
		}, `SELECT r.id, r.at, r.status, r.sub, r.state, r.waiting, r.team, r.person, r.impact, r.priority, r.place, r.service,
				r.opened, r.first, r.solved, r.closed, r.removed IS NOT NULL
			FROM desk_past_row r WHERE r.ticket = $1 AND r.until_run = 0 ORDER BY r.seq LIMIT $2 + 0`, id, maxPastRows)
		return err
	})
	return out, err
}

// RemovePastRow takes a line out of what an old desk recorded: it never
// happened, or not like that. What the ticket comes to is counted again
// without it. The line stays to be put back with RestorePastRow.
func (d *Desk) RemovePastRow(ctx context.Context, id TicketID, row PastRowID) (Changed, error) {
	return d.setPastRow(ctx, "ticket.past_row_removed", id, row, true)
}

// RestorePastRow puts a line back that RemovePastRow took out.
func (d *Desk) RestorePastRow(ctx context.Context, id TicketID, row PastRowID) (Changed, error) {
	return d.setPastRow(ctx, "ticket.past_row_restored", id, row, false)
}

// setPastRow takes a line out or puts it back. What is so already stays so,
// and is no event.
func (d *Desk) setPastRow(ctx context.Context, kind string, id TicketID, row PastRowID, out bool) (Changed, error) {
	return command(ctx, d, kind, func(tx *db.Tx, v viewer) (Changed, error) {
		e, err := begin(tx, v, kind, id, ActPastRow)
		if err != nil {
			return Changed{}, err
		}
		var was bool
		err = tx.QueryRow(`SELECT r.removed IS NOT NULL FROM desk_past_row r WHERE r.id = $1 AND r.ticket = $2 AND r.until_run = 0`, row, id).Scan(&was)
		if db.IsNoRows(err) {
			return Changed{}, errs.E(errs.NotFound, "desk.past.row_not_found")
		}
		if err != nil {
			return Changed{}, err
		}
		if was == out {
			tx.Unlogged("nothing to change")
			return e.changed(), nil
		}
		var when time.Time
		if out {
			when = tx.Now()
		}
		if _, err := tx.Exec(`UPDATE desk_past_row SET removed = $1 WHERE id = $2`, db.UsNull(when), row); err != nil {
			return Changed{}, err
		}
		return e.changed(), emitFor(tx, kind, e.behalf(), id, []event.Change{{Field: fieldPastRow, From: int64(row), To: !out}})
	})
}

const fieldPastRow = "past_row"
