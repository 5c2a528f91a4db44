package access_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"trellis/internal/app"
	"trellis/internal/app/access"
	"trellis/internal/app/server"
	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

// Two districts live in one process. They are built by the same steps, so that
// every id, address and name of one is one of the other too; only the words
// that people write differ. Whatever their people do at the same time, no
// word of one is ever read in the other, and whoever is known in one is
// nobody in the other.
func TestTwoDistrictsNeverCross(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run("beside "+e.String(), func(t *testing.T) {
			if e == db.Postgres && testing.Short() {
				t.Skip("not run: quick")
			}
			cross(t, e)
		})
	}
}

func cross(t *testing.T, second db.Engine) {
	s, towns := twoDistricts(t, second)
	var wg sync.WaitGroup
	steps := 400
	if testkit.Brief() {
		steps = 100
	}
	for i := range 4 {
		wg.Go(func() {
			r := random(1 + i)
			for range steps {
				towns[r.below(2)].act(s, &r, towns)
			}
		})
	}
	wg.Wait()
	asked, read := 0, 0
	for _, x := range towns {
		asked, read = asked+x.asked, read+x.read
		if x.read == 0 {
			t.Errorf("%s: nobody read a single word of their own", x.host)
		}
	}
	t.Logf("%d requests in both districts read %d words, all their own", asked, read)
	strangers(t, s, towns)
	sameKey(t, s, towns)
}

// town is one of the districts and the words that were written in it.
type town struct {
	*desks
	host    string
	base    string
	objects []*access.Object

	mu    sync.Mutex
	own   map[string]bool
	asked int
	read  int
}

