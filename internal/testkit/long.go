package testkit

import (
	"os"
	"testing"
)

// Long lets a test run only when TRELLIS_LONG is set (./scripts/test long):
// real browsers and what builds the program many times over.
func Long(t testing.TB) {
	t.Helper()
	if Brief() {
		t.Skip("not run: long (./scripts/test long)")
	}
}

// Brief reports whether a test that can be made larger shall stay small.
func Brief() bool { return testing.Short() || os.Getenv("TRELLIS_LONG") == "" }
