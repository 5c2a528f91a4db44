package web_test

import (
	"testing"

	deskweb "trellis/internal/desk/web"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
)

// Every key that the pages name has its words in every language, and every
// word is used.
func TestMessages(t *testing.T) {
	own, err := i18n.NewCatalogue(deskweb.Messages)
	must(t, err)
	keycheck.Check(t, ".", own, keycheck.Options{})
}
