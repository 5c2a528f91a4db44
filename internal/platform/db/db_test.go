package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var schema = testkit.Setup{Once: true, Schemas: []db.Schema{{Name: "thing", FS: fstest.MapFS{
	"migrations/00001_thing.sql": {Data: []byte("-- +goose Up\nCREATE TABLE thing (id {{id}}, name {{text}} NOT NULL UNIQUE, flag {{bool}} NOT NULL DEFAULT TRUE, at {{ts}}) {{strict}};\n")},
}}}}

func add(tx *db.Tx, name string) (id int64, err error) {
	if err = tx.QueryRow(`INSERT INTO thing (name, at) VALUES ($1, $2) RETURNING id`, name, db.Us(tx.Now())).Scan(&id); err != nil {
		return 0, err
	}
	return id, event.Emit(tx, event.Event{Kind: "thing.added", Subject: event.Ref{Kind: "thing", ID: id}, Changes: []event.Change{{Field: "name", To: name}}})
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// Members of one group: some fail by an error, some by SQL, some by a panic,
// some give up while they wait. Only those that were told so are there.
func TestMembersNeverHarmEachOther(t *testing.T) {
	testkit.Each(t, schema, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		var told atomic.Int64
		for i := range 400 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if i%7 == 3 {
					go cancel() // before, while or after it runs
				}
				panicked := false
				err := func() (err error) {
					defer func() { panicked = recover() != nil }()
					return d.Write(ctx, "add", func(tx *db.Tx) error {
						if _, err := add(tx, fmt.Sprintf("n%d", i)); err != nil {
							return err
						}
						switch i % 5 {
						case 1:
							return errors.New("no")
						case 2:
							_, _ = tx.Exec(`INSERT INTO thing (name) VALUES (NULL)`) // its error is swallowed
						case 4:
							if i%10 == 4 {
								panic("boom")
							}
						}
						return nil
					})
				}()
				switch {
				case err == nil && !panicked:
					told.Add(1)
					if i%5 == 1 || i%5 == 2 {
						t.Errorf("write %d failed and was told that it did not", i)
					}
				case panicked && i%10 != 4:
					t.Errorf("write %d panicked for another", i)
				case errors.Is(err, context.Canceled) && i%7 != 3:
					t.Errorf("write %d was cancelled for another", i)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); int64(n) != told.Load() {
			t.Errorf("%d rows, %d answers of success", n, told.Load())
		}
		verify(t, d)
	})
}

func verify(t *testing.T, d *db.DB) event.Report {
	t.Helper()
	for {
		n, err := event.Seal(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	rep, err := event.Verify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Open != 0 {
		t.Errorf("%d events without a place", rep.Open)
	}
	return rep
}

// A statement that ends the whole transaction on SQLite (ROLLBACK inside a
// function, as some errors do) must not take the other members with it.
func TestLostTransactionRunsMembersAgain(t *testing.T) {
	d := testkit.Open(t, db.SQLite, schema)
	gate := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = d.Write(t.Context(), "hold", func(tx *db.Tx) error { <-gate; tx.Unlogged("holds the writer"); return nil })
	})
	var lost atomic.Int64
	for i := range 20 {
		wg.Go(func() {
			err := d.Write(t.Context(), "add", func(tx *db.Tx) error {
				if _, err := add(tx, fmt.Sprintf("x%d", i)); err != nil {
					return err
				}
				if i == 11 {
					_, err := tx.Exec(`ROLLBACK`)
					return err
				}
				return nil
			})
			if err != nil {
				lost.Add(1)
			}
		})
	}
	close(gate)
	wg.Wait()
	if n := count(t, d); n != 19 || lost.Load() != 1 {
		t.Errorf("%d rows and %d failures, want 19 and 1", n, lost.Load())
	}
	verify(t, d)
}

// Two transactions that read what the other writes: one of them is run again
// and the invariant (at most one holder) stands.
func TestSerializable(t *testing.T) {
	testkit.Each(t, schema, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				_ = d.Write(t.Context(), "claim", func(tx *db.Tx) error {
					var n int
					if err := tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&n); err != nil || n > 0 {
						tx.Unlogged("taken")
						return err
					}
					_, err := add(tx, fmt.Sprintf("c%d", i))
					return err
				})
			})
		}
		wg.Wait()
		if n := count(t, d); n != 1 {
			t.Errorf("%d holders, want 1", n)
		}
	})
}

func TestTwiceAndStrict(t *testing.T) {
	s := schema
	s.Once = false
	testkit.Each(t, s, func(t *testing.T, d *db.DB) {
		runs := 0
		if err := d.Write(t.Context(), "add", func(tx *db.Tx) error { runs++; _, err := add(tx, "one"); return err }); err != nil {
			t.Fatal(err)
		}
		if runs != 2 || count(t, d) != 1 {
			t.Errorf("%d runs, %d rows; want 2 and 1", runs, count(t, d))
		}
		err := d.Write(t.Context(), "silent", func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE thing SET name = $1`, "two")
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "no event emitted") {
			t.Errorf("a silent write gave %v", err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM thing`); return err })
		if err == nil || count(t, d) != 1 {
			t.Errorf("a read wrote: %v", err)
		}
	})
}

// Ids are never reused, also after the newest row is deleted.
func TestIDsAreNeverReused(t *testing.T) {
	testkit.Each(t, schema, func(t *testing.T, d *db.DB) {
		var a, b int64
		if err := d.Write(t.Context(), "add", func(tx *db.Tx) (err error) { a, err = add(tx, "a"); return err }); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), "swap", func(tx *db.Tx) (err error) {
			if _, err = tx.Exec(`DELETE FROM thing WHERE id = $1`, a); err == nil {
				b, err = add(tx, "b")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if b <= a {
			t.Errorf("id %d after %d", b, a)
		}
	})
}

// $2 before $1, and $1 twice, mean the same on both engines.
func TestPlaceholdersAreNumbered(t *testing.T) {
	testkit.Each(t, schema, func(t *testing.T, d *db.DB) {
		var got string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT CAST($2 AS text) || CAST($1 AS text) || CAST($1 AS text)`, "a", "b").Scan(&got)
		})
		if err != nil || got != "baa" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestMigrateRefusesNewerDataAndWantsACopy(t *testing.T) {
	testkit.Each(t, schema, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		next := fstest.MapFS{
			"migrations/00001_thing.sql": {Data: []byte("-- +goose Up\nSELECT 1;")},
			"migrations/00002_more.sql":  {Data: []byte("-- +goose Up\nALTER TABLE thing ADD COLUMN more {{int}};")},
		}
		up := []db.Schema{{Name: "thing", FS: next}}
		no := errors.New("disk full")
		if err := d.Migrate(ctx, up, func(context.Context) error { return no }); !errors.Is(err, no) {
			t.Fatalf("upgraded without a copy: %v", err)
		}
		if err := d.Migrate(ctx, up, func(context.Context) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(ctx, schema.Schemas, nil); err == nil || !strings.Contains(err.Error(), "newer Trellis") {
			t.Errorf("newer data was accepted: %v", err)
		}
	})
}
