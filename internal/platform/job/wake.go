package job

import (
	"sync"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// runners of this process by the uid of their district, so that a commit in
// one district wakes its own runner and no other.
var (
	runnersMu sync.Mutex
	runners   = map[string]map[*Runner]bool{}
)

// wakeAfter wakes the district's runner when tx has committed.
func wakeAfter(tx *db.Tx) error {
	uid, err := event.Origin(tx)
	if err != nil {
		return err
	}
	tx.OnCommit(func() {
		runnersMu.Lock()
		defer runnersMu.Unlock()
		for r := range runners[uid] {
			r.nudge()
		}
	})
	return nil
}

// listen has r woken until stop is called.
func (r *Runner) listen(uid string) (stop func()) {
	runnersMu.Lock()
	defer runnersMu.Unlock()
	if runners[uid] == nil {
		runners[uid] = map[*Runner]bool{}
	}
	runners[uid][r] = true
	return func() {
		runnersMu.Lock()
		defer runnersMu.Unlock()
		delete(runners[uid], r)
		if len(runners[uid]) == 0 {
			delete(runners, uid)
		}
	}
}

// nudge makes the runner look again, without blocking.
func (r *Runner) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}
