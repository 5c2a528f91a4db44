package browser_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/desk"
	deskpast "trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// logged is what an old desk recorded of n requests, as one row for each thing
// that happened. The column of the school goes by the given name.
func logged(n int, school string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"Ticket", "Updated", "Status", "Group", "Assigned to", "Priority", school, "Category", "Subject", "Caller", "Within SLA"})
	first := time.Date(2024, 9, 3, 7, 30, 0, 0, time.UTC)
	for i := range n {
		dice := func(k, sides int) int { return dice(i, k, sides) }
		at := working(first, 170*480*i/n+dice(1, 400))
		what := troubles[dice(2, len(troubles))]
		place := []string{"Marsh", "Marsh", "Marsh", "Orchard", "Orchard", "Juniper High", "Juniper High", "Juniper High", "Tall Pines", "Prairie View", "Adult Education"}[dice(3, 11)]
		caller := []string{"Pat Oyelaran", "Robin Castle", "Lee Amato", "Kit Nakamura"}[dice(4, 4)]
		if i%9 == 4 {
			caller = "tessa@junipervalley.example"
		}
		pace := 1 << dice(5, 7)
		if place == "Tall Pines" {
			pace *= 3
		}
		took := 0
		team, who := "First help", "Sam Kim"
		row := func(minutes int, status string) {
			at = working(at, minutes)
			if status != "Closed" {
				took += minutes
			}
			kept := map[bool]string{true: "yes", false: "no"}[took < 900]
			if i%11 == 0 {
				kept = ""
			}
			_ = w.Write([]string{"OD-" + strconv.Itoa(1001+i), at.Format("2006-01-02 15:04"), status, team, who,
				[]string{"High", "Medium", "Medium", "Low", "Low"}[dice(6, 5)], place, what[0], what[1], caller, kept})
		}
		hand := func(to, whom string) {
			team, who = to, whom
			row(5*pace+3, "Assigned")
		}
		row(0, "New")
		row(4+pace*dice(7, 5), "In progress")
		if dice(8, 10) >= 5 {
			hand("Help desk (tier 2)", "Dana Whitfield")
			row(3*pace, "In progress")
			if dice(9, 8) == 0 { // back and forth
				hand("First help", "Sam Kim")
				hand("Help desk (tier 2)", "Wes Tanaka")
			}
			if dice(10, 4) == 0 {
				hand("Network (tier 3)", "Bea Novak")
			}
		}
		if on := dice(11, 8); on < 4 {
			row(6, []string{"Waiting on requester", "Waiting on requester", "On hold - vendor", "Waiting for part"}[on])
			if i%40 == 17 {
				continue // it waits to this day
			}
			row(90*(1+dice(12, 9))*(1+on/2*4), "In progress")
		}
		if i >= n-7 && i%2 == 0 {
			continue
		}
		row(9*pace, "Resolved")
		if dice(13, 14) == 0 {
			row(300, "In progress")
			row(60, "Resolved")
		}
		row(960, "Closed")
	}
	w.Flush()
	return b.String()
}

var troubles = [][2]string{
	{"Chromebooks", "Cart in the library does not charge"}, {"Sign-in", "Student is asked for a password again and again"}, {"Wi-Fi", "No network in the portable classroom"},
	{"Printing", "Printer in the workroom prints half a page"}, {"Classroom displays", "Display stays black with sound"}, {"Gradebook", "Grades of last week are gone"},
	{"Chromebooks", "Keyboard lost three keys"}, {"Sign-in", "New student has no account"},
}

// dice falls the same way every time.
func dice(i, k, sides int) int {
	x := uint32(i*7919 + k*104729 + 12345)
	x = (x ^ x>>15) * 0x2c1b3c6d
	x = (x ^ x>>12) * 0x297a2d39
	return int((x ^ x>>15) % uint32(sides))
}

// working is some minutes of school time after another moment.
func working(t time.Time, minutes int) time.Time {
	for {
		end := time.Date(t.Year(), t.Month(), t.Day(), 15, 30, 0, 0, time.UTC)
		left := int(end.Sub(t).Minutes())
		if minutes <= left {
			return t.Add(time.Duration(minutes) * time.Minute)
		}
		minutes -= left
		for t = end.Add(16 * time.Hour); t.Weekday() == time.Saturday || t.Weekday() == time.Sunday; {
			t = t.AddDate(0, 0, 1)
		}
	}
}

