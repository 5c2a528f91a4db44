package api_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

const oldDesk = "Ticket,Status,Opened,Solved,School,Category,Subject\n" +
	"T-1,Closed,2025-09-02 08:10,2025-09-02 09:40,Marsh Middle School,Printing,The label printer prints squares\n" +
	"T-2,Open,2025-09-03 10:00,,Elsewhere,Sign-in,Nobody gets past the sign-in page\n"

// A past comes in, is looked at, corrected by a line, and goes again: each step
// with what it logs.
func TestImports(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rosa, dana := w.rosa, w.dana
		send := func(p someone, name, file string, status int, events string) answer {
			a := w.send(p, "POST", "/imports?name="+name, "application/octet-stream", []byte(file))
			w.demand(a, name, status, events)
			return a
		}
		send(dana, "old.csv", oldDesk, 403, "")
		send(rosa, "old.pdf", "%PDF-1.7", 422, "")
		draft := send(rosa, "old.csv", oldDesk, 201, "history.added")
		path := "/imports/" + strconv.FormatInt(draft.num("id"), 10)
		if draft.text("state") != "draft" || draft.text("map.case") != "Ticket" || draft.text("map.opened") != "Opened" || draft.text("by.name") != "Rosa Delgado" {
			t.Fatal(draft.raw)
		}
		w.want(dana, "GET", path, nil, 403, "")
		if v := w.want(rosa, "GET", path+"/preview", nil, 200, ""); v.num("requests") != 2 || v.num("added") != 2 || v.at("problems") != nil || v.len("sample") != 2 {
			t.Fatal(v.raw)
		}
		var columns obj
		if err := json.Unmarshal([]byte(draft.raw), &struct{ Map *obj }{&columns}); err != nil {
			t.Fatal(err)
		}
		columns["case"] = "Number"
		if a := w.want(rosa, "PUT", path, obj{"name": "old desk", "map": columns}, 422, ""); !strings.Contains(a.raw, "Number") {
			t.Fatal(a.raw)
		}
		columns["case"] = "Ticket"
		w.want(rosa, "PUT", path, obj{"name": "old desk", "map": columns, "version": 99}, 412, "")
		w.want(rosa, "PUT", path, obj{"name": "old desk", "map": columns, "version": draft.num("version")}, 200, "history.set")
		w.want(rosa, "POST", path+"/stop", nil, 409, "")
		w.want(rosa, "POST", path+"/begin", nil, 200, "history.started", "Idempotency-Key: b")
		w.want(rosa, "POST", path+"/begin", nil, 200, "", "Idempotency-Key: b")
		w.want(rosa, "POST", path+"/stop", nil, 200, "history.stopped")
		w.want(rosa, "POST", path+"/begin", nil, 200, "history.started")
		must[int](t)(w.jobs.Drain(system()))
		if got := strings.Join(w.events(), " "); got != "site.created person.created team.created history.begun history.brought history.done" {
			t.Fatal(got)
		}
		if done := w.want(rosa, "GET", path, nil, 200, ""); done.text("state") != "done" || done.num("added") != 2 || done.num("share") != 100 {
			t.Fatal(done.raw)
		}
		if l := w.want(rosa, "GET", "/imports", nil, 200, ""); l.len("imports") != 1 {
			t.Fatal(l.raw)
		}

		// Ordinary requests of the past, by the doors of requests.
		one := w.want(dana, "GET", "/requests/-1", nil, 200, "")
		if one.text("number") != "H-1" || one.text("past.number") != "T-1" || one.text("past.source") != "old desk" || one.text("state") != "closed" {
			t.Fatal(one.raw)
		}
		if f := w.want(dana, "GET", "/requests/search?q=squares", nil, 200, ""); f.num("items.0.id") != -1 {
			t.Fatal(f.raw)
		}
		w.want(dana, "POST", "/requests/-1/reopen", obj{}, 409, "")
		w.want(w.tessa, "GET", "/requests/-1", nil, 404, "")
		rows := w.want(dana, "GET", "/requests/-1/past", nil, 200, "")
		line := "/requests/-1/past/" + strconv.FormatInt(rows.num("rows.0.id"), 10)
		w.want(dana, "DELETE", "/requests/-2/past/"+strconv.FormatInt(rows.num("rows.0.id"), 10), nil, 404, "") // of another
		w.want(dana, "DELETE", line, nil, 200, "ticket.past_row_removed")
		w.want(dana, "DELETE", line, nil, 200, "")
		if r := w.want(dana, "GET", "/requests/-1/past", nil, 200, ""); r.at("rows.0.removed") != true {
			t.Fatal(r.raw)
		}
		w.want(dana, "POST", line+"/restore", nil, 200, "ticket.past_row_restored")
		born := strconv.FormatInt(w.ask(w.tessa, obj{"text": "Projector shows nothing"}), 10)
		w.events()
		w.want(dana, "DELETE", "/requests/"+born+"/past/1", nil, 404, "") // it has no such line

		w.want(dana, "POST", path+"/undo", nil, 403, "")
		w.want(rosa, "DELETE", path, nil, 409, "")
		w.want(rosa, "POST", path+"/undo", nil, 200, "history.undo_begun")
		must[int](t)(w.jobs.Drain(system()))
		w.events()
		w.want(dana, "GET", "/requests/-1", nil, 404, "")
		failed := send(rosa, "bad.csv", oldDesk+oldDesk, 201, "history.added")
		path = "/imports/" + strconv.FormatInt(failed.num("id"), 10)
		w.want(rosa, "POST", path+"/begin", nil, 200, "history.started")
		must[int](t)(w.jobs.Drain(system()))
		w.events()
		if bad := w.want(rosa, "GET", path, nil, 200, ""); bad.text("state") != "failed" || bad.num("problems.0.row") != 4 || bad.text("problems.0.text") == "" {
			t.Fatal(bad.raw)
		}
		w.want(rosa, "DELETE", path, nil, 204, "history.dropped")
		w.want(rosa, "GET", path, nil, 404, "")
	})
}
