package access_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/web/htmltest"
)

// Where everybody starts, and what the navigation has for them: the five
// places as far as something is in them, and never more than five.
func TestTheFivePlaces(t *testing.T) {
	w := build(t, db.SQLite)
	asks := "Help Requests Tools"
	for _, c := range []struct{ key, start, desk, help string }{
		{"ruth", "/steer", "Help Desk Tools Steer", "Help Requests Desk Tools Steer"},
		{"dana", "/desk", "Help Desk Tools Steer", "Help Requests Desk Tools Steer"},
		{"tim", "/desk", "Help Desk Tools Steer", "Help Requests Desk Tools Steer"},
		{"paula", "/places/north", "", asks + " My school"},
		{"bo", "/steer", "", asks + " Steer"},
		{"tess", "/help", "", asks},
		{"mercy", "/help", "", asks},
		{"stu", "/help", "", asks},
		{"gail", "/help", "", asks},
	} {
		client := access.NewClient(w.identity(c.key), w, address)
		at := "/"
		for range 3 {
			a := client.Get(at)
			if a.Status != 303 {
				break
			}
			if at = strings.TrimPrefix(a.Header.Get("Location"), address); at == c.start {
				break
			}
		}
		if at != c.start {
			t.Errorf("%s starts at %s, not %s", c.key, at, c.start)
		}
		pages := map[string]string{"/help": c.help, "/tools": c.help}
		if c.desk != "" {
			pages["/tools"], pages["/steer"] = c.desk, c.desk
		}
		for path, want := range pages {
			p := htmltest.Parse(t, client.Get(path).Body)
			if got := strings.Join(p.Texts(".places a"), " "); got != want {
				t.Errorf("%s reads at %s %q, want %q", c.key, path, got, want)
			}
			if n := len(p.All(".places a")); n > 5 {
				t.Errorf("%s has %d places", c.key, n)
			}
		}
	}
}

var hrefs = regexp.MustCompile(`href="(/[^"#]*)"`)

// No link of the pages that lead to others is dead, for anybody.
func TestNoDeadLinks(t *testing.T) {
	d := &desks{world: build(t, db.SQLite), made: map[*access.Object]facts{}}
	for _, site := range []string{"north", "south"} {
		d.object(shapes[0], site, desk.Open)
	}
	d.ok(d.DB.Write(d.system(), "what requests came to", func(tx *db.Tx) error {
		tx.Unlogged("the watcher is not running")
		for _, f := range d.made {
			if err := d.Flow.Refresh(tx, f.id); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, key := range []string{"ruth", "dana", "tim", "paula", "bo", "tess", "stu"} {
		client := access.NewClient(d.identity(key), d, address)
		seen := map[string]bool{}
		for _, page := range []string{"/help", "/tools", "/steer", "/places", "/places/" + d.slug("north"), "/coverage", "/desk/mine"} {
			a := client.Get(page)
			if a.Status != 200 {
				continue
			}
			for _, m := range hrefs.FindAllStringSubmatch(a.Body, -1) {
				to := strings.ReplaceAll(m[1], "&amp;", "&")
				if seen[to] || strings.HasPrefix(to, "/static/") || strings.HasPrefix(to, "/sign-out") {
					continue
				}
				seen[to] = true
				if got := client.Get(to).Status; !slices.Contains([]int{200, 303}, got) {
					t.Errorf("%s: %s leads to %s: %d", key, page, to, got)
				}
			}
		}
		if len(seen) < 6 {
			t.Errorf("%s was shown %d links: the test looks at nothing", key, len(seen))
		}
	}
}

// A tool leads to a request about it, which keeps what was chosen.
func TestAskAboutATool(t *testing.T) {
	w := build(t, db.SQLite)
	client := access.NewClient(w.identity("tess"), w, address)
	tools := htmltest.Parse(t, client.Get("/tools").Body)
	if !strings.Contains(tools.Text("#tools + ul"), "Ned Novak answers for it") || !strings.Contains(tools.Text("#tools + ul"), "Dana Whitfield covers") {
		t.Errorf("a teacher reads %q", tools.Text("main"))
	}
	ask := tools.One("#tools + ul .btn").Attr("href")
	p := htmltest.Parse(t, client.Get(ask).Body)
	if got := p.Form("#ask").Values.Get("service"); got != number(w.services["network"]) || !strings.Contains(p.Text("main"), "About: Network.") {
		t.Errorf("%s asks about %q: %s", ask, got, p.Text("main"))
	}
	for _, other := range []string{"/help?service=999", "/help?service=x", "/help"} {
		if p := htmltest.Parse(t, client.Get(other).Body); p.Has("[name=service]") {
			t.Errorf("%s chooses a service", other)
		}
	}
	stu := access.NewClient(w.identity("stu"), w, address).Get("/tools").Body
	if strings.Contains(stu, "Ned Novak") || !strings.Contains(stu, "Network") {
		t.Error("a student reads who answers for a service, or not which there are")
	}
	// The owner is away: who looks after coverage reads who answers now.
	if got := access.NewClient(w.identity("dana"), w, address).Get("/tools").Body; !strings.Contains(got, "Ned Novak answers for it") {
		t.Error("who helps doesn't read who answers")
	}
}
