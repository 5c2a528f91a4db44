package past

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
	"trellis/internal/platform/search"
)

// Undo takes back what a run brought: its tickets go, and those that it
// recorded differently are what they were. Only the last run of a source can be
// undone, so that nothing is left of a run in between. A ticket that somebody
// has written on, follows or made private since stays, and is counted.
func (p *Past) Undo(ctx context.Context, id RunID) (Run, error) {
	if _, err := authorise(ctx, mayBring); err != nil {
		return Run{}, err
	}
	return p.turn(ctx, id, "history.undo_begun", func(tx *db.Tx, r *run) error {
		if r.State == Undoing { // once more, should its job have been lost
			return enqueue(tx, r.ID)
		}
		if r.State != Done && r.State != Stopped {
			return errs.E(errs.Conflict, "past.not_undoable")
		}
		// A file that is being read found tickets here that would be gone by the
		// time it is brought in.
		if err := alone(tx, r); err != nil {
			return err
		}
		later, err := builtOn(tx, r)
		if err != nil {
			return err
		}
		if later {
			return errs.E(errs.Conflict, "past.undo_later_first")
		}
		r.State, r.Share, r.Stayed = Undoing, 0, 0
		return enqueue(tx, r.ID)
	})
}

// builtOn reports whether a later run of the same source has brought something.
// The tickets are asked, not the run: a run that goes on counts from 0 again.
func builtOn(tx *db.Tx, r *run) (later bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_past_run o WHERE o.source = $1 AND o.id > $2 AND o.state IN ('running', 'stopped', 'done', 'undoing') AND (
			EXISTS (SELECT 1 FROM desk_past p WHERE p.run = o.id) OR EXISTS (SELECT 1 FROM desk_past p WHERE p.last_run = o.id)))`, r.Source, r.ID).Scan(&later)
	return later, err
}

// takeBack does what Undo began, group by group; begun again it goes on.
func (p *Past) takeBack(ctx context.Context, id RunID) error {
	var behind int64 // among those that stay, which was seen last
	settled := false // the source is what it was
	for {
		left, ready := false, false
		var seen int64
		err := p.db.Write(ctx, "undo history", func(tx *db.Tx) error {
			left, ready, seen = false, false, behind
			r, err := findRun(tx, id)
			if err != nil {
				return err
			}
			if r.State != Undoing {
				tx.Unlogged("nothing to undo")
				return nil
			}
			ids, err := brought(tx, r.ID, behind)
			if err != nil {
				return err
			}
			gone := 0
			for _, t := range ids {
				seen = int64(t)
				touched, err := isTouched(tx, t)
				if err != nil {
					return err
				}
				if touched {
					continue
				}
				gone++
				if err := drop(tx, t); err != nil {
					return err
				}
			}
			if len(ids) == 0 {
				ids, err = p.restore(tx, r)
				if err != nil {
					return err
				}
			}
			if len(ids) == 0 && !settled {
				left, ready = true, true
				tx.Unlogged("all is back; the source comes next")
				return nil
			}
			if len(ids) == 0 {
				// Counted at the end: begun again it meets those that stay again.
				if err := tx.QueryRow(`SELECT count(*) FROM desk_past WHERE run = $1`, r.ID).Scan(&r.Stayed); err != nil {
					return err
				}
				r.State, r.Share, r.Ended, r.Kept = Undone, 100, tx.Now(), false
				if err := r.save(tx); err != nil {
					return err
				}
				return r.emit(tx, "history.undone", event.Change{Field: "stayed", To: r.Stayed})
			}
			left = true
			r.Share = min(99, r.Share+int(int64(len(ids))*100/max(r.Added+r.Changed, 1)))
			if err := r.save(tx); err != nil {
				return err
			}
			return r.emit(tx, "history.taken_back", event.Change{Field: "tickets", From: gone})
		})
		if err != nil || !left {
			return err
		}
		if ready {
			if err := p.settle(ctx, id); err != nil {
				return err
			}
			settled = true
		}
		behind = seen
	}
}

// settle puts a source back to the latest reading of it that still stands: its
// columns and hours, and its last moment. If the hours were others, what is
// left of it is counted anew.
func (p *Past) settle(ctx context.Context, id RunID) error {
	var recount bool
	r, err := p.load(ctx, id)
	if err != nil || r.Source == 0 {
		return err
	}
	err = p.db.Write(ctx, "settle history", func(tx *db.Tx) error {
		recount = false
		tx.Unlogged("the source follows what is left of it")
		var latest RunID
		if err := tx.QueryRow(`SELECT coalesce(max(last_run), 0) FROM desk_past WHERE source = $1 AND last_run <> $2`, r.Source, id).Scan(&latest); err != nil || latest == 0 {
			return err
		}
		left, err := findRun(tx, latest)
		if err != nil {
			return err
		}
		s, _, err := findSource(tx, left.Name)
		if err != nil {
			return err
		}
		hours, closed := left.Map.hours()
		recount = s.Zone != left.Map.Zone || s.Hours != hours || s.Closed != closed
		var last time.Time
		var moments [5]time.Time
		if err := tx.QueryRow(`SELECT max(r.at), max(r.opened), max(r.first), max(r.solved), max(r.closed) FROM desk_past_row r JOIN desk_past p ON p.ticket = r.ticket
				WHERE p.source = $1 AND r.until_run = 0`, r.Source).
			Scan(db.AtNull(&moments[0]), db.AtNull(&moments[1]), db.AtNull(&moments[2]), db.AtNull(&moments[3]), db.AtNull(&moments[4])); err != nil {
			return err
		}
		for _, m := range moments {
			if m.After(last) {
				last = m
			}
		}
		_, err = tx.Exec(`UPDATE desk_past_source SET map = $1, zone = $2, hours = $3, closed = $4, last_at = $5, version = version + 1 WHERE id = $6`,
			string(left.Map.JSON()), left.Map.Zone, hours, closed, db.UsNull(last), r.Source)
		return err
	})
	if err != nil || !recount {
		return err
	}
	return p.recount(ctx, r.Source)
}

// brought are tickets that a run brought, behind one of them.
func brought(tx *db.Tx, by RunID, behind int64) ([]desk.TicketID, error) {
	return db.List(tx, func(r *db.Rows, id *desk.TicketID) error { return r.Scan(id) },
		`SELECT ticket FROM desk_past WHERE run = $1 AND (ticket < $2 OR $2 = 0) ORDER BY ticket DESC LIMIT 100`, by, behind)
}

func isTouched(tx *db.Tx, id desk.TicketID) (touched bool, err error) {
	err = tx.QueryRow(`SELECT t.private <> '' OR EXISTS (SELECT 1 FROM desk_note n WHERE n.ticket = t.id) OR EXISTS (SELECT 1 FROM desk_participant f WHERE f.ticket = t.id)
		FROM desk_ticket t WHERE t.id = $1`, id).Scan(&touched)
	return touched, err
}

// dropSQL takes a ticket of the past out, each row before what it points at.
var dropSQL = []string{
	`DELETE FROM desk_flow WHERE ticket = $1`,
	`DELETE FROM desk_past_row WHERE ticket = $1`,
	`DELETE FROM desk_past WHERE ticket = $1`,
	`DELETE FROM desk_message WHERE ticket = $1`,
	`DELETE FROM desk_named WHERE ticket = $1`,
	`DELETE FROM desk_ticket WHERE id = $1`,
}

func drop(tx *db.Tx, id desk.TicketID) error {
	for _, q := range dropSQL {
		if _, err := tx.Exec(q, id); err != nil {
			return err
		}
	}
	return search.Remove(tx, searched, int64(id))
}

// restore puts back what a run had replaced of some tickets.
func (p *Past) restore(tx *db.Tx, r run) ([]desk.TicketID, error) {
	ids, err := db.List(tx, func(r *db.Rows, id *desk.TicketID) error { return r.Scan(id) },
		`SELECT ticket FROM desk_past WHERE last_run = $1 AND run <> $1 ORDER BY ticket DESC LIMIT 50`, r.ID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	d := dresser{m: r.Map}
	if d.from, _, err = findSource(tx, r.Name); err != nil {
		return nil, err
	}
	if d.names, err = readNames(tx); err != nil {
		return nil, err
	}
	if d.lang, err = langOf(tx); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, err := tx.Exec(`DELETE FROM desk_past_row WHERE ticket = $1 AND run = $2`, id, r.ID); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(`UPDATE desk_past_row SET until_run = 0 WHERE ticket = $1 AND until_run = $2`, id, r.ID); err != nil {
			return nil, err
		}
		if err := p.putBack(tx, d, id); err != nil {
			return nil, err
		}
	}
	return ids, p.flow.Refresh(tx, ids...)
}

// putBack dresses a ticket as its rows that stand now and the texts before
// have it.
func (p *Past) putBack(tx *db.Tx, d dresser, id desk.TicketID) error {
	_, key, was, err := textsOf(tx, id)
	if err != nil {
		return err
	}
	list, err := shelved(was)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fmt.Errorf("put back %s: nothing is known of how it was", id)
	}
	if was = ""; len(list) > 1 {
		b, err := json.Marshal(list[1:])
		if err != nil {
			return err
		}
		was = string(b)
	}
	var by RunID
	if err := tx.QueryRow(`SELECT coalesce(max(run), 0) FROM desk_past_row WHERE ticket = $1 AND until_run = 0`, id).Scan(&by); err != nil {
		return err
	}
	if err := setTexts(tx, id, list[0], was, by); err != nil {
		return err
	}
	rows, err := p.flow.Rows(tx, id)
	if err != nil {
		return err
	}
	return d.dress(tx.Now(), key, list[0], lastOf(rows), flow.Compute(rows, flow.Counting{})).change(tx, id, d.lang)
}

// jobKind is the kind of job that works on a run.
const jobKind = "desk.past"

type jobArgs struct{ Run RunID }

func enqueue(tx *db.Tx, id RunID) error {
	_, err := job.Enqueue(tx, job.New{Kind: jobKind, Args: jobArgs{id}, Unique: itoa(int(id)), Priority: job.Idle})
	return err
}

// giveUp ends a run that its job can't go on with, so that it doesn't stand in
// the way of others: it can be begun again, or taken back.
func (p *Past) giveUp(ctx context.Context, id RunID, why string) error {
	return p.db.Write(ctx, "give up history", func(tx *db.Tx) error {
		r, err := findRun(tx, id)
		if errs.Is(err, errs.NotFound) || err == nil && r.State != Running && r.State != Undoing {
			tx.Unlogged("nothing to give up")
			return nil
		}
		if err != nil {
			return err
		}
		r.State, r.Ended, r.Problems = Stopped, tx.Now(), []Problem{{Key: why}}
		if err := r.save(tx); err != nil {
			return err
		}
		return r.emit(tx, "history.stopped")
	})
}

// work is what the job does.
func (p *Past) work(ctx context.Context, id RunID) error {
	r, err := p.load(ctx, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	switch r.State {
	case Running:
		open, drop, err := p.file(r)
		if errors.Is(err, blob.ErrNotFound) {
			return p.giveUp(ctx, id, "past.problem.gone")
		}
		if err != nil {
			return err
		}
		defer drop()
		_, err = p.bring(ctx, id, open, p.told(ctx, id))
		return err
	case Undoing:
		return p.takeBack(ctx, id)
	}
	return nil
}
