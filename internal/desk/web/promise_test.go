package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/platform/worktime"
)

// at sets the clock: March 2026 in Denver, where schools are open from 7:30 am
// to 3:30 pm.
func (h *house) at(day, hour, minute int) {
	h.clock.Set(time.Date(2026, 3, day, hour+7, minute, 0, 0, time.UTC))
}

func (h *house) sweep() {
	h.t.Helper()
	must(h.t, h.desk.Sweep(system()))
}

// The list says by when, the most pressing first; what is late says so in words
// and stands in a list of its own.
func TestDueInLists(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 8, 0)
		question := h.tessa.ask("How do I print double-sided?", func(c *desk.CreateTicket) { c.Impact = desk.Question })
		h.tessa.ask("It is slow")
		h.luis.ask("Cart is empty", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		page := h.sam.page("/desk/places")
		rows := page.All(".q")
		contains(t, rows[0].String(), "Cart is empty by 8:15 am")
		contains(t, rows[1].String(), "It is slow by 12:00 pm")
		contains(t, rows[2].String(), "How do I print double-sided? by tomorrow 8:00 am")
		if page.Has(".q.late") || strings.Contains(page.Text(".views"), "Late") {
			t.Error("something is late before its time")
		}
		if got := page.Text(".seg [aria-current]"); got != "Due" {
			t.Errorf("in the order of %q", got)
		}
		h.at(2, 8, 35)
		page = h.sam.page("/desk/places")
		contains(t, page.Text(".q.late"), "Cart is empty 20 min late")
		contains(t, page.Text(".views"), "Late 1")
		late := h.sam.page("/desk/late")
		if n := len(late.All(".q")); n != 1 {
			t.Errorf("%d are late", n)
		}
		h.at(2, 9, 20)
		contains(t, h.sam.page("/desk/late").Text(".q.late"), "late since 8:15 am")
		// The other orders are a press away, and stay while a request is open.
		got[desk.Changed](t)(h.desk.ChangeImpact(h.sam.ctx(), question, 0, desk.Blocked))
		urgent := h.sam.page(page.Link("Urgent"))
		contains(t, urgent.All(".q")[1].String(), "double-sided")
		open := h.sam.page(urgent.All(".q > a")[1].Attr("href"))
		if got := open.Text(".seg [aria-current]"); got != "Urgent" {
			t.Errorf("beside an open request the order is %q", got)
		}
		if got := h.sam.page("/desk/waiting?sort=due").Text(".seg [aria-current]"); got != "Urgent" {
			t.Errorf("what waits is in the order of %q", got)
		}
	})
}

// The pane says what is due next and, opened, how each promise is counted: by
// day, with every pause, who and why.
func TestDueExplained(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 7, 5)
		id := h.tessa.ask("Projector flickers")
		contains(t, h.sam.page(path(id)).Text("#p-due summary"), "Due: First answer by 11:30 am")
		contains(t, h.tessa.page(path(id)).Text("main > header"), "First help by 11:30 am")
		h.at(2, 10, 0)
		got[desk.Changed](t)(h.desk.Wait(h.sam.ctx(), desk.Wait{Ticket: id, On: desk.OnRequester, Until: h.clock.Now().Add(100 * time.Hour), Words: desk.Words{Text: "Which input?"}}))
		contains(t, h.sam.page(path(id)).Text("#p-due summary"), "Waiting on Tessa Okafor, clock held")
		h.at(2, 11, 40)
		got[desk.Replied](t)(h.desk.Reply(h.tessa.ctx(), id, desk.Words{Text: "HDMI 2"}))
		h.at(3, 9, 0)
		page := h.sam.page(path(id))
		contains(t, page.Text("#p-due summary"), "Next answer by 11:40 am")
		contains(t, page.Text("#clock-first-1"), "First answer In time", "4 h promised", "2 h 30 min used, 1 h 30 min to spare")
		contains(t, page.Text("#clock-next-1"), "8 h promised", "Mon, Mar 2 3 h 50 min used", "Tue, Mar 3 1 h 30 min used", "5 h 20 min used, 2 h 40 min left, due 11:40 am")
		solve := page.Text("#clock-solve-1")
		contains(t, solve, "24 h promised", "Mon, Mar 2 6 h 20 min used open 7:30 am – 3:30 pm held 1 h 40 min, waiting on Tessa Okafor, by Sam Kim",
			"7 h 50 min used, 16 h 10 min left, due Thu, Mar 5, 9:10 am", "yesterday 10:00 am to yesterday 11:40 am Waiting on Tessa Okafor By Sam Kim")
		// Nights, weekends and closed days are lines without time.
		h.at(9, 8, 0)
		h.sweep()
		page = h.sam.page(page.One("#p-due a").Attr("href"))
		contains(t, page.Text("#clock-solve-1"), "Sat, Mar 7 – Sun, Mar 8 closed", "Late", "too much, was due Thu, Mar 5, 9:10 am")
		contains(t, page.Text("main .lead"), "Next answer was due Tue, Mar 3, 11:40 am")
		// Who asked reads the same, from their own page.
		asked := h.tessa.page(path(id))
		contains(t, asked.Text("main > header"), "An answer is late. It was promised by Tue, Mar 3, 11:40 am.")
		contains(t, h.tessa.page(asked.Link("How this is counted")).Text("#clock-solve-1"), "waiting on Tessa Okafor, by Sam Kim")
		if rec := h.luis.get(path(id) + "/promises"); rec.Code != 404 {
			t.Errorf("a stranger reads it: %d", rec.Code)
		}
		got[desk.Changed](t)(h.desk.Solve(h.sam.ctx(), id, 0, desk.Words{Text: "New cable"}))
		contains(t, h.sam.page(path(id)).Text("#p-due summary"), "Solved late")
	})
}

