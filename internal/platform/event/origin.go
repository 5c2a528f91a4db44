package event

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"

	"trellis/internal/platform/db"
)

// Migrations are the log's tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Origin is a district's own identity: a random 128-bit uid, made with its
// first migration and never changed.
func Origin(tx *db.Tx) (uid string, err error) {
	err = tx.QueryRow(`SELECT uid FROM event_origin WHERE one = 1`).Scan(&uid)
	return uid, err
}

// EnsureOrigin makes the uid if there is none yet.
func EnsureOrigin(tx *db.Tx) error {
	tx.Unlogged("the district's uid exists before its first event")
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	_, err := tx.Exec(`INSERT INTO event_origin (one, uid, salt) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING`, hex.EncodeToString(b[:16]), b[16:])
	return err
}

// Key is a secret of this district for one purpose, the same on every node
// and after every start: cursors and the like are signed with it.
func Key(tx *db.Tx, purpose string) ([]byte, error) {
	var salt []byte
	if err := tx.QueryRow(`SELECT salt FROM event_origin WHERE one = 1`).Scan(&salt); err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, salt)
	m.Write([]byte(purpose))
	return m.Sum(nil), nil
}
