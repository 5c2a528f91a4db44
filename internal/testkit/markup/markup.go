// Package markup holds the HTML of pages against two checkers that know the
// standard better than any test of ours: html-validate and the Nu checker of
// the W3C. It runs Node and Java, and keeps the checkers in the user's cache
// folder, at the versions in package-lock.json.
package markup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

//go:embed package.json package-lock.json
var files embed.FS

// Page is one answer of the server. HTML that does not begin with a doctype is
// a part of a page, and is looked at inside a plain one.
type Page struct{ Name, HTML string }

// rules of html-validate that are not its recommended ones, each with the
// reason.
var rules = map[string]any{
	"doctype-style":     "off", // the generator writes it in small letters, which is the same
	"no-redundant-role": "off", // role=list brings back what Safari takes from a list without bullets
	// The same for a scrolling part with role=region, which becomes a landmark only
	// where it scrolls, and <ol role=list>.
	"prefer-native-element": []any{"error", map[string]any{"exclude": []string{"list", "region"}}},
	"form-dup-name":         "off", // a form of rows repeats the names of its columns
	"long-title":            "off", // people give long names to files and requests, and titles say them
}

// passed are complaints that are none. The first are about what the standard
// has and a checker does not know yet, <link rel=expect blocking=render>. The
// last is about the roles that rows and cells are given back: browsers take
// them away from a table whose rows are drawn as blocks on a phone.
var passed = regexp.MustCompile(`Bad value “expect” for attribute “rel”|A “link” element with a “blocking” attribute|"blocking" attribute cannot be used on <link>|` +
	`The “role” attribute must not be used on a “t(d|h|r|body|head)” element which has a “table” ancestor`)

// Finding is one kind of mistake: what a checker says, the first page that has
// it, and how many have.
type Finding struct {
	Says, Page, Where string
	Pages             int
}

func (f Finding) String() string {
	return fmt.Sprintf("%s\n\ton %q: %s\n\t(%d pages)", f.Says, f.Page, f.Where, f.Pages)
}

