package cover

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// SiteHelp is who gives first help at a place.
type SiteHelp struct {
	Site district.SiteID
	Team district.TeamID // the place's own, 0 if it has none
	// Here are the members of that team, or who covers for them, who are in on
	// the day, by name. If nobody is, they are those of the district's help
	// team, and Afar says so.
	Here []Hand
	Afar bool
	// Gap: nobody of the place's own team is in, or nobody helps at all.
	Gap bool
}

// Hand is somebody who helps.
type Hand struct {
	Person district.PersonID
	Name   string
	For    district.PersonID   // the member whose turn it would be; 0: their own
	Chain  []district.PersonID // from the member to Person
	Hours  []worktime.Span     // of the day, where the place is; none: the place is closed
	Now    bool                // the instant lies in these hours
}

// OfSite is who gives first help at a place at an instant, and on the day
// around it. It asks for no rights. NotFound for a place that is closed for
// good.
func (c *Cover) OfSite(tx *db.Tx, site district.SiteID, at time.Time) (SiteHelp, error) {
	out := SiteHelp{Site: site}
	var zone string
	var help district.TeamID
	err := tx.QueryRow(`SELECT s.zone, t.id, f.help_team FROM district_site s LEFT JOIN district_team t ON t.id = s.team AND t.active
		LEFT JOIN district_profile f ON f.one = 1 WHERE s.id = $1 AND s.active`, site).Scan(&zone, db.OrZero(&out.Team), db.OrZero(&help))
	if db.IsNoRows(err) {
		return out, notFound()
	}
	if err != nil {
		return out, err
	}
	loc, err := location(zone)
	if err != nil {
		return out, err
	}
	cal, _, err := c.calendar(tx, site)
	if err != nil {
		return out, err
	}
	r, err := loadRoster(tx, at, time.Time{})
	if err != nil {
		return out, err
	}
	local := at.In(loc)
	q := helpAt{r, db.Us(at), worktime.DateOf(local), worktime.Minute(local.Hour()*60 + local.Minute()), nil}
	q.open = cal.HoursOn(q.day)
	own := 0
	if out.Team != 0 {
		if out.Here, own, err = q.hands(tx, out.Team); err != nil {
			return out, err
		}
	}
	if len(out.Here) == 0 {
		out.Afar = true
		all, _, err := q.hands(tx, help)
		if err != nil {
			return out, err
		}
		out.Here = slices.DeleteFunc(all, func(h Hand) bool { return h.For != 0 })
		out.Gap = own > 0 || len(out.Here) == 0
	}
	return out, nil
}

// helpAt is a question about one instant at one place.
type helpAt struct {
	*roster
	at   int64
	day  worktime.Date
	now  worktime.Minute
	open []worktime.Span
}

// hands are who of a team, or for them, is in that day, each once, and how many
// members the team has.
func (q helpAt) hands(tx *db.Tx, team district.TeamID) (out []Hand, members int, err error) {
	list, err := db.List(tx, scanID, `SELECT p.id FROM district_member m JOIN district_person p ON p.id = m.person
		WHERE m.team = $1 AND p.active ORDER BY p.fold, p.id`, team)
	if err != nil {
		return nil, 0, err
	}
	for _, m := range list {
		q.active[m] = true
		hours := q.open
		if w, ok := q.weeks[m]; ok {
			if hours = overlap(w.on(q.day), q.open); len(hours) == 0 {
				continue
			}
		}
		s := q.stand(m, q.at)
		if s.Gap || !q.works(s.Person, q.day) || slices.ContainsFunc(out, func(h Hand) bool { return h.Person == s.Person }) {
			continue
		}
		h := Hand{Person: s.Person, Chain: s.Chain, Hours: hours}
		if s.Person != m {
			h.For = m
		}
		h.Now = slices.ContainsFunc(hours, func(x worktime.Span) bool { return x.From <= q.now && q.now < x.To })
		if err := tx.QueryRow(`SELECT name FROM district_person WHERE id = $1`, h.Person).Scan(&h.Name); err != nil {
			return nil, 0, err
		}
		out = append(out, h)
	}
	return out, len(list), nil
}

// Help is OfSite for who may see what is covered. The zero time is now.
func (c *Cover) Help(ctx context.Context, site district.SiteID, at time.Time) (h SiteHelp, err error) {
	if _, err := authorise(ctx, mayView); err != nil {
		return h, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		if at.IsZero() {
			at = tx.Now()
		}
		h, err = c.OfSite(tx, site, at)
		return err
	})
	return h, err
}
