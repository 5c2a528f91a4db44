package api_test

import (
	"strings"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
	"trellis/internal/testkit"
)

func TestPlaces(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		rosa := w.rosa

		site := w.want(rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "elementary", "enrollment": 412}, 201, "site.created", "Idempotency-Key: a1")
		again := w.want(rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "elementary", "enrollment": 412}, 201, "", "Idempotency-Key: a1")
		if site.num("id") != again.num("id") || site.body["short"] != "Marsh" || site.body["zone"] != "America/Denver" {
			t.Fatalf("%s then %s", site.raw, again.raw)
		}
		w.want(rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "office"}, 422, "", "Idempotency-Key: a1")
		taken := w.want(rosa, "POST", "/sites", obj{"name": "marsh  elementary school", "level": "office"}, 422, "")
		if !strings.Contains(taken.raw, `"location":"body.name"`) {
			t.Fatal(taken.raw)
		}
		w.want(rosa, "POST", "/sites", obj{"name": "Cedar", "level": "castle"}, 422, "")

		path := at("/sites", site.num("id"))
		w.want(rosa, "PATCH", path, obj{"enrollment": 430}, 428, "")
		changed := w.want(rosa, "PATCH", path, obj{"enrollment": 430, "title_one": true}, 200, "site.changed", match(site))
		if changed.body["name"] != "Marsh Elementary School" || changed.num("enrollment") != 430 || changed.body["title_one"] != true {
			t.Fatal(changed.raw)
		}
		w.want(rosa, "PATCH", path, obj{"enrollment": 440}, 412, "", match(site))
		w.want(rosa, "PATCH", path, obj{}, 200, "", match(changed))

		room := w.want(rosa, "POST", "/rooms", obj{"site": site.num("id"), "name": "214"}, 201, "room.created")
		room = w.want(rosa, "PATCH", at("/rooms", room.num("id")), obj{"name": "214B"}, 200, "room.changed", match(room))
		w.want(rosa, "PATCH", at("/rooms", room.num("id")), obj{"active": false}, 200, "room.closed", match(room))
		dry := w.want(rosa, "POST", path+"/rooms/import", obj{"text": "101\n101", "dry_run": true}, 200, "")
		if dry.num("refused") != 1 || !strings.Contains(dry.raw, "already in line 1") {
			t.Fatal(dry.raw)
		}
		w.want(rosa, "POST", path+"/rooms/import", obj{"text": "101\n101"}, 422, "")
		w.want(rosa, "POST", path+"/rooms/import", obj{"text": "101\n102"}, 200, "room.created room.created")
		rooms := w.want(rosa, "GET", "/rooms?closed=true&site="+path[len("/sites/"):], nil, 200, "")
		if len(rooms.items()) != 3 {
			t.Fatal(rooms.raw)
		}

		w.want(rosa, "POST", "/sites/import", obj{"text": "Cedar Ridge Middle School, middle\nOak High School, high, 900"}, 200, "site.created site.created")
		var names []string
		next := ""
		for range 4 {
			page := w.want(rosa, "GET", "/sites?limit=2"+next, nil, 200, "")
			for _, s := range page.items() {
				names = append(names, s["name"].(string))
			}
			cursor, _ := page.body["next"].(string)
			if cursor == "" {
				break
			}
			next = "&cursor=" + cursor
		}
		if got := strings.Join(names, "|"); got != "Cedar Ridge Middle School|District Office|Marsh Elementary School|Oak High School" {
			t.Fatalf("the pages say %s", got)
		}
		w.want(rosa, "GET", "/sites?closed=true"+next, nil, 422, "") // another question's place

		closed := w.want(rosa, "POST", path+"/close", nil, 200, "site.closed", match(changed))
		if closed.body["active"] != false {
			t.Fatal(closed.raw)
		}
		w.want(rosa, "POST", path+"/reopen", nil, 200, "site.reopened", match(closed))
		w.want(rosa, "GET", "/sites/999999", nil, 404, "")

		whole := w.want(rosa, "GET", "/district", nil, 200, "")
		w.want(rosa, "PATCH", "/district", obj{"zone": "Mars/Olympus"}, 422, "", match(whole))
		w.want(rosa, "PATCH", "/district", obj{"name": "Juniper Valley Schools"}, 200, "profile.changed", match(whole))
	})
}

