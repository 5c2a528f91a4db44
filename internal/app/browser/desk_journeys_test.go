package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
)

const focus = `document.activeElement`

func deskByKeyboard(t *testing.T, h *house) {
	id := h.request(t, "teacher", desk.CreateTicket{Text: "The lab's clocks disagree", Impact: desk.Question})
	row := `#row-` + id.String()[2:]
	b := newTab(t, h.base)
	b.look(h, "specialist", "/desk/places?sort=newest")
	b.js(`window.first = 1`)
	for range 60 {
		b.press("j")
		if ask[bool](b, `!!`+focus+`.closest(`+quote(row)+`)`) {
			break
		}
	}
	b.press("j")
	b.press("k")
	b.is(focus + `.closest(` + quote(row) + `)`)
	b.press(enterKey)
	b.is(`location.pathname === ` + quote(path(id)) + ` && ` + focus + `.id === 'ticket-title'`)

	// A reply.
	b.press("r")
	b.is(focus + `.matches('.comp textarea[name=text]')`)
	b.typing("Which lab?")
	b.press(enterKey, chromedp.ModifierCtrl)
	b.is(`document.querySelector('.conv').innerText.includes('Which lab?') && document.querySelector('.comp textarea').value === ''`)
	b.is(`document.querySelector('#last').innerText.includes('reply sent')`)

	// A note, sent by its button. The list still shows which request is open.
	b.press(escapeKey)
	b.press("n")
	b.is(focus + `.matches('.comp.private textarea[name=note]') && document.querySelector(` + quote(row) + `).classList.contains('cur')`)
	b.typing("Probably Lab C, it always is.")
	b.tabTo(`.comp .btn-primary`)
	b.press(enterKey)
	b.is(`[...document.querySelectorAll('.msg.note')].some(n => n.innerText.includes('Probably Lab C'))`)

	// Take it.
	b.press("a")
	b.is(`document.querySelector('#p-owner').open && ` + focus + `.closest('#p-owner')`)
	b.press(enterKey)
	b.is(`document.querySelector('#p-owner summary').innerText.includes('You') && !document.querySelector('#p-owner').open`)
	b.is(`document.querySelector('#last').innerText.includes('is yours')`)

	// Take that back, and do it again.
	b.press("z")
	b.is(`!document.querySelector('#p-owner summary').innerText.includes('You')`)
	b.press("a")
	b.is(focus + `.closest('#p-owner .drop')`)
	b.press(enterKey)
	b.is(`document.querySelector('#p-owner summary').innerText.includes('You')`)

	// Solve it.
	b.press("s")
	b.is(`document.querySelector('#p-state').open && ` + focus + `.matches('#p-state .pick[formaction*="/solve"]')`)
	b.press(enterKey)
	b.is(`document.querySelector('#p-state summary').innerText.includes('Done')`)
	b.is(`window.first === 1`) // all in one page
	got := must[desk.Ticket](t)(h.Desk.FindTicket(h.as(t, "specialist"), id))
	if got.State != desk.Solved || got.Owner.Name != "Dana Whitfield" || len(got.Messages) != 2 || len(got.Inside.Notes) != 1 {
		t.Errorf("it is %s of %s, %d messages, %d notes", got.State, got.Owner.Name, len(got.Messages), len(got.Inside.Notes))
	}
	b.clean()
}

// Rows are ticked, taken together, and the next list is one Tab away.
func listByKeyboard(t *testing.T, h *house) {
	var rows []string
	var ids []desk.TicketID
	for _, text := range []string{"The lost and found laptop is locked", "The stage lights have no remote"} {
		id := h.request(t, "teacher", desk.CreateTicket{Text: text, Impact: desk.Question})
		ids, rows = append(ids, id), append(rows, `#row-`+id.String()[2:])
	}
	b := newTab(t, h.base)
	b.look(h, "specialist", "/desk/places?sort=newest")
	for _, row := range rows {
		b.js(`document.activeElement.blur()`)
		for range 60 {
			b.press("j")
			if ask[bool](b, `!!`+focus+`.closest(`+quote(row)+`)`) {
				break
			}
		}
		b.press("x")
		b.is(`document.querySelector(` + quote(row+" input") + `).checked`)
	}
	b.is(`document.querySelector('[data-count]').textContent === '2 selected'`)
	b.goes(func() { b.press("i") })
	b.is(`document.querySelector('#last').innerText.includes('2 requests')`)
	for _, id := range ids {
		if got := must[desk.Ticket](t)(h.Desk.FindTicket(h.as(t, "specialist"), id)); got.Owner.Name != "Dana Whitfield" {
			t.Errorf("%s belongs to %q", got.Title, got.Owner.Name)
		}
	}
	b.tabTo(`.views a[href^="/desk/mine"]`)
	b.goes(func() { b.press(enterKey) })
	for _, row := range rows {
		b.is(`document.querySelector(` + quote(row) + `)`)
	}
	b.clean()
}

