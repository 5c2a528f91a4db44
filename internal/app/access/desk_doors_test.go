package access_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"trellis/internal/app/access"
	"trellis/internal/desk"
)

// Every door that leads to requests.

// pagesOf are pages about one request.
func pagesOf() []*access.Door {
	shown := func(kinds ...string) func(*access.Identity, *access.Object) []string {
		return func(who *access.Identity, _ *access.Object) []string {
			if !of(who).page {
				return nil
			}
			return kinds
		}
	}
	page := func(name, path string, shows func(*access.Identity, *access.Object) []string, headers ...string) *access.Door {
		return &access.Door{Name: name, Shows: shows, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Get(fill(path, o), headers...).Echoes(fill("/r/{ticket}", o))
		}}
	}
	file := func(name, path, id string, kinds ...string) *access.Door {
		d := page(name, path, shown(kinds...))
		d.Needs = id
		return d
	}
	all := []string{"title", "text", "reply", "place", "class", "file name", "note", "note's file name", "tried", "why"}
	return []*access.Door{
		page("its page", "/r/{ticket}", shown(all...)),
		page("its page with a note begun", "/r/{ticket}?write=note", shown(all...)),
		page("its page from a list", "/r/{ticket}?in=waiting&sort=newest", shown(all...)),
		page("an earlier part of it", "/r/{ticket}?before=900000000", shown("title", "text", "reply")),
		page("its page said to be changed", "/r/{ticket}?did=taken", shown("title")),
		page("the pane alone", "/r/{ticket}", shown("title", "text"), "HX-Request", "true", "HX-Target", "section#pane"),
		page("the conversation alone", "/r/{ticket}", shown("text"), "HX-Request", "true", "HX-Target", "div#talk"),
		page("its page if it is another one than before", "/r/{ticket}", shown("title"), "If-None-Match", `"before"`),
		page("the address of a form", "/r/{ticket}/reply", nil),
		page("its promises", "/r/{ticket}/promises", nil),
		{Name: "the head of its page", One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Send("HEAD", fill("/r/{ticket}", o), "", "").Echoes(fill("/r/{ticket}", o))
		}},
		file("its file", "/files/{file}/a.txt", "file", "file name", "file"),
		file("its picture", "/files/{picture}/a.png", "picture", "picture name"),
		file("its picture's preview", "/files/{picture}/preview", "picture", "picture name"),
		file("its note's file", "/files/{paper}/a.txt", "paper", "note's file name", "note's file"),
		file("a preview of what is no picture", "/files/{paper}/preview", "paper"),
	}
}

// fill puts an object's ids into an address.
func fill(path string, o *access.Object) string {
	for k, v := range o.ID {
		if past, ok := strings.CutPrefix(v, "H-"); ok && strings.HasPrefix(path, "/api/") {
			v = "-" + past // as the API counts what another desk had
		}
		path = strings.ReplaceAll(path, "{"+k+"}", v)
	}
	return path
}