func TestPeopleTeamsServices(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		rosa := w.rosa
		site := w.want(rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "elementary"}, 201, "site.created").num("id")
		room := w.want(rosa, "POST", "/rooms", obj{"site": site, "name": "Library"}, 201, "room.created").num("id")
		dana := w.want(rosa, "POST", "/people", obj{"name": "Dana Whitfield", "email": "dana@jv.example", "site": site, "room": room,
			"grants": []obj{{"role": "tier1", "site": site}, {"role": "teacher", "site": site}}}, 201, "person.created")
		w.want(rosa, "POST", "/people", obj{"name": "Dana Two", "email": "DANA@jv.example"}, 422, "")
		w.want(rosa, "POST", "/people", obj{"name": "Principal Without", "grants": []obj{{"role": "principal", "site": 0}}}, 422, "")
		tessa := w.want(rosa, "POST", "/people", obj{"name": "Tessa Nguyen", "email": "tessa@jv.example", "grants": []obj{{"role": "teacher", "site": site}}}, 201, "person.created")

		path := at("/people", dana.num("id"))
		dana = w.want(rosa, "PATCH", path, obj{"title": "Librarian"}, 200, "person.changed", match(dana))
		if len(dana.body["grants"].([]any)) != 2 || dana.num("room") != room {
			t.Fatalf("what was not sent is lost: %s", dana.raw)
		}
		// A room belongs to its site: leaving the site leaves the room.
		dana = w.want(rosa, "PATCH", path, obj{"site": 0}, 200, "person.changed", match(dana))
		if dana.num("room") != 0 {
			t.Fatal(dana.raw)
		}
		invite := w.want(rosa, "POST", path+"/invite", nil, 200, "invite.made")
		if link := invite.body["link"].(string); !strings.HasPrefix(link, base+"/invite/invite_") {
			t.Fatalf("link %q", link)
		}
		list := w.want(rosa, "GET", "/people?q=whit", nil, 200, "")
		if n := len(list.items()); n != 1 {
			t.Fatal(list.raw)
		}
		page := w.want(rosa, "GET", "/people?limit=1", nil, 200, "")
		more := w.want(rosa, "GET", "/people?limit=1&cursor="+page.body["next"].(string), nil, 200, "")
		if page.items()[0]["name"] != "Dana Whitfield" || more.items()[0]["name"] != "Rosa Delgado" {
			t.Fatalf("%s then %s", page.raw, more.raw)
		}

		team := w.want(rosa, "POST", "/teams", obj{"name": "Marsh first help", "lead": dana.num("id"), "tier": 1}, 201, "team.created")
		w.want(rosa, "PATCH", at("/teams", team.num("id")), obj{"members": []int64{dana.num("id"), tessa.num("id")}}, 422, "", match(team))
		team = w.want(rosa, "PATCH", at("/teams", team.num("id")), obj{"name": "Marsh help"}, 200, "team.changed", match(team))
		service := w.want(rosa, "POST", "/services", obj{"kind": "service", "name": "Sign-in", "owner": dana.num("id"), "cover": tessa.num("id"), "team": team.num("id")}, 201, "service.created")
		w.want(rosa, "PATCH", at("/services", service.num("id")), obj{"cover": dana.num("id")}, 422, "", match(service))
		service = w.want(rosa, "PATCH", at("/services", service.num("id")), obj{"team": 0}, 200, "service.changed", match(service))
		service = w.want(rosa, "POST", at("/services", service.num("id"))+"/close", nil, 200, "service.closed", match(service))
		w.want(rosa, "POST", at("/services", service.num("id"))+"/reopen", nil, 200, "service.reopened", match(service))
		if duties := w.want(rosa, "GET", "/services?kind=duty", nil, 200, ""); len(duties.items()) != 0 {
			t.Fatal(duties.raw)
		}

		held := w.want(rosa, "POST", path+"/deactivate", nil, 409, "", match(dana))
		if !strings.Contains(held.raw, "Marsh help") {
			t.Fatal(held.raw)
		}
		gone := w.want(rosa, "POST", at("/people", tessa.num("id"))+"/deactivate", nil, 409, "", match(tessa))
		if !strings.Contains(gone.raw, "Sign-in") {
			t.Fatal(gone.raw)
		}
		until := testkit.Start.Add(72 * time.Hour)
		out := w.want(rosa, "POST", "/absences", obj{"person": dana.num("id"), "until": until}, 201, "absence.declared")
		if away := w.want(rosa, "GET", path, nil, 200, ""); away.body["away_until"] != until.Format(time.RFC3339) {
			t.Fatal(away.raw)
		}
		w.want(rosa, "POST", at("/absences", out.num("id"))+"/end", nil, 200, "absence.ended", match(out))
		w.want(rosa, "POST", path+"/end-sessions", nil, 200, "")
	})
}

