package web_test

import (
	"fmt"
	"testing"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// BenchmarkPage is the whole page over 25,000 requests, as it is asked for.
func BenchmarkPage(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(fmt.Sprint(e), func(b *testing.B) {
			c := clock.NewManual(testkit.Start)
			h := newHouse(b, testkit.Open(b, e, testkit.Setup{Schemas: schemas, Clock: c}), c)
			h.fill(25_000)
			b.ResetTimer()
			for range b.N {
				if rec := h.ada.get("/steer/flow?by=service"); rec.Code != 200 {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}
