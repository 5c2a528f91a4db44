package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/platform/web/htmltest"
)

func postOf(f *htmltest.Form) *http.Request {
	r := httptest.NewRequest("POST", "http://jv.example"+f.Action, strings.NewReader(f.Values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// The lists: what is urgent first, what is in each, how many, page by page, and
// narrowed down.
func TestQueue(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 53 {
			h.tessa.ask(fmt.Sprintf("Old thing %d", i))
		}
		stopped := h.luis.ask("Cart is empty", func(c *desk.CreateTicket) { c.Impact, c.Service = desk.Stopped, h.signIn })
		waiting := h.tessa.ask("Bulb ordered")
		got[desk.Changed](t)(h.desk.Wait(h.sam.ctx(), desk.Wait{Ticket: waiting, On: desk.OnPart}))
		got[desk.Changed](t)(h.desk.Take(h.sam.ctx(), stopped))

		page := h.sam.page("/desk/places")
		rows := page.All(".q")
		if len(rows) != 50 {
			t.Fatalf("%d rows", len(rows))
		}
		contains(t, rows[0].String(), "Class stopped: Cart is empty", "Luis Prado · Marsh · Sign-in · You", "Answer")
		next := h.sam.page(page.Link("Show more"))
		if n := len(next.All(".q")); n != 4 {
			t.Errorf("%d rows on the second page", n)
		}
		if got := strings.Join(page.Texts(".views li a"), ", "); got != "Mine 1, My places 54, Unassigned 53, Waiting 1, Done" {
			t.Errorf("views: %s", got)
		}
		contains(t, h.sam.page("/desk/waiting").One(".q").String(), "Bulb ordered", "A part", "until ")
		newest := h.sam.page(page.Link("Newest"))
		if !strings.Contains(newest.All(".q")[0].String(), "Cart is empty") || !strings.Contains(newest.All(".q")[1].String(), "Old thing 52") {
			t.Error("the newest are not first")
		}
		filter := page.Form("details.filter form").Set("service", itoa(h.signIn))
		only := h.sam.page("/desk/places?" + filter.Values.Encode())
		if n := len(only.All(".q")); n != 1 {
			t.Errorf("%d rows about sign-in", n)
		}
		// The list stays beside an open request.
		open := h.sam.page(only.One(".q > a").Attr("href"))
		if len(open.All(".q.cur")) != 1 || len(open.All(".q")) != 1 || open.Text("#ticket-title") != "Cart is empty" {
			t.Error("opening a request lost the list")
		}
		if rec := h.tessa.get("/desk/places"); rec.Code != 404 {
			t.Errorf("a teacher at the desk: %d", rec.Code)
		}
		if rec := h.sam.get("/desk/nothing"); rec.Code != 404 {
			t.Errorf("an unknown list: %d", rec.Code)
		}
		if to := h.sam.get("/desk").Header().Get("Location"); to != "/desk/mine" {
			t.Errorf("the desk leads to %q", to)
		}
	})
}

// Everything about a request is changed in place, without script, and taken
// back.
func TestChangeInPlace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers\nsince Monday")
		where := path(id) + "?in=places"
		change := func(prop string, set func(f *htmltest.Form)) *htmltest.Page {
			t.Helper()
			f := h.sam.page(where).Form("#" + prop + " form")
			set(f)
			return h.sam.follow(h.sam.post(f))
		}
		page := change("p-owner", func(f *htmltest.Form) { f.Press("I take it") })
		if got := page.Text("#last"); !strings.HasPrefix(got, "R-"+itoa(id)+" is yours.") || !page.Has("#last form") {
			t.Errorf("last action %q", got)
		}
		change("p-impact", func(f *htmltest.Form) { f.Press("Can't work") })
		change("p-service", func(f *htmltest.Form) { f.Press("Sign-in") })
		change("p-place", func(f *htmltest.Form) { f.Set("room", "LIBRARY") })
		change("p-title", func(f *htmltest.Form) { f.Set("title", "Flicker in the library") })
		tk := h.find(h.sam, id)
		if tk.Owner.ID != h.sam.id || tk.Impact != desk.Blocked || tk.Service != h.signIn || tk.Place.RoomName != "Library" || tk.Title != "Flicker in the library" {
			t.Errorf("the request is %+v", tk)
		}
		page = change("p-state", func(f *htmltest.Form) { f.Values.Set("on", "vendor"); f.Press("Set aside") })
		contains(t, page.Text("#p-state summary"), "Waiting: A vendor")
		page = h.sam.follow(h.sam.post(page.Form("#last form")))
		contains(t, page.Text("#p-state summary"), "To do")
		contains(t, page.Text("#talk"), "Sam Kim took back a change. Status: Waiting → To do")
		change("p-state", func(f *htmltest.Form) { f.Press("Done: it is solved") })
		page = change("p-state", func(f *htmltest.Form) { f.Press("Open it again") })
		contains(t, page.Text("#last"), "is open again.")
		// Any line that can be taken back can be, where it stands.
		undo := h.sam.page(where)
		forms := 0
		for _, li := range undo.All("li.sys") {
			if strings.Contains(li.String(), "Title: ") || strings.Contains(li.String(), "changed the title") {
				h.sam.follow(h.sam.post(li.Form("form")))
				forms++
			}
		}
		if tk := h.find(h.sam, id); forms != 1 || tk.Title != "Projector flickers" {
			t.Errorf("%d undone, title %q", forms, tk.Title)
		}
		// Give it away, to a person of another team.
		change("p-owner", func(f *htmltest.Form) { f.Set("owner", itoa(h.network)+"."+itoa(h.nora.id)) })
		if tk := h.find(h.sam, id); tk.Owner.ID != h.nora.id || tk.Team != h.network || !tk.Follows {
			t.Errorf("owner %v of team %v", tk.Owner, tk.Team)
		}
	})
}

