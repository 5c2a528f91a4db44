package steer_test

import (
	"slices"
	"testing"

	"trellis/internal/loop/steer"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
)

// Every key has words in both languages, every word is used, none was left
// untranslated, and they are plain.
func TestWords(t *testing.T) {
	own, err := i18n.NewCatalogue(steer.Messages)
	if err != nil {
		t.Fatal(err)
	}
	keycheck.Check(t, ".", own, keycheck.Options{Used: []string{"steer.nav", "steer.place.nav"}})
	same := []string{"steer.download.xlsx", "steer.download.csv", "steer.span.minutes", "steer.span.hours", "steer.map.key.0", "steer.promises.missed_label", "steer.now.label", "steer.place.days.line"}
	for _, key := range own.Keys() {
		if slices.Equal(own.Texts("en-US", key), own.Texts("es-US", key)) && !slices.Contains(same, key) {
			t.Errorf("%s is not translated: %q", key, own.Texts("es-US", key))
		}
	}
}
