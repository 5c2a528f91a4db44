package replay

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"trellis/internal/app"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

const (
	// page is how many events are read at once.
	page = 1000
	// group is how many commands share one commit of the new district.
	group = 500
)

// Log tells the past of one district in another, which must be empty and stand
// on the clock. The clock is moved along and stands at the last event
// afterwards. The log must be sealed to its end. What was written before an
// error stays.
func Log(ctx context.Context, from *db.DB, into *app.District, c *clock.Manual) error {
	return retell(ctx, into, c, func(place int64) (list []event.Event, err error) {
		err = from.Read(ctx, func(tx *db.Tx) (err error) {
			if list, err = event.After(tx, place, page); err != nil || len(list) > 0 {
				return err
			}
			head, err := event.Head(tx)
			if err != nil || head > 0 && place < head {
				return errors.Join(err, errors.New("the log has a gap"))
			}
			open, err := event.Unsealed(tx)
			if err == nil && open > 0 {
				err = fmt.Errorf("%d events have no place in the log yet", open)
			}
			return err
		})
		return list, err
	})
}

// source gives the events behind a place, in order; none are the end.
type source func(place int64) ([]event.Event, error)

func retell(ctx context.Context, into *app.District, c *clock.Manual, from source) error {
	p := &teller{d: into, clock: c, calendars: calendar.New(calendar.Deps{DB: into.DB}), from: from, known: newKnown()}
	if err := into.DB.Read(ctx, func(tx *db.Tx) error {
		left, err := event.Since(tx, 0, 1)
		if err == nil && len(left) > 0 {
			err = errors.New("the district has a past of its own already")
		}
		return err
	}); err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	for more := true; more; {
		err := into.DB.Together(ctx, "replay", func(ctx context.Context) (err error) {
			for range group {
				if more, err = p.step(ctx); err != nil || !more {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
	}
	return into.CatchUp(ctx)
}

// teller is a replay on its way.
type teller struct {
	d         *app.District
	clock     *clock.Manual
	calendars *calendar.Calendars

	from  source
	ahead []event.Event // read and not yet told
	place int64         // of the last one read
	done  bool          // there are no more to read
	last  int64         // the id of the newest event of the new district

	known *known
}

// peek is the n-th event that was not told yet; ok is false behind the end.
func (p *teller) peek(n int) (e event.Event, ok bool, err error) {
	for len(p.ahead) <= n && !p.done {
		list, err := p.from(p.place)
		if err != nil {
			return e, false, err
		}
		if p.done = len(list) == 0; p.done {
			break
		}
		p.ahead = append(p.ahead, list...)
		p.place = list[len(list)-1].Place
	}
	if len(p.ahead) <= n {
		return e, false, nil
	}
	return p.ahead[n], true, nil
}

// step tells the next command; more is false at the end.
func (p *teller) step(ctx context.Context) (more bool, err error) {
	e, ok, err := p.peek(0)
	if err != nil || !ok {
		return false, err
	}
	if err := p.tell(ctx, e); err != nil {
		return false, fmt.Errorf("place %d, %s of %s %d: %w", e.Place, e.Kind, e.Subject.Kind, e.Subject.ID, err)
	}
	return true, nil
}

func (p *teller) tell(ctx context.Context, e event.Event) error {
	do, ok := commands[e.Kind]
	if why := untold[e.Kind]; why != "" {
		return fmt.Errorf("it can't be told again: %s", why)
	}
	if !ok {
		return errors.New("nobody knows how to do this again")
	}
	if e.Erased {
		return errors.New("what it said was erased")
	}
	p.clock.Set(e.At)
	as, err := p.as(ctx, e)
	if err != nil {
		return err
	}
	if err := do(as, p, said{e}); err != nil {
		return err
	}
	return p.hold(ctx)
}

// as is the context in which an event's actor acts, with the roles that they
// have in the new district by now.
func (p *teller) as(ctx context.Context, e event.Event) (context.Context, error) {
	a := policy.Actor{Kind: e.ActorKind, Person: e.Actor, Door: e.Door, RequestID: e.RequestID}
	if a.Kind == policy.Person {
		var err error
		if a.Grants, err = p.grants(ctx, e.Actor); err != nil {
			return nil, fmt.Errorf("roles of person %d: %w", e.Actor, err)
		}
	}
	return policy.WithActor(ctx, a), nil
}

// hold holds what the last command left against the log and goes on behind it.
func (p *teller) hold(ctx context.Context) error {
	left := 0
	for {
		var made []event.Event
		if err := p.d.DB.Read(ctx, func(tx *db.Tx) (err error) { made, err = event.Since(tx, p.last, page); return err }); err != nil {
			return err
		}
		for i, m := range made {
			want, ok, err := p.peek(i)
			if err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("it leaves %s of %s %d, and the log ends before", m.Kind, m.Subject.Kind, m.Subject.ID)
			}
			if err := same(want, m); err != nil {
				return fmt.Errorf("event %d of what it leaves: %w", left+i+1, err)
			}
			p.last = m.ID
			p.known.hear(m)
		}
		left += len(made)
		p.ahead = p.ahead[len(made):]
		if len(made) < page {
			break
		}
	}
	if left == 0 {
		return errors.New("nothing came of it")
	}
	return nil
}

// same says where an event came out otherwise than the log has it. Places are
// given later on one of the engines.
func same(want, got event.Event) error {
	if want.Kind != got.Kind || want.Subject != got.Subject {
		return fmt.Errorf("it is %s of %s %d where the log has %s of %s %d", got.Kind, got.Subject.Kind, got.Subject.ID, want.Kind, want.Subject.Kind, want.Subject.ID)
	}
	got.Place, want.Place = 0, 0
	if len(got.Changes) == 0 && len(want.Changes) == 0 {
		got.Changes, want.Changes = nil, nil
	}
	if reflect.DeepEqual(want, got) {
		return nil
	}
	var out []string
	w, g := reflect.ValueOf(want), reflect.ValueOf(got)
	for i := range w.NumField() {
		if a, b := w.Field(i).Interface(), g.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			out = append(out, fmt.Sprintf("%s is %v where the log has %v", w.Type().Field(i).Name, b, a))
		}
	}
	return errors.New(strings.Join(out, "; "))
}
