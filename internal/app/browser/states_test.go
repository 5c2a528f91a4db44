package browser_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// state is a page as somebody finds it.
type state struct {
	name string
	// reach brings the tab there.
	reach func(b *tab, h *house)
	// expect is what the console may say: the browser reports every answer that
	// is no success.
	expect string
	// failed pages say so first in their title.
	failed bool
	// parts is the gallery, which belongs to no district.
	parts bool
	// over: a menu lies over the page and leaves less of what is below it.
	over bool
}

// at is a page that is reached by its address.
func at(path string) func(*tab, *house) { return func(b *tab, _ *house) { b.Helper(); b.open(path) } }

// tabful is how many states one tab visits: few enough that all processors have
// work until the end.
const tabful = 6

// everyScene is every state of every page, in houses of its own.
func everyScene(t *testing.T) []scene {
	h := example(t)
	p := history(t, h)
	all := slices.Concat(scenery(t, h, p), promiseScenes(t, h, p), pastScenes(t), weekScenes(t, h))
	for i := range all {
		if all[i].house == nil {
			all[i].house = h
		}
	}
	return all
}

// visit goes through the states and looks at each with see, whose tab has
// counted what came over the wire. A language is that of the device: people's
// own are forgotten, so that it is the one they see.
func visit(t *testing.T, scenes []scene, lang string, see func(b *tab, w *wire, g scene, s state)) {
	for _, g := range scenes {
		if lang != "" {
			g.house.forgetLanguages(t)
		}
		for states := range slices.Chunk(g.states, tabful) {
			t.Run(g.who, func(t *testing.T) {
				t.Parallel()
				w := newWire()
				b := newTab(t, g.house.base, chromedp.WithListener(w.hear))
				if lang != "" {
					b.cookie("lang", lang)
				}
				if g.role != "" {
					b.open(g.house.door(g.role))
				}
				for _, s := range states {
					t.Run(s.name, func(t *testing.T) {
						b := *b
						b.TB = t
						b.size(1440)
						b.scheme("light")
						s.reach(&b, g.house)
						b.is(`document.readyState === 'complete'`)
						see(&b, w, g, s)
						if s.expect != "" {
							b.clean(s.expect)
						} else {
							b.clean()
						}
					})
				}
			})
		}
	}
}

// TestAxe looks at every state of every page, and at the HTML that was sent for
// them.
func TestAxe(t *testing.T) {
	inBrowser(t)
	kept := &answers{known: map[[32]byte]bool{}}
	scenes := everyScene(t)
	for _, g := range scenes {
		g.house.keepAnswers(kept)
	}
	t.Run("state", func(t *testing.T) { visit(t, scenes, "", inspect) })
	t.Run("markup", kept.check)
}

func inspect(b *tab, w *wire, g scene, s state) {
	b.Helper()
	title := ask[string](b, `document.title`)
	thing, place, ok := strings.Cut(strings.TrimPrefix(title, "Error: "), " – ")
	failed := strings.HasPrefix(title, "Error: ")
	if (!ok || thing == "" || place == "") && !s.parts || failed != s.failed {
		b.Errorf("title %q", title)
	}
	if !s.parts {
		weigh(b, w)
	}
	b.js(axe())
	for _, width := range widths {
		b.size(width)
		// What stands where is the same in the dark, or should be.
		b.scheme(map[bool]string{true: "dark", false: "light"}[width == 320])
		for _, problem := range ask[[]string](b, layout) {
			b.Errorf("%d px: %s", width, problem)
		}
		if width != 1440 && width != 360 {
			continue
		}
		// What sticks to the edge of the window covers what is scrolled under it;
		// in a window as high as the page it lies where it belongs.
		b.whole(width)
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for _, problem := range ask[[]string](b, axeRun(scheme, s)) {
				b.Errorf("%d px %s: axe %s", width, scheme, problem)
			}
			if *pictures != "" {
				keepPicture(b, fmt.Sprintf("%s-%s-%d-%s", g.who, s.name, width, scheme), b.picture(width < 500))
			}
		}
	}
	if !s.parts {
		b.size(paperWidth)
		b.media("print", "dark", "none")
		for _, problem := range ask[[]string](b, printed) {
			b.Errorf("on paper: %s", problem)
		}
	}
}
