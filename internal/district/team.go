package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

const maxMembers = 200

// Team is a group that owns requests together. Somebody named leads it.
type Team struct {
	ID       TeamID
	Name     string
	Lead     PersonID
	LeadName string
	Tier     int // TierSchool, TierDistrict or TierVendor
	Members  []Member
	Active   bool
	Version  int64
}

// Member is one person of a team.
type Member struct {
	ID        PersonID
	Name      string
	Site      SiteID
	AwayUntil time.Time // zero if present
	Active    bool      // false once deactivated: kept for the day they return
}

const teamColumns = `t.id, t.name, t.lead, p.name, t.tier, t.active, t.version`

func scanTeam(r *db.Rows, t *Team) error {
	return r.Scan(&t.ID, &t.Name, &t.Lead, &t.LeadName, &t.Tier, &t.Active, &t.Version)
}

// Teams lists the open teams with their members by name, and with all the
// closed ones too.
func (d *District) Teams(ctx context.Context, all bool) ([]Team, error) {
	if _, err := authorise(ctx, mayStaff); err != nil {
		return nil, err
	}
	var out []Team
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(tx, scanTeam, `SELECT `+teamColumns+` FROM district_team t JOIN district_person p ON p.id = t.lead
			WHERE t.active OR $1 ORDER BY t.fold, t.id`, all)
		if err != nil {
			return err
		}
		return withMembers(tx, out)
	})
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	return out, nil
}

// Team is one team; NotFound if there is none.
func (d *District) Team(ctx context.Context, id TeamID) (Team, error) {
	if _, err := authorise(ctx, mayStaff); err != nil {
		return Team{}, err
	}
	var t Team
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = teamByID(tx, id)
		return err
	})
	return t, err
}

func teamByID(tx *db.Tx, id TeamID) (t Team, err error) {
	list, err := db.List(tx, scanTeam, `SELECT `+teamColumns+` FROM district_team t JOIN district_person p ON p.id = t.lead WHERE t.id = $1`, id)
	if err != nil {
		return t, fmt.Errorf("read team: %w", err)
	}
	if len(list) == 0 {
		return t, notFound()
	}
	if err := withMembers(tx, list); err != nil {
		return t, fmt.Errorf("read members: %w", err)
	}
	return list[0], nil
}

// withMembers reads the members of the teams; of one alone if there is one.
func withMembers(tx *db.Tx, teams []Team) error {
	only := TeamID(0)
	if len(teams) == 1 {
		only = teams[0].ID
	}
	type membership struct {
		team TeamID
		Member
	}
	list, err := db.List(tx, func(r *db.Rows, m *membership) error {
		return r.Scan(&m.team, &m.ID, &m.Name, db.OrZero(&m.Site), db.AtNull(&m.AwayUntil), &m.Active)
	}, `SELECT m.team, p.id, p.name, p.site, `+AwayUntilSQL("p", "$2")+`, p.active FROM district_member m JOIN district_person p ON p.id = m.person
		WHERE m.team = $1 OR $1 = 0 ORDER BY p.fold, p.id`, only, db.Us(tx.Now()))
	if err != nil {
		return err
	}
	at := make(map[TeamID]int, len(teams))
	for i, t := range teams {
		at[t.ID] = i
	}
	for _, m := range list {
		if i, ok := at[m.team]; ok {
			teams[i].Members = append(teams[i].Members, m.Member)
		}
	}
	return nil
}

func teamActive(tx *db.Tx, id TeamID) (bool, error) {
	return exists(tx, `SELECT EXISTS (SELECT 1 FROM district_team WHERE id = $1 AND active)`, id)
}

// teamNames names the open teams that a person is in, "" if none.
func teamNames(tx *db.Tx, id PersonID) (string, error) {
	names, err := db.List(tx, func(r *db.Rows, s *string) error { return r.Scan(s) },
		`SELECT t.name FROM district_member m JOIN district_team t ON t.id = m.team WHERE m.person = $1 AND t.active ORDER BY t.fold`, id)
	return strings.Join(names, ", "), err
}

type teamFields struct {
	Name    string
	Lead    PersonID
	Tier    int
	Members []PersonID // sorted, the lead among them
}

func (f *teamFields) check(in *errs.Check) {
	f.Name = Line(in, "name", f.Name, maxName, true)
	if f.Tier < TierSchool || f.Tier > TierVendor {
		in.Fail("tier", "field.unknown_choice")
	}
	if f.Lead == 0 {
		in.Fail("lead", "field.required")
	}
	if len(f.Members) > maxMembers {
		in.Fail("members", "field.too_many", "Max", maxMembers)
		return
	}
	f.Members = slices.Clone(f.Members)
	slices.Sort(f.Members)
	f.Members = slices.Compact(f.Members)
	if f.Lead != 0 && !slices.Contains(f.Members, f.Lead) {
		in.Fail("lead", "district.team.lead_not_member")
	}
}

// checkAgain looks that the name is free, that the lead is active, and that
// everybody who joins is active and works the desk: a member who can't open a
// request is no help. Who is a member already may be away for good.
func (f *teamFields) checkAgain(tx *db.Tx, own Team) error {
	var in errs.Check
	var other TeamID
	err := tx.QueryRow(`SELECT id FROM district_team WHERE fold = $1`, Fold(f.Name)).Scan(&other)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if other != 0 && other != own.ID {
		in.Fail("name", "district.team.taken")
	}
	if ok, err := personActive(tx, f.Lead); err != nil {
		return err
	} else if !ok {
		in.Fail("lead", "district.team.lead_inactive")
	}
	was := memberIDs(own)
	for _, m := range f.Members {
		if slices.Contains(was, m) {
			continue
		}
		ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_person p JOIN district_grant g ON g.person = p.id
			WHERE p.id = $1 AND p.active AND g.role IN `+HelperRolesSQL+`)`, m)
		if err != nil {
			return err
		}
		if !ok {
			in.Fail("members", "district.team.member_no_helper")
			break
		}
	}
	return in.Err()
}

func memberIDs(t Team) []PersonID {
	out := make([]PersonID, len(t.Members))
	for i, m := range t.Members {
		out[i] = m.ID
	}
	slices.Sort(out)
	return out
}

func insertTeam(tx *db.Tx, f teamFields) (id TeamID, err error) {
	err = tx.QueryRow(`INSERT INTO district_team (name, fold, lead, tier) VALUES ($1, $2, $3, $4) RETURNING id`, f.Name, Fold(f.Name), f.Lead, f.Tier).Scan(&id)
	if err != nil {
		return 0, err
	}
	if err := setMembers(tx, id, f.Members); err != nil {
		return 0, err
	}
	return id, emit(tx, "team.created", aboutTeam, id, teamDiff(teamFields{}, f))
}

func setMembers(tx *db.Tx, id TeamID, list []PersonID) error {
	if _, err := tx.Exec(`DELETE FROM district_member WHERE team = $1`, id); err != nil {
		return err
	}
	for _, m := range list {
		if _, err := tx.Exec(`INSERT INTO district_member (team, person) VALUES ($1, $2)`, id, m); err != nil {
			return err
		}
	}
	return nil
}

func teamDiff(was, f teamFields) diff {
	var ch diff
	note(&ch, "name", was.Name, f.Name)
	note(&ch, "lead", was.Lead, f.Lead)
	note(&ch, "tier", was.Tier, f.Tier)
	if !slices.Equal(was.Members, f.Members) {
		c := change("members", "", "", false)
		if was.Members != nil {
			c.From = was.Members
		}
		c.To = f.Members
		ch = append(ch, c)
	}
	return ch
}
