package access_test

import (
	"slices"
	"testing"
	"time"

	"trellis/internal/app/access"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
)

// Absences are objects too. That somebody is away is known to who works the
// desk or leads a school; why is read by themselves, by who leads a team of
// theirs, and by who runs Trellis. To other staff only their own exist.
func TestAbsences(t *testing.T) {
	d := &desks{world: build(t, db.SQLite)}
	var absences []*access.Object
	for i, key := range []string{"tess", "tim", "cora", "dana", "ned", "paula", "mercy", "theo", "ruth"} {
		absences = append(absences, d.absence(key, i+1))
	}
	ghost := d.ghost()
	ghost.ID["absence"] = "900007"
	ghost.Words = append(ghost.Words, access.Word{Text: d.word(), Kind: "why"})
	p := access.Prober{Handler: d, Base: address, Objects: absences, Ghost: ghost, Identities: d.everybody(), Doors: asked(t, absenceDoors())}
	d.read()
	head := events(d)
	r := p.Run()
	t.Logf("%d probes by %d requests", r.Probes, r.Requests)
	for _, l := range r.Summary() {
		t.Error(l)
	}
	if n := events(d); n != head {
		t.Errorf("%d events came of commands that were refused", n-head)
	}
}

// staff: who works in the district.
func (e *eyes) staff() bool {
	return e.helper() || slices.ContainsFunc(e.roles, func(g grant) bool { return slices.Contains([]string{"principal", "teacher", "staff"}, g.role) })
}

// leads: the first of a team in the cast leads it.
func leads(who, member string) bool {
	lead := map[string]string{}
	for _, p := range cast {
		for _, t := range p.teams {
			if lead[t] == "" {
				lead[t] = p.key
			}
			if p.key == member && lead[t] == who {
				return true
			}
		}
	}
	return false
}

func (d *desks) absence(key string, day int) *access.Object {
	d.t.Helper()
	why := d.word()
	from := d.clock.Now().Add(time.Duration(day) * 24 * time.Hour)
	id := must[cover.AbsenceID](d.t)(d.Cover.Declare(d.as(key), cover.Declare{Person: d.people[key], From: from, Until: from.Add(time.Hour), Why: "For " + why}))
	o := &access.Object{Name: "an absence of " + key, ID: map[string]string{"absence": number(id)}}
	o.MaySee = func(i *access.Identity) bool {
		e := of(i)
		principal := slices.ContainsFunc(e.roles, func(g grant) bool { return g.role == "principal" })
		return e.key != "" && e.people && e.staff() && (e.key == key || e.helper() || principal)
	}
	o.Words = []access.Word{{Text: why, Kind: "why", MayRead: func(i *access.Identity) bool {
		e := of(i)
		return o.MaySee(i) && (e.key == key || e.manages || leads(e.key, key))
	}}}
	return o
}

// absenceDoors lead to absences.
func absenceDoors() []*access.Door {
	why := func(*access.Identity, *access.Object) []string { return []string{"why"} }
	call := func(method, path string, body any, headers ...string) *access.Door {
		return &access.Door{Name: "API " + method + " " + path, Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON(method, "/api/v1/absences/"+o.ID["absence"]+path, body, headers...)
		}}
	}
	type m = map[string]any
	return []*access.Door{
		{Name: "API the absence", Shows: why, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.JSON("GET", "/api/v1/absences/"+o.ID["absence"], nil)
		}},
		{Name: "API absences", All: func(c *access.Client) access.Answer { return c.JSON("GET", "/api/v1/absences?limit=100", nil) }},
		{Name: "who covers", All: func(c *access.Client) access.Answer { return c.Get("/coverage") }},
		{Name: "API who covers", All: func(c *access.Client) access.Answer { return c.JSON("GET", "/api/v1/coverage", nil) }},
		{Name: "who covers a place", All: func(c *access.Client) access.Answer { return c.Get("/coverage?site=2") }},
		{Name: "one's absences", All: func(c *access.Client) access.Answer { return c.Get("/away") }},
		{Name: "notices", All: func(c *access.Client) access.Answer { return c.Get("/notices") }},
		{Name: "API notices", All: func(c *access.Client) access.Answer { return c.JSON("GET", "/api/v1/notices", nil) }},
		call("PATCH", "", m{"why": "Other"}, "If-Match", `"1"`),
		call("PATCH", "", m{"cover": 1}, "If-Match", `"7"`),
		call("POST", "/end", nil, "If-Match", `"1"`),
		{Name: "the form that ends it", Changes: true, One: func(c *access.Client, o *access.Object) access.Answer {
			return c.Post("/away/"+o.ID["absence"]+"/end", access.Form{"version": "1"})
		}},
	}
}
