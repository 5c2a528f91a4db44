package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// Data is the path of a real public data set below TRELLIS_DATA (by default
// shared/data beside the project). A test that needs one is listed as not run
// where it is absent, unless TRELLIS_DATA_REQUIRED makes absence a failure.
func Data(t testing.TB, path ...string) string {
	t.Helper()
	dir := os.Getenv("TRELLIS_DATA")
	if dir == "" {
		dir = filepath.Join(Repo(t), "..", "shared", "data")
	}
	full := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(full); err != nil {
		if os.Getenv("TRELLIS_DATA_REQUIRED") != "" {
			t.Fatalf("real data is required here: %v", err)
		}
		t.Skipf("not run: no real data at %s (set TRELLIS_DATA)", filepath.Join(path...))
	}
	return full
}

// Repo is the project's top folder.
func Repo(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	must(t, err, "working directory")
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			t.Fatalf("no go.mod above %s", dir)
		}
	}
}
