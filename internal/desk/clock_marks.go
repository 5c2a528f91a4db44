package desk

import (
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// marksOf reads a ticket's marks in the order in which they count: as they
// happened, and within one instant as they were written, which is the order
// that newMarks gives.
func marksOf(tx *db.Tx, id TicketID) ([]mark, error) {
	return db.List(tx, func(r *db.Rows, m *mark) error {
		return r.Scan(db.At(&m.At), &m.Kind, &m.Wait, db.OrZero(&m.Person))
	}, `SELECT at, kind, wait, person FROM desk_mark WHERE ticket = $1 ORDER BY at, id`, id)
}

func insertMark(tx *db.Tx, id TicketID, m mark) error {
	_, err := tx.Exec(`INSERT INTO desk_mark (ticket, at, kind, wait, person) VALUES ($1, $2, $3, $4, $5)`, id, db.Us(m.At), m.Kind, m.Wait, db.Null(m.Person))
	return err
}

// spoken is what was said in public with a command.
type spoken uint8

const (
	saidNothing spoken = iota
	saidByAsking
	saidByDesk     // an answer
	saidByFollower // neither asks nor answers
)

// newMarks are the marks that a command leaves, in the order in which they
// count within their instant: stop beats pause beats start.
func newMarks(before, after ticket, said spoken, by district.PersonID, now time.Time) (out []mark) {
	add := func(kind markKind, wait WaitOn) {
		out = append(out, mark{At: now, Kind: kind, Wait: wait, Person: by})
	}
	wasDone, isDone := done(before.State), done(after.State)
	if wasDone && !isDone {
		add(reopened, "")
	}
	if said == saidByDesk {
		add(answered, "")
	}
	if !wasDone && isDone {
		add(solved, "")
	}
	switch {
	case isDone:
	case before.State == Waiting && after.State != Waiting:
		add(resumed, "")
	case after.State == Waiting && (before.State != Waiting || before.WaitingOn != after.WaitingOn):
		add(paused, after.WaitingOn)
	}
	if said == saidByAsking {
		add(asked, "")
	}
	return out
}

func done(s State) bool { return s == Solved || s == Closed }
