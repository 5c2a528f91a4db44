package desk

import "trellis/internal/platform/worktime"

// Kind is what a ticket is.
type Kind string

const (
	Request Kind = "request" // somebody needs help
	Plan    Kind = "plan"    // somebody plans something with a class
)

// Kinds lists every kind.
var Kinds = []Kind{Request, Plan}

// Key is the message key of a kind.
func (k Kind) Key() string { return "desk.kind." + string(k) }

// PlanPromise stands where a promise has an impact: what is promised to who
// plans something with a class. No ticket has it as its impact.
const PlanPromise Impact = "plan"

// Promised lists everything for which there is a promise.
var Promised = append(append([]Impact{}, Impacts...), PlanPromise)

// promised says which promise holds for a ticket.
func (t ticket) promised() Impact {
	if t.Kind == Plan {
		return PlanPromise
	}
	return t.Impact
}

// Outcome is what a plan ended in.
type Outcome string

const (
	PlanMade       Outcome = "plan"    // a plan that the teacher follows
	Visit          Outcome = "visit"   // somebody comes to the class
	Session        Outcome = "session" // the teacher learns it
	SettingChanged Outcome = "setting" // something was set differently for the class
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{PlanMade, Visit, Session, SettingChanged}

// Key is the message key of an outcome.
func (o Outcome) Key() string { return "desk.outcome." + string(o) }

// Planned is what a ticket of kind Plan says besides.
type Planned struct {
	By      worktime.Date // when the class shall be able to do it
	Class   string        // "7B, science"
	Outcome Outcome       // "" until it is finished
}
