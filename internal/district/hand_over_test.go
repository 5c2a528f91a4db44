package district_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// holder notes who went, and what the district looked like to it then.
type holder struct {
	h    *house
	went []string
	fail error
}

func (o *holder) HandOver(tx *db.Tx, from district.PersonID) error {
	var active bool
	var helps int64
	if err := tx.QueryRow(`SELECT p.active, (SELECT count(*) FROM district_grant g WHERE g.person = p.id AND g.role IN `+district.HelperRolesSQL+`)
		FROM district_person p WHERE p.id = $1`, from).Scan(&active, &helps); err != nil {
		return err
	}
	o.note(tx, fmt.Sprintf("person %d, active %v, helps %v", from, active, helps > 0))
	return o.fail
}

func (o *holder) HandOverTeam(tx *db.Tx, from district.TeamID) error {
	var active bool
	if err := tx.QueryRow(`SELECT t.active FROM district_team t WHERE t.id = $1`, from).Scan(&active); err != nil {
		return err
	}
	o.note(tx, fmt.Sprintf("team %d, active %v", from, active))
	return o.fail
}

func (o *holder) note(tx *db.Tx, s string) { tx.OnCommit(func() { o.went = append(o.went, s) }) }

// Whoever leaves, stops helping or is closed is asked to hand over, in the
// transaction in which it happens; nobody else is.
func TestHolders(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		o := &holder{h: h}
		h.Holds(o)
		team := must(h.CreateTeam(h.sys, district.CreateTeam{Name: "Schools", Lead: h.rosa, Tier: 1}))(t)
		person := func(id district.PersonID) district.Person { return must(h.Person(h.sys, id))(t) }
		leave := func(id district.PersonID) error {
			_, err := h.DeactivatePerson(h.sys, id, person(id).Version)
			return err
		}
		change := func(id district.PersonID, grants ...district.Grant) error {
			_, err := h.ChangePerson(h.sys, changed(person(id), func(c *district.ChangePerson) { c.Grants = grants }))
			return err
		}
		closing := func() error {
			_, err := h.CloseTeam(h.sys, team, must(h.Team(h.sys, team))(t).Version)
			return err
		}
		o.fail = errors.New("can't let go")
		for what, err := range map[string]error{"leave": leave(h.sam), "stop helping": change(h.dana), "close": closing()} {
			if !errors.Is(err, o.fail) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if !person(h.sam).Active || len(person(h.dana).Grants) != 2 || !must(h.Team(h.sys, team))(t).Active || len(o.went) != 0 {
			t.Errorf("somebody went all the same: %v", o.went)
		}
		o.fail = nil
		teacher := district.Grant{Role: district.RoleTeacher, Site: h.marsh}
		for _, err := range []error{
			change(h.sam, district.Grant{Role: district.RoleTier1, Site: h.oak}), // still helps
			change(h.tina, teacher, district.Grant{Role: district.RoleStaff}),    // never did
			change(h.dana, teacher), leave(h.sam), leave(h.tina), closing(),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		want := []string{fmt.Sprintf("person %d, active true, helps false", h.dana), fmt.Sprintf("person %d, active false, helps true", h.sam),
			fmt.Sprintf("person %d, active false, helps false", h.tina), fmt.Sprintf("team %d, active false", team)}
		if !slices.Equal(o.went, want) {
			t.Errorf("went %q, want %q", o.went, want)
		}
	})
}