// commandsOf are all forms of a request's page, and all changes by API, asked
// of those who must not know that it exists.
func commandsOf() []*access.Door {
	var out []*access.Door
	form := func(action string, f access.Form) {
		out = append(out, &access.Door{Name: "the form " + action, Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Post(fill("/r/{ticket}/"+action, o), f)
		}})
	}
	form("reply", access.Form{"text": "Hello"})
	form("fixed", access.Form{})
	form("not-fixed", access.Form{"text": "No"})
	form("place", access.Form{"site": "2", "room": "Library", "version": "1"})
	form("follow", access.Form{})
	form("unfollow", access.Form{})
	form("note", access.Form{"note": "Hm"})
	form("take", access.Form{})
	form("assign", access.Form{"owner": "1", "version": "1"})
	form("hand-up", access.Form{"tried": "Restarted it"})
	form("hand-back", access.Form{"why": "Not ours"})
	form("tried", access.Form{"tried": "Restarted it"})
	form("service", access.Form{"service": "1", "version": "1"})
	form("impact", access.Form{"impact": "question", "version": "1"})
	form("title", access.Form{"title": "Other", "version": "1"})
	form("wait", access.Form{"on": "vendor"})
	form("resume", access.Form{})
	form("on-my-way", access.Form{"minutes": "5"})
	form("helped", access.Form{"at": "9:40"})
	form("solve", access.Form{})
	form("finish", access.Form{"outcome": "visit", "text": "I come"})
	form("reopen", access.Form{})
	form("private", access.Form{"private": "safety"})
	form("followers", access.Form{"follower": "Fay Sorensen"})
	form("undo/{event}", access.Form{})
	form("past/1/remove", access.Form{})
	form("past/1/restore", access.Form{})
	form("reply", access.Form{}) // what is wrong with it is nobody's business
	out = append(out, &access.Door{Name: "a list's form", Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
		return c.Post("/desk/bulk", access.Form{"id": o.ID["ticket"], "verb": "take"})
	}})
	call := func(method, action string, body any, headers ...string) {
		out = append(out, &access.Door{Name: "API " + method + " " + action, Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
			body := body
			if action == "/undo" {
				body = map[string]any{"event": json.Number(o.ID["event"])}
			}
			return c.JSON(method, fill("/api/v1/requests/{ticket}"+action, o), body, headers...)
		}})
	}
	type m = map[string]any
	call("POST", "/replies", m{"text": "Hello"})
	call("POST", "/replies", m{})
	call("POST", "/notes", m{"note": "Hm"})
	call("POST", "/take", nil)
	call("POST", "/release", m{"version": 1})
	call("POST", "/assign", m{"team": 1})
	call("POST", "/hand-up", m{"tried": "Restarted it"})
	call("POST", "/hand-up", m{"team": 1, "tried": "Restarted it"})
	call("POST", "/hand-back", m{"why": "Not ours"})
	call("POST", "/tried", m{"tried": "Restarted it"})
	call("POST", "/wait", m{"on": "vendor"})
	call("POST", "/resume", m{})
	call("POST", "/on-my-way", m{"minutes": 5})
	call("POST", "/help", m{"helped_at": "2026-03-02T14:00:00Z"})
	call("POST", "/solve", m{})
	call("POST", "/finish", m{"outcome": "visit", "text": "I come"})
	call("POST", "/fixed", m{})
	call("POST", "/not-fixed", m{"text": "No"})
	call("POST", "/reopen", m{})
	call("POST", "/follow", m{})
	call("POST", "/follow", m{"person": 2})
	call("POST", "/unfollow", m{})
	call("POST", "/private", m{"private": "safety"})
	call("POST", "/undo", m{})
	call("DELETE", "/past/1", nil)
	call("POST", "/past/1/restore", nil)
	call("PATCH", "", m{"title": "Other"}, "If-Match", `"1"`)
	call("PATCH", "", m{"title": "Other"}, "If-Match", `"7"`)
	call("PATCH", "", m{"where": m{"contact": "ring me"}}, "If-Match", `"1"`)
	out = append(out, &access.Door{Name: "API its notices read", Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("POST", "/api/v1/notices/read", m{"about": m{"kind": desk.SubjectTicket, "id": json.Number(o.ID["ticket"])}})
	}})
	for _, id := range []string{"file", "picture", "paper"} {
		out = append(out, &access.Door{Name: "the form of a new request with its " + id, Changes: true, Needs: id, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Post("/help/ask", access.Form{"file": o.ID[id]})
		}}, &access.Door{Name: "sending a new request with its " + id, Changes: true, Needs: id, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Post("/help/ask/send", access.Form{"text": "Mine", "site": "2", "file": o.ID[id]})
		}})
		out = append(out, &access.Door{Name: "API a request with its " + id, Changes: true, Needs: id, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON("POST", "/api/v1/requests", m{"text": "Mine", "files": []json.Number{json.Number(o.ID[id])}, "site": 2})
		}}, &access.Door{Name: "API a plan with its " + id, Changes: true, Needs: id, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON("POST", "/api/v1/plans", m{"text": "Mine", "by": "2026-05-04", "class": "7B", "files": []json.Number{json.Number(o.ID[id])}, "site": 2})
		}})
	}
	return out
}

