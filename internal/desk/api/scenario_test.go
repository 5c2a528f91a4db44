package api_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"trellis/internal/testkit"
)

// One request from asking to closing, each step with what it logs.
func TestARequestsLife(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tessa, dana, luis := w.tessa, w.dana, w.luis

		whom := w.want(tessa, "GET", "/requests/expect", nil, 200, "")
		photo := w.upload(tessa, "projector.png", testkit.PNG("projector"), 201, "file.added").num("id")
		asks := obj{"text": "Projector shows nothing\nThe lamp is on.", "impact": "blocked", "files": []int64{photo}, "place": "by the stairs"}
		made := w.want(tessa, "POST", "/requests", asks, 201, "ticket.created", "Idempotency-Key: a1")
		id := made.num("id")
		if made.text("number") != "R-"+strconv.FormatInt(id, 10) || made.text("team") != "Technology" || made.text("title") != "Projector shows nothing" {
			t.Fatal(made.raw)
		}
		if whom.text("team") != made.text("team") || whom.text("person") != made.text("person") || whom.at("present") != made.at("present") {
			t.Fatalf("expects %s, gets %s", whom.raw, made.raw)
		}
		if whom.at("may_say_stopped") != true || whom.at("may_ask_for_others") != false {
			t.Fatal(whom.raw)
		}
		sent := w.want(tessa, "GET", request(id, "/sent-to"), nil, 200, "")
		if sent.text("team") != made.text("team") || sent.text("person") != made.text("person") || sent.at("readers") != nil {
			t.Fatalf("was told %s, reads %s", made.raw, sent.raw)
		}
		if again := w.want(tessa, "POST", "/requests", asks, 201, "", "Idempotency-Key: a1"); again.raw != made.raw {
			t.Fatalf("%s then %s", made.raw, again.raw)
		}
		asks["text"] = "Something else"
		w.want(tessa, "POST", "/requests", asks, 422, "", "Idempotency-Key: a1")
		w.want(tessa, "POST", "/requests", obj{"text": "With a picture that is used", "files": []int64{photo}}, 422, "")
		empty := w.want(tessa, "POST", "/requests", obj{"text": "  "}, 422, "")
		if empty.text("errors.0.location") != "body.text" {
			t.Fatal(empty.raw)
		}

		todo := w.want(dana, "GET", "/requests?view=unassigned", nil, 200, "")
		if todo.len("items") != 1 || todo.num("items.0.id") != id || todo.num("items.0.files") != 1 {
			t.Fatal(todo.raw)
		}
		if n := w.want(dana, "GET", "/requests/counts", nil, 200, ""); n.num("unassigned") != 1 || n.num("mine") != 0 {
			t.Fatal(n.raw)
		}
		w.want(tessa, "GET", "/requests?view=unassigned", nil, 403, "")
		w.want(tessa, "POST", request(id, "/take"), nil, 403, "")

		w.want(dana, "POST", request(id, "/take"), nil, 200, "ticket.taken")
		said := w.want(dana, "POST", request(id, "/replies"), obj{"text": "I am on my way."}, 201, "ticket.replied")
		log := w.upload(dana, "log.txt", []byte("lamp hours 4012"), 201, "file.added").num("id")
		noted := w.want(dana, "POST", request(id, "/notes"), obj{"note": "The lamp is old.", "files": []int64{log}}, 201, "ticket.noted")
		w.want(dana, "POST", request(id, "/replies"), obj{}, 422, "")
		w.want(dana, "POST", request(id, "/wait"), obj{"on": "weather"}, 422, "")
		w.want(dana, "POST", request(id, "/wait"), obj{"on": "date", "until": testkit.Start.Add(-time.Hour)}, 422, "")
		w.want(dana, "POST", request(id, "/resume"), nil, 409, "")
		w.want(dana, "POST", request(id, "/wait"), obj{"on": "requester", "text": "Is it the blue cable?"}, 200, "ticket.waiting")
		mine := w.want(tessa, "GET", "/requests/mine", nil, 200, "")
		if mine.len("needs_you") != 1 || mine.text("needs_you.0.waiting_on") != "requester" {
			t.Fatal(mine.raw)
		}
		w.want(tessa, "POST", request(id, "/replies"), obj{"text": "It is blue."}, 201, "ticket.replied")
		waits := w.want(dana, "POST", request(id, "/wait"), obj{"on": "part"}, 200, "ticket.waiting")
		w.want(dana, "POST", request(id, "/resume"), obj{"version": waits.num("version") - 1}, 412, "")
		w.want(dana, "POST", request(id, "/resume"), obj{"version": waits.num("version")}, 200, "ticket.resumed")

		w.want(dana, "POST", request(id, "/solve"), obj{"text": "New lamp.", "version": 1}, 412, "")
		w.want(dana, "POST", request(id, "/solve"), obj{"text": "New lamp."}, 200, "ticket.solved", "Idempotency-Key: s1")
		w.want(dana, "POST", request(id, "/solve"), obj{"text": "New lamp."}, 200, "", "Idempotency-Key: s1")
		w.want(dana, "POST", request(id, "/solve"), obj{"text": "New lamp."}, 409, "")
		w.want(dana, "POST", request(id, "/take"), nil, 409, "")
		w.want(dana, "POST", request(id, "/not-fixed"), obj{"text": "Hm"}, 403, "")
		w.want(tessa, "POST", request(id, "/not-fixed"), obj{"text": "Still dark."}, 200, "ticket.not_fixed")
		w.want(dana, "POST", request(id, "/solve"), nil, 400, "")
		w.want(dana, "POST", request(id, "/solve"), obj{}, 200, "ticket.solved")
		fixed := w.want(tessa, "POST", request(id, "/fixed"), obj{"text": "Thanks!"}, 200, "ticket.confirmed")
		if fixed.text("state") != "solved" {
			t.Fatal(fixed.raw)
		}
		w.want(dana, "POST", request(id, "/reopen"), nil, 200, "ticket.reopened")
		w.want(dana, "POST", request(id, "/release"), nil, 200, "ticket.released")
		w.want(dana, "POST", request(id, "/assign"), obj{"person": luis.id}, 422, "")
		w.want(dana, "POST", request(id, "/assign"), obj{"person": dana.id}, 200, "ticket.assigned")

		asked, works := w.want(tessa, "GET", request(id, ""), nil, 200, ""), w.want(dana, "GET", request(id, ""), nil, 200, "")
		if asked.len("messages") != 7 || asked.num("messages.1.id") != said.num("message") || asked.num("messages.0.files.0.id") != photo {
			t.Fatal(asked.raw)
		}
		if strings.Contains(asked.raw, "lamp is old") || asked.at("works") != false || asked.at("asks") != true || asked.at("notes") != nil {
			t.Fatalf("the asking side reads %s", asked.raw)
		}
		if works.num("notes.0.id") != noted.num("note") || works.num("notes.0.files.0.id") != log || works.at("works") != true || works.text("owner.name") != "Dana Whitfield" {
			t.Fatal(works.raw)
		}
		found := w.want(luis, "GET", "/requests/search?q=projector", nil, 200, "")
		if w.want(tessa, "GET", "/requests/search?q=projector", nil, 200, "").len("items") != 1 || found.len("items") != 0 || found.num("total") != 0 {
			t.Fatal(found.raw)
		}
		w.want(tessa, "GET", "/requests/search", nil, 422, "")
	})
}

