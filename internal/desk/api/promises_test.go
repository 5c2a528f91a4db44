package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	operations "trellis/internal/desk/api"
	"trellis/internal/district"
	"trellis/internal/platform/api"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/web"
	"trellis/internal/testkit"
)

// door is a small district behind its API.
type door struct {
	t     *testing.T
	desk  *desk.Desk
	clock *clock.Manual
	mux   *web.Mux

	marsh district.SiteID
	// Tokens: of an administrator, of first help at Marsh, of two teachers there.
	rosa, sam, tessa, luis string
	session                string // the administrator's, of a browser
	reads, works           string // the administrator's tokens for the district alone, and for the desk alone
}

func newDoor(t *testing.T, d *db.DB, c *clock.Manual) *door {
	t.Helper()
	blobs := got[*blob.Store](t)(blob.Open(t.TempDir()+"/blobs", blob.Options{}))
	hasher := got[*secret.Hasher](t)(secret.NewHasher(secret.Params{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	words := got[*i18n.Catalogue](t)(i18n.NewCatalogue(i18n.Messages, web.Messages, api.Messages, district.Messages, desk.Messages, operations.Messages))
	words.Strict()
	o := &door{t: t, clock: c, desk: desk.New(desk.Deps{DB: d, Blobs: blobs})}
	k := district.New(district.Deps{DB: d, Hasher: hasher})
	log := slog.New(slog.DiscardHandler)
	u, _ := url.Parse("http://jv.example")
	o.mux = web.New(web.Deps{Log: log, Clock: c, Sessions: k, BaseURL: u, Words: words})
	a := api.New(api.Options{Mux: o.mux, Tokens: district.TokenDoor{District: k}, Log: log, Clock: c, Title: "Trellis", Version: "1"})
	operations.Register(a, operations.Deps{Desk: o.desk})

	sys := policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
	session, first, err := k.SetUp(context.Background(), district.SetUp{Key: got[string](t)(k.MakeSetupKey(sys)), District: "Juniper Valley", Zone: "America/Denver", Lang: "en",
		Name: "Rosa Delgado", Email: "rosa@jv.example", Password: "correct horse battery staple", Site: "District Office", Team: "Technology"})
	if err != nil {
		t.Fatal(err)
	}
	o.session = session
	own := []string{district.ScopeRequestsRead, district.ScopeRequestsWrite}
	works := append([]string{district.ScopeDeskRead, district.ScopeDeskWrite}, own...)
	token := func(p district.PersonID, scopes []string) string {
		plain, _, err := k.CreateToken(sys, district.CreateToken{For: p, Name: "test", Scopes: scopes})
		if err != nil {
			t.Fatal(err)
		}
		return plain
	}
	o.marsh = got[district.SiteID](t)(k.CreateSite(sys, district.CreateSite{Name: "Marsh Middle School", Level: district.LevelMiddle}))
	person := func(name, role string, scopes []string) string {
		return token(got[district.PersonID](t)(k.CreatePerson(sys, district.CreatePerson{Name: name, Site: o.marsh, Grants: []district.Grant{{Role: role, Site: o.marsh}}})), scopes)
	}
	o.rosa = token(first.Person, district.Scopes)
	o.reads, o.works = token(first.Person, []string{district.ScopeDistrictRead}), token(first.Person, works)
	o.sam, o.tessa, o.luis = person("Sam Kim", district.RoleTier1, works), person("Tessa Okafor", district.RoleTeacher, own), person("Luis Prado", district.RoleTeacher, own)
	return o
}

func got[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// call asks, and demands the status.
func (o *door) call(token, method, path string, body any, status int) obj {
	o.t.Helper()
	raw := ""
	if body != nil {
		raw = string(got[[]byte](o.t)(json.Marshal(body)))
	}
	r := httptest.NewRequest(method, "http://jv.example/api/v1"+path, strings.NewReader(raw))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token == o.session {
		r.AddCookie(&http.Cookie{Name: "trellis", Value: token})
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	} else {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	o.mux.ServeHTTP(rec, r)
	if rec.Code != status {
		o.t.Fatalf("%s %s answers %d, want %d: %s", method, path, rec.Code, status, rec.Body)
	}
	var out any
	if rec.Body.Len() > 0 {
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
			o.t.Fatalf("%s %s answers %q", method, path, rec.Body)
		}
	}
	if list, ok := out.([]any); ok {
		return obj{"list": list}
	}
	m, _ := out.(obj)
	return m
}

// TestPromises: a request's clocks, what starts and stops them, what is
// promised and who is told, through the API.
func TestPromises(t *testing.T) {
	c := clock.NewManual(testkit.Start)
	schemas := []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations}, {Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations}}
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)) // Denver, Monday 8 am
		o := newDoor(t, d, c)
		ask := func(impact string) string {
			return fmt.Sprint(int64(o.call(o.tessa, "POST", "/requests", obj{"text": "Projector flickers", "impact": impact}, 201)["id"].(float64)))
		}
		slow, stopped := ask("slowed"), ask("stopped")
		clockOf := func(id string, n int) obj {
			return o.call(o.tessa, "GET", "/requests/"+id+"/clocks", nil, 200)["clocks"].([]any)[n].(obj)
		}
		if x := clockOf(slow, 0); x["metric"] != "first" || x["standing"] != "running" || x["due"] != "2026-03-02T19:00:00Z" || x["target"] != 14400.0 {
			t.Errorf("%v", x)
		}
		o.call(o.luis, "GET", "/requests/"+slow+"/clocks", nil, 404)

		// In the order of what is due, with the time.
		items := o.call(o.sam, "GET", "/requests?sort=due", nil, 200)["items"].([]any)
		if a, b := items[0].(obj), items[1].(obj); a["number"] != "R-"+stopped || a["due"] != "2026-03-02T15:15:00Z" || b["number"] != "R-"+slow {
			t.Errorf("%v", items)
		}
		c.Set(time.Date(2026, 3, 2, 15, 30, 0, 0, time.UTC))
		if n := o.call(o.sam, "GET", "/requests/counts", nil, 200)["late"]; n != 1.0 {
			t.Errorf("%v are late", n)
		}
		if late := o.call(o.sam, "GET", "/requests?view=late", nil, 200)["items"].([]any); len(late) != 1 {
			t.Errorf("%v", late)
		}

		// On my way, and help in the room, are first answers.
		o.call(o.tessa, "POST", "/requests/"+slow+"/on-my-way", obj{"minutes": 5}, 403)
		o.call(o.sam, "POST", "/requests/"+slow+"/on-my-way", obj{"minutes": 0}, 422)
		o.call(o.sam, "POST", "/requests/"+slow+"/on-my-way", obj{"minutes": 5}, 200)
		if x := clockOf(slow, 0); x["standing"] != "kept" || x["spent"] != 1800.0 || x["days"].([]any)[0].(obj)["counted"] != 1800.0 {
			t.Errorf("%v", x)
		}
		said := o.call(o.tessa, "GET", "/requests/"+slow, nil, 200)["messages"].([]any)
		if m := said[len(said)-1].(obj); m["minutes"] != 5.0 || m["text"] != "" {
			t.Errorf("%v", m)
		}
		o.call(o.sam, "POST", "/requests/"+stopped+"/help", obj{"helped_at": "2026-03-02T16:00:00Z"}, 422)
		o.call(o.sam, "POST", "/requests/"+stopped+"/help", obj{"helped_at": "2026-03-02T15:10:00Z", "text": "New cable"}, 200)
		if x := clockOf(stopped, 0); x["standing"] != "kept" || x["missed"] != nil {
			t.Errorf("%v", x)
		}

		// What is promised.
		list := o.call(o.sam, "GET", "/promises", nil, 200)["promises"].([]any)
		if p := list[0].(obj); p["impact"] != "stopped" || p["first"] != 900.0 || p["version"] != nil {
			t.Errorf("%v", p)
		}
		set := obj{"promises": []obj{{"impact": "slowed", "site": o.marsh, "first": 7200, "next": 14400, "solve": 36000}}}
		o.call(o.sam, "PUT", "/promises", set, 403)
		list = o.call(o.rosa, "PUT", "/promises", set, 200)["promises"].([]any)
		if p := list[len(list)-1].(obj); p["site"] != float64(o.marsh) || p["solve"] != 36000.0 || p["version"] != 1.0 {
			t.Errorf("%v", p)
		}
		o.call(o.rosa, "PUT", "/promises", obj{"promises": []obj{{"impact": "slowed", "site": o.marsh, "first": 3600, "next": 0, "solve": 0}, {"impact": "slowed", "first": 3600, "next": 0, "solve": 0}}}, 422)
		o.call(o.rosa, "DELETE", fmt.Sprintf("/promises?site=%d", o.marsh), nil, 204)
		o.call(o.rosa, "DELETE", fmt.Sprintf("/promises?site=%d", o.marsh), nil, 404)

		// Who is told when.
		if a := o.call(o.sam, "GET", "/promises/alarms", nil, 200)["list"].([]any)[0].(obj); a["impact"] != "stopped" || a["set"] != false || len(a["alarms"].([]any)) != 12 {
			t.Errorf("%v", a)
		}
		alarms := obj{"alarms": []obj{{"metric": "first", "point": "before", "amount": 300, "tell": "lead"}}}
		o.call(o.sam, "PUT", "/promises/alarms/stopped", alarms, 403)
		o.call(o.rosa, "PUT", "/promises/alarms/dull", alarms, 422)
		if a := o.call(o.rosa, "PUT", "/promises/alarms/stopped", alarms, 200)["list"].([]any)[0].(obj); a["set"] != true || len(a["alarms"].([]any)) != 1 {
			t.Errorf("%v", a)
		}

		// What a snow day would do; it does nothing.
		snow := obj{"days": []obj{{"site": o.marsh, "date": "2026-03-02", "kind": "closed", "name": "Snow day"}}}
		o.call(o.sam, "POST", "/promises/shift", snow, 403)
		o.call(o.rosa, "POST", "/promises/shift", obj{"days": []obj{{"date": "2026-03-02", "kind": "hours", "hours": "noon", "name": "x"}}}, 422)
		before := clockOf(slow, 1)["due"]
		// A token that may look at such a change counts; requests are named to
		// one that reads the desk.
		for token, named := range map[string]int{o.session: 2, o.rosa: 2, o.reads: 0} {
			would := o.call(token, "POST", "/promises/shift", snow, 200)
			if would["open"] != 2.0 || would["later"] != 2.0 || len(would["sample"].([]any)) != named {
				t.Errorf("%d named: %v", named, would)
			}
		}
		o.call(o.works, "POST", "/promises/shift", snow, 403)
		if after := clockOf(slow, 1)["due"]; after != before {
			t.Errorf("looking moved it from %v to %v", before, after)
		}
	})
}
