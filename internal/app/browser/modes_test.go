package browser_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestHighContrast looks at pages as a system shows them that replaces all
// colors and takes shadows away: where one is and what has the focus must be
// drawn with lines then.
func TestHighContrast(t *testing.T) {
	inBrowser(t)
	h := example(t)
	open := h.find(t, "specialist", "get past the sign-in page")
	const lines = `(() => {
		const out = []
		const name = el => el.tagName.toLowerCase() + '.' + el.className + ' "' + (el.innerText || el.value || '').trim().slice(0, 30) + '"'
		if (!matchMedia('(forced-colors: active)').matches) out.push('no forced colors: this shows nothing')
		const lined = el => { const s = getComputedStyle(el); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }
		const seen = el => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0
		for (const el of document.querySelectorAll('.q.cur, .views [aria-current], .places [aria-current], .tabs [aria-current], .seg [aria-current], .two label:has(:checked)'))
			if (seen(el) && !lined(el)) out.push('nothing marks ' + name(el))
		for (const el of document.querySelectorAll('.btn:not(.btn-quiet, .btn-q), .tag'))
			if (seen(el) && !parseFloat(getComputedStyle(el).borderTopWidth)) out.push('no edge: ' + name(el))
		for (const el of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
			if (!seen(el) || el.disabled) continue
			el.focus({ focusVisible: true })
			if (document.activeElement !== el) continue
			let p = el
			for (let up = 0; p && up < 4 && !lined(p); up++) p = p.parentElement
			if (!p || !lined(p) || p === document.body) out.push('no focus: ' + name(el))
			el.blur()
		}
		return out
	})()`
	for _, v := range []struct {
		name, role string
		reach      func(*tab, *house)
	}{
		{"help", "teacher", at("/help")},
		{"ask", "teacher", then("/help", writes("#f-text", "The display stays black"), submits(askGo))},
		{"request", "teacher", at(path(open))},
		{"queue", "specialist", then("/desk/places", clicks(".q .ck"))},
		{"desk", "specialist", at(path(open) + "?in=places")},
		{"note", "specialist", at(path(open) + "?write=note")},
		{"menu", "specialist", then(path(open), opens("#p-service"))},
		{"people", "director", at("/settings/people")},
	} {
		t.Run(v.name, func(t *testing.T) {
			b := newTab(t, h.base)
			h.enter(b, v.role)
			v.reach(b, h)
			for _, width := range []int64{1440, 360} {
				b.size(width)
				b.media("screen", "dark", "active")
				for _, problem := range ask[[]string](b, lines) {
					t.Errorf("%d px: %s", width, problem)
				}
				if *pictures != "" {
					keepPicture(b, fmt.Sprintf("contrast-%s-%d", v.name, width), b.picture(false))
				}
			}
			b.clean()
		})
	}
}

// paperWidth is US Letter between margins of 14 mm, in px.
const paperWidth = 710

// printed lists what is wrong on any sheet: the colors of a dark screen, what
// lies beside the paper, on other words, or is cut off.
const printed = `(() => {
	const out = []
	const body = getComputedStyle(document.body)
	if (body.backgroundColor !== 'rgb(255, 255, 255)' || body.color !== 'rgb(0, 0, 0)') out.push('printed ' + body.color + ' on ' + body.backgroundColor)
	const name = el => el.tagName.toLowerCase() + '.' + el.className + ' "' + (el.innerText || el.value || '').trim().slice(0, 30) + '"'
	const clipped = el => { for (let p = el; p; p = p.parentElement) if (getComputedStyle(p).clipPath === 'inset(50%)') return true; return false }
	const seen = el => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0 && !clipped(el)
	const root = document.documentElement
	if (root.scrollWidth > root.clientWidth + 1) {
		out.push('wider than the paper: ' + root.scrollWidth)
		for (const el of document.body.querySelectorAll('*')) if (seen(el) && el.getBoundingClientRect().right > root.clientWidth + 1) { out.push('  because of ' + name(el)); break }
	}
	for (const el of document.querySelectorAll('main *')) if (seen(el) && /auto|scroll|hidden/.test(getComputedStyle(el).overflowY) && !el.matches('textarea, input, select') && el.scrollHeight > el.clientHeight + 1) out.push('cut off: ' + name(el))
	return out
})()`

// pressable lists what nobody can press on paper.
const pressable = `(() => {
	const seen = el => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0 && !el.closest('.vh')
	return [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, nav, .demo, .foot')].filter(seen).map(el => 'printed: ' + el.outerHTML.slice(0, 80))
})()`

// TestOnPaper prints a request and a list: black on white also from a dark
// screen, the words and nothing to press.
func TestOnPaper(t *testing.T) {
	inBrowser(t)
	h := example(t)
	open := h.find(t, "specialist", "get past the sign-in page")
	for _, v := range []struct{ name, role, path, words, other string }{
		{"request", "teacher", path(open), "It worked yesterday.", "Same loop at Orchard"},
		{"ticket", "specialist", path(open), "Same loop at Orchard", "Testing browser asks for an update"},
		{"list", "specialist", "/desk/places", "Testing browser asks for an update", "Open a request"},
		{"requests", "teacher", "/help/requests", "Nobody in 7B", "Dana Whitfield, who"},
	} {
		t.Run(v.name, func(t *testing.T) {
			b := newTab(t, h.base)
			h.enter(b, v.role)
			b.open(v.path)
			b.size(paperWidth)
			b.media("print", "dark", "none")
			b.shows(v.words)
			if ask[bool](b, `document.body.innerText.includes(`+quote(v.other)+`)`) {
				t.Errorf("%q is printed too", v.other)
			}
			for _, problem := range slices.Concat(ask[[]string](b, printed), ask[[]string](b, pressable)) {
				t.Error(problem)
			}
			if *pictures != "" {
				keepPicture(b, "paper-"+v.name, b.picture(true))
			}
			sheet, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{})
			if err != nil || len(sheet.Data) < 5000 {
				t.Errorf("printed %d bytes: %v", len(sheet.Data), err)
			}
			b.clean()
		})
	}
}