// readsOf are what the API tells of one request.
func readsOf() []*access.Door {
	get := func(name, path, needs string, kinds ...string) *access.Door {
		return &access.Door{Name: "API " + name, Needs: needs, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON("GET", fill("/api/v1"+path, o), nil)
		}, Shows: func(*access.Identity, *access.Object) []string { return kinds }}
	}
	return []*access.Door{
		get("the request", "/requests/{ticket}", "", "title", "text", "reply", "place", "contact", "class", "file name", "note", "note's file name"),
		get("to whom it went", "/requests/{ticket}/sent-to", ""),
		get("its messages", "/requests/{ticket}/messages", "", "text", "reply", "file name"),
		get("its notes", "/requests/{ticket}/notes", "", "note", "note's file name"),
		get("its handoffs", "/requests/{ticket}/handoffs", "", "tried", "why"),
		get("what else they asked", "/requests/{ticket}/earlier", ""),
		get("its history", "/requests/{ticket}/history", ""),
		get("its clocks", "/requests/{ticket}/clocks", ""),
		get("what another desk recorded of it", "/requests/{ticket}/past", "", "status", "who had it"),
		get("its file", "/files/{file}", "file", "file name", "file"),
		get("its picture", "/files/{picture}", "picture", "picture name"),
		get("its note's file", "/files/{paper}", "paper", "note's file name", "note's file"),
		get("its picture's preview", "/files/{picture}/preview", "picture", "picture name"),
		get("a preview of what is no picture", "/files/{paper}/preview", "paper"),
	}
}

// searchesOf look for a request by each word of it and by its number.
func searchesOf() []*access.Door {
	var out []*access.Door
	for _, kind := range []string{"title", "text", "reply", "note", "place", "contact", "file name", "file", "note's file name", "note's file", "class", "number", "bare number"} {
		ask := func(c *access.Client, o *access.Object, path string) access.Answer {
			word := word(o, kind)
			switch kind {
			case "number":
				word = "R-" + o.ID["ticket"]
			case "bare number":
				word = o.ID["ticket"]
			}
			return c.Get(path + url.QueryEscape(word)).Echoes(word)
		}
		// Words that are not looked for find nothing for anybody. A number is
		// found by whoever sees the request, a note by whoever works on it.
		var shows func(who *access.Identity, o *access.Object) []string
		switch kind {
		case "title", "text", "reply", "number", "bare number":
			shows = func(*access.Identity, *access.Object) []string { return []string{"title"} }
		}
		page := &access.Door{Name: "search by its " + kind, Knows: []string{kind}, One: func(c *access.Client, o *access.Object) access.Answer {
			return ask(c, o, "/desk/search?q=")
		}}
		call := &access.Door{Name: "API search by its " + kind, Knows: []string{kind}, Shows: shows, One: func(c *access.Client, o *access.Object) access.Answer {
			return ask(c, o, "/api/v1/requests/search?q=")
		}}
		if kind == "class" { // which only a plan has
			page.Needs, call.Needs = kind, kind
		}
		out = append(out, page, call)
	}
	return out
}

func word(o *access.Object, kind string) string {
	for _, w := range o.Words {
		if w.Kind == kind {
			return w.Text
		}
	}
	return ""
}

// next is where a page of a list says that it goes on.
var (
	nextLink   = regexp.MustCompile(`href="([^"]*[?&;](?:after|cursor)=[^"]*)"`)
	nextCursor = regexp.MustCompile(`"next":"([^"]+)"`)
)

