package cover_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/idem"
	"trellis/internal/testkit"
)

// Who was away before there were absences stays away.
func TestUpgrade(t *testing.T) {
	testkit.Each(t, testkit.Setup{Schemas: []db.Schema{{Name: "idem", FS: idem.Migrations}}}, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		older := fstest.MapFS{}
		for _, name := range []string{"migrations/00001_district.sql", "migrations/00002_sign_in.sql"} {
			older[name] = &fstest.MapFile{Data: must(district.Migrations.ReadFile(name))(t)}
		}
		if err := d.Migrate(ctx, []db.Schema{{Name: "district", FS: older}}, nil); err != nil {
			t.Fatal(err)
		}
		now := testkit.Start
		insert := func(tx *db.Tx, name string, created, until time.Time) error {
			_, err := tx.Exec(`INSERT INTO district_person (name, fold, lang, created, away_until) VALUES ($1, $1, 'en-US', $2, $3)`, name, db.Us(created), db.UsNull(until))
			return err
		}
		err := d.Write(ctx, "an older district", func(tx *db.Tx) error {
			tx.Unlogged("test")
			if err := insert(tx, "away", now.AddDate(-1, 0, 0), now.Add(time.Hour)); err != nil {
				return err
			}
			if err := insert(tx, "odd", now.AddDate(1, 0, 0), now.Add(time.Hour)); err != nil {
				return err
			}
			if err := insert(tx, "back", now.AddDate(-1, 0, 0), now.Add(-time.Hour)); err != nil {
				return err
			}
			return insert(tx, "here", now.AddDate(-1, 0, 0), time.Time{})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(ctx, []db.Schema{{Name: "district", FS: district.Migrations}}, func(context.Context) error { return nil }); err != nil {
			t.Fatal(err)
		}
		type who struct {
			name  string
			here  bool
			until time.Time
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			list, err := db.List(tx, func(r *db.Rows, w *who) error { return r.Scan(&w.name, &w.here, db.AtNull(&w.until)) },
				`SELECT p.name, `+district.HereSQL("p", "$1")+`, `+district.AwayUntilSQL("p", "$1")+` FROM district_person p ORDER BY p.name`, db.Us(now))
			if err != nil {
				return err
			}
			want := []who{{"away", false, now.Add(time.Hour)}, {"back", true, time.Time{}}, {"here", true, time.Time{}}, {"odd", true, time.Time{}}}
			for i, w := range want {
				if i >= len(list) || list[i] != w {
					t.Errorf("%+v, want %+v", list, want)
					break
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
