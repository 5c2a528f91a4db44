package district

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// SiteRow is one row of a pasted list of sites.
type SiteRow struct {
	Row        int // the line in the pasted text, from 1
	Name       string
	Level      string
	Enrollment int64
	TitleOne   bool
	Action     string // one of the Action constants
	Problems   []Problem

	site Site // the one that is there
}

// SitePreview is what an import will do, before or after it did it.
type SitePreview struct {
	Rows                            []SiteRow
	Created, Changed, Kept, Refused int
	Problems                        []Problem // of all rows, in order
}

// Names of columns, as people head them.
var siteColumnWords = map[string][]string{
	"name":       {"name", "site", "school", "school name", "building", "nombre", "escuela", "sitio", "plantel"},
	"level":      {"level", "type", "grade level", "nivel", "tipo"},
	"enrollment": {"enrollment", "students", "size", "enrolment", "matricula", "estudiantes", "alumnos"},
	"title_one":  {"title one", "title i", "title 1", "title_one", "titulo i", "titulo 1", "titulo uno"},
}

var levelWords = map[string][]string{
	LevelElementary: {"elementary", "elem", "es", "primary", "elementary school", "primaria", "k-5", "pk-5", "k-6"},
	LevelMiddle:     {"middle", "ms", "middle school", "junior high", "intermediate", "intermedia", "media", "secundaria", "6-8", "7-8"},
	LevelHigh:       {"high", "hs", "high school", "secondary", "preparatoria", "bachillerato", "9-12"},
	LevelCombined:   {"combined", "k-8", "k-12", "pk-8", "pk-12", "6-12", "7-12", "combinada", "combinado", "mixta"},
	LevelOffice:     {"office", "district office", "central office", "oficina"},
}

var yesNoWords = map[string][]string{
	"yes": {"yes", "y", "true", "1", "x", "si", "s", "title i", "title 1"},
	"no":  {"no", "n", "false", "0", "-", ""},
}

// PreviewSites says what ImportSites would do with a pasted list: one site a
// line, as "name, level, enrollment, title one", from a spreadsheet or by hand,
// with or without a row of headings.
func (d *District) PreviewSites(ctx context.Context, text string) (SitePreview, error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return SitePreview{}, err
	}
	rows, err := siteRows(text)
	if err != nil {
		return SitePreview{}, err
	}
	var p SitePreview
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = previewSites(tx, rows)
		return err
	})
	if err != nil {
		return SitePreview{}, fmt.Errorf("preview sites: %w", err)
	}
	return p, nil
}

// ImportSites does what PreviewSites says, all of it or nothing: with a row
// that can't be read it is Invalid, and the preview returned beside the error
// says what is wrong where. Sites that are there by name are changed, so the
// same list may be pasted again.
func (d *District) ImportSites(ctx context.Context, text string) (p SitePreview, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return p, err
	}
	rows, err := siteRows(text)
	if err != nil {
		return p, err
	}
	var bad SitePreview
	err = d.write(ctx, "import sites", &p, func(tx *db.Tx) error {
		preview, err := previewSites(tx, rows)
		if err != nil {
			return err
		}
		if bad = preview; preview.Refused > 0 {
			return refused(preview.Problems)
		}
		profile, err := profileOf(tx)
		if err != nil {
			return err
		}
		if profile.Zone == "" {
			return errs.E(errs.Conflict, "district.setup.first")
		}
		for _, r := range preview.Rows {
			if err := importSite(tx, r, profile.Zone); err != nil {
				return err
			}
		}
		if preview.Created+preview.Changed == 0 {
			unchanged(tx)
		}
		p = preview
		return nil
	})
	if err != nil {
		return bad, err
	}
	return p, nil
}

func importSite(tx *db.Tx, r SiteRow, zone string) error {
	switch r.Action {
	case ActionCreate:
		_, err := insertSite(tx, siteFields{Name: r.Name, Short: shortName(r.Name), Level: r.Level, Enrollment: r.Enrollment, TitleOne: r.TitleOne, Zone: zone})
		return err
	case ActionChange:
		s := r.site
		_, err := updateSite(tx, s, siteFields{r.Name, s.Short, r.Level, r.Enrollment, r.TitleOne, s.Zone, s.Team})
		return err
	}
	return nil
}

