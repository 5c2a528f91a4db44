package access_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// An open page hears of a request exactly if the person may see it, and of a
// note exactly if they work on it.
func TestStream(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			if e == db.Postgres && testing.Short() {
				t.Skip("not run: quick")
			}
			hear(t, e)
		})
	}
}

func hear(t *testing.T, e db.Engine) {
	d := &desks{world: build(t, e)}
	ctx, stop := context.WithCancel(d.system())
	done := make(chan struct{})
	go func() { d.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)

	// Everybody follows one request: what is said in it last is heard by all,
	// and marks that everything before has been heard too. A second passes
	// before, so that nothing older that happened to it passes for the mark.
	mark := must[desk.Created](t)(d.Desk.CreateTicket(d.as("dana"), desk.CreateTicket{Text: "For everybody", Site: d.sites["east"]})).ID
	var ears []*ear
	for _, p := range cast {
		if p.key != "dana" {
			must[desk.Changed](t)(d.Desk.AddFollower(d.as("dana"), mark, d.people[p.key]))
		}
		ears = append(ears, listen(t, ctx, s.URL, d.identity(p.key)))
	}
	for _, x := range ears {
		<-x.open
	}
	everybodyHears := func(text string) {
		t.Helper()
		d.clock.Advance(time.Second)
		must[desk.Replied](t)(d.Desk.Reply(d.as("dana"), mark, desk.Words{Text: text}))
		for _, x := range ears {
			x.until(t, int64(mark), d.clock.Now().UnixMicro())
		}
	}

	type told struct {
		o *access.Object
		f facts
	}
	var all []told
	for _, s := range shapes {
		f := facts{shape: s, site: "north", by: teachers["north"]}
		if s.requester != nil {
			f.by = s.requester["north"]
		}
		if s.hidden {
			continue // heard by those who saw it before it was hidden
		}
		all = append(all, told{o: d.object(s, "north", desk.Open), f: f})
	}
	everybodyHears("All of that is said")
	check := func(what string, may func(f facts, e *eyes) bool) {
		t.Helper()
		for _, x := range ears {
			heard := x.take()
			for _, a := range all {
				is := heard[a.o.ID["ticket"]]
				if want := may(a.f, of(x.who)); is != want {
					t.Errorf("%s: %s hears of %s: %t, want %t", what, x.who.Name, a.o.Name, is, want)
				}
			}
		}
	}
	check("made and answered", func(f facts, e *eyes) bool { return f.sees(e) })

	for _, a := range all {
		id, _ := desk.ParseTicketID(a.o.ID["ticket"])
		by := "dana"
		if a.f.private != "" {
			by = named[a.f.private][0]
		}
		must[desk.Jotted](t)(d.Desk.AddNote(d.as(by), id, "Between us", nil))
	}
	everybodyHears("And that")
	check("noted", func(f facts, e *eyes) bool { return f.works(e) })
}

// ear is one open page.
type ear struct {
	who  *access.Identity
	open chan struct{}
	mu   sync.Mutex
	seen []news
}

// news is of a change: which request, and when, in microseconds.
type news struct{ ID, Version int64 }

func listen(t *testing.T, ctx context.Context, base string, who *access.Identity) *ear {
	x := &ear{who: who, open: make(chan struct{})}
	r, err := http.NewRequestWithContext(ctx, "GET", base+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "trellis", Value: who.Cookie})
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 200 {
		t.Fatalf("%s can't listen: %d", who.Name, res.StatusCode)
	}
	go func() {
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		first := true
		for lines.Scan() {
			if first {
				close(x.open)
				first = false
			}
			data, ok := strings.CutPrefix(lines.Text(), "data: [")
			if !ok {
				continue
			}
			var heard []news
			if json.Unmarshal([]byte("["+data), &heard) != nil {
				continue
			}
			x.mu.Lock()
			x.seen = append(x.seen, heard...)
			x.mu.Unlock()
		}
	}()
	return x
}

// until waits for a change of one request, at that time or later.
func (x *ear) until(t *testing.T, id, at int64) {
	t.Helper()
	for range 3000 {
		x.mu.Lock()
		heard := slices.ContainsFunc(x.seen, func(n news) bool { return n.ID == id && n.Version >= at })
		x.mu.Unlock()
		if heard {
			return
		}
		_ = clock.Sleep(t.Context(), clock.System(), 10*time.Millisecond)
	}
	t.Fatalf("%s hears nothing", x.who.Name)
}

func (x *ear) take() map[string]bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := map[string]bool{}
	for _, n := range x.seen {
		out[fmt.Sprint(n.ID)] = true
	}
	x.seen = nil
	return out
}
