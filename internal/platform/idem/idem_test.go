package idem_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	// Each check is some twenty durable commits; -rapid.checks asks for more.
	_ = flag.Set("rapid.checks", "40")
	testkit.Main(m)
}

var schemas = []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "idem_note", FS: fstest.MapFS{
	"migrations/00001_note.sql": {Data: []byte("-- +goose Up\nCREATE TABLE idem_note (id {{id}}, run {{text}} NOT NULL, body {{text}} NOT NULL) {{strict}};\n")},
}}}

var errRefused = errors.New("refused")

// result is what a command answers from.
type result struct {
	ID   int64
	Body string
	At   time.Time
}

// write is a command as modules write them: one effect, inside Do.
func write(ctx context.Context, d *db.DB, run, body string, fail bool) (result, error) {
	var out result
	err := d.Write(ctx, "write note", func(tx *db.Tx) error {
		out = result{}
		return idem.Do(tx, &out, func() error {
			tx.Unlogged("a note of a test")
			out.Body, out.At = body, tx.Now()
			if err := tx.QueryRow(`INSERT INTO idem_note (run, body) VALUES ($1, $2) RETURNING id`, run, body).Scan(&out.ID); err != nil {
				return err
			}
			if fail {
				return errRefused
			}
			return nil
		})
	})
	return out, err
}

func effects(t rapid.TB, d *db.DB, run string) (n int) {
	if err := d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM idem_note WHERE run = $1`, run).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whatever is repeated, at once or later, with the same body or another one,
// failing or not: each command has exactly one effect, and every repeat the
// first one's answer.
func TestACommandHappensOnce(t *testing.T) {
	var runs atomic.Int64
	testkit.Each(t, testkit.Setup{Schemas: schemas}, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(t *rapid.T) {
			run := fmt.Sprintf("run %d", runs.Add(1))
			type id struct{ actor, key string }
			done := map[id]result{}
			want := 0
			steps := rapid.IntRange(1, 10).Draw(t, "steps")
			for range steps {
				k := id{rapid.SampledFrom([]string{"person:1", "person:2"}).Draw(t, "actor"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "key")}
				body := rapid.SampledFrom([]string{"x", "y"}).Draw(t, "body")
				fail := rapid.IntRange(0, 3).Draw(t, "fail") == 0
				at := rapid.IntRange(1, 3).Draw(t, "at once")
				ctx := context.Background()
				if k.key != "" {
					ctx = idem.With(ctx, idem.Key{Key: run + k.key, Actor: k.actor, Route: "POST /notes", Hash: [32]byte{body[0]}})
				}
				answers, fails := make([]result, at), make([]error, at)
				var wg sync.WaitGroup
				for i := range at {
					wg.Go(func() { answers[i], fails[i] = write(ctx, d, run, body, fail) })
				}
				wg.Wait()
				before, repeated := done[k]
				for i := range at {
					switch {
					case k.key == "":
						if fail != errors.Is(fails[i], errRefused) || !fail && fails[i] != nil {
							t.Fatalf("without a key: %v", fails[i])
						}
						if !fail {
							want++
						}
					case repeated && before.Body != body:
						if e, ok := errors.AsType[*errs.Error](fails[i]); !ok || e.Kind != errs.Invalid || e.Key != "error.idempotency_mismatch" {
							t.Fatalf("another body: %v", fails[i])
						}
					case repeated:
						if fails[i] != nil || answers[i] != before {
							t.Fatalf("repeated: %+v %v, want %+v", answers[i], fails[i], before)
						}
					case fail:
						if !errors.Is(fails[i], errRefused) {
							t.Fatalf("failing: %v", fails[i])
						}
					default:
						if fails[i] != nil || answers[i].ID == 0 || answers[i] != answers[0] {
							t.Fatalf("the first and its twins: %+v %v, want %+v", answers[i], fails[i], answers[0])
						}
						if i == 0 {
							want++
							done[k] = answers[0]
						}
					}
				}
				if n := effects(t, d, run); n != want {
					t.Fatalf("%d effects, want %d", n, want)
				}
			}
		})
	})
}

func TestSweepForgetsTheOld(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		c := clock.NewManual(testkit.Start)
		d := testkit.Open(t, e, testkit.Setup{Schemas: schemas, Clock: c})
		key := func(s string) context.Context {
			return idem.With(t.Context(), idem.Key{Key: s, Actor: "person:1", Route: "POST /notes"})
		}
		send := func(s string) {
			if _, err := write(key(s), d, "r", "x", false); err != nil {
				t.Fatal(err)
			}
		}
		send("old")
		c.Advance(30 * time.Hour)
		send("new")
		if err := d.Write(t.Context(), "sweep", func(tx *db.Tx) error {
			n, err := idem.Sweep(tx, c.Now().Add(-24*time.Hour))
			if n != 1 {
				t.Errorf("%s: %d records swept", e, n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		send("new")
		if n := effects(t, d, "r"); n != 2 {
			t.Errorf("%s: a record within its day was forgotten: %d effects", e, n)
		}
		send("old")
		if n := effects(t, d, "r"); n != 3 {
			t.Errorf("%s: an old record was kept: %d effects", e, n)
		}
	}
}

func TestKeysAndGate(t *testing.T) {
	for s, ok := range map[string]bool{"": false, "a": true, string(make([]byte, 201)): false, "a b~": true, "a\n": false, "é": false, idem.New(): true} {
		if idem.Valid(s) != ok {
			t.Errorf("%q: %v", s, !ok)
		}
	}
	ctx, slot := idem.Hold(t.Context())
	if _, ok := idem.From(ctx); ok {
		t.Error("an empty slot names a command")
	}
	slot.Fill(idem.Key{Key: "k"})
	if k, ok := idem.From(ctx); !ok || k.Key != "k" {
		t.Errorf("%+v %v", k, ok)
	}
	if _, ok := idem.From(idem.Without(ctx)); ok {
		t.Error("work along the way carries the command's key")
	}

	var g idem.Gate
	a, b := idem.Key{Key: "k", Actor: "person:1"}, idem.Key{Key: "k", Actor: "person:2"}
	leave, ok := g.Try(a)
	if _, again := g.Try(a); !ok || again {
		t.Errorf("entered %v, twice %v", ok, again)
	}
	if l, ok := g.Try(b); !ok {
		t.Error("another's key holds up")
	} else {
		l()
	}
	entered := make(chan func(), 1)
	go func() { l, _ := g.Wait(t.Context(), a); entered <- l }()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Wait(gone, a); !errors.Is(err, context.Canceled) {
		t.Errorf("gave up: %v", err)
	}
	leave()
	leave()
	l := <-entered
	if _, ok := g.Try(a); ok {
		t.Error("leaving twice let two in")
	}
	l()
}
