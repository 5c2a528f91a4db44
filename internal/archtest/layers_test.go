package archtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modules are the rooms of the first floor. They never import each other.
var modules = []string{"desk", "guide", "status", "partners", "learn", "money", "devices", "privacy"}

// floor is how high a package stands; imports go down, or stay within one
// room. -1 is outside the house: tests and tools, which nothing may import.
func floor(short string) (level int, room string) {
	parts := strings.Split(short, "/")
	switch {
	case parts[0] == "cmd":
		return 60, parts[1]
	case parts[0] == "bench":
		return -1, "bench"
	case short == "internal/archtest":
		return -1, short
	case parts[0] != "internal" || len(parts) < 2:
		return -2, short
	}
	switch r := parts[1]; {
	case r == "testkit":
		return 70, "testkit" // imported by tests and tools alone
	case r == "app":
		return 50, "app"
	case r == "loop":
		return 40, "loop"
	case slices.Contains(modules, r):
		return 30, r
	case r == "district":
		return 20, r
	case r == "platform":
		return 10, "platform"
	}
	return -2, short
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range packages(t) {
		level, room := floor(p.short())
		if level == -2 {
			t.Errorf("%s stands on no floor: say in floor() where it belongs", p.short())
			continue
		}
		for _, im := range p.Imports {
			dep, ok := strings.CutPrefix(im, root)
			if !ok {
				continue
			}
			below, other := floor(dep)
			switch {
			case level == -1, room == other:
			case below == -1:
				t.Errorf("%s imports %s, which is outside the house", p.short(), dep)
			case below >= level:
				t.Errorf("%s imports %s: imports go down only", p.short(), dep)
			}
		}
	}
}

// Inside the platform the lower stones must not lean on the upper ones.
var platformOrder = []string{
	"errs", "clock", "worktime", "policy", "secret", "i18n", "db", "event", "idem", "search", "job", "notice", "blob", "sheet", "config", "obs", "ui", "chart", "web", "api",
}

func TestPlatformOrder(t *testing.T) {
	rank := func(short string) int {
		rest, ok := strings.CutPrefix(short, "internal/platform/")
		if !ok {
			return -1
		}
		return slices.Index(platformOrder, strings.Split(rest, "/")[0])
	}
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.short(), "internal/platform/") {
			continue
		}
		me := rank(p.short())
		if me < 0 {
			t.Errorf("%s is not in platformOrder", p.short())
		}
		for _, im := range p.Imports {
			if dep, ok := strings.CutPrefix(im, root); ok && rank(dep) > me {
				t.Errorf("%s imports %s, which stands above it", p.short(), dep)
			}
		}
	}
}

// A module's root package is about its subject: no HTTP, no templates, no
// drivers. Doors are its sub-packages.
func TestModuleRootsKnowNoDoor(t *testing.T) {
	banned := []string{"net/http", "github.com/a-h/templ", "github.com/danielgtaylor/huma/v2", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "database/sql/driver"}
	for _, p := range packages(t) {
		parts := strings.Split(p.short(), "/")
		if len(parts) != 2 || (parts[1] != "district" && parts[1] != "loop" && !slices.Contains(modules, parts[1])) {
			continue
		}
		for _, im := range p.Imports {
			if slices.ContainsFunc(banned, func(b string) bool { return im == b || strings.HasPrefix(im, b+"/") }) {
				t.Errorf("%s imports %s; that belongs to its web, api or mail folder", p.short(), im)
			}
		}
		if _, err := os.Stat(filepath.Join(p.Dir, "doc.go")); err != nil {
			t.Errorf("%s has no doc.go with its vocabulary, invariants and tables", p.short())
		}
	}
}

func TestNames(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains([]string{"util", "utils", "models", "helpers", "common", "misc"}, p.Name) {
			t.Errorf("package %s: name it after what it is about", p.short())
		}
	}
}

// The embedded database is only as good as the libraries it was built and
// tested with, to the digit.
func TestPins(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(repo(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pin := range []string{"modernc.org/sqlite v1.60.1", "modernc.org/libc v1.77.1", "github.com/pressly/goose/v3 v3.28.0", "github.com/jackc/pgx/v5 v5.12.0"} {
		if !strings.Contains(string(mod), "\t"+pin) {
			t.Errorf("go.mod does not have %s exactly", pin)
		}
	}
}