func twoDistricts(t *testing.T, second db.Engine) (*server.Server, [2]*town) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	reg, err := server.OpenRegistry(t.Context(), t.TempDir(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	clocks := map[string]*clock.Manual{"juniper": clock.NewManual(start), "marsh": clock.NewManual(start)}
	s := server.New(reg, func(ctx context.Context, e server.Entry, folder string) (server.District, error) {
		return app.OpenDistrict(ctx, app.Options{Slug: e.Slug, Folder: folder, DSN: e.DSN, BaseURL: e.BaseURL, Clock: clocks[e.Slug], Log: log, TokenRate: 1e6})
	}, server.Options{Log: log, None: http.NotFoundHandler()})
	t.Cleanup(func() {
		ended, end := context.WithCancel(context.Background())
		end()
		if err := s.Run(ended); err != nil {
			t.Error(err)
		}
	})
	var towns [2]*town
	for i, slug := range []string{"juniper", "marsh"} {
		e := server.Entry{Slug: slug, BaseURL: &url.URL{Scheme: "http", Host: slug + ".example"}}
		if i == 1 && second == db.Postgres {
			e.DSN = testkit.EmptyPostgres(t)
		}
		if err := reg.Add(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		x := &town{desks: &desks{world: &world{t: t, clock: clocks[slug]}, words: 100_000 * i}, host: slug, base: e.BaseURL.String(), own: map[string]bool{}}
		if err := s.With(t.Context(), slug, func(d server.District) error {
			x.District = d.(*app.District)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		x.settle("Juniper Valley")
		x.objects = x.all([]shape{shapes[0], shapes[3], shapes[4], shapes[9]}, []desk.State{desk.Open})
		for _, o := range x.objects {
			for _, w := range o.Words {
				x.own[w.Text] = true
			}
		}
		towns[i] = x
	}
	// PostgreSQL leaves numbers out where a transaction had to be run again.
	here, there := idsOf(towns[0].objects), idsOf(towns[1].objects)
	shared := 0
	for id := range here {
		if there[id] {
			shared++
		}
	}
	if shared < len(here)*3/4 { // some ids are left out by writes that were run again
		t.Fatalf("of %d ids %d collide", len(here), shared)
	}
	if fmt.Sprint(towns[0].people) != fmt.Sprint(towns[1].people) {
		t.Fatal("people do not collide")
	}
	return s, towns
}

func idsOf(list []*access.Object) map[string]bool {
	ids := map[string]bool{}
	for _, o := range list {
		for kind, id := range o.ID {
			ids[kind+" "+id] = true
		}
	}
	return ids
}

// random is a short sequence of numbers that is the same in every run.
type random uint64

func (r *random) below(n int) int {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }

// newWord is a word of this district that nobody has written yet.
func (x *town) newWord() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	w := x.word()
	x.own[w] = true
	return w
}

// act is one thing that somebody of this district does.
func (x *town) act(s *server.Server, r *random, towns [2]*town) {
	p := pick(r, cast)
	c := access.NewClient(x.identity(p.key), s, x.base)
	o := pick(r, x.objects)
	other := towns[0]
	if x == other {
		other = towns[1]
	}
	foreign := pick(r, pick(r, other.objects).Words).Text
	ticket := fmt.Sprint(1001 + r.below(60)) // some of which only one district has by then
	type m = map[string]any
	var a access.Answer
	switch r.below(16) {
	case 0:
		a = c.Get("/r/" + ticket)
	case 1:
		a = c.JSON("GET", "/api/v1/requests/"+ticket, nil)
	case 2:
		a = c.JSON("GET", "/api/v1/requests/"+ticket+"/history", nil)
	case 3:
		a = c.Get("/desk/" + pick(r, []string{"places", "mine", "private", "unassigned", "waiting", "solved"}))
	case 4:
		a = c.Get("/help/requests").Join(c.Get("/help"))
	case 5:
		a = c.Get("/notices").Join(c.JSON("GET", "/api/v1/notices", nil))
	case 6:
		a = c.JSON("GET", "/api/v1/requests/search?q="+foreign, nil)
		if strings.Contains(a.Body, `"total":0`) != (a.Status == 200) {
			x.t.Errorf("%s at %s finds a word of the other district: %s", p.key, x.host, a.Body)
		}
	case 7:
		a = c.JSON("GET", "/api/v1/requests/search?q=projector", nil)
	case 8:
		a = c.JSON("POST", "/api/v1/requests", m{"text": "Projector " + x.newWord(), "site": x.sites["north"], "place": x.newWord()})
	case 9:
		a = c.Post("/help/ask/send", access.Form{"text": "Display " + x.newWord(), "site": number(x.sites["south"]), "private": pick(r, []string{"", "safety"})})
	case 10:
		a = c.Post("/r/"+ticket+"/reply", access.Form{"text": x.newWord()})
	case 11:
		a = c.JSON("POST", "/api/v1/requests/"+ticket+"/notes", m{"note": x.newWord()})
	case 12:
		a = c.Get("/files/" + o.ID[pick(r, []string{"file", "paper", "picture"})] + "/x")
	case 13:
		w := x.newWord()
		a = c.Send("POST", "/api/v1/files?name="+w+".txt", "text/plain", "It says "+x.newWord()).Echoes(w)
	case 14:
		a = c.JSON("GET", "/api/v1/people/find?q="+pick(r, []string{"te", "fay", "da"}), nil).Join(c.JSON("GET", "/api/v1/requests/counts", nil))
	case 15:
		a = c.Get("/desk/search?q=" + pick(r, []string{"projector", "display", "says", "R-" + ticket}))
	}
	x.check(p.key, a)
}

// check reads an answer for words.
func (x *town) check(who string, a access.Answer) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked++
	if a.Status >= 500 {
		x.t.Errorf("%s at %s: %d %s", who, x.host, a.Status, a.Body)
	}
	for _, w := range access.Canaries(a) {
		if !x.own[w] {
			x.t.Errorf("%s at %s reads %s, a word of the other district", who, x.host, w)
		}
		x.read++
	}
}

// strangers come with the other district's session or token, or say that they
// mean the other host.
func strangers(t *testing.T, s *server.Server, towns [2]*town) {
	for i, x := range towns {
		home := towns[1-i]
		for _, p := range cast {
			c := access.NewClient(home.identity(p.key), s, x.base)
			if a := c.Get("/help"); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
				t.Errorf("the session of %s at %s is somebody at %s: %d", p.key, home.host, x.host, a.Status)
			}
			if a := c.JSON("GET", "/api/v1/me", nil); a.Status != 401 {
				t.Errorf("the session of %s at %s is somebody at the API of %s: %d", p.key, home.host, x.host, a.Status)
			}
			c = access.NewClient(home.bearer(p.key, "requests:read", "district:read"), s, x.base)
			if a := c.JSON("GET", "/api/v1/me", nil); a.Status != 401 {
				t.Errorf("the token of %s at %s is somebody at %s: %d", p.key, home.host, x.host, a.Status)
			}
		}
		c := access.NewClient(x.identity("tess"), s, x.base)
		for _, h := range []string{"X-Forwarded-Host", "X-Original-Host", "Forwarded", "X-Host"} {
			v := home.host + ".example"
			if h == "Forwarded" {
				v = "host=" + v
			}
			a := c.Get("/r/"+x.objects[0].ID["ticket"], h, v)
			x.check("tess, sent by "+h, a)
			if a.Status != 200 || strings.Contains(a.Body, v) {
				t.Errorf("%s decides which district answers, or gets into its page", h)
			}
		}
	}
}

// sameKey: the same person sends the same command under the same key to both.
// Each district does it once.
func sameKey(t *testing.T, s *server.Server, towns [2]*town) {
	var wg sync.WaitGroup
	answers := make([]access.Answer, 8)
	for i := range answers {
		wg.Go(func() {
			x := towns[i%2]
			c := access.NewClient(x.identity("tess"), s, x.base)
			for {
				answers[i] = c.JSON("POST", "/api/v1/requests", map[string]any{"text": "The same words"}, "Idempotency-Key", "the-same-key-in-both")
				if answers[i].Status != 409 { // the first one is still running
					return
				}
			}
		})
	}
	wg.Wait()
	for i, x := range towns {
		for j := i; j < len(answers); j += 2 {
			if answers[j].Status != 201 || answers[j].Body != answers[i].Body {
				t.Errorf("%s: %d %s, and first %s", x.host, answers[j].Status, answers[j].Body, answers[i].Body)
			}
		}
		found := must[desk.Found](t)(x.Desk.Search(x.as("tess"), "the same words", ""))
		if found.Total != 1 {
			t.Errorf("%s: one command in each district made %d requests", x.host, found.Total)
		}
	}
}

// What a district keeps on disk is its own too.
func TestFoldersAreTheirOwn(t *testing.T) {
	_, towns := twoDistricts(t, db.SQLite)
	for i, x := range towns {
		c := access.NewClient(x.identity("tess"), x.District, x.base)
		other := towns[1-i]
		must[desk.File](t)(other.Desk.AddFile(other.as("tess"), "only there.txt", bytes.NewReader([]byte("only there"))))
		file := must[desk.File](t)(x.Desk.AddFile(x.as("tess"), "only here.txt", bytes.NewReader([]byte("only here"))))
		a := c.JSON("GET", "/api/v1/files/"+number(file.ID), nil)
		if a.Status != 200 || !slices.Contains(strings.Fields(a.Body), "here") {
			t.Errorf("%s: file %d is %d %q", x.host, file.ID, a.Status, a.Body)
		}
	}
}
