package event

import "trellis/internal/platform/db"

// Forge gives every row from a place on the hash that it should have, as
// somebody would who knows how the log works and may write to it.
func Forge(tx *db.Tx, from int64) error {
	rows, err := db.List(tx, func(rows *db.Rows, r *row) error {
		return rows.Scan(&r.ID, &r.Place, &r.At, &r.Kind, &r.Version, &r.ActorKind, &r.Actor, &r.Behalf, &r.Door, &r.RequestID, &r.SubjKind, &r.Subj, &r.Changes, &r.BodyHash, &r.Prev, &r.Hash)
	}, `SELECT id, place, at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash, prev, hash FROM event WHERE place >= $1 ORDER BY place`, from)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if i > 0 {
			r.Prev = rows[i-1].Hash
		}
		rows[i].Hash = r.sum()
		if _, err := tx.Exec(`UPDATE event SET hash = $1, prev = $2 WHERE id = $3`, rows[i].Hash, r.Prev, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// VerifyTx is Verify over what a transaction sees.
func VerifyTx(tx *db.Tx) (Report, error) {
	c := check{rep: Report{Head: genesis}}
	return c.all(func(f func(tx *db.Tx) error) error { return f(tx) })
}
