package cover

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

const (
	// longest bounds an absence; somebody gone for longer is deactivated.
	longest = 2 * 366 * 24 * time.Hour
	// ahead bounds how early one can be planned.
	ahead  = 2 * 366 * 24 * time.Hour
	maxWhy = 200
)

// Declare says that somebody will be away, or is.
type Declare struct {
	Person district.PersonID
	From   time.Time // zero or past: from now on
	Until  time.Time // when they are back
	Cover  district.PersonID
	Why    string
}

// Change is an absence as it shall be, and the version it was made from. One
// that has begun keeps its beginning, whatever From says.
type Change struct {
	ID      AbsenceID
	Version int64
	From    time.Time
	Until   time.Time
	Cover   district.PersonID
	Why     string
}

// Declare plans an absence or begins one now. People say it of themselves, a
// lead of who is in their team, administrators of anybody; it must end in the
// future. Whoever covers, the leads, and the person if another said it, are
// told.
func (c *Cover) Declare(ctx context.Context, d Declare) (id AbsenceID, err error) {
	a, err := authorise(ctx, mayOwn)
	if err != nil {
		return 0, err
	}
	err = c.write(ctx, "declare absence", &id, func(tx *db.Tx) error {
		x := Absence{Person: d.Person, From: d.From, Until: d.Until, Cover: d.Cover, Why: d.Why}
		if err := c.may(tx, a, &x); err != nil {
			return err
		}
		x.From = later(x.From, tx.Now())
		if err := check(tx, &x); err != nil {
			return err
		}
		err := tx.QueryRow(`INSERT INTO district_absence (person, from_at, until, cover, why, declared, created) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
			x.Person, db.Us(x.From), db.Us(x.Until), db.Null(x.Cover), x.Why, db.Null(a.Person), db.Us(tx.Now())).Scan(&id)
		if err != nil {
			return err
		}
		x.ID = id
		if err := emit(tx, "absence.declared", "absence", int64(id), x.Person, changesOf(Absence{}, x)); err != nil {
			return err
		}
		return c.tellDeclared(tx, a, x)
	})
	return id, err
}

// Change changes an absence that is not over.
func (c *Cover) Change(ctx context.Context, ch Change) (version int64, err error) {
	a, err := authorise(ctx, mayOwn)
	if err != nil {
		return 0, err
	}
	err = c.write(ctx, "change absence", &version, func(tx *db.Tx) error {
		was, err := c.mine(tx, a, ch.ID, ch.Version)
		if err != nil {
			return err
		}
		x := was
		x.From, x.Until, x.Cover, x.Why = ch.From, ch.Until, ch.Cover, ch.Why
		if was.State(tx.Now()) == Running {
			x.From = was.From
		} else {
			x.From = later(x.From, tx.Now())
		}
		if err := check(tx, &x); err != nil {
			return err
		}
		diff := changesOf(was, x)
		if version = was.Version; len(diff) == 0 {
			tx.Unlogged("nothing to change")
			return nil
		}
		r, err := tx.Exec(`UPDATE district_absence SET from_at = $1, until = $2, cover = $3, why = $4, version = version + 1 WHERE id = $5 AND version = $6`,
			db.Us(x.From), db.Us(x.Until), db.Null(x.Cover), x.Why, x.ID, was.Version)
		if err != nil {
			return err
		}
		if version++; r.RowsAffected == 0 {
			return errs.E(errs.Precondition, "error.stale")
		}
		if err := emit(tx, "absence.changed", "absence", int64(x.ID), x.Person, diff); err != nil {
			return err
		}
		return c.tellChanged(tx, a, was, x)
	})
	return version, err
}

// End ends an absence now: somebody is back early, or what was planned is
// canceled.
func (c *Cover) End(ctx context.Context, id AbsenceID, version int64) (now int64, err error) {
	a, err := authorise(ctx, mayOwn)
	if err != nil {
		return 0, err
	}
	err = c.write(ctx, "end absence", &now, func(tx *db.Tx) error {
		was, err := c.mine(tx, a, id, version)
		if err != nil {
			return err
		}
		r, err := tx.Exec(`UPDATE district_absence SET ended_at = $1, version = version + 1 WHERE id = $2 AND version = $3`, db.Us(tx.Now()), id, version)
		if err != nil {
			return err
		}
		if now = version + 1; r.RowsAffected == 0 {
			return errs.E(errs.Precondition, "error.stale")
		}
		kind := "absence.ended"
		if was.State(tx.Now()) == Planned {
			kind = "absence.canceled"
		}
		var ch []event.Change
		note(&ch, "ended_at", "", instant(tx.Now()))
		if err := emit(tx, kind, "absence", int64(id), was.Person, ch); err != nil {
			return err
		}
		return c.tellEnded(tx, a, was)
	})
	return now, err
}

// may asks whether the actor may speak for the absence's person, and fills in
// who that is.
func (c *Cover) may(tx *db.Tx, a policy.Actor, x *Absence) error {
	if ok, err := mayActFor(tx, a, x.Person); err != nil {
		return err
	} else if !ok {
		return notFound()
	}
	h, err := homeOf(tx, x.Person)
	x.Name, x.Zone, x.Site = h.name, h.zone, h.site
	return err
}

// mine is an absence that the actor may change, at the version they saw.
func (c *Cover) mine(tx *db.Tx, a policy.Actor, id AbsenceID, version int64) (Absence, error) {
	x, err := absenceByID(tx, id)
	if err != nil {
		return x, err
	}
	if err := c.may(tx, a, &x); err != nil {
		return x, err
	}
	switch x.State(tx.Now()) {
	case Over:
		return x, errs.E(errs.Conflict, "cover.over")
	case Canceled:
		return x, errs.E(errs.Conflict, "cover.canceled")
	}
	if x.Version != version {
		return x, errs.E(errs.Precondition, "error.stale")
	}
	return x, nil
}

// later is the first instant not before now at which an absence can begin.
func later(from, now time.Time) time.Time {
	if from.Before(now) {
		return now
	}
	return from.UTC().Truncate(time.Microsecond)
}

// check says what is wrong with an absence.
func check(tx *db.Tx, x *Absence) error {
	var in errs.Check
	now := tx.Now()
	x.Until = x.Until.UTC().Truncate(time.Microsecond)
	x.Why = strings.Join(strings.Fields(x.Why), " ")
	switch {
	case !utf8.ValidString(x.Why) || strings.ContainsFunc(x.Why, unicode.IsControl):
		in.Fail("why", "field.invalid")
	case utf8.RuneCountInString(x.Why) > maxWhy:
		in.Fail("why", "field.too_long", "Max", maxWhy)
	}
	switch {
	case x.Until.IsZero():
		in.Fail("until", "field.required")
	case !x.Until.After(x.From) && x.From.After(now):
		in.Fail("until", "cover.backward")
	case !x.Until.After(now):
		in.Fail("until", "cover.past")
	case x.Until.After(x.From.Add(longest)), x.From.After(now.Add(ahead)):
		in.Fail("until", "cover.long")
	}
	if err := in.Err(); err != nil {
		return err // the rest needs a stretch of time
	}
	if err := checkOwn(tx, &in, x); err != nil {
		return err
	}
	if err := checkCover(tx, &in, x); err != nil {
		return err
	}
	return in.Err()
}

// checkOwn refuses a second absence at the same time.
func checkOwn(tx *db.Tx, in *errs.Check, x *Absence) error {
	list, err := db.List(tx, scanAbsence, absenceColumns+`WHERE a.person = $1 AND a.until > $2 AND a.from_at < $3 AND a.id <> $4
		AND (a.ended_at IS NULL OR a.ended_at > $2 AND a.ended_at > a.from_at) ORDER BY a.from_at LIMIT 1`, x.Person, db.Us(x.From), db.Us(x.Until), x.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	first, last := days(list[0])
	in.Fail("until", "cover.overlap", "From", first, "Until", last)
	return nil
}

// checkCover refuses who can't act for the person in that time.
func checkCover(tx *db.Tx, in *errs.Check, x *Absence) error {
	if x.Cover == 0 {
		return nil
	}
	if x.Cover == x.Person {
		in.Fail("cover", "cover.self")
		return nil
	}
	var name string
	var staff, helper, needed bool
	err := tx.QueryRow(`SELECT p.name,
		EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role NOT IN ('student', 'guardian', 'board', 'vendor')),
		EXISTS (SELECT 1 FROM district_grant g WHERE g.person = p.id AND g.role IN ('agent', 'tier1', 'admin', 'director')),
		EXISTS (SELECT 1 FROM district_grant g WHERE g.person = $2 AND g.role IN ('agent', 'tier1', 'admin', 'director'))
		FROM district_person p WHERE p.id = $1 AND p.active`, x.Cover, x.Person).Scan(&name, &staff, &helper, &needed)
	switch {
	case db.IsNoRows(err), err == nil && !staff:
		in.Fail("cover", "cover.not_staff")
		return nil
	case err != nil:
		return err
	case needed && !helper:
		in.Fail("cover", "cover.no_helper", "Name", name)
		return nil
	}
	x.CoverName = name
	all, err := db.List(tx, scanAbsence, absenceColumns+`WHERE a.person = $1 AND a.until > $2 AND a.from_at < $3
		AND (a.ended_at IS NULL OR a.ended_at > $2 AND a.ended_at > a.from_at) ORDER BY a.from_at, a.id`, x.Cover, db.Us(x.From), db.Us(x.Until))
	if err != nil {
		return err
	}
	free := x.From // until here they are away without a break
	for _, o := range all {
		if !o.From.After(free) {
			free = o.End()
		}
	}
	if !free.Before(x.Until) {
		_, last := days(all[len(all)-1])
		in.Fail("cover", "cover.away", "Name", name, "Until", last)
	}
	return nil
}

// days are the first and the last day of an absence where the person works, as
// everybody writes them. An absence until midnight ends the day before.
func days(a Absence) (first, last string) {
	loc, err := location(a.Zone)
	if err != nil {
		loc = time.UTC
	}
	return a.From.In(loc).Format(time.DateOnly), a.End().Add(-time.Microsecond).In(loc).Format(time.DateOnly)
}

// changesOf is what an absence becomes. All of it says something about a
// person.
func changesOf(was, x Absence) (ch []event.Change) {
	note(&ch, "person", was.Person, x.Person)
	note(&ch, "from", instant(was.From), instant(x.From))
	note(&ch, "until", instant(was.Until), instant(x.Until))
	note(&ch, "cover", was.Cover, x.Cover)
	note(&ch, "why", was.Why, x.Why)
	return ch
}
