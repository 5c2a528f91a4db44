package demo_test

import (
	"testing"

	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
