package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

// Levels of a site.
const (
	LevelElementary = "elementary"
	LevelMiddle     = "middle"
	LevelHigh       = "high"
	LevelCombined   = "combined" // several of them under one roof
	LevelOffice     = "office"
)

// Levels lists them in the order in which a form offers them.
var Levels = []string{LevelElementary, LevelMiddle, LevelHigh, LevelCombined, LevelOffice}

const (
	defaultLang   = i18n.Default
	maxEnrollment = 200_000
)

// Site is a school or an office.
type Site struct {
	ID         SiteID
	Name       string
	Short      string // "Marsh", for lists
	Level      string
	Enrollment int64 // students
	TitleOne   bool  // gets Title I funds
	Zone       string
	Team       TeamID // first help at this site, 0 if the district's does it
	TeamName   string
	Active     bool
	Version    int64
}

const siteColumns = `s.id, s.name, s.short, s.level, s.enrollment, s.title_one, s.zone, s.team, t.name, s.active, s.version`

func scanSite(r *db.Rows, s *Site) error {
	return r.Scan(&s.ID, &s.Name, &s.Short, &s.Level, &s.Enrollment, &s.TitleOne, &s.Zone,
		db.OrZero(&s.Team), db.OrZero(&s.TeamName), &s.Active, &s.Version)
}

// Sites lists the open sites by name, and with all the closed ones too.
func (d *District) Sites(ctx context.Context, all bool) ([]Site, error) {
	if _, err := authorise(ctx, mayRead); err != nil {
		return nil, err
	}
	var out []Site
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(tx, scanSite, `SELECT `+siteColumns+` FROM district_site s LEFT JOIN district_team t ON t.id = s.team
			WHERE s.active OR $1 ORDER BY s.fold, s.id`, all)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	return out, nil
}

// Site is one site; NotFound if there is none.
func (d *District) Site(ctx context.Context, id SiteID) (Site, error) {
	if _, err := authorise(ctx, mayRead); err != nil {
		return Site{}, err
	}
	var s Site
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = siteByID(tx, id)
		return err
	})
	return s, err
}

func siteByID(tx *db.Tx, id SiteID) (Site, error) {
	list, err := db.List(tx, scanSite, `SELECT `+siteColumns+` FROM district_site s LEFT JOIN district_team t ON t.id = s.team WHERE s.id = $1`, id)
	if err != nil {
		return Site{}, fmt.Errorf("read site: %w", err)
	}
	if len(list) == 0 {
		return Site{}, notFound()
	}
	return list[0], nil
}

// siteFields are what can be said about a site.
type siteFields struct {
	Name, Short, Level string
	Enrollment         int64
	TitleOne           bool
	Zone               string
	Team               TeamID
}

// check brings the fields into shape. What the district's profile gives (the
// zone) may be empty.
func (f *siteFields) check(in *errs.Check) {
	f.Name = Line(in, "name", f.Name, maxName, true)
	if f.Short = Line(in, "short", f.Short, maxShort, false); f.Short == "" {
		f.Short = shortName(f.Name)
	}
	checkLevel(in, "level", f.Level)
	checkEnrollment(in, "enrollment", f.Enrollment)
	if f.Zone != "" {
		f.Zone = zone(in, "zone", f.Zone)
	}
}

func checkLevel(in *errs.Check, field, level string) {
	if !slices.Contains(Levels, level) {
		in.Fail(field, "field.unknown_choice")
	}
}

func checkEnrollment(in *errs.Check, field string, n int64) {
	switch {
	case n < 0:
		in.Fail(field, "field.too_small", "Min", 0)
	case n > maxEnrollment:
		in.Fail(field, "field.too_large", "Max", maxEnrollment)
	}
}

// checkAgain is what only the database knows: the name is free and the team
// exists. An empty zone becomes the district's.
func (f *siteFields) checkAgain(tx *db.Tx, own SiteID) error {
	var in errs.Check
	if other, err := siteByFold(tx, Fold(f.Name)); err != nil {
		return err
	} else if other != 0 && other != own {
		in.Fail("name", "district.site.taken")
	}
	if f.Team != 0 {
		if ok, err := teamActive(tx, f.Team); err != nil {
			return err
		} else if !ok {
			in.Fail("team", "field.unknown_choice")
		}
	}
	if f.Zone == "" {
		p, err := profileOf(tx)
		if err != nil {
			return err
		}
		if f.Zone = p.Zone; f.Zone == "" {
			in.Fail("zone", "field.required")
		}
	}
	return in.Err()
}

// siteByFold finds an open or closed site by its folded name, 0 if none.
func siteByFold(tx *db.Tx, fold string) (id SiteID, err error) {
	err = tx.QueryRow(`SELECT id FROM district_site WHERE fold = $1 ORDER BY id LIMIT 1`, fold).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func insertSite(tx *db.Tx, f siteFields) (id SiteID, err error) {
	err = tx.QueryRow(`INSERT INTO district_site (name, short, fold, level, enrollment, title_one, zone, team)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		f.Name, f.Short, Fold(f.Name), f.Level, f.Enrollment, f.TitleOne, f.Zone, db.Null(f.Team)).Scan(&id)
	if err != nil {
		return 0, err
	}
	return id, emit(tx, "site.created", aboutSite, id, siteDiff(siteFields{}, f))
}

func siteDiff(was, f siteFields) diff {
	var ch diff
	note(&ch, "name", was.Name, f.Name)
	note(&ch, "short", was.Short, f.Short)
	note(&ch, "level", was.Level, f.Level)
	note(&ch, "enrollment", was.Enrollment, f.Enrollment)
	note(&ch, "title_one", was.TitleOne, f.TitleOne)
	note(&ch, "zone", was.Zone, f.Zone)
	note(&ch, "team", was.Team, f.Team)
	return ch
}

// kindWords end a school's name without telling it from another.
var kindWords = []string{
	" elementary school", " middle school", " high school", " junior high school", " senior high school",
	" junior/senior high school", " primary school", " elementary", " middle", " high", " academy", " school",
}

// shortName is what people call a school: "Marsh" for Marsh Elementary School.
func shortName(name string) string {
	lower := strings.ToLower(name)
	for _, k := range kindWords {
		if s, ok := strings.CutSuffix(lower, k); ok && len(strings.TrimSpace(s)) > 1 && len(lower) == len(name) {
			name = strings.TrimSpace(name[:len(s)])
			break
		}
	}
	if r := []rune(name); len(r) > maxShort {
		name = strings.TrimSpace(string(r[:maxShort]))
	}
	return name
}
