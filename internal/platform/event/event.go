package event

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// Ref names a thing: its kind ("ticket") and id.
type Ref struct {
	Kind string
	ID   int64
}

// Change is one field's value before and after. Values are what JSON can
// hold. A Personal change keeps its values in the erasable body.
type Change struct {
	Field    string `json:"field"`
	From     any    `json:"from,omitempty"`
	To       any    `json:"to,omitempty"`
	Personal bool   `json:"personal,omitempty"`
}

// Event is one thing that happened. Emit fills in what the transaction knows.
type Event struct {
	ID      int64
	Place   int64 // 0 until sealed
	At      time.Time
	Kind    string // "ticket.created"
	Version int    // of this kind's shape; 0 means 1

	ActorKind policy.Kind
	Actor     int64
	Behalf    int64 // whom the actor acted for
	Door      policy.Door
	RequestID string

	Subject Ref
	Changes []Change
	Erased  bool // the body was erased: personal changes have no values
}

// Emit appends e to the log within tx. Actor, door and request come from the
// transaction's context.
func Emit(tx *db.Tx, e Event) error {
	a := policy.ActorFrom(tx.Context())
	if e.Version == 0 {
		e.Version = 1
	}
	open, personal := split(e.Changes)
	changes, err := json.Marshal(open)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	r := row{
		At: db.Us(tx.Now()), Kind: e.Kind, Version: int64(e.Version),
		ActorKind: int64(a.Kind), Actor: a.Person, Behalf: e.Behalf,
		Door: string(a.Door), RequestID: a.RequestID,
		SubjKind: e.Subject.Kind, Subj: e.Subject.ID, Changes: string(changes),
	}
	var salt []byte
	var body []byte
	if len(personal) > 0 {
		if body, err = json.Marshal(personal); err != nil {
			return fmt.Errorf("event %s: %w", e.Kind, err)
		}
		salt = make([]byte, 16)
		_, _ = rand.Read(salt) // never fails
		r.BodyHash = bodyHash(salt, body)
	}
	if dropEvents {
		tx.Logged()
		return nil
	}
	id, err := insert(tx, r)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	if body != nil {
		if _, err := tx.Exec(`INSERT INTO event_body (event, salt, body) VALUES ($1, $2, $3)`, id, salt, string(body)); err != nil {
			return fmt.Errorf("event %s: %w", e.Kind, err)
		}
	}
	tx.Logged()
	return nil
}

// split takes the personal values out of the changes: what stays names the
// field only.
func split(all []Change) (open []Change, personal map[string][2]any) {
	open = make([]Change, 0, len(all))
	for _, c := range all {
		if c.Personal {
			if personal == nil {
				personal = map[string][2]any{}
			}
			personal[c.Field] = [2]any{c.From, c.To}
			c.From, c.To = nil, nil
		}
		open = append(open, c)
	}
	return open, personal
}

func bodyHash(salt, body []byte) []byte {
	h := sha256.New()
	put(h, salt)
	put(h, body)
	return h.Sum(nil)
}

// insert writes the row. SQLite has one writer, so the next place is known
// here; PostgreSQL leaves it to the sealer.
func insert(tx *db.Tx, r row) (id int64, err error) {
	if tx.Engine() == db.Postgres {
		err = tx.QueryRow(`INSERT INTO event (at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
			r.At, r.Kind, r.Version, r.ActorKind, r.Actor, r.Behalf, r.Door, r.RequestID, r.SubjKind, r.Subj, r.Changes, nilIfEmpty(r.BodyHash)).Scan(&id)
		return id, err
	}
	if r.Place, r.Prev, err = head(tx); err != nil {
		return 0, err
	}
	r.Place++
	// The hash covers the id too, so it is chosen here; rows are never deleted.
	if err = tx.QueryRow(`SELECT coalesce(max(id), 0) + 1 FROM event`).Scan(&r.ID); err != nil {
		return 0, err
	}
	r.Hash = r.sum()
	_, err = tx.Exec(`INSERT INTO event (id, at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash, place, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.At, r.Kind, r.Version, r.ActorKind, r.Actor, r.Behalf, r.Door, r.RequestID, r.SubjKind, r.Subj, r.Changes, nilIfEmpty(r.BodyHash),
		r.Place, r.Prev, r.Hash)
	return r.ID, err
}

func nilIfEmpty(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// Erase removes an event's body. The caller says why, as an event of its own.
func Erase(tx *db.Tx, id int64) error {
	_, err := tx.Exec(`DELETE FROM event_body WHERE event = $1`, id)
	return err
}
