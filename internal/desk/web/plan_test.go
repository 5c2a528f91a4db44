package web_test

import (
	"net/http"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/platform/worktime"
)

// asPlan fills the form of a plan.
func asPlan(form *htmltest.Form) *htmltest.Form {
	return form.Set("text", "Students record a video report of an experiment").Set("by", "2026-03-24").Set("class", "7B, science")
}

// A teacher plans something with a class: sent once to a named person, with the
// day by which they hear of it, read by both sides as a plan and ended by what
// came of it.
func TestPlanWithAClass(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 8, 0)
		page := h.tessa.page(h.tessa.page("/help").One("#plan-entry").Attr("href"))
		contains(t, page.Text("main"), "Sam Kim, who is in your building, plans it with you. You hear back by Wed, Mar 4, 8:00 am.", "Room 214, Marsh Middle School")
		form := asPlan(page.Form("form#plan"))
		sent := h.tessa.post(form)
		if again := h.tessa.post(form); again.Header().Get("Location") != sent.Header().Get("Location") || h.tickets() != 1 {
			t.Errorf("pressed twice: %d tickets", h.tickets())
		}
		id := at(t, sent)
		asked := h.tessa.follow(sent)
		contains(t, asked.Text("main"), "Sent to Sam Kim, who is in your building.", "By when Tue, Mar 24", "Class 7B, science", "You hear back by ")
		if !asked.Has(`[data-draft-clear="plan"]`) || asked.Has(`[data-draft-clear="ask"]`) {
			t.Error("the browser forgets the wrong text")
		}
		if tk := h.find(h.tessa, id); tk.Place.RoomName != "Room 214" || tk.Plan.By != (worktime.Date{Year: 2026, Month: 3, Day: 24}) {
			t.Errorf("sent as %+v %+v", tk.Place, tk.Plan)
		}
		contains(t, h.tessa.page("/help").Text(".mine"), "Students record a video report of an experiment", "Plan")

		contains(t, h.sam.page("/desk/places").Text(".q"), "Students record a video report of an experiment", "Plan")
		contains(t, h.sam.page("/desk/search?q=video").Text("main"), "Students record a video report of an experiment", "Plan")
		pane := h.sam.page(path(id))
		contains(t, pane.Text(".props"), "By when Tue, Mar 24", "Class 7B, science")
		for _, no := range []string{"#p-impact", `[formaction*="/solve"]`, "#way-form"} {
			if pane.Has(no) {
				t.Errorf("a plan is offered %s", no)
			}
		}
		if h.tessa.page(path(id)).Has("#finish") {
			t.Error("who asked can finish it")
		}
		// What is missing stands at its field, and nowhere else.
		back := htmltest.FromRecorder(t, h.sam.post(pane.Form("#finish-form").Set("text", "I come on Tuesday")), 422)
		if f := back.Form("#finish-form"); f.Values.Get("text") != "I come on Tuesday" || back.Text("#f-text") != "" || !back.Has(`#errors a[href="#f-outcome"]`) {
			t.Errorf("without an outcome: %v", f.Values)
		}
		back = htmltest.FromRecorder(t, h.sam.post(pane.Form("#finish-form").Set("outcome", "visit")), 422)
		if !back.Has(`#errors a[href="#p-finish-text"]`) || back.Form("#finish-form").Values.Get("outcome") != "visit" {
			t.Errorf("without words: %s", back.Text("#finish"))
		}
		late := h.rosa.page(path(id)).Form("#finish-form").Set("outcome", "plan").Set("text", "The plan is in the folder")
		done := h.sam.follow(h.sam.post(back.Form("#finish-form").Set("text", "I come on Tuesday with six microphones")))
		for name, back := range map[string]*htmltest.Page{"a page": htmltest.FromRecorder(t, h.rosa.post(late), 409), "a part": h.rosa.inPane(late, 409)} {
			if f := back.Form("#finish-form"); f.Values.Get("text") != "The plan is in the folder" || f.Values.Get("outcome") != "plan" || !back.Has("#finish[open] .err") {
				t.Errorf("finished by another meanwhile, %s: %v", name, f.Values)
			}
		}
		contains(t, done.Text("#last"), "is finished.")
		contains(t, done.Text("#p-due summary"), "Answered in time")
		contains(t, done.Text("main"), "It ended in A visit to the class", "Sam Kim finished the plan. It ended in: A visit to the class", "six microphones")
		if done.Has("#finish") {
			t.Error("it can be finished twice")
		}
		asked = h.tessa.page(path(id))
		contains(t, asked.Text("main"), "Finished", "This is finished. Is that what you needed?", "It ended in A visit to the class", "six microphones", "Not yet")
		if b := asked.One(`button[formaction$="/fixed"]`); b.String() != "That is what I needed" || b.Attr("form") != "reply" {
			t.Errorf("the answer reads %q", b)
		}
		form = asked.Form("#reply").Set("text", "And the tripods?")
		form.Action = path(id) + "/not-fixed"
		h.tessa.follow(h.tessa.post(form))
		if h.find(h.sam, id).State != desk.Open {
			t.Error("what is not enough yet stays finished")
		}
		again := h.sam.page(path(id))
		contains(t, again.Text("#talk"), "Tessa Okafor said that more is needed")
		h.sam.follow(h.sam.post(again.Form("#finish-form").Set("outcome", "plan").Set("text", "All is in the list")))
		form = h.tessa.page(path(id)).Form("#reply")
		form.Action = path(id) + "/fixed"
		said := h.tessa.follow(h.tessa.post(form))
		contains(t, said.Text("main"), "You said that is what you needed", "A plan for the class")
	})
}

