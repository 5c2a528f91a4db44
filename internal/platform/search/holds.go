package search

import (
	"context"
	"errors"
	"fmt"

	"trellis/internal/platform/db"
)

// Held are the words under which one document is found.
type Held struct {
	Doc   int64  // the index's own number of it
	Words string // in the order of their bytes
}

var errLooked = errors.New("looked, and nothing is kept")

// Holds lists the documents with the words that the index has for them, in the
// order of their numbers: what a check compares. A document without a word is
// left out. SQLite's index shows its words only through a table that has to be
// made; it is gone again afterwards.
func Holds(ctx context.Context, d *db.DB) (list []Held, err error) {
	if d.Engine() == db.Postgres {
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = db.List(tx, scanHeld, `SELECT d.id, d.terms::text FROM search_doc d WHERE d.terms <> '' ORDER BY d.id`)
			return err
		})
		return list, err
	}
	err = d.Write(ctx, "look at the index", func(tx *db.Tx) error {
		list = nil // this may run twice
		if _, err := tx.Exec(`CREATE VIRTUAL TABLE temp.search_held USING fts5vocab('main', 'search_term', 'instance')`); err != nil {
			return err
		}
		rows, err := tx.Query(`SELECT h.doc, h.term FROM search_held h ORDER BY h.doc, h.term`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var h Held
			if err := scanHeld(rows, &h); err != nil {
				return err
			}
			if n := len(list); n > 0 && list[n-1].Doc == h.Doc {
				list[n-1].Words += " " + h.Words
			} else {
				list = append(list, h)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		return errLooked
	})
	if errors.Is(err, errLooked) {
		return list, nil
	}
	return nil, fmt.Errorf("read the index: %w", err)
}

func scanHeld(r *db.Rows, h *Held) error { return r.Scan(&h.Doc, &h.Words) }
