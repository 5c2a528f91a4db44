package api_test

import (
	"strconv"
	"strings"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

func TestPaths(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		rosa := w.rosa
		me := w.want(rosa, "GET", "/me", nil, 200, "").num("id")
		help := w.want(rosa, "GET", "/teams", nil, 200, "").items()[0]["id"].(float64)
		marsh := w.want(rosa, "POST", "/sites", obj{"name": "Marsh", "level": "elementary"}, 201, "site.created").num("id")
		team := func(name string, tier int) int64 {
			return w.want(rosa, "POST", "/teams", obj{"name": name, "lead": me, "tier": tier}, 201, "team.created").num("id")
		}
		library, vendor := team("Library", 1), team("Gradebook vendor", 3)
		sam, tina := w.person("Sam Lee", "agent", 0), w.person("Tina Brown", "teacher", marsh)
		grades := w.want(rosa, "POST", "/services", obj{"kind": "service", "name": "Gradebook", "owner": me, "cover": sam}, 201, "service.created").num("id")
		reader := w.token(w.admin, district.ScopeDistrictRead)
		teacher := w.tokenFor(tina, district.ScopeDistrictRead, district.ScopeDistrictWrite)
		w.events()
		way := "/paths/way?site=" + strconv.FormatInt(marsh, 10) + "&service=" + strconv.FormatInt(grades, 10)

		// Nobody has set one: the help team, as of no path.
		none := w.want(reader, "GET", way, nil, 200, "")
		if none.num("version") != 0 || none.body["by"] != nil || !strings.Contains(none.raw, `"steps":[{"tier":2,"team":`+strconv.Itoa(int(help))+`}]`) {
			t.Fatal(none.raw)
		}
		set := obj{"service": grades, "steps": []obj{{"tier": 1}, {"tier": 2}, {"tier": 3, "team": vendor}}}
		w.want(rosa, "POST", "/paths", set, 428, "")
		w.want(reader, "POST", "/paths", set, 403, "", match(none))
		w.want(teacher, "POST", "/paths", set, 403, "", match(none))
		w.want(teacher, "GET", "/paths", nil, 403, "")
		first := w.want(rosa, "POST", "/paths", set, 200, "path.set", match(none), "Idempotency-Key: p1")
		if again := w.want(rosa, "POST", "/paths", set, 200, "", match(none), "Idempotency-Key: p1"); again.raw != first.raw || first.num("version") != 1 {
			t.Fatal(again.raw)
		}
		w.want(rosa, "POST", "/paths", set, 412, "", match(none)) // there is one by now
		if x := w.want(rosa, "GET", way, nil, 200, ""); x.num("version") != 0 || !strings.Contains(x.raw, `"by":{"service":`+strconv.FormatInt(grades, 10)+`}`) ||
			!strings.Contains(x.raw, `{"tier":3,"team":`+strconv.FormatInt(vendor, 10)+`}`) {
			t.Fatal(x.raw)
		}

		// What leads nowhere is refused with the sentence at its step.
		for part, steps := range map[string][]obj{
			`"location":"body.steps.1.team"`: {{"tier": 2, "team": library}, {"tier": 3, "team": library}},
			`"location":"body.steps"`:        {{"tier": 3, "team": vendor}},
			`"location":"body.steps.1.tier"`: {{"tier": 2, "team": library}, {"tier": 2}},
		} {
			if x := w.want(rosa, "POST", "/paths", obj{"site": marsh, "steps": steps}, 422, "", match(none)); !strings.Contains(x.raw, part) {
				t.Error(x.raw)
			}
		}
		w.want(rosa, "POST", "/paths", obj{"service": grades, "plan": true, "steps": []obj{{"tier": 2}}}, 422, "", match(none))
		w.want(rosa, "GET", "/paths/way?site=999", nil, 404, "")

		// The place's own, and planning; each page has one.
		own := w.want(rosa, "POST", "/paths", obj{"site": marsh, "steps": []obj{{"tier": 1, "team": library}, {"tier": 2}}}, 200, "path.set", match(none))
		if !strings.Contains(own.raw, `"by":{"site":`+strconv.FormatInt(marsh, 10)+`}`) {
			t.Fatal(own.raw)
		}
		w.want(rosa, "POST", "/paths", obj{"plan": true, "steps": []obj{{"tier": 1, "team": library}}}, 200, "path.set", match(none))
		var seen []string
		next := ""
		for range 4 {
			p := w.want(reader, "GET", "/paths?limit=1"+next, nil, 200, "")
			for _, i := range p.items() {
				seen = append(seen, strings.Join([]string{text(i["site"]), text(i["service"]), text(i["plan"])}, " "))
			}
			if p.body["next"] == nil {
				break
			}
			next = "&cursor=" + p.body["next"].(string)
		}
		if got, want := strings.Join(seen, ", "), text(float64(marsh))+" – –,"+" – "+text(float64(grades))+" –, – – true"; got != want {
			t.Fatalf("listed %q, want %q", got, want)
		}

		// Taken away, the next closest holds.
		w.want(rosa, "POST", "/paths", obj{"site": marsh, "steps": []obj{}}, 200, "path.set", match(own))
		if x := w.want(rosa, "GET", "/paths/way?site="+strconv.FormatInt(marsh, 10), nil, 200, ""); x.body["by"] != nil {
			t.Fatal(x.raw)
		}
	})
}

// text is a value of JSON, "–" where there is none.
func text(v any) string {
	switch x := v.(type) {
	case float64:
		return strconv.Itoa(int(x))
	case bool:
		return strconv.FormatBool(x)
	}
	return "–"
}

// person adds somebody with one role.
func (w *world) person(name, role string, site int64) int64 {
	w.t.Helper()
	return w.want(w.rosa, "POST", "/people", obj{"name": name, "email": strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@jv.example",
		"grants": []obj{{"role": role, "site": site}}}, 201, "person.created").num("id")
}
