package cover

import (
	"context"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
)

// namedIn are the absences, not over, in which a person is named to cover.
func namedIn(tx *db.Tx, p district.PersonID) ([]Absence, error) {
	return db.List(tx, scanAbsence, absenceColumns+`WHERE a.cover = $1 AND a.until > $2 AND a.ended_at IS NULL AND p.active ORDER BY a.from_at, a.id`, p, db.Us(tx.Now()))
}

// NamedIn are the absences, running and planned, in which a person is named to
// cover: what they would leave open by leaving. Who may see what is covered may
// ask, and anybody about themselves.
func (c *Cover) NamedIn(ctx context.Context, p district.PersonID) (list []Absence, err error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	if !mayView.Permits(a) && int64(p) != a.Person {
		return nil, notFound()
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if list, err = namedIn(tx, p); err != nil {
			return err
		}
		return discreet(tx, a, list)
	})
	return list, err
}

// HandOver takes somebody who left, or no longer works the desk, out of the
// absences in which they can't cover any more. Who is away and their leads are
// told that nobody is named now, so that somebody names another: a cover that
// nobody took away would look as if all were well.
func (c *Cover) HandOver(tx *db.Tx, from district.PersonID) error {
	list, err := namedIn(tx, from)
	if err != nil {
		return err
	}
	for _, x := range list {
		able, err := ableToCover(tx, x)
		if err != nil {
			return err
		}
		if able {
			continue
		}
		if err := c.uncover(tx, x); err != nil {
			return err
		}
	}
	return nil
}

// HandOverTeam does nothing: people cover, not teams.
func (c *Cover) HandOverTeam(*db.Tx, district.TeamID) error { return nil }

// ableToCover reports whether who is named in an absence could be named now.
func ableToCover(tx *db.Tx, x Absence) (ok bool, err error) {
	err = tx.QueryRow(`SELECT p.active AND EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role IN `+district.StaffRolesSQL+`)
		AND (EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role IN `+district.HelperRolesSQL+`)
			OR NOT EXISTS (SELECT 1 FROM district_grant g WHERE g.person = $2 AND g.role IN `+district.HelperRolesSQL+`))
		FROM district_person p WHERE p.id = $1`, x.Cover, x.Person).Scan(&ok)
	return ok, err
}

func (c *Cover) uncover(tx *db.Tx, x Absence) error {
	tx.OnCommit(c.changed)
	if _, err := tx.Exec(`UPDATE district_absence SET cover = NULL, version = version + 1 WHERE id = $1`, x.ID); err != nil {
		return err
	}
	now := x
	now.Cover = 0
	if err := emit(tx, "absence.changed", "absence", int64(x.ID), x.Person, changesOf(x, now)); err != nil {
		return err
	}
	to, err := leadsOf(tx, x.Person)
	if err != nil {
		return err
	}
	if len(to) == 0 { // in no team: whoever leads those who help with all the rest
		if to, err = db.List(tx, scanID, `SELECT t.lead FROM district_profile f JOIN district_team t ON t.id = f.help_team WHERE f.one = 1`); err != nil {
			return err
		}
	}
	told := map[district.PersonID]bool{x.Cover: true}
	for _, p := range append(to, x.Person) {
		if told[p] {
			continue
		}
		told[p] = true
		if err := c.tellOpen(tx, p, x); err != nil {
			return err
		}
	}
	return nil
}

// tellOpen tells somebody that an absence has nobody to cover it any more, even
// if they brought that about: they may not know that they did.
func (c *Cover) tellOpen(tx *db.Tx, to district.PersonID, x Absence) error {
	from, until, err := c.say(tx, to, x)
	if err != nil {
		return err
	}
	why := "cover.notice.open"
	if to == x.Person {
		why = "cover.notice.open_yours"
	}
	return notice.Send(tx, notice.Notice{To: int64(to), Why: why, Urgency: notice.High, Force: true, About: event.Ref{Kind: SubjectAbsence, ID: int64(x.ID)},
		Digest: "absence/" + strconv.FormatInt(int64(x.ID), 10), Args: map[string]any{"Name": x.Name, "Cover": x.CoverName, "From": from, "Until": until}})
}
