package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

func TestPlaces(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.rosa), "/settings/places/"+id(c.marsh)

		// A slip keeps what was typed, the number that is none included.
		f := b.get(at, 200).Form("#place-form").Set("name", "").Set("enrollment", "about 400")
		_, p := b.send(f, at, 422)
		has(t, p, "#f-enrollment-error", "Write a number")
		if got := value(p, "#place-form", "enrollment"); got != "about 400" {
			t.Fatalf("the field says %q", got)
		}
		has(t, p, "h1", "Marsh Elementary School")

		// Two people change the same site: the second reads what the first saved,
		// keeps what they typed, and sending it again means it.
		mine := b.get(at, 200).Form("#place-form").Set("name", "Marsh School").Set("enrollment", "430")
		theirs := w.as(c.rosa)
		if to, _ := theirs.send(theirs.get(at, 200).Form("#place-form").Set("name", "Marsh Primary").Set("level", "combined"), at, 200); to != "/settings/places?done=saved" {
			t.Fatalf("saving led to %q", to)
		}
		_, p = b.send(mine, at, 412)
		has(t, p, "#f-name-error", "“Marsh Primary”")
		has(t, p, "#f-level-error", "“Combined school”")
		has(t, p, "main p", "Save again to keep yours")
		again := p.Form("#place-form")
		if again.Values.Get("name") != "Marsh School" || again.Values.Get("enrollment") != "430" {
			t.Fatalf("what was typed is lost: %v", again.Values)
		}
		_, p = b.send(again, at, 200)
		has(t, p, "#places th", "Marsh School")
		s := must[district.Site](t)(w.d.Site(c.admin, c.marsh))
		if s.Name != "Marsh School" || s.Enrollment != 430 || s.Level != district.LevelElementary {
			t.Fatalf("saved %+v", s)
		}

		// Closing takes it out of every choice and is taken back with one press.
		to, p := b.send(b.get(at, 200).Form("#switch-form"), at, 200)
		if to != "/settings/places?done=closed" {
			t.Fatalf("closing led to %q", to)
		}
		has(t, p, "#places th", "Marsh School Closed")
		if value(b.get("/settings/people/new", 200), "#person-form", "site") != "" || strings.Contains(b.get("/settings/people/new", 200).HTML(), ">Marsh School<") {
			t.Error("a closed site is offered")
		}
		if to, _ := b.send(b.get(at, 200).Form("#switch-form"), at, 200); to != "/settings/places?done=reopened" {
			t.Fatalf("reopening led to %q", to)
		}
	})
}

func TestPaste(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.rosa), "/settings/places/paste"
		before := count(t, w, `SELECT count(*) FROM district_site`)

		f := b.get(at, 200).Form("#paste-form").Set("text", "Willow High School, high, 900, no\nOak, castle\nMarsh Elementary School, elementary, 412").Press("Look at it first")
		_, p := b.send(f, at, 422)
		if rows := p.Texts("#preview tbody tr"); len(rows) != 3 || !strings.HasPrefix(rows[0], "2 Oak") {
			t.Fatalf("the line to correct is not first: %q", rows)
		}
		has(t, p, "#f-text-error", "1 line needs a correction")
		if p.Has("button[value=import]") {
			t.Error("a list with a slip can be brought in")
		}

		f = p.Form("#paste-form").Set("text", "Willow High School, high, 900, no\nMarsh Elementary School, elementary, 412").Press("Look at it first")
		_, p = b.send(f, at, 200)
		has(t, p, "main p", "New: 1. Changed: 0. Same as before: 1. To correct: 0.")
		if n := count(t, w, `SELECT count(*) FROM district_site`); n != before {
			t.Fatalf("looking made %d sites", n-before)
		}

		// What was not looked at is not brought in.
		other := p.Form("#paste-form").Set("text", "Elm High School, high").Press("Save this list")
		_, q := b.send(other, at, 200)
		has(t, q, "#preview th", "Elm High School")
		if to, _ := b.send(p.Form("#paste-form").Press("Save this list"), at, 200); to != "/settings/places?done=saved" {
			t.Fatalf("bringing in led to %q", to)
		}
		if n := count(t, w, `SELECT count(*) FROM district_site`); n != before+1 {
			t.Fatalf("%d sites more", n-before)
		}

		at = "/settings/places/" + id(c.cedar) + "/rooms"
		_, p = b.send(b.get(at, 200).Form("#paste-form").Set("text", "101\n102\nGym").Press("Look at it first"), at, 200)
		_, p = b.send(p.Form("#paste-form").Press("Save this list"), at, 200)
		if rooms := p.Texts("#rooms tbody th"); !slices.Equal(rooms, []string{"101", "102", "Gym"}) {
			t.Fatalf("rooms %q", rooms)
		}
		room := p.Link("Gym")
		_, p = b.send(b.get(room, 200).Form("form.form").Set("name", "Gymnasium"), room, 200)
		has(t, p, "#rooms th", "Gymnasium")
	})
}

