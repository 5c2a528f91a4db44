package browser_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"trellis/internal/desk"
)

// TestJourneys is what people come to do, each in a browser of their own.
func TestJourneys(t *testing.T) {
	inBrowser(t)
	h := example(t)
	for _, j := range []struct {
		name string
		walk func(t *testing.T, h *house)
	}{
		{"a teacher whose class has stopped", classStopped},
		{"a teacher asks with a photo", askWithPhoto},
		{"asking by keyboard alone", askByKeyboard},
		{"a specialist works by keyboard alone", deskByKeyboard},
		{"a list is shared out by keyboard alone", listByKeyboard},
		{"fixed and not fixed", fixedAndNot},
		{"a request said in passing", hallway},
		{"two people change the same thing", twoChange},
		{"a draft survives", draftSurvives},
		{"news arrives by itself", newsArrives},
		{"a double click sends once", doubleClick},
		{"everything without script", withoutScript},
		{"a parent reads Spanish everywhere", spanishEverywhere},
		{"a past is brought in and taken back", bringsPastIn},
		{"a student asks", studentAsks},
	} {
		t.Run(j.name, func(t *testing.T) { j.walk(t, h) })
	}
	year := lived(t)
	for _, j := range []struct {
		name string
		walk func(t *testing.T, h *house)
	}{
		{"a director looks at the week", directorLooks},
		{"a principal looks at a school", principalLooks},
		{"a board member reads", boardReads},
		{"a coach is covered", coachIsCovered},
	} {
		t.Run(j.name, func(t *testing.T) { j.walk(t, year) })
	}
}

// newest is the last request that one of the shown people made.
func (h *house) newest(t testing.TB, role string) desk.Ticket {
	t.Helper()
	mine := must[desk.Requests](t)(h.Desk.MyRequests(h.as(t, role), ""))
	if len(mine.InProgress) == 0 {
		t.Fatalf("%s has no request", role)
	}
	return must[desk.Ticket](t)(h.Desk.FindTicket(h.as(t, role), mine.InProgress[0].ID))
}

// asked is how many requests of somebody carry this text.
func (h *house) asked(t testing.TB, role, text string) int {
	t.Helper()
	mine := must[desk.Requests](t)(h.Desk.MyRequests(h.as(t, role), ""))
	n := 0
	for _, i := range append(append(mine.InProgress, mine.NeedsYou...), mine.Solved...) {
		if i.Title == text {
			n++
		}
	}
	return n
}

func path(id desk.TicketID) string { return "/r/" + id.String()[2:] }

func classStopped(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.size(360)
	b.look(h, "teacher", "/help")
	b.write("#f-text", "Every student is signed out in the middle of the test")
	b.leave("#send-now") // the one press
	b.shows("Sam Kim, who is in your building")
	b.shows("a class is stopped")
	got := h.newest(t, "teacher")
	if got.Impact != desk.Stopped || got.Place.SiteName != "Marsh Middle School" || got.Place.RoomName != "214" || got.Contact == "" {
		t.Errorf("sent as %s from %q %q, reached by %q", got.Impact, got.Place.SiteName, got.Place.RoomName, got.Contact)
	}
	// The sent text does not come back.
	b.open("/help")
	b.is(`document.querySelector('#f-text').value === ''`)
	b.clean()
}

func askWithPhoto(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.size(360)
	b.look(h, "teacher", "/help")
	b.write("#f-text", "The display shows stripes")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{photoFile(t)}))
	b.is(`document.querySelector('.file output').textContent.includes('display.jpg')`)
	b.leave(askGo)
	b.shows("The display shows stripes")
	b.shows("display.jpg")
	b.click(`input[name=impact][value=blocked]`)
	b.leave("#send")
	b.shows("Sam Kim")
	got := h.newest(t, "teacher")
	if got.Impact != desk.Blocked || len(got.Messages[0].Files) != 1 {
		t.Fatalf("sent as %s with %d files", got.Impact, len(got.Messages[0].Files))
	}
	// The picture is made anew in the background; then the page shows it.
	for range 40 {
		if ask[bool](b, `!!document.querySelector('.conv img')`) {
			break
		}
		b.do(chromedp.Sleep(250 * time.Millisecond))
		b.open(path(got.ID))
	}
	b.is(`document.querySelector('.conv img')?.naturalWidth > 100`)
	b.clean()
}

