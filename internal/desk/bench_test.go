package desk_test

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// big is a district with n tickets, a tenth of them open.
func big(b *testing.B, e db.Engine, n int) *world {
	b.Helper()
	c := clock.NewManual(testkit.Start)
	d := testkit.Open(b, e, testkit.Setup{Schemas: schemas, Clock: c, Once: true, Loose: true})
	store, err := blob.Open(b.TempDir()+"/blobs", blob.Options{})
	if err != nil {
		b.Fatal(err)
	}
	w := &world{t: b, d: d, clock: c, desk: desk.New(desk.Deps{DB: d, Blobs: store, Log: slog.New(slog.DiscardHandler)})}
	w.fill()
	for done := 0; done < n; {
		w.write(func(tx *db.Tx) {
			for range min(1000, n-done) {
				state, next, impact := "open", any(nil), done%4
				if done%10 != 0 {
					state, next = "solved", db.Us(tx.Now())+int64(done)
				}
				site, owner := w.marsh, any(w.sam.id)
				if done%3 == 0 {
					site = w.orchard
				}
				if done%20 == 0 {
					owner = nil
				}
				created := db.Us(tx.Now()) - int64(n-done)*1000
				var id int64
				w.scan(tx, &id, `INSERT INTO desk_ticket (title, state, impact, turn, requester, owner_team, owner_person, site, room, contact, channel, lang, created, updated, said_at, said_by_desk, next_at, service)
					VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 'web', 'en-US', $10, $10, $10, FALSE, $11, $12) RETURNING id`,
					fmt.Sprintf("Projector %d shows no signal since this morning", done), state, string(desk.Impacts[impact]), int64(impact)<<52|created, w.tessa.id, w.help, owner, site, w.room214, created, next, w.printing)
				for m := range 3 {
					w.exec(tx, `INSERT INTO desk_message (ticket, author, from_desk, body, channel, at) VALUES ($1, $2, $3, 'The cable is in and the lamp is on, and still nothing on the wall.', 'web', $4)`, id, w.tessa.id, m == 1, created)
				}
				done++
			}
		})
	}
	if e == db.Postgres {
		w.write(func(tx *db.Tx) { w.exec(tx, `ANALYZE`) })
	}
	return w
}

func benchEach(b *testing.B, f func(b *testing.B, w *world)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			w := big(b, e, 20_000)
			b.ResetTimer()
			f(b, w)
		})
	}
}

// parallel runs f from several goroutines and reports, beside the time that
// passes on a busy machine, the processor time of this process per operation.
func parallel(b *testing.B, f func() error) {
	before := cpu(b)
	defer func() { b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op") }()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := f(); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkQueue(b *testing.B) {
	benchEach(b, func(b *testing.B, w *world) {
		for _, c := range []struct {
			name string
			who  person
			q    desk.Query
		}{
			{"everywhere", w.sam, desk.Query{}},
			{"onesite", w.omar, desk.Query{}},
			{"mine", w.sam, desk.Query{View: desk.Mine}},
			{"solved", w.sam, desk.Query{State: desk.Solved}},
			{"service", w.sam, desk.Query{Service: w.printing, Site: w.orchard}},
		} {
			b.Run(c.name, func(b *testing.B) {
				ctx := w.as(c.who)
				parallel(b, func() error {
					p, err := w.desk.ListTickets(ctx, c.q)
					if err == nil && len(p.Items) != 50 {
						err = fmt.Errorf("%d items", len(p.Items))
					}
					return err
				})
			})
		}
		b.Run("counts", func(b *testing.B) {
			parallel(b, func() error { return second(w.desk.Counts(w.as(w.sam))) })
		})
	})
}

func BenchmarkView(b *testing.B) {
	benchEach(b, func(b *testing.B, w *world) {
		for _, p := range []person{w.sam, w.tessa} {
			b.Run(p.name, func(b *testing.B) {
				parallel(b, func() error { return second(w.desk.FindTicket(w.as(p), 5000)) })
			})
		}
	})
}

func BenchmarkCreate(b *testing.B) {
	benchEach(b, func(b *testing.B, w *world) {
		b.SetParallelism(8)
		parallel(b, func() error {
			return second(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "The projector shows no signal.\nThe cable is in and the lamp is on, and still nothing on the wall.", Service: w.printing}))
		})
	})
}

func BenchmarkReply(b *testing.B) {
	benchEach(b, func(b *testing.B, w *world) {
		b.SetParallelism(8)
		var n atomic.Int64
		parallel(b, func() error {
			id := desk.TicketID(1001 + n.Add(7)%20_000) // of different tickets, as people do
			return second(w.desk.Reply(w.as(w.sam), id, desk.Words{Text: "Try the other input with the remote, then tell me what you see."}))
		})
	})
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