// What is wrong with a plan stands beside each field, with what was typed.
func TestPlanRefused(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		h.at(2, 8, 0)
		empty := htmltest.FromRecorder(t, h.tessa.post(h.tessa.page("/help/plan").Form("form#plan")), 422)
		contains(t, empty.Text("#errors"), "Goal: Please fill this in.", "By when: Please fill this in.", "Class: Please fill this in.")
		for field, typed := range map[string][2]string{"by": {"2026-02-27", "still to come"}, "class": {"", "Please fill this in."}, "text": {" ", "Please fill this in."}} {
			again := htmltest.FromRecorder(t, h.tessa.post(asPlan(h.tessa.page("/help/plan").Form("form#plan")).Set(field, typed[0])), 422)
			contains(t, again.Text("#errors"), typed[1])
			if !again.Has(`#errors a[href="#f-` + field + `"]`) {
				t.Errorf("%s: the summary leads elsewhere", field)
			}
			for name, v := range asPlan(h.tessa.page("/help/plan").Form("form#plan")).Set(field, strings.TrimSpace(typed[0])).Values {
				if back := again.Form("form#plan").Values.Get(name); name != "_key" && back != v[0] {
					t.Errorf("%s came back as %q", name, back)
				}
			}
		}
		form := asPlan(h.tessa.page("/help/plan").Form("form#plan"))
		form.Values.Set("by", "soon")
		again := htmltest.FromRecorder(t, h.tessa.post(form), 422)
		contains(t, again.Text("#errors"), "By when: Write a date such as")
		if h.tickets() != 0 {
			t.Error("something was sent")
		}
		// Another place has somebody else.
		moved := asPlan(h.tessa.page("/help/plan").Form("form#plan")).Set("site", itoa(h.orchard)).Set("room", "by the stage")
		if tk := h.find(h.tessa, at(t, h.tessa.post(moved))); tk.Place.Site != h.orchard || tk.Place.Text != "by the stage" || tk.TeamName != "Technology" {
			t.Errorf("sent as %+v to %s", tk.Place, tk.TeamName)
		}
	})
}

// Families and students have classes, and nobody who plans them with them here.
func TestPlanIsForStaff(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		stu := h.person("Stu Dent", "", h.marsh, 0, district.Grant{Role: district.RoleStudent, Site: h.marsh})
		form := asPlan(h.tessa.page("/help/plan").Form("form#plan"))
		for _, p := range []*person{stu, h.marisol} {
			if p.page("/help").Has("#plan-entry") {
				t.Errorf("%s is led there", p.name)
			}
			if rec := p.get("/help/plan"); rec.Code != http.StatusForbidden && rec.Code != http.StatusNotFound {
				t.Errorf("%s may look: %d", p.name, rec.Code)
			}
			if rec := p.post(form); rec.Code != http.StatusForbidden && rec.Code != http.StatusNotFound {
				t.Errorf("%s may send: %d", p.name, rec.Code)
			}
		}
		if h.tickets() != 0 {
			t.Error("something was sent")
		}
		noPlan := h.sam.page(path(h.tessa.ask("Projector flickers")))
		if noPlan.Has("#finish") || !noPlan.Has("#p-impact") || strings.Contains(noPlan.Text(".props"), "By when") {
			t.Error("a request looks like a plan")
		}
	})
}
