package access_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

// bothEngines runs a test at the doors of a district on each.
func bothEngines(t *testing.T, f func(t *testing.T, w *world)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			if e == db.Postgres && testing.Short() {
				t.Skip("not run: quick")
			}
			f(t, build(t, e))
		})
	}
}

// atOnce sends the same request several times in the same moment.
func atOnce(n int, send func() access.Answer) []access.Answer {
	out := make([]access.Answer, n)
	var ready, wg sync.WaitGroup
	ready.Add(n)
	for i := range out {
		wg.Go(func() {
			ready.Done()
			ready.Wait()
			out[i] = send()
		})
	}
	wg.Wait()
	return out
}

// found is how many requests somebody finds by a word.
func (w *world) found(key, word string) int64 {
	w.t.Helper()
	return must[desk.Found](w.t)(w.Desk.Search(w.as(key), word, "")).Total
}

var hiddenKey = regexp.MustCompile(`name="_key"[^>]*value="([^"]+)"`)

// A double click on the form, as a browser without scripts sends it: twice the
// same bytes with the same hidden key. One request, and both are led to it.
func TestDoubleClickOnAsk(t *testing.T) {
	bothEngines(t, func(t *testing.T, w *world) {
		c := func() *access.Client { return access.NewClient(w.identity("tess"), w, address) }
		for i, send := range []struct{ page, form, post string }{
			{"/help", "form#ask", "/help/ask"},     // "Yes, come now" at once
			{"", "form#ask", "/help/ask/send"},     // after the second page
			{"/desk/new", "form#new", "/desk/new"}, // a hallway request
			{"/help/plan", "form#plan", "/help/plan"},
		} {
			word := access.Canary(500 + i)
			who, fields := "tess", access.Form{"text": "Projector " + word}
			if send.post == "/desk/new" {
				who = "tim"
				fields["who"] = "Tess Okafor"
			}
			if send.post == "/help/plan" {
				fields["by"], fields["class"] = "2026-05-04", "7B"
			}
			as := func() *access.Client { return access.NewClient(w.identity(who), w, address) }
			var page access.Answer
			if send.page != "" {
				page = as().Get(send.page)
			} else {
				page = as().Post("/help/ask", fields) // leads to the page with the whole form
			}
			if page.Status != 200 {
				t.Fatalf("%s: %d", send.post, page.Status)
			}
			f := htmltest.Parse(t, page.Body).Form(send.form)
			for k, v := range fields {
				f.Set(k, v)
			}
			form := access.Form{}
			for k, v := range f.Values {
				form[k] = v[0]
			}
			if send.post == "/help/ask" {
				form["now"] = "yes"
			}
			if !hiddenKey.MatchString(page.Body) || form["_key"] == "" {
				t.Fatalf("%s: the form has no key", send.post)
			}
			answers := atOnce(2, func() access.Answer { return as().Post(send.post, form) })
			answers = append(answers, as().Post(send.post, form)) // and once more, after a walk
			for _, a := range answers {
				if a.Status != 303 || a.Header.Get("Location") != answers[0].Header.Get("Location") {
					t.Errorf("%s: %d to %q, and first to %q", send.post, a.Status, a.Header.Get("Location"), answers[0].Header.Get("Location"))
				}
			}
			if n := w.found(who, word); n != 1 {
				t.Errorf("%s: a double click made %d requests", send.post, n)
			}
			// Who goes back, changes the words and sends again under the old key
			// is told, and nothing is made of it.
			form["text"] = "Another " + access.Canary(600+i)
			if a := as().Post(send.post, form); a.Status != 422 || w.found(who, access.Canary(600+i)) != 0 {
				t.Errorf("%s: other words under the same key: %d", send.post, a.Status)
			}
		}
		photo(t, w, c)
	})
}

