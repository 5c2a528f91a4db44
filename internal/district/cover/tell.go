package cover

import (
	"context"
	"strconv"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
)

// SubjectAbsence is under what notices and the log name an absence; a notice
// about SubjectCoverage leads to who covers what.
const (
	SubjectAbsence  = "absence"
	SubjectCoverage = "coverage"
	// SubjectCovering leads who works the desk and covers to what they take
	// over; the id is the absence's.
	SubjectCovering = "covering"
)

// tellDeclared tells who covers, who leads, and the person themselves if
// another declared it.
func (c *Cover) tellDeclared(tx *db.Tx, a policy.Actor, x Absence) error {
	if x.Cover != 0 {
		if err := c.tell(tx, x.Cover, "cover.notice.you_cover", x, notice.High); err != nil {
			return err
		}
	}
	if err := c.tell(tx, x.Person, "cover.notice.for_you", x, notice.Normal); err != nil {
		return err
	}
	return c.tellLeads(tx, a, x, told(x, "cover.notice.out", "cover.notice.out_covered"))
}

func told(x Absence, alone, covered string) string {
	if x.Cover == 0 {
		return alone
	}
	return covered
}

// tellChanged tells who newly covers, who no longer does, and the leads.
func (c *Cover) tellChanged(tx *db.Tx, a policy.Actor, was, x Absence) error {
	if was.Cover != x.Cover && was.Cover != 0 {
		if err := c.tell(tx, was.Cover, "cover.notice.no_longer", x, notice.Normal); err != nil {
			return err
		}
	}
	moved := !was.From.Equal(x.From) || !was.Until.Equal(x.Until)
	if was.Cover == x.Cover && !moved {
		return nil // why is nobody else's business
	}
	if x.Cover != 0 {
		if err := c.tell(tx, x.Cover, "cover.notice.you_cover", x, notice.High); err != nil {
			return err
		}
	}
	if err := c.tell(tx, x.Person, "cover.notice.for_you", x, notice.Normal); err != nil {
		return err
	}
	return c.tellLeads(tx, a, x, told(x, "cover.notice.out", "cover.notice.out_covered"))
}

// tellEnded tells who covered, and the leads, that it is over.
func (c *Cover) tellEnded(tx *db.Tx, a policy.Actor, x Absence) error {
	why := "cover.notice.back"
	if x.State(tx.Now()) == Planned {
		why = "cover.notice.canceled"
	}
	if x.Cover != 0 {
		if err := c.tell(tx, x.Cover, why, x, notice.Normal); err != nil {
			return err
		}
	}
	return c.tellLeads(tx, a, x, why)
}

// tellLeads tells who leads a team that the person is in. Who has been told
// that they cover need not hear it twice.
func (c *Cover) tellLeads(tx *db.Tx, _ policy.Actor, x Absence, why string) error {
	leads, err := leadsOf(tx, x.Person)
	if err != nil {
		return err
	}
	for _, l := range leads {
		if l == x.Person || l == x.Cover {
			continue
		}
		if err := c.tell(tx, l, why, x, notice.Normal); err != nil {
			return err
		}
	}
	return nil
}

// leadsOf are the leads of the open teams that a person is in.
func leadsOf(tx *db.Tx, p district.PersonID) ([]district.PersonID, error) {
	return db.List(tx, scanID, `SELECT DISTINCT t.lead FROM district_team t JOIN district_member m ON m.team = t.id WHERE m.person = $1 AND t.active ORDER BY t.lead`, p)
}

// tell writes one notice about an absence. Notices about one absence fold: only
// how it stands now matters.
func (c *Cover) tell(tx *db.Tx, to district.PersonID, why string, x Absence, u notice.Urgency) error {
	from, until, err := c.say(tx, to, x)
	if err != nil {
		return err
	}
	about := event.Ref{Kind: SubjectAbsence, ID: int64(x.ID)}
	if to == x.Cover && why == "cover.notice.you_cover" {
		var helper bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_grant g WHERE g.person = $1 AND g.role IN `+district.HelperRolesSQL+`)`, to).Scan(&helper); err != nil {
			return err
		}
		if helper {
			about.Kind = SubjectCovering
		}
	}
	return notice.Send(tx, notice.Notice{To: int64(to), Why: why, Urgency: u, About: about,
		Digest: "absence/" + strconv.FormatInt(int64(x.ID), 10),
		Args:   map[string]any{"Name": x.Name, "Cover": x.CoverName, "From": from, "Until": until}})
}

// say writes the first and last day in the language of who is told. An end in
// the middle of a day is said with its time.
func (c *Cover) say(tx *db.Tx, to district.PersonID, x Absence) (from, until string, err error) {
	var lang string
	if err := tx.QueryRow(`SELECT lang FROM district_person WHERE id = $1`, to).Scan(&lang); err != nil {
		return "", "", err
	}
	loc, err := location(x.Zone)
	if err != nil {
		return "", "", err
	}
	ctx := i18n.With(context.Background(), c.dates, lang)
	return i18n.Date(ctx, x.From, loc), SayUntil(ctx, x.Until, loc), nil
}

// SayUntil names the last day of an absence, or the time of that day at which
// it ends: "Friday, March 6, 2026", "Mar 6, 2026, 12:00 pm". Until midnight is
// the whole of the day before.
func SayUntil(ctx context.Context, until time.Time, loc *time.Location) string {
	if local := until.In(loc); startOfDay(local).Equal(local) {
		return i18n.LongDate(ctx, until.Add(-time.Microsecond), loc)
	}
	return i18n.DateTime(ctx, until, loc)
}

// startOfDay is when the day of t begins where t is; not always midnight.
func startOfDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}