// One press tells the asking side who comes and when, in their language.
func TestOnMyWay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 8, 19)
		id := h.marisol.ask("La impresora no imprime")
		form := h.sam.page(path(id)).Form("#way-form").Press("On my way, 5 min")
		page := h.sam.follow(h.sam.post(form))
		contains(t, page.Text("#last"), "they know that you are on the way")
		contains(t, page.Text("#talk"), "Sam Kim is on the way, about 5 minutes (8:24 am)")
		asked := h.marisol.page(path(id))
		contains(t, asked.Text("header .lead"), "Sam Kim va en camino, unos 5 minutos (8:24 a. m.)")
		contains(t, asked.Text(".conv"), "Sam Kim va en camino, unos 5 minutos")
		if strings.Count(page.Text("#talk"), "is on the way") != 1 {
			t.Errorf("it is said twice: %s", page.Text("#talk"))
		}
		tk := h.find(h.sam, id)
		if tk.Owner.ID != h.sam.id || tk.Messages[1].Minutes != 5 {
			t.Errorf("%+v", tk.Messages)
		}
		h.sam.follow(h.sam.post(h.sam.page(path(id)).Form("#way-form").Press("20 min")))
		contains(t, h.marisol.page(path(id)).Text("header .lead"), "(8:39 a. m.)")
		h.at(2, 11, 0)
		contains(t, h.marisol.page(path(id)).Text("header .lead"), "Sam Kim")
		if strings.Contains(h.marisol.page(path(id)).Text("header .lead"), "en camino") {
			t.Error("he is on the way for hours")
		}
		bad := h.sam.page(path(id)).Form("#way-form")
		bad.Values.Set("minutes", "999")
		again := htmltest.FromRecorder(t, h.sam.post(bad), 422)
		contains(t, again.Text("#way-form"), "from 1 to 240")
		if !again.Has(`#errors a[href="#way-form"]`) {
			t.Error("what is wrong does not lead to the form")
		}
		if h.marisol.page(path(id)).Has(`form[action*="/on-my-way"]`) {
			t.Error("who asked can be on the way to themselves")
		}
	})
}

