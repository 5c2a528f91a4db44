package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/web/htmltest"
)

// A teacher asks without script: words, a look at what is filled in, sent to a
// named person.
func TestAskInTwoSteps(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := h.tessa.page("/help").Form("form#ask").Set("text", "Projector says no signal\nbut the cable is in").Press("Get help")
		check := htmltest.FromRecorder(t, h.tessa.post(form), 200)
		if h.tickets() != 0 {
			t.Fatal("looking sent it")
		}
		if got := check.Text("button#send"); got != "Send to Sam Kim, who is in your building" {
			t.Errorf("the button reads %q", got)
		}
		contains(t, check.Text("main"), "Projector says no signal", "Room 214, Marsh Middle School", "(555) 0142", "Only Rosa Delgado will see it.")
		page := h.tessa.follow(h.tessa.post(check.Form("form#ask").Set("impact", "question").Set("room", "library")))
		contains(t, page.Text("main"), "Sent to Sam Kim, who is in your building.", "Marsh first help has it", "Library, Marsh Middle School")
		if page.Text("h1") != "Projector says no signal" {
			t.Errorf("heading %q", page.Text("h1"))
		}
		if !page.Has(`[data-draft-clear="ask"]`) {
			t.Error("the browser is not told to forget the text")
		}
		list := got[desk.Requests](t)(h.desk.MyRequests(h.tessa.ctx(), ""))
		if len(list.InProgress) != 1 {
			t.Fatalf("%d requests", len(list.InProgress))
		}
		tk := h.find(h.tessa, list.InProgress[0].ID)
		if tk.Impact != desk.Question || tk.Place.RoomName != "Library" || tk.Contact != "(555) 0142" || tk.Messages[0].Text != "Projector says no signal\nbut the cable is in" {
			t.Errorf("sent as %+v", tk)
		}
		if text := h.tessa.page("/help").Text(".mine"); !strings.Contains(text, "Projector says no signal Marsh first help has it") {
			t.Errorf("the first page lists %q", text)
		}
	})
}

// With a class standing still it is one press after typing.
func TestAskAtOnce(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		page := h.tessa.page("/help")
		contains(t, page.Text("form#ask"), "Goes at once to Sam Kim, who is in your building. Place: Room 214, Marsh Middle School.")
		sent := h.tessa.follow(h.tessa.post(page.Form("form#ask").Set("text", "Nobody can sign in").Press("A class is stopped: send now")))
		contains(t, sent.Text("main"), "Sent to Sam Kim, who is in your building.", "They have been told that a class is stopped.")
		row := h.sam.page("/desk/places").One(".q")
		contains(t, row.String(), "Class stopped: Nobody can sign in", "Tessa Okafor · Marsh Room 214")
		// Who has no class has no such button; neither has who looks at it twice.
		if h.marisol.page("/help").Has("#send-now") {
			t.Error("a guardian can stop a class")
		}
	})
}

// The same form sent twice, one after the other and at the same moment, is one
// request, on either path.
func TestDoubleClick(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		now := h.tessa.page("/help").Form("form#ask").Set("text", "Nobody can sign in").Press("A class is stopped: send now")
		check := htmltest.FromRecorder(t, h.luis.post(h.luis.page("/help").Form("form#ask").Set("text", "Cart is empty").Press("Get help")), 200).Form("form#ask")
		for i, form := range []*htmltest.Form{now, check} {
			p := []*person{h.tessa, h.luis}[i]
			var wg sync.WaitGroup
			answers := make([]*httptest.ResponseRecorder, 4)
			for n := range answers {
				wg.Go(func() { answers[n] = p.post(form) })
			}
			wg.Wait()
			answers = append(answers, p.post(form))
			for _, a := range answers {
				if a.Code != http.StatusSeeOther || a.Header().Get("Location") != answers[0].Header().Get("Location") {
					t.Errorf("answers differ: %d %q and %q", a.Code, a.Header().Get("Location"), answers[0].Header().Get("Location"))
				}
			}
			if n := h.tickets(); n != i+1 {
				t.Errorf("%d tickets after form %d", n, i+1)
			}
		}
	})
}