// draft is a file that was sent and whose columns are right.
func (h *house) draft(t testing.TB, file, content string) deskpast.Run {
	t.Helper()
	run := must[deskpast.Run](t)(h.Past.AddDraft(h.as(t, "director"), strings.NewReader(content), file))
	run.Map.Zone, run.Map.Hours = demo.Zone, "Mon-Fri 07:30-15:30"
	return must[deskpast.Run](t)(h.Past.Set(h.as(t, "director"), run.ID, deskpast.Change{Name: run.Name, Map: run.Map}))
}

// settled has the jobs do what was begun.
func (h *house) settled(t testing.TB, id deskpast.RunID, want deskpast.RunState) {
	t.Helper()
	for range 600 {
		_, err := h.Jobs.Drain(app.AsSystem(t.Context()))
		run := must[deskpast.Run](t)(h.Past.Find(h.as(t, "director"), id))
		if err != nil || run.State == want {
			must[int](t)(0, err)
			return
		}
		_ = clock.Sleep(t.Context(), clock.System(), 50*time.Millisecond) // the house works on it too
	}
	t.Fatalf("the run never was %s", want)
}

// bringPast brings in what an old desk recorded.
func bringPast(t testing.TB, h *house) deskpast.Run {
	t.Helper()
	id := h.draft(t, "Old desk.csv", logged(240, "School")).ID
	must[deskpast.Run](t)(h.Past.Begin(h.as(t, "director"), id))
	h.settled(t, id, deskpast.Done)
	return must[deskpast.Run](t)(h.Past.Find(h.as(t, "director"), id))
}

// flowOf is the address of how support flowed in a past.
func flowOf(r deskpast.Run) string { return fmt.Sprintf("/steer/flow?source=%d", r.Source) }

// files are readings of files, by how far they are.
type files struct {
	draft, refused, failed, running, stopped, undone deskpast.RunID
	done                                             deskpast.Run
}

