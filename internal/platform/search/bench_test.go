package search_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
	"trellis/internal/testkit"
)

// sample makes the n-th of many texts of about sixty words whose words are as
// unequally common as in a language: word k stands in about one text in k.
func sample(n int) string {
	var b strings.Builder
	x := uint64(n)*0x9e3779b97f4a7c15 + 1
	for range 60 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		k := uint64(20_000)
		k = k / (1 + x%k) // harmonic: 1 for half of all draws, up to 20,000
		fmt.Fprintf(&b, "%s%s ", [...]string{"lap", "print", "screen", "word", "class"}[k%5], letters(k))
	}
	return b.String()
}

func letters(k uint64) string {
	s := ""
	for ; k > 0; k /= 20 {
		s += string("bcdfghjklmnpqrstvwxz"[k%20])
	}
	return s
}

func BenchmarkIndexAndMatch(b *testing.B) {
	const corpus = 20_000
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			s := setup
			s.Once = true
			d := testkit.Open(b, e, s)
			for at := 0; at < corpus; at += 500 {
				var docs []search.Doc
				for i := at; i < at+500; i++ {
					docs = append(docs, search.Doc{Kind: "ticket", Ref: int64(i), Lang: "en", Text: sample(i)})
				}
				index(b, d, docs...)
			}
			var next atomic.Int64
			next.Store(corpus)
			one := func() error {
				n := next.Add(1)
				doc := search.Cut(search.Doc{Kind: "ticket", Ref: n, Lang: "en", Text: sample(int(n))})
				return d.Write(context.Background(), "index", func(tx *db.Tx) error { return search.Index(tx, doc) })
			}
			b.Run("index alone", func(b *testing.B) {
				for b.Loop() {
					if err := one(); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("index beside others", func(b *testing.B) {
				b.SetParallelism(16)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := one(); err != nil {
							b.Error(err)
						}
					}
				})
			})
			b.Run("without index beside others", func(b *testing.B) {
				b.SetParallelism(16)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						n := next.Add(1)
						err := d.Write(context.Background(), "row", func(tx *db.Tx) error {
							return search.Index(tx, search.Doc{Kind: "bare", Ref: n})
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
			})
			for name, text := range map[string]string{"in every text": "printc", "in one of 200": "printvk", "three words": "printc screend wordf"} {
				q := search.Query{Kind: "ticket", Text: text, Langs: []string{"en", "es"}}
				b.Run(name, func(b *testing.B) {
					n := 0
					for b.Loop() {
						err := d.Read(context.Background(), func(tx *db.Tx) error {
							cond, args := search.Match(tx, q, "t.ref", 2)
							return tx.QueryRow(`SELECT count(*) FROM search_doc t WHERE t.kind = $1 AND `+cond, append([]any{q.Kind}, args...)...).Scan(&n)
						})
						if err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(n), "found")
				})
			}
		})
	}
}