// Somebody goes back, writes something else in the old form and sends it: the
// words are not lost, and sent again they arrive.
func TestOldFormWithNewWords(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		form := h.tessa.page("/help").Form("form#ask").Set("text", "First").Press("A class is stopped: send now")
		h.tessa.follow(h.tessa.post(form))
		back := htmltest.FromRecorder(t, h.tessa.post(form.Set("text", "Second")), 422)
		h.tessa.follow(h.tessa.post(back.Form("form#ask")))
		list := got[desk.Requests](t)(h.desk.MyRequests(h.tessa.ctx(), ""))
		if len(list.InProgress) != 2 || list.InProgress[0].Title != "Second" || list.InProgress[0].Impact != desk.Stopped {
			t.Errorf("requests %+v", list.InProgress)
		}
	})
}

func TestAskRefused(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		empty := htmltest.FromRecorder(t, h.tessa.post(h.tessa.page("/help").Form("form#ask").Set("text", " \n ").Press("Get help")), 422)
		if !strings.HasPrefix(empty.Text("title"), "Error: ") || empty.One("#errors a").Attr("href") != "#f-text" {
			t.Errorf("nothing written: %s", empty.Text("main"))
		}
		long := strings.Repeat("word ", desk.MaxText/4)
		form := htmltest.FromRecorder(t, h.tessa.post(h.tessa.page("/help").Form("form#ask").Set("text", long).Press("Get help")), 200).Form("form#ask")
		form.Values.Set("site", "999999")
		again := htmltest.FromRecorder(t, h.tessa.post(form), 422)
		if got := again.Form("form#ask").Values.Get("text"); got != strings.TrimSpace(long) {
			t.Errorf("%d of %d characters came back", len(got), len(long))
		}
		contains(t, again.Text("#errors"), "20,000", "Choose one from the list.")
		if h.tickets() != 0 {
			t.Error("something was sent")
		}
		// Nobody can act for somebody else by way of a browser that is signed in.
		r := form.Request("http://jv.example/")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if rec := h.tessa.send(r); rec.Code != http.StatusForbidden {
			t.Errorf("a cross-site form: status %d", rec.Code)
		}
	})
}

// A photo goes up once, rides along, arrives with the request, and what a page
// shows of it is a picture made anew.
func TestPhoto(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		first := h.tessa.page("/help").Form("form#ask").Set("text", "Screen cracked").Press("Get help")
		check := htmltest.FromRecorder(t, h.tessa.post(first, upload{"files", "crack.png", "image/png", photo(t)}), 200)
		contains(t, check.Text("form#ask"), "crack.png")
		form := check.Form("form#ask")
		draft := form.Values.Get("file")
		if rec := h.tessa.get("/files/" + draft + "/crack.png"); rec.Code != 200 {
			t.Errorf("their own draft: status %d", rec.Code)
		}
		for _, p := range []*person{h.luis, h.sam, h.rosa} {
			if rec := p.get("/files/" + draft + "/crack.png"); rec.Code != 404 {
				t.Errorf("%s sees a draft of somebody else: status %d", p.name, rec.Code)
			}
		}
		sent := h.tessa.post(form)
		page := h.tessa.follow(sent)
		contains(t, page.Text(".att"), "crack.png")
		if page.Has(".att img") {
			t.Error("a picture from outside is shown as it came")
		}
		h.previews()
		for _, p := range []*person{h.tessa, h.sam} {
			img := p.page(path(at(t, sent))).One(".att img")
			if rec := p.get(img.Attr("src")); rec.Code != 200 || rec.Header().Get("Content-Type") != "image/jpeg" ||
				!strings.HasPrefix(rec.Header().Get("Content-Disposition"), "inline") {
				t.Errorf("%s: preview %d %v", p.name, rec.Code, rec.Header())
			}
		}
		if rec := h.luis.get("/files/" + draft + "/preview"); rec.Code != 404 {
			t.Errorf("a preview for somebody else: status %d", rec.Code)
		}
	})
}

