package durability_test

import (
	"path/filepath"
	"testing"

	"trellis/internal/testkit"
)

// PostgreSQL stopped at once, under load: what was answered is there once it
// runs again.
func TestServerStopsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	s, err := testkit.StartPostgres("")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop() //nolint:errcheck // its folder is temporary
	dsn, err := s.Create("district")
	if err != nil {
		t.Fatal(err)
	}
	loop(t, newChild(t, program(t, ""), filepath.Join(t.TempDir(), "demo"), dsn), 20, 5, func(int) {
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
	})
}
