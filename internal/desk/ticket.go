package desk

import (
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
)

// Ids are typed per noun and never reused.
type (
	TicketID  int64
	MessageID int64
	NoteID    int64
	FileID    int64
	EventID   int64 // of an event in a ticket's history
)

// String is the number as people say it: R-4821, or H-12 of one that was
// brought over.
func (id TicketID) String() string {
	if id.Past() {
		return "H-" + strconv.FormatInt(-int64(id), 10)
	}
	return "R-" + strconv.FormatInt(int64(id), 10)
}

// Past reports whether the ticket was brought over from another desk. Those
// have the numbers below zero, so that they never meet the numbers that tickets
// get here, and stand behind all of these wherever the newest come first.
func (id TicketID) Past() bool { return id < 0 }

// ParseTicketID reads "R-4821", "r4821" or "4821", and "H-12" or "h12".
func ParseTicketID(s string) (TicketID, bool) {
	s = strings.TrimSpace(s)
	sign := int64(1)
	if len(s) > 0 && strings.IndexByte("RrHh", s[0]) >= 0 {
		if s[0]|0x20 == 'h' {
			sign = -1
		}
		s = strings.TrimLeft(s[1:], "-‑– ")
	}
	if s == "" || len(s) > 18 || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return TicketID(sign * n), err == nil && n > 0
}

// State is where a ticket stands.
type State string

const (
	Open    State = "open"
	Waiting State = "waiting" // on somebody or something, until then
	Solved  State = "solved"  // can be reopened until next_at
	Closed  State = "closed"
)

// States lists every state in the order in which a request passes them.
var States = []State{Open, Waiting, Solved, Closed}

// Impact is what happened to teaching.
type Impact string

const (
	Stopped  Impact = "stopped"  // a class is stopped
	Blocked  Impact = "blocked"  // a person can't work
	Slowed   Impact = "slowed"   // it goes, with effort
	Question Impact = "question" // nothing is broken
)

// Impacts lists every impact, the most urgent first.
var Impacts = []Impact{Stopped, Blocked, Slowed, Question}

func (i Impact) urgency() int64 {
	for n, x := range Impacts {
		if x == i {
			return int64(n)
		}
	}
	return -1
}

// WaitOn is whom or what a ticket waits on.
type WaitOn string

const (
	OnRequester WaitOn = "requester"
	OnVendor    WaitOn = "vendor"
	OnPart      WaitOn = "part"
	OnDate      WaitOn = "date"
)

// WaitsOn lists everything that a ticket may wait on.
var WaitsOn = []WaitOn{OnRequester, OnVendor, OnPart, OnDate}

// Private is the kind of worry that makes a ticket private; "" is none.
type Private string

const (
	SuspiciousMail Private = "suspicious_mail"
	LostDevice     Private = "lost_device"
	Privacy        Private = "privacy"
	Safety         Private = "safety"
)

// PrivateKinds lists every kind of private ticket.
var PrivateKinds = []Private{SuspiciousMail, LostDevice, Privacy, Safety}

// Channel is how a request or a message reached us.
type Channel string

const (
	ByWeb     Channel = "web"
	ByAPI     Channel = "api"
	ByHallway Channel = "hallway" // said in passing, written down by a helper
	ByPhone   Channel = "phone"
	ByMail    Channel = "mail"
	ByImport  Channel = "import" // brought over from another desk
)

// Channels lists every channel.
var Channels = []Channel{ByWeb, ByAPI, ByHallway, ByPhone, ByMail}

const (
	// ReopenWindow is how long a solved ticket can be reopened by its
	// requester before it closes.
	ReopenWindow = 7 * 24 * time.Hour

	// maxWait bounds how far away the end of a wait may be.
	maxWait = 366 * 24 * time.Hour
)

// SuggestedWait is how long to wait on something when nobody said how long.
func SuggestedWait(on WaitOn) time.Duration {
	switch on {
	case OnVendor:
		return 2 * 24 * time.Hour
	case OnPart:
		return 7 * 24 * time.Hour
	}
	return 3 * 24 * time.Hour
}

// ticket is the row that commands work on. Commands change a copy; save
// stores the difference.
type ticket struct {
	ID          TicketID
	Title       string
	State       State
	WaitingOn   WaitOn
	NextAt      time.Time
	Impact      Impact
	Requester   district.PersonID
	Beneficiary district.PersonID
	Team        district.TeamID
	Owner       district.PersonID
	Site        district.SiteID
	Room        district.RoomID
	PlaceText   string
	Service     district.ServiceID
	Contact     string
	Channel     Channel
	Private     Private
	Lang        string
	Created     time.Time
	SolvedAt    time.Time
	ClosedAt    time.Time
	Confirmed   bool
	SaidAt      time.Time // the last public message
	SaidByDesk  bool
	Files       int64 // on public messages
	Version     int64
	Kind        Kind
	Tier        int   // how far from the classroom it is: district.TierSchool and further
	Handoffs    int64 // how often it changed teams
}

// turn is a ticket's place in line: by impact, then by age. An instant takes
// 51 bits, so the impact stands above it.
func (t ticket) turn() int64 { return Turn(t.Impact, t.Created) }

// Turn is the place in line of a ticket with an impact that was created then.
func Turn(i Impact, created time.Time) int64 { return i.urgency()<<turnBits | created.UnixMicro() }

const turnBits = 52

// unturn reads impact and creation back from a place in line, so that a list
// reads one column and not three.
func unturn(turn int64) (Impact, time.Time) {
	return Impacts[turn>>turnBits&3], time.UnixMicro(turn & (1<<turnBits - 1)).UTC()
}

// The transitions. Each leaves a state that the table's checks accept.

func (t *ticket) open() {
	t.State, t.WaitingOn, t.NextAt = Open, "", time.Time{}
	t.SolvedAt, t.ClosedAt, t.Confirmed = time.Time{}, time.Time{}, false
}

func (t *ticket) wait(on WaitOn, until time.Time) {
	t.open()
	t.State, t.WaitingOn, t.NextAt = Waiting, on, until
}

func (t *ticket) solve(now time.Time, confirmed bool) {
	t.open()
	t.State, t.SolvedAt, t.NextAt, t.Confirmed = Solved, now, now.Add(ReopenWindow), confirmed
}

func (t *ticket) close(now time.Time) {
	t.State, t.NextAt, t.ClosedAt = Closed, time.Time{}, now
}
