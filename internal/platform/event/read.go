package event

import (
	"encoding/json"
	"fmt"
	"math"

	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

const (
	rowColumns = `e.id, coalesce(e.place, 0), e.at, e.kind, e.version, e.actor_kind, e.actor, e.behalf, e.door, e.request_id, e.subj_kind, e.subj, e.changes`
	columns    = rowColumns + `, e.body_hash IS NOT NULL, b.body FROM event e LEFT JOIN event_body b ON b.event = e.id`
	// lightColumns say of a body only whether it was erased.
	lightColumns = rowColumns + `, e.body_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event_body b WHERE b.event = e.id) FROM event e`
)

// Of lists a subject's events, oldest first.
func Of(tx *db.Tx, subject Ref) ([]Event, error) {
	return db.List(tx, scan, `SELECT `+columns+` WHERE e.subj_kind = $1 AND e.subj = $2 ORDER BY e.id`, subject.Kind, subject.ID)
}

// Newest lists a subject's events, the newest first, at most limit of those
// before the event with an id; before 0 is all of them. Bodies are read only
// of the events that want wants: of the others a personal change names its
// field and no values. want is asked before the values are there; nil wants
// none.
func Newest(tx *db.Tx, subject Ref, before int64, limit int, want func(Event) bool) ([]Event, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	list, err := db.List(tx, scanLight, `SELECT `+lightColumns+` WHERE e.subj_kind = $1 AND e.subj = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4 + 0`, subject.Kind, subject.ID, before, limit)
	if err != nil || want == nil {
		return list, err
	}
	for i := range list {
		if e := &list[i]; !e.Erased && want(*e) {
			if err := readBody(tx, e); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// Last is the id and the place of a subject's newest event, 0 if there is none;
// a place is 0 that is not given yet.
func Last(tx *db.Tx, subject Ref) (id, place int64, err error) {
	err = tx.QueryRow(`SELECT id, coalesce(place, 0) FROM event WHERE subj_kind = $1 AND subj = $2 ORDER BY id DESC LIMIT 1`, subject.Kind, subject.ID).Scan(&id, &place)
	if db.IsNoRows(err) {
		return 0, 0, nil
	}
	return id, place, err
}

// First is a subject's first event, without personal values; the zero Event if
// there is none.
func First(tx *db.Tx, subject Ref) (e Event, err error) {
	list, err := db.List(tx, scanLight, `SELECT `+lightColumns+` WHERE e.subj_kind = $1 AND e.subj = $2 ORDER BY e.id LIMIT 1`, subject.Kind, subject.ID)
	if err != nil || len(list) == 0 {
		return e, err
	}
	return list[0], nil
}

func readBody(tx *db.Tx, e *Event) error {
	var body []byte
	err := tx.QueryRow(`SELECT b.body FROM event_body b WHERE b.event = $1`, e.ID).Scan(&body)
	if db.IsNoRows(err) {
		return nil // nothing personal in it
	}
	if err != nil {
		return err
	}
	return e.fill(body)
}

// After lists sealed events behind a place, in order, at most limit.
func After(tx *db.Tx, place int64, limit int) ([]Event, error) {
	return db.List(tx, scan, `SELECT `+columns+` WHERE e.place > $1 ORDER BY e.place LIMIT $2 + 0`, place, limit)
}

// Head is the newest place, 0 in an empty log.
func Head(tx *db.Tx) (int64, error) {
	p, _, err := head(tx)
	return p, err
}

func scan(rows *db.Rows, e *Event) error {
	var r rest
	var hasBody bool
	var body []byte
	if err := rows.Scan(append(r.dest(e), &hasBody, &body)...); err != nil {
		return err
	}
	if err := r.into(e); err != nil {
		return err
	}
	switch {
	case !hasBody:
		return nil
	case body == nil:
		e.Erased = true
		return nil
	}
	return e.fill(body)
}

func scanLight(rows *db.Rows, e *Event) error {
	var r rest
	if err := rows.Scan(append(r.dest(e), &e.Erased)...); err != nil {
		return err
	}
	return r.into(e)
}

// rest are the columns that an event holds in another shape.
type rest struct {
	version, actorKind int64
	door, changes      string
}

func (r *rest) dest(e *Event) []any {
	return []any{&e.ID, &e.Place, db.At(&e.At), &e.Kind, &r.version, &r.actorKind, &e.Actor, &e.Behalf, &r.door, &e.RequestID, &e.Subject.Kind, &e.Subject.ID, &r.changes}
}

func (r *rest) into(e *Event) error {
	e.Version, e.ActorKind, e.Door = int(r.version), policy.Kind(r.actorKind), policy.Door(r.door)
	if err := json.Unmarshal([]byte(r.changes), &e.Changes); err != nil {
		return fmt.Errorf("changes of event %d: %w", e.ID, err)
	}
	return nil
}

// fill puts the personal values into the changes that name them.
func (e *Event) fill(body []byte) error {
	var personal map[string][2]any
	if err := json.Unmarshal(body, &personal); err != nil {
		return fmt.Errorf("body of event %d: %w", e.ID, err)
	}
	for i, c := range e.Changes {
		if c.Personal {
			e.Changes[i].From, e.Changes[i].To = personal[c.Field][0], personal[c.Field][1]
		}
	}
	return nil
}

// Since lists what was appended behind the event with an id, sealed or not, in
// the order in which it was, at most limit. It is for who appends alone: with
// other writers about, an id may still be given to a row that isn't there yet.
func Since(tx *db.Tx, id int64, limit int) ([]Event, error) {
	return db.List(tx, scan, `SELECT `+columns+` WHERE e.id > $1 ORDER BY e.id LIMIT $2 + 0`, id, limit)
}

// Unsealed is how many events have no place yet.
func Unsealed(tx *db.Tx) (n int64, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM event WHERE place IS NULL`).Scan(&n)
	return n, err
}
