package desk

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Jotted is what AddNote answers.
type Jotted struct {
	ID   TicketID
	Note NoteID
}

// AddNote writes something down for those who work on the ticket, and nobody
// else: a text of at most MaxText characters, the actor's own files, or both.
// It changes nothing that the asking side could notice.
func (d *Desk) AddNote(ctx context.Context, id TicketID, text string, files []FileID) (Jotted, error) {
	return command(ctx, d, "ticket.noted", func(tx *db.Tx, v viewer) (Jotted, error) {
		e, err := begin(tx, v, "ticket.noted", id, ActNote)
		if err != nil {
			return Jotted{}, err
		}
		var in errs.Check
		files := once(files)
		text := body(&in, "text", text, len(files) == 0)
		if err := in.Err(); err != nil {
			return Jotted{}, err
		}
		n, err := insertNote(tx, id, v.desk, text)
		if err != nil {
			return Jotted{}, err
		}
		if err := attach(tx, v, files, id, 0, n); err != nil {
			return Jotted{}, err
		}
		changes := []event.Change{{Field: fieldNote, To: int64(n)}}
		if text != "" {
			changes = append(changes, event.Change{Field: fieldNoteText, To: text, Personal: true})
		}
		for _, f := range files {
			changes = append(changes, event.Change{Field: fieldFile, To: int64(f)})
		}
		if err := emitFor(tx, e.kind, e.behalf(), id, changes); err != nil {
			return Jotted{}, err
		}
		if err := indexNote(tx, id, n, e.t.Lang, text); err != nil {
			return Jotted{}, err
		}
		return Jotted{id, n}, e.tellDesk("desk.notice.noted")
	})
}
