package replay_test

import (
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/app/replay"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// now is when the example is looked at: a school day at its end.
var now = time.Date(2026, 3, 4, 20, 30, 0, 0, time.UTC)

// engines are those that a test runs on: one of them where it must be quick.
func engines() []db.Engine {
	if testing.Short() {
		return []db.Engine{db.SQLite}
	}
	return []db.Engine{db.SQLite, db.Postgres}
}

// empty is a new district on a clock of its own. On SQLite it is strict;
// PostgreSQL gives numbers away with each try, so where every write is tried
// twice they depend on what shared a transaction.
func empty(t *testing.T, e db.Engine) (*app.District, *clock.Manual) {
	t.Helper()
	return open(t, e, e == db.SQLite)
}

func open(t *testing.T, e db.Engine, strict bool) (*app.District, *clock.Manual) {
	t.Helper()
	base, err := url.Parse("http://127.0.0.1:8420")
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewManual(now)
	o := app.Options{Slug: "juniper-valley", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: base, Clock: c, Strict: strict}
	if e == db.Postgres {
		o.DSN = testkit.EmptyPostgres(t)
	}
	d, err := app.OpenDistrict(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, c
}

// The event log of the example district, told again in an empty one, gives the
// same rows, and so does making it once more: of the few people of the stories,
// and of a whole year in which many ask.
func TestExample(t *testing.T) {
	for _, e := range engines() {
		for name, o := range map[string]demo.Options{"stories": {Now: now}, "year": {Now: now, Scale: 1, Thin: 30, Seed: 5}} {
			t.Run(e.String()+"/"+name, func(t *testing.T) {
				if testing.Short() && o.Scale > 0 {
					t.Skip("not run: quick")
				}
				from := example(t, e, o)
				again(t, from)
				same(t, from, example(t, e, o))
			})
		}
	}
}

func example(t *testing.T, e db.Engine, o demo.Options) *app.District {
	t.Helper()
	d, past := open(t, e, false)
	if _, err := demo.Build(t.Context(), demo.Parts{DB: d.DB, District: d.District, Cover: d.Cover, Desk: d.Desk}, past, o); err != nil {
		t.Fatal(err)
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

// again tells a district's past again in an empty one and compares the two.
func again(t *testing.T, from *app.District) *app.District {
	t.Helper()
	into, c := empty(t, from.DB.Engine())
	if err := from.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := replay.Log(t.Context(), from.DB, into, c); err != nil {
		t.Fatal(err)
	}
	same(t, from, into)
	return into
}

func same(t *testing.T, from, into *app.District) {
	t.Helper()
	diff, err := replay.Compare(t.Context(), from.DB, into.DB)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diff {
		t.Error(d)
	}
}

// What is not compared is there, so that the list says no more than it must.
func TestApart(t *testing.T) {
	have := map[string]bool{}
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		d, _ := empty(t, e)
		if err := d.DB.Read(t.Context(), func(tx *db.Tx) error {
			all, err := db.Tables(tx)
			for _, table := range all {
				have[table.Name] = true
				for _, c := range table.Columns {
					have[table.Name+"."+c] = true
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range replay.Apart() {
		if !have[name] {
			t.Errorf("%s is left out of the comparison and is not there", name)
		}
	}
}
