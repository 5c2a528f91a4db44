package db_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// What one small write (a row and its event) and one small read cost, by
// engine and by how many ask at once:
//
//	go run ./internal/testkit/withpg go test ./internal/platform/db -run - -bench . -cpu 1,8
func BenchmarkWrite(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			d := testkit.Open(b, e, schema)
			var n atomic.Int64
			b.SetParallelism(1)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					name := fmt.Sprint(n.Add(1))
					if err := d.Write(b.Context(), "add", func(tx *db.Tx) error { _, err := add(tx, name); return err }); err != nil {
						b.Error(err)
					}
				}
			})
			s := d.Stats()
			b.ReportMetric(float64(s.Writes)/float64(max(1, s.Groups)), "writes/commit")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			d := testkit.Open(b, e, schema)
			if err := d.Write(b.Context(), "add", func(tx *db.Tx) error { _, err := add(tx, "one"); return err }); err != nil {
				b.Fatal(err)
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					var name string
					if err := d.Read(b.Context(), func(tx *db.Tx) error {
						return tx.QueryRow(`SELECT name FROM thing WHERE id = $1`, 1).Scan(&name)
					}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
