package idem

import (
	"bytes"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Migrations makes the table.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Do runs fn once per command. result points to what fn finds out and the
// caller answers from: it is stored as JSON with the record, and filled from
// the record instead of running fn when the command has already happened. It
// may be nil if there is nothing to answer.
//
// Everything that the command writes belongs into fn; what only reads and
// authorizes may stand before it. If fn fails the transaction fails, and no
// record stays behind. Without a key in the transaction's context Do just
// runs fn.
//
// The error is Invalid with key "error.idempotency_mismatch" when the key was
// used with another body, and fn's own error otherwise.
func Do(tx *db.Tx, result any, fn func() error) error {
	k, ok := From(tx.Context())
	if !ok {
		return fn()
	}
	var hash, stored []byte
	err := tx.QueryRow(`SELECT hash, result FROM idem_record WHERE actor = $1 AND key = $2`, k.Actor, k.Key).Scan(&hash, &stored)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return first(tx, k, result, fn)
	case err != nil:
		return fmt.Errorf("look up idempotency record: %w", err)
	case !bytes.Equal(hash, k.Hash[:]):
		return errs.E(errs.Invalid, "error.idempotency_mismatch")
	}
	tx.Unlogged("replay")
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(stored, result); err != nil {
		return fmt.Errorf("read idempotency record: %w", err)
	}
	return nil
}

func first(tx *db.Tx, k Key, result any, fn func() error) error {
	if err := fn(); err != nil || !keepRecord {
		return err
	}
	stored, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("write idempotency record: %w", err)
	}
	res, err := tx.Exec(`INSERT INTO idem_record (actor, key, route, hash, result, created) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (actor, key) DO NOTHING`,
		k.Actor, k.Key, k.Route, k.Hash[:], stored, db.Us(tx.Now()))
	if err != nil {
		return fmt.Errorf("write idempotency record: %w", err)
	}
	if res.RowsAffected == 0 {
		// Only reachable if fn itself runs the same command inside. Failing
		// takes back both.
		return fmt.Errorf("write idempotency record: %q is recorded already", k.Route)
	}
	return nil
}

// Sweep forgets the records made before t and says how many. A key may be
// repeated for at least 24 hours, so t lies further back than that.
func Sweep(tx *db.Tx, before time.Time) (int64, error) {
	tx.Unlogged("expired idempotency records")
	res, err := tx.Exec(`DELETE FROM idem_record WHERE created < $1`, db.Us(before))
	if err != nil {
		return 0, fmt.Errorf("sweep idempotency records: %w", err)
	}
	return res.RowsAffected, nil
}
