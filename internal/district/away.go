package district

import (
	"context"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// longestAway bounds an absence; somebody gone for longer is deactivated.
const longestAway = 2 * 366 * 24 * time.Hour

// SetAway says that a person is not present until an instant, or with the zero
// time that they are back. People say it of themselves, administrators of
// anybody.
func (d *District) SetAway(ctx context.Context, id PersonID, until time.Time) error {
	a, err := authorise(ctx, mayOwn)
	if err != nil {
		return err
	}
	if !seesAll(a) && id != PersonID(a.Person) {
		return notFound()
	}
	if !until.IsZero() {
		now := d.clock.Now()
		var in errs.Check
		switch {
		case !until.After(now):
			in.Fail("until", "district.away.past")
		case until.After(now.Add(longestAway)):
			in.Fail("until", "district.away.long")
		}
		if err := in.Err(); err != nil {
			return err
		}
	}
	until = until.UTC().Truncate(time.Microsecond)
	return d.write(ctx, "set away", nil, func(tx *db.Tx) error {
		p, err := personByID(tx, id)
		if err != nil {
			return err
		}
		if !p.Active {
			return notFound()
		}
		if p.AwayUntil.Equal(until) {
			unchanged(tx)
			return nil
		}
		if _, err := tx.Exec(`UPDATE district_person SET away_until = $1, version = version + 1 WHERE id = $2`, db.UsNull(until), id); err != nil {
			return err
		}
		ch := diff{change("away_until", instantText(p.AwayUntil), instantText(until), true)}
		return emit(tx, "person.away", aboutPerson, id, ch)
	})
}

// instantText is how the log writes an instant, "" for none.
func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
