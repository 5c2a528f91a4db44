package desk_test

import (
	"testing"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// BenchmarkSnowDay has 100,000 clocks running (two each on 50,000 open
// tickets) and closes a day: once only to see what would move, once in earnest.
func BenchmarkSnowDay(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			w := running(b, e, 50_000)
			calendars := calendar.New(calendar.Deps{DB: w.d})
			day := worktime.DateOf(w.clock.Now())
			snow := func(n int, closed bool) calendar.SetDays {
				var c []calendar.DayChange
				for _, s := range []district.SiteID{w.marsh, w.orchard} {
					c = append(c, calendar.DayChange{Site: s, Date: day.AddDays(n), Clear: !closed, Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}})
				}
				return calendar.SetDays{Changes: c}
			}
			b.Run("see", func(b *testing.B) {
				for b.Loop() {
					s, err := w.desk.Shift(w.as(w.admin), snow(1, true))
					if err != nil || s.Open < 100_000 || s.Later < 50_000 {
						b.Fatal(s, err)
					}
				}
			})
			b.Run("apply", func(b *testing.B) {
				closed := false
				for b.Loop() {
					closed = !closed
					if _, err := calendars.SetDays(w.as(w.admin), snow(1, closed)); err != nil {
						b.Fatal(err)
					}
					if n, err := w.desk.WindClocks(system()); err != nil || n != 50_000 {
						b.Fatal(n, err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/50_000, "µs/ticket")
			})
		})
	}
}

// running is a district in which n tickets wait for their first answer.
func running(b *testing.B, e db.Engine, n int) *world {
	w := big(b, e, n)
	w.write(func(tx *db.Tx) {
		w.exec(tx, `UPDATE desk_ticket SET state = 'open', next_at = NULL, impact = 'slowed'`)
		w.exec(tx, `INSERT INTO desk_mark (ticket, at, kind, person) SELECT id, $1, 'asked', requester FROM desk_ticket`, db.Us(tx.Now()))
		w.exec(tx, `INSERT INTO desk_clock (ticket, metric, round, started, target, paused, site, revision)
			SELECT id, 'solve', 1, $1, 0, FALSE, site, -1 FROM desk_ticket`, db.Us(tx.Now()))
	})
	if n, err := w.desk.WindClocks(system()); err != nil {
		b.Fatal(n, err)
	}
	if got := w.count(`SELECT count(*) FROM desk_clock WHERE stopped IS NULL`); got != int64(2*n) {
		b.Fatalf("%d clocks", got)
	}
	return w
}
