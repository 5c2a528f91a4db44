package api_test

import (
	"strings"
	"testing"

	"trellis/internal/district"
)

// A request on its way through the teams: each step with what it logs, and who
// reads what of it.
func TestHandoffs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tessa, dana, omar := w.tessa, w.dana, w.omar
		first := must[district.TeamID](t)(w.d.CreateTeam(system(), district.CreateTeam{Name: "Marsh first help", Lead: dana.id, Tier: 1, Members: []district.PersonID{dana.id}}))
		vendor := must[district.TeamID](t)(w.d.CreateTeam(system(), district.CreateTeam{Name: "Vendor desk", Lead: omar.id, Tier: 3, Members: []district.PersonID{omar.id}}))
		must[int64](t)(w.d.SetPath(system(), district.SetPath{PathID: district.PathID{Service: w.signIn}, Steps: []district.Step{
			{Tier: 1, Team: first}, {Tier: 2, Team: w.help}, {Tier: 3, Team: vendor}}}))
		w.events()
		id := w.ask(tessa, obj{"text": "Can't sign in", "site": w.marsh, "service": w.signIn})
		begun := w.want(dana, "GET", request(id, ""), nil, 200, "")
		if begun.num("tier") != 1 || begun.num("next.id") != int64(w.help) || begun.num("next.tier") != 2 || begun.at("came_from") != nil || begun.at("handoffs") != nil {
			t.Fatal(begun.raw)
		}
		up, back, tried := request(id, "/hand-up"), request(id, "/hand-back"), request(id, "/tried")
		if bad := w.want(dana, "POST", up, obj{}, 422, ""); bad.text("errors.0.location") != "body.tried" {
			t.Fatal(bad.raw)
		}
		w.want(dana, "POST", up, obj{"tried": "x", "team": first}, 422, "")
		w.want(dana, "POST", up, obj{"tried": "x", "version": begun.num("version") + 1}, 412, "")
		w.want(dana, "POST", back, obj{"why": "x"}, 409, "")
		w.want(dana, "POST", tried, obj{"tried": "x"}, 409, "")
		w.want(tessa, "POST", up, obj{"tried": "x"}, 403, "")
		w.want(dana, "POST", up, obj{"tried": "Another browser", "why": "I have no key", "version": begun.num("version")}, 200, "ticket.handed_up", "Idempotency-Key: u1")
		w.want(dana, "POST", up, obj{"tried": "Another browser", "why": "I have no key", "version": begun.num("version")}, 200, "", "Idempotency-Key: u1")

		// A class is stopped: what was tried follows.
		w.want(dana, "PATCH", request(id, ""), obj{"impact": "stopped"}, 200, "ticket.impact_changed", match(w.want(dana, "GET", request(id, ""), nil, 200, "").num("version")))
		w.want(dana, "POST", up, obj{}, 200, "ticket.handed_up")
		w.want(dana, "POST", up, obj{}, 409, "") // beyond the end
		owed := w.want(dana, "GET", request(id, ""), nil, 200, "")
		if owed.at("tried_due") != true || owed.at("next") != nil || owed.text("came_from") != "Technology" || owed.num("handoffs") != 2 || owed.num("tier") != 3 {
			t.Fatal(owed.raw)
		}
		w.want(dana, "POST", tried, obj{"tried": " "}, 422, "")
		w.want(dana, "POST", tried, obj{"tried": "Restarted it", "handoff": owed.num("owes_tried")}, 200, "ticket.tried")
		w.want(omar, "POST", back, obj{}, 422, "")
		w.want(omar, "POST", back, obj{"why": "They say it is ours"}, 200, "ticket.handed_back")

		list := w.want(dana, "GET", request(id, "/handoffs"), nil, 200, "")
		if list.len("handoffs") != 3 || list.text("handoffs.0.tried") != "Another browser" || list.text("handoffs.0.why") != "I have no key" || list.text("handoffs.0.by.name") != "Dana Whitfield" ||
			list.text("handoffs.1.tried") != "Restarted it" || list.num("handoffs.1.id") != owed.num("owes_tried") || list.at("handoffs.1.tried_due") != false ||
			list.text("handoffs.2.way") != "back" || list.num("handoffs.2.from.tier") != 3 || list.num("handoffs.2.to.id") != int64(w.help) {
			t.Fatal(list.raw)
		}
		lines := w.want(dana, "GET", request(id, "/history"), nil, 200, "")
		if !strings.Contains(lines.raw, `"kind":"tried"`) || !strings.Contains(lines.raw, `"handoff":`) {
			t.Fatal(lines.raw)
		}

		// Who asked reads who has it, and nothing of the rest.
		w.want(tessa, "GET", request(id, "/handoffs"), nil, 403, "")
		w.want(w.luis, "GET", request(id, "/handoffs"), nil, 403, "")
		asked := w.want(tessa, "GET", request(id, ""), nil, 200, "")
		if asked.text("team.name") != "Technology" {
			t.Fatal(asked.raw)
		}
		read := asked.raw + w.want(tessa, "GET", request(id, "/history"), nil, 200, "").raw
		for _, secret := range []string{"Another browser", "no key", "Restarted", "They say", `"kind":"tried"`, `"handoff`, `"tier"`, "tried_due", "came_from", `"next"`} {
			if strings.Contains(read, secret) {
				t.Errorf("who asked reads %s: %s", secret, read)
			}
		}
		if !strings.Contains(read, `"kind":"handed_up"`) {
			t.Error("who asked does not read that it was passed on")
		}
	})
}