func TestPeople(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b := w.as(c.rosa)

		// Somebody new, with a role too many and a room that is not there.
		at := "/settings/people/new"
		f := b.get(at, 200).Form("#person-form").Set("name", "Omar Haddad").Set("email", "omar@jv.example").Set("site", id(c.marsh)).
			Set("room", "214").Set("role0", "principal").Set("at0", "").Set("role1", "teacher").Set("at1", id(c.marsh))
		_, p := b.send(f, at, 422)
		has(t, p, "#f-room-error", "Rooms there: Library")
		f = p.Form("#person-form").Set("room", "library")
		_, p = b.send(f, at, 422)
		has(t, p, "#f-grants .err", "Principal")
		f = p.Form("#person-form").Set("at0", id(c.marsh))
		to, p := b.send(f, at, 200)
		at, _, _ = strings.Cut(to, "?")
		if got := p.Form("#person-form").Values["grant"]; !slices.Equal(got, []string{"principal@" + id(c.marsh), "teacher@" + id(c.marsh)}) {
			t.Fatalf("roles %q", got)
		}
		if value(p, "#person-form", "room") != "Library" {
			t.Fatal("the room is lost")
		}

		// Taking a box's mark away takes the role away.
		f = p.Form("#person-form")
		f.Values["grant"] = f.Values["grant"][1:]
		_, p = b.send(f, at, 200)
		if got := p.Form("#person-form").Values["grant"]; !slices.Equal(got, []string{"teacher@" + id(c.marsh)}) {
			t.Fatalf("roles %q", got)
		}

		// The list is searched by the beginnings of words, and says so when empty.
		if rows := b.get("/settings/people?q=had+om", 200).Texts("#people tbody th"); len(rows) != 1 || !strings.HasPrefix(rows[0], "Omar Haddad") {
			t.Fatalf("found %q", rows)
		}
		has(t, b.get("/settings/people?q=nobody+at+all", 200), ".empty", "Nobody found")
		if rows := b.get("/settings/people?role=tier1", 200).Texts("#people tbody th"); len(rows) != 1 {
			t.Fatalf("by role: %q", rows)
		}

		// Who still answers for something stays, and the page says for what.
		lee := "/settings/people/" + id(c.lee)
		_, p = b.send(b.get(lee, 200).Form("#switch-form"), lee, 409)
		has(t, p, "#errors", "Sign-in")
		to, p = b.send(b.get(at, 200).Form("#switch-form"), at, 200)
		if !strings.HasSuffix(to, "?done=deactivated") || p.Has("#invite-form") {
			t.Fatalf("deactivating led to %q", to)
		}
		if rows := b.get("/settings/people?gone=1", 200).Texts("#people tbody th"); len(rows) != 1 {
			t.Fatalf("deactivated: %q", rows)
		}
	})
}

func TestTeamsAndServices(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b := w.as(c.rosa)

		// A name that fits two people asks for the address, one that fits nobody
		// says so, and what was typed stays.
		at := "/settings/services/new"
		f := b.get(at, 200).Form("#service-form").Set("name", "Chromebooks").Set("owner", "sam lee").Set("cover", "Zzyzx")
		_, p := b.send(f, at, 422)
		has(t, p, "#f-owner-error", "sam.lee2@jv.example")
		has(t, p, "#f-cover-error", "We don't know “Zzyzx”")
		if value(p, "#service-form", "owner") != "sam lee" {
			t.Fatal("the name is lost")
		}
		f = p.Form("#service-form").Set("owner", "SAM.LEE2@jv.example").Set("cover", "whitf").Set("icon", "laptop").Set("team", id(c.tech))
		_, p = b.send(f, at, 200)
		has(t, p, "#services tbody tr", "Chromebooks Sam Lee Dana Whitfield Technology")
		edit := p.Link("Chromebooks")
		if got := value(b.get(edit, 200), "#service-form", "owner"); got != "Sam Lee (sam.lee2@jv.example)" {
			t.Fatalf("the form says %q", got)
		}
		mine := b.get(edit, 200).Form("#service-form").Set("cover", "rosa@jv.example")
		if to, _ := b.send(b.get(edit, 200).Form("#service-form").Set("name", "Laptops").Set("owner", "Dana").Set("cover", "rosa"), edit, 200); to != "/settings/services?done=saved" {
			t.Fatalf("saving led to %q", to)
		}
		_, p = b.send(mine, edit, 412)
		has(t, p, "#f-owner-error", "Dana Whitfield")
		has(t, p, "#f-name-error", "Laptops")
		b.send(b.get(edit, 200).Form("#switch-form"), edit, 200)

		at = "/settings/teams/new"
		f = b.get(at, 200).Form("#team-form").Set("name", "Marsh first help").Set("lead", "Dana Whitfield").Set("add", "tessa@jv.example")
		_, p = b.send(f, at, 422)
		has(t, p, "#f-add-error", "can't work the desk")
		f = p.Form("#team-form").Set("add", "sam.lee@jv.example\nRosa Delgado")
		_, p = b.send(f, at, 200)
		has(t, p, "#teams tbody tr", "Marsh first help Dana Whitfield First help at a school 3")
		edit = p.Link("Marsh first help")
		f = b.get(edit, 200).Form("#team-form")
		if n := len(f.Values["member"]); n != 3 {
			t.Fatalf("%d members", n)
		}
		f.Values["member"] = slices.DeleteFunc(f.Values["member"], func(s string) bool { return s == id(c.lee) })
		_, p = b.send(f, edit, 200)
		has(t, p, "#teams tbody tr", "Marsh first help Dana Whitfield First help at a school 2")
	})
}

