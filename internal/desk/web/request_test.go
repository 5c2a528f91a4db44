package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/web/htmltest"
)

// A requester follows a request through every state in plain words, and says
// whether it is fixed.
func TestRequesterFollows(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers")
		state := func() string { return h.tessa.page(path(id)).Text("header .tag") }
		next := func() string { return h.tessa.page(path(id)).Text("header .lead") }
		expect := func(wantState, wantNext string) {
			t.Helper()
			if s, n := state(), next(); s != wantState || n != wantNext {
				t.Errorf("the page says %q, %q; want %q, %q", s, n, wantState, wantNext)
			}
		}
		k, sam := h.desk, h.sam.ctx()
		expect("In progress", "Marsh first help has it")
		got[desk.Changed](t)(k.Take(sam, id))
		expect("In progress", "Sam Kim has it")
		got[desk.Changed](t)(k.Wait(sam, desk.Wait{Ticket: id, On: desk.OnRequester, Words: desk.Words{Text: "Which input?"}}))
		expect("Needs you", "Sam Kim needs an answer from you")
		contains(t, h.tessa.page("/help/requests").Text("main"), "Needs you Projector flickers Sam Kim needs an answer from you")

		page := h.tessa.follow(h.tessa.post(h.tessa.page(path(id)).Form("form#reply").Set("text", "HDMI 2")))
		contains(t, page.Text("main"), "Sent.", "HDMI 2")
		expect("In progress", "Sam Kim has it")
		if !page.Has(fmt.Sprintf(`[data-draft-clear="reply-%d"]`, id)) {
			t.Error("the browser keeps an answer that arrived")
		}
		got[desk.Changed](t)(k.Wait(sam, desk.Wait{Ticket: id, On: desk.OnPart, Until: h.clock.Now().Add(24 * time.Hour)}))
		expect("In progress", "Waiting for a part, until tomorrow 7:05 am")
		got[desk.Changed](t)(k.Solve(sam, id, 0, desk.Words{Text: "New cable"}))
		expect("Solved", "We think this is solved. Did it fix it for you?")

		form := h.tessa.page(path(id)).Form("form#reply").Set("text", "Still black")
		form.Action = path(id) + "/not-fixed"
		back := h.tessa.follow(h.tessa.post(form))
		contains(t, back.Text("main"), "It is back with the people who help.", "Still black")
		got[desk.Changed](t)(k.Solve(sam, id, 0, desk.Words{}))
		if b := h.tessa.page(path(id)).One(`button[formaction$="/fixed"]`); b.String() != "That fixed it" || b.Attr("form") != "reply" {
			t.Errorf("button %s", b.HTML())
		}
		form = h.tessa.page(path(id)).Form("form#reply")
		form.Action = path(id) + "/fixed"
		h.tessa.follow(h.tessa.post(form))
		expect("Solved", "You said that fixed it")
		h.clock.Advance(8 * 24 * time.Hour)
		got[int](t)(k.CloseExpired(system()))
		closed := h.tessa.page(path(id))
		if closed.Has("form#reply") || !closed.Has(`a[href="/help"]`) {
			t.Error("a closed request still takes answers, or does not say where to ask")
		}
		contains(t, closed.Text("main details ul"), "Sam Kim is taking care of it", "Waiting on: A part", "Tessa Okafor said that fixed it")
	})
}

// What the team writes to itself stands on no page and behind no address of
// anybody but those who work on the request.
func TestNotesStayInside(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		const secret = "pelican"
		id := h.sam.ask("Projector flickers", func(c *desk.CreateTicket) { c.Requester, c.Beneficiary = h.tessa.id, h.luis.id })
		form := h.sam.page(path(id)+"?write=note").Form("form#write").Set("note", "Ask about the "+secret)
		page := h.sam.follow(h.sam.post(form, upload{"files", secret + ".txt", "text/plain", []byte(secret)}))
		contains(t, page.Text(".msg.note"), "Team note", secret, secret+".txt")
		file := page.One(".msg.note .att a").Attr("href")
		if !page.Has(fmt.Sprintf(`[data-draft-clear="note-%d"]`, id)) {
			t.Error("the browser keeps a note that arrived")
		}
		got[desk.Changed](t)(h.desk.AddFollower(h.sam.ctx(), id, h.marisol.id))
		for _, p := range []*person{h.tessa, h.luis, h.marisol} {
			for _, where := range []string{"/help", "/help/requests", path(id), path(id) + "?write=note", path(id) + "?before=99999", path(id) + "?notes=99999", path(id) + "?did=noted"} {
				if body := p.get(where).Body.String(); strings.Contains(body, secret) || strings.Contains(body, "left a team note") {
					t.Errorf("%s reads the note on %s", p.name, where)
				}
			}
			for _, where := range []string{file, "/desk/places", "/desk/search?q=" + secret} {
				if rec := p.get(where); rec.Code != 404 {
					t.Errorf("%s: %s answers %d", p.name, where, rec.Code)
				}
			}
			// Sending a note where only replies go is a reply at most, and the
			// note's own door is shut.
			f := p.page(path(id)).Form("form#reply")
			f.Action = path(id) + "/note"
			f.Values.Set("note", "mine")
			if rec := p.post(f); rec.Code != 404 {
				t.Errorf("%s: the door to notes answers %d", p.name, rec.Code)
			}
		}
		// A note sent through the reply's door arrives nowhere.
		reply := h.sam.page(path(id)).Form("form#write")
		reply.Values.Set("note", "never said")
		h.sam.post(reply)
		if tk := h.find(h.sam, id); len(tk.Messages) != 1 || len(tk.Inside.Notes) != 1 {
			t.Errorf("%d messages, %d notes", len(tk.Messages), len(tk.Inside.Notes))
		}
	})
}