func TestOneself(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		site := w.want(w.rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "elementary"}, 201, "site.created").num("id")
		tessa := w.want(w.rosa, "POST", "/people", obj{"name": "Tessa Nguyen", "email": "tessa@jv.example", "grants": []obj{{"role": "teacher", "site": site}}}, 201, "person.created")
		token := w.tokenFor(tessa.num("id"), district.ScopeDistrictRead, district.ScopeDistrictWrite, district.ScopeRequestsRead, district.ScopeRequestsWrite)

		me := w.want(token, "GET", "/me", nil, 200, "")
		me = w.want(token, "PATCH", "/me", obj{"lang": "es-US", "site": site}, 200, "person.changed", match(me))
		if me.num("id") != tessa.num("id") || me.body["lang"] != "es-US" {
			t.Fatal(me.raw)
		}
		w.want(token, "PATCH", "/me", obj{"name": "Queen"}, 422, "", match(me))
		w.want(token, "POST", "/absences", obj{"until": testkit.Start.Add(time.Hour)}, 201, "absence.declared")

		// A token manages no tokens and no sessions, and reaches nobody else.
		for _, path := range []string{"/tokens", "/sessions"} {
			w.want(token, "GET", path, nil, 403, "")
		}
		w.want(token, "POST", "/tokens", obj{"name": "more", "scopes": []string{"requests:read"}}, 403, "")
		w.want(token, "GET", "/people", nil, 403, "")
		w.want(token, "GET", at("/people", tessa.num("id")-1), nil, 404, "")
		w.want(token, "POST", "/absences", obj{"person": tessa.num("id") - 1, "until": testkit.Start.Add(time.Hour)}, 404, "")
		w.want(token, "POST", "/sites", obj{"name": "Mine", "level": "high"}, 403, "")
		narrow := w.tokenFor(tessa.num("id"), district.ScopeDistrictRead)
		w.want(narrow, "PATCH", "/me", obj{"phone": "1"}, 403, "", match(me))
		w.want(narrow, "GET", "/notices", nil, 403, "")
		w.want("", "GET", "/me", nil, 401, "")
		w.want("trl_nonsense", "GET", "/me", nil, 401, "")

		// The browser's session does.
		made := w.want(w.cookie, "POST", "/tokens", obj{"name": "report", "scopes": []string{"desk:read"}, "days": 30}, 201, "token.created", "Idempotency-Key: t1")
		if !strings.HasPrefix(made.body["token"].(string), "trl_") {
			t.Fatal(made.raw)
		}
		twice := w.want(w.cookie, "POST", "/tokens", obj{"name": "report", "scopes": []string{"desk:read"}, "days": 30}, 201, "", "Idempotency-Key: t1")
		if twice.body["token"] != "" || twice.num("id") != made.num("id") {
			t.Fatal(twice.raw)
		}
		w.want(w.cookie, "DELETE", at("/tokens", made.num("id")), nil, 204, "token.revoked")
		list := w.want(w.cookie, "GET", "/tokens?limit=1", nil, 200, "")
		rest := w.want(w.cookie, "GET", "/tokens?limit=1&cursor="+list.body["next"].(string), nil, 200, "")
		if list.items()[0]["revoked"] == nil || rest.items()[0]["name"] != "test" {
			t.Fatalf("%s then %s", list.raw, rest.raw)
		}
		sessions := w.want(w.cookie, "GET", "/sessions", nil, 200, "")
		if s := sessions.items(); len(s) != 1 || s[0]["current"] != true {
			t.Fatal(sessions.raw)
		}
		w.want(w.cookie, "POST", "/sessions/end-others", nil, 200, "")
		w.want(w.cookie, "DELETE", "/sessions/999999", nil, 404, "")

		err := w.db.Write(w.admin, "tell", func(tx *db.Tx) error {
			tx.Unlogged("test")
			return notice.Send(tx, notice.Notice{To: tessa.num("id"), Why: "district.password.same", About: event.Ref{Kind: "ticket", ID: 7}})
		})
		if err != nil {
			t.Fatal(err)
		}
		told := w.want(token, "GET", "/notices", nil, 200, "", "Accept-Language: es")
		if n := told.items(); len(n) != 1 || n[0]["unread"] != true || !strings.Contains(n[0]["text"].(string), "contraseña") {
			t.Fatal(told.raw)
		}
		read := w.want(token, "POST", "/notices/read", obj{"ids": []int64{int64(told.items()[0]["id"].(float64))}}, 200, "")
		if read.num("read") != 1 {
			t.Fatal(read.raw)
		}
		if again := w.want(token, "POST", "/notices/read", obj{"until": testkit.Start.Add(time.Hour)}, 200, ""); again.num("read") != 0 {
			t.Fatal(again.raw)
		}
		err = w.db.Write(w.admin, "tell", func(tx *db.Tx) error {
			tx.Unlogged("test")
			for _, about := range []int64{7, 8} {
				if err := notice.Send(tx, notice.Notice{To: tessa.num("id"), Why: "district.password.same", About: event.Ref{Kind: "ticket", ID: about}}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := w.want(token, "GET", "/notices/unread", nil, 200, ""); n.num("unread") != 2 {
			t.Fatal(n.raw)
		}
		if seen := w.want(token, "POST", "/notices/read", obj{"about": obj{"kind": "ticket", "id": 8}}, 200, ""); seen.num("read") != 1 {
			t.Fatal(seen.raw)
		}
		left := w.want(token, "GET", "/notices?limit=1", nil, 200, "")
		if n := left.items(); n[0]["unread"] != false || left.body["next"] == nil {
			t.Fatal(left.raw)
		}
		w.want(token, "GET", "/people/find?q=te&cursor="+left.body["next"].(string), nil, 422, "")
		if n := w.want(token, "GET", "/notices/unread", nil, 200, ""); n.num("unread") != 1 {
			t.Fatal(n.raw)
		}
		w.want(w.cookie, "DELETE", at("/sessions", int64(sessions.items()[0]["id"].(float64))), nil, 204, "session.ended")
		w.want(w.cookie, "GET", "/me", nil, 401, "")
	})
}

// TestNobodyElseChangesTheDistrict calls every operation as a teacher with
// every scope that a teacher's token can have: none of those for administrators
// lets them in.
func TestNobodyElseChangesTheDistrict(t *testing.T) {
	w := build(t, testkit.Open(t, db.SQLite, setup()))
	site := w.call(w.rosa, "POST", "/sites", obj{"name": "Marsh Elementary School", "level": "elementary"}).num("id")
	tessa := w.call(w.rosa, "POST", "/people", obj{"name": "Tessa Nguyen", "email": "tessa@jv.example", "grants": []obj{{"role": "teacher", "site": site}}}).num("id")
	token := w.tokenFor(tessa, district.ScopeDistrictRead, district.ScopeDistrictWrite)
	seen := 0
	for _, r := range w.m.Routes() {
		if r.Policy.Name != district.Admin.Name {
			continue
		}
		seen++
		path := strings.ReplaceAll(strings.TrimPrefix(r.Path, "/api/v1"), "{id}", "1")
		w.want(token, r.Method, path, nil, 403, "")
	}
	if seen < 20 {
		t.Fatalf("only %d operations are for administrators", seen)
	}
}
