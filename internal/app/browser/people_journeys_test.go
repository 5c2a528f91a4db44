package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// twice walks with script and without. The console may say what is expected.
func twice(t *testing.T, h *house, walk func(b *tab), expect ...string) {
	for name, script := range map[string]bool{"with script": true, "without script": false} {
		t.Run(name, func(t *testing.T) {
			b := newTab(t, h.base)
			if !script {
				b.noScript()
			}
			walk(b)
			b.clean(expect...)
		})
	}
}

// A student asks in simpler words: nobody asks them whether a class is stopped.
func studentAsks(t *testing.T, h *house) {
	twice(t, h, func(b *tab) {
		b.size(320)
		b.look(h, "student", "/help")
		b.is(`!document.querySelector('#send-now')`)
		b.write("#f-text", "My keyboard types the wrong letters")
		b.leave(askGo)
		b.is(`!document.querySelector('input[name=impact][value=stopped]')`)
		b.leave("#send")
		b.shows("My keyboard types the wrong letters")
	})
}

// A director reads how the week goes, and opens what a number counts.
func directorLooks(t *testing.T, h *house) {
	twice(t, h, func(b *tab) {
		b.size(1440)
		b.look(h, "director", "/")
		b.is(`location.pathname === '/steer'`)
		b.is(`document.querySelector('main h1') && document.querySelectorAll('main table tbody tr').length >= 5`)
		b.leave(`main table tbody a[href*="/steer/flow/requests"], main table tbody a[href*="/desk/"]`)
		b.is(`document.querySelectorAll('main a[href^="/r/"]').length > 0`)
	})
}

// A principal lands on the page of their school, and no other opens.
func principalLooks(t *testing.T, h *house) {
	twice(t, h, func(b *tab) {
		b.size(360)
		b.look(h, "principal", "/")
		b.is(`location.pathname === '/places/marsh'`)
		b.shows("Marsh")
		if got := b.open("/places/orchard"); got != 404 {
			b.Errorf("another school answers %d", got)
		}
	}, "status of 404")
}

// A board member reads the week, and no link leads to what they may not open.
func boardReads(t *testing.T, h *house) {
	twice(t, h, func(b *tab) {
		b.size(360)
		b.look(h, "board", "/")
		b.is(`location.pathname === '/steer'`)
		for _, href := range ask[[]string](b, `[...document.querySelectorAll('main a[href^="/"]')].map(a => a.getAttribute('href'))`) {
			if got := b.open(href); got != 200 {
				b.Errorf("%s answers %d", href, got)
			}
		}
	})
}

// A coach who is away reads who covers, with the keyboard alone.
func coachIsCovered(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.size(1440)
	b.look(h, "specialist", "/coverage")
	b.shows("Simone Archer")
	b.look(h, "coach", "/away")
	b.shows("Simone Archer")
	b.press(kb.Tab)
	b.is(`document.activeElement !== document.body`)
	b.clean()
}
