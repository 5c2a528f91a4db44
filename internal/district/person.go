package district

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Person is somebody the district knows.
type Person struct {
	ID          PersonID
	Name        string
	Email       string // "" for people without one
	Phone       string
	Title       string // "Grade 7 science"
	Lang        string
	Site        SiteID // where they mostly are; 0 if nowhere in particular
	SiteName    string
	Room        RoomID
	RoomName    string
	AwayUntil   time.Time // zero if present
	Active      bool
	HasPassword bool
	Grants      []Grant // by role and site
	Version     int64
}

// personColumns are what scanPerson reads; now is the parameter that holds the
// instant at which somebody is away or not.
func personColumns(now string) string {
	return `p.id, p.name, p.email, p.phone, p.title, p.lang, p.site, s.name, p.room, r.name, ` + AwayUntilSQL("p", now) + `, p.active, p.password IS NOT NULL, p.version,
	(SELECT string_agg(g.role || '@' || CAST(g.site AS text), ' ') FROM district_grant g WHERE g.person = p.id)`
}

const personFrom = ` FROM district_person p LEFT JOIN district_site s ON s.id = p.site LEFT JOIN district_room r ON r.id = p.room `

func scanPerson(r *db.Rows, p *Person) error {
	var grants string
	err := r.Scan(&p.ID, &p.Name, db.OrZero(&p.Email), &p.Phone, &p.Title, &p.Lang, db.OrZero(&p.Site), db.OrZero(&p.SiteName),
		db.OrZero(&p.Room), db.OrZero(&p.RoomName), db.AtNull(&p.AwayUntil), &p.Active, &p.HasPassword, &p.Version, db.OrZero(&grants))
	if err == nil {
		p.Grants, err = readGrants(grants)
	}
	return err
}

// Person is one person: oneself, anyone for an administrator, and for who
// works the desk the staff and the students of the sites they work for.
// Whoever is out of reach is NotFound.
func (d *District) Person(ctx context.Context, id PersonID) (Person, error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return Person{}, err
	}
	var p Person
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err := mustSee(tx, a, id); err != nil {
			return err
		}
		p, err = personByID(tx, id)
		return err
	})
	return p, err
}

// inReach is the one rule of whom an actor may look up: $1 all people, $2 the
// actor. Students and guardians are found by who helps at their site, everybody
// else is a colleague.
var inReach = `($1 OR p.id = $2 OR EXISTS (
	SELECT 1 FROM district_grant mine WHERE mine.person = $2 AND mine.role IN ` + HelperRolesSQL + `
	AND EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND (g.role IN ` + colleaguesSQL + ` OR mine.site = 0 OR mine.site = g.site))))`