// Check fails t for each kind of mistake in the pages. Each checker starts once.
func Check(t testing.TB, pages []Page) {
	t.Helper()
	found, err := check(t.Context(), t.TempDir(), pages)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

func check(ctx context.Context, dir string, pages []Page) ([]Finding, error) {
	tools, err := installed(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i, p := range pages {
		html := p.HTML
		if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(html)), "<!doctype") {
			html = inside(html)
		}
		name := fmt.Sprintf("%04d.html", i)
		names[name] = p.Name
		if err := os.WriteFile(filepath.Join(dir, name), []byte(html), 0o600); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(dir, "config.json")
	raw, err := json.Marshal(map[string]any{"root": true, "extends": []string{"html-validate:recommended"}, "rules": rules})
	if err == nil {
		err = os.WriteFile(config, raw, 0o600)
	}
	if err != nil {
		return nil, err
	}
	var all []said
	type answer struct {
		said []said
		err  error
	}
	second := make(chan answer, 1)
	go func() {
		said, err := askNu(ctx, tools, dir)
		second <- answer{said, err}
	}()
	all, err = askHTMLValidate(ctx, tools, config, dir)
	other := <-second
	if err := errors.Join(err, other.err); err != nil {
		return nil, err
	}
	return gather(append(all, other.said...), names), nil
}

var partTitle = regexp.MustCompile(`<title>[^<]*</title>`)

// inside puts a part where the page would: its title, which the script takes
// out, is left away, and headings go on from one above.
func inside(part string) string {
	part = partTitle.ReplaceAllString(part, "")
	if strings.HasPrefix(strings.TrimSpace(part), "<li") {
		part = "<ul>" + part + "</ul>"
	}
	return `<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>Part</title></head><body>` +
		`<!-- [html-validate-disable heading-level, no-missing-references: what comes before and what is pointed at stands in the page] -->` +
		`<main>` + part + `</main></body></html>`
}

// said is one complaint about one file.
type said struct{ file, says, where string }

// gather puts complaints of one kind together.
func gather(all []said, names map[string]string) []Finding {
	var out []Finding
	at := map[string]int{}
	for _, s := range all {
		kind := digits.ReplaceAllString(s.says, "0")
		i, known := at[kind]
		if !known {
			i = len(out)
			at[kind] = i
			out = append(out, Finding{Says: s.says, Page: names[filepath.Base(s.file)], Where: s.where})
		}
		out[i].Pages++
	}
	return out
}

var digits = regexp.MustCompile(`\d+`)

func askHTMLValidate(ctx context.Context, tools, config, dir string) ([]said, error) {
	// Into a file: it does not wait until a pipe has taken everything.
	to := filepath.Join(dir, "found.json")
	_, err := run(ctx, "node", filepath.Join(tools, "node_modules/html-validate/bin/html-validate.mjs"), "--config", config, "--formatter", "json="+to, filepath.Join(dir, "*.html"))
	raw, e := os.ReadFile(to)
	if e != nil {
		return nil, fmt.Errorf("html-validate: %w", errors.Join(err, e))
	}
	var results []struct {
		FilePath string
		Messages []struct {
			RuleID, Message, Selector string
			Line, Column              int
		}
		Source string
	}
	if e := json.Unmarshal(raw, &results); e != nil {
		return nil, fmt.Errorf("html-validate: %w: %s %w", err, raw[:min(len(raw), 500)], e)
	}
	var out []said
	for _, r := range results {
		for _, m := range r.Messages {
			if passed.MatchString(m.Message) {
				continue
			}
			out = append(out, said{r.FilePath, "html-validate " + m.RuleID + ": " + m.Message, m.Selector + ": " + extract(r.Source, m.Line, m.Column)})
		}
	}
	return out, nil
}

// extract is the source from a line and column on.
func extract(source string, line, column int) string {
	lines := strings.Split(source, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	text := []rune(lines[line-1])
	from := max(min(column-20, len(text)), 0)
	return string(text[from:min(from+160, len(text))])
}

func askNu(ctx context.Context, tools, dir string) ([]said, error) {
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		return nil, err
	}
	raw, err := run(ctx, "java", append([]string{"-jar", filepath.Join(tools, "node_modules/vnu-jar/build/dist/vnu.jar"), "--errors-only", "--stdout", "--format", "json"}, pages...)...)
	var result struct {
		Messages []struct{ Type, URL, Message, Extract string }
	}
	if e := json.Unmarshal(raw, &result); e != nil {
		return nil, fmt.Errorf("the Nu checker: %w: %s %w", err, raw[:min(len(raw), 500)], e)
	}
	var out []said
	for _, m := range result.Messages {
		if passed.MatchString(m.Message) {
			continue
		}
		out = append(out, said{m.URL, "Nu: " + m.Message, m.Extract})
	}
	return out, nil
}

// run gives what a program printed; it says that it found something by failing.
func run(ctx context.Context, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, errs.String())
	}
	return out.Bytes(), err
}

// installed is the folder with the checkers; the first time they are fetched.
func installed(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	if err := each(func(name string, data []byte) error { sum.Write(data); return nil }); err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "trellis", "markup-"+hex.EncodeToString(sum.Sum(nil))[:12])
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "new-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh)
	err = each(func(name string, data []byte) error { return os.WriteFile(filepath.Join(fresh, name), data, 0o644) })
	if err != nil {
		return "", err
	}
	if _, err := run(ctx, "npm", "ci", "--prefix", fresh, "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
		return "", fmt.Errorf("fetch the checkers of HTML (nodejs, npm and a Java runtime are needed, see scripts/test): %w", err)
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Stat(dir); there != nil { // another test was first
			return "", err
		}
	}
	return dir, nil
}

func each(f func(name string, data []byte) error) error {
	list, err := files.ReadDir(".")
	for _, e := range list {
		var data []byte
		if data, err = files.ReadFile(e.Name()); err == nil {
			err = f(e.Name(), data)
		}
		if err != nil {
			break
		}
	}
	return err
}
