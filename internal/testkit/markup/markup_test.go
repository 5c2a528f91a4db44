package markup

import (
	"strings"
	"testing"
)

// Both checkers find a mistake in a page and in a part, and nothing in a page
// that has none.
func TestCheck(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: starts Node and Java")
	}
	const page = `<!DOCTYPE html><html lang="en"><head><title>Good</title></head><body><h1>Good</h1></body></html>`
	found, err := check(t.Context(), t.TempDir(), []Page{{"good", page}, {"good part", `<title>New</title><section><h3>Good</h3></section>`},
		{"bad", strings.Replace(page, "<h1>", `<p><table></table></p><h1 id="a"><span id="a"></span>`, 1)}, {"bad part", `<ul><div>x</div></ul><title>x</title>`}})
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, f := range found {
		checker, _, _ := strings.Cut(f.Says, " ")
		by[strings.TrimSuffix(checker, ":")+" "+f.Page]++
		if strings.HasPrefix(f.Page, "good") {
			t.Error(f)
		}
	}
	for _, want := range []string{"html-validate bad", "html-validate bad part", "Nu bad", "Nu bad part"} {
		if by[want] == 0 {
			t.Errorf("nothing by %s: %v", want, found)
		}
	}
}
