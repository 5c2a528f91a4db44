package browser_test

import (
	"testing"

	"trellis/internal/desk"
)

// onItsWay are requests that have changed hands: one that a librarian has, and
// one that they passed on while a class stood still.
type onItsWay struct{ first, owed desk.TicketID }

func passedOn(t testing.TB, h *house) (w onItsWay) {
	t.Helper()
	librarian := h.as(t, "tier1")
	w.first = h.request(t, "teacher", desk.CreateTicket{Text: "The speakers in 214 hum", Impact: desk.Slowed})
	must[desk.Changed](t)(h.Desk.Take(librarian, w.first))
	w.owed = h.request(t, "teacher", desk.CreateTicket{Text: "Nobody in 214 can open the reading test", Impact: desk.Stopped})
	must[desk.Changed](t)(h.Desk.HandUp(librarian, desk.HandUp{Ticket: w.owed}))
	return w
}

// promiseScenes are the pages of promises, calendars, cover and paths of help.
func promiseScenes(t testing.TB, h *house, p past) []scene {
	w := passedOn(t, h)
	const refused = "status of 422"
	problem := func(b *tab) { b.is(`document.querySelector('#errors')`) }
	snowDay := []func(*tab){sets("#f-name", "Snow day"), sets("#f-first", h.clock.Now().AddDate(0, 0, 1).Format("2006-01-02")), submits("main form .btn-primary")}
	return []scene{
		{who: "teacher and promises", role: "teacher", states: []state{
			{name: "what was promised", reach: at(path(p.open) + "/promises")},
			{name: "request that was passed on", reach: at(path(w.owed))},
		}},
		{who: "specialist and promises", role: "specialist", states: []state{
			{name: "late", reach: at("/desk/late")},
			{name: "sum of a clock", reach: at(path(p.open) + "/promises")},
			{name: "sum of one that waits", reach: at(path(p.waiting) + "/promises")},
			{name: "due open", reach: then(path(p.open), opens("#p-due")), over: true},
			{name: "helped open", reach: then(path(p.open), opens("#helped"))},
			{name: "pass back open", reach: then(path(w.owed), opens("#hand-back", "#tried"))},
			{name: "out of office", reach: at("/away")},
			{name: "own hours", reach: at("/away/hours")},
			{name: "who covers", reach: at("/coverage")},
			{name: "who covers at one place", reach: at("/coverage?place=3")},
		}},
		{who: "librarian and help", role: "tier1", states: []state{
			{name: "pass on open", reach: then(path(w.first), opens("#hand-up"))},
			{name: "pass on with nothing written", reach: then(path(w.first), opens("#hand-up"), clicks("#hand-up .btn-primary"), problem), expect: refused, failed: true},
			{name: "what was tried", reach: at(path(w.owed))},
			{name: "who covers", reach: at("/coverage")},
		}},
		{who: "principal", role: "principal", states: []state{
			{name: "help", reach: at("/help")},
			{name: "who covers", reach: at("/coverage")},
		}},
		{who: "director and calendars", role: "director", states: []state{
			{name: "calendar", reach: at("/settings/calendar")},
			{name: "calendar of a place", reach: at("/settings/calendar?site=3")},
			{name: "hours", reach: at("/settings/calendar/hours")},
			{name: "hours refused", reach: then("/settings/calendar/hours", sets("main form input[type=text]", "half past nine"), submits("main form .btn-primary")), expect: refused, failed: true},
			{name: "term", reach: at("/settings/calendar/term")},
			{name: "season", reach: at("/settings/calendar/season")},
			{name: "day", reach: at("/settings/calendar/day")},
			{name: "day refused", reach: then("/settings/calendar/day", submits("main form .btn-primary")), expect: refused, failed: true},
			{name: "snow day, looked at", reach: then("/settings/calendar/day", snowDay...)},
			{name: "import", reach: at("/settings/calendar/import")},
			{name: "past changes", reach: at("/settings/calendar/changes")},
			{name: "promises", reach: then("/settings/promises", unfolds("main details"))},
			{name: "promises of one place", reach: at("/settings/promises?site=3")},
			{name: "who helps first", reach: at("/settings/paths")},
			{name: "who helps first at one place", reach: at("/settings/paths?site=3")},
			{name: "who helps first with something", reach: at("/settings/paths/set?site=3&service=2")},
		}},
	}
}
