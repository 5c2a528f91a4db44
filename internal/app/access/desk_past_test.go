package access_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/desk/past"
	"trellis/internal/platform/db"
)

// recorded makes requests that another desk had: one of each place of the
// district, and one of a place that it doesn't know.
func (d *desks) recorded(places ...string) []*access.Object {
	t := d.t
	t.Helper()
	var out []*access.Object
	file := "Number,Title,Text,Status,Team,Assigned to,Requester,Opened,School\n"
	for i, place := range places {
		// Nobody here asked, and no team here had it: who helps at the place, or
		// everywhere, works on what is left of it.
		works := func(i *access.Identity) bool {
			e := of(i)
			return e.key != "" && e.desk && e.helper() && e.helpsAt(place)
		}
		o := &access.Object{Name: "a request that another desk had at " + place, MaySee: works, ID: map[string]string{"ticket": fmt.Sprintf("H-%d", i+1)}}
		say := func(kind string) string {
			w := d.word()
			o.Words = append(o.Words, access.Word{Text: w, Kind: kind})
			return w
		}
		file += fmt.Sprintf("%s,Projector %s,It says %s,%s,%s,%s,%s,2025-09-03 08:10,%s school\n", say("number there"), say("title"), say("text"),
			say("status"), say("team"), say("who had it"), say("requester"), place)
		out = append(out, o)
	}
	run := must[past.Run](t)(d.Past.AddDraft(d.as("ruth"), strings.NewReader(file), "old.csv"))
	must[past.Run](t)(d.Past.Begin(d.as("ruth"), run.ID))
	must[int](t)(d.Jobs.Drain(d.system()))
	for i, o := range out {
		rows := must[[]desk.PastRow](t)(d.Desk.PastRows(d.as("ruth"), desk.TicketID(-i-1)))
		o.ID["row"] = number(rows[0].ID)
		lines := must[[]desk.Line](t)(d.Desk.History(d.as("ruth"), desk.TicketID(-i-1)))
		o.ID["event"] = "1"
		if len(lines) > 0 {
			o.ID["event"] = number(lines[len(lines)-1].Event)
		}
	}
	return out
}

// rowsOf take a line of what another desk recorded out, and put it back.
func rowsOf() []*access.Door {
	door := func(name, method, path string) *access.Door {
		return &access.Door{Name: name, Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
			if strings.HasPrefix(path, "/api/") {
				return c.JSON(method, fill(path, o), nil)
			}
			return c.Post(fill(path, o), access.Form{})
		}}
	}
	return []*access.Door{
		door("taking a line out", "POST", "/r/{ticket}/past/{row}/remove"), door("putting a line back", "POST", "/r/{ticket}/past/{row}/restore"),
		door("API taking a line out", "DELETE", "/api/v1/requests/{ticket}/past/{row}"), door("API putting a line back", "POST", "/api/v1/requests/{ticket}/past/{row}/restore"),
	}
}

// What another desk had is seen by who helps where it was, or everywhere, and
// by nobody else, through no door.
func TestProbePast(t *testing.T) {
	d := &desks{world: build(t, db.SQLite)}
	objects := d.recorded("north", "south", "unknown")
	ghost := d.ghost()
	ghost.ID = map[string]string{"ticket": "H-900001", "row": "900006", "event": "900005"}
	for _, kind := range []string{"status", "team", "who had it", "requester", "number there"} {
		ghost.Words = append(ghost.Words, access.Word{Text: d.word(), Kind: kind})
	}
	p := access.Prober{Handler: d, Base: address, Objects: objects, Ghost: ghost, Identities: d.everybody(), Parallel: runtime.GOMAXPROCS(0)}
	p.Doors = slices.Concat(pagesOf(), commandsOf(), readsOf(), rowsOf(), searchesOf(), listsOf(d))
	p.Doors = slices.DeleteFunc(p.Doors, func(door *access.Door) bool {
		for _, k := range door.Knows { // of the words of a request that was born here
			if !slices.Contains([]string{"title", "text"}, k) {
				return true
			}
		}
		// These take the numbers of what was born here.
		return door.Name == "a list's form" || door.Name == "API its notices read"
	})
	p.Doors = asked(t, p.Doors)
	d.read()
	head := events(d)
	r := p.Run()
	t.Logf("%d probes by %d requests", r.Probes, r.Requests)
	for _, l := range r.Summary() {
		t.Error(l)
	}
	if n := events(d); n != head {
		t.Errorf("%d events came of commands that were refused", n-head)
	}
	if *only == "" && r.Requests < 8000 {
		t.Errorf("%d requests: the table has shrunk", r.Requests)
	}
}
