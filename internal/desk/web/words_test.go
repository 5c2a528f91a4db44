package web_test

import (
	"testing"

	"trellis/internal/desk"
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

// What the asking side reads keeps to plain words. The desk's own words that
// they read too, in history and for the choices, are among it.
func TestPlainWords(t *testing.T) {
	c, err := i18n.NewCatalogue(deskweb.Messages, desk.Messages)
	must(t, err)
	keycheck.Words(t, c, []string{"help.", "ask.", "request.", "plan.", "desk.history.", "desk.field.", "desk.state.", "desk.impact.", "desk.wait.", "desk.private."}, keycheck.Plain)
}
