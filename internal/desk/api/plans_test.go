package api_test

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

// A plan with a class from the first words to what it ended in.
func TestAPlansLife(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tessa, dana := w.tessa, w.dana
		whom := w.want(tessa, "GET", "/plans/expect?site="+number(w.marsh), nil, 200, "")
		if by, err := time.Parse(time.RFC3339, whom.text("answer_by")); err != nil || !by.After(w.db.Clock().Now()) {
			t.Fatal(whom.raw)
		}
		if nowhere := w.want(tessa, "GET", "/plans/expect", nil, 200, ""); nowhere.at("answer_by") != nil {
			t.Fatal(nowhere.raw)
		}
		asks := obj{"text": "Students record a podcast\nand share it", "by": "2026-05-04", "class": "7B, English", "place": "in the back"}
		for field, body := range map[string]obj{
			"body.by":    {"text": "x", "class": "7B", "by": "2026-02-28"},
			"body.class": {"text": "x", "by": "2026-05-04"},
			"body.text":  {"class": "7B", "by": "2026-05-04"},
		} {
			if bad := w.want(tessa, "POST", "/plans", body, 422, ""); bad.text("errors.0.location") != field {
				t.Errorf("%s: %s", field, bad.raw)
			}
		}
		w.want(tessa, "POST", "/plans", obj{"text": "x", "class": "7B", "by": "in May"}, 422, "")
		made := w.want(tessa, "POST", "/plans", asks, 201, "ticket.created", "Idempotency-Key: p1")
		id := made.num("id")
		if made.text("title") != "Students record a podcast" || made.text("team") != whom.text("team") || made.text("person") != whom.text("person") {
			t.Fatalf("expects %s, gets %s", whom.raw, made.raw)
		}
		if again := w.want(tessa, "POST", "/plans", asks, 201, "", "Idempotency-Key: p1"); again.raw != made.raw {
			t.Fatalf("%s then %s", made.raw, again.raw)
		}
		// Written down for somebody by who works the desk, and by nobody else.
		w.want(tessa, "POST", "/plans", obj{"text": "For Luis", "by": "2026-05-04", "class": "8A", "requester": w.luis.id}, 403, "")
		w.want(dana, "POST", "/plans", obj{"text": "For Luis", "by": "2026-05-04", "class": "8A", "requester": w.luis.id, "channel": "hallway"}, 201, "ticket.created")

		read := w.want(dana, "GET", request(id, ""), nil, 200, "")
		if read.text("kind") != "plan" || read.text("plan.by") != "2026-05-04" || read.text("plan.class") != "7B, English" || read.at("plan.outcome") != nil || !has(read, "can", "finish") || has(read, "can", "solve") {
			t.Fatal(read.raw)
		}
		ask := w.ask(tessa, obj{"text": "Projector"})
		if plain := w.want(dana, "GET", request(ask, ""), nil, 200, ""); plain.text("kind") != "request" || plain.at("plan") != nil {
			t.Fatal(plain.raw)
		}
		list := w.want(tessa, "GET", "/requests/mine", nil, 200, "")
		if list.text("in_progress.0.kind") != "request" || list.text("in_progress.1.kind") != "plan" {
			t.Fatal(list.raw)
		}

		finish := request(id, "/finish")
		w.want(dana, "POST", request(id, "/solve"), obj{"text": "Done"}, 403, "")
		w.want(dana, "PATCH", request(id, ""), obj{"impact": "stopped"}, 403, "", match(read.num("version")))
		w.want(dana, "POST", request(ask, "/finish"), obj{"outcome": "visit", "text": "No plan"}, 403, "")
		w.want(tessa, "POST", finish, obj{"outcome": "visit", "text": "By myself"}, 403, "")
		w.want(dana, "POST", finish, obj{"outcome": "party", "text": "We dance"}, 422, "")
		if silent := w.want(dana, "POST", finish, obj{"outcome": "visit"}, 422, ""); silent.text("errors.0.location") != "body.text" {
			t.Fatal(silent.raw)
		}
		w.want(dana, "POST", finish, obj{"outcome": "visit", "text": "I come on Tuesday", "version": read.num("version") + 7}, 412, "")
		done := w.want(dana, "POST", finish, obj{"outcome": "visit", "text": "I come on Tuesday", "version": read.num("version")}, 200, "ticket.plan_finished", "Idempotency-Key: f1")
		if done.text("state") != "solved" {
			t.Fatal(done.raw)
		}
		w.want(dana, "POST", finish, obj{"outcome": "visit", "text": "I come on Tuesday", "version": read.num("version")}, 200, "", "Idempotency-Key: f1")
		w.want(dana, "POST", finish, obj{"outcome": "plan", "text": "Twice"}, 409, "")
		if read = w.want(tessa, "GET", request(id, ""), nil, 200, ""); read.text("plan.outcome") != "visit" {
			t.Fatal(read.raw)
		}
		w.want(tessa, "POST", request(id, "/not-fixed"), obj{"text": "And the microphones?"}, 200, "ticket.not_fixed")
		if read = w.want(tessa, "GET", request(id, ""), nil, 200, ""); read.at("plan.outcome") != nil {
			t.Fatal(read.raw)
		}
		w.want(dana, "POST", finish, obj{"outcome": "setting", "text": "They are on"}, 200, "ticket.plan_finished")
		w.want(tessa, "POST", request(id, "/fixed"), obj{}, 200, "ticket.confirmed")
		lines := w.want(tessa, "GET", request(id, "/history"), nil, 200, "")
		kinds := ""
		for i := range lines.len("lines") {
			kinds += lines.text("lines."+number(i)+".kind") + " "
		}
		if kinds != "created plan_finished plan_not_fixed plan_finished plan_confirmed " {
			t.Fatal(kinds)
		}
	})
}

func number[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// has reports whether a list of words in an answer holds one.
func has(a answer, path, word string) bool {
	list, _ := a.at(path).([]any)
	return slices.Contains(list, any(word))
}
