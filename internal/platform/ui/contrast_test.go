package ui_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tokens reads the three blocks of color tokens: light, dark by the reader's
// system, dark by the page.
func tokens(t *testing.T) map[string]map[string]string {
	t.Helper()
	src, err := os.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(src)
	out := map[string]map[string]string{}
	for name, selector := range map[string]string{
		"light": "\n  :root {", "dark by system": ":root:not([data-theme=light]) {", "dark by page": "\n  :root[data-theme=dark] {",
	} {
		_, rest, found := strings.Cut(css, selector)
		if !found {
			t.Fatalf("no block %q in app.css", selector)
		}
		block, _, _ := strings.Cut(rest, "}")
		out[name] = map[string]string{}
		for _, m := range regexp.MustCompile(`--([\w-]+):\s*([^;]+);`).FindAllStringSubmatch(block, -1) {
			out[name][m[1]] = strings.TrimSpace(m[2])
		}
	}
	return out
}

// luminance is that of WCAG 2: relative, of an sRGB color.
func luminance(hex string) (float64, error) {
	if len(hex) != 7 || hex[0] != '#' {
		return 0, fmt.Errorf("%q is not #rrggbb", hex)
	}
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return 0, err
	}
	channel := func(shift int) float64 {
		v := float64(n>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0), nil
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, err := luminance(a)
	if err != nil {
		t.Fatal(err)
	}
	lb, err := luminance(b)
	if err != nil {
		t.Fatal(err)
	}
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// Every pair of ink and paper that the stylesheet uses.
var pairs = []struct {
	ink, papers string
	least       float64
}{
	{"ink", "ground surface sunk pen-soft pencil-soft red-soft green-soft", 4.5},
	{"ink-2", "ground surface sunk pen-soft", 4.5},
	{"ink-3", "ground surface sunk", 4.5},
	{"pen", "ground surface sunk pen-soft green-soft", 4.5},
	{"pen-2", "surface pen-soft", 4.5},
	{"on-pen", "pen pen-2", 4.5},
	{"surface", "ink", 4.5}, // the button on a notice, the person's own disc
	{"pencil-ink", "pencil-soft", 4.5},
	{"on-pencil", "pencil", 4.5},
	{"red", "ground surface red-soft pencil-soft pen-soft", 4.5},
	{"green", "ground surface green-soft", 4.5},
	// What is not text: borders of controls, and the line around the focus.
	{"edge", "ground surface sunk", 3},
	{"ink", "ground surface sunk pen-soft pencil-soft red-soft green-soft", 3},
	{"on-pen", "pen", 3}, // the bar of a selection draws its focus in this
}

func TestContrast(t *testing.T) {
	for scheme, colors := range tokens(t) {
		for _, p := range pairs {
			for _, paper := range strings.Fields(p.papers) {
				if got := contrast(t, colors[p.ink], colors[paper]); got < p.least {
					t.Errorf("%s: %s on %s is %.2f, less than %.1f", scheme, p.ink, paper, got, p.least)
				}
			}
		}
	}
}

// The dark values stand twice in the stylesheet and must not drift apart.
func TestDarkIsDark(t *testing.T) {
	all := tokens(t)
	system, page, light := all["dark by system"], all["dark by page"], all["light"]
	if len(system) == 0 || len(system) != len(page) {
		t.Fatalf("%d dark tokens by system, %d by page", len(system), len(page))
	}
	for name, value := range system {
		if page[name] != value {
			t.Errorf("--%s is %s by system and %s by page", name, value, page[name])
		}
		if light[name] == "" {
			t.Errorf("--%s has a dark value and no light one", name)
		}
	}
}
