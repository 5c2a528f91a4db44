package desk

import (
	"context"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// sweepBatch is how many tickets a sweep moves in one transaction.
const sweepBatch = 100

// ResumeDue brings back the tickets whose wait is over and returns how many.
// Trellis itself calls it; nobody else may.
func (d *Desk) ResumeDue(ctx context.Context) (int, error) {
	return d.sweep(ctx, "ticket.resumed", Waiting, func(e *edition) error {
		e.t.open()
		e.after(func() error { return e.tellDesk("desk.notice.back") })
		return nil
	})
}

// CloseExpired closes the solved tickets whose reopen window has ended and
// returns how many. Trellis itself calls it; nobody else may.
func (d *Desk) CloseExpired(ctx context.Context) (int, error) {
	return d.sweep(ctx, "ticket.closed", Solved, func(e *edition) error {
		e.t.close(e.tx.Now())
		return nil
	})
}

// sweep moves every ticket of a state whose next_at has come, in batches, so
// that other writers get their turn in between. A ticket that can't be moved is
// named in the log and left; it keeps no other from moving, now or next time,
// and is tried again after stuckPause.
func (d *Desk) sweep(ctx context.Context, kind string, s State, move func(e *edition) error) (int, error) {
	if err := systemOnly(ctx); err != nil {
		return 0, err
	}
	total, left := 0, 0
	var last dueTicket
	for {
		var list []dueTicket
		// The writer is not bothered when there is nothing to do.
		err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = due(tx, s, tx.Now(), last, sweepBatch)
			return err
		})
		if err != nil {
			return total, err
		}
		if len(list) == 0 {
			d.remember(s, left)
			return total, nil
		}
		last = list[len(list)-1]
		moved, bad, err := d.moveAll(ctx, kind, s, list, move)
		if total, left = total+moved, left+bad; err != nil {
			return total, err
		}
	}
}

// stuckPause is how long tickets that can't be moved are left alone.
const stuckPause = 15 * time.Minute

// remember keeps whether a sweep left tickets behind, so that what is due
// next is not for ever them.
func (d *Desk) remember(s State, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n > 0 {
		d.stuck[s] = d.db.Clock().Now()
	} else {
		delete(d.stuck, s)
	}
}

// behind is up to when due tickets of a state were swept, and when those that
// were left are tried again; zero times if none were.
func (d *Desk) behind(s State) (swept, again time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if swept = d.stuck[s]; !swept.IsZero() {
		again = swept.Add(stuckPause)
	}
	return swept, again
}

// moveAll moves tickets together or, if that fails, one by one: bad is how
// many can't be moved. If not one of several can, what is wrong is no ticket,
// and that is the error.
func (d *Desk) moveAll(ctx context.Context, kind string, s State, list []dueTicket, move func(e *edition) error) (moved, bad int, err error) {
	if moved, err = d.moveDue(ctx, kind, s, list, move); err == nil || ctx.Err() != nil {
		return moved, 0, err
	}
	failed := map[TicketID]error{}
	for _, t := range list {
		n, err := d.moveDue(ctx, kind, s, []dueTicket{t}, move)
		if ctx.Err() != nil {
			return moved, 0, ctx.Err()
		}
		if moved += n; err != nil {
			failed[t.id] = err
		}
	}
	if len(failed) == len(list) && len(list) > 1 {
		return 0, 0, err
	}
	for _, t := range list {
		if err := failed[t.id]; err != nil {
			d.log.Error("a ticket can't be moved", "command", kind, "ticket", int64(t.id), "err", err)
		}
	}
	return moved, len(failed), nil
}

// moveDue moves tickets that are still due, all or none.
func (d *Desk) moveDue(ctx context.Context, kind string, s State, list []dueTicket, move func(e *edition) error) (moved int, err error) {
	err = d.db.Write(ctx, "sweep "+string(s), func(tx *db.Tx) error {
		moved = 0
		for _, due := range list {
			e, err := d.beginAny(tx, due.id, kind)
			if err != nil {
				return err
			}
			if e.t.State != s || e.t.NextAt.After(tx.Now()) {
				continue // somebody was faster
			}
			if err := move(e); err != nil {
				return err
			}
			if err := e.finish(0); err != nil {
				return err
			}
			moved++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return moved, nil
}

// systemOnly refuses everybody but Trellis itself.
func systemOnly(ctx context.Context) error {
	if policy.ActorFrom(ctx).Kind != policy.System {
		return errs.E(errs.Forbidden, "error.forbidden")
	}
	return nil
}
