package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// Covering. Who covers for somebody takes care of their tickets: they find
// them beside their own, may do with them what the owner may, and are told in
// the owner's place. Nothing changes hands. It is asked anew with every
// transaction, so it ends with the absence and needs no job to end it. Private
// tickets stay with the people named on them, whoever is away.

// Covering is somebody for whom another acts.
type Covering struct {
	Person
	Until time.Time // when that may change
}

// Away says of a ticket that its owner is away.
type Away struct {
	Until time.Time // when they are back
	Cover Person    // who acts for them now; ID 0: nobody
}

// read runs a read of a viewer, together with those for whom they act.
func (d *Desk) read(ctx context.Context, v viewer, fn func(tx *db.Tx, v viewer) error) error {
	return d.db.Read(ctx, func(tx *db.Tx) error {
		v, err := d.covering(tx, v)
		if err != nil {
			return err
		}
		return fn(tx, v)
	})
}

// covering finds for whom the viewer acts now. Only who works the desk acts
// for anybody at it.
func (d *Desk) covering(tx *db.Tx, v viewer) (viewer, error) {
	v.people, v.covers = d.people, nil
	if d.people == nil || v.desk == 0 || !v.helps {
		return v, nil
	}
	var err error
	v.covers, err = d.people.CoveredBy(tx, v.desk, tx.Now())
	return v, err
}

// sees is the condition that the viewer may see a ticket.
func (v viewer) sees() string {
	if len(v.covers) == 0 {
		return seesSQL
	}
	return sees("$1", "$2", standsIn(v.covered()))
}

// works is the condition that the viewer works on a ticket.
func (v viewer) works() string {
	if len(v.covers) == 0 {
		return worksSQL
	}
	return worksOn("$2", standsIn(v.covered()))
}

// owns is the condition that a ticket is the viewer's, or of somebody for whom
// they act.
func (v viewer) owns() string {
	if len(v.covers) == 0 {
		return `t.owner_person = $2`
	}
	return `t.owner_person IN ($2, ` + idList(v.covered()) + `)`
}

func (v viewer) covered() []district.PersonID {
	out := make([]district.PersonID, len(v.covers))
	for i, c := range v.covers {
		out[i] = c.ID
	}
	return out
}

// coversFor is how the viewer covers for a person; ok is false if they don't.
func (v viewer) coversFor(p district.PersonID) (c Covering, ok bool) {
	i := slices.IndexFunc(v.covers, func(c Covering) bool { return c.ID == p })
	if i < 0 || p == 0 {
		return c, false
	}
	return v.covers[i], true
}

// mark says on each line that is somebody's for whom the viewer acts until
// when they do.
func (v viewer) mark(items []Item) {
	for i := range items {
		if c, ok := v.coversFor(items[i].OwnerID); ok && items[i].Private == "" {
			items[i].Covering, items[i].CoverUntil = true, c.Until
		}
	}
}

// standsIn is what somebody works on besides, who acts for these people: what
// is theirs, and what is new in their teams and nobody's yet.
func standsIn(people []district.PersonID) string {
	list := idList(people)
	return ` OR coalesce(t.owner_person IN (` + list + `), FALSE)
			OR t.owner_person IS NULL AND t.owner_team IN (SELECT m.team FROM district_member m WHERE m.person IN (` + list + `))`
}

// idList writes ids, which are numbers of the database's own, into a statement.
func idList(people []district.PersonID) string {
	var b strings.Builder
	for i, p := range people {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.FormatInt(int64(p), 10))
	}
	return b.String()
}

// awayOf says whether the owner of a ticket is away, and who acts for them.
// The asking side learns whom to expect, and no more of somebody's absence. Of
// a private ticket nobody covers.
func (v viewer) awayOf(tx *db.Tx, t ticket, is standing) (*Away, error) {
	if t.Owner == 0 || t.Private != "" {
		return nil, nil
	}
	var until time.Time
	err := tx.QueryRow(`SELECT `+district.AwayUntilSQL("p", "$2")+` FROM district_person p WHERE p.id = $1 AND p.active`, t.Owner, db.Us(tx.Now())).Scan(db.AtNull(&until))
	if db.IsNoRows(err) || err == nil && until.IsZero() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a := &Away{Until: until}
	if a.Cover.ID, err = v.standInFor(tx, t); err != nil {
		return nil, err
	}
	if a.Cover.ID == 0 {
		if !is.works {
			return nil, nil
		}
		return a, nil
	}
	if !is.works {
		a.Until = time.Time{}
	}
	a.Cover.Name, err = personName(tx, a.Cover.ID)
	return a, err
}

// standIn is who acts at the desk for somebody who is away: 0 if they are
// here, if nobody acts for them, or if who does may not work the desk.
func (v viewer) standIn(tx *db.Tx, away district.PersonID) (district.PersonID, error) {
	if v.people == nil || away == 0 {
		return 0, nil
	}
	if here, err := district.Here(tx, away, tx.Now()); err != nil || here {
		return 0, err
	}
	p, err := v.people.StandIn(tx, away, tx.Now())
	if err != nil || p == 0 || p == away {
		return 0, err
	}
	var works bool
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_grant g WHERE g.person = $1 AND g.role IN `+district.HelperRolesSQL+`)`, p).Scan(&works)
	if err != nil || !works {
		return 0, err
	}
	return p, nil
}

// standInFor is who acts for the owner of a ticket, 0 if nobody does. Of a
// private ticket nobody does, and nobody takes care of what they asked for
// themselves.
func (v viewer) standInFor(tx *db.Tx, t ticket) (district.PersonID, error) {
	if t.Private != "" {
		return 0, nil
	}
	p, err := v.standIn(tx, t.Owner)
	if p == t.Requester || p == t.Beneficiary {
		return 0, err
	}
	return p, err
}

// standIns are those who act for the members of a team who are away, each
// once, in the order of the members' names, and without those who ask.
func (v viewer) standIns(tx *db.Tx, team district.TeamID, asking ...district.PersonID) (out []district.PersonID, err error) {
	if v.people == nil {
		return nil, nil
	}
	members, err := db.List(tx, scanPersonID, `SELECT p.id FROM district_member m JOIN district_person p ON p.id = m.person
		WHERE m.team = $1 AND p.active ORDER BY p.fold, p.id`, team)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		p, err := v.standIn(tx, m)
		if err != nil {
			return nil, err
		}
		if p != 0 && !slices.Contains(out, p) && !slices.Contains(asking, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// standInsAlone are those of standIns if nobody of the team itself is here.
func (v viewer) standInsAlone(tx *db.Tx, team district.TeamID) ([]district.PersonID, error) {
	var here bool
	if err := tx.QueryRow(hereSQL, team, db.Us(tx.Now())).Scan(&here); err != nil || here {
		return nil, err
	}
	return v.standIns(tx, team)
}
