package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// bringsPastIn is what somebody who runs Trellis does once: bring in what the
// old desk recorded, look at it, and take it back.
func bringsPastIn(t *testing.T, h *house) {
	for name, script := range map[string]bool{"with script": true, "without script": false} {
		t.Run(name, func(t *testing.T) { walkPast(t, h, name, script) })
	}
}

func walkPast(t *testing.T, h *house, name string, script bool) {
	path := filepath.Join(t.TempDir(), "Old desk, "+name+".csv")
	if err := os.WriteFile(path, []byte(logged(40, "Where")), 0o600); err != nil {
		t.Fatal(err)
	}
	b := newTab(t, h.base)
	b.look(h, "director", "/settings")
	if !script {
		b.noScript()
		b.open("/settings")
	}
	// follow presses a link, which with script may change the page in place.
	follow := func(selector string) { b.Helper(); b.leave(selector) }
	wait := func(text string) {
		b.Helper()
		for !script && !ask[bool](b, `document.querySelector('#progress').innerText.includes(`+quote(text)+`)`) {
			b.is(`document.querySelector('#progress a')`)
			b.leave("#progress a")
		}
		b.is(`document.querySelector('#progress').innerText.includes(` + quote(text) + `)`)
	}

	follow(`main a[href="/settings/past"]`)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{path}))
	b.leave("#upload .btn-primary")
	b.shows("Not brought in yet")
	b.shows("40 new")
	b.is(`document.querySelector('#f-place').value === '' && document.querySelector('#f-team').value === 'Group'`)
	b.js(`document.querySelector('#f-place').value = 'Where'`)
	b.leave("#match .btn-primary")
	b.shows("Saved. Below is what it would do now.")
	b.is(`document.querySelector('#f-place').value === 'Where' && document.querySelector('#sample').innerText.includes('Orchard')`)
	b.leave("#begin .btn-primary")
	wait("Brought in")
	b.shows("40 new")
	imported := ask[string](b, `location.pathname`)

	follow(`main a[href^="/steer/flow"]`)
	b.is(`document.querySelector('.measure .big').innerText === '40'`)
	b.is(`[...document.querySelectorAll('#groups th')].some(h => h.innerText.includes('Tall Pines'))`)
	places := ask[int](b, `document.querySelectorAll('#groups tbody tr').length`)
	if places < 5 {
		t.Errorf("%d lines of places", places)
	}
	kept := `#groups tbody tr:first-child td:nth-of-type(1) a`
	follow(kept)
	b.is(`document.querySelectorAll('#requests tbody tr').length === 40`)
	follow(`#requests tbody tr:nth-child(5) th a`)
	b.is(`/^\/r\/H-\d+$/.test(location.pathname) && document.querySelector('#ticket-title')`)

	// A line is taken out and put back.
	lines := `document.querySelectorAll('form[action*="/past/"]').length`
	n := ask[int](b, lines)
	press := func(what, then string) {
		b.Helper()
		button := `form[action*="/past/"][action*="/` + what + `"] button`
		if script {
			b.click(button)
		} else {
			b.leave(button)
		}
		b.is(then)
	}
	press("remove", `document.querySelectorAll('form[action*="/restore"]').length === 1`)
	press("restore", `document.querySelectorAll('form[action*="/restore"]').length === 0`)
	if again := ask[int](b, lines); n < 3 || again != n {
		t.Errorf("%d lines, then %d", n, again)
	}

	b.open(imported)
	b.leave("#undo .btn")
	wait("What this file brought was taken back")
	b.open("/desk/search?q=OD-1005")
	if ask[bool](b, `!!document.querySelector('main a[href^="/r/H-"]')`) {
		t.Error("a request of the past stayed")
	}
	b.clean()
}
