package desk

import "trellis/internal/platform/errs"

// Action is one thing that a person may want to do to a ticket.
type Action string

const (
	ActReply       Action = "reply"
	ActNote        Action = "note"
	ActTake        Action = "take"
	ActRelease     Action = "release"
	ActAssign      Action = "assign"
	ActPlace       Action = "place"
	ActService     Action = "service"
	ActImpact      Action = "impact"
	ActTitle       Action = "title"
	ActWait        Action = "wait"
	ActResume      Action = "resume"
	ActSolve       Action = "solve"
	ActConfirm     Action = "confirm"   // "That fixed it"
	ActNotFixed    Action = "not_fixed" // "Not fixed"
	ActReopen      Action = "reopen"
	ActFollow      Action = "follow"
	ActUnfollow    Action = "unfollow"
	ActAddFollower Action = "add_follower"
	ActMakePrivate Action = "make_private"
	ActMakePublic  Action = "make_public"
	ActOnMyWay     Action = "on_my_way" // and help given in the room
	ActHandUp      Action = "hand_up"
	ActHandBack    Action = "hand_back"
	ActTried       Action = "tried"    // what was tried before it was passed on
	ActFinish      Action = "finish"   // a plan
	ActPastRow     Action = "past_row" // takes out or puts back a line that an old desk recorded
)

// part is what somebody is to a ticket; a person may be several at once.
type part uint8

const (
	asker    part = 1 << iota // requester or beneficiary
	follower                  // follows it
	worker                    // works on it
	namer                     // is named for some kind of private ticket
	anyone   = asker | follower | worker
)

// rule says who may do something, and in which states it makes sense.
type rule struct {
	who    part
	states []State
	public bool // not to a private ticket
	hidden bool // only to a private ticket
	kind   Kind // only to a ticket of this kind, "" to any
}

var rules = map[Action]rule{
	ActReply:       {who: anyone, states: []State{Open, Waiting, Solved}},
	ActNote:        {who: worker, states: States},
	ActTake:        {who: worker, states: []State{Open, Waiting}},
	ActRelease:     {who: worker, states: []State{Open, Waiting}},
	ActAssign:      {who: worker, states: []State{Open, Waiting}},
	ActPlace:       {who: worker | asker, states: []State{Open, Waiting, Solved}},
	ActService:     {who: worker, states: []State{Open, Waiting, Solved}},
	ActImpact:      {who: worker, states: []State{Open, Waiting}, kind: Request},
	ActTitle:       {who: worker, states: []State{Open, Waiting, Solved}},
	ActWait:        {who: worker, states: []State{Open, Waiting}},
	ActResume:      {who: worker, states: []State{Waiting}},
	ActSolve:       {who: worker, states: []State{Open, Waiting}, kind: Request},
	ActConfirm:     {who: asker, states: []State{Open, Waiting, Solved}},
	ActNotFixed:    {who: asker, states: []State{Solved}},
	ActReopen:      {who: worker, states: []State{Solved, Closed}},
	ActFollow:      {who: anyone, states: States, public: true},
	ActUnfollow:    {who: follower, states: States},
	ActAddFollower: {who: worker | asker, states: []State{Open, Waiting, Solved}, public: true},
	ActMakePrivate: {who: namer, states: States, public: true},
	ActMakePublic:  {who: worker, states: States, hidden: true},
	ActOnMyWay:     {who: worker, states: []State{Open, Waiting}},
	ActHandUp:      {who: worker, states: []State{Open, Waiting}, public: true},
	ActHandBack:    {who: worker, states: []State{Open, Waiting}, public: true},
	ActTried:       {who: worker, states: States},
	ActFinish:      {who: worker, states: []State{Open, Waiting}, kind: Plan},
	ActPastRow:     {who: worker, states: States},
}

// pastActions are what can be done to a ticket that was brought over: it is
// read, not worked on.
var pastActions = map[Action]bool{ActNote: true, ActFollow: true, ActUnfollow: true, ActMakePrivate: true, ActMakePublic: true, ActPastRow: true}

// standing is what one person is to one ticket that they may see.
type standing struct {
	works   bool
	follows bool
	names   bool // is named for a kind of private ticket
	asks    bool // requester, or beneficiary
}

func (s standing) parts() part {
	var p part
	if s.asks {
		p |= asker
	}
	if s.follows {
		p |= follower
	}
	if s.works {
		p |= worker
	}
	if s.names {
		p |= namer
	}
	return p
}

// may reports why somebody can't do something now: nil if they can. Who they
// are comes first, so that the state of a ticket explains itself only to
// people who could act on it.
func (t ticket) may(s standing, a Action) error {
	r := rules[a]
	if s.parts()&r.who == 0 || r.public && t.Private != "" || r.hidden && t.Private == "" || r.kind != "" && r.kind != t.Kind {
		return errs.E(errs.Forbidden, "desk.ticket.forbidden")
	}
	switch past := t.ID.Past(); {
	case past && !pastActions[a]:
		return errs.E(errs.Conflict, "desk.ticket.past")
	case !past && a == ActPastRow:
		return errs.E(errs.NotFound, "desk.past.row_not_found")
	}
	for _, st := range r.states {
		if st == t.State && (a != ActConfirm || t.Kind != Plan || st == Solved) { // a plan ends with what it ended in
			return nil
		}
	}
	switch t.State {
	case Closed:
		return errs.E(errs.Conflict, "desk.ticket.is_closed")
	case Solved:
		return errs.E(errs.Conflict, "desk.ticket.is_solved")
	}
	return errs.E(errs.Conflict, "desk.ticket.is_open")
}