func askByKeyboard(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.look(h, "teacher", "/help")
	b.press(tabKey)
	b.is(`document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0`)
	b.press(enterKey)
	b.tabTo("#f-text")
	b.typing("No sound from the speakers")
	b.tabTo(askGo)
	b.goes(func() { b.press(enterKey) })
	b.tabTo(`input[name=stopped]`)
	b.press("ArrowDown")
	b.press("ArrowUp")
	b.tabTo(`input[name=impact]`)
	b.press("ArrowDown")
	b.is(`document.querySelector('input[name=impact][value=question]').checked`)
	// The place is filled in, and can be corrected without a mouse.
	b.tabTo(`main details:has(#f-room) > summary`)
	b.press(enterKey)
	b.is(`document.querySelector('main details:has(#f-room)').open`)
	b.tabTo("#f-room")
	b.press("a", chromedp.ModifierCtrl)
	b.typing("Library")
	b.tabTo("#send")
	b.goes(func() { b.press(enterKey) })
	got := h.newest(t, "teacher")
	if got.Title != "No sound from the speakers" || got.Impact != desk.Question || got.Place.RoomName != "Library" {
		t.Errorf("sent %q as %s from %q", got.Title, got.Impact, got.Place.RoomName)
	}
	b.clean()
}

func fixedAndNot(t *testing.T, h *house) {
	id := h.request(t, "teacher", desk.CreateTicket{Text: "The timer on the oven display is an hour off", Impact: desk.Slowed})
	specialist := h.as(t, "specialist")
	solve := func() { must[desk.Changed](t)(h.Desk.Solve(specialist, id, 0, desk.Words{Text: "Set again."})) }
	solve()
	b := newTab(t, h.base)
	b.size(360)
	b.look(h, "teacher", path(id))
	b.shows("Did that fix it?")
	b.write("main textarea", "Tomorrow it is off again.")
	b.leave(`button[formaction$="/not-fixed"]`)
	b.shows("In progress")
	b.shows("Tomorrow it is off again.")
	b.is(`document.querySelector('main textarea').value === ''`)
	solve()
	b.open(path(id))
	b.leave(`button[formaction$="/fixed"]`)
	b.shows("You said that fixed it")
	got := must[desk.Ticket](t)(h.Desk.FindTicket(specialist, id))
	if got.State != desk.Solved || !got.Confirmed {
		t.Errorf("it is %s, confirmed %v", got.State, got.Confirmed)
	}
	// The list says the same.
	b.open("/help/requests")
	b.is(`[...document.querySelectorAll('.mine a')].find(a => a.href.endsWith(` + quote(path(id)) + `)).innerText.includes('You said that fixed it')`)
	b.clean()
}

func draftSurvives(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.look(h, "teacher", "/help")
	b.write("#f-text", "It began after the fire drill")
	b.is(`Object.entries(localStorage).some(([k, v]) => k.startsWith('trellis.draft') && v === 'It began after the fire drill')`)
	b.do(chromedp.Reload())
	b.is(`document.querySelector('#f-text').value === 'It began after the fire drill'`)
	// A page that is left at once keeps it too.
	b.write("#f-text", " today")
	b.open("/help/requests")
	b.open("/help")
	b.is(`document.querySelector('#f-text').value === 'It began after the fire drill today'`)
	// A form that was refused brings back what was typed.
	b.leave(askGo)
	b.js(`document.querySelector('#f-contact').value = '9'.repeat(300)`)
	b.leave("#send")
	b.is(`document.title.startsWith('Error: ') && document.activeElement.id === 'errors'`)
	b.is(`document.querySelector('#f-text').value === 'It began after the fire drill today' && document.querySelector('#f-contact').value.length === 300`)
	b.clean("status of 422")
	// On the desk, a reply.
	d := newTab(t, h.base)
	d.look(h, "specialist", path(h.newest(t, "teacher").ID))
	d.write(".comp textarea", "Half a thought")
	d.is(`Object.values(localStorage).includes('Half a thought')`)
	d.do(chromedp.Reload())
	d.is(`document.querySelector('.comp textarea').value === 'Half a thought'`)
	d.clean()
}