func TestChanging(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tessa, dana := w.tessa, w.dana
		id := w.ask(tessa, obj{"text": "Can't sign in", "site": w.marsh, "room": w.library, "place": "by the window", "contact": "ext. 12"})
		path := request(id, "")
		read := func(p someone) answer { t.Helper(); return w.want(p, "GET", path, nil, 200, "") }
		change := func(p someone, body obj, status int, events string) answer {
			t.Helper()
			return w.want(p, "PATCH", path, body, status, events, match(read(p).num("version")))
		}
		first := read(dana)
		if first.header.Get("ETag") != `"`+strconv.FormatInt(first.num("version"), 10)+`"` {
			t.Fatal(first.header)
		}
		w.want(dana, "PATCH", path, obj{"title": "Sign-in"}, 428, "")
		w.want(dana, "PATCH", path, obj{"title": "Sign-in"}, 422, "", "If-Match: soon")
		change(dana, obj{}, 422, "")
		change(dana, obj{"title": "Sign-in", "impact": "stopped"}, 422, "")
		change(dana, obj{"impact": "awful"}, 422, "")
		change(tessa, obj{"title": "Sign-in"}, 403, "")
		change(dana, obj{"title": "Sign-in does not take the password"}, 200, "ticket.title_changed")
		w.want(dana, "PATCH", path, obj{"impact": "stopped"}, 412, "", match(first.num("version")))
		change(dana, obj{"impact": "stopped"}, 200, "ticket.impact_changed")
		change(dana, obj{"service": w.signIn}, 200, "ticket.service_changed")
		change(dana, obj{"service": 0}, 200, "ticket.service_changed")

		// What is not sent stays; a room is left with its site.
		change(tessa, obj{"where": obj{"contact": "ext. 99"}}, 200, "ticket.place_changed")
		if r := read(tessa); r.text("contact") != "ext. 99" || r.text("room.name") != "Library" || r.text("place") != "by the window" {
			t.Fatal(r.raw)
		}
		change(tessa, obj{"where": obj{"text": "at the desk"}}, 200, "ticket.place_changed")
		change(tessa, obj{"where": obj{"site": w.orchard, "room": w.library}}, 422, "")
		change(tessa, obj{"where": obj{"site": w.orchard}}, 200, "ticket.place_changed")
		if r := read(tessa); r.num("site.id") != int64(w.orchard) || r.at("room") != nil || r.text("place") != "at the desk" || r.text("contact") != "ext. 99" {
			t.Fatal(r.raw)
		}
		change(tessa, obj{"where": obj{}}, 200, "")

		// What one has changed oneself, one can take back.
		lines := w.want(tessa, "GET", request(id, "/history"), nil, 200, "")
		last := lines.len("lines") - 1
		ev := lines.num("lines." + strconv.Itoa(last) + ".event")
		if lines.at("lines."+strconv.Itoa(last)+".can_undo") != true || lines.text("lines."+strconv.Itoa(last)+".kind") != "place_changed" || lines.num("lines.0.message") == 0 {
			t.Fatal(lines.raw)
		}
		if lines.text("lines.1.changes.0.name") != "title" || lines.text("lines.1.changes.0.field") == "title" {
			t.Fatal(lines.raw)
		}
		w.want(tessa, "POST", request(id, "/undo"), obj{"event": lines.num("lines.1.event")}, 403, "")
		w.want(tessa, "POST", request(id, "/undo"), obj{"event": ev + 1000}, 404, "")
		back := w.want(tessa, "POST", request(id, "/undo"), obj{"event": ev}, 200, "ticket.undone")
		if r := read(tessa); back.len("back") == 0 || r.num("site.id") != int64(w.marsh) || r.num("room.id") != int64(w.library) {
			t.Fatalf("%s: %s", back.raw, r.raw)
		}

		w.want(dana, "POST", request(id, "/follow"), nil, 200, "ticket.followed")
		w.want(dana, "POST", request(id, "/follow"), nil, 200, "")
		w.want(dana, "POST", request(id, "/follow"), obj{"person": w.luis.id}, 200, "ticket.followed")
		if r := w.want(w.luis, "GET", path, nil, 200, ""); r.at("follows") != true || r.len("followers") != 2 || r.at("contact") != nil {
			t.Fatal(r.raw)
		}
		w.want(dana, "POST", request(id, "/unfollow"), obj{"person": w.luis.id}, 200, "ticket.unfollowed")
		w.want(w.luis, "GET", path, nil, 404, "")
		w.want(dana, "POST", request(id, "/unfollow"), nil, 200, "ticket.unfollowed")

		// Written down for somebody who asked in passing.
		w.want(tessa, "POST", "/requests", obj{"text": "For Luis", "requester": w.luis.id}, 403, "")
		w.want(dana, "POST", "/requests", obj{"text": "Told me", "requester": w.tessa.id, "channel": "mail"}, 422, "")
		told := w.ask(dana, obj{"text": "Told me in the hallway", "requester": w.tessa.id, "channel": "hallway"})
		if r := w.want(tessa, "GET", request(told, ""), nil, 200, ""); r.text("channel") != "hallway" || r.text("requester.name") != "Tessa Nguyen" {
			t.Fatal(r.raw)
		}
		beside := w.want(dana, "GET", request(told, "/earlier"), nil, 200, "")
		if beside.len("items") != 1 || beside.num("items.0.id") != id {
			t.Fatal(beside.raw)
		}
	})
}

