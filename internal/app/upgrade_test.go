package app_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// leave writes a new fixture for both engines: one for each main that lands,
// so that whatever somebody runs today can still be upgraded tomorrow.
//
//	go test ./internal/app -run TestUpgrade -leave 2026-11-a
var leave = flag.String("leave", "", "write upgrade fixtures under this name")

const fixtures = "testdata/upgrade"

func quiet(string, int64) {}

// Every district that an earlier Trellis left behind opens, is upgraded, and
// is sound.
func TestUpgrade(t *testing.T) {
	if *leave != "" {
		for _, e := range []db.Engine{db.SQLite, db.Postgres} {
			d, _ := example(t, e)
			path := filepath.Join(fixtures, *leave+"-"+e.String()+".trellis")
			if err := os.MkdirAll(fixtures, 0o755); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Source().Backup(t.Context(), path, quiet); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := filepath.Glob(filepath.Join(fixtures, "*.trellis"))
	if err != nil || len(list) < 2 {
		t.Fatalf("%d fixtures, %v", len(list), err)
	}
	for _, path := range list {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if testing.Short() && !strings.Contains(path, "sqlite") {
				t.Skip("not run: quick")
			}
			folder := filepath.Join(t.TempDir(), "d")
			dsn := ""
			if strings.Contains(path, "postgres") {
				dsn = testkit.EmptyPostgres(t)
			}
			m, err := app.Restore(t.Context(), path, folder, dsn, quiet)
			if err != nil {
				t.Fatal(err)
			}
			d, err := app.OpenDistrict(t.Context(), app.Options{Slug: m.Slug, Folder: folder, DSN: dsn, BaseURL: base(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			sound(t, d)
			sites, err := d.District.Sites(system(t.Context()), false)
			if err != nil || len(sites) < 2 {
				t.Errorf("%d sites, %v", len(sites), err)
			}
		})
	}
}

func sound(t *testing.T, d *app.District) {
	t.Helper()
	for _, f := range d.Source().Examine(t.Context()) {
		if !f.OK {
			t.Errorf("%s: %s", f.What, f.Says)
		}
	}
}

// example is a small district with people, requests and a past.
func example(t *testing.T, e db.Engine) (*app.District, []demo.Shown) {
	t.Helper()
	now := time.Date(2026, 3, 4, 15, 30, 0, 0, time.UTC)
	c := clock.NewManual(now)
	o := app.Options{Slug: "juniper-valley", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: base(t), Clock: c}
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
	shown, err := demo.Build(t.Context(), demo.Parts{DB: d.DB, District: d.District, Cover: d.Cover, Desk: d.Desk}, c, demo.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Jobs.Drain(system(t.Context())); err != nil {
		t.Fatal(err)
	}
	return d, shown
}

func system(ctx context.Context) context.Context {
	return app.AsSystem(ctx)
}
