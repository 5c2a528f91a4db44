package browser_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/app"
	"trellis/internal/desk"
)

// scene is what one person sees, state after state, in one tab.
type scene struct {
	who    string
	role   string // who is signed in; "" is nobody
	house  *house // where, if not in the example
	states []state
}

// wordy is text as people paste it: long, with words that can't be broken.
const wordy = "https://files.junipervalley.example/shared/2026/spreadsheets/grade-7-science-roster-with-all-sections-and-accommodations.xlsx"

// past are requests that the example does not have in the state that a page
// needs.
type past struct{ open, waiting, solved, closed, long, private, works, clash, plan desk.TicketID }

func history(t testing.TB, h *house) past {
	t.Helper()
	teacher, specialist := h.as(t, "teacher"), h.as(t, "specialist")
	done := must[desk.Changed](t)
	var p past
	p.open = h.find(t, "specialist", "get past the sign-in page")
	p.closed = h.find(t, "specialist", "Projector bulb")
	p.plan = h.find(t, "specialist", "explain what they measured")
	p.works = h.find(t, "specialist", "Mi hijo no puede entrar")
	p.waiting = h.request(t, "teacher", desk.CreateTicket{Text: "Two students share one account in the reading program\nWhich of them keeps it?", Impact: desk.Question})
	done(h.Desk.Wait(specialist, desk.Wait{Ticket: p.waiting, On: desk.OnRequester, Words: desk.Words{Text: "Which class are they in, and since when?"}}))
	p.solved = h.request(t, "teacher", desk.CreateTicket{Text: "The document camera shows everything upside down", Impact: desk.Slowed})
	done(h.Desk.Take(specialist, p.solved))
	done(h.Desk.Solve(specialist, p.solved, 0, desk.Words{Text: "Press the button with the two arrows. It turns the picture."}))
	p.long = h.request(t, "teacher", desk.CreateTicket{Text: strings.ReplaceAll(wordy, "/", "")[:100] + "\n" + wordy + "\n" + strings.Repeat("It still does not open. ", 60), Impact: desk.Blocked})
	must[desk.Replied](t)(h.Desk.Reply(specialist, p.long, desk.Words{Text: "Try this one: " + wordy}))
	must[desk.Jotted](t)(h.Desk.AddNote(specialist, p.long, "The share has no rights for teachers: "+wordy, nil))
	photo := must[desk.File](t)(h.Desk.AddFile(teacher, "IMG_20260304_101533-the-whole-back-wall-of-room-214.jpg", bytes.NewReader(photograph())))
	must[desk.Replied](t)(h.Desk.Reply(teacher, p.long, desk.Words{Text: "Here is what I see.", Files: []desk.FileID{photo.ID}}))
	if _, err := h.Jobs.Drain(app.AsSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	p.clash = h.request(t, "teacher", desk.CreateTicket{Text: "The label printer prints squares", Impact: desk.Question})
	p.private = h.find(t, "director", "shared with all staff")
	return p
}

// find is the request that these words lead to.
func (h *house) find(t testing.TB, role, words string) desk.TicketID {
	t.Helper()
	f, err := h.Desk.Search(h.as(t, role), words, "")
	if err != nil || len(f.Items) == 0 {
		t.Fatalf("%s finds nothing for %q: %v", role, words, err)
	}
	return f.Items[0].ID
}

// photograph is a small JPEG.
func photograph() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			m.Set(x, y, color.RGBA{uint8(x / 3), uint8(y / 2), uint8((x ^ y) & 0x7f), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil)
	return b.Bytes()
}

// photoFile is the photograph on disk, as a phone would offer it.
func photoFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "display.jpg")
	if err := os.WriteFile(path, photograph(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// then opens an address and does more there.
func then(path string, more ...func(b *tab)) func(*tab, *house) {
	return func(b *tab, _ *house) {
		b.Helper()
		b.open(path)
		for _, do := range more {
			do(b)
		}
	}
}

func clicks(selector string) func(*tab) { return func(b *tab) { b.Helper(); b.click(selector) } }

// submits presses a button and waits for the page that answers.
func submits(selector string) func(*tab) { return func(b *tab) { b.Helper(); b.leave(selector) } }

func writes(selector, text string) func(*tab) {
	return func(b *tab) { b.Helper(); b.write(selector, text) }
}

// opens unfolds what is folded.
func opens(selectors ...string) func(*tab) {
	return func(b *tab) {
		b.Helper()
		for _, s := range selectors {
			b.js(`document.querySelector(` + quote(s) + `).open = true`)
		}
	}
}

// sets gives a field a value, past what the browser would let one type.
func sets(selector, value string) func(*tab) {
	return func(b *tab) {
		b.Helper()
		typed.add(value)
		b.js(`document.querySelector(` + quote(selector) + `).value = ` + quote(value))
	}
}

const (
	sendForm = "main form button.btn-primary:last-of-type"
	askGo    = ".askbox .btn-primary"
)

func scenery(t *testing.T, h *house, p past) []scene {
	empty := bare(t)
	key, err := empty.SetupKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := func(id desk.TicketID, query string) string { return "/r/" + id.String()[2:] + query }
	refused := "status of 422"
	return []scene{
		{who: "visitor", states: []state{
			{name: "sign-in", reach: at("/sign-in")},
			{name: "sign-in refused", reach: then("/sign-in", writes("#f-email", "tessa@junipervalley.example"), writes("#f-password", "not this one"), submits("main form button")), expect: refused, failed: true},
			{name: "demo chooser", reach: at("/demo")},
			{name: "demo bar open", reach: then("/demo", opens(".demo-who"))},
			{name: "invitation gone", reach: at("/invite/nothing"), expect: "status of 4"},
			{name: "not found", reach: at("/nowhere"), expect: "status of 404"},
			{name: "broken", reach: at("/broken"), expect: "status of 500"},
			{name: "no space", reach: at("/full"), expect: "status of 5"},
			{name: "parts on the desk", reach: at("/dev/parts"), parts: true},
			{name: "parts on help", reach: at("/dev/parts?shell=help"), parts: true},
			{name: "parts split", reach: at("/dev/parts?shell=split"), parts: true},
			{name: "parts plain", reach: at("/dev/parts?shell=plain"), failed: true, parts: true},
		}},
		{who: "set-up", house: empty, states: []state{
			{name: "key asked", reach: at("/setup")},
			{name: "key given", reach: at("/setup?key=" + key)},
			{name: "refused", reach: then("/setup?key="+key, writes("#f-district", "North Fork"), submits("main form button")), expect: refused, failed: true},
		}},
		{who: "board member", role: "board", states: []state{
			{name: "help without requests", reach: at("/help")},
			{name: "requests, none", reach: at("/help/requests")},
			{name: "notices, none", reach: at("/notices")},
		}},
		{who: "teacher", role: "teacher", states: []state{
			{name: "help", reach: at("/help")},
			{name: "help with nothing written", reach: then("/help", submits(askGo)), expect: refused, failed: true},
			{name: "ask", reach: then("/help", writes("#f-text", "The display in my room stays black since this morning"), submits(askGo))},
			{name: "ask, all open", reach: then("/help", writes("#f-text", wordy), submits(askGo), unfolds(`main details`))},
			{name: "ask refused", reach: then("/help", writes("#f-text", "x"), submits(askGo), sets("#f-contact", strings.Repeat("9", 300)), submits("#send")), expect: refused, failed: true},
			{name: "plan", reach: then("/help/plan", unfolds(`main details`))},
			{name: "plan refused", reach: then("/help/plan", submits("#send")), expect: refused, failed: true},
			{name: "requests", reach: at("/help/requests")},
			{name: "request that is a plan", reach: at(r(p.plan, ""))},
			{name: "request open", reach: at(r(p.open, ""))},
			{name: "request just sent", reach: at(r(p.open, "?did=send"))},
			{name: "request waits for me", reach: at(r(p.waiting, ""))},
			{name: "request solved", reach: at(r(p.solved, ""))},
			{name: "request closed", reach: at(r(p.closed, ""))},
			{name: "request with long words", reach: then(r(p.long, ""), unfolds(`main details`))},
			{name: "reply with nothing written", reach: then(r(p.open, ""), submits(".comp .btn-primary")), expect: refused, failed: true},
			{name: "notices", reach: at("/notices")},
			{name: "account", reach: at("/account")},
			{name: "password", reach: at("/account/password")},
			{name: "password refused", reach: then("/account/password", submits("main form button")), expect: refused, failed: true},
			{name: "devices", reach: at("/account/devices")},
			{name: "keys", reach: at("/account/tokens")},
			{name: "menus open", reach: then("/help", opens(".me")), over: true},
			{name: "language menu", reach: then("/help", opens(".lang")), over: true},
			{name: "not found", reach: at("/desk/mine"), expect: "status of 404"},
		}},
		{who: "parent", role: "parent", states: []state{
			{name: "help", reach: at("/help")},
			{name: "ask", reach: then("/help", writes("#f-text", "No puedo ver las calificaciones"), submits(askGo), unfolds(`main details`))},
			{name: "requests", reach: at("/help/requests")},
			{name: "request", reach: at(r(p.works, ""))},
			{name: "account", reach: at("/account")},
			{name: "not found", reach: at("/nowhere"), expect: "status of 404"},
		}},
		{who: "specialist", role: "specialist", states: []state{
			{name: "mine", reach: at("/desk/mine")},
			{name: "places", reach: at("/desk/places")},
			{name: "places, newest", reach: at("/desk/places?sort=newest")},
			{name: "unassigned", reach: at("/desk/unassigned")},
			{name: "waiting", reach: at("/desk/waiting")},
			{name: "following, none", reach: at("/desk/following")},
			{name: "solved", reach: at("/desk/solved")},
			{name: "filter finds nothing", reach: at("/desk/mine?site=11&service=9")},
			{name: "rows ticked", reach: then("/desk/unassigned", clicks(".q .ck"))},
			{name: "keys dialog", reach: then("/desk/mine", clicks("[data-key='?']"), func(b *tab) { b.is(`document.querySelector('#keys').open`) })},
			{name: "request", reach: at(r(p.open, "?in=mine"))},
			{name: "request of a parent", reach: at(r(p.works, ""))},
			{name: "request with long words", reach: at(r(p.long, ""))},
			{name: "note", reach: at(r(p.open, "?write=note"))},
			{name: "status open", reach: then(r(p.open, ""), opens("#p-state")), over: true},
			{name: "owner open", reach: then(r(p.open, ""), opens("#p-owner")), over: true},
			{name: "service open", reach: then(r(p.open, ""), opens("#p-service")), over: true},
			{name: "place open", reach: then(r(p.open, ""), opens("#p-place")), over: true},
			{name: "impact open", reach: then(r(p.open, ""), opens("#p-impact")), over: true},
			{name: "title open", reach: then(r(p.open, ""), opens("#p-title")), over: true},
			{name: "followers open", reach: then(r(p.open, ""), opens("#context details"))},
			{name: "reply with nothing written", reach: then(r(p.open, ""), clicks(".comp .btn-primary"), func(b *tab) { b.is(`document.querySelector('#errors')`) }), expect: refused, failed: true},
			{name: "reply with nothing written, then a menu", reach: then(r(p.open, ""), clicks(".comp .btn-primary"), func(b *tab) { b.is(`document.querySelector('#errors')`) }, opens("#p-service")), expect: refused, failed: true, over: true},
			{name: "service that somebody else has changed", reach: clash(p.clash), expect: "status of 412", failed: true, over: true},
			{name: "request that waits", reach: at(r(p.waiting, ""))},
			{name: "request solved", reach: at(r(p.solved, ""))},
			{name: "request closed", reach: at(r(p.closed, ""))},
			{name: "log a request", reach: at("/desk/new")},
			{name: "log refused", reach: then("/desk/new", writes("#f-text", "Speakers hum"), writes("#f-who", "an"), submits(sendForm)), expect: refused, failed: true},
			{name: "search", reach: at("/desk/search?q=chromebook")},
			{name: "search finds nothing", reach: at("/desk/search?q=xylophone")},
			{name: "search not begun", reach: at("/desk/search")},
			{name: "notices", reach: at("/notices")},
		}},
		{who: "librarian", role: "tier1", states: []state{
			{name: "plan", reach: then(r(p.plan, ""), opens("#finish"))},
			{name: "plan finished with nothing written", reach: then(r(p.plan, ""), opens("#finish"), clicks("#finish .btn-primary"), func(b *tab) { b.is(`document.querySelector('#errors')`) }), expect: refused, failed: true},
			{name: "mine", reach: at("/desk/mine")},
			{name: "unassigned", reach: at("/desk/unassigned")},
		}},
		{who: "director", role: "director", states: []state{
			{name: "private", reach: at("/desk/private")},
			{name: "private request", reach: then(r(p.private, "?in=private"), opens("#p-private")), over: true},
			{name: "settings", reach: at("/settings")},
			{name: "district", reach: at("/settings/district")},
			{name: "district refused", reach: then("/settings/district", sets("#f-name", ""), submits("main form .btn-primary")), expect: refused, failed: true},
			{name: "places", reach: at("/settings/places")},
			{name: "new place", reach: at("/settings/places/new")},
			{name: "new place refused", reach: then("/settings/places/new", submits("main form .btn-primary")), expect: refused, failed: true},
			{name: "paste places", reach: at("/settings/places/paste")},
			{name: "paste checked", reach: then("/settings/places/paste", writes("main textarea", "Lake School, elementary, 240\nMarsh Middle School, middle, many\n, high"), submits("main form .btn-primary")), expect: refused, failed: true},
			{name: "place", reach: at("/settings/places/3")},
			{name: "rooms", reach: at("/settings/places/3/rooms")},
			{name: "room", reach: at("/settings/rooms/3")},
			{name: "people", reach: at("/settings/people")},
			{name: "people, none found", reach: at("/settings/people?q=xylophone")},
			{name: "new person", reach: at("/settings/people/new")},
			{name: "new person refused", reach: then("/settings/people/new", submits("main form .btn-primary")), expect: refused, failed: true},
			{name: "person", reach: at("/settings/people/2")},
			{name: "teams", reach: at("/settings/teams")},
			{name: "new team", reach: at("/settings/teams/new")},
			{name: "team", reach: at("/settings/teams/2")},
			{name: "services", reach: at("/settings/services")},
			{name: "new service", reach: at("/settings/services/new")},
			{name: "service", reach: at("/settings/services/2")},
			{name: "named for private requests", reach: at("/settings/private")},
		}},
	}
}

// clash changes a property that somebody else has changed since it was read.
func clash(id desk.TicketID) func(*tab, *house) {
	return func(b *tab, h *house) {
		b.Helper()
		b.open(path(id))
		must[desk.Changed](b)(h.Desk.ChangeService(h.as(b, "director"), id, 0, 7))
		b.click("#p-service summary")
		b.click(`#p-service .pick[value="2"]`)
		const refused = `document.querySelector('#p-service .err') && (document.title.startsWith('Error: ') || document.documentElement.lang !== 'en-US')`
		b.is(refused)
		// News of it that comes only now does not wipe the error away.
		b.js(`window.heard = 0; document.addEventListener('htmx:finally:request', () => window.heard++); document.dispatchEvent(new CustomEvent('trellis:changed', { detail: { all: true } }))`)
		b.is(`window.heard > 0`)
		b.is(refused)
	}
}

// unfolds unfolds everything that a selector finds.
func unfolds(selector string) func(*tab) {
	return func(b *tab) {
		b.Helper()
		b.js(`document.querySelectorAll(` + quote(selector) + `).forEach(d => d.open = true)`)
	}
}