// Who is named for a kind of private request, and what changes with it.
func TestPrivate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.want(w.dana, "PUT", "/private-kinds/privacy", obj{"people": []any{w.dana.id}}, 403, "")
		w.want(w.rosa, "PUT", "/private-kinds/gossip", obj{"people": []any{w.omar.id}}, 404, "")
		w.want(w.rosa, "PUT", "/private-kinds/privacy", obj{"people": []any{w.tessa.id}}, 422, "")
		w.want(w.rosa, "PUT", "/private-kinds/privacy", obj{"people": []any{w.omar.id}}, 204, "private.named")
		kinds := w.want(w.rosa, "GET", "/private-kinds", nil, 200, "")
		if !strings.Contains(kinds.raw, `{"kind":"privacy","people":[`+strconv.FormatInt(int64(w.omar.id), 10)+`]`) {
			t.Fatal(kinds.raw)
		}
		readers := w.want(w.tessa, "GET", "/private-kinds/readers", nil, 200, "")
		if !strings.Contains(readers.raw, `{"kind":"privacy","names":["Omar Reyes"]}`) {
			t.Fatal(readers.raw)
		}

		id := w.ask(w.tessa, obj{"text": "A list of names went out", "private": "privacy"})
		w.want(w.dana, "GET", request(id, ""), nil, 404, "")
		if sent := w.want(w.tessa, "GET", request(id, "/sent-to"), nil, 200, ""); sent.text("readers.0") != "Omar Reyes" || sent.at("team") != nil {
			t.Fatal(sent.raw)
		}
		hidden := w.want(w.omar, "GET", request(id, ""), nil, 200, "")
		if hidden.text("private") != "privacy" || hidden.text("named.0.name") != "Omar Reyes" || hidden.len("make_private") != 0 {
			t.Fatal(hidden.raw)
		}
		if asked := w.want(w.tessa, "GET", request(id, ""), nil, 200, ""); asked.at("named") != nil || asked.at("team") != nil {
			t.Fatalf("the asking side reads %s", asked.raw)
		}
		w.want(w.omar, "POST", request(id, "/private"), obj{"private": ""}, 200, "ticket.made_public")
		open := w.want(w.omar, "GET", request(id, ""), nil, 404, "") // at Marsh, where Omar does not help
		if open.text("kind") != "not_found" {
			t.Fatal(open.raw)
		}
		w.want(w.dana, "GET", request(id, ""), nil, 200, "")
		w.want(w.dana, "POST", request(id, "/private"), obj{"private": "privacy"}, 403, "")
	})
}
