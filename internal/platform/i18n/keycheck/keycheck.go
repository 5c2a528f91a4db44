// Package keycheck holds the tests that a message catalogue must pass beside
// the source code that uses it: every key that the code names has a message,
// every message is named somewhere, and texts for the public keep to plain
// words.
package keycheck

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trellis/internal/platform/i18n"
)

// Options adjust what Check counts as a use.
type Options struct {
	// NotKeys are literals that look like a key and are none, such as
	// "event.kind". One that ends in a dot stands for all that start with it.
	NotKeys []string
	// Used are keys, or starts of keys that end in a dot, whose use the
	// source doesn't show.
	Used []string
}

// Check reads every .go and .templ file under root, except tests and generated
// files, and fails t for each literal that looks like a key of this catalogue
// and has no message, and for each message that no literal names.
//
// A literal that ends in a dot or underscore ("desk.state." + name), or has a
// verb behind one ("desk.state.%s"), uses every key that starts with it. A name
// of a file ("district.db") is no key.
func Check(t testing.TB, root string, c *i18n.Catalogue, o Options) {
	t.Helper()
	missing, unused, err := find(os.DirFS(root), c.Keys(), o)
	if err != nil {
		t.Fatalf("read the source under %s: %v", root, err)
	}
	for _, m := range missing {
		t.Errorf("%s: no message %q", m.at, m.key)
	}
	for _, key := range unused {
		t.Errorf("message %q is used nowhere", key)
	}
}

type use struct{ at, key string }

func find(root fs.FS, keys []string, o Options) (missing []use, unused []string, err error) {
	spaces := map[string]bool{} // the first parts of keys: what makes a literal a candidate
	for _, k := range keys {
		space, _, _ := strings.Cut(k, ".")
		spaces[space] = true
	}
	used := map[string]bool{}
	mark := func(literal string) (hit bool) {
		if !isStart(literal) {
			_, hit = slices.BinarySearch(keys, literal)
			used[literal] = true
			return hit
		}
		at, _ := slices.BinarySearch(keys, literal)
		for ; at < len(keys) && strings.HasPrefix(keys[at], literal); at++ {
			used[keys[at]], hit = true, true
		}
		return hit
	}
	for _, u := range o.Used {
		if !mark(u) {
			missing = append(missing, use{"Options.Used", u})
		}
	}
	err = literals(root, func(at, literal string) {
		literal, ok := candidate(literal, spaces)
		if !ok || o.excepts(literal) {
			return
		}
		if !mark(literal) && !isFile(literal) {
			missing = append(missing, use{at, literal})
		}
	})
	for _, k := range keys {
		if !used[k] {
			unused = append(unused, k)
		}
	}
	return missing, unused, err
}

func (o Options) excepts(literal string) bool {
	return slices.ContainsFunc(o.NotKeys, func(n string) bool {
		return n == literal || strings.HasSuffix(n, ".") && strings.HasPrefix(literal, n)
	})
}

var keyLike = regexp.MustCompile(`^([a-z][a-z0-9_]*)\.(?:[a-z0-9_]+\.)*(?:[a-z0-9_]+)?$`)

// candidate cuts a literal at its first verb and says whether what is left
// looks like a key or the start of one.
func candidate(literal string, spaces map[string]bool) (string, bool) {
	if at := strings.IndexByte(literal, '%'); at > 0 && isStart(literal[:at]) {
		literal = literal[:at]
	}
	m := keyLike.FindStringSubmatch(literal)
	return literal, m != nil && spaces[m[1]]
}

// isStart reports a literal that a key is made from by adding to it.
func isStart(literal string) bool {
	return strings.HasSuffix(literal, ".") || strings.HasSuffix(literal, "_")
}

// isFile reports a literal with the extension of a file that programs name.
func isFile(literal string) bool {
	switch filepath.Ext(literal) {
	case ".css", ".csv", ".db", ".html", ".js", ".json", ".lock", ".log", ".md", ".pdf", ".png", ".sock", ".sql", ".svg", ".txt", ".xlsx", ".zip":
		return true
	}
	return false
}

// literals calls each with every string literal of the sources and where it
// stands.
func literals(root fs.FS, each func(at, literal string)) error {
	return fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name != "." && strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(name, "_test.go"), strings.HasSuffix(name, "_templ.go"):
			return nil
		case filepath.Ext(name) == ".go", filepath.Ext(name) == ".templ":
		default:
			return nil
		}
		src, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		if filepath.Ext(name) == ".templ" {
			templLiterals(path, string(src), each)
		} else {
			goLiterals(path, src, each)
		}
		return nil
	})
}

func goLiterals(path string, src []byte, each func(at, literal string)) {
	set := token.NewFileSet()
	file := set.AddFile(path, -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok != token.STRING {
			continue
		}
		if text, err := strconv.Unquote(lit); err == nil {
			each(set.Position(pos).String(), text)
		}
	}
}

var quoted = regexp.MustCompile(`"([^"\\\n]*)"`)

// templLiterals takes whatever stands in double quotes: a template mixes Go
// with markup, and attribute values that look like a key of ours are rare
// enough to be listed in Options.NotKeys.
func templLiterals(path, src string, each func(at, literal string)) {
	for i, line := range strings.Split(src, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			each(path+":"+strconv.Itoa(i+1), m[1])
		}
	}
}
