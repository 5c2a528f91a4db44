package district

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/netip"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Failed sign-ins are counted over a window. Ten tries from one place are
// enough for somebody who forgot, and from many places an account takes more,
// so that a stranger who fails on purpose doesn't shut its owner out. A whole
// school may stand behind one address.
const (
	throttleWindow = 15 * time.Minute
	triesHere      = 10 // one account from one address
	triesAccount   = 40 // one account from anywhere
	triesAddress   = 50 // any account from one address
)

type bucket struct {
	name  string
	limit int
}

// buckets are what one try counts against. They are hashes: people type
// passwords into the wrong field.
func buckets(account string, addr netip.Addr) []bucket {
	place := addrKey(addr)
	b := []bucket{
		{bucketName("here", account, place), triesHere},
		{bucketName("account", account), triesAccount},
	}
	if place != "" {
		b = append(b, bucket{bucketName("address", place), triesAddress})
	}
	return b
}

func bucketName(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// addrKey is an address for counting, "" if nobody knows it. Who has one IPv6
// address has its whole /64.
func addrKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if !a.IsValid() {
		return ""
	}
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// mayTry refuses a try that is over a limit. Its answer is the same whether or
// not there is such an account.
func mayTry(tx *db.Tx, list []bucket) error {
	var wait time.Duration
	for _, b := range list {
		var n int
		var first time.Time
		err := tx.QueryRow(`SELECT count(*), min(at) FROM district_attempt WHERE bucket = $1 AND at > $2`, b.name, db.Us(tx.Now().Add(-throttleWindow))).
			Scan(&n, db.AtNull(&first))
		if err != nil {
			return err
		}
		if n >= b.limit {
			wait = max(wait, first.Add(throttleWindow).Sub(tx.Now()))
		}
	}
	if wait <= 0 {
		return nil
	}
	e := errs.E(errs.Throttled, "district.sign_in.wait", "Count", int(math.Ceil(wait.Minutes())))
	e.RetryAfter = wait
	return e
}

// reserve counts a try before it is made, so that many at once can't all pass
// the check. What succeeds is taken back with release.
func reserve(tx *db.Tx, list []bucket) (ids []int64, err error) {
	tx.Unlogged("tries to sign in are counted, not told")
	if err := mayTry(tx, list); err != nil {
		return nil, err
	}
	for _, b := range list {
		var id int64
		if err := tx.QueryRow(`INSERT INTO district_attempt (bucket, at) VALUES ($1, $2) RETURNING id`, b.name, db.Us(tx.Now())).Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// release takes back the tries of somebody who got in: their own, and what
// they mistyped here before. Other failures against the account or from the
// address stay counted.
func release(tx *db.Tx, list []bucket, ids []int64) error {
	for _, id := range ids {
		if _, err := tx.Exec(`DELETE FROM district_attempt WHERE id = $1`, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`DELETE FROM district_attempt WHERE bucket = $1`, list[0].name)
	return err
}
