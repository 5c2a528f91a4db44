package district

import (
	"context"
	"fmt"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
)

const setupPrefix = "setup"

// NeedsSetUp reports whether nobody is here yet, so that every page leads to
// the set-up. Once somebody is, that never changes back.
func (d *District) NeedsSetUp(ctx context.Context) (bool, error) {
	if d.open.Load() {
		return false, nil
	}
	var some bool
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		some, err = anybody(tx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for anybody: %w", err)
	}
	if some {
		d.open.Store(true)
	}
	return !some, nil
}

func anybody(tx *db.Tx) (some bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_person WHERE active)`).Scan(&some)
	return some, err
}

// MakeSetupKey makes the key that opens the first-run set-up and forgets the
// one made before. Only Trellis itself asks, while nobody is here yet; after
// that it is Conflict.
func (d *District) MakeSetupKey(ctx context.Context) (plain string, err error) {
	if policy.ActorFrom(ctx).Kind != policy.System {
		_, err := authorise(ctx, nobody)
		return "", err
	}
	plain, hash := secret.NewToken(setupPrefix)
	err = d.db.Write(ctx, "make set-up key", func(tx *db.Tx) error {
		some, err := anybody(tx)
		if err != nil {
			return err
		}
		if some {
			return errs.E(errs.Conflict, "district.setup.done")
		}
		if _, err := tx.Exec(`INSERT INTO district_setup (one, hash) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET hash = excluded.hash, used = NULL`, hash); err != nil {
			return err
		}
		return emit(tx, "setup.key_made", aboutProfile, int64(1), nil)
	})
	if err != nil {
		return "", err
	}
	return plain, nil
}

// nobody is a policy that only Trellis itself passes.
var nobody = policy.Policy{Name: "system", Sentence: "Trellis itself", Allow: func(policy.Actor) bool { return false }}

// SetUp opens a district: its name, the first site, the first person, who
// runs Trellis and works the desk, and the first team, which that person leads
// and which takes every request that no other team does.
type SetUp struct {
	Key      string // from MakeSetupKey
	District string // the district's name
	Zone     string // IANA time zone
	Lang     string // "en" or "es"; the person's and the district's
	Name     string // the person's name
	Email    string
	Password string
	Site     string // the first site's name
	Level    string // its level; "" means an office
	Team     string // the first team's name
	Agent    string // the browser, for the person's list of sessions
}

// SetUp uses the key, which works once, and signs the first person in. A key
// that is wrong and one that was used are refused alike, before anything else
// is looked at.
func (d *District) SetUp(ctx context.Context, c SetUp) (plain string, s Session, err error) {
	hash, err := secret.ParseToken(setupPrefix, c.Key)
	if err != nil {
		return "", s, errSetup()
	}
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		var good bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_setup WHERE hash = $1 AND used IS NULL)`, hash).Scan(&good); err != nil {
			return err
		}
		if !good {
			return errSetup()
		}
		return nil
	})
	if err != nil {
		return "", s, err
	}
	var in errs.Check
	c.District = Line(&in, "district", c.District, maxName, true)
	c.Zone = zone(&in, "zone", c.Zone)
	if c.Lang = language(&in, "lang", c.Lang); c.Lang == "" {
		c.Lang = defaultLang
	}
	c.Name = Line(&in, "name", c.Name, maxName, true)
	c.Email = address(&in, "email", c.Email, true)
	secret.CheckPassword(&in, "password", c.Password, c.Email, c.Name, c.District)
	c.Site = Line(&in, "site", c.Site, maxName, true)
	if c.Level == "" {
		c.Level = LevelOffice
	}
	checkLevel(&in, "level", c.Level)
	c.Team = Line(&in, "team", c.Team, maxName, true)
	if err := in.Err(); err != nil {
		return "", s, err
	}
	phc, err := d.hash.Hash(ctx, c.Password)
	if err != nil {
		return "", s, fmt.Errorf("hash first password: %w", err)
	}
	err = d.db.Write(ctx, "set up", func(tx *db.Tx) error {
		tx.OnCommit(d.forget)
		r, err := tx.Exec(`UPDATE district_setup SET used = $1 WHERE hash = $2 AND used IS NULL`, db.Us(tx.Now()), hash)
		if err != nil {
			return err
		}
		if r.RowsAffected == 0 {
			return errSetup()
		}
		plain, s, err = openDistrict(tx, c, phc)
		return err
	})
	if err != nil {
		return "", Session{}, err
	}
	d.open.Store(true)
	return plain, s, nil
}

func errSetup() error { return errs.E(errs.Forbidden, "district.setup.refused") }

// openDistrict writes the first rows: each needs the one before.
func openDistrict(tx *db.Tx, c SetUp, phc string) (plain string, s Session, err error) {
	if _, err := tx.Exec(`INSERT INTO district_profile (one, name, zone, lang) VALUES (1, $1, $2, $3)
			ON CONFLICT (one) DO UPDATE SET name = excluded.name, zone = excluded.zone, lang = excluded.lang`, c.District, c.Zone, c.Lang); err != nil {
		return "", s, err
	}
	site, err := insertSite(tx, siteFields{Name: c.Site, Short: shortName(c.Site), Level: c.Level, Zone: c.Zone})
	if err != nil {
		return "", s, err
	}
	person, err := insertPerson(tx, personFields{Name: c.Name, Email: c.Email, Lang: c.Lang, Site: site,
		Grants: []Grant{{Role: RoleAdmin}, {Role: RoleAgent}}})
	if err != nil {
		return "", s, err
	}
	if _, err := tx.Exec(`UPDATE district_person SET password = $1 WHERE id = $2`, phc, person); err != nil {
		return "", s, err
	}
	// What stands in for a past that came first may have the name.
	free, err := freeTeamName(tx, c.Team)
	if err != nil {
		return "", s, err
	}
	if free != c.Team {
		var in errs.Check
		in.Fail("team", "district.team.taken")
		return "", s, in.Err()
	}
	team, err := insertTeam(tx, teamFields{Name: c.Team, Lead: person, Tier: 2, Members: []PersonID{person}})
	if err != nil {
		return "", s, err
	}
	if _, err := tx.Exec(`UPDATE district_profile SET help_team = $1 WHERE one = 1`, team); err != nil {
		return "", s, err
	}
	var ch diff
	note(&ch, "name", "", c.District)
	note(&ch, "zone", "", c.Zone)
	note(&ch, "lang", "", c.Lang)
	note(&ch, "help_team", 0, team)
	if err := emit(tx, "profile.set_up", aboutProfile, int64(1), ch); err != nil {
		return "", s, err
	}
	return startSession(tx, person, c.Agent)
}