func doubleClick(t *testing.T, h *house) {
	for _, script := range []bool{true, false} {
		text := "The bell rings twice"
		if !script {
			text = "The bell rings twice, without script"
		}
		b := newTab(t, h.base)
		b.look(h, "teacher", "/help")
		if !script {
			b.noScript()
			b.open("/help")
		}
		b.write("#f-text", text)
		b.leave(askGo)
		release := h.hold()
		before := h.posts()
		b.find("#send")
		at := ask[[]float64](b, `(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('#send').getBoundingClientRect())`)
		b.goes(func() {
			b.do(chromedp.MouseClickXY(at[0], at[1]))
			for range 100 {
				if h.posts() > before {
					break
				}
				b.do(chromedp.Sleep(20 * time.Millisecond))
			}
			b.do(chromedp.MouseClickXY(at[0], at[1]), chromedp.Sleep(200*time.Millisecond))
			release()
		})
		b.shows("Sam Kim")
		sent := h.posts() - before
		if n := h.asked(t, "teacher", text); n != 1 || !script && sent != 2 || script && sent != 1 {
			t.Errorf("script %v: the form left %d times and made %d requests", script, sent, n)
		}
		b.clean()
	}
}

func withoutScript(t *testing.T, h *house) {
	b := newTab(t, h.base)
	b.look(h, "teacher", "/help")
	b.noScript()
	b.open("/help")
	b.write("#f-text", "The keyboard types in another language")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{photoFile(t)}))
	b.leave(askGo)
	b.click(`input[name=impact][value=blocked]`)
	b.leave("#send")
	got := h.newest(t, "teacher")
	if got.Title != "The keyboard types in another language" || len(got.Messages[0].Files) != 1 {
		t.Fatalf("sent %q with %d files", got.Title, len(got.Messages[0].Files))
	}
	b.write("main textarea", "It is the one by the window.")
	b.leave(".comp .btn-primary")
	b.shows("It is the one by the window.")

	d := newTab(t, h.base)
	d.look(h, "specialist", "/desk/places")
	d.noScript()
	d.open("/desk/places?sort=newest")
	d.leave(`#row-` + got.ID.String()[2:] + ` > a`)
	d.click("#p-owner summary")
	d.leave(`#p-owner .pick`)
	d.is(`document.querySelector('#p-owner summary').innerText.includes('You')`)
	d.shows(got.ID.String() + " is yours.")
	d.click("#p-service summary")
	d.leave(`#p-service .pick:nth-of-type(3)`)
	d.leave(`.comp .tabs a:not([aria-current])`)
	d.write("#f-note", "Somebody pressed Windows and space.")
	d.leave(".comp .btn-primary")
	d.shows("Somebody pressed Windows and space.")
	d.open(path(got.ID))
	d.write("#f-text", "Press the flag at the bottom right.")
	d.leave(`.comp button[formaction*="/solve"]`)
	d.is(`document.querySelector('#p-state summary').innerText.includes('Done')`)
	d.clean()

	b.open(path(got.ID))
	b.shows("Press the flag at the bottom right.")
	if strings.Contains(ask[string](b, `document.documentElement.outerHTML`), "Windows and space") {
		t.Error("the team's note reached the teacher")
	}
	b.leave(`button[formaction$="/fixed"]`)
	b.shows("You said that fixed it")
	b.clean()
	after := must[desk.Ticket](t)(h.Desk.FindTicket(h.as(t, "teacher"), got.ID))
	if after.State != desk.Solved || !after.Confirmed || len(after.Messages) != 3 {
		t.Errorf("it is %s, confirmed %v, with %d messages", after.State, after.Confirmed, len(after.Messages))
	}
}
