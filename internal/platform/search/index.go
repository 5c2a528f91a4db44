package search

import (
	"fmt"
	"strings"

	"trellis/internal/platform/db"
)

// Doc is one part of a thing, as a person reads it.
type Doc struct {
	Kind     string // of the thing: "ticket"
	Ref      int64  // the thing's id
	Part     int64  // which part of it: 0 for itself, else an id within the kind, such as a message's
	Audience int    // who may read it: 0 all who may read the thing, more for fewer
	Lang     string // the text's language, "en-US"; "" if unknown
	Text     string

	terms []string // of Text, once Cut
}

// Cut makes a document's terms ahead of Index, which otherwise does it while
// it holds the writer. Only Kind, Ref, Part and Audience may be set afterwards.
func Cut(d Doc) Doc {
	if d.terms == nil {
		d.terms = append([]string{}, Terms(d.Text, d.Lang)...)
	}
	return d
}

// Index keeps a document under its words, in place of an earlier one with the
// same kind, ref and part, at the end of the transaction. It reads nothing and
// emits nothing: the caller's transaction is about the thing itself.
func Index(tx *db.Tx, d Doc) error {
	tx.AtEnd(func(tx *db.Tx) error { return index(tx, d) })
	return nil
}

func index(tx *db.Tx, d Doc) error {
	terms := strings.Join(Cut(d).terms, " ")
	if tx.Engine() == db.Postgres {
		_, err := tx.Exec(`INSERT INTO search_doc (kind, ref, part, audience, terms)
			VALUES ($1, $2, $3, $4, array_to_tsvector(string_to_array($5::text, ' ')))
			ON CONFLICT (kind, ref, part) DO UPDATE SET audience = EXCLUDED.audience, terms = EXCLUDED.terms`,
			d.Kind, d.Ref, d.Part, d.Audience, terms)
		if err != nil {
			return fmt.Errorf("index %s %d: %w", d.Kind, d.Ref, err)
		}
		return nil
	}
	var id int64
	err := tx.QueryRow(`INSERT INTO search_doc (kind, ref, part, audience) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, ref, part) DO UPDATE SET audience = excluded.audience RETURNING id`,
		d.Kind, d.Ref, d.Part, d.Audience).Scan(&id)
	if err != nil {
		return fmt.Errorf("index %s %d: %w", d.Kind, d.Ref, err)
	}
	all := tx.Keep(batchKey{}, func() any {
		b := &batch{}
		tx.AtEnd(b.write)
		return b
	}).(*batch)
	all.rows = append(all.rows, id, terms)
	return nil
}

// batch are the words of all documents of a transaction: SQLite puts words in
// order anew for each statement, and whenever another table is written in
// between.
type batch struct{ rows []any } // id, terms, id, terms …

type batchKey struct{}

// What was removed since is not there any more.
const (
	insertOne   = `WITH v (id, terms) AS (VALUES ($1, $2)) INSERT OR REPLACE INTO search_term (rowid, terms) SELECT v.id, v.terms FROM v JOIN search_doc d ON d.id = v.id`
	insertEight = `WITH v (id, terms) AS (VALUES ($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16))
		INSERT OR REPLACE INTO search_term (rowid, terms) SELECT v.id, v.terms FROM v JOIN search_doc d ON d.id = v.id`
)

func (b *batch) write(tx *db.Tx) error {
	for len(b.rows) > 0 {
		n, text := 16, insertEight
		if len(b.rows) < n {
			n, text = 2, insertOne
		}
		if _, err := tx.Exec(text, b.rows[:n]...); err != nil {
			return fmt.Errorf("index words: %w", err)
		}
		b.rows = b.rows[n:]
	}
	return nil
}

// Remove takes every part of a thing out of the index.
func Remove(tx *db.Tx, kind string, ref int64) error {
	tx.AtEnd(func(tx *db.Tx) error { return remove(tx, kind, ref) })
	return nil
}

func remove(tx *db.Tx, kind string, ref int64) error {
	if tx.Engine() == db.SQLite {
		if _, err := tx.Exec(`DELETE FROM search_term WHERE rowid IN (SELECT id FROM search_doc WHERE kind = $1 AND ref = $2)`, kind, ref); err != nil {
			return fmt.Errorf("unindex %s %d: %w", kind, ref, err)
		}
	}
	if _, err := tx.Exec(`DELETE FROM search_doc WHERE kind = $1 AND ref = $2`, kind, ref); err != nil {
		return fmt.Errorf("unindex %s %d: %w", kind, ref, err)
	}
	return nil
}

// RemovePart takes one part of a thing out of the index.
func RemovePart(tx *db.Tx, kind string, ref, part int64) error {
	tx.AtEnd(func(tx *db.Tx) error { return removePart(tx, kind, ref, part) })
	return nil
}

func removePart(tx *db.Tx, kind string, ref, part int64) error {
	if tx.Engine() == db.SQLite {
		if _, err := tx.Exec(`DELETE FROM search_term WHERE rowid IN (SELECT id FROM search_doc WHERE kind = $1 AND ref = $2 AND part = $3)`, kind, ref, part); err != nil {
			return fmt.Errorf("unindex %s %d/%d: %w", kind, ref, part, err)
		}
	}
	if _, err := tx.Exec(`DELETE FROM search_doc WHERE kind = $1 AND ref = $2 AND part = $3`, kind, ref, part); err != nil {
		return fmt.Errorf("unindex %s %d/%d: %w", kind, ref, part, err)
	}
	return nil
}