// A private request answers everybody else exactly as a number that nobody
// has, at every address, and stands in none of their lists and counts.
func TestPrivateIsNowhereElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		check := htmltest.FromRecorder(t, h.tessa.post(h.tessa.page("/help").Form("form#ask").Set("text", "Gift cards from the principal").Press("Get help")), 200)
		sent := h.tessa.post(check.Form("form#ask").Set("private", "suspicious_mail"))
		id := at(t, sent)
		page := h.tessa.follow(sent)
		contains(t, page.Text("main"), "Besides you, only Rosa Delgado can see it.", "Private")
		if strings.Contains(page.Text("main"), "Marsh first help") {
			t.Error("the page names a team that does not see it")
		}
		nobody := id + 1000
		for _, p := range []*person{h.sam, h.nora, h.luis, h.marisol} {
			for _, tail := range []string{"", "?before=1", "?write=note"} {
				mine, none := p.get(path(id)+tail), p.get(path(nobody)+tail)
				if mine.Code != 404 || mine.Body.String() != none.Body.String() {
					t.Errorf("%s: %s answers %d, nothing answers %d; bodies equal: %v", p.name, path(id)+tail, mine.Code, none.Code, mine.Body.String() == none.Body.String())
				}
			}
			for _, action := range []string{"reply", "take", "assign", "follow", "solve", "undo/1"} {
				form := func(id desk.TicketID) *htmltest.Form {
					return &htmltest.Form{Method: "POST", Action: path(id) + "/" + action, Values: map[string][]string{"text": {"hello"}, "owner": {"." + itoa(p.id)}}}
				}
				mine, none := p.send(postOf(form(id))), p.send(postOf(form(nobody)))
				if mine.Code != 404 || mine.Body.String() != none.Body.String() {
					t.Errorf("%s: %s answers %d, for nothing %d", p.name, action, mine.Code, none.Code)
				}
			}
		}
		for _, where := range []string{"/desk/places", "/desk/unassigned", "/desk/private", "/desk/search?q=gift", "/desk/search?q=R-" + itoa(id), "/desk/new"} {
			if body := h.sam.get(where).Body.String(); strings.Contains(body, "Gift cards") {
				t.Errorf("%s shows it", where)
			}
		}
		if n := h.sam.page("/desk/places").Text(`.views [aria-current] .num`); n != "0" {
			t.Errorf("it is counted: %s", n)
		}
		contains(t, h.rosa.page("/desk/private").Text(".rows"), "Gift cards from the principal", "Suspicious e-mail")
		contains(t, h.rosa.page(path(id)).Text(".ctx"), "Who may see it", "Rosa Delgado")
	})
}

// A requester corrects the place; when somebody was faster both values are
// there and nothing typed is lost.
func TestRequesterCorrectsPlace(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers")
		form := h.tessa.page(path(id)).Form("form#place").Set("room", "the stairs").Set("contact", "after 3 pm")
		got[desk.Changed](t)(h.desk.ChangePlace(h.sam.ctx(), desk.ChangePlace{Ticket: id, Site: h.marsh, PlaceText: "gym"}))
		stale := htmltest.FromRecorder(t, h.tessa.post(form), 412)
		again := stale.Form("form#place")
		if again.Values.Get("room") != "the stairs" || again.Values.Get("contact") != "after 3 pm" {
			t.Errorf("what was typed came back as %v", again.Values)
		}
		contains(t, stale.Text("main"), "gym, Marsh Middle School")
		page := h.tessa.follow(h.tessa.post(again))
		contains(t, page.Text("main"), "Saved.", "the stairs, Marsh Middle School · after 3 pm")
	})
}

// A long conversation is read from its end, and back.
func TestLongConversation(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("The very first words")
		for i := range 230 {
			got[desk.Replied](t)(h.desk.Reply(h.tessa.ctx(), id, desk.Words{Text: fmt.Sprintf("message %d", i)}))
		}
		for _, p := range []*person{h.tessa, h.sam} {
			page := p.page(path(id))
			if text := page.Text(".conv"); strings.Contains(text, "very first") || !strings.Contains(text, "message 229") {
				t.Errorf("%s does not see the end", p.name)
			}
			earlier := p.page(page.Link("Show earlier messages"))
			if text := earlier.Text(".conv"); !strings.Contains(text, "The very first words") || strings.Contains(text, "message 229") {
				t.Errorf("%s does not get back to the beginning", p.name)
			}
			p.page(earlier.Link("Back to the latest"))
		}
	})
}
