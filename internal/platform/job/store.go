package job

import (
	"encoding/json"
	"strings"
	"time"

	"trellis/internal/platform/db"
)

// unlogged is the reason that every transaction of the runner gives.
const unlogged = "job bookkeeping"

func insert(tx *db.Tx, n New, args string, at time.Time) (id int64, err error) {
	// A twin that waits for a retry keeps its backoff.
	err = tx.QueryRow(`INSERT INTO job (kind, args, uniq, state, open, priority, attempt, max_attempts, claim, holder, run_at, next_at, created_at, changed_at, error)
		VALUES ($1, $2, $3, 'available', TRUE, $4, 0, $5, 0, '', $6, $6, $7, $7, '')
		ON CONFLICT (kind, uniq) WHERE uniq <> '' AND state IN ('available', 'retryable') DO UPDATE SET
			priority = CASE WHEN excluded.priority < job.priority THEN excluded.priority ELSE job.priority END,
			run_at = CASE WHEN job.state = 'available' AND excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
			next_at = CASE WHEN job.state = 'available' AND excluded.next_at < job.next_at THEN excluded.next_at ELSE job.next_at END
		RETURNING id`,
		n.Kind, args, n.Unique, n.Priority, n.MaxAttempts, db.Us(at), db.Us(tx.Now())).Scan(&id)
	return id, err
}

const columns = `id, kind, args, uniq, state, priority, attempt, max_attempts, run_at, created_at, changed_at, error, claim`

func scan(rows *db.Rows, j *Job) error {
	var args, state string
	if err := rows.Scan(&j.ID, &j.Kind, &args, &j.Unique, &state, &j.Priority, &j.Attempt, &j.MaxAttempts,
		db.At(&j.RunAt), db.At(&j.CreatedAt), db.At(&j.ChangedAt), &j.Error, &j.claim); err != nil {
		return err
	}
	j.Args, j.State = json.RawMessage(args), State(state)
	return nil
}

// claim takes up to n due jobs for holder: those that wait, and those whose
// holder let its lease end. A runner never takes its own from itself: while
// its process lives, the handler does too. Each priority is looked up by
// itself, so that the index answers however many jobs lie in the future.
func claim(tx *db.Tx, holder string, n int, until time.Time) ([]Job, error) {
	return db.List(tx, scan, `UPDATE job SET error = CASE WHEN state = 'running' THEN $5 ELSE error END,
			state = 'running', holder = $1, claim = claim + 1, attempt = attempt + 1, next_at = $2, changed_at = $3
		WHERE id IN (SELECT id FROM (
			SELECT * FROM (SELECT id, priority, next_at FROM job WHERE open AND priority = 1 AND next_at <= $3 AND (state <> 'running' OR holder <> $1) ORDER BY next_at, id LIMIT $4 + 0) p1
			UNION ALL
			SELECT * FROM (SELECT id, priority, next_at FROM job WHERE open AND priority = 2 AND next_at <= $3 AND (state <> 'running' OR holder <> $1) ORDER BY next_at, id LIMIT $4 + 0) p2
			UNION ALL
			SELECT * FROM (SELECT id, priority, next_at FROM job WHERE open AND priority = 3 AND next_at <= $3 AND (state <> 'running' OR holder <> $1) ORDER BY next_at, id LIMIT $4 + 0) p3
			UNION ALL
			SELECT * FROM (SELECT id, priority, next_at FROM job WHERE open AND priority = 4 AND next_at <= $3 AND (state <> 'running' OR holder <> $1) ORDER BY next_at, id LIMIT $4 + 0) p4
		) due ORDER BY priority, next_at, id LIMIT $4 + 0)
		RETURNING `+columns, holder, db.Us(until), db.Us(tx.Now()), n, lapsed)
}

// lapsed is the error of a job whose runner vanished.
const lapsed = "the process that ran it ended before it was done"

// next is when the first open job is due that is not held by holder.
func next(tx *db.Tx, holder string) (at time.Time, ok bool, err error) {
	err = tx.QueryRow(`SELECT min(at) FROM (
			SELECT min(next_at) AS at FROM job WHERE open AND priority = 1 AND (state <> 'running' OR holder <> $1)
			UNION ALL SELECT min(next_at) FROM job WHERE open AND priority = 2 AND (state <> 'running' OR holder <> $1)
			UNION ALL SELECT min(next_at) FROM job WHERE open AND priority = 3 AND (state <> 'running' OR holder <> $1)
			UNION ALL SELECT min(next_at) FROM job WHERE open AND priority = 4 AND (state <> 'running' OR holder <> $1)
		) firsts`, holder).Scan(db.AtNull(&at))
	return at, !at.IsZero(), err
}

// renew moves the lease of a claim; false if it is no longer the newest.
func renew(tx *db.Tx, j Job, until time.Time) (held bool, err error) {
	r, err := tx.Exec(`UPDATE job SET next_at = $1 WHERE id = $2 AND claim = $3 AND state = 'running'`, db.Us(until), j.ID, j.claim)
	return r.RowsAffected == 1, err
}

// outcome is how a claim ends.
type outcome struct {
	state   State
	attempt int
	next    time.Time // due again, or when the row may go
	err     string
}

// settle ends a claim; errLost if it was no longer the newest, and then
// nothing was changed.
func settle(tx *db.Tx, j Job, o outcome) error {
	open := o.state == Available || o.state == Retryable
	r, err := tx.Exec(`UPDATE job SET state = $1, open = $2, attempt = $3, next_at = $4, changed_at = $5, error = $6, holder = ''
		WHERE id = $7 AND claim = $8 AND state = 'running'`,
		string(o.state), open, o.attempt, db.Us(o.next), db.Us(tx.Now()), clean(o.err), j.ID, j.claim)
	if err == nil && r.RowsAffected == 0 {
		err = errLost
	}
	return err
}

// waiting is the job of that name that waits, 0 if none does.
func waiting(tx *db.Tx, kind, unique string) (id int64, err error) {
	if unique == "" {
		return 0, nil
	}
	err = tx.QueryRow(`SELECT id FROM job WHERE kind = $1 AND uniq = $2 AND uniq <> '' AND state IN ('available', 'retryable')`, kind, unique).Scan(&id)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return id, err
}

// move changes a job that no runner holds, by hand.
func move(tx *db.Tx, id int64, to State, at time.Time) error {
	_, err := tx.Exec(`UPDATE job SET state = $1, open = $2, attempt = CASE WHEN $2 THEN 0 ELSE attempt END, next_at = $3, changed_at = $4 WHERE id = $5 AND state <> 'running'`,
		string(to), to == Available, db.Us(at), db.Us(tx.Now()), id)
	return err
}

func prune(tx *db.Tx, limit int) (int64, error) {
	r, err := tx.Exec(`DELETE FROM job WHERE id IN (SELECT id FROM job WHERE NOT open AND next_at <= $1 ORDER BY next_at LIMIT $2 + 0)`, db.Us(tx.Now()), limit)
	return r.RowsAffected, err
}

// clean makes an error's text fit for a column: valid, without NUL, not long.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	const most = 2000
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
