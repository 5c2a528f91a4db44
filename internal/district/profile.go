package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Profile is what a district says about itself. Version 0 means that it has
// not been set up.
type Profile struct {
	Name     string
	Zone     string // IANA time zone of sites without their own
	Lang     string // language of people who chose none
	HelpTeam TeamID // owns what no other team does; never 0 once set up
	Version  int64
}

// Profile is open to anyone: the sign-in page carries the district's name. It
// is cached, every page asks for it.
func (d *District) Profile(ctx context.Context) (Profile, error) {
	gen, now := d.gen.Load(), d.clock.Now()
	if p, ok := d.profile.get(struct{}{}, gen, now); ok {
		return p, nil
	}
	var p Profile
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = profileOf(tx)
		return err
	})
	if err != nil {
		return Profile{}, fmt.Errorf("read profile: %w", err)
	}
	d.profile.put(struct{}{}, p, gen, now)
	return p, nil
}

func profileOf(tx *db.Tx) (Profile, error) {
	var p Profile
	err := tx.QueryRow(`SELECT name, zone, lang, help_team, version FROM district_profile WHERE one = 1`).
		Scan(&p.Name, &p.Zone, &p.Lang, db.OrZero(&p.HelpTeam), &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return Profile{}, nil
	}
	return p, err
}

// ChangeProfile is the profile as it shall be, and the version it was made
// from.
type ChangeProfile struct {
	Version  int64
	Name     string
	Zone     string
	Lang     string
	HelpTeam TeamID
}

// ChangeProfile changes the profile and returns its new version.
func (d *District) ChangeProfile(ctx context.Context, c ChangeProfile) (version int64, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	var in errs.Check
	c.Name = Line(&in, "name", c.Name, maxName, true)
	c.Zone = zone(&in, "zone", c.Zone)
	if c.Lang = language(&in, "lang", c.Lang); c.Lang == "" {
		in.Fail("lang", "field.required")
	}
	if c.HelpTeam == 0 {
		in.Fail("help_team", "field.required")
	}
	if err := in.Err(); err != nil {
		return 0, err
	}
	err = d.write(ctx, "change profile", &version, func(tx *db.Tx) error {
		was, err := profileOf(tx)
		if err != nil {
			return err
		}
		if err := stale(was.Version, c.Version); err != nil {
			return err
		}
		if ok, err := teamActive(tx, c.HelpTeam); err != nil {
			return err
		} else if !ok {
			var in errs.Check
			in.Fail("help_team", "field.unknown_choice")
			return in.Err()
		}
		var ch diff
		note(&ch, "name", was.Name, c.Name)
		note(&ch, "zone", was.Zone, c.Zone)
		note(&ch, "lang", was.Lang, c.Lang)
		note(&ch, "help_team", was.HelpTeam, c.HelpTeam)
		version = was.Version
		if len(ch) == 0 {
			unchanged(tx)
			return nil
		}
		r, err := tx.Exec(`UPDATE district_profile SET name = $1, zone = $2, lang = $3, help_team = $4, version = version + 1 WHERE one = 1 AND version = $5`,
			c.Name, c.Zone, c.Lang, c.HelpTeam, c.Version)
		if err != nil {
			return err
		}
		version++
		if err := matched(r); err != nil {
			return err
		}
		return emit(tx, "profile.changed", aboutProfile, int64(1), ch)
	})
	return version, err
}
