package desk_test

import (
	"os"
	"path/filepath"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
)

// TestWords: every key has words in every language, and every word is used.
func TestWords(t *testing.T) {
	c, err := i18n.NewCatalogue(i18n.Messages, desk.Messages)
	if err != nil {
		t.Fatal(err)
	}
	// Every value that is shown has its words.
	for _, s := range desk.States {
		for _, on := range append(desk.WaitsOn, "") {
			has(t, c, desk.AskedKey(s, on))
		}
		has(t, c, s.Key())
	}
	for _, v := range desk.Impacts {
		has(t, c, v.Key())
	}
	for _, v := range desk.WaitsOn {
		has(t, c, v.Key())
	}
	for _, v := range desk.PrivateKinds {
		has(t, c, v.Key())
		has(t, c, "desk.notice.named_"+string(v))
	}
	for _, v := range desk.Channels {
		has(t, c, v.Key())
	}
	// The folders below have words of their own.
	dir := t.TempDir()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keycheck.Check(t, dir, c, keycheck.Options{NotKeys: []string{desk.PreviewJob}, Used: []string{"error.", "field."}})
}

func has(t *testing.T, c *i18n.Catalogue, key string) {
	t.Helper()
	if !c.Has(key) {
		t.Errorf("no words for %s", key)
	}
}
