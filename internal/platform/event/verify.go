package event

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"trellis/internal/platform/db"
)

// Report is what Verify found.
type Report struct {
	Events  int64 // sealed rows read
	Place   int64 // of the newest row
	Open    int64 // rows not sealed yet (PostgreSQL, for a moment)
	Erased  int64 // rows whose body was erased
	Head    []byte
	Problem []string // empty if the log is whole; at most 20
}

// ErrBroken says that the log was changed from outside.
var ErrBroken = errors.New("the event log is not what was written")

// Verify reads the whole log in order and checks places, hashes and bodies.
// It can't know of rows that were cut off the end, nor of a log that was
// written anew: see VerifyFrom.
func Verify(ctx context.Context, d *db.DB) (Report, error) {
	return VerifyFrom(ctx, d, 0, nil)
}

// VerifyFrom is Verify with a head that was noted outside the database
// earlier (a backup's label, a printed report): the row at that place must
// still have that hash, which also proves everything before it.
func VerifyFrom(ctx context.Context, d *db.DB, place int64, hash []byte) (Report, error) {
	c := check{rep: Report{Head: genesis}, place: place, hash: hash}
	return c.all(func(f func(tx *db.Tx) error) error { return d.Read(ctx, f) })
}

type check struct {
	rep   Report
	place int64 // the noted head, 0 if none
	hash  []byte
}

// all checks everything, each page within a read of its own.
func (c *check) all(read func(func(tx *db.Tx) error) error) (Report, error) {
	for more := true; more; {
		if err := read(func(tx *db.Tx) (err error) { more, err = c.page(tx); return err }); err != nil {
			return c.rep, fmt.Errorf("verify the event log: %w", err)
		}
	}
	if c.rep.Place < c.place {
		c.bad("the log ends at place %d, and place %d was there before", c.rep.Place, c.place)
	}
	if err := read(c.strays); err != nil {
		return c.rep, fmt.Errorf("verify the event log: %w", err)
	}
	if len(c.rep.Problem) > 0 {
		return c.rep, fmt.Errorf("%w: %s", ErrBroken, c.rep.Problem[0])
	}
	return c.rep, nil
}

func (c *check) bad(format string, args ...any) {
	if len(c.rep.Problem) < 20 {
		c.rep.Problem = append(c.rep.Problem, fmt.Sprintf(format, args...))
	}
}

// page checks the next rows; more is false behind the last.
func (c *check) page(tx *db.Tx) (more bool, err error) {
	const page = 5000
	rows, err := tx.Query(`SELECT e.id, e.place, e.at, e.kind, e.version, e.actor_kind, e.actor, e.behalf, e.door, e.request_id, e.subj_kind, e.subj, e.changes, e.body_hash, coalesce(length(e.body_hash), -1), e.prev, e.hash, b.salt, b.body
		FROM event e LEFT JOIN event_body b ON b.event = e.id WHERE e.place > $1 ORDER BY e.place LIMIT $2 + 0`, c.rep.Place, page)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var r row
		var salt, body []byte
		var length int
		if err := rows.Scan(&r.ID, &r.Place, &r.At, &r.Kind, &r.Version, &r.ActorKind, &r.Actor, &r.Behalf, &r.Door, &r.RequestID, &r.SubjKind, &r.Subj, &r.Changes, &r.BodyHash, &length, &r.Prev, &r.Hash, &salt, &body); err != nil {
			return false, err
		}
		n++
		c.row(r, salt, body)
		if length == 0 { // reads like none, and is not
			c.bad("place %d has an empty hash of a body", r.Place)
		}
	}
	return n == page, rows.Err()
}

func (c *check) row(r row, salt, body []byte) {
	if r.Place != c.rep.Place+1 {
		c.bad("place %d follows place %d: rows are missing or were added", r.Place, c.rep.Place)
	}
	if !bytes.Equal(r.Prev, c.rep.Head) {
		c.bad("place %d does not continue the row before it", r.Place)
	}
	if !bytes.Equal(r.Hash, r.sum()) {
		c.bad("place %d (%s %s-%d) was changed", r.Place, r.Kind, r.SubjKind, r.Subj)
	}
	if r.Place == c.place && !bytes.Equal(r.Hash, c.hash) {
		c.bad("place %d is not the row that was there when its hash was noted", r.Place)
	}
	switch {
	case r.BodyHash == nil && body != nil:
		c.bad("place %d has a body that was added", r.Place)
	case r.BodyHash != nil && body == nil:
		c.rep.Erased++
	case body != nil && !bytes.Equal(r.BodyHash, bodyHash(salt, body)):
		c.bad("the body of place %d was changed", r.Place)
	}
	c.rep.Events++
	c.rep.Place, c.rep.Head = r.Place, r.Hash
}

// strays looks at what the walk along the places does not meet.
func (c *check) strays(tx *db.Tx) error {
	var before int64
	if err := tx.QueryRow(`SELECT count(*) FROM event WHERE place < 1`).Scan(&before); err != nil {
		return err
	}
	if before > 0 {
		c.bad("%d rows stand before the first place", before)
	}
	if err := tx.QueryRow(`SELECT count(*) FROM event WHERE place IS NULL`).Scan(&c.rep.Open); err != nil {
		return err
	}
	if c.rep.Open > 0 && tx.Engine() == db.SQLite {
		c.bad("%d rows have no place", c.rep.Open)
	}
	return nil
}
