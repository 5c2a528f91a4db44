package archtest

import (
	"bytes"
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func in(short string, places ...string) bool {
	return slices.ContainsFunc(places, func(p string) bool { return short == p || strings.HasPrefix(short, p+"/") })
}

// Time comes from a clock that tests and the demo can drive.
func TestTimeComesFromTheClock(t *testing.T) {
	banned := []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep"}
	for _, f := range files(t) {
		if in(f.pkg.short(), "internal/platform/clock") {
			continue
		}
		f.selectors(func(path, name string, at ast.Node) {
			if path == "time" && slices.Contains(banned, name) {
				t.Errorf("%s: time.%s; take it from platform/clock", f.at(at), name)
			}
		})
	}
}

// There is one way in: web.Route and api.Operation, which demand a policy.
func TestDoorsAreDeclared(t *testing.T) {
	for _, f := range files(t) {
		f.selectors(func(path, name string, at ast.Node) {
			switch {
			case path == "net/http" && slices.Contains([]string{"ServeMux", "NewServeMux", "Handle", "HandleFunc", "DefaultServeMux", "ListenAndServe", "ListenAndServeTLS"}, name):
				if !in(f.pkg.short(), "internal/platform/web", "internal/platform/api", "bench") {
					t.Errorf("%s: http.%s; register with web.Mux.Route", f.at(at), name)
				}
			case path == "github.com/danielgtaylor/huma/v2" && slices.Contains([]string{"Register", "NewAPI", "AutoRegister", "Get", "Post", "Put", "Patch", "Delete"}, name):
				if !in(f.pkg.short(), "internal/platform/api") {
					t.Errorf("%s: huma.%s; register with api.Operation", f.at(at), name)
				}
			}
		})
	}
}

func TestOnlyStrongRandomness(t *testing.T) {
	for _, f := range files(t) {
		for _, path := range f.imports() {
			if path == "math/rand" || path == "math/rand/v2" {
				if !in(f.pkg.short(), "bench") {
					t.Errorf("%s/%s imports %s; tokens and jitter come from crypto/rand", f.pkg.short(), f.name, path)
				}
			}
		}
	}
}

// Nothing but the command writes to the terminal or to the standard logger,
// and nothing in the request path starts a program.
func TestOutputAndPrograms(t *testing.T) {
	for _, f := range files(t) {
		short := f.pkg.short()
		if in(short, "cmd", "bench", "internal/testkit", "internal/platform/job/jobtest") {
			continue
		}
		f.selectors(func(path, name string, at ast.Node) {
			switch {
			case path == "fmt" && strings.HasPrefix(name, "Print"):
				t.Errorf("%s: fmt.%s; log with the *slog.Logger that was handed in", f.at(at), name)
			case path == "log":
				t.Errorf("%s: log.%s; log with the *slog.Logger that was handed in", f.at(at), name)
			case path == "log/slog" && slices.Contains([]string{"Info", "Warn", "Error", "Debug", "Default", "SetDefault"}, name):
				t.Errorf("%s: slog.%s is the process's logger; use the one that was handed in", f.at(at), name)
			case path == "os/exec":
				t.Errorf("%s: os/exec", f.at(at))
			}
		})
	}
}

// Names that stand for anything say nothing.
func TestTypeNames(t *testing.T) {
	empty := regexp.MustCompile(`^(Service|Manager|Helper|Util|Handler(s)?Impl|.*Manager)$`)
	for _, f := range files(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && empty.MatchString(s.Name.Name) && !(in(f.pkg.short(), "internal/district") && s.Name.Name == "Service") {
				t.Errorf("%s: type %s; name it after its job", f.at(s), s.Name.Name)
			}
			return true
		})
	}
}

// Files can be read in one sitting.
func TestFilesAreShort(t *testing.T) {
	for _, f := range files(t) {
		if n := bytes.Count(f.text, []byte("\n")); n > 600 && !f.generated() {
			t.Errorf("%s/%s has %d lines: is there a second idea inside?", f.pkg.short(), f.name, n)
		}
	}
}

// The foundation knows no school: what it does for a district it would do for
// a hospital.
func TestPlatformHasNoSchoolWords(t *testing.T) {
	words := regexp.MustCompile(`(?i)\b(schools?|teachers?|students?|classrooms?|pupils?|tickets?|roster)\b`)
	for _, f := range files(t) {
		if !in(f.pkg.short(), "internal/platform") || f.generated() || f.name == "icons.go" || f.name == "common.go" { // names of drawings, guessable passwords
			continue
		}
		for i, line := range strings.Split(string(f.text), "\n") {
			if w := words.FindString(line); w != "" && !strings.Contains(line, `"ticket`) {
				t.Errorf("%s/%s:%d says %q", f.pkg.short(), f.name, i+1, w)
			}
		}
	}
}
