package desk_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
)

// TestSweepPassesOn: a ticket that can't be moved is named in the log and
// left; all others move, however many, now and the next time.
func TestSweepPassesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var log bytes.Buffer
		k := desk.New(desk.Deps{DB: w.d, Log: slog.New(slog.NewTextHandler(&log, nil))})
		wait := func(place string) desk.TicketID {
			id := w.ask(w.tessa, "x", func(c *desk.CreateTicket) { c.PlaceText = place })
			w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnPart}))
			return id
		}
		w.ask(w.tessa, "x", func(c *desk.CreateTicket) { c.PlaceText = "odd" })
		bad := wait("odd") // the first due
		var good []desk.TicketID
		for range 3 {
			good = append(good, wait(""))
		}
		// The database takes no second open ticket in the odd place.
		w.write(func(tx *db.Tx) {
			w.exec(tx, `CREATE UNIQUE INDEX desk_odd ON desk_ticket (place_text) WHERE state = 'open' AND place_text <> ''`)
		})
		w.clock.Advance(10 * 24 * time.Hour)
		next := func() time.Time { // once the alarms of promises were given
			ok(t, 0, second(k.RingClocks(system())))
			return must[time.Time](t)(k.NextDue(context.Background()))
		}
		n, err := k.ResumeDue(system())
		if err != nil || n != len(good) {
			t.Errorf("%d came back: %v", n, err)
		}
		for _, id := range good {
			if got := w.find(w.sam, id); got.State != desk.Open {
				t.Errorf("%s is %s", id, got.State)
			}
		}
		if s := log.String(); strings.Count(s, "can't be moved") != 1 || !strings.Contains(s, "ticket="+strings.TrimPrefix(bad.String(), "R-")) {
			t.Errorf("the log says %s", s)
		}
		// It is not what is due next for ever.
		if at := next(); !at.Equal(w.clock.Now().Add(15 * time.Minute)) {
			t.Errorf("due next at %s, now it is %s", at, w.clock.Now())
		}
		soon := wait("")
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: soon, On: desk.OnDate, Until: w.clock.Now().Add(time.Minute)}))
		if at := next(); !at.Equal(w.clock.Now().Add(time.Minute)) {
			t.Errorf("due next at %s, now it is %s", at, w.clock.Now())
		}
		w.must(w.desk.Resume(w.as(w.sam), soon, 0))
		// The next sweep meets it first again, alone and with others.
		if n, err := k.ResumeDue(system()); n != 0 || err != nil {
			t.Errorf("alone: %d, %v", n, err)
		}
		late := wait("")
		w.clock.Advance(10 * 24 * time.Hour)
		if n, err := k.ResumeDue(system()); n != 1 || err != nil || w.find(w.sam, late).State != desk.Open {
			t.Errorf("with another: %d, %v", n, err)
		}
		// Where nothing moves it is no ticket's fault.
		second := wait("")
		w.write(func(tx *db.Tx) { w.exec(tx, `UPDATE desk_ticket SET place_text = 'odd' WHERE id = $1`, second) })
		w.clock.Advance(10 * 24 * time.Hour)
		if n, err := k.ResumeDue(system()); n != 0 || err == nil {
			t.Errorf("none of %s and %s: %d, %v", bad, second, n, err)
		}
		w.write(func(tx *db.Tx) { w.exec(tx, `DROP INDEX desk_odd`) })
		if n, err := k.ResumeDue(system()); n != 2 || err != nil {
			t.Errorf("mended: %d, %v", n, err)
		}
		if at := next(); !at.IsZero() && !at.After(w.clock.Now()) {
			t.Errorf("due next at %s", at)
		}
	})
}