// Two people change the same thing: the second sees both values, keeps what
// they typed and decides.
func TestSomebodyWasFaster(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers")
		mine := h.sam.page(path(id))
		got[desk.Changed](t)(h.desk.ChangeTitle(h.rosa.ctx(), id, 0, "Display in 214"))
		stale := htmltest.FromRecorder(t, h.sam.post(mine.Form("#p-title form").Set("title", "Beamer")), 412)
		if !strings.HasPrefix(stale.Text("title"), "Error: ") || !stale.Has("#p-title[open]") {
			t.Error("the page does not say that something is wrong")
		}
		contains(t, stale.Text("#p-title"), "Display in 214", "Beamer")
		h.sam.follow(h.sam.post(stale.Form("#p-title form")))
		if tk := h.find(h.sam, id); tk.Title != "Beamer" {
			t.Errorf("title %q", tk.Title)
		}
		// The same for one press, and for words that were sent along.
		impact := mine.Form("#p-impact form").Press("Question")
		contains(t, htmltest.FromRecorder(t, h.sam.post(impact), 412).Text("#p-impact"), "Slowed down", "Question")
		solve := mine.Form("form#write").Set("text", "New cable, works now")
		solve.Action = path(id) + "/solve"
		lost := htmltest.FromRecorder(t, h.sam.post(solve), 412)
		if text := lost.Form("form#write").Values.Get("text"); text != "New cable, works now" {
			t.Errorf("the words came back as %q", text)
		}
		if tk := h.find(h.sam, id); tk.State != desk.Open || len(tk.Messages) != 1 {
			t.Errorf("state %s, %d messages", tk.State, len(tk.Messages))
		}
		// Taking what somebody took a moment ago says whose it is.
		take := mine.Form("#p-owner form").Press("I take it")
		got[desk.Changed](t)(h.desk.Take(h.rosa.ctx(), id))
		contains(t, htmltest.FromRecorder(t, h.sam.post(take), 409).Text("#pane"), "Rosa Delgado took this just before you.")
	})
}

// A reply goes out once, however often the button is pressed, and what the
// composer's other buttons do goes with it.
func TestCompose(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers")
		form := h.sam.page(path(id)).Form("form#write").Set("text", "On it")
		h.sam.follow(h.sam.post(form))
		h.sam.follow(h.sam.post(form))
		wait := h.sam.page(path(id)).Form("form#write").Set("text", "Which input?").Press("Send and wait")
		h.sam.follow(h.sam.post(wait))
		tk := h.find(h.tessa, id)
		if len(tk.Messages) != 3 || tk.State != desk.Waiting || tk.WaitingOn != desk.OnRequester {
			t.Errorf("%d messages, %s on %s", len(tk.Messages), tk.State, tk.WaitingOn)
		}
		empty := htmltest.FromRecorder(t, h.sam.post(h.sam.page(path(id)).Form("form#write")), 422)
		contains(t, empty.Text("#write"), "Please fill this in.")
		past := h.sam.page(path(id)).Form("#p-state form").Set("until", "2001-01-01").Press("Set aside")
		again := htmltest.FromRecorder(t, h.sam.post(past), 422)
		if again.Form("#p-state form").Values.Get("until") != "2001-01-01" {
			t.Error("the day that was typed is lost")
		}
	})
}

// Parts of a page are answered alone to the script that asks for them.
func TestParts(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers")
		r := httptest.NewRequest("GET", "http://jv.example"+path(id), nil)
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Target", "article#pane")
		rec := h.sam.send(r)
		part := htmltest.FromRecorder(t, rec, 200)
		if !part.Has("#pane") || !part.Has("#context") || part.Has("#list") || rec.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("the part is %s", part.HTML())
		}
		// A form that asks for the part gets it with what the form did.
		f := h.sam.page(path(id)).Form("#p-owner form").Press("I take it").Request("http://jv.example/")
		f.Header.Set("HX-Request", "true")
		f.Header.Set("HX-Target", "article#pane")
		done := htmltest.FromRecorder(t, h.sam.send(f), 200)
		contains(t, done.Text("#p-owner summary"), "You")
		contains(t, done.Text("#last"), "is yours.")
	})
}

