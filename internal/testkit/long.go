package testkit

import (
	"os"
	"testing"
)

// Brief reports whether a test that can be made larger shall stay small:
// always but under ./scripts/test long.
func Brief() bool { return testing.Short() || os.Getenv("TRELLIS_LONG") == "" }
