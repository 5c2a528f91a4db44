package flow

import "time"

// Row is one line of a ticket's history: what was known of it at one moment.
// A field that the history doesn't record is zero, a counter -1.
type Row struct {
	At     time.Time // zero: nobody knows when
	Status string    // in the words of whoever recorded it
	Sub    string    // likewise, closer: "Wait - User"
	State  State     // what that means here
	Wait   Wait      // on whom or what, where State is Waiting
	Team   string
	Person string
	Line   Line // of the team

	Impact   string // in the words of whoever recorded it
	Priority string
	Place    string
	Service  string
	Kept     string // the promise: "yes", "no", "" not said

	// What the line says of the whole ticket rather than of its moment. The
	// last line that stands is believed.
	Opened, First, Solved, Closed time.Time
	Reassigned, Reopened          int // counters of the old desk; -1: none
}

// State is what a status means: open, waiting, solved, closed; "" unknown.
type State string

// The states, as those of a ticket.
const (
	Open    State = "open"
	Waiting State = "waiting"
	Solved  State = "solved"
	Closed  State = "closed"
)

// Wait is on whom or what a ticket waits.
type Wait string

// Whom or what one waits for.
const (
	OnRequester Wait = "requester"
	OnVendor    Wait = "vendor"
	OnPart      Wait = "part"
	OnDate      Wait = "date"
	OnOther     Wait = "other"
)

// Line is how far from the classroom a team stands, in tenths of a tier: 10 at
// the school, 20 specialists, 25 between, 30 vendors and developers; 0 unknown.
type Line int
