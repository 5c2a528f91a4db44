package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// TestOrder: the most urgent comes first, then who has waited longest; pages
// follow each other without gap or repetition while others come in between.
func TestOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := dice(5)
		type asked struct {
			id     desk.TicketID
			impact int
		}
		var all []asked
		for range 30 {
			w.clock.Advance(time.Duration(d.roll(3)) * time.Second) // some at the same instant
			a := asked{impact: d.roll(4)}
			a.id = w.ask(w.tessa, "x", func(c *desk.CreateTicket) { c.Impact = desk.Impacts[a.impact] })
			all = append(all, a)
		}
		var got []desk.TicketID
		q := desk.Query{Limit: 7}
		for {
			p := must[desk.Page](t)(w.desk.ListTickets(w.as(w.sam), q))
			got = append(got, itemIDs(p.Items)...)
			if q.Cursor = p.Next; q.Cursor == "" {
				break
			}
			w.ask(w.luis, "in between", func(c *desk.CreateTicket) { c.Impact = desk.Stopped }) // before where we are
		}
		slices.SortStableFunc(all, func(a, b asked) int { return a.impact - b.impact })
		var want []desk.TicketID
		for _, a := range all {
			want = append(want, a.id)
		}
		got = slices.DeleteFunc(got, func(id desk.TicketID) bool { return !slices.Contains(want, id) })
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		newest := w.all(w.sam, desk.Query{Sort: desk.ByNewest, Limit: 4})
		if !slices.IsSortedFunc(newest, func(a, b desk.TicketID) int { return int(b - a) }) || len(newest) != 30+4 {
			t.Errorf("newest first: %v", newest)
		}
		var done []desk.TicketID
		for _, id := range want[:9] {
			w.clock.Advance(time.Second)
			w.must(w.desk.Solve(w.as(w.sam), id, 0, desk.Words{}))
			done = append([]desk.TicketID{id}, done...)
		}
		if got := w.all(w.sam, desk.Query{State: desk.Solved, Limit: 2}); !slices.Equal(got, done) {
			t.Errorf("solved last first: %v, want %v", got, done)
		}
		// More urgent all of a sudden, and at the front.
		last := want[len(want)-1]
		w.must(w.desk.ChangeImpact(w.as(w.sam), last, 0, desk.Stopped))
		if i := slices.Index(w.all(w.sam, desk.Query{}), last); i >= len(want)/2 {
			t.Errorf("a stopped class stands at %d", i)
		}
	})
}

// TestRow: a line says who, where, what and who has it.
func TestRow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.upload(w.tessa, "a.txt", "a")
		id := w.ask(w.tessa, "The projector shows no signal", func(c *desk.CreateTicket) {
			c.Room, c.Service, c.Files, c.Impact = w.room214, w.printing, []desk.FileID{f}, desk.Blocked
		})
		w.must(w.desk.Take(w.as(w.sam), id))
		until := w.clock.Now().Add(time.Hour)
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnVendor, Until: until, Words: words}))
		got := must[desk.Page](t)(w.desk.ListTickets(w.as(w.sam), desk.Query{View: desk.Mine, State: desk.Waiting})).Items[0]
		want := desk.Item{ID: id, Title: "The projector shows no signal", State: desk.Waiting, WaitingOn: desk.OnVendor, Until: until, Impact: desk.Blocked,
			RequesterID: w.tessa.id, RequesterName: "Tessa Okafor", Site: "Marsh", Room: "214", Service: "Printing", OwnerID: w.sam.id, OwnerName: "Sam Specialist",
			Team: "Help desk", Created: testkit.Start, SaidAt: testkit.Start, Files: 1, Version: got.Version, Kind: desk.Request}
		if got != want {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	})
}

// TestPlans: a page of the queue is read along an index. SQLite says how it
// would read; a sort of its own or a walk over the table would show.
func TestPlans(t *testing.T) {
	d := testkit.Open(t, db.SQLite, testkit.Setup{Schemas: schemas, Clock: clock.NewManual(testkit.Start)})
	for _, v := range desk.Views {
		for _, s := range append(slices.Clone(desk.Sorts), desk.Undated) {
			if v == desk.Overdue && s == desk.Undated {
				continue
			}
			var plan []string
			if err := d.Read(system(), func(tx *db.Tx) error {
				rows, err := tx.Query("EXPLAIN QUERY PLAN "+desk.ListSQL(v, s), []any{1, 1, "waiting", 0, 0, 1, 1, 51, 1}[:strings.Count(desk.ListSQL(v, s), "$9")+8]...)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
					var a, b, c int64
					var line string
					if err := rows.Scan(&a, &b, &c, &line); err != nil {
						return err
					}
					plan = append(plan, line)
				}
				return rows.Err()
			}); err != nil {
				t.Fatal(err)
			}
			sorts := strings.Contains(strings.Join(plan, "\n"), "TEMP B-TREE")
			// What somebody follows or is named for, or owns, is a short list;
			// it may be sorted; so may what is late. All that a district has open
			// may not.
			short := v == desk.Following || v == desk.Hidden || v == desk.Overdue || v == desk.Mine && s != desk.ByTurn || v == desk.Unassigned && s == desk.ByNext
			if sorts && !short || !strings.Contains(plan[0], "INDEX") && !strings.Contains(plan[0], "PRIMARY KEY") {
				t.Errorf("%s by %s:\n%s", v, s, strings.Join(plan, "\n"))
			}
		}
	}
}
