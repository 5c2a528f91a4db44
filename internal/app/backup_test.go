package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/app"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// A district goes into an archive while it is open and comes back the same:
// same event log, same rows. An archive that was cut off, changed by one byte
// or that carries something foreign is refused, and nothing is left behind.
func TestBackupAndRestore(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			d, _ := example(t, e)
			dir := t.TempDir()
			path := filepath.Join(dir, "district.trellis")
			m, err := d.Source().Backup(t.Context(), path, quiet)
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Files) == 0 || m.UID == "" {
				t.Errorf("manifest %+v", m)
			}
			if _, err := d.Source().Backup(t.Context(), path, quiet); err == nil {
				t.Error("an archive was overwritten")
			}
			dsn := ""
			if e == db.Postgres {
				dsn = testkit.EmptyPostgres(t)
			}
			folder := filepath.Join(dir, "back")
			if _, err := app.Restore(t.Context(), path, folder, dsn, quiet); err != nil {
				t.Fatal(err)
			}
			back, err := app.OpenDistrict(t.Context(), app.Options{Slug: "juniper-valley", Folder: folder, DSN: dsn, BaseURL: base(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer back.Close()
			sound(t, back)
			if a, b := rows(t, d.DB), rows(t, back.DB); a != b {
				t.Errorf("rows before and after differ:\n%s\n%s", a, b)
			}
			if _, err := app.Restore(t.Context(), path, folder, dsn, quiet); err == nil {
				t.Error("restored over a district")
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for name, bad := range map[string][]byte{
				"cut off":      raw[:len(raw)*2/3],
				"one bit":      flip(raw, len(raw)/2),
				"another file": []byte("PK\x03\x04 not ours"),
				"empty":        nil,
			} {
				p := filepath.Join(t.TempDir(), "bad")
				if err := os.WriteFile(p, bad, 0o600); err != nil {
					t.Fatal(err)
				}
				into := filepath.Join(t.TempDir(), "x")
				if _, err := app.Restore(t.Context(), p, into, "", quiet); err == nil {
					t.Errorf("%s: restored", name)
				}
				if left, _ := filepath.Glob(into + "*"); len(left) > 0 {
					t.Errorf("%s: left %v behind", name, left)
				}
			}
		})
	}
}

func flip(b []byte, i int) []byte {
	b = bytes.Clone(b)
	b[i] ^= 4
	return b
}

// rows counts what matters.
func rows(t *testing.T, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		for _, q := range []string{`SELECT count(*) || ' ' || coalesce(max(place), 0) FROM event`, `SELECT count(*) || ' ' || coalesce(sum(version), 0) FROM desk_ticket`,
			`SELECT count(*) || ' ' || coalesce(sum(length(body)), 0) FROM desk_message`, `SELECT count(*) || ' ' || coalesce(sum(length(name)), 0) FROM district_person`,
			`SELECT count(*) || ' ' || coalesce(max(ref), 0) FROM search_doc`, `SELECT uid FROM event_origin`} {
			var s string
			if err := tx.QueryRow(q).Scan(&s); err != nil {
				return err
			}
			b.WriteString(s + "; ")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