// photo: the same with a file. One request with one photo.
func photo(t *testing.T, w *world, c func() *access.Client) {
	word := access.Canary(550)
	page := c().Get("/help")
	key := hiddenKey.FindStringSubmatch(page.Body)[1]
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range map[string]string{"_key": key, "text": "Display " + word, "now": "yes"} {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("files", "screen.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(testkit.PNG("screen"))
	_ = m.Close()
	for _, a := range atOnce(2, func() access.Answer { return c().Send("POST", "/help/ask", m.FormDataContentType(), b.String()) }) {
		if a.Status != 303 {
			t.Errorf("with a photo: %d", a.Status)
		}
	}
	r := must[desk.Found](t)(w.Desk.Search(w.as("tess"), word, ""))
	if r.Total != 1 || r.Items[0].Files != 1 {
		t.Fatalf("a double click with a photo made %d requests: %+v", r.Total, r.Items)
	}
}

// Other forms are clicked twice too.
func TestDoubleClickOnOtherForms(t *testing.T) {
	bothEngines(t, func(t *testing.T, w *world) {
		made := must[desk.Created](t)(w.Desk.CreateTicket(w.as("tess"), desk.CreateTicket{Text: "Projector"}))
		path := fmt.Sprintf("/r/%d", made.ID)
		for i, s := range []struct{ who, action, field string }{
			{"tess", "reply", "text"}, {"tim", "note", "note"}, {"tim", "solve", "text"}, {"tess", "not-fixed", "text"}, {"tim", "wait", "text"},
		} {
			word := access.Canary(700 + i)
			form := access.Form{"_key": fmt.Sprintf("one-and-the-same-key-%d", i), s.field: "I say " + word, "on": "vendor"}
			for _, a := range atOnce(3, func() access.Answer {
				return access.NewClient(w.identity(s.who), w, address).Post(path+"/"+s.action, form)
			}) {
				if a.Status != 303 {
					t.Errorf("%s: %d %s", s.action, a.Status, a.Body)
				}
			}
			x := must[desk.Ticket](t)(w.Desk.FindTicket(w.as("tim"), made.ID))
			n := 0
			for _, m := range x.Messages {
				if m.Text == "I say "+word {
					n++
				}
			}
			for _, m := range x.Inside.Notes {
				if m.Jotted == "I say "+word {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s: clicked three times, said %d times", s.action, n)
			}
		}
	})
}

// The API's key: a repeat is answered as the first time, another body under
// the same key is refused, and of many at once one has an effect.
func TestIdempotencyKey(t *testing.T) {
	bothEngines(t, func(t *testing.T, w *world) {
		who := w.bearer("dana", deskScopes...)
		call := func(path string, body any, key string) access.Answer {
			for {
				a := access.NewClient(who, w, address).JSON("POST", "/api/v1"+path, body, "Idempotency-Key", key)
				if a.Status != 409 || a.Header.Get("Retry-After") == "" {
					return a
				}
			}
		}
		type m = map[string]any
		word := access.Canary(800)
		first := call("/requests", m{"text": "Once " + word, "site": w.sites["north"]}, "key-number-one")
		for range 3 {
			if again := call("/requests", m{"text": "Once " + word, "site": w.sites["north"]}, "key-number-one"); again.Status != first.Status || again.Body != first.Body {
				t.Errorf("a repeat is %d %s, the first was %d %s", again.Status, again.Body, first.Status, first.Body)
			}
		}
		for what, a := range map[string]access.Answer{
			"another body":  call("/requests", m{"text": "Twice " + word, "site": w.sites["north"]}, "key-number-one"),
			"another route": call("/requests/1001/replies", m{"text": "Once " + word}, "key-number-one"),
		} {
			if a.Status != 422 {
				t.Errorf("%s under the same key: %d %s", what, a.Status, a.Body)
			}
		}
		// The same key of somebody else is another command.
		other := access.NewClient(w.bearer("tess", "requests:read", "requests:write"), w, address).
			JSON("POST", "/api/v1/requests", m{"text": "Once " + word, "site": w.sites["north"]}, "Idempotency-Key", "key-number-one")
		if other.Status != 201 || other.Body == first.Body {
			t.Errorf("somebody else's command under the same key: %d %s", other.Status, other.Body)
		}
		if n := w.found("dana", word); n != 2 {
			t.Errorf("%d requests, want one of each", n)
		}

		word = access.Canary(801)
		answers := atOnce(8, func() access.Answer {
			return call("/requests", m{"text": "At once " + word, "site": w.sites["north"]}, "key-number-two")
		})
		for _, a := range answers {
			if a.Status != 201 || a.Body != answers[0].Body {
				t.Errorf("one of many at once: %d %s, another %s", a.Status, a.Body, answers[0].Body)
			}
		}
		if n := w.found("dana", word); n != 1 {
			t.Errorf("eight at once made %d requests", n)
		}
	})
}

// A request that breaks off leaves nothing, and its repeat is the first.
func TestHalfSentLeavesNothing(t *testing.T) {
	w := build(t, db.SQLite)
	word := access.Canary(900)
	whole := "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nProjector " + word + "\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"_key\"\r\n\r\nhalf-sent-half-sent-half\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"now\"\r\n\r\nyes\r\n--b--\r\n"
	for cut := range whole {
		if testkit.Brief() && cut%7 != 0 {
			continue
		}
		body := io.MultiReader(strings.NewReader(whole[:cut]), iotest.ErrReader(io.ErrUnexpectedEOF))
		r := httptest.NewRequest("POST", address+"/help/ask", body)
		r.ContentLength = int64(len(whole))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		access.NewClient(w.identity("tess"), w, address).Sign(r)
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, r)
		if rec.Code < 400 || rec.Code >= 500 {
			t.Errorf("cut after %d bytes: %d", cut, rec.Code)
		}
	}
	if n := w.found("tess", word); n != 0 {
		t.Errorf("%d requests of halves", n)
	}
	a := access.NewClient(w.identity("tess"), w, address).Send("POST", "/help/ask", "multipart/form-data; boundary=b", whole)
	if a.Status != 303 || w.found("tess", word) != 1 {
		t.Errorf("the whole: %d, %d requests", a.Status, w.found("tess", word))
	}
}
