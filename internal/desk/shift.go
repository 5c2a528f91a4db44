package desk

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// Shift is what another calendar would do to the clocks that run now.
type Shift struct {
	Open    int // clocks that run at the places, and could move
	Later   int
	Earlier int
	Lost    int         // would find no hours any more
	Broken  int         // were missed already: they stay missed
	Sample  []ShiftLine // those that move most, as far as the actor may see their tickets
}

// ShiftLine is one clock that would move.
type ShiftLine struct {
	Ticket   TicketID
	Title    string
	Metric   Metric
	From, To time.Time // To is zero if no hours are left
}

func (l ShiftLine) by() time.Duration {
	if l.To.IsZero() {
		return 1 << 62
	}
	return l.To.Sub(l.From).Abs()
}

// MayShift are those who may ask what other calendars would do: whoever may
// change them, and a token that may look at such a change.
var MayShift = calendar.Keeper.WithScope(district.ScopeDistrictRead)

// maxSample is how many moving clocks a review lists.
const maxSample = 20

// Shift computes what a change of days would do to the clocks of the places
// that it touches, and changes nothing. Who may look at a change of calendars
// may ask; which tickets are named is a matter of what they see of the desk.
func (d *Desk) Shift(ctx context.Context, cmd calendar.SetDays) (Shift, error) {
	a := policy.ActorFrom(ctx)
	switch {
	case a.Kind != policy.Person:
		return Shift{}, errs.E(errs.Unauthenticated, "error.unauthenticated")
	case !MayShift.Permits(a):
		return Shift{}, errs.E(errs.Forbidden, "error.forbidden")
	}
	var v viewer // a token that reads no requests has none named
	if a.TokenAllows(district.ScopeRequestsRead) {
		v.person = district.PersonID(a.Person)
	}
	if a.TokenAllows(district.ScopeDeskRead) {
		v.desk = district.PersonID(a.Person)
	}
	var out Shift
	err := d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		out = Shift{}
		var sample []ShiftLine
		draft, err := calendar.Would(tx, cmd)
		if err != nil {
			return err
		}
		for _, site := range draft.Sites() {
			cal, err := draft.Of(site)
			if err != nil {
				return err
			}
			lines, err := shiftSite(tx, v, site, cal, &out)
			if err != nil {
				return err
			}
			sample = most(append(sample, lines...), 10*maxSample)
		}
		for _, l := range sample {
			var sees bool
			if err := tx.QueryRow(`SELECT t.title, `+v.sees()+` FROM desk_ticket t WHERE t.id = $3`, v.person, v.desk, l.Ticket).Scan(&l.Title, &sees); err != nil {
				return err
			}
			if sees && len(out.Sample) < maxSample {
				out.Sample = append(out.Sample, l)
			}
		}
		return nil
	})
	return out, err
}

func most(list []ShiftLine, n int) []ShiftLine {
	slices.SortStableFunc(list, func(a, b ShiftLine) int { return int(min(max(b.by()-a.by(), -1), 1)) })
	return list[:min(n, len(list))]
}

// shiftSite counts for one site and lists what moves most. A private ticket
// counts for those alone who work on it.
func shiftSite(tx *db.Tx, v viewer, site district.SiteID, cal *worktime.Calendar, sum *Shift) ([]ShiftLine, error) {
	stood, err := stoodStill(tx, site)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT c.ticket, c.metric, c.round, c.started, c.target, c.due, c.missed IS NOT NULL FROM desk_clock c JOIN desk_ticket t ON t.id = c.ticket
		WHERE c.site = $3 AND c.stopped IS NULL AND c.due IS NOT NULL AND (t.private = '' OR `+v.works()+`) AND $1 >= 0`, v.person, v.desk, site)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []ShiftLine
	for rows.Next() {
		var l ShiftLine
		var round int
		var started time.Time
		var target int64
		var missed bool
		if err := rows.Scan(&l.Ticket, &l.Metric, &round, db.At(&started), &target, db.At(&l.From), &missed); err != nil {
			return nil, err
		}
		sum.Open++
		if missed {
			sum.Broken++
			continue
		}
		to, err := cal.Add(started, seconds(target), stood[runKey{l.Ticket, l.Metric, round}])
		switch {
		case err != nil:
			sum.Lost++
		case to.After(l.From):
			sum.Later++
		case to.Before(l.From):
			sum.Earlier++
		default:
			continue
		}
		l.To = to
		if lines = append(lines, l); len(lines) > 100*maxSample {
			lines = most(lines, 10*maxSample)
		}
	}
	return most(lines, 10*maxSample), rows.Err()
}

type runKey struct {
	ticket TicketID
	metric Metric
	round  int
}

// stoodStill are the pauses of the clocks that run at a site, read from the
// marks in one pass. Most clocks have none and are not there.
func stoodStill(tx *db.Tx, site district.SiteID) (map[runKey][]worktime.Interval, error) {
	rows, err := tx.Query(`SELECT m.ticket, m.at, m.kind, m.wait FROM desk_mark m WHERE m.ticket IN (
			SELECT c.ticket FROM desk_clock c JOIN desk_mark p ON p.ticket = c.ticket WHERE c.site = $1 AND c.stopped IS NULL AND p.kind IN ('paused', 'reopened'))
		ORDER BY m.ticket, m.at, m.id`, site)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[runKey][]worktime.Interval{}
	var id TicketID
	var marks []mark
	flush := func() {
		for _, r := range runs(marks) {
			if len(r.Pauses) > 0 {
				out[runKey{id, r.Metric, r.Round}] = r.intervals()
			}
		}
		marks = marks[:0]
	}
	for rows.Next() {
		var t TicketID
		var m mark
		if err := rows.Scan(&t, db.At(&m.At), &m.Kind, &m.Wait); err != nil {
			return nil, err
		}
		if t != id {
			flush()
			id = t
		}
		marks = append(marks, m)
	}
	flush()
	return out, rows.Err()
}
