package district_test

import (
	"fmt"
	"strings"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

func TestImportSites(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		admin := h.as(h.rosa)
		sites := `SELECT count(*) FROM district_site`
		bad := strings.Join([]string{
			"Name,Level,Enrollment,Title One",
			`Birch Elementary School,elem,"1,204",yes`,
			`,middle,30,no`,
			`Cedar Middle School,castle,many,maybe`,
			`Birch  ELEMENTARY School,high,12,x`,
			`"Dogwood,high,1,no`,
			`Elm School,high,12.5,no`,
			`Fir School,high,1,204,yes`,
			`Gum School,high,900000,no`,
		}, "\r\n")
		p, err := h.ImportSites(admin, bad)
		field(t, err, "text", "district.import.refused")
		if n := err.(*errs.Error).Fields[0].Args["Count"]; n != 7 {
			t.Errorf("%v rows refused, want 7", n)
		}
		got := map[string]bool{}
		for _, x := range p.Problems {
			got[fmt.Sprintf("%d %s %s", x.Row, x.Column, x.Key)] = true
		}
		for _, want := range []string{
			"3 name field.required",
			"4 level district.import.level", "4 enrollment field.not_number", "4 title_one district.import.yes_no",
			"5 name district.import.twice", "6  district.import.quotes", "7 enrollment field.not_number",
			"8  district.import.too_many_cells", "9 enrollment field.too_large",
		} {
			if !got[want] {
				t.Errorf("not told: %s (told %v)", want, got)
			}
		}
		if n := h.count(sites); n != 3 {
			t.Fatalf("a refused import left %d sites", n)
		}
		if n := h.events("site.created"); n != 3 {
			t.Errorf("a refused import told of %d sites", n-3)
		}

		// From a spreadsheet in Spanish, with one site that is there already.
		good := "\ufeffEscuela\tMatrícula\tNivel\nBirch Elementary School\t1,204\tPrimaria\nOak High School\t1204\thigh\n\nCentro de Servicios\t\toficina\n"
		preview := must(h.PreviewSites(admin, good))(t)
		if preview.Created != 2 || preview.Kept != 1 || preview.Refused != 0 || preview.Rows[2].Row != 5 {
			t.Fatalf("preview %+v", preview)
		}
		if n := h.count(sites); n != 3 {
			t.Fatal("a preview wrote")
		}
		must(h.ImportSites(admin, good))(t)
		list := must(h.Sites(admin, false))(t)
		if len(list) != 5 || list[0].Name != "Birch Elementary School" || list[0].Short != "Birch" || list[0].Enrollment != 1204 || list[0].Zone != "America/Denver" {
			t.Fatalf("sites %+v", list)
		}
		// Again, with a correction: one changes, nothing doubles.
		again := must(h.ImportSites(admin, strings.Replace(good, "Oak High School\t1204", "Oak High School\t1300", 1)))(t)
		if again.Changed != 1 || again.Kept != 2 || again.Created != 0 || h.count(sites) != 5 {
			t.Errorf("again: %+v", again)
		}
		if again = must(h.ImportSites(admin, "Oak High School, high, 1300"))(t); again.Kept != 1 {
			t.Errorf("nothing to do: %+v", again)
		}

		for text, want := range map[string]errs.Kind{
			" \n\n": errs.Invalid, "Name, Level\n": errs.Invalid, "\xff\xfe": errs.Invalid,
			strings.Repeat("x", 1<<20+1): errs.TooLarge, strings.Repeat("a, high\n", 5001): errs.Invalid,
		} {
			if _, err := h.ImportSites(admin, text); !errs.Is(err, want) {
				t.Errorf("%.20q: %v, want %v", text, err, want)
			}
		}
	})
}

func TestImportRooms(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		lib := must(h.Room(h.sys, h.lib))(t)
		must(h.ChangeRoom(h.sys, district.ChangeRoom{ID: h.lib, Version: lib.Version, Name: "Library", Active: false}))(t)
		if rooms := must(h.Rooms(h.sys, h.marsh, false))(t); len(rooms) != 0 {
			t.Fatalf("a closed room is offered: %+v", rooms)
		}
		p, err := h.ImportRooms(h.sys, h.marsh, "Room 1\nRoom 2\n\nroom  1\n"+strings.Repeat("long", 20))
		field(t, err, "text", "district.import.refused")
		if p.Refused != 2 || len(must(h.Rooms(h.sys, h.marsh, true))(t)) != 1 {
			t.Fatalf("refused %+v", p)
		}
		p = must(h.ImportRooms(h.sys, h.marsh, "Room 1\r\nRoom 2\r\nlibrary"))(t)
		if p.Created != 2 || p.Changed != 1 || p.Kept != 0 {
			t.Errorf("%+v", p)
		}
		if rooms := must(h.Rooms(h.sys, h.marsh, false))(t); len(rooms) != 3 || rooms[0].ID != h.lib || rooms[0].Name != "library" {
			t.Errorf("rooms %+v", rooms)
		}
		_, err = h.CreateRoom(h.sys, district.CreateRoom{Site: h.marsh, Name: "ROOM 1"})
		field(t, err, "name", "district.room.taken")
		_, err = h.ImportRooms(h.sys, 999, "Room 1")
		refusedAs(t, err, errs.NotFound, "error.not_found")
	})
}

func TestSitesAreVersionedAndClosed(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		_, err := h.CreateSite(h.sys, district.CreateSite{Name: "OAK high school", Level: district.LevelHigh})
		field(t, err, "name", "district.site.taken")
		v := must(h.CloseSite(h.sys, h.oak, 1))(t)
		if len(must(h.Sites(h.sys, false))(t)) != 2 || len(must(h.Sites(h.sys, true))(t)) != 3 {
			t.Error("closed and still offered, or gone")
		}
		_, err = h.CloseSite(h.sys, h.oak, 1)
		refusedAs(t, err, errs.Precondition, "error.stale")
		_, err = h.CreateRoom(h.sys, district.CreateRoom{Site: h.oak, Name: "Gym"})
		refusedAs(t, err, errs.Conflict, "district.site.closed")
		// Who was there stays changeable, nobody new comes.
		pat := must(h.Person(h.sys, h.pat))(t)
		must(h.ChangePerson(h.sys, changed(pat, func(c *district.ChangePerson) { c.Title = "Principal" })))(t)
		_, err = h.CreatePerson(h.sys, district.CreatePerson{Name: "New", Site: h.oak})
		field(t, err, "site", "field.unknown_choice")
		must(h.ReopenSite(h.sys, h.oak, v))(t)
		v = must(h.ChangeSite(h.sys, district.ChangeSite{ID: h.oak, Version: v + 1, Name: "Oak High School", Level: district.LevelCombined, Zone: "America/New_York"}))(t)
		if s := must(h.Site(h.sys, h.oak))(t); s.Version != v || s.Zone != "America/New_York" || s.Enrollment != 0 {
			t.Errorf("%+v", s)
		}
	})
}
