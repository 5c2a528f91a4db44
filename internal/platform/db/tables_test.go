package db_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

var tabled = testkit.Setup{Schemas: []db.Schema{{Name: "pair", FS: fstest.MapFS{"migrations/00001_pair.sql": {Data: []byte(`-- +goose Up
CREATE TABLE pair (note {{text}}, b {{text}} NOT NULL, a {{int}} NOT NULL, yes {{bool}} NOT NULL, raw {{blob}}, PRIMARY KEY (b, a)) {{strict}};
CREATE TABLE pair_bag (word {{text}}) {{strict}};
`)}}}}}

// Tables know their columns and their keys, and give their rows in order.
func TestTables(t *testing.T) {
	testkit.Each(t, tabled, func(t *testing.T, d *db.DB) {
		if err := d.Write(t.Context(), "rows", func(tx *db.Tx) error {
			tx.Unlogged("test")
			for _, w := range []any{"b", nil, "a"} {
				if _, err := tx.Exec(`INSERT INTO pair_bag (word) VALUES ($1)`, w); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`INSERT INTO pair (note, b, a, yes, raw) VALUES (NULL, 'x', 2, TRUE, NULL), ('n', 'x', 1, FALSE, $1), ('o', 'B', 9, TRUE, $1)`, []byte{1, 2})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := db.Tables(tx)
			if err != nil {
				return err
			}
			find := func(name string) db.Table {
				return all[slices.IndexFunc(all, func(x db.Table) bool { return x.Name == name })]
			}
			pair, bag := find("pair"), find("pair_bag")
			want := db.Table{Name: "pair", Columns: []string{"note", "b", "a", "yes", "raw"}, Key: []string{"b", "a"}}
			if diff := cmp.Diff(want, pair); diff != "" {
				t.Error(diff)
			}
			if slices.ContainsFunc(all, func(x db.Table) bool { return x.Name == "sqlite_sequence" }) {
				t.Error("a table of the engine's own is listed")
			}
			var rows [][]any
			keep := func(row []any) error { rows = append(rows, row); return nil }
			if err := pair.Each(tx, []string{"a", "note", "raw"}, keep); err != nil {
				return err
			}
			if err := bag.Each(tx, bag.Columns, keep); err != nil {
				return err
			}
			wantRows := [][]any{{int64(9), "o", []byte{1, 2}}, {int64(1), "n", []byte{1, 2}}, {int64(2), nil, nil}, {nil}, {"a"}, {"b"}}
			if diff := cmp.Diff(wantRows, rows); diff != "" {
				t.Error(diff)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
