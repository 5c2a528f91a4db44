package job

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"time"
)

// maxBackoff bounds the wait between two attempts.
const maxBackoff = 12 * time.Hour

// Backoff is how long a job waits after its nth attempt: n⁴ seconds, at most
// twelve hours. Twenty attempts span about four days.
func Backoff(attempt int) time.Duration {
	if attempt > 20 { // far beyond the bound already, and before it overflows
		return maxBackoff
	}
	n := time.Duration(max(attempt, 1))
	return min(n*n*n*n*time.Second, maxBackoff)
}

// spread moves a wait by up to a tenth either way, so that what failed
// together does not come back together. It is the same for the same job and
// attempt.
func spread(d time.Duration, id int64, attempt int) time.Duration {
	h := fnv.New64a()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(id))
	binary.BigEndian.PutUint64(b[8:], uint64(attempt))
	_, _ = h.Write(b[:])
	permille := int64(h.Sum64()%201) - 100
	return d + time.Duration(int64(d)/1000*permille)
}

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// Permanent marks a handler's error as one that another attempt can't mend:
// the job is discarded at once. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

type laterError struct{ wait time.Duration }

func (e laterError) Error() string { return "not now: again in " + e.wait.String() }

// Later is what a handler returns when the other side asks it to come back
// after a while: the job waits that long, and the attempt does not count.
func Later(wait time.Duration) error { return laterError{max(wait, 0)} }

func isPermanent(err error) bool {
	_, ok := errors.AsType[permanentError](err)
	return ok
}
