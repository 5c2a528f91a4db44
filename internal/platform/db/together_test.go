package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// Everything that is together is kept or nothing is, reads what came before it,
// and lets others write before and after.
func TestTogether(t *testing.T) {
	testkit.Each(t, schema, func(t *testing.T, d *db.DB) {
		write := func(ctx context.Context, name string) error {
			return d.Write(ctx, "add", func(tx *db.Tx) error {
				tx.AtEnd(func(tx *db.Tx) error {
					_, err := tx.Exec(`UPDATE thing SET flag = FALSE WHERE name = $1`, name)
					return err
				})
				_, err := add(tx, name)
				return err
			})
		}
		heard := 0
		d.AfterCommit(func() { heard++ })
		err := d.Together(t.Context(), "many", func(ctx context.Context) error {
			for i := range 20 {
				if err := write(ctx, fmt.Sprint("good", i)); err != nil {
					return err
				}
			}
			if heard != 0 {
				t.Error("somebody was told before the commit")
			}
			if inside, outside := names(t, d, ctx, true), names(t, d, t.Context(), true); inside != 20 || outside != 0 {
				t.Errorf("inside stand %d, outside %d", inside, outside)
			}
			if n := names(t, d, ctx, false); n != 0 {
				t.Errorf("%d of what belongs to the end was done before", n)
			}
			return nil
		})
		if err != nil || heard != 20 || names(t, d, t.Context(), false) != 20 {
			t.Errorf("%v; %d heard, %d ended", err, heard, names(t, d, t.Context(), false))
		}

		wrong := errors.New("wrong")
		for what, fn := range map[string]func(ctx context.Context) error{
			"an error": func(context.Context) error { return wrong },
			"a write that failed and was not minded": func(ctx context.Context) error {
				_ = d.Write(ctx, "bad", func(*db.Tx) error { return wrong })
				return nil
			},
			"a write after one that failed": func(ctx context.Context) error {
				_ = d.Write(ctx, "bad", func(*db.Tx) error { return wrong })
				return write(ctx, "late")
			},
		} {
			err := d.Together(t.Context(), "many", func(ctx context.Context) error {
				if err := write(ctx, "lost"); err != nil {
					return err
				}
				return fn(ctx)
			})
			if !errors.Is(err, wrong) || names(t, d, t.Context(), true) != 20 {
				t.Errorf("%s: %v, and %d stand", what, err, names(t, d, t.Context(), true))
			}
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a panic was swallowed")
				}
			}()
			_ = d.Together(t.Context(), "many", func(context.Context) error { panic("out") })
		}()

		// The context is of no use afterwards, and the database is.
		var kept context.Context
		_ = d.Together(t.Context(), "many", func(ctx context.Context) error { kept = ctx; return nil })
		if write(kept, "later") == nil || write(t.Context(), "after") != nil {
			t.Error("the transaction outlives its end")
		}
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				if i%4 != 0 {
					if err := write(t.Context(), fmt.Sprint("alone", i)); err != nil {
						t.Error(err)
					}
					return
				}
				if d.Engine() == db.Postgres && i > 0 {
					return // two of them may meet, and nothing runs them again
				}
				if err := d.Together(t.Context(), "many", func(ctx context.Context) error { return write(ctx, fmt.Sprint("with", i)) }); err != nil && d.Engine() == db.SQLite {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := names(t, d, t.Context(), true); n < 21+30 {
			t.Errorf("%d stand after all", n)
		}
	})
}

// names counts the things as ctx sees them: all, or those that an end was made
// of.
func names(t *testing.T, d *db.DB, ctx context.Context, all bool) (n int) {
	t.Helper()
	err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM thing WHERE $1 OR NOT flag`, all).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
