package access_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

// The desk's objects: a request of every shape, in every state, at two sites.

// shape is what makes a request visible to some and not to others.
type shape struct {
	name        string
	private     desk.Private // from its first moment
	hidden      bool         // made private later; who was on it no longer is
	plan        bool         // of something with a class
	service     string
	requester   map[string]string // by site; nil is teachers
	beneficiary string
	follower    string
	owner       string
}

var shapes = []shape{
	{name: "plain"},
	{name: "suspicious mail", private: desk.SuspiciousMail},
	{name: "lost device", private: desk.LostDevice},
	{name: "privacy", private: desk.Privacy},
	{name: "safety", private: desk.Safety},
	{name: "followed", follower: "fay"},
	{name: "asked for somebody", beneficiary: "ben"},
	{name: "owned from elsewhere", owner: "olga"},
	{name: "of a team from elsewhere", service: "network"},
	{name: "private later", follower: "fay", beneficiary: "ben", owner: "olga", hidden: true},
	{name: "planned with a class", plan: true},
	{name: "asked by family", requester: map[string]string{"north": "stu", "south": "gail"}},
	{name: "taken in a team from elsewhere", service: "network", owner: "ned"},
	{name: "privacy with who is away", private: desk.Privacy, owner: "olga"},
}

var teachers = map[string]string{"north": "tess", "south": "theo"}

// facts are what a request is, as it was made: the rule below reads nothing
// else.
type facts struct {
	shape
	site  string
	state desk.State
	by    string
	id    desk.TicketID
}

func (f facts) kind() desk.Private {
	if f.hidden {
		return desk.SuspiciousMail
	}
	return f.private
}

// works: a private request is worked on by the people named for its kind, and
// by nobody else. Any other by who helps at its site or everywhere, by helpers
// who own it or whose team does, and by helpers who cover.
func (f facts) works(e *eyes) bool {
	switch {
	case e.key == "" || !e.desk:
		return false
	case f.kind() != "":
		return slices.Contains(named[f.kind()], e.key)
	case !e.helper():
		return false
	}
	return e.helpsAt(f.site) || f.owner == e.key || slices.Contains(e.teams, f.team()) || f.covered(e)
}

// covered: who covers for somebody has what is theirs, and what is their
// teams' and nobody's yet.
func (f facts) covered(e *eyes) bool {
	away := standIns[e.key]
	return away != "" && (f.owner == away || f.owner == "" && slices.Contains(teamsOf(away), f.team()))
}

// team owns the request: by what is broken, else by where.
func (f facts) team() string {
	if f.service != "" {
		return f.service
	}
	return f.site
}

// asks: who asked, and for whom, unless it is private.
func (f facts) asks(e *eyes) bool {
	return e.key != "" && e.read && (f.by == e.key || f.kind() == "" && f.beneficiary == e.key)
}

// sees: who works on it, who asks, and of what is not private its owner and
// its followers.
func (f facts) sees(e *eyes) bool {
	return f.works(e) || f.asks(e) || e.key != "" && e.read && f.kind() == "" && (f.owner == e.key || f.follower == e.key)
}

// desks makes objects.
type desks struct {
	*world
	words int
	made  map[*access.Object]facts
}

func (d *desks) word() string { d.words++; return access.Canary(d.words) }