// previewSites holds the rows against what is there.
func previewSites(tx *db.Tx, rows []SiteRow) (SitePreview, error) {
	have, err := db.List(tx, scanSite, `SELECT `+siteColumns+` FROM district_site s LEFT JOIN district_team t ON t.id = s.team ORDER BY s.id`)
	if err != nil {
		return SitePreview{}, err
	}
	byFold := make(map[string]Site, len(have))
	for _, s := range have {
		byFold[Fold(s.Name)] = s
	}
	p := SitePreview{Rows: make([]SiteRow, len(rows))}
	for i, r := range rows {
		s, there := byFold[Fold(r.Name)]
		switch {
		case len(r.Problems) > 0:
			r.Action = ActionRefuse
			p.Refused++
			p.Problems = append(p.Problems, r.Problems...)
		case !there:
			r.Action = ActionCreate
			p.Created++
		case s.Name == r.Name && s.Level == r.Level && s.Enrollment == r.Enrollment && s.TitleOne == r.TitleOne:
			r.Action = ActionKeep
			p.Kept++
		default:
			r.Action = ActionChange
			p.Changed++
		}
		r.site = s
		p.Rows[i] = r
	}
	return p, nil
}

// siteRows reads the text without the database.
func siteRows(text string) ([]SiteRow, error) {
	list, err := paste(text)
	if err != nil {
		return nil, err
	}
	order := []string{"name", "level", "enrollment", "title_one"}
	if head, ok := siteHeading(list[0]); ok {
		order, list = head, list[1:]
	}
	if len(list) == 0 {
		var in errs.Check
		in.Fail("text", "field.required")
		return nil, in.Err()
	}
	seen := map[string]int{}
	out := make([]SiteRow, len(list))
	for i, l := range list {
		out[i] = siteRow(l, order, seen)
	}
	return out, nil
}

// siteHeading reads a row of headings: one that names the name's column and
// has no word that is none.
func siteHeading(l pasted) (order []string, ok bool) {
	for _, c := range l.cells {
		k, known := means(siteColumnWords, c)
		if !known {
			return nil, false
		}
		ok = ok || k == "name"
		order = append(order, k)
	}
	return order, ok
}

func siteRow(l pasted, order []string, seen map[string]int) SiteRow {
	r := SiteRow{Row: l.row}
	if l.err != "" {
		r.Problems = []Problem{{Row: l.row, Key: l.err}}
		return r
	}
	var in errs.Check
	cell := map[string]string{}
	for i, c := range l.cells {
		if i < len(order) {
			cell[order[i]] = c
		} else if c != "" {
			in.Fail("", "district.import.too_many_cells", "Max", len(order))
			break
		}
	}
	r.Name = Line(&in, "name", cell["name"], maxName, true)
	if at := seen[Fold(r.Name)]; at != 0 && r.Name != "" {
		in.Fail("name", "district.import.twice", "Row", at)
	} else {
		seen[Fold(r.Name)] = l.row
	}
	var ok bool
	if r.Level, ok = means(levelWords, cell["level"]); !ok {
		in.Fail("level", "district.import.level")
	}
	r.Enrollment = enrollment(&in, cell["enrollment"])
	if yes, ok := means(yesNoWords, cell["title_one"]); ok {
		r.TitleOne = yes == "yes"
	} else {
		in.Fail("title_one", "district.import.yes_no")
	}
	r.Problems = problems(l.row, &in)
	return r
}

// enrollment reads a number as people write it: "1,234", "1 234", "".
func enrollment(in *errs.Check, said string) int64 {
	digits := strings.NewReplacer(",", "", ".", "", " ", "", "\u00a0", "", "\u202f", "").Replace(said)
	if digits == "" {
		return 0
	}
	if strings.ContainsAny(said, ",. ") && !grouped(said) {
		in.Fail("enrollment", "field.not_number")
		return 0
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		in.Fail("enrollment", "field.not_number")
		return 0
	}
	checkEnrollment(in, "enrollment", n)
	return n
}

// grouped reports whether signs stand between groups of three digits, so that
// "12.5" is refused rather than read as 125.
func grouped(said string) bool {
	parts := strings.FieldsFunc(said, func(r rune) bool { return r < '0' || r > '9' })
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(p) > 3 {
			return false
		}
	}
	return true
}
