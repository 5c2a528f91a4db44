package event

import (
	"encoding/json"
	"fmt"

	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

const columns = `e.id, coalesce(e.place, 0), e.at, e.kind, e.version, e.actor_kind, e.actor, e.behalf, e.door, e.request_id, e.subj_kind, e.subj, e.changes, e.body_hash IS NOT NULL, b.body
	FROM event e LEFT JOIN event_body b ON b.event = e.id`

// Of lists a subject's events, oldest first.
func Of(tx *db.Tx, subject Ref) ([]Event, error) {
	return db.List(tx, scan, `SELECT `+columns+` WHERE e.subj_kind = $1 AND e.subj = $2 ORDER BY e.id`, subject.Kind, subject.ID)
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
	var actorKind int64
	var version int64
	var door, changes string
	var hasBody bool
	var body []byte
	if err := rows.Scan(&e.ID, &e.Place, db.At(&e.At), &e.Kind, &version, &actorKind, &e.Actor, &e.Behalf, &door, &e.RequestID,
		&e.Subject.Kind, &e.Subject.ID, &changes, &hasBody, &body); err != nil {
		return err
	}
	e.Version, e.ActorKind, e.Door = int(version), policy.Kind(actorKind), policy.Door(door)
	if err := json.Unmarshal([]byte(changes), &e.Changes); err != nil {
		return fmt.Errorf("changes of event %d: %w", e.ID, err)
	}
	if !hasBody {
		return nil
	}
	if body == nil {
		e.Erased = true
		return nil
	}
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