func broughtIn(t testing.TB, h *house) (f files) {
	t.Helper()
	director := h.as(t, "director")
	begin := func(file, content string) deskpast.RunID {
		id := h.draft(t, file, content).ID
		must[deskpast.Run](t)(h.Past.Begin(director, id))
		return id
	}
	twice := logged(6, "School")
	twice += strings.SplitAfter(twice, "\n")[0] + "OD-9001,in spring,New,,,,,,,,\n"
	f.undone = begin("A year too many.csv", logged(5, "School"))
	h.settled(t, f.undone, deskpast.Done)
	must[deskpast.Run](t)(h.Past.Undo(director, f.undone))
	h.settled(t, f.undone, deskpast.Undone)
	f.failed = begin("Two exports in one.csv", twice)
	h.settled(t, f.failed, deskpast.Failed)
	f.done = bringPast(t, h)
	f.refused = h.draft(t, "Two headers.csv", twice).ID
	f.draft = h.draft(t, "tickets-2023-2024-all-schools-final-export-with-everything.csv", logged(60, "Where")).ID
	// A run is on its way for moments only: these stand still there.
	f.running, f.stopped = h.draft(t, "Large.csv", logged(9, "School")).ID, h.draft(t, "Half.csv", logged(9, "School")).ID
	err := h.DB.Write(app.AsSystem(t.Context()), "stand still", func(tx *db.Tx) error {
		tx.Unlogged("a test's run that never ends")
		_, err := tx.Exec(`UPDATE desk_past_run SET state = 'running', share = 62, rows = 18311, added = 1290 WHERE id = $1`, f.running)
		if err == nil {
			_, err = tx.Exec(`UPDATE desk_past_run SET state = 'stopped', share = 57, rows = 40, added = 6 WHERE id = $1`, f.stopped)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// newborn is a district that is set up and that nobody has asked for anything.
func newborn(t testing.TB) *house {
	t.Helper()
	return build(t, true, func(o app.Options, now time.Time) *app.Demo {
		o.Clock = clock.NewManual(now)
		d, err := app.OpenDistrict(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		ctx := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
		key, err := d.District.MakeSetupKey(ctx)
		var first district.Session
		if err == nil {
			_, first, err = d.District.SetUp(ctx, district.SetUp{Key: key, District: "North Fork", Zone: demo.Zone, Lang: "en-US", Name: "Ruth Castellano", Email: "ruth@northfork.example",
				Password: "four words nobody guesses", Site: "North Fork School", Level: "elementary", Team: "Help"})
		}
		if err := errors.Join(err, d.Close()); err != nil {
			t.Fatal(err)
		}
		return &app.Demo{Key: "journey", People: []app.DemoPerson{{Role: "director", Name: "Ruth Castellano", Person: int64(first.Person)}}}
	})
}

// pastScenes are the pages of a past that was brought in, and how support
// flowed in it.
func pastScenes(t testing.TB) []scene {
	h, none := example(t), newborn(t)
	f := broughtIn(t, h)
	director := h.as(t, "director")
	first, mine := h.find(t, "director", "OD-1001"), h.find(t, "director", "OD-1005")
	if rows := must[[]desk.PastRow](t)(h.Desk.PastRows(director, mine)); len(rows) < 3 {
		t.Fatalf("%s has %d lines", mine, len(rows))
	} else {
		must[desk.Changed](t)(h.Desk.RemovePastRow(director, mine, rows[1].ID))
	}
	// Who stands for all the askers of a past has no earlier requests.
	if asked := must[desk.Ticket](t)(h.Desk.FindTicket(director, first)).Requester; asked.Name != "Robin Castle" {
		t.Errorf("%s was asked by %q", first, asked.Name)
	} else if others := must[[]desk.Item](t)(h.Desk.Earlier(director, asked.ID, first, 5)); len(others) > 0 {
		t.Errorf("requests of others are shown as those of %s: %v", asked.Name, others)
	}
	run := func(id deskpast.RunID) string { return "/settings/past/" + strconv.FormatInt(int64(id), 10) }
	old := func(id desk.TicketID) string { return "/r/" + id.String() }
	flow := func(query string) string { return flowOf(f.done) + query }
	list := strings.Replace(flow("&behind="), "/flow?", "/flow/requests?", 1)
	const refused = "status of 422"
	return []scene{
		{who: "director without a past", role: "director", house: none, states: []state{
			{name: "no files", reach: at("/settings/past")},
			{name: "no file chosen", reach: then("/settings/past", submits("#upload .btn-primary")), expect: refused, failed: true},
			{name: "nothing to count", reach: at("/steer/flow")},
		}},
		{who: "director and the past", role: "director", house: h, states: []state{
			{name: "files", reach: at("/settings/past")},
			{name: "file that can come in", reach: then(run(f.draft), unfolds("main details"))},
			{name: "file matched wrongly", reach: then(run(f.draft), sets("#f-zone", "Mars/Olympus"), sets("#f-hours", "always"), sets("#f-name", ""), submits("#match .btn-primary")), expect: refused, failed: true},
			{name: "file with rows not understood", reach: at(run(f.refused))},
			{name: "file that failed", reach: at(run(f.failed))},
			{name: "file that comes in", reach: at(run(f.running))},
			{name: "file that was stopped", reach: at(run(f.stopped))},
			{name: "file that came in", reach: then(run(f.done.ID), unfolds("main details"))},
			{name: "file taken back", reach: at(run(f.undone))},
			{name: "request of the past", reach: at(old(first))},
			{name: "request with a line taken out", reach: at(old(mine))},
			{name: "search finds the past", reach: at("/desk/search?q=OD-1005")},
			{name: "flow", reach: at(flow(""))},
			{name: "flow by period, wall clock", reach: at(flow("&by=period&clock=wall"))},
			{name: "flow by service at one place", reach: at(flow("&by=service&place=Marsh"))},
			{name: "flow of nothing", reach: at(flow("&place=Nowhere"))},
			{name: "flow of all", reach: at("/steer/flow?source=-1")},
			{name: "requests behind a number", reach: at(list + "solved")},
			{name: "requests that waited", reach: at(list + "wait_vendor")},
		}},
		{who: "teacher and the past", role: "teacher", house: h, states: []state{
			{name: "request of the past", reach: at(old(mine))},
			{name: "requests with a past", reach: at("/help/requests")},
		}},
		{who: "librarian and the past", role: "tier1", house: h, states: []state{
			{name: "flow", reach: at(flow(""))},
			{name: "request of the past", reach: at(old(mine))},
		}},
	}
}