func hallway(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.look(h, "specialist", "/desk/mine")
	steps := 0
	step := func(do func()) { steps++; do() }
	step(func() { b.goes(func() { b.press("c") }) })
	b.is(focus + `.id === 'f-text'`)
	step(func() { b.typing("Needs a longer cable for the camera") })
	step(func() { b.press(tabKey) })
	b.is(focus + `.id === 'f-who'`)
	step(func() { b.typing("Tessa") })
	step(func() { b.goes(func() { b.press(enterKey) }) })
	b.shows("was logged.")
	got := h.newest(t, "teacher")
	if steps > 5 || got.Title != "Needs a longer cable for the camera" || got.Channel != desk.ByHallway || got.Requester.Name != "Tessa Okafor" {
		t.Errorf("%d steps: %q by %s for %s", steps, got.Title, got.Channel, got.Requester.Name)
	}
	b.clean()
}

func twoChange(t *testing.T, h *house) {
	id := h.request(t, "teacher", desk.CreateTicket{Text: "The printer prints half a page", Impact: desk.Slowed})
	one, two := newTab(t, h.base), newTab(t, h.base)
	one.look(h, "specialist", path(id))
	two.look(h, "director", path(id))
	two.write(".comp textarea", "I was about to say")
	choose := func(b *tab, service string) {
		b.Helper()
		b.click("#p-service summary")
		b.js(fmt.Sprintf(`[...document.querySelectorAll('#p-service .pick')].find(p => p.innerText.trim() === %s).dataset.mine = '1'`, quote(service)))
		b.click("#p-service [data-mine]")
	}
	choose(one, "Printing")
	one.is(`document.querySelector('#p-service summary').innerText.includes('Printing')`)

	// The second one has not seen it, and learns of both.
	choose(two, "Wi-Fi")
	two.is(`document.querySelector('#p-service').open && /Printing[^]*Wi-Fi/.test(document.querySelector('#p-service .err').innerText)`)
	two.is(`document.querySelector('.comp textarea').value === 'I was about to say'`)
	service := func() string {
		return must[desk.Ticket](t)(h.Desk.FindTicket(h.as(t, "director"), id)).ServiceName
	}
	if got := service(); got != "Printing" {
		t.Errorf("it became %q unasked", got)
	}
	two.js(`[...document.querySelectorAll('#p-service .pick')].find(p => p.innerText.trim() === 'Wi-Fi').dataset.mine = '1'`)
	two.click("#p-service [data-mine]")
	two.is(`document.querySelector('#p-service summary').innerText.includes('Wi-Fi') && !document.querySelector('#p-service').open`)
	two.is(`document.querySelector('.comp textarea').value === 'I was about to say'`)
	if got := service(); got != "Wi-Fi" {
		t.Errorf("chosen again, it is %q", got)
	}
	one.clean()
	two.clean("status of 412")
}

func newsArrives(t *testing.T, h *house) {
	id := h.request(t, "teacher", desk.CreateTicket{Text: "The door card reader blinks red", Impact: desk.Slowed})
	teacher, specialist := newTab(t, h.base), newTab(t, h.base)
	teacher.look(h, "teacher", path(id))
	teacher.js(`window.first = 1`)
	teacher.write("main textarea", "By the way")
	specialist.look(h, "specialist", path(id)+"?in=places")
	specialist.js(`window.first = 1`)
	specialist.write(".comp textarea", "Let me")

	// The teacher is told of the answer, and nothing moves before it is asked for.
	must[desk.Replied](t)(h.Desk.Reply(h.as(t, "tier1"), id, desk.Words{Text: "Hold the card longer, please."}))
	teacher.is(`[...document.querySelectorAll('[data-live-notice]')].some(n => !n.hidden && n.innerText.includes('something new'))`)
	if ask[bool](teacher, `document.body.innerText.includes('Hold the card longer')`) {
		t.Error("the page changed under the teacher's hands")
	}
	// The desk's conversation follows by itself, half a reply untouched.
	specialist.is(`document.querySelector('.conv').innerText.includes('Hold the card longer')`)
	specialist.is(`document.querySelector('.comp textarea').value === 'Let me'`)
	teacher.leave(`[data-live-notice]:not([hidden]) a, a[data-live-notice]:not([hidden])`)
	teacher.shows("Hold the card longer")
	teacher.is(`document.querySelector('main textarea').value === 'By the way'`)

	// A new request is offered to the list, not pushed into it.
	other := h.request(t, "teacher", desk.CreateTicket{Text: "The aquarium camera is offline", Impact: desk.Question})
	row := `#row-` + other.String()[2:]
	specialist.is(`document.querySelector('.fresh') && !document.querySelector('.fresh').hidden && /^1 new/.test(document.querySelector('.fresh').textContent)`)
	if ask[bool](specialist, `!!document.querySelector(`+quote(row)+`)`) {
		t.Error("the list moved by itself")
	}
	specialist.click(".fresh")
	specialist.is(`document.querySelector(` + quote(row) + `)`)
	specialist.is(`window.first === 1 && document.querySelector('.comp textarea').value === 'Let me'`)
	teacher.clean()
	specialist.clean()
}

