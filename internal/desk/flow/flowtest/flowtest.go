// Package flowtest puts pasts and their facts into a test's database, without
// reading any file.
package flowtest

import (
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// Row is a ticket with its facts. Spans are seconds, negative for none.
type Row struct {
	ID                         int64 // below zero for one of a past; 0 gives the next number of those born here
	Source                     int64
	Site                       district.SiteID
	Service                    district.ServiceID // 0: none
	Team                       district.TeamID
	Person                     district.PersonID // who asked
	Private                    string
	State                      string // "closed" if empty
	Ended                      string // the last state that the old desk recorded, for one of a past
	Title                      string
	Start, End                 time.Time // zero: not recorded
	Solve, SolveBiz            int64
	First, FirstBiz            int64
	Handoffs, MaxLine, Events  int64
	PingPong, Reopened         bool
	Kept                       string
	Wait                       [5]int64
	Place, ServiceName, Impact string // as recorded
	Kind                       string // the ticket's own impact; "slowed" if empty
}

// Past makes a source and returns its id.
func Past(tx *db.Tx, name string, last time.Time, zone, hours, closed string, site district.SiteID, team district.TeamID, person district.PersonID) (id int64, err error) {
	err = tx.QueryRow(`INSERT INTO desk_past_source (name, map, zone, hours, closed, last_at, site, team, person) VALUES ($1, '{}', $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		name, zone, hours, closed, db.UsNull(last), site, team, person).Scan(&id)
	return id, err
}

// Put stores a row and returns its ticket's id.
func Put(tx *db.Tx, r Row) (int64, error) {
	if r.State == "" {
		r.State = "closed"
	}
	if r.Kind == "" {
		r.Kind = "slowed"
	}
	start := r.Start
	if start.IsZero() {
		start = tx.Now()
	}
	args := []any{r.Title, r.State, r.Kind, start.UnixMicro(), r.Person, r.Team, r.Site, db.Null(r.Service), r.Private}
	const columns = `title, state, impact, turn, requester, owner_team, site, service, private, lang, channel, created, updated, said_at, said_by_desk`
	const values = `$1, $2, $3, $4, $5, $6, $7, $8, $9, 'en-US', 'web', $4, $4, $4, TRUE`
	var err error
	if r.ID == 0 {
		err = tx.QueryRow(`INSERT INTO desk_ticket (`+columns+`) VALUES (`+values+`) RETURNING id`, args...).Scan(&r.ID)
	} else {
		_, err = tx.Exec(`INSERT INTO desk_ticket (id, `+columns+`) VALUES ($10, `+values+`)`, append(args, r.ID)...)
	}
	if err != nil {
		return 0, err
	}
	if r.Ended != "" {
		if _, err := tx.Exec(`INSERT INTO desk_past_row (ticket, run, seq, state) VALUES ($1, 1, 1, $2)`, r.ID, r.Ended); err != nil {
			return 0, err
		}
	}
	span := func(s int64) any {
		if s < 0 {
			return nil
		}
		return s
	}
	var solved time.Time
	if r.Solve >= 0 && !r.Start.IsZero() {
		solved = r.Start.Add(time.Duration(r.Solve) * time.Second)
	}
	_, err = tx.Exec(`INSERT INTO desk_flow (ticket, source, events, start_at, solved_at, end_at, first_s, first_biz, solve_s, solve_biz, solve_own, handoffs, owners, ups, downs,
			pingpong, triples, wait_requester, wait_vendor, wait_part, wait_date, wait_other, reopened, first_line, max_line, solved_line, kept, place, service, impact)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, 0, 0, 0, $12, 0, $13, $14, $15, $16, $17, $18, $19, $19, $19, $20, $21, $22, $23)`,
		r.ID, r.Source, r.Events, db.UsNull(r.Start), db.UsNull(solved), db.UsNull(r.End), span(r.First), span(r.FirstBiz), span(r.Solve), span(r.SolveBiz),
		r.Handoffs, r.PingPong, r.Wait[0], r.Wait[1], r.Wait[2], r.Wait[3], r.Wait[4], r.Reopened, r.MaxLine, r.Kept, r.Place, r.ServiceName, r.Impact)
	return r.ID, err
}
