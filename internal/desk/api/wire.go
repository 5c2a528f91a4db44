package api

import (
	"time"

	"trellis/internal/desk"
)

// person is somebody as JSON names them.
type person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func personOf(p desk.Person) *person {
	if p.ID == 0 {
		return nil
	}
	return &person{int64(p.ID), p.Name}
}

// ref is a thing of the district with its name.
type ref struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func refOf(id int64, name string) *ref {
	if id == 0 {
		return nil
	}
	return &ref{id, name}
}

// request is one ticket as one person sees it.
type request struct {
	ID          int64      `json:"id"`
	Number      string     `json:"number" doc:"As people say it, R-4821."`
	Title       string     `json:"title"`
	Kind        string     `json:"kind" enum:"request,plan" doc:"plan: somebody plans something with a class. It ends by finish-plan, not by solve, and its impact is always question."`
	Plan        *plan      `json:"plan,omitempty" doc:"What a plan says besides; absent of a request."`
	Past        *pastOf    `json:"past,omitempty" doc:"What its old desk recorded, if it was brought over."`
	State       string     `json:"state" enum:"open,waiting,solved,closed"`
	WaitingOn   string     `json:"waiting_on,omitempty"`
	Until       *time.Time `json:"until,omitempty" doc:"While it waits: when it comes back by itself."`
	ReopenUntil *time.Time `json:"reopen_until,omitempty"`
	Impact      string     `json:"impact" enum:"stopped,blocked,slowed,question"`
	Private     string     `json:"private,omitempty"`
	Requester   *person    `json:"requester"`
	Beneficiary *person    `json:"beneficiary,omitempty"`
	Team        *ref       `json:"team,omitempty"`
	Owner       *person    `json:"owner,omitempty" doc:"Absent until somebody took it."`
	OwnerAway   *ownerAway `json:"owner_away,omitempty" doc:"While the owner is away: until when, for who works on it, and who covers for them."`
	For         *person    `json:"for,omitempty" doc:"Its owner, while they are away and you cover for them: what you do is done for them."`
	Site        *ref       `json:"site"`
	Room        *ref       `json:"room,omitempty"`
	Place       string     `json:"place,omitempty"`
	Service     *ref       `json:"service,omitempty"`
	Contact     string     `json:"contact,omitempty"`
	Lang        string     `json:"lang"`
	Channel     string     `json:"channel" enum:"web,api,hallway,phone,mail,import"`
	Created     time.Time  `json:"created"`
	Updated     time.Time  `json:"updated" doc:"When anything that everybody on it sees happened last."`
	SolvedAt    *time.Time `json:"solved_at,omitempty"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
	Confirmed   bool       `json:"confirmed"`
	NeedsAnswer bool       `json:"needs_answer"`
	Version     int64      `json:"version"`
	Followers   []person   `json:"followers"`
	Messages    []message  `json:"messages" doc:"The newest, in the order said."`
	Earlier     bool       `json:"earlier" doc:"There are more messages before these."`
	Before      string     `json:"messages_next,omitempty" doc:"The cursor with which list-messages answers those before these."`
	Works       bool       `json:"works" doc:"You work on it."`
	Asks        bool       `json:"asks" doc:"You asked for it, or it was asked for you."`
	Follows     bool       `json:"follows"`
	Can         []string   `json:"can" doc:"What you may do now."`
	OwesTried   int64      `json:"owes_tried,omitempty" doc:"You passed it on while a class was stopped, and what was tried is still to be written down: the handoff for add-tried."`
	Inside
}

// ownerAway says who takes care of a request while its owner is away.
type ownerAway struct {
	Until *time.Time `json:"until,omitempty"`
	Cover *person    `json:"cover,omitempty" doc:"Absent if nobody covers."`
}

// Inside is what only those read who work on a request. It is exported because
// the document is made by reflection, which passes over unexported parts.
type Inside struct {
	Notes       []note   `json:"notes,omitempty" doc:"The newest, in the order written; for those who work on it alone."`
	NotesBefore string   `json:"notes_next,omitempty" doc:"The cursor with which list-notes answers those before these."`
	Named       []person `json:"named,omitempty" doc:"Of a private request: who alone works on it."`
	MakePrivate []string `json:"make_private,omitempty" doc:"The kinds of private request that you may make it."`
	Tier        int      `json:"tier,omitempty" minimum:"1" doc:"How far from the classroom it is: 1 first help at the school, 2 specialists, 3 who speaks with a vendor."`
	Handoffs    int64    `json:"handoffs,omitempty" doc:"How often it changed teams; see list-handoffs."`
	TriedDue    bool     `json:"tried_due,omitempty" doc:"It was passed on while a class was stopped, and what was tried is still to be written down with add-tried."`
	Next        *step    `json:"next,omitempty" doc:"Where hand-up leads by itself; absent if there is no further step."`
	CameFrom    string   `json:"came_from,omitempty" doc:"The team to which hand-back returns it; absent if nobody passed it on."`
}

// message is something said in public.
type message struct {
	ID       int64     `json:"id"`
	Author   person    `json:"author"`
	FromDesk bool      `json:"from_desk"`
	Text     string    `json:"text"`
	Minutes  int       `json:"minutes,omitempty" doc:"The author is on the way and takes so long; such a message has no text."`
	Channel  string    `json:"channel" enum:"web,api,hallway,phone,mail,import"`
	At       time.Time `json:"at"`
	Files    []file    `json:"files"`
}

// note is something the desk wrote down for itself. It shares no code with
// message.
type note struct {
	ID     int64     `json:"id"`
	Writer person    `json:"writer"`
	Note   string    `json:"note"`
	At     time.Time `json:"at"`
	Files  []file    `json:"files"`
}

type file struct {
	ID      int64     `json:"id"`
	Name    string    `json:"name"`
	Type    string    `json:"type"`
	Size    int64     `json:"size"`
	Preview bool      `json:"preview"`
	At      time.Time `json:"at"`
}

// line is a ticket in a list.
type line struct {
	ID          int64      `json:"id"`
	Number      string     `json:"number"`
	Title       string     `json:"title"`
	Kind        string     `json:"kind" enum:"request,plan"`
	State       string     `json:"state"`
	WaitingOn   string     `json:"waiting_on,omitempty"`
	Until       *time.Time `json:"until,omitempty"`
	Impact      string     `json:"impact"`
	Private     string     `json:"private,omitempty"`
	Requester   person     `json:"requester"`
	Site        string     `json:"site"`
	Room        string     `json:"room,omitempty"`
	Service     string     `json:"service,omitempty"`
	Owner       *person    `json:"owner,omitempty"`
	For         *person    `json:"for,omitempty" doc:"Whose it is, while they are away and you cover for them."`
	CoverUntil  *time.Time `json:"cover_until,omitempty" doc:"Until when you cover for them, as it stands now."`
	Team        string     `json:"team,omitempty"`
	Created     time.Time  `json:"created"`
	SaidAt      time.Time  `json:"said_at"`
	NeedsAnswer bool       `json:"needs_answer"`
	Due         *time.Time `json:"due,omitempty" doc:"When the first of its promises that run is due; past it, that one is late."`
	Confirmed   bool       `json:"confirmed"`
	Files       int64      `json:"files" doc:"How many files its messages carry."`
	Version     int64      `json:"version"`
}

// Changed is the answer to a command.
type Changed struct {
	ID      int64  `json:"id"`
	State   string `json:"state"`
	Version int64  `json:"version"`
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func wireTicket(t desk.Ticket) request {
	out := request{
		ID: int64(t.ID), Number: t.ID.String(), Title: t.Title, Kind: string(t.Kind), Plan: wirePlan(t.Plan), Past: wirePast(t.Past), State: string(t.State), WaitingOn: string(t.WaitingOn), Until: moment(t.Until),
		ReopenUntil: moment(t.ReopenUntil), Impact: string(t.Impact), Private: string(t.Private), Requester: personOf(t.Requester),
		Beneficiary: personOf(t.Beneficiary), Team: refOf(int64(t.Team), t.TeamName), Owner: personOf(t.Owner),
		Site: refOf(int64(t.Place.Site), t.Place.SiteName), Room: refOf(int64(t.Place.Room), t.Place.RoomName), Place: t.Place.Text,
		Service: refOf(int64(t.Service), t.ServiceName), Contact: t.Contact, Lang: t.Lang, Channel: string(t.Channel), Created: t.Created, Updated: t.Updated, SolvedAt: moment(t.SolvedAt),
		ClosedAt: moment(t.ClosedAt), Confirmed: t.Confirmed, NeedsAnswer: t.NeedsAnswer, Version: t.Version, Earlier: t.Earlier,
		Works: t.Works, Asks: t.Asks, Follows: t.Follows, OwesTried: int64(t.OwesTried),
		Followers: []person{}, Can: []string{},
	}
	for _, f := range t.Follower {
		out.Followers = append(out.Followers, person{int64(f.ID), f.Name})
	}
	if t.Away != nil {
		out.OwnerAway = &ownerAway{Until: moment(t.Away.Until), Cover: personOf(t.Away.Cover)}
	}
	if t.Covering {
		out.For = out.Owner
	}
	out.Messages = wireMessages(t.Messages)
	for _, a := range t.Can {
		out.Can = append(out.Can, string(a))
	}
	if t.Inside != nil {
		out.Notes = wireNotes(t.Inside.Notes)
		for _, p := range t.Inside.Named {
			out.Named = append(out.Named, person{int64(p.ID), p.Name})
		}
		for _, k := range t.Inside.MakePrivate {
			out.MakePrivate = append(out.MakePrivate, string(k))
		}
		wireHanded(&out.Inside, t.Inside)
	}
	return out
}

func wireMessages(list []desk.Message) []message {
	out := []message{}
	for _, m := range list {
		out = append(out, wireMessage(m))
	}
	return out
}

func wireNotes(list []desk.Note) []note {
	out := []note{}
	for _, n := range list {
		out = append(out, wireNote(n))
	}
	return out
}

func wireMessage(m desk.Message) message {
	return message{ID: int64(m.ID), Author: person{int64(m.Author.ID), m.Author.Name}, FromDesk: m.FromDesk, Text: m.Text, Minutes: m.Minutes, Channel: string(m.Channel), At: m.At, Files: wireFiles(m.Files)}
}

func wireNote(n desk.Note) note {
	return note{ID: int64(n.ID), Writer: person{int64(n.Writer.ID), n.Writer.Name}, Note: n.Jotted, At: n.At, Files: wireFiles(n.Papers)}
}

func wireFiles(list []desk.File) []file {
	out := []file{}
	for _, f := range list {
		out = append(out, wireFile(f))
	}
	return out
}

func wireFile(f desk.File) file {
	return file{ID: int64(f.ID), Name: f.Name, Type: f.Type, Size: f.Size, Preview: f.Preview, At: f.At}
}

func wireLines(list []desk.Item) []line {
	out := []line{}
	for _, i := range list {
		l := line{ID: int64(i.ID), Number: i.ID.String(), Title: i.Title, Kind: string(i.Kind), State: string(i.State), WaitingOn: string(i.WaitingOn), Until: moment(i.Until),
			Impact: string(i.Impact), Private: string(i.Private), Requester: person{int64(i.RequesterID), i.RequesterName}, Site: i.Site, Room: i.Room,
			Service: i.Service, Team: i.Team, Created: i.Created, SaidAt: i.SaidAt, NeedsAnswer: i.NeedsAnswer, Confirmed: i.Confirmed, Files: i.Files, Due: moment(i.Due), Version: i.Version}
		if i.OwnerID != 0 {
			l.Owner = &person{int64(i.OwnerID), i.OwnerName}
		}
		if i.Covering {
			l.For, l.CoverUntil = l.Owner, moment(i.CoverUntil)
		}
		out = append(out, l)
	}
	return out
}

func wireChanged(c desk.Changed) *changedOut {
	return &changedOut{Body: Changed{ID: int64(c.ID), State: string(c.State), Version: c.Version}}
}

type changedOut struct{ Body Changed }
