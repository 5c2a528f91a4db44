package app_test

import (
	"bytes"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trellis/internal/app"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/testkit"
)

// A copy of a PostgreSQL district that is whole is read back in full, and one
// with a row too few, too many, changed or cut off is found out, although no
// hash of the archive would know.
func TestReadBack(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	d, _ := example(t, db.Postgres)
	for {
		n, err := event.Seal(t.Context(), d.DB)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	// One that has no place yet, as in a district that is in use.
	if err := d.DB.Write(system(t.Context()), "an event", func(tx *db.Tx) error {
		return event.Emit(tx, event.Event{Kind: "test.happened", Subject: event.Ref{Kind: "test", ID: 1}, Changes: []event.Change{
			{Field: "text", To: "a tab\t, a line\nbreak, \\ and \\N", Personal: true}}})
	}); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "copy")
	if err := d.DB.Snapshot(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	versions, err := d.DB.Versions(t.Context(), app.Schemas())
	if err != nil {
		t.Fatal(err)
	}
	columns, err := d.DB.CopyColumns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, cols := range map[string]map[string][]string{"with": columns, "without": nil} {
		tables, rows, events, open, err := app.ReadBack(t.Context(), dir, versions, cols)
		if err != nil || tables < 20 || rows < 500 || events < 200 || open != 1 {
			t.Errorf("a sound copy, %s the names of its columns: %d tables, %d rows, %d events, %d without a place, %v", name, tables, rows, events, open, err)
		}
	}
	row := func(b []byte, n int) []byte { return bytes.SplitAfter(b, []byte{'\n'})[n] }
	for _, bad := range []struct {
		what, table string
		change      func(b []byte) []byte
		says        string
	}{
		{"an event was changed", "event", func(b []byte) []byte { return bytes.Replace(b, []byte("ticket.solved"), []byte("ticket.closed"), 1) }, "was changed"},
		{"an event is missing", "event", func(b []byte) []byte {
			return bytes.Join(slices.DeleteFunc(bytes.SplitAfter(b, []byte{'\n'}), func(l []byte) bool { return bytes.Contains(l, []byte("ticket.waiting")) }), nil)
		}, ""},
		{"a text was changed", "event_body", func(b []byte) []byte {
			return regexp.MustCompile(`projector|Chromebook|Wi-Fi`).ReplaceAll(b, []byte("thing"))
		}, "body of place"},
		{"a person is missing", "district_person", func(b []byte) []byte { return bytes.Replace(b, row(b, 1), nil, 1) }, "district_person"},
		{"a person is there twice", "district_person", func(b []byte) []byte { return append(bytes.Clone(b), row(b, 1)...) }, "UNIQUE"},
		{"the last row is cut off", "desk_message", func(b []byte) []byte { return b[:len(b)-5] }, "cut off"},
		{"a row lost a column", "desk_message", func(b []byte) []byte { i := bytes.LastIndexByte(b, '\t'); return append(bytes.Clone(b[:i]), '\n') }, "columns"},
		{"an id is no number", "desk_ticket", func(b []byte) []byte { return append([]byte("x"), b...) }, "column id"},
		{"a state that there is not", "desk_ticket", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\tsolved\t"), []byte("\tpending\t")) }, "CHECK"},
		{"a table is missing", "desk_named", func([]byte) []byte { return nil }, "desk_named"},
	} {
		t.Run(strings.ReplaceAll(bad.what, " ", "-"), func(t *testing.T) {
			broken := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(broken, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(broken, bad.table+".copy")
			was, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			now := bad.change(was)
			if bytes.Equal(was, now) {
				t.Fatal("nothing was changed: the test looks for words that the example does not have")
			}
			if now == nil {
				err = os.Remove(file)
			} else {
				err = os.WriteFile(file, now, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, _, _, _, err = app.ReadBack(t.Context(), broken, versions, columns)
			if err == nil || !strings.Contains(err.Error(), bad.says) {
				t.Errorf("reading it back says %v", err)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".reading-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Before an upgrade a copy is kept and checked on both engines, also when the
// upgrade brings a module whose tables were not there.
func TestCopyBeforeUpgrade(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.String(), func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "d")
			if err := os.MkdirAll(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			o := db.Options{Engine: e, Path: filepath.Join(folder, db.SnapshotFile)}
			dsn := ""
			if e == db.Postgres {
				dsn = testkit.EmptyPostgres(t)
				o.DSN = dsn
			}
			older, err := db.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			all := app.Schemas()
			if err := older.Migrate(t.Context(), all[:len(all)-1], nil); err != nil {
				t.Fatal(err)
			}
			if err := older.Write(system(t.Context()), "uid", event.EnsureOrigin); err != nil {
				t.Fatal(err)
			}
			if err := older.Close(); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			d, err := app.OpenDistrict(t.Context(), app.Options{Slug: "marsh", Folder: folder, DSN: dsn, BaseURL: base(t), Log: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			sound(t, d)
			kept, err := filepath.Glob(filepath.Join(folder, "copies", "*-before-upgrade", "*"))
			if err != nil || len(kept) == 0 {
				t.Errorf("no copy was kept, %v", err)
			}
			if said := log.String(); !strings.Contains(said, "kept a copy before the upgrade") || !strings.Contains(said, "database: ") || !strings.Contains(said, "event log: ") {
				t.Errorf("the log says %s", said)
			}
		})
	}
}

// What `trellis restore --verify` says it did is what it did.
func TestVerifySaysWhat(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.String(), func(t *testing.T) {
			d, _ := example(t, e)
			path := filepath.Join(t.TempDir(), "district.trellis")
			if _, err := d.Source().Backup(t.Context(), path, quiet); err != nil {
				t.Fatal(err)
			}
			want := map[string][]string{"": {"files: all ", "database: pages, indexes", "event log: "}}
			if e == db.Postgres {
				want = map[string][]string{
					"":                       {"files: all ", "fit a scratch database", "event log: ", "not checked: "},
					testkit.EmptyPostgres(t): {"files: all ", "the PostgreSQL server took all ", "event log: "},
				}
			}
			for _, dsn := range slices.Sorted(maps.Keys(want)) {
				m, err := app.VerifyArchive(t.Context(), path, dsn, quiet)
				if err != nil {
					t.Fatal(err)
				}
				if len(m.Checked) != len(want[dsn]) {
					t.Fatalf("it says %q", m.Checked)
				}
				for i, words := range want[dsn] {
					if !strings.Contains(m.Checked[i], words) {
						t.Errorf("it says %q, want %q", m.Checked[i], words)
					}
				}
				if dsn != "" {
					if _, err := app.VerifyArchive(t.Context(), path, dsn, quiet); err == nil {
						t.Error("an archive was loaded into a database that holds tables")
					}
				}
			}
			if e == db.SQLite {
				if _, err := app.VerifyArchive(t.Context(), path, "host=127.0.0.1", quiet); err == nil {
					t.Error("an SQLite district was verified on PostgreSQL")
				}
			}
		})
	}
}
