//go:build flaw_early

package db

import (
	"context"
	"database/sql"
	"time"

	"trellis/internal/platform/clock"
)

// A deliberate flaw: callers are answered before the commit. The durability
// tests are built with this tag once, and must fail.
func answerEarly(ms []*member) {
	for _, m := range ms {
		m.answer <- nil
		m.answer = make(chan error, 1)
	}
}

// answerEarlyPG commits after the answer.
func answerEarlyPG(_ *DB, t *sql.Tx) bool {
	go func() {
		_ = clock.Sleep(context.Background(), clock.System(), 20*time.Millisecond)
		_ = t.Commit()
	}()
	return true
}