// object makes one request with all that belongs to it.
func (d *desks) object(s shape, site string, state desk.State) *access.Object {
	t, k := d.t, d.Desk
	t.Helper()
	f := facts{shape: s, site: site, state: state, by: teachers[site]}
	if s.requester != nil {
		f.by = s.requester[site]
	}
	works := func(i *access.Identity) bool { return f.works(of(i)) }
	asking := func(i *access.Identity) bool { return f.works(of(i)) || f.asks(of(i)) }
	o := &access.Object{Name: fmt.Sprintf("a request at %s, %s, %s", site, s.name, state), ID: map[string]string{},
		MaySee: func(i *access.Identity) bool { return f.sees(of(i)) }}
	say := func(kind string, may func(*access.Identity) bool) string {
		w := d.word()
		o.Words = append(o.Words, access.Word{Text: w, Kind: kind, MayRead: may})
		return w
	}
	wrote := f.by
	if s.beneficiary != "" {
		wrote = "dana" // asking for others is the desk's: she writes down what was said
	}
	asker := d.as(wrote)
	add := func(by string, name string, content []byte) desk.FileID {
		return must[desk.File](t)(k.AddFile(d.as(by), name, bytes.NewReader(content))).ID
	}
	paper := add(wrote, say("file name", nil)+".txt", []byte("It says "+say("file", nil)+"\n"))
	picture := add(wrote, say("picture name", nil)+".png", testkit.PNG(o.Name))
	c := desk.CreateTicket{
		Text: "Projector " + say("title", nil) + "\nIt says " + say("text", nil), Files: []desk.FileID{paper, picture}, Site: d.sites[site],
		PlaceText: "by the " + say("place", nil), Contact: "ring " + say("contact", asking), Service: d.services[s.service], Private: s.private,
	}
	if s.beneficiary != "" {
		c.Requester, c.Beneficiary = d.people[f.by], d.people[s.beneficiary]
	}
	made := desk.Created{}
	if s.plan {
		made = must[desk.Created](t)(k.CreatePlan(asker, desk.CreatePlan{Goal: c.Text, By: worktime.DateOf(d.clock.Now().AddDate(0, 1, 0)),
			Class: "7B " + say("class", nil), Files: c.Files, Site: c.Site, PlaceText: c.PlaceText, Contact: c.Contact}))
	} else {
		made = must[desk.Created](t)(k.CreateTicket(asker, c))
	}
	f.id = made.ID
	o.ID["ticket"], o.ID["file"], o.ID["picture"] = number(f.id), number(paper), number(picture)

	helper := "dana"
	if s.private != "" {
		helper = named[s.private][0]
	}
	works1 := d.as(helper)
	must[desk.Replied](t)(k.Reply(works1, f.id, desk.Words{Text: "We say " + say("reply", nil)}))
	note := add(helper, say("note's file name", works)+".txt", []byte("Inside "+say("note's file", works)+"\n"))
	must[desk.Jotted](t)(k.AddNote(works1, f.id, "We think "+say("note", works), []desk.FileID{note}))
	o.ID["paper"] = number(note)
	if s.follower != "" {
		must[desk.Changed](t)(k.AddFollower(works1, f.id, d.people[s.follower]))
	}
	if s.service == "network" && s.owner == "" { // handed up: the place's own team would have it
		must[desk.Changed](t)(k.HandUp(works1, desk.HandUp{Ticket: f.id, Team: d.teams["network"], Tried: "Restarted " + say("tried", works), Why: "Because " + say("why", works)}))
	}
	if s.owner != "" {
		must[desk.Changed](t)(k.Assign(works1, desk.Assign{Ticket: f.id, Team: d.teams[s.service], Person: d.people[s.owner]}))
	}
	if s.hidden {
		must[desk.Changed](t)(k.MakePrivate(works1, f.id, 0, f.kind()))
	}
	switch state {
	case desk.Waiting:
		must[desk.Changed](t)(k.Wait(works1, desk.Wait{Ticket: f.id, On: desk.OnVendor, Until: d.clock.Now().Add(60 * 24 * time.Hour)}))
	case desk.Solved, desk.Closed:
		if s.plan {
			must[desk.Changed](t)(k.FinishPlan(works1, desk.FinishPlan{Ticket: f.id, Outcome: desk.Visit, Words: desk.Words{Text: "We come"}}))
		} else {
			must[desk.Changed](t)(k.Solve(works1, f.id, 0, desk.Words{}))
		}
	}
	lines := must[[]desk.Line](t)(k.History(works1, f.id))
	o.ID["event"] = number(lines[len(lines)-1].Event)
	if d.made == nil {
		d.made = map[*access.Object]facts{}
	}
	d.made[o] = f
	return o
}

// all makes every shape in every state at both sites. What shall be closed is
// solved first: its reopen window has to end.
func (d *desks) all(shapes []shape, states []desk.State) []*access.Object {
	d.t.Helper()
	var out []*access.Object
	states = slices.Clone(states)
	slices.SortFunc(states, func(a, b desk.State) int { return strings.Compare(string(a), string(b)) }) // closed comes first
	for _, state := range states {
		for _, site := range []string{"north", "south"} {
			for _, s := range shapes {
				out = append(out, d.object(s, site, state))
			}
		}
		if state == desk.Closed {
			d.clock.Advance(desk.ReopenWindow + time.Hour)
			d.ok(d.Desk.Sweep(d.system()))
		}
	}
	must[int](d.t)(d.Jobs.Drain(d.system()))
	return out
}

// ghost has everything to ask by and does not exist.
func (d *desks) ghost() *access.Object {
	o := &access.Object{Name: "nothing", ID: map[string]string{"ticket": "900001", "file": "900002", "picture": "900003", "paper": "900004", "event": "900005"}}
	for _, kind := range []string{"title", "text", "reply", "note", "place", "contact", "class", "file name", "picture name", "file", "note's file name", "note's file", "tried", "why"} {
		o.Words = append(o.Words, access.Word{Text: d.word(), Kind: kind})
	}
	return o
}

// deskScopes are all that a token may do at the desk.
var deskScopes = []string{district.ScopeRequestsRead, district.ScopeRequestsWrite, district.ScopeDeskRead, district.ScopeDeskWrite, district.ScopeDistrictRead}

// everybody is who looks at the desk's objects.
func (w *world) everybody() []*access.Identity {
	out := []*access.Identity{nobody()}
	for _, p := range cast {
		out = append(out, w.identity(p.key))
	}
	return append(out,
		w.bearer("tess", district.ScopeRequestsRead),
		w.bearer("dana", deskScopes...),
		w.bearer("dana", district.ScopeRequestsRead, district.ScopeRequestsWrite),
		w.bearer("cora", deskScopes...),
	)
}
