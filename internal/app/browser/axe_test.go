package browser_test

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sync"
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
		const beyond = el => root.dir === 'rtl' ? el.getBoundingClientRect().left < root.getBoundingClientRect().right - width - 1 : el.getBoundingClientRect().right > width + 1
		const ends = [...document.body.querySelectorAll('*')].filter(el => beyond(el) && !scrolls(el) && ![...el.children].some(beyond))
		for (const el of ends.slice(0, 3)) out.push('  too wide: ' + name(el))
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
		// A part that scrolls hides what is beyond its end, never its start.
		const r = el.getBoundingClientRect(), left = r.left < -1, right = r.right > width + 1, rtl = root.dir === 'rtl'
		if ((rtl ? right : left) || (rtl ? left : right) && !scrolls(el)) out.push('off the screen: ' + name(el))
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
