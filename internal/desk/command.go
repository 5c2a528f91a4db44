package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/idem"
)

// command runs a person's command on tickets.
func command[R any](ctx context.Context, d *Desk, name string, fn func(tx *db.Tx, v viewer) (R, error)) (R, error) {
	v, err := writer(ctx)
	if err != nil {
		var none R
		return none, err
	}
	return write(ctx, d, name, func(tx *db.Tx) (R, error) {
		v, err := d.covering(tx, v)
		if err != nil {
			var none R
			return none, err
		}
		return fn(tx, v)
	})
}

// write runs a command all in one transaction, and once per idempotency key.
// What fn returns is kept with the key and answered again.
func write[R any](ctx context.Context, d *Desk, name string, fn func(tx *db.Tx) (R, error)) (R, error) {
	var result, none R
	err := d.db.Write(ctx, name, func(tx *db.Tx) error {
		result = none
		return idem.Do(tx, &result, func() (err error) {
			result, err = fn(tx)
			return err
		})
	})
	if err != nil {
		return none, err
	}
	return result, nil
}

// Changed is what a command on a ticket answers.
type Changed struct {
	ID      TicketID
	State   State
	Version int64 // to base the next change on
}

// edition is one command at work on one ticket.
type edition struct {
	tx     *db.Tx
	by     viewer
	is     standing // of by
	before ticket
	t      ticket         // what the command makes of it
	kind   string         // of the event
	extra  []event.Change // what the event says besides the difference
	then   []func() error // after the event: notices
	who    string         // the actor's name, once asked for
	told   []district.PersonID
	said   spoken         // in public, for the clocks
	stale  bool           // the clocks must be computed again
	pack   pack           // what goes along if the ticket changes teams
	args   map[string]any // for the words of notices, besides who and what
}

// after adds what shall happen once the change is saved.
func (e *edition) after(f func() error) { e.then = append(e.then, f) }

// say adds a change that is no column.
func (e *edition) say(field string, from, to any) {
	e.extra = append(e.extra, event.Change{Field: field, From: from, To: to})
}

// begin loads a ticket for a command of the viewer, who must be allowed the
// action.
func begin(tx *db.Tx, v viewer, kind string, id TicketID, a Action) (e *edition, err error) {
	e = &edition{tx: tx, by: v, kind: kind}
	if e.before, e.is, err = load(tx, v, id); err != nil {
		return nil, err
	}
	e.t = e.before
	return e, e.before.may(e.is, a)
}

// edit runs a command that answers no more than what became of the ticket: fn
// changes it, and what differs is saved and logged under kind. A version other
// than 0 must be the ticket's, unless nothing differs.
func edit(ctx context.Context, d *Desk, kind string, id TicketID, a Action, version int64, fn func(e *edition) error) (Changed, error) {
	return command(ctx, d, kind, func(tx *db.Tx, v viewer) (Changed, error) {
		e, err := begin(tx, v, kind, id, a)
		if err != nil {
			return Changed{}, err
		}
		if err := fn(e); err != nil {
			return Changed{}, err
		}
		if err := e.finish(version); err != nil {
			return Changed{}, err
		}
		return e.changed(), nil
	})
}

// finish saves what the command did, and tells who must know.
func (e *edition) finish(version int64) error {
	if err := e.noteHandoff(); err != nil {
		return err
	}
	if len(diff(e.before, e.t)) > 0 {
		if err := stale(e.before, version); err != nil {
			return err
		}
	}
	if err := save(e.tx, e.kind, e.behalf(), e.before, &e.t, e.extra...); err != nil {
		return err
	}
	if err := e.moveClocks(); err != nil {
		return err
	}
	for _, f := range e.then {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// behalf is for whom the actor acts: the owner, if they cover for them and
// don't ask themselves.
func (e *edition) behalf() district.PersonID {
	if _, ok := e.by.coversFor(e.before.Owner); ok && e.before.Private == "" && e.fromDesk() {
		return e.before.Owner
	}
	return 0
}

func (e *edition) changed() Changed { return Changed{e.t.ID, e.t.State, e.t.Version} }
