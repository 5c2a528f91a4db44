package api

import (
	"context"
	"fmt"

	"trellis/internal/desk"
	"trellis/internal/platform/policy"
)

// Where a list goes on leaves this door signed, whatever the desk itself
// writes: for one reader and one question, and for no other.

// listName is a list as its cursors are signed for.
func listName(ctx context.Context, format string, args ...any) string {
	return fmt.Sprintf("of %d: ", policy.ActorFrom(ctx).Person) + fmt.Sprintf(format, args...)
}

// next signs the desk's own place, "" at the end.
func (o operations) next(list, place string) (string, error) {
	if place == "" {
		return "", nil
	}
	return o.cursors.Encode(list, place)
}

// earlierIn pages backwards through what was said or written on a request.
type earlierIn struct {
	ID     int64  `path:"id"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next member of the page before, or of the request itself; empty for the newest."`
}

type messagesOut struct {
	Body struct {
		Items []message `json:"items" doc:"Up to 200, in the order said."`
		Next  string    `json:"next,omitempty" doc:"The cursor of those before; missing at the beginning."`
	}
}

type notesOut struct {
	Body struct {
		Items []note `json:"items" doc:"Up to 200, in the order written."`
		Next  string `json:"next,omitempty" doc:"The cursor of those before; missing at the beginning."`
	}
}

func messagesName(ctx context.Context, id desk.TicketID) string {
	return listName(ctx, "messages %d", id)
}

func notesName(ctx context.Context, id desk.TicketID) string { return listName(ctx, "notes %d", id) }

func (o operations) messages(ctx context.Context, in *earlierIn) (*messagesOut, error) {
	id, before := ticketID(in.ID), desk.MessageID(0)
	if err := o.cursors.Decode(messagesName(ctx, id), in.Cursor, &before); err != nil {
		return nil, err
	}
	list, more, err := o.desk.EarlierMessages(ctx, id, before)
	if err != nil {
		return nil, err
	}
	out := &messagesOut{}
	out.Body.Items = wireMessages(list)
	out.Body.Next, err = o.before(ctx, id, list, more)
	return out, err
}

func (o operations) notes(ctx context.Context, in *earlierIn) (*notesOut, error) {
	id, before := ticketID(in.ID), desk.NoteID(0)
	if err := o.cursors.Decode(notesName(ctx, id), in.Cursor, &before); err != nil {
		return nil, err
	}
	list, more, err := o.desk.EarlierNotes(ctx, id, before)
	if err != nil {
		return nil, err
	}
	out := &notesOut{}
	out.Body.Items = wireNotes(list)
	out.Body.Next, err = o.notesBefore(ctx, id, list, more)
	return out, err
}

// before is the cursor of the messages before a page, "" if there are none.
func (o operations) before(ctx context.Context, id desk.TicketID, page []desk.Message, more bool) (string, error) {
	if !more || len(page) == 0 {
		return "", nil
	}
	return o.cursors.Encode(messagesName(ctx, id), page[0].ID)
}

func (o operations) notesBefore(ctx context.Context, id desk.TicketID, page []desk.Note, more bool) (string, error) {
	if !more || len(page) == 0 {
		return "", nil
	}
	return o.cursors.Encode(notesName(ctx, id), page[0].ID)
}
