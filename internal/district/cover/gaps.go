package cover

import (
	"context"
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/worktime"
)

// WarnDays is how many school days ahead a gap is warned of.
const WarnDays = 5

// Gaps looks for gaps in the next school days and tells each lead, in one
// notice, of those that they have not been told of. A gap that was closed and
// opens again is news again. Trellis runs it about once a day; running it more
// often tells nobody twice. It returns how many gaps were new.
func (c *Cover) Gaps(ctx context.Context, days int) (fresh int, err error) {
	if _, err := authorise(ctx, nobody); err != nil {
		return 0, err
	}
	err = c.db.Write(ctx, "warn of gaps", func(tx *db.Tx) error {
		fresh = 0
		tx.Unlogged("nothing is new")
		b, err := c.loadBoard(tx, CoverageQuery{Days: min(max(days, 1), 40)})
		if errs.Is(err, errs.NotFound) { // nobody has set the district up yet
			return nil
		}
		if err != nil {
			return err
		}
		all := b.draw()
		known, err := knownGaps(tx)
		if err != nil {
			return err
		}
		byLead := map[district.PersonID][]Gap{}
		for _, g := range all.Gaps {
			k := gapKey{g.Kind, g.ID, g.Day.String()}
			if known[k] {
				delete(known, k)
				continue
			}
			if _, err := tx.Exec(`INSERT INTO district_gap (kind, ref, day, told) VALUES ($1, $2, $3, $4)`, k.kind, k.ref, k.day, db.Us(tx.Now())); err != nil {
				return err
			}
			fresh++
			if g.Lead != 0 {
				byLead[g.Lead] = append(byLead[g.Lead], g)
			}
		}
		for k := range known { // closed, or gone by
			if _, err := tx.Exec(`DELETE FROM district_gap WHERE kind = $1 AND ref = $2 AND day = $3`, k.kind, k.ref, k.day); err != nil {
				return err
			}
		}
		leads := make([]district.PersonID, 0, len(byLead))
		for l := range byLead {
			leads = append(leads, l)
		}
		slices.Sort(leads)
		for _, l := range leads {
			if err := c.warn(tx, b, l, byLead[l]); err != nil {
				return err
			}
		}
		if fresh+len(known) == 0 {
			return nil
		}
		return event.Emit(tx, event.Event{Kind: "gaps.warned", Subject: event.Ref{Kind: SubjectCoverage}, Changes: []event.Change{
			{Field: "days", To: days}, {Field: "fresh", To: fresh}, {Field: "gone", To: len(known)}}})
	})
	return fresh, err
}

type gapKey struct {
	kind string
	ref  int64
	day  string
}

func knownGaps(tx *db.Tx) (map[gapKey]bool, error) {
	list, err := db.List(tx, func(r *db.Rows, k *gapKey) error { return r.Scan(&k.kind, &k.ref, &k.day) }, `SELECT kind, ref, day FROM district_gap`)
	out := make(map[gapKey]bool, len(list))
	for _, k := range list {
		out[k] = true
	}
	return out, err
}

// warn tells one lead. The first gap is named; how many more there are stands
// beside it, and the page has them all.
func (c *Cover) warn(tx *db.Tx, b *board, lead district.PersonID, gaps []Gap) error {
	var lang string
	if err := tx.QueryRow(`SELECT lang FROM district_person WHERE id = $1`, lead).Scan(&lang); err != nil {
		return err
	}
	g := gaps[0]
	why := "cover.notice.gap"
	if len(gaps) > 1 {
		why = "cover.notice.gaps"
	}
	u := notice.Normal
	if g.Day == b.today {
		u = notice.High
	}
	return notice.Send(tx, notice.Notice{To: int64(lead), Why: why, Urgency: u, About: event.Ref{Kind: SubjectCoverage}, Digest: "coverage/gaps",
		Args: map[string]any{"What": g.Name, "Day": c.dayIn(lang, b, g.Day), "Total": len(gaps), "Left": len(gaps) - 1}})
}

// dayIn names a day in a language.
func (c *Cover) dayIn(lang string, b *board, d worktime.Date) string {
	return i18n.LongDate(i18n.With(context.Background(), c.dates, lang), wall(d, 12*60, b.zone), b.zone)
}
