package ui_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var forbidden = regexp.MustCompile(`(?i)(\bdata-hx-|\bhx-[a-z]|[\s"]on[a-z]+\s*=\s*["{]|\bstyle\s*=\s*["{]|<style\b|<script\b|"(data-)?hx-[a-z])`)

// Behavior of htmx, inline style and inline script stay out of every page: what
// pages need of them is a part of this package.
func TestPagesUsePartsOnly(t *testing.T) {
	for _, bad := range []string{`<a hx-get="/">`, `<a data-hx-boost="x">`, `<b onclick="x">`, `<b onclick={ x }>`, `<b style="x">`, `<style>`, `templ.Attributes{"hx-get": x}`} {
		if !forbidden.MatchString(bad) {
			t.Errorf("the rule lets %s pass", bad)
		}
	}
	for _, good := range []string{`@ui.Form(ui.FormProps{Swap: "#pane"})`, `if version == "1" {`, `<p class="small">on time = good</p>`} {
		if forbidden.MatchString(good) {
			t.Errorf("the rule refuses %s", good)
		}
	}
	root := "../../.."
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if abs, _ := filepath.Abs(path); d.IsDir() && (abs == here || d.Name() == ".git" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".templ" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(src), "\n") {
			if m := forbidden.FindString(line); m != "" {
				t.Errorf("%s:%d: %q belongs to package ui alone", path, i+1, strings.TrimSpace(m))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
