package flow_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/platform/db"
)

// A ticket that is born here comes to what the same history would come to if
// it had been brought over.
func TestBornLikeThePast(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		start := w.clock.Now()
		after := func(d time.Duration) time.Time { w.clock.Set(start.Add(d)); return start.Add(d) }
		made, err := w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "The projector is dark", Impact: desk.Blocked})
		id := ok(t, made, err).ID
		do := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		at := []time.Time{start, after(10 * time.Minute)}
		do(w.desk.Take(w.as(w.sam), id))
		at = append(at, after(20*time.Minute))
		do(w.desk.Reply(w.as(w.sam), id, desk.Words{Text: "Which room?"}))
		at = append(at, after(21*time.Minute))
		do(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnRequester}))
		do(w.desk.AddNote(w.as(w.sam), id, "no row of its own", nil))
		at = append(at, after(81*time.Minute))
		do(w.desk.Reply(w.as(w.tessa), id, desk.Words{Text: "214"})) // ends the wait
		at = append(at, after(2*time.Hour))
		do(w.desk.HandUp(w.as(w.sam), desk.HandUp{Ticket: id, Team: w.network, Tried: "the cable"}))
		at = append(at, after(3*time.Hour))
		do(w.desk.HandBack(w.as(w.nora), desk.HandBack{Ticket: id, Why: "it is the lamp"}))
		at = append(at, after(26*time.Hour))
		do(w.desk.Solve(w.as(w.sam), id, 0, desk.Words{}))
		w.watch()
		solved := w.stored()[int64(id)]
		at = append(at, after(27*time.Hour))
		do(w.desk.NotFixed(w.as(w.tessa), id, desk.Words{}))
		w.watch()

		row := func(i int, s flow.State, team, owner string, line flow.Line) flow.Row {
			return flow.Row{At: at[i], State: s, Status: string(s), Team: team, Person: owner, Line: line, Impact: "blocked", Reassigned: -1, Reopened: -1}
		}
		help, network, sam := strconv.Itoa(int(w.help)), strconv.Itoa(int(w.network)), strconv.Itoa(int(w.sam.id))
		rows := []flow.Row{
			row(0, flow.Open, help, "", 20), row(1, flow.Open, help, sam, 20), row(2, flow.Open, help, sam, 20), row(3, flow.Waiting, help, sam, 20), row(4, flow.Open, help, sam, 20),
			row(5, flow.Open, network, "", 30), row(6, flow.Open, help, sam, 20), row(7, flow.Solved, help, sam, 20), row(8, flow.Open, help, sam, 20),
		}
		rows[3].Wait, rows[3].Sub = flow.OnRequester, "requester"
		same := func(n int, stored string) {
			t.Helper()
			past := append([]flow.Row(nil), rows[:n]...)
			past[n-1].First = at[2]
			for i := range past {
				past[i].Impact = "" // the ticket's own
			}
			past[n-1].Kept = w.find(id)
			c := flow.Counting{Open: w.calendar(), Closed: w.calendar()}
			w.write(func(tx *db.Tx) {
				try(w.flow.Put(tx, []flow.Put{{Ticket: id, Facts: flow.Compute(past, c)}}))
			})
			if diff := cmp.Diff(stored, w.stored()[int64(id)]); diff != "" {
				t.Errorf("after %d rows: %s", n, diff)
			}
		}
		same(9, w.stored()[int64(id)])
		if solved == "" || solved == w.stored()[int64(id)] {
			t.Errorf("that it came back changed nothing: %s", solved)
		}
		var handoffs int64 = w.count(`SELECT handoffs FROM desk_ticket WHERE id = $1`, id)
		if n := w.count(`SELECT handoffs FROM desk_flow WHERE ticket = $1`, id); n != 2 || n != handoffs {
			t.Errorf("%d handoffs, the ticket says %d", n, handoffs)
		}
		got := w.export(flow.Options{})
		if len(got) != 2 || got[1][0] != id.String() || got[1][1] != "9" {
			t.Errorf("%v", got)
		}
		want := flow.Record(flow.ByCase, id.String(), flow.Compute(rows, flow.Counting{Open: w.calendar(), Closed: w.calendar()}), false)
		if diff := cmp.Diff(want, got[1]); diff != "" {
			t.Errorf("exported: %s", diff)
		}
	})
}

