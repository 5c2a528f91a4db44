package web_test

import (
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/web/htmltest"
)

// forSignIn is a request that begins with first help at Marsh and goes on to
// the network team.
func (h *house) forSignIn(text string, impact desk.Impact) desk.TicketID {
	return h.tessa.ask(text, func(c *desk.CreateTicket) { c.Service, c.Impact = h.signIn, impact })
}

// inPane sends a form the way the desk's script does.
func (p *person) inPane(f *htmltest.Form, status int) *htmltest.Page {
	r := postOf(f)
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Target", "article#pane")
	return htmltest.FromRecorder(p.h.t, p.send(r), status)
}

// A request is passed on with what was tried, and back with why. Who works on
// it reads both where they happened; who asked reads who has it now.
func TestPassOnAndBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.forSignIn("Nobody gets past the sign-in page", desk.Blocked)
		got[desk.Changed](t)(h.desk.Take(h.sam.ctx(), id))
		page := h.sam.page(path(id))
		contains(t, page.Text("#hand-up summary"), "Pass on to Network")
		if page.Has("#hand-back") || page.Has("#passes") || page.Has("#tried") || page.Has("#hand-up[open]") {
			t.Error("it came from nowhere, and went nowhere yet")
		}
		// Nothing tried: said at the field, and what was written stays.
		bad := page.Form("#hand-up-form").Set("why", "I have no key to the server")
		for name, again := range map[string]*htmltest.Page{
			"a page": htmltest.FromRecorder(t, h.sam.post(bad), 422), "a part": h.sam.inPane(bad, 422),
		} {
			contains(t, again.Text("#p-up-tried-error"), "Please fill this in")
			if !again.Has(`#errors a[href="#p-up-tried"]`) || !again.Has("#hand-up[open]") || again.Text("#p-up-why") != "I have no key to the server" {
				t.Errorf("%s comes back without what was typed: %s", name, again.Text("#hand-up"))
			}
		}
		page = h.sam.inPane(page.Form("#hand-up-form").Set("tried", "Another browser\n\nAnother cable").Set("why", "I have no key to the server"), 200)
		contains(t, page.Text("#talk"), "Sam Kim passed it on to Network", "Team note, to Network", "Tried: Another browser", "Another cable", "Why: I have no key to the server")
		if page.Has("#hand-up") || page.Text("#hand-back summary") != "Pass back to Marsh first help" {
			t.Errorf("beyond the last step: %s", page.Text("main"))
		}
		contains(t, h.sam.page(path(id)).Text("#passes"), "Changed teams once", "Marsh first help → Network", "Passed on · Sam Kim")

		got[desk.Changed](t)(h.desk.Take(h.nora.ctx(), id))
		page = h.nora.page(path(id))
		contains(t, page.Text(".msg.note"), "Sam Kim", "Tried: Another browser")
		again := htmltest.FromRecorder(t, h.nora.post(page.Form("#hand-back-form")), 422)
		if !again.Has(`#errors a[href="#p-back-why"]`) || !again.Has("#p-back-why-error") {
			t.Errorf("back without why: %s", again.Text("#hand-back"))
		}
		// Nora works elsewhere: she follows it from then on, on another page.
		form := page.Form("#hand-back-form").Set("why", "It is the Chromebook cart")
		r := postOf(form)
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Target", "article#pane")
		rec := h.nora.send(r)
		page = h.nora.page(rec.Header().Get("HX-Redirect"))
		contains(t, page.Text("main"), "Passed back.", "Sam Kim has it")
		page = h.sam.page(path(id))
		contains(t, page.Text("#talk"), "Nora Quist passed it back to Sam Kim, Marsh first help", "Why: It is the Chromebook cart")
		contains(t, page.Text("#passes"), "Changed teams 2 times", "Network → Marsh first help", "Passed back · Nora Quist")

		for _, p := range []*person{h.tessa, h.nora} {
			asked := h.allWords(p, id)
			contains(t, asked, "Sam Kim passed it on to Network", "Nora Quist passed it back to Sam Kim, Marsh first help")
			for _, secret := range []string{"Another", "no key", "Chromebook", "Changed teams", "hand-up", "hand-back"} {
				if strings.Contains(asked, secret) {
					t.Errorf("%s reads %q", p.name, secret)
				}
			}
		}
		for _, action := range []string{"/hand-up", "/hand-back", "/tried"} {
			form.Action = path(id) + action
			if rec := h.tessa.post(form); rec.Code != 404 {
				t.Errorf("who asked calls %s: %d", action, rec.Code)
			}
		}
	})
}

