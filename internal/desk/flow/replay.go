package flow

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
)

// Replay holds other promises, on another calendar, against the past: what was
// kept and missed then, and what would have been. Private tickets are not
// among it.
//
// For Reader, and Trellis itself. Errors: NotFound for a name that no source
// has, a *worktime.Problem for hours that can't be read.
func (f *Flow) Replay(ctx context.Context, p Plan) (Outcome, error) {
	if err := authorise(ctx); err != nil {
		return Outcome{}, err
	}
	if err := p.Hours.check(); err != nil {
		return Outcome{}, err
	}
	var from []source
	answers := map[SourceID]bool{}
	err := f.db.Read(ctx, func(tx *db.Tx) (err error) {
		if from, err = sources(tx, p.Source); err != nil {
			return err
		}
		for i, s := range from {
			var some bool
			if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_past_row r JOIN desk_past p ON p.ticket = r.ticket
				WHERE p.source = $1 AND r.first IS NOT NULL AND r.until_run = 0 AND r.removed IS NULL)`, s.ID).Scan(&some); err != nil {
				return err
			}
			answers[s.ID] = some
			if s.LastAt.IsZero() {
				if err := tx.QueryRow(`SELECT max(r.at) FROM desk_past_row r JOIN desk_past p ON p.ticket = r.ticket WHERE p.source = $1 AND r.until_run = 0 AND r.removed IS NULL`, s.ID).
					Scan(db.AtNull(&from[i].LastAt)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	r := newReplay(p)
	r.out.Sources, r.out.Born = make([]string, 0, len(from)), p.Born
	for _, s := range from {
		r.out.Sources = append(r.out.Sources, s.Name)
	}
	err = f.walk(ctx, pick{from: from, born: p.Born, promises: true, Hours: p.Hours}, func(t *ticket) error {
		r.add(t.told(answers), t.c.Closed)
		return nil
	})
	return r.outcome(), err
}

// told is a ticket as a replay judges it.
func (t *ticket) told(answers map[SourceID]bool) Told {
	out := Told{Ticket: t.id.String(), Facts: Compute(t.rows, Counting{}), Rows: t.rows}
	if t.from == nil {
		if t.plan {
			out.Facts.Impact = "plan"
		}
		out.Impact, out.Place, out.Service = []string{out.Facts.Impact}, t.where[:], []string{t.service}
		out.Until, out.AnswersKnown, out.Before = t.now, true, t.before
		return out
	}
	f := out.Facts
	out.Impact, out.Place, out.Service = []string{f.Impact}, []string{f.Place}, []string{f.Service}
	if here := t.from.Impact[f.Impact]; here != "" {
		out.Impact = append(out.Impact, here)
	}
	out.Until, out.AnswersKnown = latest(t.from.LastAt, f.End), answers[t.from.ID]
	out.Before = map[Promised]Verdict{ToSolve: map[string]Verdict{"yes": Kept, "no": Missed}[f.Kept]}
	return out
}

// bornVerdicts are what became of the promises of tickets that were born here,
// from one number to another.
func bornVerdicts(tx *db.Tx, from, to desk.TicketID) (map[desk.TicketID]map[Promised]Verdict, error) {
	type clock struct {
		ticket          desk.TicketID
		metric          Promised
		missed, stopped time.Time
		dropped         bool
	}
	list, err := db.List(tx, func(r *db.Rows, c *clock) error {
		return r.Scan(&c.ticket, &c.metric, db.AtNull(&c.missed), db.AtNull(&c.stopped), &c.dropped)
	}, `SELECT c.ticket, c.metric, c.missed, c.stopped, c.dropped FROM desk_clock c
		WHERE c.ticket >= $1 AND c.ticket <= $2 AND c.metric IN ('first', 'solve') AND c.target > 0`, from, to)
	out := map[desk.TicketID]map[Promised]Verdict{}
	for _, c := range list {
		if out[c.ticket] == nil {
			out[c.ticket] = map[Promised]Verdict{}
		}
		switch {
		case !c.missed.IsZero():
			out[c.ticket][c.metric] = Missed
		case c.stopped.IsZero():
			out[c.ticket][c.metric] = Running
		case !c.dropped:
			out[c.ticket][c.metric] = Kept
		}
	}
	return out, err
}
