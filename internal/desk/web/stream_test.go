package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	deskweb "trellis/internal/desk/web"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// Each browser hears of what its person may see at that moment, by kind, number
// and instant: of a note only those who work on the request.
func TestStream(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		server := httptest.NewServer(h.mux)
		defer server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		heard := map[*person]chan string{}
		for _, p := range []*person{h.tessa, h.luis, h.sam} {
			r, err := http.NewRequestWithContext(ctx, "GET", server.URL+deskweb.StreamPath, nil)
			must(t, err)
			r.AddCookie(&http.Cookie{Name: "trellis", Value: p.token})
			res, err := http.DefaultClient.Do(r)
			must(t, err)
			defer res.Body.Close()
			lines := make(chan string, 100)
			heard[p] = lines
			go func() {
				for s := bufio.NewScanner(res.Body); s.Scan(); {
					if data, ok := strings.CutPrefix(s.Text(), "data: "); ok {
						lines <- data
					}
				}
			}()
		}
		for h.stream.Subscribers() < len(heard) {
			must(t, clock.Sleep(ctx, clock.System(), time.Millisecond))
		}

		id := h.tessa.ask("Projector flickers")
		other := h.luis.ask("Cart is empty")
		got[desk.Jotted](t)(h.desk.AddNote(h.sam.ctx(), id, "pelican", nil))
		private := h.rosa.ask("Lost laptop", func(c *desk.CreateTicket) { c.Private = desk.LostDevice })
		var all []event.Event
		must(t, h.db.Read(ctx, func(tx *db.Tx) (err error) { all, err = event.After(tx, 0, 1000); return err }))
		notes := 0
		for _, e := range all {
			h.stream.Publish(deskweb.Changes(e)...)
			if e.Kind == "ticket.noted" {
				notes++
			}
		}
		if notes != 1 {
			t.Fatalf("%d notes among the events", notes)
		}
		at := itoa(h.clock.Now().UnixMicro())
		for p, want := range map[*person][]string{
			h.tessa: {`{"kind":"ticket","id":` + itoa(id) + `,"version":` + at + `}`},
			h.luis:  {`{"kind":"ticket","id":` + itoa(other) + `,"version":` + at + `}`},
			h.sam: {
				`{"kind":"ticket.inside","id":` + itoa(id) + `,"version":` + at + `}`,
				`{"kind":"ticket.inside","id":` + itoa(other) + `,"version":` + at + `}`,
			},
		} {
			text := ""
			for !hasAll(text, want) {
				select {
				case line := <-heard[p]:
					text += line
				case <-ctx.Done():
					t.Fatalf("%s heard %s, want %v", p.name, text, want)
				}
			}
			if strings.Contains(text, `"id":`+itoa(private)+`,`) || p != h.sam && strings.Contains(text, "inside") {
				t.Errorf("%s heard %s", p.name, text)
			}
			if p == h.tessa && strings.Contains(text, `"id":`+itoa(other)+`,`) {
				t.Errorf("%s heard of somebody else's request: %s", p.name, text)
			}
		}
	})
}

func hasAll(text string, want []string) bool {
	for _, w := range want {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