// allWords are those of a request's pages, as somebody gets them.
func (h *house) allWords(p *person, id desk.TicketID) string {
	return p.page(path(id)).Text("body") + p.page(path(id)+"/promises").Text("body")
}

// While a class stands still nobody writes first. Whoever passed it on is asked
// afterwards, even if they only follow it then.
func TestTriedAfterwards(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		vendor := got[district.TeamID](t)(h.district.CreateTeam(h.rosa.ctx(), district.CreateTeam{Name: "Vendor desk", Lead: h.rosa.id, Tier: 3}))
		got[int64](t)(h.district.SetPath(h.rosa.ctx(), district.SetPath{PathID: district.PathID{Service: h.signIn}, Steps: []district.Step{
			{Tier: 1, Team: h.help}, {Tier: 2, Team: h.network}, {Tier: 3, Team: vendor}}}))
		id := h.forSignIn("The whole room is out", desk.Stopped)
		page := h.sam.page(path(id))
		contains(t, page.Text("#hand-up"), "A class is stopped: pass it on now", "What was tried? (optional)")
		page = h.sam.follow(h.sam.post(page.Form("#hand-up-form")))
		contains(t, page.Text("#last"), "was passed on.")
		contains(t, page.Text("#tried"), "You passed this on to Network while a class was stopped.")

		h.nora.follow(h.nora.post(h.nora.page(path(id)).Form("#hand-up-form")))
		contains(t, h.sam.page(path(id)).Text("#tried"), "You passed this on to Network")
		contains(t, h.rosa.page(path(id)).Text("#tried"), "Nora Quist passed this on to Vendor desk while a class was stopped.")
		if !h.sam.page(path(id)).Has("section#tried") || !h.rosa.page(path(id)).Has("details#tried:not([open])") {
			t.Error("it does not stand open before who passed it on, or before everybody")
		}
		if h.tessa.page(path(id)).Has("#tried") {
			t.Error("who asked is asked what was tried")
		}
		page = h.nora.page(path(id)) // at another school: she follows it
		contains(t, page.Text("#tried"), "You passed this on to Vendor desk")
		bad := page.Form("#tried-form").Set("tried", " ")
		again := htmltest.FromRecorder(t, h.nora.post(bad), 422)
		contains(t, again.Text("#f-tried-error"), "Please fill this in")
		contains(t, again.Text("#errors"), "What was tried?: Please fill this in")
		if to := again.One("#errors a").Attr("href"); to != "#f-tried" || !again.Has("textarea"+to) {
			t.Errorf("the summary leads to %q", to)
		}
		// Passed on further, it is still about the time that was hers.
		got[desk.Changed](t)(h.desk.Assign(h.rosa.ctx(), desk.Assign{Ticket: id, Team: h.help}))
		contains(t, h.nora.page(path(id)).Text("#tried"), "You passed this on to Vendor desk")
		page = h.nora.follow(h.nora.post(again.Form("#tried-form").Set("tried", "Restarted the switch")))
		contains(t, page.Text("main"), "Written down. Thank you.")
		if page.Has("#tried") || strings.Contains(page.Text("main"), "Restarted") {
			t.Error("who follows it reads what was tried, or is asked twice")
		}
		// Sam is still asked about his own; he works there, and reads hers.
		page = h.sam.page(path(id))
		contains(t, page.Text("#talk .msg.note"), "Nora Quist", "Team note, to Vendor desk", "Tried: Restarted the switch")
		page = h.sam.inPane(page.Form("#tried-form").Set("tried", "Another cable"), 200)
		contains(t, page.Text("#talk"), "Tried: Another cable")
		if page.Has("#tried") || strings.Contains(page.Text("#talk"), "wrote down what was tried") {
			t.Errorf("it is asked or said twice: %s", page.Text("#talk"))
		}
		if asked := h.allWords(h.tessa, id); strings.Contains(asked, "Restarted") || strings.Contains(asked, "Another cable") {
			t.Error("who asked reads what was tried")
		}
		// Pressed again from an old page: what is known stays, what was typed too.
		late := htmltest.FromRecorder(t, h.rosa.post(bad.Set("tried", "Late words")), 409)
		if late.Text("#p-tried-text") != "Late words" {
			t.Errorf("lost: %s", late.Text("#tried"))
		}
	})
}
