package desk_test

import (
	"testing"
	"time"
	"trellis/internal/platform/db"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// TestSnowDay: a closure shows first what it would move, then moves exactly
// that, says so once on each ticket, hides nothing that was missed, and can be
// taken back.
func TestSnowDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := func(day, hour int) { w.clock.Set(time.Date(2026, 3, day, hour+7, 0, 0, 0, time.UTC)) } // Denver
		at(2, 9)
		late := w.ask(w.tessa, "The display is dark", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		slow := w.ask(w.tessa, "It takes minutes to start")     // four hours to the first answer
		away := w.ask(w.priya, "Printing from the lab is slow") // at Orchard
		waits := w.ask(w.tessa, "A key is missing")
		w.must(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: waits, On: desk.OnPart, Until: w.clock.Now().Add(200 * time.Hour)}))
		w.write(func(tx *db.Tx) {
			w.exec(tx, `INSERT INTO desk_private_named (kind, person) VALUES ('safety', $1)`, w.sam.id)
		})
		w.ask(w.tessa, "Somebody reads my mail", func(c *desk.CreateTicket) { c.Private = desk.Safety }) // moves along, and counts for nobody here
		at(2, 12)
		w.sweep()
		at(2, 13)
		dues := func() (out [4]time.Time) {
			for i, id := range []desk.TicketID{late, slow, away, waits} {
				out[i] = must[[]desk.Clock](t)(w.desk.Explain(w.as(w.admin), id))[0].Due
			}
			return out
		}
		before := dues()
		snow := calendar.SetDays{Changes: []calendar.DayChange{{Site: w.marsh, Date: worktime.Date{Year: 2026, Month: 3, Day: 2}, Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}
		would := must[desk.Shift](t)(w.desk.Shift(w.as(w.admin), snow))
		if would.Open != 5 || would.Broken != 1 || would.Later != 4 || would.Earlier != 0 || would.Lost != 0 || len(would.Sample) != 4 {
			t.Errorf("%+v", would)
		}
		if dues() != before {
			t.Error("looking moved a clock")
		}
		calendars := calendar.New(calendar.Deps{DB: w.d})
		id := must[int64](t)(calendars.SetDays(w.as(w.admin), snow))
		if n := must[int](t)(w.desk.Unwound(w.as(w.sam))); n != 4 {
			t.Errorf("%d tickets to do", n)
		}
		if due := must[time.Time](t)(w.desk.NextDue(system())); due.After(w.clock.Now()) {
			t.Errorf("nothing to do before %v", due)
		}
		w.sweep()
		after := dues()
		want := before
		want[1] = time.Date(2026, 3, 3, 18, 30, 0, 0, time.UTC) // four hours of Tuesday
		want[3] = want[1]
		if after != want {
			t.Errorf("due %v, want %v", after, want)
		}
		for _, l := range would.Sample {
			if l.Metric == desk.First && !l.To.Equal(want[1]) {
				t.Errorf("the review said %v", l)
			}
		}
		if n := w.count(`SELECT count(*) FROM event WHERE kind = 'ticket.promise_moved'`); n != 4 {
			t.Errorf("%d tickets say that it moved", n)
		}
		if c := must[[]desk.Clock](t)(w.desk.Explain(w.as(w.admin), late))[0]; c.Stand != desk.Late || !c.MissedAt.Equal(before[0]) {
			t.Errorf("%+v", c)
		}
		alarms := len(w.told(w.lead))
		must[calendar.TakenBack](t)(calendars.TakeBack(w.as(w.admin), id))
		w.sweep()
		if dues() != before || len(w.told(w.lead)) != alarms {
			t.Error("taking it back doesn't bring it all back, or alarms again")
		}
	})
}

// TestSiteMovesZone: the same hours in another zone are other instants, so the
// clocks of the site follow, and those of no other site; also where nobody ever
// said anything of a calendar.
func TestSiteMovesZone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.clock.Set(time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)) // 9:00 in Denver
		here := w.ask(w.tessa, "It takes minutes to start")       // eight hours to the first answer
		there := w.ask(w.priya, "Printing from the lab is slow")
		due := func(id desk.TicketID) time.Time {
			return must[[]desk.Clock](t)(w.desk.Explain(w.as(w.admin), id))[0].Due
		}
		d := district.New(district.Deps{DB: w.d})
		sys := policy.WithActor(t.Context(), policy.SystemActor(policy.DoorCLI))
		move := func(zone string) {
			t.Helper()
			s := must[district.Site](t)(d.Site(sys, w.marsh))
			must[int64](t)(d.ChangeSite(sys, district.ChangeSite{ID: s.ID, Version: s.Version, Name: s.Name, Short: s.Short, Level: s.Level, Zone: zone}))
			w.sweep()
		}
		was, other := due(here), due(there)
		move("America/Los_Angeles") // it is 8:00 there: half an hour used instead of one and a half
		if got := due(here); !got.Equal(was) && !got.After(was) {
			t.Errorf("due %v, was %v", got, was)
		}
		calendars := calendar.New(calendar.Deps{DB: w.d})
		must[int64](t)(calendars.SetDays(w.as(w.admin), calendar.SetDays{Changes: []calendar.DayChange{
			{Date: worktime.Date{Year: 2026, Month: 3, Day: 2}, Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}))
		w.sweep()
		closed := due(here)
		move("America/New_York")
		if got, want := due(here), closed.Add(-3*time.Hour); !got.Equal(want) {
			t.Errorf("due %v in New York, want %v", got, want)
		}
		if got := due(there); !got.After(other) {
			t.Errorf("the snow day left %v at %v", other, got)
		}
	})
}
