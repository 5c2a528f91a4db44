package desk

import (
	"context"
	"time"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// maxWay is the longest way that anybody is on, in minutes: who comes later
// than that says when in words.
const maxWay = 240

// OnMyWay tells the asking side that the actor is coming, and in how many
// minutes: 1 to 240. It is an answer, and whoever comes owns a ticket that
// nobody owned.
func (d *Desk) OnMyWay(ctx context.Context, id TicketID, minutes int) (Changed, error) {
	return edit(ctx, d, "ticket.on_my_way", id, ActOnMyWay, 0, func(e *edition) error {
		var in errs.Check
		if minutes < 1 || minutes > maxWay {
			in.Fail("minutes", "desk.way.minutes", "Max", maxWay)
		}
		if err := in.Err(); err != nil {
			return err
		}
		if e.is.asks {
			return errs.E(errs.Forbidden, "desk.ticket.forbidden")
		}
		if e.t.Owner == 0 {
			e.t.Owner = e.by.desk
		}
		m, err := insertMessage(e.tx, e.t.ID, e.by.person, true, "", ByWeb)
		if err != nil {
			return err
		}
		if _, err := e.tx.Exec(`UPDATE desk_message SET minutes = $1 WHERE id = $2`, minutes, m); err != nil {
			return err
		}
		e.t.SaidAt, e.t.SaidByDesk = e.tx.Now(), true
		e.said = e.voice()
		e.extra = append(e.extra, event.Change{Field: fieldMessage, To: int64(m)}, event.Change{Field: fieldMinutes, To: int64(minutes)})
		e.after(func() error { return e.tellAsking("desk.notice.on_my_way") })
		return nil
	})
}

// LogHelp writes down that the actor helped in the room, and when: within the
// last day, after the request. It is an answer as of then. Words are said with
// it, if any.
func (d *Desk) LogHelp(ctx context.Context, id TicketID, at time.Time, w Words) (Changed, error) {
	return edit(ctx, d, "ticket.helped", id, ActOnMyWay, 0, func(e *edition) error {
		at = at.UTC().Truncate(time.Microsecond)
		var in errs.Check
		if at.IsZero() {
			in.Fail("helped_at", "field.required")
		}
		checkHelpedAt(&in, at, e.tx.Now())
		if at.Before(e.t.Created) {
			in.Fail("helped_at", "desk.help.before")
		}
		if err := in.Err(); err != nil {
			return err
		}
		if e.is.asks {
			return errs.E(errs.Forbidden, "desk.ticket.forbidden")
		}
		if e.t.Owner == 0 {
			e.t.Owner = e.by.desk
		}
		if _, err := e.speak(w, false); err != nil {
			return err
		}
		if e.voice() == saidByDesk {
			if err := insertMark(e.tx, e.t.ID, mark{At: at, Kind: answered, Person: e.by.person}); err != nil {
				return err
			}
			e.stale = true
		}
		e.say(fieldHelpedAt, nil, at.Format(time.RFC3339Nano))
		return nil
	})
}

// checkHelpedAt looks that help was given lately, and not in the future.
func checkHelpedAt(in *errs.Check, at, now time.Time) {
	switch {
	case at.IsZero():
	case at.After(now):
		in.Fail("helped_at", "desk.help.future")
	case now.Sub(at) > 24*time.Hour:
		in.Fail("helped_at", "desk.help.long_ago")
	}
}
