package desk

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
)

// People says who is reached when. The ground floor's cover knows.
type People interface {
	// StandIn is who acts for a person at an instant: themselves while they
	// are here, 0 if nobody does.
	StandIn(tx *db.Tx, person district.PersonID, at time.Time) (district.PersonID, error)
	// CoveredBy is for whom a person acts at an instant besides themselves, by
	// name: nobody while they are away.
	CoveredBy(tx *db.Tx, person district.PersonID, at time.Time) ([]Covering, error)
	// Hours says whether an instant is within a person's hours, and if not,
	// when they next begin; zero if they never do.
	Hours(tx *db.Tx, person district.PersonID, at time.Time) (open bool, next time.Time, err error)
}

// RingClocks gives the alarms that are due and marks the promises that broke,
// and returns at how many tickets. Trellis itself calls it; nobody else may.
func (d *Desk) RingClocks(ctx context.Context) (int, error) {
	return d.each(ctx, "ring clocks", "clocks.rung", func(tx *db.Tx) ([]TicketID, error) {
		return db.List(tx, func(r *db.Rows, id *TicketID) error { return r.Scan(id) },
			`SELECT c.ticket FROM desk_clock c WHERE c.next_at <= $1 ORDER BY c.next_at NULLS FIRST, c.id LIMIT $2 + 0`, db.Us(tx.Now()), sweepBatch)
	}, d.ring)
}

// ring looks at the clocks of one ticket that have something to say.
func (d *Desk) ring(tx *db.Tx, t ticket) (bool, error) {
	clocks, err := clocksOf(tx, t.ID)
	if err != nil {
		return false, err
	}
	b, err := basisOf(tx, t)
	if err != nil {
		return false, err
	}
	rang := false
	for _, c := range clocks {
		if c.NextAt.IsZero() || c.NextAt.After(tx.Now()) {
			continue
		}
		rang = true
		if c.Missed.IsZero() && tx.Now().After(c.Due) {
			c.Missed = c.Due
			if err := emit(tx, "ticket.promise_missed", t.ID, []event.Change{{Field: fieldMetric, To: string(c.Metric)},
				{Field: fieldDue, To: c.Due.UTC().Format(time.RFC3339Nano)}}); err != nil {
				return rang, err
			}
		}
		later, err := d.giveAlarms(tx, t, b, &c)
		if err != nil {
			return rang, err
		}
		if c.NextAt = b.next(c); !later.IsZero() && later.After(c.NextAt) {
			c.NextAt = later
		}
		if err := storeClock(tx, c); err != nil {
			return rang, err
		}
	}
	return rang, nil
}

// giveAlarms tells whom the due alarms of a clock are for, one alarm after the
// other. If nobody whom one is for is at work, it waits until later, when one
// of them is: only for a stopped class is anybody called at night.
func (d *Desk) giveAlarms(tx *db.Tx, t ticket, b basis, c *clock) (later time.Time, err error) {
	for bells := b.bells(*c); c.Step < len(bells) && !bells[c.Step].at.After(tx.Now()); c.Step++ {
		to, err := d.hearers(tx, t, bells[c.Step].Tell)
		if err != nil {
			return later, err
		}
		if later, err = d.alarm(tx, t, *c, to); err != nil || !later.IsZero() {
			return later, err
		}
	}
	return time.Time{}, nil
}

// hearers are the people whom an alarm is for.
func (d *Desk) hearers(tx *db.Tx, t ticket, tell Tell) ([]district.PersonID, error) {
	one := func(p district.PersonID, err error) ([]district.PersonID, error) {
		if err != nil || p == 0 {
			return nil, err
		}
		return []district.PersonID{p}, nil
	}
	switch {
	case tell == TellOwner && t.Owner == 0, t.Private != "" && tell != TellCover:
		return d.whoAnswers(tx, t)
	case tell == TellOwner:
		return one(t.Owner, nil)
	case tell == TellCover:
		if t.Owner == 0 || t.Private != "" {
			return nil, nil
		}
		p, err := d.standIn(tx, t.Owner)
		if p == t.Owner {
			p = 0
		}
		return one(p, err)
	}
	lead, err := district.Lead(tx, t.Team)
	if err != nil {
		return nil, err
	}
	p, err := d.standIn(tx, lead)
	if p == 0 {
		p = lead
	}
	return one(p, err)
}

