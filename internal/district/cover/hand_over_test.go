package cover_test

import (
	"slices"
	"testing"

	"trellis/internal/district"
	"trellis/internal/district/cover"
)

// Who leaves, or no longer works the desk, covers for nobody any more, and
// those who can name another are told.
func TestWhoLeavesCoversNoMore(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.d.Holds(h.Cover)
		running := h.out(h.sam, h.at(2, 0, 0), h.at(4, 0, 0), h.kim)
		ahead := h.out(h.sam, h.at(9, 0, 0), h.at(11, 0, 0), h.kim)
		ofSchool := h.out(h.dana, h.at(9, 0, 0), h.at(10, 0, 0), h.lou)
		ofTeacher := h.out(h.tina, h.at(9, 0, 0), h.at(10, 0, 0), h.lou)
		over := h.out(h.rosa, h.at(2, 0, 0), h.at(2, 8, 0), h.kim)
		if got := must(h.NamedIn(h.as(h.rosa), h.kim))(t); len(got) != 3 || got[0].Name != "Rosa Delgado" && got[0].Name != "Sam Nunez" {
			t.Errorf("Kim is named in %+v", got)
		}
		h.clock.Set(h.at(2, 9, 0))
		coverOf := func(id cover.AbsenceID) cover.Absence { return must(h.Absence(h.sys, id))(t) }
		before := h.events("absence.changed")

		kim := must(h.d.Person(h.sys, h.kim))(t)
		rosa := h.as(h.rosa)
		must(h.d.DeactivatePerson(rosa, h.kim, kim.Version))(t)
		for _, id := range []cover.AbsenceID{running, ahead} {
			if x := coverOf(id); x.Cover != 0 || x.Version != 2 {
				t.Errorf("still covered by %d", x.Cover)
			}
		}
		if x := coverOf(over); x.Cover != h.kim {
			t.Error("what is over was changed")
		}
		if n := h.events("absence.changed") - before; n != 2 {
			t.Errorf("%d events", n)
		}
		if s := h.stand(h.sam, h.clock.Now()); !s.Gap {
			t.Errorf("%+v", s)
		}
		// Rosa leads: she did it, and is told all the same.
		if got := h.told(h.rosa); !slices.Equal(got[:2], []string{"cover.notice.open", "cover.notice.open"}) {
			t.Errorf("the lead is told %v", got)
		}
		if got := h.told(h.sam); !slices.Equal(got[:2], []string{"cover.notice.open_yours", "cover.notice.open_yours"}) {
			t.Errorf("Sam is told %v", got)
		}

		// Lou no longer works the desk: a teacher can be covered for by a teacher.
		school := must(h.d.Team(h.sys, h.school))(t)
		must(h.d.ChangeTeam(rosa, district.ChangeTeam{ID: h.school, Version: school.Version, Name: school.Name, Lead: h.dana, Tier: school.Tier, Members: []district.PersonID{h.dana}}))(t)
		lou := must(h.d.Person(h.sys, h.lou))(t)
		must(h.d.ChangePerson(rosa, district.ChangePerson{ID: h.lou, Version: lou.Version, Name: lou.Name, Lang: lou.Lang, Site: h.marsh,
			Grants: []district.Grant{{Role: district.RoleTeacher, Site: h.marsh}}}))(t)
		if coverOf(ofSchool).Cover != 0 || coverOf(ofTeacher).Cover != h.lou {
			t.Errorf("Lou covers in %d and %d", coverOf(ofSchool).Cover, coverOf(ofTeacher).Cover)
		}
		if got := must(h.NamedIn(h.as(h.lou), h.lou))(t); len(got) != 1 || got[0].Why != "" {
			t.Errorf("Lou is named in %+v", got)
		}
		if _, err := h.NamedIn(h.as(h.tina), h.lou); err == nil {
			t.Error("a teacher asks about another")
		}
	})
}