// What follows its new service before anybody took it changed no hands; help
// that was written down later began when it was given; and nobody learns from
// numbers what is private.
func TestBornOddly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ask := func(p person, c desk.CreateTicket) desk.TicketID {
			t.Helper()
			made, err := w.desk.CreateTicket(w.as(p), c)
			return ok(t, made, err).ID
		}
		fact := func(id desk.TicketID, column string) int64 {
			t.Helper()
			return w.count(map[string]string{
				"handoffs": `SELECT handoffs FROM desk_flow WHERE ticket = $1`, "first_line": `SELECT first_line FROM desk_flow WHERE ticket = $1`,
				"first_s": `SELECT coalesce(first_s, -1) FROM desk_flow WHERE ticket = $1`, "rows": `SELECT count(*) FROM desk_flow WHERE ticket = $1`,
				"missed": `SELECT count(*) FROM desk_flow WHERE ticket = $1 AND kept = 'no'`, "kept": `SELECT count(*) FROM desk_flow WHERE ticket = $1 AND kept = 'yes'`,
			}[column], id)
		}
		moved := ask(w.tessa, desk.CreateTicket{Text: "I can't get in"})
		w.clock.Advance(time.Minute)
		if _, err := w.desk.ChangeService(w.as(w.sam), moved, 0, w.signIn); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		helped := ask(w.sam, desk.CreateTicket{Text: "Fixed the board", Requester: w.tessa.id, HelpedAt: w.clock.Now().Add(-30 * time.Minute)})
		if _, err := w.desk.Solve(w.as(w.sam), helped, 0, desk.Words{}); err != nil {
			t.Fatal(err)
		}
		late := ask(w.tessa, desk.CreateTicket{Text: "The class stands still", Impact: desk.Stopped})
		w.clock.Advance(5 * time.Hour)
		if err := w.desk.Sweep(system()); err != nil {
			t.Fatal(err)
		}
		secret := ask(w.tessa, desk.CreateTicket{Text: "Somebody reads my mail", Private: desk.Privacy})
		w.watch()
		if fact(moved, "handoffs") != 0 || fact(moved, "first_line") != 20 || w.count(`SELECT owner_team FROM desk_ticket WHERE id = $1`, moved) != int64(w.network) {
			t.Errorf("a wrong address: %s", w.stored()[int64(moved)])
		}
		if fact(helped, "first_s") != 0 || fact(helped, "kept") != 1 {
			t.Errorf("help in passing: %s", w.stored()[int64(helped)])
		}
		if fact(late, "missed") != 1 || fact(late, "first_s") != -1 {
			t.Errorf("a class that waited: %s", w.stored()[int64(late)])
		}
		if fact(secret, "rows") != 0 || len(w.export(flow.Options{})) != 4 {
			t.Errorf("private: %s", w.stored()[int64(secret)])
		}

		// One becomes private, the other is opened.
		if _, err := w.desk.MakePrivate(w.as(w.sam), late, 0, desk.Privacy); err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.MakePublic(w.as(w.sam), secret, 0); err != nil {
			t.Fatal(err)
		}
		w.watch()
		if fact(secret, "rows") != 1 || fact(late, "rows") != 0 {
			t.Errorf("opened: %s; closed up: %s", w.stored()[int64(secret)], w.stored()[int64(late)])
		}
		if n := w.count(`SELECT count(*) FROM desk_flow`); n != 3 {
			t.Errorf("%d rows", n)
		}
	})
}

// find is what became of a ticket's promises, asked of the clocks.
func (w *world) find(id desk.TicketID) string {
	w.t.Helper()
	if w.count(`SELECT count(*) FROM desk_clock WHERE ticket = $1 AND missed IS NOT NULL`, id) > 0 {
		return "no"
	}
	if w.count(`SELECT count(*) FROM desk_clock WHERE ticket = $1 AND stopped IS NULL`, id) > 0 {
		return ""
	}
	return "yes"
}

// What is born here is counted in its site's hours, or in those of the
// question, and then on the days on which its site is open.
func TestBornInOtherHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.write(func(tx *db.Tx) {
			w.exec(tx, `INSERT INTO district_calendar_hours (site, week) VALUES (0, 'Mon-Fri 07:30-15:30')`)
			w.exec(tx, `INSERT INTO district_calendar_day (site, date, kind, hours, name) VALUES ($1, '2026-03-03', 'closed', '', 'Snow')`, w.marsh)
		})
		made, err := w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "Dark"}) // Monday, 07:05 at Marsh
		id := ok(t, made, err).ID
		w.clock.Set(time.Date(2026, 3, 4, 16, 0, 0, 0, time.UTC)) // Wednesday, 09:00 there
		if _, err := w.desk.Solve(w.as(w.sam), id, 0, desk.Words{}); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			hours        flow.Hours
			open, closed string
		}{
			{flow.Hours{}, "63000", "34200"},
			{flow.Hours{NoClosed: true}, "63000", "63000"},
			{flow.Hours{Closed: []string{"2026-03-02"}}, "63000", "34200"},
			{flow.Hours{Hours: "Mon-Fri 08:00-12:00"}, "32400", "18000"},
			{flow.Hours{Zone: "UTC"}, "62700", "33900"}, // 14:05 to 15:30, 8 hours, 07:30 to 15:30
		} {
			got := w.export(flow.Options{Hours: x.hours})
			if biz, holiday := got[1][20], got[1][21]; got[0][20] != "biz_s" || biz != x.open || holiday != x.closed {
				t.Errorf("%+v: %s, %s; want %s, %s", x.hours, biz, holiday, x.open, x.closed)
			}
		}
	})
}
