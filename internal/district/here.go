package district

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"trellis/internal/platform/db"
)

// Who is here and who answers for a team is said in this file alone. Nobody
// else reads an absence to decide whom to tell or to name.

// HereSQL is the condition that a person is here: active and not away. p is
// the alias of district_person in the statement, now the parameter that holds
// the instant: HereSQL("p", "$2").
func HereSQL(p, now string) string {
	return `(` + p + `.active AND NOT EXISTS (SELECT 1 FROM district_absence gone WHERE gone.person = ` + p + `.id AND ` + awaySQL("gone", now) + `))`
}

// AwayUntilSQL is an expression for when a person is back, NULL if they are not
// away at the instant. An absence that another follows without a break counts
// by itself.
func AwayUntilSQL(p, now string) string {
	return `(SELECT CASE WHEN gone.ended_at < gone.until THEN gone.ended_at ELSE gone.until END FROM district_absence gone
		WHERE gone.person = ` + p + `.id AND ` + awaySQL("gone", now) + ` ORDER BY gone.until DESC LIMIT 1)`
}

// awaySQL is the condition that an absence holds at an instant.
func awaySQL(gone, now string) string {
	return gone + `.from_at <= ` + now + ` AND ` + gone + `.until > ` + now + ` AND (` + gone + `.ended_at IS NULL OR ` + gone + `.ended_at > ` + now + `)`
}

// Here reports whether a person is here at an instant.
func Here(tx *db.Tx, id PersonID, now time.Time) (bool, error) {
	return exists(tx, `SELECT EXISTS (SELECT 1 FROM district_person p WHERE p.id = $1 AND `+HereSQL("p", "$2")+`)`, id, db.Us(now))
}

// How says in which capacity people answer for a team.
type How int

const (
	ByMembers  How = iota // its own people who are here
	ByLead                // nobody of them is, but its lead
	ByHelpTeam            // those of the help team who are here
	ByHelpLead            // the help team's lead
	ByAdmins              // whoever runs Trellis and is here
	ByNobody              // everybody is away: the team's lead all the same
)

// Answers are the people who answer for a team at an instant, by name: those
// of its members who are here, else its lead, else those of the help team who
// are here, else that team's lead, else the administrators who are here. If
// everybody is away it is the team's lead, who reads it first when they are
// back. There is always somebody.
func Answers(tx *db.Tx, team TeamID, now time.Time) ([]PersonID, How, error) {
	list, how, err := answers(tx, team, now)
	ids := make([]PersonID, len(list))
	for i, a := range list {
		ids[i] = a.id
	}
	return ids, how, err
}

// answering is somebody who answers for a team.
type answering struct {
	id   PersonID
	name string
	site SiteID
}

const answeringColumns = `p.id, p.name, p.site`

var (
	membersHere = `SELECT ` + answeringColumns + ` FROM district_member m JOIN district_person p ON p.id = m.person
		WHERE m.team = $1 AND ` + HereSQL("p", "$2") + ` ORDER BY p.fold, p.id`
	leadHere = `SELECT ` + answeringColumns + ` FROM district_team t JOIN district_person p ON p.id = t.lead
		WHERE t.id = $1 AND ` + HereSQL("p", "$2")
	adminsHere = `SELECT ` + answeringColumns + ` FROM district_person p
		WHERE p.id IN (SELECT g.person FROM district_grant g WHERE g.role = 'admin' AND g.site = 0) AND ` + HereSQL("p", "$1") + ` ORDER BY p.fold, p.id`
)

func answers(tx *db.Tx, team TeamID, now time.Time) ([]answering, How, error) {
	find := func(q string, args ...any) ([]answering, error) {
		list, err := db.List(tx, func(r *db.Rows, a *answering) error { return r.Scan(&a.id, &a.name, db.OrZero(&a.site)) }, q, args...)
		if err != nil {
			return nil, fmt.Errorf("find who answers: %w", err)
		}
		return list, nil
	}
	at := db.Us(now)
	list, err := find(membersHere, team, at)
	if err != nil || len(list) > 0 {
		return list, ByMembers, err
	}
	if list, err = find(leadHere, team, at); err != nil || len(list) > 0 {
		return list, ByLead, err
	}
	p, err := profileOf(tx)
	if err != nil {
		return nil, 0, err
	}
	if p.HelpTeam != 0 && p.HelpTeam != team {
		if list, err = find(membersHere, p.HelpTeam, at); err != nil || len(list) > 0 {
			return list, ByHelpTeam, err
		}
		if list, err = find(leadHere, p.HelpTeam, at); err != nil || len(list) > 0 {
			return list, ByHelpLead, err
		}
	}
	if list, err = find(adminsHere, at); err != nil || len(list) > 0 {
		return list, ByAdmins, err
	}
	list, err = find(`SELECT `+answeringColumns+` FROM district_team t JOIN district_person p ON p.id = t.lead WHERE t.id = $1`, team)
	if err == nil && len(list) == 0 {
		err = notFound()
	}
	return list, ByNobody, err
}

// Named is the person whom a requester is told about.
type Named struct {
	Person     PersonID
	Name       string
	InBuilding bool // here, and the site is where they mostly are
	Present    bool // false if nobody of the team itself is here
	Away       bool // nobody at all is here: it is the team's lead, who is away too
}

// NamedPerson picks, of those who answer for a team, who is shown as the one
// who takes care: somebody whose home is the site, else the first by name. It
// is the same one each time until somebody comes or goes.
func NamedPerson(tx *db.Tx, team TeamID, site SiteID) (Named, error) {
	list, how, err := answers(tx, team, tx.Now())
	if err != nil {
		return Named{}, err
	}
	who, near := list[0], false
	if i := slices.IndexFunc(list, func(a answering) bool { return site != 0 && a.site == site }); i >= 0 {
		who, near = list[i], true
	}
	return Named{Person: who.id, Name: who.name, InBuilding: near && how != ByNobody, Present: how == ByMembers, Away: how == ByNobody}, nil
}

// Lead is who leads a team.
func Lead(tx *db.Tx, team TeamID) (PersonID, error) {
	var id PersonID
	err := tx.QueryRow(`SELECT lead FROM district_team WHERE id = $1`, team).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, notFound()
	}
	return id, err
}