// listsOf are what people are shown without asking about one request, each
// read to its end.
func listsOf(d *desks) []*access.Door {
	var out []*access.Door
	page := func(path string) {
		out = append(out, &access.Door{Name: "the page " + path, All: func(c *access.Client) access.Answer {
			a := c.Get(path)
			for last, n := a, 0; n < 50; n++ {
				m := nextLink.FindStringSubmatch(last.Body)
				if m == nil {
					break
				}
				last = c.Get(strings.ReplaceAll(m[1], "&amp;", "&"))
				a = a.Join(last)
			}
			return a
		}})
	}
	for _, p := range []string{"/", "/help", "/help/plan", "/help/requests", "/notices", "/account", "/settings", "/settings/people", "/settings/private", "/desk/new", "/demo"} {
		page(p)
	}
	for _, view := range []string{"mine", "places", "unassigned", "waiting", "following", "private", "solved"} {
		for _, more := range []string{"", "?sort=newest", "?site=" + number(d.sites["north"]), "?site=" + number(d.sites["south"]) + "&sort=newest", "?service=" + number(d.services["network"])} {
			page("/desk/" + view + more)
		}
	}
	for _, p := range []string{"/steer/flow", "/steer/flow?by=service&clock=wall", "/steer/flow/requests", "/steer/flow/requests?behind=open", "/steer/flow.csv"} {
		page(p)
	}
	for _, p := range []string{"/steer", "/places", "/places/" + d.slug("north"), "/places/" + d.slug("south"), "/tools"} {
		page(p)
	}
	page("/desk/search?q=projector")
	page("/desk/search?q=says")
	page("/desk/search?q=think")
	call := func(path string, shows func(*access.Identity, *access.Object) []string) {
		out = append(out, &access.Door{Name: "API " + path, Shows: shows, All: func(c *access.Client) access.Answer { return walk(c, path) }})
	}
	for _, p := range []string{"/requests/mine", "/requests/counts", "/requests/search?q=think", "/notices?limit=7", "/notices/unread", "/me", "/teams", "/services", "/private-kinds", "/private-kinds/readers", "/requests/expect", "/plans/expect", "/people?limit=5"} {
		call(p, nil)
	}
	call("/flow?by=impact", nil)
	call("/flow/requests", nil)
	call("/steer/week", nil)
	call("/places/"+number(d.sites["north"])+"/week", nil)
	call("/requests/search?q=projector", func(*access.Identity, *access.Object) []string { return []string{"title"} })
	for _, view := range []string{"mine", "places", "unassigned", "following", "private"} {
		for _, state := range []string{"open", "waiting", "solved", "closed"} {
			for _, sort := range []string{"turn", "newest", "next"} {
				if sort == "next" && state != "waiting" && state != "solved" {
					continue
				}
				call("/requests?limit=7&view="+view+"&state="+state+"&sort="+sort, d.listed(view, state))
			}
			call("/requests?view="+view+"&state="+state+"&site="+number(d.sites["south"]), nil)
		}
	}
	return out
}

// listed are the requests that a list of the desk must show to somebody.
func (d *desks) listed(view, state string) func(*access.Identity, *access.Object) []string {
	return func(i *access.Identity, o *access.Object) []string {
		f, e := d.made[o], of(i)
		shown := map[string]bool{
			"places":  f.works(e),
			"mine":    f.kind() == "" && f.owner != "" && (f.owner == e.key || f.owner == standIns[e.key]),
			"private": f.kind() != "" && f.works(e),
		}
		if string(f.state) == state && shown[view] && e.desk && e.helper() {
			return []string{"title"}
		}
		return nil
	}
}

// walk reads a list of the API to its end.
func walk(c *access.Client, path string) access.Answer {
	a := c.JSON("GET", "/api/v1"+path, nil)
	for last, n := a, 0; n < 50; n++ {
		m := nextCursor.FindStringSubmatch(last.Body)
		if m == nil {
			break
		}
		more := "?"
		if strings.Contains(path, "?") {
			more = "&"
		}
		last = c.JSON("GET", "/api/v1"+path+more+"cursor="+url.QueryEscape(m[1]), nil)
		a = a.Join(last)
	}
	return a
}
