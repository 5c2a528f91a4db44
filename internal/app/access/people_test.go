package access_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// People are objects too: who works in the district is known to those who
// help, its students and families only to those who help at their site, and
// everybody to who runs Trellis. To all others nobody exists.
func TestPeople(t *testing.T) {
	d := &desks{world: build(t, db.SQLite)}
	var people []*access.Object
	for _, p := range []struct{ role, site string }{
		{"student", "north"}, {"student", "south"}, {"guardian", "south"}, {"teacher", "south"}, {"staff", "east"}, {"principal", "south"}, {"vendor", ""}, {"board", ""},
	} {
		people = append(people, d.someone(p.role, p.site))
	}
	ghost := d.ghost()
	ghost.ID["person"] = "900006"
	for _, kind := range []string{"name", "address", "phone", "job"} {
		ghost.Words = append(ghost.Words, access.Word{Text: d.word(), Kind: kind})
	}
	p := access.Prober{Handler: d, Base: address, Objects: people, Ghost: ghost, Identities: d.everybody(), Doors: asked(t, d.peopleDoors())}
	r := p.Run()
	t.Logf("%d probes by %d requests", r.Probes, r.Requests)
	for _, l := range r.Summary() {
		t.Error(l)
	}
}

// names: who works in the district may name, on a request of theirs, whoever
// works in it too, and whoever is at a site of theirs.
func (e *eyes) names(o *access.Object) bool {
	return slices.ContainsFunc(e.roles, func(g grant) bool {
		works := slices.Contains([]string{"agent", "tier1", "admin", "director", "principal", "teacher", "staff"}, g.role)
		return works && (g.site == "" || g.site == o.ID["site"] || slices.Contains([]string{"teacher", "staff", "principal"}, o.ID["role"]))
	})
}

// someone is a person whom nothing else mentions.
func (d *desks) someone(role, site string) *access.Object {
	d.t.Helper()
	o := &access.Object{Name: "a " + role + " " + site, ID: map[string]string{"role": role, "site": site}}
	say := func(kind string) string {
		w := d.word()
		o.Words = append(o.Words, access.Word{Text: w, Kind: kind})
		return w
	}
	id := must[district.PersonID](d.t)(d.District.District.CreatePerson(d.system(), district.CreatePerson{
		Name: "Someone " + say("name"), Email: say("address") + "@example.org", Phone: say("phone"), Title: "Job " + say("job"),
		Site: d.sites[site], Grants: []district.Grant{{Role: role, Site: d.sites[site]}},
	}))
	o.ID["person"] = number(id)
	o.MaySee = func(i *access.Identity) bool {
		e := of(i)
		if e.key == "" || !e.people {
			return false
		}
		family := role == "student" || role == "guardian"
		return e.manages || e.helper() && (!family || e.helpsAt(site))
	}
	return o
}

