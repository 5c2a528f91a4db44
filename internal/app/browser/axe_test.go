package browser_test

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
)

//go:embed testdata/axe/axe.min.js.gz
var axePacked []byte

var axe = sync.OnceValue(func() string {
	r, err := gzip.NewReader(bytes.NewReader(axePacked))
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return string(text)
})

// axeRun lists what axe objects to, a line for each rule and element. What the
// two schemes share is looked at once: they differ in colors alone.
func axeRun(scheme string, s state) string {
	only := `{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }`
	if scheme == "dark" {
		only = `{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }`
	}
	rules := `{}`
	if s.over {
		rules = `{ 'target-size': { enabled: false } }`
	}
	return `axe.run(document, { runOnly: ` + only + `, rules: ` + rules + `, resultTypes: ['violations'], preload: false })
		.then(r => r.violations.flatMap(v => v.nodes.slice(0, 4).map(n =>
			v.id + ': ' + n.target.join(' ') + ' | ' + ((n.any[0] || n.all[0] || n.none[0] || {}).message || v.help))))`
}

// layout lists what a reader would stumble over: see each line.
const layout = `(() => {
	const out = []
	const name = el => el.tagName.toLowerCase() + (el.id ? '#' + el.id : '') + (typeof el.className === 'string' && el.className ? '.' + el.className.trim().replace(/\s+/g, '.') : '') + ' "' + (el.innerText || el.value || '').trim().slice(0, 40) + '"'
	// What is there for screen readers alone is clipped away.
	const clipped = el => { for (let p = el; p; p = p.parentElement) if (getComputedStyle(p).clipPath === 'inset(50%)') return true; return false }
	const seen = el => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0 && !el.closest('.vh, .skip') && !clipped(el)
	// A phone's browser zooms out of a page that is too wide: what counts is the
	// width that the page was given.
	const root = document.documentElement, width = root.clientWidth
	if (root.scrollWidth > width) {
		out.push('scrolls sideways: ' + root.scrollWidth + ' of ' + width)
		for (const el of document.body.querySelectorAll('*')) {
			if (seen(el) && el.getBoundingClientRect().right > width + 1) { out.push('  too wide: ' + name(el)); break }
		}
	}
	// Parts that scroll do so up and down, but for tables and the desk's lists.
	for (const el of document.querySelectorAll('main *')) {
		if (/auto|scroll/.test(getComputedStyle(el).overflowX) && !el.matches('.scroll, .views, textarea') && el.scrollWidth > el.clientWidth + 1) {
			const wide = [...el.querySelectorAll('*')].filter(c => seen(c) && c.getBoundingClientRect().right > el.getBoundingClientRect().left + el.clientWidth + 1)
			out.push('scrolls sideways: ' + name(el) + ', because of ' + wide.slice(0, 3).map(name).join(', '))
		}
	}
	const h1 = document.querySelectorAll('h1')
	if (h1.length !== 1 || !h1[0].innerText.trim()) out.push(h1.length + ' main headings')
	if (!root.lang) out.push('the page has no language')
	// Words of buttons and headings are whole.
	for (const el of document.querySelectorAll('button, .btn, summary, h1, h2, label, .tag, .places a, .views a, .drop, select, input:not([type=hidden]), textarea, td, th')) {
		if (!seen(el) || el.closest('.el')) continue
		if (!el.matches('.drop, select, input, textarea') && el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0 && getComputedStyle(el).display !== 'inline') out.push('cut off: ' + name(el) + ' ' + el.scrollWidth + ' of ' + el.clientWidth)
		const r = el.getBoundingClientRect()
		if (r.left < -1 || (r.right > width + 1 && !scrolls(el))) out.push('off the screen: ' + name(el))
	}
	// A part that scrolls by itself may hold more than it shows.
	function scrolls(el) {
		for (let p = el.parentElement; p; p = p.parentElement) if (/auto|scroll/.test(getComputedStyle(p).overflowX)) return true
		return false
	}
	// Nothing that can be pressed lies on something else that can. What a part
	// that scrolls by itself hides is not there.
	const floats = el => { for (let p = el; p; p = p.parentElement) if (/sticky|fixed|absolute/.test(getComputedStyle(p).position)) return true; return false }
	const shown = el => {
		let clip = { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 }
		for (let p = el.parentElement; p; p = p.parentElement) {
			if (getComputedStyle(p).overflow === 'visible') continue
			const r = p.getBoundingClientRect()
			clip = { left: Math.max(clip.left, r.left), top: Math.max(clip.top, r.top), right: Math.min(clip.right, r.right), bottom: Math.min(clip.bottom, r.bottom) }
		}
		return [...el.getClientRects()].map(r => ({ left: Math.max(clip.left, r.left), top: Math.max(clip.top, r.top), right: Math.min(clip.right, r.right), bottom: Math.min(clip.bottom, r.bottom) }))
	}
	const parts = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
		.filter(el => seen(el) && !floats(el) && !el.matches('details:not([open]) > :not(summary) *')).map(el => [el, shown(el)])
	const meet = (a, b) => a.some(p => b.some(q => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 2))
	parts.forEach(([a, at], i) => parts.slice(i + 1).forEach(([b, bt]) => {
		if (!a.contains(b) && !b.contains(a) && meet(at, bt)) out.push('overlap: ' + name(a) + ' and ' + name(b))
	}))
	// A menu that is open never takes away the choice between reply and note.
	const box = document.querySelector('.tk .comp')
	if (box && getComputedStyle(box).position === 'sticky' && !document.querySelector('dialog[open]')) for (const a of box.querySelectorAll('.tabs a')) {
		const r = a.getBoundingClientRect(), top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)
		if (top && !a.contains(top)) out.push('covered: ' + name(a) + ' by ' + name(top))
	}
	return out
})()`

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

// TestAxe looks at every state of every page.
func TestAxe(t *testing.T) {
	inBrowser(t)
	h := example(t)
	p := history(t, h)
	for _, g := range slices.Concat(scenery(t, h, p), promiseScenes(t, h, p), pastScenes(t)) {
		for states := range slices.Chunk(g.states, tabful) {
			t.Run(g.who, func(t *testing.T) {
				t.Parallel()
				in := h
				if g.house != nil {
					in = g.house
				}
				b := newTab(t, in.base)
				if g.role != "" {
					b.open(in.door(g.role))
				}
				for _, s := range states {
					t.Run(s.name, func(t *testing.T) {
						b := *b
						b.TB = t
						b.size(1440)
						b.scheme("light")
						s.reach(&b, in)
						inspect(&b, g.who, s)
					})
				}
			})
		}
	}
}

func inspect(b *tab, who string, s state) {
	b.Helper()
	b.is(`document.readyState === 'complete'`)
	title := ask[string](b, `document.title`)
	thing, place, ok := strings.Cut(strings.TrimPrefix(title, "Error: "), " – ")
	failed := strings.HasPrefix(title, "Error: ")
	if (!ok || thing == "" || place == "") && !s.parts || failed != s.failed {
		b.Errorf("title %q", title)
	}
	b.js(axe())
	for _, width := range widths {
		b.size(width)
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
				keepPicture(b, fmt.Sprintf("%s-%s-%d-%s", who, s.name, width, scheme), b.picture(width < 500))
			}
		}
		b.scheme("light")
	}
	if s.expect != "" {
		b.clean(s.expect)
	} else {
		b.clean()
	}
}
