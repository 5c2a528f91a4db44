package api_test

import (
	"strings"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

func TestAbsencesAndCover(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		rosa := w.rosa
		marsh := w.want(rosa, "POST", "/sites", obj{"name": "Marsh", "level": "elementary"}, 201, "site.created").num("id")
		sam := w.want(rosa, "POST", "/people", obj{"name": "Sam Lee", "email": "sam@jv.example", "site": marsh, "grants": []obj{{"role": "agent", "site": 0}}}, 201, "person.created").num("id")
		tessa := w.want(rosa, "POST", "/people", obj{"name": "Tessa", "email": "tessa@jv.example", "site": marsh, "grants": []obj{{"role": "teacher", "site": marsh}}}, 201, "person.created").num("id")
		me := w.want(rosa, "GET", "/me", nil, 200, "").num("id")
		service := w.want(rosa, "POST", "/services", obj{"kind": "service", "name": "Sign-in", "owner": me, "cover": sam}, 201, "service.created").num("id")
		teacher := w.tokenFor(tessa, district.ScopeDistrictRead, district.ScopeDistrictWrite)
		reader := w.token(w.admin, district.ScopeDistrictRead)
		w.events()

		body := obj{"person": sam, "from": "2026-03-03T07:00:00Z", "until": "2026-03-04T07:00:00Z", "cover": me, "why": "Jury duty"}
		w.want(teacher, "POST", "/absences", body, 404, "")
		w.want(reader, "POST", "/absences", body, 403, "")
		x := w.want(rosa, "POST", "/absences", body, 201, "absence.declared", "Idempotency-Key: k1")
		again := w.want(rosa, "POST", "/absences", body, 201, "", "Idempotency-Key: k1")
		if x.num("id") != again.num("id") || x.body["state"] != "planned" || x.body["why"] != "Jury duty" {
			t.Fatal(x.raw)
		}
		bad := w.want(rosa, "POST", "/absences", obj{"person": sam, "until": "2026-03-09T07:00:00Z", "cover": sam}, 422, "")
		if !strings.Contains(bad.raw, `"location":"body.until"`) || !strings.Contains(bad.raw, `"location":"body.cover"`) || !strings.Contains(bad.raw, "cover for themselves") {
			t.Fatal(bad.raw)
		}
		path := at("/absences", x.num("id"))
		w.want(teacher, "GET", path, nil, 404, "")
		w.want(rosa, "PATCH", path, obj{"cover": 0}, 428, "")
		y := w.want(rosa, "PATCH", path, obj{"until": "2026-03-05T07:00:00Z"}, 200, "absence.changed", match(x))
		w.want(rosa, "PATCH", path, obj{"cover": 0}, 412, "", match(x))
		if y.num("cover") != me || y.body["until"] != "2026-03-05T07:00:00Z" {
			t.Fatal(y.raw)
		}

		s := w.want(rosa, "GET", at("/people", sam)+"/stand-in?at=2026-03-03T16:00:00Z", nil, 200, "")
		if s.num("person") != me || s.body["gap"] != false || s.body["until"] != "2026-03-05T07:00:00Z" {
			t.Fatal(s.raw)
		}
		w.want(teacher, "GET", at("/people", sam)+"/stand-in", nil, 404, "")
		if c := w.want(rosa, "GET", at("/people", me)+"/covering?at=2026-03-03T16:00:00Z", nil, 200, "").items(); len(c) != 1 || c[0]["name"] != "Sam Lee" {
			t.Fatal(c)
		}
		w.want(rosa, "POST", "/absences", obj{"from": "2026-03-03T16:00:00Z", "until": "2026-03-03T18:00:00Z"}, 201, "absence.declared")
		if s := w.want(rosa, "GET", at("/services", service)+"/cover?at=2026-03-03T17:00:00Z", nil, 200, ""); s.body["gap"] != true || s.body["person"] != nil {
			t.Fatal(s.raw)
		}
		if x := w.want(rosa, "GET", at("/sites", marsh)+"/first-help?at=2026-03-04T17:00:00Z", nil, 200, ""); x.body["afar"] != true || !strings.Contains(x.raw, `"name":"Rosa Delgado"`) {
			t.Fatal(x.raw)
		}
		c := w.want(rosa, "GET", "/coverage?days=3", nil, 200, "")
		gaps := c.body["gaps"].([]any)
		if len(c.body["days"].([]any)) != 3 || len(gaps) == 0 || !strings.Contains(c.raw, `"name":"Sign-in","day":"2026-03-03","from":"2026-03-03T16:00:00Z","until":"2026-03-03T18:00:00Z"`) {
			t.Fatal(c.raw)
		}
		w.want(rosa, "GET", "/coverage?from=soon", nil, 422, "")
		w.want(teacher, "GET", "/coverage", nil, 403, "")

		// Pages of one absence each.
		var seen []string
		next := ""
		for range 3 {
			p := w.want(rosa, "GET", "/absences?limit=1"+next, nil, 200, "")
			for _, i := range p.items() {
				seen = append(seen, i["name"].(string))
			}
			if p.body["next"] == nil {
				break
			}
			next = "&cursor=" + p.body["next"].(string)
		}
		if strings.Join(seen, " ") != "Sam Lee Rosa Delgado" {
			t.Fatalf("listed %q", seen)
		}
		if own := w.want(teacher, "GET", "/absences", nil, 200, ""); len(own.items()) != 0 {
			t.Fatal(own.raw)
		}

		w.want(rosa, "POST", path+"/end", nil, 200, "absence.canceled", match(y))
		w.want(rosa, "POST", path+"/end", nil, 409, "", "If-Match: \"3\"")

		hours := at("/people", tessa) + "/hours"
		w.want(teacher, "PUT", hours, obj{"week": "Montag", "version": 0}, 422, "")
		h := w.want(teacher, "PUT", hours, obj{"week": "mon-fri 10:10-10:55", "version": 0}, 200, "person.hours")
		if h.body["week"] != "Mon-Fri 10:10-10:55" || h.num("version") != 1 {
			t.Fatal(h.raw)
		}
		w.want(teacher, "PUT", hours, obj{"week": "Mon 08:00-09:00", "version": 0}, 412, "")
		w.want(teacher, "GET", at("/people", sam)+"/hours", nil, 404, "")
	})
}
