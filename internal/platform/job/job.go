package job

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"trellis/internal/platform/db"
)

// Migrations make the table; the schema's name is "job".
//
//go:embed migrations/*.sql
var Migrations embed.FS

// State is where a job stands.
type State string

const (
	Available State = "available" // waits for its time
	Running   State = "running"   // a runner has it
	Retryable State = "retryable" // failed, waits for its next attempt
	Completed State = "completed"
	Discarded State = "discarded" // dead letter: failed for good, a person should look
	Cancelled State = "cancelled" // a person said that it need not be done, or a newer job took its place
)

// Priorities. Among jobs that are due, a lower number goes first.
const (
	Urgent = 1 // somebody waits for it
	Normal = 2
	Low    = 3
	Idle   = 4 // whenever there is nothing else
)

// New is a job to be done.
type New struct {
	Kind string // as registered with the runner
	Args any    // what JSON can hold; the handler reads it with Job.Decode

	// Unique, if not "", names the work within its kind: while a job of that
	// name waits, enqueuing it again is the same job (its args stay; it
	// moves forward if asked for earlier). Once it runs, the next one is a
	// job of its own, because what it reads may have changed since, and may
	// run beside it.
	Unique string

	RunAt       time.Time // zero: as soon as possible
	Priority    int       // Urgent to Idle; 0 is Normal
	MaxAttempts int       // 0: what the kind says
}

// Job is one row.
type Job struct {
	ID          int64
	Kind        string
	Args        json.RawMessage
	Unique      string
	State       State
	Priority    int
	Attempt     int // 1 during the first
	MaxAttempts int // 0: what its kind says
	RunAt       time.Time
	CreatedAt   time.Time
	ChangedAt   time.Time // when it came into its state
	Error       string    // of the last attempt, for operators

	claim int64
}

// Decode reads the args into v.
func (j Job) Decode(v any) error {
	if err := json.Unmarshal(j.Args, v); err != nil {
		return fmt.Errorf("args of job %d (%s): %w", j.ID, j.Kind, err)
	}
	return nil
}

// Enqueue writes a job within tx and returns its id. Runners of this process
// hear of it when tx has committed.
func Enqueue(tx *db.Tx, n New) (id int64, err error) {
	if n.Kind == "" {
		return 0, errors.New("enqueue job: no kind")
	}
	if n.Priority == 0 {
		n.Priority = Normal
	}
	if n.Priority < Urgent || n.Priority > Idle || n.MaxAttempts < 0 {
		return 0, fmt.Errorf("enqueue job %s: priority %d or %d attempts out of range", n.Kind, n.Priority, n.MaxAttempts)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return 0, fmt.Errorf("enqueue job %s: %w", n.Kind, err)
	}
	at := tx.Now()
	if n.RunAt.After(at) {
		at = n.RunAt
	}
	if err := wakeAfter(tx); err != nil {
		return 0, fmt.Errorf("enqueue job %s: %w", n.Kind, err)
	}
	if id, err = insert(tx, n, string(args), at); err != nil {
		return 0, fmt.Errorf("enqueue job %s: %w", n.Kind, err)
	}
	return id, nil
}