func TestDistrictAndPrivate(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b := w.as(c.rosa)
		at := "/settings/district"
		mine := b.get(at, 200).Form("#district-form").Set("name", "Juniper Valley Schools")
		other := w.as(c.rosa)
		_, p := other.send(other.get(at, 200).Form("#district-form").Set("zone", "America/Phoenix"), at, 200)
		has(t, p, ".done", "Saved")
		_, p = b.send(mine, at, 412)
		has(t, p, "#f-zone-error", "Arizona (Phoenix)")
		_, p = b.send(p.Form("#district-form"), at, 200)
		has(t, p, ".brand", "Juniper Valley Schools")

		at = "/settings/private"
		p = b.get(at, 200)
		has(t, p, "#kind-safety", "Until then Rosa Delgado gets them")
		stale := p.Form("#form-lost_device").Set("add_lost_device", "Dana Whitfield")
		_, p = b.send(p.Form("#form-lost_device"), at, 422)
		has(t, p, "#f-add_lost_device-error", "fill this in")
		b.send(p.Form("#form-lost_device").Set("add_lost_device", "sam.lee@jv.example\nrosa"), at, 200)
		if got := w.named["lost_device"]; !slices.Equal(got, []district.PersonID{c.lee, c.rosa}) {
			t.Fatalf("named %v", got)
		}
		// Somebody else was faster: nobody is taken off the list unseen.
		_, p = b.send(stale, at, 412)
		if got := value(p, "#form-lost_device", "add_lost_device"); got != "Dana Whitfield" {
			t.Fatalf("what was typed is lost: %q", got)
		}
		if len(w.named["lost_device"]) != 2 {
			t.Fatal("the list was changed")
		}
	})
}

// TestSettingsAreUnknownToOthers sends every address of the settings as
// somebody who may not come in: the answer is that of an address that does not
// exist, byte for byte.
func TestSettingsAreUnknownToOthers(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		teacher, helper, stranger := w.as(c.tessa), w.as(c.dana), w.browser()
		seen := 0
		for _, route := range w.m.Routes() {
			if route.Policy.Name != district.Admin.Name {
				continue
			}
			seen++
			path := strings.ReplaceAll(route.Path, "{id}", "1")
			for _, b := range []*browser{teacher, helper} {
				got := b.do(httptest.NewRequest(route.Method, base+path, nil))
				none := b.do(httptest.NewRequest(route.Method, base+"/settings/nothing/here", nil))
				if got.Code != http.StatusNotFound || got.Body.String() != none.Body.String() {
					t.Errorf("%s %s answers %d, unlike an unknown address", route.Method, path, got.Code)
				}
				got.Header().Del("X-Request-Id")
				none.Header().Del("X-Request-Id")
				for k := range got.Header() {
					if !slices.Equal(got.Header()[k], none.Header()[k]) {
						t.Errorf("%s %s: header %s is %q, unlike %q", route.Method, path, k, got.Header()[k], none.Header()[k])
					}
				}
			}
			if route.Method == http.MethodGet {
				if got := stranger.do(httptest.NewRequest(http.MethodGet, base+path, nil)); got.Code != 303 || !strings.HasPrefix(got.Header().Get("Location"), "/sign-in?") {
					t.Errorf("%s leads a stranger to %d %q", path, got.Code, got.Header().Get("Location"))
				}
			}
		}
		if seen < 30 {
			t.Fatalf("only %d addresses are for administrators", seen)
		}
		if p := teacher.get("/account", 200); p.Has("a[href='/settings']") || p.Has(".places a[href='/desk']") {
			t.Error("a teacher is shown the way to pages that don't exist for them")
		}
		if p := helper.get("/account", 200); p.Has("a[href='/settings']") || !p.Has(".places a[href='/desk']") {
			t.Error("a helper is shown the wrong places")
		}
		if a := policy.ActorFrom(c.admin); !district.Admin.Permits(a) {
			t.Fatal("nobody is an administrator")
		}
	})
}
