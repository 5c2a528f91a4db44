package desk

import (
	"context"
	"math"
	"slices"

	"trellis/internal/platform/db"
)

// EarlierMessages are the messages of a ticket before one, in the order said;
// more says that there are still earlier ones.
func (d *Desk) EarlierMessages(ctx context.Context, id TicketID, before MessageID) (list []Message, more bool, err error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, false, err
	}
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) (err error) {
		if _, _, err = load(tx, v, id); err != nil {
			return err
		}
		if list, more, err = messages(tx, id, before); err != nil {
			return err
		}
		return withFiles(tx, id, list)
	})
	return list, more, err
}

// EarlierNotes are the notes of a ticket before one, for whoever works on it.
func (d *Desk) EarlierNotes(ctx context.Context, id TicketID, before NoteID) (list []Note, more bool, err error) {
	v, err := helper(ctx)
	if err != nil {
		return nil, false, err
	}
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		t, is, err := load(tx, v, id)
		if err != nil {
			return err
		}
		if err := t.may(is, ActNote); err != nil {
			return err
		}
		if list, more, err = notes(tx, id, before); err != nil {
			return err
		}
		return withPapers(tx, id, list)
	})
	return list, more, err
}

// messages reads the newest before one, or the newest of all if before is 0.
// The caller has asked whether the ticket may be seen.
func messages(tx *db.Tx, id TicketID, before MessageID) ([]Message, bool, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	list, err := db.List(tx, func(r *db.Rows, m *Message) error {
		return r.Scan(&m.ID, &m.Author.ID, &m.Author.Name, &m.FromDesk, &m.Minutes, &m.Text, &m.Channel, db.At(&m.At))
	}, `SELECT m.id, m.author, p.name, m.from_desk, m.minutes, m.body, m.channel, m.at FROM desk_message m JOIN district_person p ON p.id = m.author
		WHERE m.ticket = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3 + 0`, id, before, shown+1)
	if err != nil {
		return nil, false, err
	}
	list, more := page(list, shown)
	slices.Reverse(list)
	return list, more, nil
}

// notes is messages for what is written inside. The caller has asked whether
// the viewer works on the ticket.
func notes(tx *db.Tx, id TicketID, before NoteID) ([]Note, bool, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	list, err := db.List(tx, func(r *db.Rows, n *Note) error {
		return r.Scan(&n.ID, &n.Writer.ID, &n.Writer.Name, &n.Jotted, db.At(&n.At))
	}, `SELECT n.id, n.author, p.name, n.body, n.at FROM desk_note n JOIN district_person p ON p.id = n.author
		WHERE n.ticket = $1 AND n.id < $2 ORDER BY n.id DESC LIMIT $3 + 0`, id, before, shown+1)
	if err != nil {
		return nil, false, err
	}
	list, more := page(list, shown)
	slices.Reverse(list)
	return list, more, nil
}

// page cuts a list that was read with one more than wanted.
func page[T any](list []T, limit int) ([]T, bool) {
	if len(list) > limit {
		return list[:limit], true
	}
	return list, false
}

// withFiles reads the files of messages that follow each other.
func withFiles(tx *db.Tx, id TicketID, list []Message) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[MessageID]*Message, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	rows, err := tx.Query(`SELECT `+fileColumns+`, a.message FROM desk_file a WHERE a.ticket = $1 AND a.message BETWEEN $2 AND $3 ORDER BY a.id`,
		id, list[0].ID, list[len(list)-1].ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f File
		var m MessageID
		if err := rows.Scan(append(f.dest(), &m)...); err != nil {
			return err
		}
		if to := at[m]; to != nil {
			to.Files = append(to.Files, f)
		}
	}
	return rows.Err()
}

// withPapers is withFiles for notes.
func withPapers(tx *db.Tx, id TicketID, list []Note) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[NoteID]*Note, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	rows, err := tx.Query(`SELECT `+fileColumns+`, a.note FROM desk_file a WHERE a.ticket = $1 AND a.note BETWEEN $2 AND $3 ORDER BY a.id`,
		id, list[0].ID, list[len(list)-1].ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f File
		var n NoteID
		if err := rows.Scan(append(f.dest(), &n)...); err != nil {
			return err
		}
		if to := at[n]; to != nil {
			to.Papers = append(to.Papers, f)
		}
	}
	return rows.Err()
}
