package desk

import (
	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
)

// indexed is the kind of thing that tickets are in the search index. Part 0 is
// the title, a positive part the message of that id, a negative one the note.
const indexed = "ticket"

// Audiences of what is indexed.
const (
	forAll  = 0 // whoever sees the ticket
	forDesk = 1 // whoever works on it
)

func indexTitle(tx *db.Tx, t ticket) error {
	return search.Index(tx, search.Doc{Kind: indexed, Ref: int64(t.ID), Part: 0, Audience: forAll, Lang: t.Lang, Text: t.Title})
}

func indexMessage(tx *db.Tx, id TicketID, m MessageID, lang, text string) error {
	if text == "" {
		return nil
	}
	return search.Index(tx, search.Doc{Kind: indexed, Ref: int64(id), Part: int64(m), Audience: forAll, Lang: lang, Text: text})
}

func indexNote(tx *db.Tx, id TicketID, n NoteID, lang, text string) error {
	if text == "" {
		return nil
	}
	return search.Index(tx, search.Doc{Kind: indexed, Ref: int64(id), Part: -int64(n), Audience: forDesk, Lang: lang, Text: text})
}
