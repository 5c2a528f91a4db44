package replay_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trellis/internal/app/replay"
)

// Of every kind of event that a module writes it is said whether it can be told
// again: a new one has its line in commands.go.
func TestEveryKindIsDecided(t *testing.T) {
	decided := replay.Decided()
	var about []string
	for _, kind := range decided {
		name, _, _ := strings.Cut(kind, ".")
		about = append(about, name)
	}
	written := regexp.MustCompile(`"((?:` + strings.Join(about, "|") + `)\.[a-z_]+)"|Kind: +"([a-z_]+\.[a-z_]+)", Subject`)
	seen := 0
	for _, dir := range []string{"desk", "desk/past", "desk/flow", "district", "district/calendar", "district/cover", "platform/job", "platform/notice", "loop/steer"} {
		list, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range list {
			if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				continue
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range written.FindAllStringSubmatch(string(raw), -1) {
				seen++
				if kind := m[1] + m[2]; !slices.Contains(decided, kind) {
					t.Errorf("%s writes %s: nobody has said in commands.go how that is told again", path, kind)
				}
			}
		}
	}
	if seen < 100 {
		t.Fatalf("only %d kinds found: the test looks at the wrong place", seen)
	}
}
