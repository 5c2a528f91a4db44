package archtest

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// looksSQL finds statements in string literals.
var looksSQL = regexp.MustCompile(`(?is)^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|REPLACE)\s`)

// tablesIn finds the table names of a statement or a part of one.
var tablesIn = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?([a-z_][a-z0-9_]*)`)

// upperTables is tablesIn for whole statements: keywords in capitals, so that
// prose ("read from the") is not taken for SQL.
var upperTables = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?([a-z_][a-z0-9_]*)`)

// owner is the table prefix of a package: internal/desk/web owns desk_*.
func owner(short string) string {
	parts := strings.Split(strings.TrimPrefix(short, "internal/"), "/")
	if parts[0] == "platform" && len(parts) > 1 {
		return parts[1]
	}
	if parts[0] == "app" {
		return parts[len(parts)-1]
	}
	return parts[0]
}

// system names that are no tables of ours.
var systemTables = regexp.MustCompile(`^(pg_|information_schema|sqlite_|pragma_|temp$|json_|jsonb_|unnest|generate_series|event_x|set|excluded|lateral|select|only|values|string_to_array)`)

// A package's SQL names its own tables, and the ground floor's for reading.
func TestSQLNamesOwnTables(t *testing.T) {
	for _, f := range files(t) {
		short := f.pkg.short()
		if !in(short, "internal") || in(short, "internal/archtest", "internal/testkit") {
			continue
		}
		me := owner(short)
		local := map[string]bool{} // names that a WITH of this file gives
		ctes := regexp.MustCompile(`(?i)(?:WITH(?:\s+RECURSIVE)?|,)\s+([a-z_]+)(?:\s*\([^)]*\))?\s+AS\s*(?:MATERIALIZED\s*)?\(`)
		for _, m := range ctes.FindAllStringSubmatch(string(f.text), -1) {
			local[strings.ToLower(m[1])] = true
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !strings.Contains(text, " ") {
				return true
			}
			upper := regexp.MustCompile(`\b(FROM|JOIN|INTO|UPDATE|TABLE)\b`)
			if !looksSQL.MatchString(text) && !upper.MatchString(text) {
				return true
			}
			for _, m := range upperTables.FindAllStringSubmatchIndex(text, -1) {
				verb := text[m[0]:m[2]]
				name := strings.ToLower(text[m[2]:m[3]])
				prefix, _, _ := strings.Cut(name, "_")
				switch {
				case local[name], systemTables.MatchString(name):
				case prefix == me || name == me || prefix == short[strings.LastIndex(short, "/")+1:]:
				case prefix == "district" && !in(short, "internal/platform"):
					if strings.Contains(verb, "INTO") || strings.HasPrefix(verb, "UPDATE") || strings.HasSuffix(strings.TrimSpace(text[:m[0]]), "DELETE") {
						t.Errorf("%s: writes %s, which the district owns", f.at(lit), name)
					}
				default:
					t.Errorf("%s: names table %s, which %s owns", f.at(lit), name, prefix)
				}
			}
			return true
		})
	}
}

// SQL is constant text: nothing that a person typed can become part of it.
// The few places that join constant parts are listed.
func TestSQLIsConstant(t *testing.T) {
	joins := []string{ // packages that assemble statements from their own constants
		"internal/platform/db", "internal/platform/search", "internal/testkit", "bench",
	}
	for _, f := range files(t) {
		short := f.pkg.short()
		if in(short, joins...) || !in(short, "internal", "cmd") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, ok := f.calls(c, "fmt"); ok && strings.HasPrefix(name, "Sprint") {
				for _, a := range c.Args {
					if lit, ok := a.(*ast.BasicLit); ok && lit.Kind == token.STRING && looksSQL.MatchString(strings.Trim(lit.Value, "`\"")) && tablesIn.MatchString(lit.Value) {
						t.Errorf("%s: SQL made by fmt.%s", f.at(c), name)
					}
				}
			}
			return true
		})
	}
}

// calls reports the function's name if c calls a function of an import.
func (f file) calls(c *ast.CallExpr, pkgName string) (string, bool) {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	x, ok := s.X.(*ast.Ident)
	return s.Sel.Name, ok && x.Name == pkgName
}

// Every table in a migration carries its package's name, and text that is
// ordered says where NULLs go.
func TestMigrations(t *testing.T) {
	found := 0
	create := regexp.MustCompile(`(?i)CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?([a-z_0-9]+)`)
	err := filepath.WalkDir(filepath.Join(repo(), "internal"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".sql" || filepath.Base(filepath.Dir(path)) != "migrations" {
			return err
		}
		found++
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(repo(), filepath.Dir(filepath.Dir(path)))
		me := owner(filepath.ToSlash(rel))
		if !strings.HasPrefix(string(raw), "-- +goose Up") {
			t.Errorf("%s/%s does not begin with -- +goose Up", rel, filepath.Base(path))
		}
		for _, m := range create.FindAllStringSubmatch(string(raw), -1) {
			if m[1] != me && !strings.HasPrefix(m[1], me+"_") {
				t.Errorf("%s creates table %s; its tables begin with %s_", rel, m[1], me)
			}
		}
		if strings.Contains(string(raw), "CREATE TABLE") && !strings.Contains(string(raw), "{{strict}}") {
			t.Errorf("%s/%s: tables are {{strict}}", rel, filepath.Base(path))
		}
		if strings.Contains(strings.ToUpper(string(raw)), "DEFERRABLE") {
			t.Errorf("%s/%s: no deferred constraints; they fail at a commit that others share", rel, filepath.Base(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Fatal("no migrations found: the test looks at the wrong place")
	}
}