// spoken are the texts of a page that Trellis wrote: not what people wrote, nor
// names of places, people, services and devices, nor times.
const spoken = `(() => {
	const out = new Set()
	const theirs = '[dir=auto], bdi, time, datalist, .demo, .lang, .brand, [name=site], [name=service], [name=lang], [id^=device-] :is(h2, h3), dd, .who, .av, output, .note'
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n; n = walk.nextNode();) if (!n.parentElement.closest(theirs) && /\p{L}{2}/u.test(n.data)) out.add(n.data.replace(/\s+/g, ' ').trim())
	for (const el of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) for (const a of ['aria-label', 'placeholder', 'title', 'alt']) {
		const v = el.getAttribute(a)
		if (v && !el.closest(theirs) && /\p{L}{2}/u.test(v)) out.add(v.trim())
	}
	out.add(document.title.split(' – ')[0])
	return [...out]
})()`

// The same pages in both languages: whatever reads the same in both was never
// translated.
func spanishEverywhere(t *testing.T, h *house) {
	id := h.find(t, "specialist", "Mi hijo no puede entrar")
	must[desk.Replied](t)(h.Desk.Reply(h.as(t, "specialist"), id, desk.Words{Text: "Lo miro ahora."}))
	solved := h.request(t, "parent", desk.CreateTicket{Text: "El correo no llega", Impact: desk.Question})
	must[desk.Changed](t)(h.Desk.Solve(h.as(t, "specialist"), solved, 0, desk.Words{Text: "Ya llega."}))
	b := newTab(t, h.base)
	b.size(360)
	b.look(h, "parent", "/")
	read := func() map[string][]string {
		said := map[string][]string{}
		for _, p := range []string{"/help", "/help/requests", path(id), path(id) + "?did=sent", path(solved), "/account", "/account/password", "/account/devices", "/account/tokens", "/notices", "/nowhere"} {
			b.open(p)
			said[p] = ask[[]string](b, spoken)
		}
		b.open("/help")
		b.leave(askGo)
		said["help refused"] = ask[[]string](b, spoken)
		b.open("/help")
		b.write("#f-text", "Hola")
		b.leave(askGo)
		said["ask"] = ask[[]string](b, spoken)
		b.js(`document.querySelector('#f-contact').value = '9'.repeat(300)`)
		b.leave("#send")
		said["ask refused"] = ask[[]string](b, spoken)
		return said
	}
	b.is(`document.documentElement.lang === 'es-US'`)
	spanish := read()
	b.open("/help")
	b.click(".lang summary")
	b.leave(`.lang a[lang^=en]`)
	b.is(`document.documentElement.lang === 'en-US'`)
	english := read()
	same, different := 0, 0
	allowed := map[string]bool{"Marisol Reyes": true, "Mi hijo no puede entrar a la plataforma": true, "El correo no llega": true}
	for _, l := range i18n.Offered() {
		allowed[l.Name] = true
	}
	for page, texts := range spanish {
		in := map[string]bool{}
		for _, s := range english[page] {
			in[s] = true
		}
		for _, s := range texts {
			switch {
			case !in[s]:
				different++
			case !allowed[s]:
				same++
				t.Errorf("%s: %q reads the same in English", page, s)
			}
		}
	}
	if different < 100 {
		t.Errorf("only %d texts were compared", different)
	}
	b.clean("status of 404", "status of 422")
}
