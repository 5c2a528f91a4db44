package web_test

import (
	"slices"
	"strings"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// The table says who is asked at each step and who said so; a path is set,
// refused with the sentence at its step, noticed when another set it, and taken
// away again.
func TestPaths(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		team := func(name string, tier int, lead district.PersonID) district.TeamID {
			return must[district.TeamID](t)(w.d.CreateTeam(c.admin, district.CreateTeam{Name: name, Lead: lead, Tier: tier}))
		}
		library, data, vendor := team("Library", 1, c.dana), team("Data", 2, c.lee), team("Gradebook vendor", 3, c.rosa)
		b, at := w.as(c.rosa), "/settings/paths?site="+id(c.marsh)
		rows := func(path string) []string { return b.get(path, 200).Texts("#paths tbody tr") }
		row := func(path, name string) string {
			t.Helper()
			list := rows(path)
			i := slices.IndexFunc(list, func(s string) bool { return strings.HasPrefix(s, name+" ") })
			if i < 0 {
				t.Fatalf("no row %q in %q", name, list)
			}
			return strings.TrimPrefix(list[i], name+" ")
		}
		cells := func(one, two, three, by string) string {
			return "First help at a school " + one + " Specialists of the district " + two + " Contact with a vendor " + three + " Where it was set " + by
		}
		same := func(path, name, want string) {
			t.Helper()
			if got := row(path, name); got != want {
				t.Errorf("%s at %s: %q, want %q", name, path, got, want)
			}
		}

		same("/settings/paths", "Sign-in", cells("The school’s own team", "Technology", "–", "Not set: this is how it starts"))
		same(at, "Sign-in", cells("–", "Technology", "–", "Not set: this is how it starts"))

		// For the service everywhere, with a vendor at the end.
		set := "/settings/paths/set?service=" + id(c.signIn)
		p := b.get(set, 200)
		has(t, p, "h1", "Sign-in, everywhere")
		f := p.Form("#path-form")
		if f.Values.Get("tier_1") != "any" || f.Values.Get("tier_2") != "any" || f.Values.Get("tier_3") != "" {
			t.Fatalf("it starts from %v", f.Values)
		}
		if p.Has("#drop-form") {
			t.Error("nothing can be taken away")
		}
		_, p = b.send(f.Set("tier_2", id(data)).Set("tier_3", id(vendor)), set, 200)
		has(t, p, "[role=status], .done", "Saved")
		same("/settings/paths", "Sign-in", cells("The school’s own team", "Data", "Gradebook vendor", "Set here"))
		same(at, "Sign-in", cells("–", "Data", "Gradebook vendor", "From: Sign-in, everywhere"))

		// What leads nowhere is refused at its step, with what was typed.
		here := "/settings/paths/set?service=" + id(c.signIn) + "&site=" + id(c.marsh)
		f = b.get(here, 200).Form("#path-form")
		if f.Values.Get("tier_3") != id(vendor) {
			t.Fatalf("it starts from what holds: %v", f.Values)
		}
		_, p = b.send(f.Set("tier_1", id(data)).Set("tier_2", id(data)), here, 422)
		has(t, p, "#f-tier_2-error", "helps on the same way already")
		if value(p, "#path-form", "tier_1") != id(data) {
			t.Error("what was typed is lost")
		}
		_, p = b.send(f.Set("tier_1", "").Set("tier_2", ""), here, 422)
		has(t, p, "#f-tier_2-error", "Nobody in the district would help before a vendor")
		_, p = b.send(f.Set("tier_1", "").Set("tier_2", "").Set("tier_3", ""), here, 422)
		has(t, p, "#f-tier_1-error", "at least one step")

		// Two set it at once: the second reads what the first saved, and means it.
		mine := b.get(here, 200).Form("#path-form").Set("tier_1", id(library))
		theirs := w.as(c.rosa)
		theirs.send(theirs.get(here, 200).Form("#path-form").Set("tier_3", ""), here, 200)
		_, p = b.send(mine, here, 412)
		has(t, p, "#f-tier_1-error", "The school’s own team")
		has(t, p, "#f-tier_3-error", "Nobody at this step")
		has(t, p, "#now ~ dl, section dl", "Data")
		to, _ := b.send(p.Form("#path-form"), here, 200)
		if want := "/settings/paths?done=saved&site=" + id(c.marsh); to != want {
			t.Errorf("led to %q, want %q", to, want)
		}
		same(at, "Sign-in", cells("Library", "Data", "Gradebook vendor", "Set here"))
		has(t, b.get("/settings/paths", 200), "#others ~ ul li, section li", "Sign-in at Marsh Elementary School")

		// Plans have their own; who sets nothing goes as any request.
		plan := "/settings/paths/set?plan=1"
		b.send(b.get(plan, 200).Form("#path-form").Set("tier_1", id(library)), plan, 200)
		same(at, "Planning with a class", cells("Library", "Technology", "–", "From: Planning with a class, everywhere"))
		same(at, "Anything else", cells("–", "Technology", "–", "Not set: this is how it starts"))

		// Taken away, the next closest holds, and the second press harms nothing.
		drop := b.get(here, 200).Form("#drop-form")
		_, p = b.send(drop, here, 200)
		has(t, p, "[role=status], .done", "Taken away")
		b.send(drop, here, 200)
		same(at, "Sign-in", cells("–", "Data", "Gradebook vendor", "From: Sign-in, everywhere"))

		b.get("/settings/paths?site=999", 404)
		b.get("/settings/paths/set?service=999", 404)
		w.as(c.lee).get("/settings/paths", 404)
		if n := count(t, w, `SELECT count(*) FROM event WHERE kind = 'path.set'`); n != 5 {
			t.Errorf("%d events", n)
		}
	})
}
