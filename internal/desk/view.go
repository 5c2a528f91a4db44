package desk

import (
	"time"

	"trellis/internal/district"
)

// Person is somebody as a page names them. ID 0 is nobody.
type Person struct {
	ID   district.PersonID
	Name string
}

// Place is where help is needed.
type Place struct {
	Site      district.SiteID
	SiteName  string
	SiteShort string
	Room      district.RoomID // 0: none
	RoomName  string
	Text      string // "by the east stairs"
}

// Ticket is one ticket as one person sees it.
type Ticket struct {
	ID          TicketID
	Title       string
	State       State
	WaitingOn   WaitOn    // while it waits
	Until       time.Time // while it waits: when it comes back by itself
	ReopenUntil time.Time // while it is solved
	Impact      Impact
	Private     Private
	Requester   Person
	Beneficiary Person // ID 0: the requester
	Team        district.TeamID
	TeamName    string // "" on a private ticket for whom doesn't work on it
	Owner       Person // ID 0: nobody yet
	Place       Place
	Service     district.ServiceID // 0: nothing in particular
	ServiceName string
	Contact     string // for the asking side and whoever works on it
	Channel     Channel
	Lang        string
	Created     time.Time
	Updated     time.Time // when anything that everybody sees happened last
	SolvedAt    time.Time // zero: not solved
	ClosedAt    time.Time
	Confirmed   bool // the asking side said that it fixed it
	NeedsAnswer bool // the asking side spoke last
	Version     int64

	Messages []Message // the newest, in the order said
	Earlier  bool      // there are more: see EarlierMessages
	Follower []Person

	Works   bool     // the viewer works on it: show them the desk's page
	Asks    bool     // the viewer is its requester or beneficiary
	Follows bool     // the viewer follows it
	Can     []Action // what the viewer may do now
	Inside  *Inside  // nil unless Works

	// OwesTried is the newest time that the viewer passed it on while a class
	// stood still and has not said yet what was tried: for AddTried, which they
	// may do even if they no longer work on it. 0: none.
	OwesTried   HandoffID
	OwesTriedTo string // the team that it went to then

	Kind Kind
	Plan *Planned // nil unless it is a Plan
	Away *Away    // its owner is away; nil if they are here, if nobody owns it, or if the viewer may not know
	// Covering says that its owner is away and the viewer acts for them.
	Covering bool
	Past     *Past  // what its old desk recorded; nil for a ticket that was born here
	Route    *Route // where its path would have it now; nil if it is there, and unless Works
}

// May reports whether the viewer may do something now.
func (t Ticket) May(a Action) bool {
	for _, c := range t.Can {
		if c == a {
			return true
		}
	}
	return false
}

// Message is something said in public on a ticket.
type Message struct {
	ID       MessageID
	Author   Person
	FromDesk bool
	Text     string
	Channel  Channel
	At       time.Time
	Files    []File
	// Minutes says that the author is on the way and takes that long from At;
	// 0 for anything else. Such a message has no text: each reader gets it in
	// their language.
	Minutes int
}

// Inside is what only those see who work on a ticket.
type Inside struct {
	Notes        []Note // the newest, in the order written
	EarlierNotes bool   // there are more: see EarlierNotes
	Named        []Person
	Tier         int    // how far from the classroom it is, from district.TierSchool on
	Handoffs     int64  // how often it changed teams; see Handoffs
	TriedDue     bool   // what was tried before it was passed on is still to be written down
	Next         *Route // where HandUp goes by itself, nil if there is no further step
	CameFrom     string // the team that HandBack returns it to, "" if none
	// MakePrivate are the kinds of private ticket that the viewer may make it.
	MakePrivate []Private
}

// Note is something the desk wrote down for itself. It has nothing in common
// with a Message, so that no code takes one for the other.
type Note struct {
	ID     NoteID
	Writer Person
	Jotted string // its words
	At     time.Time
	Papers []File
}

// Item is a ticket as a line of a list.
type Item struct {
	ID            TicketID
	Title         string
	State         State
	WaitingOn     WaitOn
	Until         time.Time // while it waits
	Impact        Impact
	Private       Private
	RequesterID   district.PersonID
	RequesterName string
	Site          string // short name
	Room          string
	Service       string
	OwnerID       district.PersonID // 0: nobody yet
	OwnerName     string
	Team          string
	Created       time.Time
	SaidAt        time.Time // the last public message
	NeedsAnswer   bool
	Confirmed     bool // the asking side said that it fixed it
	Files         int64
	Version       int64
	Kind          Kind
	// Due is when the first of its promises that run is due; past it, that one
	// is late. Zero: none runs, or none can be counted.
	Due time.Time
	// Covering says that it is of somebody for whom the reader acts, until
	// CoverUntil; they own it still.
	Covering   bool
	CoverUntil time.Time
}

// Late reports whether a promise is past its time.
func (i Item) Late(now time.Time) bool { return !i.Due.IsZero() && now.After(i.Due) }

// Keys of the words for what a ticket is. The desk reads To do, Waiting, Done;
// the asking side reads whether it is their turn.

// Key is the message key of a state, in the desk's words.
func (s State) Key() string { return "desk.state." + string(s) }

// Key is the message key of an impact.
func (i Impact) Key() string { return "desk.impact." + string(i) }

// Key is the message key of what a ticket waits on.
func (w WaitOn) Key() string { return "desk.wait." + string(w) }

// Key is the message key of a kind of private ticket.
func (p Private) Key() string { return "desk.private." + string(p) }

// Key is the message key of a channel.
func (c Channel) Key() string { return "desk.channel." + string(c) }

// AskedKey is the message key of a state in the words of the asking side.
func AskedKey(s State, on WaitOn) string {
	switch {
	case s == Solved || s == Closed:
		return "desk.asked." + string(s)
	case s == Waiting && on == OnRequester:
		return "desk.asked.needs_you"
	}
	return "desk.asked.in_progress"
}
