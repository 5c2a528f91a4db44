package desk

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Words are something said in public on a ticket: a text of at most MaxText
// characters, files, or both. The zero Words say nothing.
type Words struct {
	Text    string
	Files   []FileID // the actor's own, from AddFile, not used yet; at most MaxFiles
	Channel Channel  // "" is ByWeb
	Lang    string   // "" is the ticket's
}

// Replied is what Reply answers.
type Replied struct {
	Changed
	Message MessageID
}

// Reply says something that everybody on the ticket reads. The asking side's
// answer ends a wait for it, and its word reopens a ticket that was solved. A
// wait for anything else goes on to its end whatever is said meanwhile: the
// ticket then needs an answer, and the part is still not there.
func (d *Desk) Reply(ctx context.Context, id TicketID, w Words) (Replied, error) {
	return command(ctx, d, "ticket.replied", func(tx *db.Tx, v viewer) (Replied, error) {
		e, err := begin(tx, v, "ticket.replied", id, ActReply)
		if err != nil {
			return Replied{}, err
		}
		m, err := e.speak(w, true)
		if err != nil {
			return Replied{}, err
		}
		switch {
		case !e.is.asks:
		case e.t.State == Waiting && e.t.WaitingOn == OnRequester:
			e.t.open()
		case e.t.State == Solved:
			if err := e.reopen(); err != nil {
				return Replied{}, err
			}
		}
		e.after(func() error { return e.tellAll("desk.notice.replied") })
		if err := e.finish(0); err != nil {
			return Replied{}, err
		}
		return Replied{e.changed(), m}, nil
	})
}

// fromDesk reports whether the actor speaks for the desk. Who asks speaks for
// themselves, also when they work the desk for others.
func (e *edition) fromDesk() bool { return e.is.works && !e.is.asks }

// speak adds a public message to the ticket.
func (e *edition) speak(w Words, required bool) (MessageID, error) {
	var in errs.Check
	if w.Channel == "" {
		w.Channel = ByWeb
	}
	w.Files = once(w.Files)
	checkChoice(&in, "channel", w.Channel, Channels)
	text := body(&in, "text", w.Text, required && len(w.Files) == 0)
	if err := in.Err(); err != nil || text == "" && len(w.Files) == 0 {
		return 0, err
	}
	m, err := insertMessage(e.tx, e.t.ID, e.by.person, e.fromDesk(), text, w.Channel)
	if err != nil {
		return 0, err
	}
	if err := attach(e.tx, e.by, w.Files, e.t.ID, m, 0); err != nil {
		return 0, err
	}
	e.t.SaidAt, e.t.SaidByDesk = e.tx.Now(), e.fromDesk()
	e.said = e.voice()
	e.t.Files += int64(len(w.Files))
	e.extra = append(e.extra, said(m, text, w.Files)...)
	if w.Channel != ByWeb {
		e.say(fieldMessageBy, nil, string(w.Channel))
	}
	lang := w.Lang
	if !isTag(lang) {
		lang = e.t.Lang
	}
	if lang != e.t.Lang {
		e.say(fieldMessageLang, nil, lang)
	}
	return m, indexMessage(e.tx, e.t.ID, m, lang, text)
}

// said is what an event tells of a message.
func said(m MessageID, text string, files []FileID) []event.Change {
	c := []event.Change{{Field: fieldMessage, To: int64(m)}}
	if text != "" {
		c = append(c, event.Change{Field: fieldText, To: text, Personal: true})
	}
	for _, f := range files {
		c = append(c, event.Change{Field: fieldFile, To: int64(f)})
	}
	return c
}