// Whatever a file is or is called, it is a download that runs nothing.
func TestFilesAreDownloads(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		hostile := []upload{
			{"files", "../../evil\u202Egnp.html", "text/html", []byte("<script>alert(1)</script>")},
			{"files", "preview", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
			{"files", "x.png", "image/png", []byte("<html><script>alert(1)</script>")},
		}
		form := h.tessa.page("/help").Form("form#ask").Set("text", "Look at these").Press("A class is stopped: send now")
		sent := h.tessa.post(form, hostile...)
		page := h.tessa.follow(sent)
		h.previews()
		links := page.All(".att a")
		if len(links) != len(hostile) {
			t.Fatalf("%d files arrived", len(links))
		}
		for _, a := range links {
			rec := h.sam.get(a.Attr("href"))
			head := rec.Header()
			if rec.Code != 200 || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") || head.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || strings.Contains(head.Get("Content-Type"), "html") ||
				strings.Contains(head.Get("Content-Type"), "svg") {
				t.Errorf("%s: %d %v", a.Attr("href"), rec.Code, head)
			}
		}
		if h.sam.page(path(at(t, sent))).Has(".att img") {
			t.Error("something that is no picture is shown as one")
		}
	})
}

// A file that can't be kept spoils itself alone: the words come back.
func TestBadFileKeepsTheWords(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		form := h.tessa.page("/help").Form("form#ask").Set("text", "Screen cracked").Press("Get help")
		again := htmltest.FromRecorder(t, h.tessa.post(form, upload{"files", "empty.png", "image/png", nil}), 422)
		if text := again.Form("form#ask").Values.Get("text"); text != "Screen cracked" {
			t.Errorf("the words came back as %q", text)
		}
		contains(t, again.Text("#errors"), "This file is empty.")
		// A form that breaks off leaves nothing behind.
		body := "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhalf"
		r := httptest.NewRequest("POST", "http://jv.example/help/ask", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if rec := h.tessa.send(r); rec.Code != 422 && rec.Code != 400 {
			t.Errorf("half a form: status %d", rec.Code)
		}
		if h.tickets() != 0 {
			t.Error("something was sent")
		}
	})
}

// A helper asks for somebody else: by name, chosen among those who share it.
func TestAskForSomeoneElse(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		h.person("Tessa Olsen", "", h.marsh, 0, district.Grant{Role: district.RoleTeacher, Site: h.marsh})
		check := htmltest.FromRecorder(t, h.sam.post(h.sam.page("/help").Form("form#ask").Set("text", "Needs a dongle").Press("Get help")), 200)
		form := check.Form("form#ask").Set("who", "tessa o")
		which := htmltest.FromRecorder(t, h.sam.post(form), 422)
		form = which.Form("form#ask").Set("person", itoa(h.tessa.id))
		sent := h.sam.post(form)
		h.sam.follow(sent)
		if tk := h.find(h.tessa, at(t, sent)); tk.Beneficiary.ID != h.tessa.id || tk.Requester.ID != h.sam.id {
			t.Errorf("asked by %v for %v", tk.Requester, tk.Beneficiary)
		}
		unknown := htmltest.FromRecorder(t, h.sam.post(check.Form("form#ask").Set("who", "Nobody At All")), 422)
		contains(t, unknown.Text("#errors"), "We don’t know anyone by that name here.")
		// Teachers have no such field, and sending it all the same is asking for
		// oneself.
		teacher := htmltest.FromRecorder(t, h.luis.post(h.luis.page("/help").Form("form#ask").Set("text", "Needs a dongle").Press("Get help")), 200)
		if teacher.Has(`[name="who"]`) {
			t.Error("a teacher is offered to look people up")
		}
		own := teacher.Form("form#ask")
		own.Values.Set("who", "Tessa Okafor")
		sent = h.luis.post(own)
		h.luis.follow(sent)
		if tk := h.find(h.luis, at(t, sent)); tk.Beneficiary.ID != 0 {
			t.Errorf("asked for %v", tk.Beneficiary)
		}
	})
}