// Help given in the room is written down with its time, in the pane and with a
// request that is logged afterwards.
func TestHelpedInTheRoom(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 8, 0)
		h.clock.Advance(40 * time.Second)
		id := h.tessa.ask("Projector flickers")
		h.at(2, 9, 30)
		form := h.sam.page(path(id)).Form("#helped-form")
		if now := form.Values.Get("helped_at"); now != "2026-03-02T09:30" {
			t.Errorf("it starts at %q", now)
		}
		for typed, want := range map[string]string{"2026-03-02T09:45": "That time has not come yet.", "2026-03-02T07:50": "That was before the request.", "noon": "Write a time such as"} {
			again := htmltest.FromRecorder(t, h.sam.post(form.Set("helped_at", typed).Set("text", "Works again")), 422)
			contains(t, again.Text("#helped"), want)
			if back := again.Form("#helped-form"); back.Values.Get("helped_at") != typed || back.Values.Get("text") != "Works again" {
				t.Errorf("what was typed is lost: %v", back.Values)
			}
		}
		page := h.sam.follow(h.sam.post(form.Set("helped_at", "2026-03-02T08:00"))) // the minute of the request
		contains(t, page.Text("#last"), "is written down")
		contains(t, page.Text("#talk"), "Works again", "Sam Kim helped in the room. ")
		first := got[[]desk.Clock](t)(h.desk.Explain(h.sam.ctx(), id))[0]
		if first.Stand != desk.Kept || first.Spent != 0 {
			t.Errorf("first answer: %s after %v", first.Stand, first.Spent)
		}
		log := h.sam.page("/desk/new").Form("form#new").Set("text", "Needs a dongle").Set("who", "tess").Set("helped_at", "2026-03-02T09:10")
		sent := h.sam.post(log)
		h.sam.follow(sent)
		first = got[[]desk.Clock](t)(h.desk.Explain(h.sam.ctx(), at(t, sent)))[0]
		if first.Stand != desk.Kept || !first.Stopped.Equal(time.Date(2026, 3, 2, 16, 10, 0, 0, time.UTC)) {
			t.Errorf("logged help: %s at %v", first.Stand, first.Stopped)
		}
		late := htmltest.FromRecorder(t, h.sam.post(h.sam.page("/desk/new").Form("form#new").Set("text", "x").Set("who", "tess").Set("helped_at", "2026-02-20T09:10")), 422)
		contains(t, late.Text("form#new"), "more than a day ago")
		if late.Form("form#new").Values.Get("helped_at") != "2026-02-20T09:10" {
			t.Error("the time is lost")
		}
	})
}

// An administrator sets promises everywhere and for a place, reads what is wrong
// beside each field, and takes them back.
func TestPromiseSettings(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 8, 0)
		id := h.tessa.ask("Projector flickers")
		page := h.rosa.page("/settings/promises")
		contains(t, page.Text("main"), "Whole district", "Nobody has changed them yet", "What this changes", "2 promises are running now.")
		form := page.Form("form#promises")
		if form.Values.Get("stopped_first") != "15 min" || form.Values.Get("slowed_solve") != "24 h" || form.Values.Get("plan_first") != "16 h" {
			t.Errorf("starts with %v", form.Values)
		}
		for field, typed := range map[string][2]string{
			"blocked_first": {"soon", "Write a time such as 15 min"},
			"slowed_next":   {"25 h", "Later answers would come after the promise to solve."},
			"stopped_solve": {"9 h", "Somebody whose class is stopped would wait longer"},
		} {
			again := htmltest.FromRecorder(t, h.rosa.post(h.rosa.page("/settings/promises").Form("form#promises").Set(field, typed[0])), 422)
			contains(t, again.Text("#errors"), typed[1])
			if !again.Has(`#errors a[href="#f-`+field+`"]`) || again.One("#f-"+field).Attr("value") != typed[0] {
				t.Errorf("%s: not beside its field, or what was typed is lost", field)
			}
		}
		saved := h.rosa.follow(h.rosa.post(form.Set("slowed_first", "1:30").Set("question_solve", "")))
		contains(t, saved.Text("main"), "Saved.", "is still to be computed again")
		if f := saved.Form("form#promises"); f.Values.Get("slowed_first") != "1 h 30 min" || f.Values.Get("question_solve") != "" {
			t.Errorf("saved as %v", f.Values)
		}
		h.sweep()
		contains(t, h.sam.page(path(id)).Text("#p-due summary"), "First answer by 9:30 am")
		// Somebody else was faster.
		mine := h.rosa.page("/settings/promises").Form("form#promises")
		other := h.rosa.page("/settings/promises").Form("form#promises")
		h.rosa.follow(h.rosa.post(other.Set("slowed_first", "2 h")))
		stale := htmltest.FromRecorder(t, h.rosa.post(mine.Set("slowed_first", "3 h")), 412)
		contains(t, stale.Text("form#promises"), "2 h")
		if v := stale.One("#f-slowed_first").Attr("value"); v != "3 h" {
			t.Errorf("typed 3 h, got back %q", v)
		}
		// One school promises something else, and then no longer.
		one := h.rosa.page("/settings/promises?site=" + itoa(h.marsh))
		contains(t, one.Text("main"), "Marsh Middle School", "Nothing of its own is set here")
		one = h.rosa.follow(h.rosa.post(one.Form("form#promises").Set("slowed_first", "1 h")))
		h.sweep()
		contains(t, h.sam.page(path(id)).Text("#p-due summary"), "First answer by 9:00 am")
		contains(t, h.rosa.page("/settings/promises").Text("main"), "Other places and services Marsh Middle School")
		back := h.rosa.follow(h.rosa.post(one.Form("form#drop")))
		contains(t, back.Text("main"), "Taken back.")
		h.sweep()
		contains(t, h.sam.page(path(id)).Text("#p-due summary"), "First answer by 10:00 am")
		if rec := h.sam.get("/settings/promises"); rec.Code == http.StatusOK {
			t.Error("a helper sets promises")
		}
	})
}

