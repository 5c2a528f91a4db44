package district

import (
	"context"
	"strconv"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// StandIns stand for those whom a past names and the district doesn't have: a
// place, a team and a person that are closed from the beginning, so that no
// form offers them and nobody signs in as them.
type StandIns struct {
	Site   SiteID
	Team   TeamID
	Person PersonID
}

// AddStandIns makes stand-ins under a name, in a transaction of whoever brings
// the past. zone is an IANA time zone, "" for that of the district.
func AddStandIns(tx *db.Tx, name, zone string) (s StandIns, err error) {
	p, err := profileOf(tx)
	if err != nil {
		return s, err
	}
	if zone == "" {
		zone = p.Zone
	}
	if zone == "" {
		zone = "UTC"
	}
	lang := p.Lang
	if lang == "" {
		lang = defaultLang
	}
	if s.Site, err = insertSite(tx, siteFields{Name: name, Short: shortName(name), Level: LevelOffice, Zone: zone}); err != nil {
		return s, err
	}
	if s.Person, err = insertPerson(tx, personFields{Name: name, Lang: lang, Site: s.Site}); err != nil {
		return s, err
	}
	free, err := freeTeamName(tx, name)
	if err != nil {
		return s, err
	}
	if s.Team, err = insertTeam(tx, teamFields{Name: free, Lead: s.Person, Tier: TierSchool + 1}); err != nil {
		return s, err
	}
	for _, q := range []struct {
		text string
		id   int64
	}{
		{`UPDATE district_site SET active = FALSE WHERE id = $1`, int64(s.Site)},
		{`UPDATE district_person SET active = FALSE WHERE id = $1`, int64(s.Person)},
		{`UPDATE district_team SET active = FALSE WHERE id = $1`, int64(s.Team)},
	} {
		if _, err := tx.Exec(q.text, q.id); err != nil {
			return s, err
		}
	}
	return s, nil
}

// freeTeamName is the name, with a number behind it if a team has it already.
func freeTeamName(tx *db.Tx, name string) (string, error) {
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free += " " + strconv.Itoa(n)
		}
		var taken bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_team WHERE fold = $1)`, Fold(free)).Scan(&taken); err != nil {
			return "", err
		}
		if !taken {
			return free, nil
		}
	}
}

// Name gives a district that nobody has set up yet a name and a time zone; the
// set-up asks for both again. Only Trellis itself asks. Once somebody is here
// it is Conflict.
func (d *District) Name(ctx context.Context, name, zoneName string) error {
	if policy.ActorFrom(ctx).Kind != policy.System {
		_, err := authorise(ctx, nobody)
		return err
	}
	var in errs.Check
	name = Line(&in, "name", name, maxName, true)
	zoneName = zone(&in, "zone", zoneName)
	if err := in.Err(); err != nil {
		return err
	}
	return d.db.Write(ctx, "name district", func(tx *db.Tx) error {
		tx.OnCommit(d.forget)
		some, err := anybody(tx)
		if err != nil {
			return err
		}
		if some {
			return errs.E(errs.Conflict, "district.setup.done")
		}
		if _, err := tx.Exec(`INSERT INTO district_profile (one, name, zone, lang) VALUES (1, $1, $2, $3)
				ON CONFLICT (one) DO UPDATE SET name = excluded.name, zone = excluded.zone`, name, zoneName, defaultLang); err != nil {
			return err
		}
		var ch diff
		note(&ch, "name", "", name)
		note(&ch, "zone", "", zoneName)
		return emit(tx, "profile.named", aboutProfile, int64(1), ch)
	})
}