// Several at once: each is a command of its own, and what can't be done to one
// leaves the others done.
func TestBulk(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		var ids []string
		for i := range 3 {
			ids = append(ids, itoa(h.tessa.ask(fmt.Sprintf("Thing %d", i))))
		}
		form := h.sam.page("/desk/unassigned").Form("form.bulkform")
		form.Values["id"] = ids
		got[desk.Changed](t)(h.desk.Take(h.rosa.ctx(), ticket(t, ids[1])))
		page := h.sam.follow(h.sam.post(form.Press("Assign to me")))
		contains(t, page.Text("#last"), "2 of 3 assigned.")
		page = h.sam.follow(h.sam.post(form))
		contains(t, page.Text("#last"), "2 of 3 assigned.") // the same form again
		if n := len(h.sam.page("/desk/mine").All(".q")); n != 2 {
			t.Errorf("%d are mine", n)
		}
		give := h.sam.page("/desk/places").Form("form.bulkform")
		give.Values["id"] = ids
		page = h.sam.follow(h.sam.post(give.Set("owner", itoa(h.network)).Press("Assign")))
		contains(t, page.Text("#last"), "3 requests assigned.")
		if tk := h.find(h.rosa, ticket(t, ids[0])); tk.Team != h.network || tk.Owner.ID != 0 {
			t.Errorf("owned by %v of %v", tk.Owner, tk.TeamName)
		}
	})
}

func ticket(t *testing.T, s string) desk.TicketID {
	t.Helper()
	id, ok := desk.ParseTicketID(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return id
}

// Search finds within sight, counts the same, and goes to a number at once.
func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers in the gym")
		h.rosa.ask("Projector at the office", func(c *desk.CreateTicket) {})
		page := h.sam.page("/desk/search?q=projectors")
		contains(t, page.Text("main"), "1 request found", "Projector flickers in the gym")
		if strings.Contains(page.Text("main"), "office") {
			t.Error("it finds what is out of sight")
		}
		contains(t, h.rosa.page("/desk/search?q=projectors").Text("main"), "2 requests found")
		if to := h.sam.get("/desk/search?q=R-" + itoa(id)).Header().Get("Location"); to != path(id) {
			t.Errorf("a number leads to %q", to)
		}
		contains(t, h.sam.page("/desk/search?q=nowhere").Text("main"), "Nothing was found")
		contains(t, h.sam.page("/desk/search?q=").Text("main"), "Type words from a request")
	})
}

// A sentence and the beginning of a name log what somebody said in passing.
func TestHallway(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		form := h.sam.page("/desk/new").Form("form#new").Set("text", "Needs a dongle").Set("who", "tess")
		sent := h.sam.post(form)
		page := h.sam.follow(sent)
		contains(t, page.Text("#last"), "was logged.")
		tk := h.find(h.tessa, at(t, sent))
		if tk.Requester.ID != h.tessa.id || tk.Channel != desk.ByHallway || tk.Place.RoomName != "Room 214" || tk.Messages[0].Author.ID != h.sam.id {
			t.Errorf("logged as %+v", tk)
		}
		contains(t, h.sam.page("/desk/new").One("#recent").HTML(), "Tessa Okafor")
		empty := htmltest.FromRecorder(t, h.sam.post(h.sam.page("/desk/new").Form("form#new")), 422)
		if n := len(empty.All("#errors a")); n != 2 {
			t.Errorf("%d things are wrong: %s", n, empty.Text("#errors"))
		}
		who := htmltest.FromRecorder(t, h.sam.post(h.sam.page("/desk/new").Form("form#new").Set("text", "Needs a dongle").Set("who", "zzz")), 422)
		if who.Form("form#new").Values.Get("text") != "Needs a dongle" {
			t.Error("the sentence is lost")
		}
	})
}

// Others are added to and taken off a request by name.
func TestFollowers(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		id := h.tessa.ask("Projector flickers")
		add := h.sam.page(path(id)).Form("form#followers").Set("follower", "luis")
		page := h.sam.follow(h.sam.post(add))
		contains(t, page.Text("form#followers"), "Luis Prado")
		contains(t, h.luis.page(path(id)).Text("main"), "Also kept posted: Luis Prado")
		leave := h.luis.post(h.luis.page(path(id)).Form(`form[action$="/unfollow"]`))
		if to := leave.Header().Get("Location"); to != "/help/requests" {
			t.Errorf("who leaves is led to %q", to)
		}
		if rec := h.luis.get(path(id)); rec.Code != 404 {
			t.Errorf("who left still sees it: %d", rec.Code)
		}
		nobody := htmltest.FromRecorder(t, h.sam.post(h.sam.page(path(id)).Form("form#followers").Set("follower", "zzz")), 422)
		contains(t, nobody.Text("#context"), "We don’t know anyone by that name here.")
	})
}
