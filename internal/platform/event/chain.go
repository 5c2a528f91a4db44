package event

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"trellis/internal/platform/db"
)

// row is an event as its columns hold it; its hash covers every field.
type row struct {
	ID                                 int64
	Place                              int64
	At                                 int64
	Kind                               string
	Version, ActorKind, Actor, Behalf  int64
	Door, RequestID, SubjKind, Changes string
	Subj                               int64
	BodyHash, Prev, Hash               []byte
}

// sum is SHA-256 over the previous hash and the fields, each with its length,
// so that no two different rows read the same.
func (r row) sum() []byte {
	h := sha256.New()
	put(h, r.Prev)
	for _, n := range []int64{r.ID, r.Place, r.At, r.Version, r.ActorKind, r.Actor, r.Behalf, r.Subj} {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
	for _, s := range []string{r.Kind, r.Door, r.RequestID, r.SubjKind, r.Changes} {
		put(h, []byte(s))
	}
	if r.BodyHash != nil { // never the same as an empty one
		put(h, r.BodyHash)
	}
	return h.Sum(nil)
}

func put(h hash.Hash, b []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(b)))
	h.Write(n[:])
	h.Write(b)
}

// genesis stands before the first row.
var genesis = make([]byte, sha256.Size)

// head is the newest place and its hash.
func head(tx *db.Tx) (place int64, hash []byte, err error) {
	err = tx.QueryRow(`SELECT place, hash FROM event WHERE place = (SELECT max(place) FROM event WHERE place IS NOT NULL)`).Scan(&place, &hash)
	if db.IsNoRows(err) {
		return 0, genesis, nil
	}
	return place, hash, err
}