// peopleDoors lead to people.
func (d *desks) peopleDoors() []*access.Door {
	mine := map[string]string{} // a request of each person, on which others can be named
	for _, p := range cast {
		mine[p.key] = number(must[desk.Created](d.t)(d.Desk.CreateTicket(d.as(p.key), desk.CreateTicket{Text: "My own", Site: d.sites["north"]})).ID)
	}
	ticket := func(c *access.Client) string {
		if t := mine[of(c.Who).key]; t != "" {
			return t
		}
		return "900001"
	}
	all := []string{"name", "address", "phone", "job"}
	always := func(kinds ...string) func(*access.Identity, *access.Object) []string {
		return func(*access.Identity, *access.Object) []string { return kinds }
	}
	managers := func(kinds ...string) func(*access.Identity, *access.Object) []string {
		return func(i *access.Identity, _ *access.Object) []string {
			if of(i).manages && of(i).page {
				return kinds
			}
			return nil
		}
	}
	out := []*access.Door{
		{Name: "API a person", Shows: always(all...), One: func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON("GET", "/api/v1/people/"+o.ID["person"], nil)
		}},
		{Name: "their page", Shows: managers(all...), One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Get("/settings/people/" + o.ID["person"])
		}},
	}
	for _, kind := range all {
		for _, path := range []string{"/api/v1/people/find?q=", "/api/v1/people?q=", "/settings/people?q="} {
			shows := always()
			switch {
			case kind != "name" && kind != "address":
			case strings.HasPrefix(path, "/api/v1/people/find"):
				shows = always("name", "address", "job")
			default:
				shows = managers("name", "address")
			}
			out = append(out, &access.Door{Name: path + " by " + kind, Knows: []string{kind}, Shows: shows, One: func(c *access.Client, o *access.Object) access.Answer {
				w := word(o, kind)
				return c.Get(path + url.QueryEscape(w)).Echoes(w)
			}})
		}
	}
	type m = map[string]any
	num := func(o *access.Object) json.Number { return json.Number(o.ID["person"]) }
	change := func(name string, ask func(c *access.Client, o *access.Object) access.Answer) {
		out = append(out, &access.Door{Name: name, Changes: true, Knows: all, One: func(c *access.Client, o *access.Object) access.Answer {
			return ask(c, o).Echoes("Someone "+word(o, "name"), word(o, "name"), word(o, "address"))
		}})
	}
	for _, action := range []string{"deactivate", "reactivate", "invite", "end-sessions"} {
		change("API "+action, func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON("POST", "/api/v1/people/"+o.ID["person"]+"/"+action, nil, "If-Match", `"1"`)
		})
	}
	change("API change", func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("PATCH", "/api/v1/people/"+o.ID["person"], m{"title": "Other"}, "If-Match", `"1"`)
	})
	change("API away", func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("PUT", "/api/v1/people/"+o.ID["person"]+"/away", m{"until": "2026-05-01T00:00:00Z"})
	})
	// Whoever can be named on a request is named in it: asking with a number or
	// a name must not tell whether it is anybody's.
	name := func(title string, ask func(c *access.Client, o *access.Object) access.Answer) {
		change(title, ask)
		out[len(out)-1].May = func(i *access.Identity, o *access.Object) bool { return of(i).names(o) }
	}
	name("API follower", func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("POST", "/api/v1/requests/"+ticket(c)+"/follow", m{"person": num(o)})
	})
	change("API end a follower", func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("POST", "/api/v1/requests/"+ticket(c)+"/unfollow", m{"person": num(o)})
	})
	name("API beneficiary", func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("POST", "/api/v1/requests", m{"text": "For them", "beneficiary": num(o), "site": 2})
	})
	out[len(out)-1].May = func(i *access.Identity, o *access.Object) bool { e := of(i); return e.helper() && e.desk && e.names(o) }
	name("API requester", func(c *access.Client, o *access.Object) access.Answer {
		return c.JSON("POST", "/api/v1/requests", m{"text": "For them", "requester": num(o), "site": 2})
	})
	change("the form of a hallway request", func(c *access.Client, o *access.Object) access.Answer {
		return c.Post("/desk/new", access.Form{"text": "For them", "who": "Someone " + word(o, "name")})
	})
	change("the form of a hallway request, by number", func(c *access.Client, o *access.Object) access.Answer {
		return c.Post("/desk/new", access.Form{"text": "For them", "who": "Someone", "person": o.ID["person"]})
	})
	change("the form of followers", func(c *access.Client, o *access.Object) access.Answer {
		return c.Post("/r/"+ticket(c)+"/followers", access.Form{"follower": word(o, "address") + "@example.org"}).Echoes(word(o, "address") + "@example.org")
	})
	out = append(out, &access.Door{Name: "the page of their own request, afterwards", All: func(c *access.Client) access.Answer {
		return c.Get("/r/" + ticket(c)).Join(c.JSON("GET", "/api/v1/requests/"+ticket(c), nil))
	}})
	return out
}

// Colleagues may be named on a request by who works in the district, as the
// one it is for by who works the desk; to a
// student or a parent not even a teacher of their own school exists by number.
func TestFamiliesNameNobody(t *testing.T) {
	d := &desks{world: build(t, db.SQLite)}
	for _, key := range []string{"stu", "gail", "bo"} {
		own := must[desk.Created](t)(d.Desk.CreateTicket(d.as(key), desk.CreateTicket{Text: "My own", Site: d.sites["north"]})).ID
		c := access.NewClient(d.identity(key), d, address)
		nobody := c.JSON("POST", "/api/v1/requests/"+number(own)+"/follow", map[string]any{"person": 900006}).Text()
		for _, field := range []string{"requester", "beneficiary"} {
			none := c.JSON("POST", "/api/v1/requests", map[string]any{"text": "x", "site": 2, field: 900006}).Text()
			for _, p := range cast {
				if p.key == key {
					continue
				}
				if got := c.JSON("POST", "/api/v1/requests", map[string]any{"text": "x", "site": 2, field: d.people[p.key]}).Text(); got != none {
					t.Errorf("%s learns that person %d exists, as %s: %s", key, d.people[p.key], field, got)
				}
			}
		}
		for _, p := range cast {
			if got := c.JSON("POST", "/api/v1/requests/"+number(own)+"/follow", map[string]any{"person": d.people[p.key]}).Text(); p.key != key && got != nobody {
				t.Errorf("%s learns that person %d exists: %s", key, d.people[p.key], got)
			}
		}
		a := c.JSON("GET", "/api/v1/requests/"+number(own), nil)
		for _, p := range cast {
			if p.key != key && strings.Contains(a.Body, p.name) {
				t.Errorf("%s reads the name of %s on a request of their own", key, p.key)
			}
		}
	}
}