func mustSee(tx *db.Tx, a policy.Actor, id PersonID) error {
	var ok bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_person p WHERE `+inReach+` AND p.id = $3)`, seesAll(a), a.Person, id).Scan(&ok)
	if err != nil {
		return fmt.Errorf("look who may see a person: %w", err)
	}
	if !ok {
		return notFound()
	}
	return nil
}

func seesAll(a policy.Actor) bool {
	return a.Kind == policy.System || a.Kind == policy.Person && a.HasRoleIn(0, RoleAdmin)
}

func personByID(tx *db.Tx, id PersonID) (p Person, err error) {
	list, err := db.List(tx, scanPerson, `SELECT `+personColumns("$2")+personFrom+`WHERE p.id = $1`, id, db.Us(tx.Now()))
	if err != nil {
		return p, fmt.Errorf("read person: %w", err)
	}
	if len(list) == 0 {
		return p, notFound()
	}
	return list[0], nil
}

// personFields are what an administrator can say about a person.
type personFields struct {
	Name, Email, Phone, Title, Lang string
	Site                            SiteID
	Room                            RoomID
	Grants                          []Grant
}

func (f *personFields) check(in *errs.Check) {
	f.Name = Line(in, "name", f.Name, maxName, true)
	f.Email = address(in, "email", f.Email, false)
	f.Phone = Line(in, "phone", f.Phone, maxPhone, false)
	f.Title = Line(in, "title", f.Title, maxName, false)
	f.Lang = language(in, "lang", f.Lang)
	f.Grants = checkGrants(in, f.Grants)
}

// checkAgain is what only the database knows: the address is free, the places
// exist. An empty language becomes the district's. own is the person that is
// changed, the zero Person for a new one: what they have already may be closed.
func (f *personFields) checkAgain(tx *db.Tx, own Person) error {
	var in errs.Check
	if f.Email != "" {
		other, err := personByEmail(tx, foldEmail(f.Email))
		if err != nil {
			return err
		}
		if other != 0 && other != own.ID {
			in.Fail("email", "district.person.email_taken")
		}
	}
	if err := checkHome(tx, &in, own, f.Site, &f.Room); err != nil {
		return err
	}
	for _, g := range f.Grants {
		if g.Site == 0 || slices.Contains(own.Grants, g) {
			continue
		}
		if ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_site WHERE id = $1 AND active)`, g.Site); err != nil {
			return err
		} else if !ok {
			in.Fail("grants", "district.grant.no_site")
			break
		}
	}
	if f.Lang == "" {
		p, err := profileOf(tx)
		if err != nil {
			return err
		}
		f.Lang = cmp.Or(own.Lang, p.Lang, defaultLang)
	}
	return in.Err()
}

func exists(tx *db.Tx, q string, args ...any) (ok bool, err error) {
	err = tx.QueryRow(q, args...).Scan(&ok)
	return ok, err
}

func personByEmail(tx *db.Tx, fold string) (id PersonID, err error) {
	err = tx.QueryRow(`SELECT id FROM district_person WHERE email_fold = $1`, fold).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func personActive(tx *db.Tx, id PersonID) (bool, error) {
	return exists(tx, `SELECT EXISTS (SELECT 1 FROM district_person WHERE id = $1 AND active)`, id)
}

func insertPerson(tx *db.Tx, f personFields) (id PersonID, err error) {
	err = tx.QueryRow(`INSERT INTO district_person (name, fold, email, email_fold, phone, title, lang, site, room, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		f.Name, Fold(f.Name), db.Null(f.Email), db.Null(foldEmail(f.Email)), f.Phone, f.Title, f.Lang, db.Null(f.Site), db.Null(f.Room), db.Us(tx.Now())).Scan(&id)
	if err != nil {
		return 0, err
	}
	if err := setWords(tx, id, f.Name, f.Email); err != nil {
		return 0, err
	}
	if err := setGrants(tx, id, f.Grants); err != nil {
		return 0, err
	}
	return id, emit(tx, "person.created", aboutPerson, id, personDiff(personFields{}, f))
}

// setWords writes what the person is found by.
func setWords(tx *db.Tx, id PersonID, name, email string) error {
	if _, err := tx.Exec(`DELETE FROM district_name WHERE person = $1`, id); err != nil {
		return err
	}
	for _, w := range nameWords(name, email) {
		if _, err := tx.Exec(`INSERT INTO district_name (person, word, fold) VALUES ($1, $2, $3)`, id, w, Fold(name)); err != nil {
			return err
		}
	}
	return nil
}

func personDiff(was, f personFields) diff {
	var ch diff
	notePersonal(&ch, "name", was.Name, f.Name)
	notePersonal(&ch, "email", was.Email, f.Email)
	notePersonal(&ch, "phone", was.Phone, f.Phone)
	notePersonal(&ch, "title", was.Title, f.Title)
	notePersonal(&ch, "lang", was.Lang, f.Lang)
	notePersonal(&ch, "site", was.Site, f.Site)
	notePersonal(&ch, "room", was.Room, f.Room)
	note(&ch, "grants", grantText(was.Grants), grantText(f.Grants))
	return ch
}
