package api

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
)

// step is a team on the path of a request.
type step struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Tier int    `json:"tier" doc:"1 first help at the school, 2 specialists, 3 who speaks with a vendor."`
}

func wireHanded(out *Inside, in *desk.Inside) {
	out.Tier, out.Handoffs, out.TriedDue, out.CameFrom = in.Tier, in.Handoffs, in.TriedDue, in.CameFrom
	if in.Next != nil {
		out.Next = &step{int64(in.Next.Team), in.Next.Name, in.Next.Tier}
	}
}

type handUpIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Team    int64  `json:"team,omitempty" doc:"A team further from the classroom than it is; absent is the next step of its path of which somebody is here."`
		Tried   string `json:"tried,omitempty" maxLength:"20000" doc:"What was tried, for those who work on it. Required unless a class is stopped: then it is asked for afterwards."`
		Why     string `json:"why,omitempty" maxLength:"20000" doc:"Why it goes on, for those who work on it."`
		Version int64  `json:"version,omitempty" doc:"Refuse if it has changed since."`
	}
}

func (o operations) handUp(ctx context.Context, in *handUpIn) (*changedOut, error) {
	b := in.Body
	return answer(o.desk.HandUp(ctx, desk.HandUp{Ticket: ticketID(in.ID), Version: b.Version, Team: district.TeamID(b.Team), Tried: b.Tried, Why: b.Why}))
}

type handBackIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Why     string `json:"why,omitempty" maxLength:"20000" doc:"Required: why it goes back, for those who work on it."`
		Version int64  `json:"version,omitempty" doc:"Refuse if it has changed since."`
	}
}

func (o operations) handBack(ctx context.Context, in *handBackIn) (*changedOut, error) {
	return answer(o.desk.HandBack(ctx, desk.HandBack{Ticket: ticketID(in.ID), Version: in.Body.Version, Why: in.Body.Why}))
}

type triedIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Tried   string `json:"tried,omitempty" maxLength:"20000" doc:"Required: what was tried before it was passed on, for those who work on it."`
		Handoff int64  `json:"handoff,omitempty" doc:"Which one, by its id in list-handoffs; absent is the newest that lacks it."`
	}
}

func (o operations) addTried(ctx context.Context, in *triedIn) (*changedOut, error) {
	return answer(o.desk.AddTried(ctx, desk.AddTried{Ticket: ticketID(in.ID), Handoff: desk.HandoffID(in.Body.Handoff), Text: in.Body.Tried}))
}

type handoffsOut struct {
	Body struct {
		Handoffs []handoff `json:"handoffs" doc:"Oldest first."`
	}
}

// handoff is one time that a request changed teams.
type handoff struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	By       *person   `json:"by,omitempty" doc:"Absent: Trellis itself."`
	Way      string    `json:"way" enum:"up,back,side" doc:"up: further from the classroom; back: to where it came from; side: anywhere else."`
	From     step      `json:"from"`
	Owner    *person   `json:"owner,omitempty" doc:"Who owned it before; absent: nobody of the team had taken it."`
	To       step      `json:"to"`
	Tried    string    `json:"tried,omitempty" doc:"What was tried."`
	Why      string    `json:"why,omitempty"`
	TriedDue bool      `json:"tried_due" doc:"What was tried is still to be written down with add-tried."`
}

func (o operations) handoffs(ctx context.Context, in *byID) (*handoffsOut, error) {
	list, err := o.desk.Handoffs(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &handoffsOut{}
	out.Body.Handoffs = []handoff{}
	for _, h := range list {
		out.Body.Handoffs = append(out.Body.Handoffs, handoff{
			ID: int64(h.ID), At: h.At, By: personOf(h.By), Way: string(h.Way), From: step{int64(h.From), h.FromName, h.FromTier}, Owner: personOf(h.FromPerson),
			To: step{int64(h.To), h.ToName, h.ToTier}, Tried: h.Tried, Why: h.Why, TriedDue: h.TriedDue,
		})
	}
	return out, nil
}
