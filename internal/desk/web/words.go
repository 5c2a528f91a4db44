package web

import (
	"context"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
)

// standing is what the asking side reads about where a request stands.
type standing struct {
	state     desk.State
	waitingOn desk.WaitOn
	until     time.Time
	owner     string // "" for nobody yet
	team      string // "" where it is not told
	cover     string // who acts for the owner, who is away; "" for nobody
	answered  bool   // the desk spoke last, and said something
	confirmed bool
	plan      bool
}

func standingOf(i desk.Item) standing {
	if i.Private != "" {
		i.Team = "" // the team does not see it
	}
	return standing{
		state: i.State, waitingOn: i.WaitingOn, until: i.Until, owner: i.OwnerName, team: i.Team,
		answered: !i.NeedsAnswer, confirmed: i.Confirmed, plan: i.Kind == desk.Plan,
	}
}

func standingOfTicket(t desk.Ticket) standing {
	cover := ""
	if t.Away != nil {
		cover = t.Away.Cover.Name
	}
	return standing{
		state: t.State, waitingOn: t.WaitingOn, until: t.Until, owner: t.Owner.Name, team: t.TeamName, cover: cover,
		answered: !t.NeedsAnswer, confirmed: t.Confirmed, plan: t.Kind == desk.Plan,
	}
}

func (s standing) needsYou() bool { return s.state == desk.Waiting && s.waitingOn == desk.OnRequester }

// tag is the state in the requester's three words.
func (s standing) tag(ctx context.Context) ui.TagProps {
	switch {
	case s.state == desk.Solved || s.state == desk.Closed:
		return ui.TagProps{Text: kindWords(ctx, s.plan, "request.state.solved", "plan.state.solved"), Tone: ui.Green, Icon: "circle-check"}
	case s.needsYou():
		return ui.TagProps{Text: i18n.T(ctx, "request.state.needs_you"), Tone: ui.Pencil, Icon: "message-square"}
	}
	return ui.TagProps{Text: i18n.T(ctx, "request.state.progress"), Tone: ui.Pen, Icon: "circle-dot"}
}

// next says in one short sentence who has the request and what comes next.
func (s standing) next(t times) string {
	ctx := t.ctx
	switch s.state {
	case desk.Solved, desk.Closed:
		if s.plan {
			return s.nextOfPlan(ctx)
		}
		if s.confirmed {
			return i18n.T(ctx, "request.next.confirmed")
		}
		if s.state == desk.Closed {
			return i18n.T(ctx, "request.next.closed")
		}
		return i18n.T(ctx, "request.next.solved")
	case desk.Waiting:
		switch s.waitingOn {
		case desk.OnRequester:
			if s.cover != "" {
				return i18n.T(ctx, "request.next.requester_cover", "Cover", s.cover, "Name", s.owner)
			}
			if s.owner != "" {
				return i18n.T(ctx, "request.next.requester", "Name", s.owner)
			}
			return i18n.T(ctx, "request.next.requester_team")
		case desk.OnVendor:
			return i18n.T(ctx, "request.next.vendor", "When", t.inside(s.until))
		case desk.OnPart:
			return i18n.T(ctx, "request.next.part", "When", t.inside(s.until))
		}
		return i18n.T(ctx, "request.next.date", "When", t.inside(s.until))
	}
	switch {
	case s.cover != "":
		return i18n.T(ctx, "request.next.cover", "Cover", s.cover, "Name", s.owner)
	case s.owner != "" && s.answered:
		return i18n.T(ctx, "request.next.answered", "Name", s.owner)
	case s.owner != "":
		return i18n.T(ctx, "request.next.owner", "Name", s.owner)
	case s.team != "":
		return i18n.T(ctx, "request.next.team", "Team", s.team)
	}
	return i18n.T(ctx, "request.next.private")
}

// impactWords are what happened to teaching, as staff read it.
func impactWords(ctx context.Context, i desk.Impact) string {
	return i18n.T(ctx, "desk.impact."+string(i))
}

// stateWords are To do, Waiting, Done: the desk's three words.
func stateWords(ctx context.Context, s desk.State) string {
	return i18n.T(ctx, "desk.state."+string(s))
}

func waitWords(ctx context.Context, on desk.WaitOn) string {
	return i18n.T(ctx, "desk.wait."+string(on))
}

func privateWords(ctx context.Context, p desk.Private) string {
	return i18n.T(ctx, "desk.private."+string(p))
}

// placeLine is a place as people say it: "Room 214, Marsh Middle School".
func placeLine(site, room, text string) string {
	return joined(", ", room, text, site)
}

// joined joins what isn't empty.
func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// names lists people as a sentence does: "Rosa, Omar and Dana".
func names(ctx context.Context, list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	last := len(list) - 1
	return i18n.T(ctx, "request.names", "Names", strings.Join(list[:last], ", "), "Last", list[last])
}