// Only who works here has a class that can be stopped: to others the page says
// so, also when the form is sent all the same.
func TestStoppedIsForStaff(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		stu := h.person("Stu Dent", "", h.marsh, 0, district.Grant{Role: district.RoleStudent, Site: h.marsh})
		help := stu.page("/help")
		if help.Has(`[name="now"]`) {
			t.Error("a student is offered to say that a class is stopped")
		}
		form := htmltest.FromRecorder(t, stu.post(help.Form("form#ask").Set("text", "Locked out").Press("Get help")), 200).Form("form#ask")
		form.Values.Set("stopped", "yes")
		again := htmltest.FromRecorder(t, stu.post(form), 422)
		contains(t, again.Text("main"), "Only people who work in the district can say that a class is stopped.", "Locked out")
		if h.tickets() != 0 {
			t.Error("something was sent")
		}
		form.Values.Set("stopped", "no")
		sent := stu.post(form)
		stu.follow(sent)
		if tk := h.find(stu, at(t, sent)); tk.Impact != desk.Slowed {
			t.Errorf("it is %s", tk.Impact)
		}
	})
}

// away has somebody be absent for an hour.
func (h *house) away(p *person) {
	h.t.Helper()
	must(h.t, h.db.Write(context.Background(), "away", func(tx *db.Tx) error {
		tx.Unlogged("test")
		_, err := tx.Exec(`INSERT INTO district_absence (person, from_at, until, created) VALUES ($1, $2, $3, $2)`, p.id, db.Us(tx.Now()), db.Us(tx.Now().Add(time.Hour)))
		return err
	}))
	h.district.Forget()
}

// The page after sending says what was promised then, not what would be now.
func TestSentStaysTrue(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		form := htmltest.FromRecorder(t, h.tessa.post(h.tessa.page("/help").Form("form#ask").Set("text", "Needs a dongle").Press("Get help")), 200).Form("form#ask")
		rec := h.tessa.post(form)
		before := h.tessa.follow(rec).Text("main")
		contains(t, before, "Sent to Sam Kim, who is in your building.")
		h.away(h.sam)
		contains(t, h.tessa.page(rec.Header().Get("Location")).Text("main"), "Sent to Sam Kim, who is in your building.")
	})
}

// The whole way in Spanish: nothing is left in English, and the layout says so.
func TestSpanish(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		page := h.marisol.page("/help")
		if page.One("html").Attr("lang") != "es-US" || page.Text("h1") != "¿Qué le está dando problemas?" {
			t.Errorf("lang %q, heading %q", page.One("html").Attr("lang"), page.Text("h1"))
		}
		check := htmltest.FromRecorder(t, h.marisol.post(page.Form("form#ask").Set("text", "Mi hijo no puede entrar").Press("Pedir ayuda")), 200)
		contains(t, check.Text("main"), "¿Cuánto le frena?", "Enviar a Sam Kim, que está en su edificio")
		answer := h.marisol.post(check.Form("form#ask"))
		sent := h.marisol.follow(answer)
		contains(t, sent.Text("main"), "Enviado a Sam Kim, que está en su edificio.", "En curso", "La tiene Marsh first help")
		if tk := h.find(h.sam, at(t, answer)); tk.Lang != "es-US" {
			t.Errorf("the request is in %q", tk.Lang)
		}
		for _, english := range []string{"Send", "Change", "Photo", "request"} {
			for where, text := range map[string]string{"help": page.Text("main"), "check": check.Text("main"), "sent": sent.Text("main")} {
				if strings.Contains(text, english) {
					t.Errorf("%s says %q: %s", where, english, text)
				}
			}
		}
	})
}
