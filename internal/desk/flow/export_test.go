package flow

import "testing"

// SmallPages has tickets be read a few at a time until the test ends.
func SmallPages(t testing.TB) {
	was := page
	page = 7
	t.Cleanup(func() { page = was })
}
