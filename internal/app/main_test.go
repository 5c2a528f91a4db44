package app_test

import (
	"net/url"
	"testing"

	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func base(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse("http://127.0.0.1:8420")
	if err != nil {
		t.Fatal(err)
	}
	return u
}