// Alarms are added and taken away one by one.
func TestAlarmSettings(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		page := h.rosa.page("/settings/promises")
		contains(t, page.Text("main"), "Class stopped: 12 alarms", "First answer: when 75% of the time is used, the owner")
		add := page.Form("form#alarm-add-stopped").Set("metric", "first").Set("point", "before").Set("amount", "5 min").Set("tell", "lead")
		page = h.rosa.follow(h.rosa.post(add))
		contains(t, page.Text("main"), "Class stopped: 13 alarms", "First answer: 5 min before it is due, the lead of the team")
		again := htmltest.FromRecorder(t, h.rosa.post(page.Form("form#alarm-add-stopped").Set("metric", "first").Set("point", "share").Set("amount", "120 %").Set("tell", "lead")), 422)
		contains(t, again.Text("#errors"), "from 1 to 99 percent")
		if !again.Has(`#errors a[href="#f-alarm_stopped_amount"]`) || again.One("#f-alarm_stopped_amount").Attr("value") != "120 %" {
			t.Error("not beside its field, or what was typed is lost")
		}
		for n := 13; n > 1; n-- {
			form := h.rosa.page("/settings/promises").Form("form#alarms-stopped")
			form.Values.Set("remove", h.rosa.page("/settings/promises").All("form#alarms-stopped button")[0].Attr("value"))
			h.rosa.follow(h.rosa.post(form))
		}
		last := h.rosa.page("/settings/promises")
		contains(t, last.Text("form#alarms-stopped"), "First answer: 5 min before it is due, the lead of the team")
		form := last.Form("form#alarms-stopped")
		form.Values.Set("remove", last.One("form#alarms-stopped button").Attr("value"))
		contains(t, htmltest.FromRecorder(t, h.rosa.post(form), 422).Text("#errors"), "soon forgotten")
		// What somebody else changed meanwhile is not undone.
		if rec := h.rosa.post(add); rec.Code != http.StatusSeeOther {
			t.Errorf("the same form sent again: %d", rec.Code)
		}
		contains(t, h.rosa.page("/settings/promises").Text("main"), "Class stopped: 1 alarm")
	})
}

// Before a snow day is saved, it says which open clocks would move.
func TestShiftReview(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.at(2, 8, 0)
		late := h.tessa.ask("Cart is empty", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		h.tessa.ask("Projector flickers")
		h.at(2, 9, 0)
		h.sweep()
		review := deskweb.Review(deskweb.Deps{Desk: h.desk, District: h.district, Frame: h.frame})
		day := calendar.SetDays{Changes: []calendar.DayChange{{Site: h.marsh, Date: worktime.Date{Year: 2026, Month: 3, Day: 2}, Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}
		draw := func(p *person) *htmltest.Page {
			t.Helper()
			ctx := i18n.With(p.ctx(), h.words, "en")
			c, err := review(ctx, day)
			must(t, err)
			var b strings.Builder
			must(t, c.Render(ctx, &b))
			return htmltest.Parse(t, b.String())
		}
		page := draw(h.rosa)
		contains(t, page.Text("section[aria-labelledby=shift]"), "3 running promises would move:", "3 would be due later", "1 was missed before, and stays missed",
			"Projector flickers First answer 12:00 pm tomorrow 11:30 am")
		if strings.Contains(page.Text("table"), "R-"+itoa(late)+" Cart is empty First") {
			t.Error("what was missed would move")
		}
		if clocks := got[[]desk.Clock](t)(h.desk.Explain(h.sam.ctx(), late)); clocks[0].Stand != desk.Late {
			t.Errorf("looking changed it to %s", clocks[0].Stand)
		}
		lena := h.person("Lena Ortiz", "", h.marsh, 0, district.Grant{Role: district.RoleDirector})
		contains(t, draw(lena).Text("section[aria-labelledby=shift]"), "3 running promises would move:", "Projector flickers")
	})
}
