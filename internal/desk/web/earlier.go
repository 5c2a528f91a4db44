package web

import (
	"context"
	"net/url"

	"trellis/internal/desk"
	"trellis/internal/platform/web"
)

// Parameters of a page that shows an earlier part of a long conversation.
const (
	beforeMessage = "before"
	beforeNote    = "notes"
)

// turnBack puts an earlier part of the conversation in place of the newest,
// if the address asks for it.
func (s *pages) turnBack(ctx context.Context, t *desk.Ticket, q *web.Form) (turned bool, err error) {
	m, n := desk.MessageID(q.ID(beforeMessage)), desk.NoteID(q.ID(beforeNote))
	if err := q.Err(); err != nil || m == 0 && n == 0 {
		return false, err
	}
	if m != 0 {
		if t.Messages, t.Earlier, err = s.desk.EarlierMessages(ctx, t.ID, m); err != nil {
			return false, err
		}
	}
	if t.Inside == nil {
		return true, nil
	}
	if n == 0 {
		t.Inside.Notes, t.Inside.EarlierNotes = nil, false
		return true, nil
	}
	t.Inside.Notes, t.Inside.EarlierNotes, err = s.desk.EarlierNotes(ctx, t.ID, n)
	return true, err
}

// earlierThan are the parameters that lead further back, none if there is
// nothing earlier.
func earlierThan(t desk.Ticket) url.Values {
	v := url.Values{}
	if t.Earlier && len(t.Messages) > 0 {
		v.Set(beforeMessage, id(t.Messages[0].ID))
	}
	if t.Inside != nil && t.Inside.EarlierNotes && len(t.Inside.Notes) > 0 {
		v.Set(beforeNote, id(t.Inside.Notes[0].ID))
	}
	return v
}