// whoAnswers are the people of the team, or who stands in for it, who work on
// the ticket.
func (d *Desk) whoAnswers(tx *db.Tx, t ticket) (out []district.PersonID, err error) {
	e := edition{tx: tx, t: t, by: viewer{people: d.people}}
	all, _, err := e.answers()
	for _, a := range all {
		if a.works {
			out = append(out, a.person)
		}
	}
	return out, err
}

func (d *Desk) standIn(tx *db.Tx, p district.PersonID) (district.PersonID, error) {
	if d.people == nil {
		return p, nil
	}
	return d.people.StandIn(tx, p, tx.Now())
}

// alarm tells those of the people who are at work. later is when the first of
// them is, if none is now.
func (d *Desk) alarm(tx *db.Tx, t ticket, c clock, to []district.PersonID) (later time.Time, err error) {
	told := false
	for _, p := range to {
		if d.people != nil && t.Impact != Stopped {
			open, next, err := d.people.Hours(tx, p, tx.Now())
			if err != nil {
				return later, err
			}
			if !open {
				if !next.IsZero() && (later.IsZero() || next.Before(later)) {
					later = next
				}
				continue
			}
		}
		if err := tellAlarm(tx, t, c, p); err != nil {
			return later, err
		}
		told = true
	}
	if told {
		later = time.Time{}
	}
	return later, nil
}

// tellAlarm sends one person an alarm. A storm of them is one line with a
// count until it is read.
func tellAlarm(tx *db.Tx, t ticket, c clock, to district.PersonID) error {
	n := notice.Notice{To: int64(to), Why: "desk.notice.soon." + string(c.Metric), About: subject(t.ID), Urgency: notice.High, Force: true}
	if !c.Missed.IsZero() {
		n.Why = "desk.notice.late." + string(c.Metric)
	}
	if t.Impact == Stopped {
		n.Urgency = notice.Urgent
	}
	n.Args = map[string]any{"Ticket": t.ID.String(), "Title": t.Title}
	if t.Private != "" {
		n.Why, n.Args = "desk.notice.private", map[string]any{"Ticket": t.ID.String()}
	}
	n.Digest = n.Why
	return notice.Send(tx, n)
}

// each has work done on tickets in groups, so that other writers get their
// turn in between: find lists what is left to do, work does it for one. One
// that fails is logged and passed over, so that it can't hold up the rest. No
// ticket has its turn twice in one call: there is always an end. Each group
// leaves one event of the kind, so that the log says when Trellis looked at
// clocks, whether or not it had something to say of a ticket.
func (d *Desk) each(ctx context.Context, name, kind string, find func(tx *db.Tx) ([]TicketID, error), work func(tx *db.Tx, t ticket) (bool, error)) (int, error) {
	if err := systemOnly(ctx); err != nil {
		return 0, err
	}
	total := 0
	had := map[TicketID]bool{}
	for {
		var ids []TicketID
		if err := d.db.Read(ctx, func(tx *db.Tx) (err error) { ids, err = find(tx); return err }); err != nil {
			return total, err
		}
		slices.Sort(ids)
		ids = slices.DeleteFunc(slices.Compact(ids), func(id TicketID) bool { return had[id] })
		if len(ids) == 0 {
			return total, nil
		}
		for _, id := range ids {
			had[id] = true
		}
		n, err := d.group(ctx, name, kind, ids, work)
		total += n
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return total, err
		}
		for _, id := range ids {
			n, err := d.group(ctx, name, kind, []TicketID{id}, work)
			total += n
			if err != nil {
				d.log.Error("a ticket is passed over", "ticket", id.String(), "in", name, "err", err)
			}
		}
	}
}

func (d *Desk) group(ctx context.Context, name, kind string, ids []TicketID, work func(tx *db.Tx, t ticket) (bool, error)) (n int, err error) {
	err = d.db.Write(ctx, name, func(tx *db.Tx) error {
		n = 0
		for _, id := range ids {
			t, err := loadAny(tx, id)
			if err != nil {
				return err
			}
			did, err := work(tx, t)
			if err != nil {
				return err
			}
			if did {
				n++
			}
		}
		if n == 0 {
			tx.Unlogged("somebody was faster")
			return nil
		}
		return event.Emit(tx, event.Event{Kind: kind, Subject: event.Ref{Kind: "clocks"}, Changes: []event.Change{{Field: "tickets", To: n}}})
	})
	return n, err
}
