package api_test

import (
	"strconv"
	"strings"
	"testing"

	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

func TestCalendar(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		rosa := w.rosa
		site := w.want(rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "elementary"}, 201, "site.created").num("id")
		q := "?site=" + strconv.FormatInt(site, 10)

		said := w.want(rosa, "GET", "/calendar/hours"+q, nil, 200, "")
		if said.body["default"] != true || said.body["hours"] != "Mon-Fri 07:30-15:30" || said.body["zone"] != "America/Denver" {
			t.Fatal(said.raw)
		}
		w.want(rosa, "POST", "/calendar/hours", obj{"site": site, "hours": "Mon-Fri 08:00-16:00"}, 428, "")
		w.want(rosa, "POST", "/calendar/hours", obj{"site": site, "hours": "weekdays"}, 422, "", match(said))
		set := w.want(rosa, "POST", "/calendar/hours", obj{"site": site, "hours": "Mon-Thu 08:00-11:30,12:15-16:00"}, 200, "calendar.hours_set", match(said))
		w.want(rosa, "POST", "/calendar/hours", obj{"site": site, "hours": "Mon-Fri 08:00-16:00"}, 412, "", match(said))
		if set.body["own"] != true || set.num("version") != 1 {
			t.Fatal(set.raw)
		}
		refused := w.want(rosa, "POST", "/calendar/terms", obj{"site": site, "name": "Fall", "first": "2027-08-16", "last": "2027-12-17"}, 422, "")
		if !strings.Contains(refused.raw, "Marsh Elementary School would have no hours until 2027-08-16") {
			t.Fatal(refused.raw)
		}
		term := w.want(rosa, "POST", "/calendar/terms", obj{"site": site, "name": "Spring", "first": "2026-01-05", "last": "2026-05-29"}, 200, "calendar.term_set").num("id")
		w.want(rosa, "POST", "/calendar/seasons", obj{"site": site, "name": "Camp", "first": "2026-06-08", "last": "2026-06-12", "hours": "Mon-Fri 09:00-12:00"}, 200, "calendar.season_set")

		snow := obj{"entries": []obj{{"first": "2026-03-05", "last": "2026-03-08", "kind": "closed", "name": "Snow day"}}, "dry_run": true}
		dry := w.want(rosa, "POST", "/calendar/days", snow, 200, "")
		if dry.num("change") != 0 || !strings.Contains(dry.raw, `"before":[{"from":"08:00","to":"11:30"},{"from":"12:15","to":"16:00"}],"after":[]`) {
			t.Fatal(dry.raw)
		}
		snow["dry_run"] = false
		change := w.want(rosa, "POST", "/calendar/days", snow, 200, "calendar.days_set", "Idempotency-Key: s1").num("change")
		if again := w.want(rosa, "POST", "/calendar/days", snow, 200, "", "Idempotency-Key: s1"); again.num("change") != change {
			t.Fatal(again.raw)
		}
		days := w.want(rosa, "GET", "/calendar"+q+"&from=2026-03-04&to=2026-03-06", nil, 200, "")
		if !strings.Contains(days.raw, `{"date":"2026-03-04","hours":[{"from":"08:00","to":"11:30"},{"from":"12:15","to":"16:00"}],"reason":"usual"}`) ||
			!strings.Contains(days.raw, `{"date":"2026-03-05","hours":[],"reason":"day","name":"Snow day","kind":"closed"}`) {
			t.Fatal(days.raw)
		}
		w.want(rosa, "GET", "/calendar?from=2026-03-04&to=2029-03-06", nil, 422, "")
		w.want(rosa, "POST", "/calendar/days", obj{"entries": []obj{{"first": "2026-03-05", "kind": "half_day", "name": "Half day"}}}, 422, "")

		feed := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260305\nSUMMARY:Snow day\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261111\nSUMMARY:St Martin\nEND:VEVENT\nEND:VCALENDAR"
		found := w.want(rosa, "POST", "/calendar/import/preview", obj{"text": feed}, 200, "")
		if !strings.Contains(found.raw, `"verdict":"same"`) || !strings.Contains(found.raw, `"verdict":"other","proposed":false`) {
			t.Fatal(found.raw)
		}

		path := at("/calendar/changes", change) + "/take-back"
		if back := w.want(rosa, "POST", path, nil, 200, "calendar.days_set"); back.num("undone") != 2 || back.num("kept") != 0 {
			t.Fatal(back.raw)
		}
		w.want(rosa, "POST", path, nil, 409, "")
		list := w.want(rosa, "GET", "/calendar/changes", nil, 200, "")
		if len(list.items()) != 5 || strings.Count(list.raw, `"can_take_back":true`) != 1 {
			t.Fatal(list.raw)
		}
		w.want(rosa, "DELETE", at("/calendar/terms", term), nil, 412, "", `If-Match: "9"`)
		w.want(rosa, "DELETE", at("/calendar/terms", term), nil, 204, "calendar.term_dropped", `If-Match: "1"`)

		// Others read hours and change nothing.
		tina := w.want(rosa, "POST", "/people", obj{"name": "Tina Brown", "email": "tina@jv.example", "site": site, "grants": []obj{{"role": "teacher", "site": site}}}, 201, "person.created").num("id")
		teacher := w.tokenFor(tina, "district:read", "district:write")
		w.want(teacher, "GET", "/calendar"+q+"&from=2026-03-04&to=2026-03-06", nil, 200, "")
		w.want(teacher, "POST", "/calendar/days", snow, 403, "")
		w.want(teacher, "GET", "/calendar/changes", nil, 403, "")
	})
}
