package api_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

// bodies are what each operation on one request is sent, so that nothing but
// the request itself can be what it refuses.
var bodies = map[string]obj{
	"change-request": {"title": "Mine"}, "reply": {"text": "Hello"}, "add-note": {"note": "Hm"}, "assign": {"person": 1}, "wait": {"on": "vendor"},
	"finish-plan": {"outcome": "visit", "text": "I come"}, "solve": {}, "confirm-fixed": {}, "not-fixed": {"text": "No"}, "make-private": {"private": "safety"}, "undo": {"event": 1},
	"hand-up": {"tried": "Restarted it"}, "hand-back": {"why": "Not ours"}, "add-tried": {"tried": "Restarted it"},
	"on-my-way": {"minutes": 5}, "log-help": {"helped_at": "2026-03-02T15:00:00Z"},
}

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// same is all of an answer but what names the call itself.
func same(a answer) string {
	h := a.header.Clone()
	h.Del("X-Request-Id")
	return fmt.Sprint(a.status, h, requestID.ReplaceAllString(a.raw, ""))
}

// A private request, and its files, answer whoever may not see them with the
// very bytes of what does not exist, at every operation that names one.
func TestHiddenIsMissing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.want(w.rosa, "PUT", "/private-kinds/privacy", obj{"people": []any{w.omar.id}}, 204, "private.named")
		file := w.upload(w.tessa, "list.png", testkit.PNG("list"), 201, "file.added").num("id")
		id := w.ask(w.tessa, obj{"text": "A list of names went out", "private": "privacy", "files": []int64{file}})
		must[int](t)(w.jobs.Drain(system()))
		w.events()
		w.want(w.omar, "GET", request(id, ""), nil, 200, "")
		if a := w.send(w.omar, "GET", at("/files", file)+"/preview", "", nil); a.status != 200 {
			t.Fatal(a.raw)
		}
		seen := 0
		for _, r := range w.m.Routes() {
			// What only those reach who run Trellis is closed before any of it is looked for.
			if r.Door != policy.DoorAPI || !strings.Contains(r.Path, "{id}") || strings.Contains(r.Path, "/imports/") {
				continue
			}
			there := id
			if strings.Contains(r.Path, "/files/") {
				there = file
			}
			ask := func(p someone, id int64) answer {
				path := strings.NewReplacer("{id}", strconv.FormatInt(id, 10), "{row}", "1").Replace(strings.TrimPrefix(r.Path, "/api/v1"))
				var body any
				if b, ok := bodies[r.Operation]; ok {
					body = b
				}
				return w.call(p, r.Method, path, body, match(1))
			}
			for _, p := range []someone{w.dana, w.luis} {
				hidden, missing := ask(p, there), ask(p, 999_999)
				if same(hidden) != same(missing) {
					t.Errorf("%s answers %s, and of what does not exist %s", r.Pattern(), same(hidden), same(missing))
				}
				if p == w.dana && missing.status != 404 {
					t.Errorf("%s answers %s", r.Pattern(), missing.raw)
				}
			}
			seen++
		}
		if seen < 27 {
			t.Errorf("only %d operations name a request or a file", seen)
		}
		if got := w.events(); len(got) > 0 {
			t.Errorf("logged %q", got)
		}
	})
}

// Lists go on where they ended, to the end and without repeating, and a
// cursor is good for the reader and the question that it was made for alone.
func TestPages(t *testing.T) {
	s := setup()
	s.Once = true // hundreds of writes, none of them looked at
	testkit.Each(t, s, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		const asked, said = 27, 203
		var ids []int64
		for i := range asked {
			made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: fmt.Sprint("Chromebook ", i)}))
			ids = append(ids, int64(made.ID))
			if i < 23 {
				must[desk.Changed](t)(w.desk.ConfirmFixed(w.as(w.tessa), made.ID, desk.Words{}))
			}
		}
		long := ids[asked-1]
		for i := range said {
			must[desk.Replied](t)(w.desk.Reply(w.as(w.dana), desk.TicketID(long), desk.Words{Text: fmt.Sprint("word ", i)}))
			must[desk.Jotted](t)(w.desk.AddNote(w.as(w.dana), desk.TicketID(long), fmt.Sprint("note ", i), nil))
		}
		w.events()

		for _, list := range []struct {
			who        someone
			path, from string
			want       int
			foreign    string // another question
		}{
			{w.tessa, "/requests/mine?", "solved", 23, "/requests/search?q=chromebook&"},
			{w.dana, "/requests?state=solved&limit=10&", "items", 23, "/requests?state=solved&sort=newest&limit=10&"},
			{w.dana, "/requests/search?q=chromebook&", "items", asked, "/requests/search?q=chromebooks&"},
			{w.dana, request(long, "/messages?"), "items", said + 1, request(ids[0], "/messages?")},
			{w.dana, request(long, "/notes?"), "items", said, request(long, "/messages?")},
		} {
			var all []int64
			more, cursor := "", ""
			for range 9 {
				page := w.want(list.who, "GET", list.path+more, nil, 200, "")
				for i := range page.len(list.from) {
					all = append(all, page.num(list.from+"."+strconv.Itoa(i)+".id"))
				}
				next := page.text("next")
				if next == "" {
					more = ""
					break
				}
				cursor, more = next, "cursor="+next
			}
			slices.Sort(all)
			if n := len(slices.Compact(all)); more != "" || n != list.want || n != len(all) {
				t.Errorf("%s shows %d, %d of them once, want %d", list.path, len(all), n, list.want)
			}
			if cursor == "" {
				t.Fatalf("%s stands on one page", list.path)
			}
			w.want(list.who, "GET", list.foreign+"cursor="+cursor, nil, 422, "")
			w.want(list.who, "GET", list.path+"cursor=A"+cursor[1:], nil, 422, "")
			other := w.rosa
			w.want(other, "GET", list.path+"cursor="+cursor, nil, 422, "")
		}

		whole := w.want(w.dana, "GET", request(long, ""), nil, 200, "")
		if whole.len("messages") != 200 || whole.at("earlier") != true || whole.len("notes") != 200 {
			t.Fatalf("%d messages, %d notes", whole.len("messages"), whole.len("notes"))
		}
		before := w.want(w.dana, "GET", request(long, "/messages?cursor="+whole.text("messages_next")), nil, 200, "")
		if before.len("items") != 4 || before.text("items.0.text") != "Chromebook 26" || before.at("next") != nil {
			t.Fatal(before.raw)
		}
		notes := w.want(w.dana, "GET", request(long, "/notes?cursor="+whole.text("notes_next")), nil, 200, "")
		if notes.len("items") != 3 || notes.text("items.2.note") != "note 2" {
			t.Fatal(notes.raw)
		}
		asker := w.want(w.tessa, "GET", request(long, ""), nil, 200, "")
		if asker.at("notes_next") != nil {
			t.Fatal("the asking side learns that there are notes")
		}
		w.want(w.tessa, "GET", request(long, "/notes"), nil, 403, "")
		w.want(w.dana, "GET", "/requests?cursor=dHVybiAxIDE", nil, 422, "") // as the desk itself writes a place
	})
}

func at(path string, id int64) string { return path + "/" + strconv.FormatInt(id, 10) }
