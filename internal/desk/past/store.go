package past

import (
	"encoding/json"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

const runColumns = `r.id, coalesce(s.name, r.name), r.file, r.size, r.map, r.good, r.state, r.problem, r.rows, r.share, r.added, r.changed, r.same, r.refused,
	r.stayed, r.by_person, p.name, r.begun, r.ended, r.version, r.hash, r.Kept, r.Source`

const runTables = ` FROM desk_past_run r LEFT JOIN desk_past_source s ON s.id = r.Source LEFT JOIN district_person p ON p.id = r.by_person`

// run is a Run with what only this package needs.
type run struct {
	Run
	hash string
}

func scanRun(scan func(...any) error, r *run) error {
	var columns, problems string
	err := scan(&r.ID, &r.Name, &r.File, &r.Size, &columns, &r.Good, &r.State, &problems, &r.Rows, &r.Share, &r.Added, &r.Changed, &r.Same, &r.Refused,
		&r.Stayed, db.OrZero(&r.By.ID), db.OrZero(&r.By.Name), db.At(&r.Begun), db.AtNull(&r.Ended), &r.Version, &r.hash, &r.Kept, db.OrZero(&r.Source))
	if err != nil {
		return err
	}
	if columns != "" {
		if r.Map, err = ParseMap([]byte(columns)); err != nil {
			return err
		}
	}
	if problems != "" {
		err = json.Unmarshal([]byte(problems), &r.Problems)
	}
	return err
}

func findRun(tx *db.Tx, id RunID) (r run, err error) {
	err = scanRun(tx.QueryRow(`SELECT `+runColumns+runTables+` WHERE r.id = $1`, id).Scan, &r)
	if db.IsNoRows(err) {
		return r, errs.E(errs.NotFound, "past.run_not_found")
	}
	return r, err
}

func listRuns(tx *db.Tx) ([]run, error) {
	return db.List(tx, func(r *db.Rows, out *run) error { return scanRun(r.Scan, out) },
		`SELECT `+runColumns+runTables+` ORDER BY r.id DESC LIMIT 200`)
}

func insertRun(tx *db.Tx, r *run) error {
	return tx.QueryRow(`INSERT INTO desk_past_run (file, hash, size, map, name, kept, good, state, by_person, begun)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		r.File, r.hash, r.Size, string(r.Map.JSON()), r.Name, r.Kept, r.Good, r.State, db.Null(r.By.ID), db.Us(tx.Now())).Scan(&r.ID)
}

// save stores everything about a run that can change.
func (r *run) save(tx *db.Tx) error {
	problems := ""
	if len(r.Problems) > 0 {
		b, err := json.Marshal(r.Problems)
		if err != nil {
			return err
		}
		problems = string(b)
	}
	r.Version++
	_, err := tx.Exec(`UPDATE desk_past_run SET source = $1, map = $2, name = $3, good = $4, state = $5, problem = $6, rows = $7, share = $8, added = $9, changed = $10,
			same = $11, refused = $12, stayed = $13, ended = $14, version = $15, kept = $16, hash = $17, size = $18 WHERE id = $19`,
		db.Null(r.Source), string(r.Map.JSON()), r.Name, r.Good, r.State, problems, r.Rows, r.Share, r.Added, r.Changed,
		r.Same, r.Refused, r.Stayed, db.UsNull(r.Ended), r.Version, r.Kept, r.hash, r.Size, r.ID)
	return err
}

// saveCounts stores how far a run is, and leaves what doesn't change by that.
func (r *run) saveCounts(tx *db.Tx) error {
	r.Version++
	_, err := tx.Exec(`UPDATE desk_past_run SET share = $1, added = $2, changed = $3, same = $4, version = $5 WHERE id = $6`, r.Share, r.Added, r.Changed, r.Same, r.Version, r.ID)
	return err
}

// emit logs what became of a run.
func (r *run) emit(tx *db.Tx, kind string, changes ...event.Change) error {
	return event.Emit(tx, event.Event{Kind: kind, Subject: event.Ref{Kind: SubjectRun, ID: int64(r.ID)}, Changes: changes})
}

// SubjectRun is what the events of runs are about.
const SubjectRun = "past_run"

// source is a row of desk_past_source.
type source struct {
	Source
	columns string // the map, as JSON
	site    int64
	team    int64
	person  int64
	version int64
}

func findSource(tx *db.Tx, name string) (s source, ok bool, err error) {
	err = tx.QueryRow(`SELECT id, name, zone, hours, closed, last_at, map, site, team, person, version FROM desk_past_source WHERE name = $1`, name).
		Scan(&s.ID, &s.Name, &s.Zone, &s.Hours, &s.Closed, db.AtNull(&s.LastAt), &s.columns, &s.site, &s.team, &s.person, &s.version)
	if db.IsNoRows(err) {
		return s, false, nil
	}
	return s, err == nil, err
}

// numbersGiven is how many numbers tickets from elsewhere ever had. They are
// never given again.
func numbersGiven(tx *db.Tx) (n int64, err error) {
	err = tx.QueryRow(`SELECT coalesce(sum(numbers), 0) FROM desk_past_source`).Scan(&n)
	return n, err
}

// known is a ticket that is here already.
type known struct {
	ticket  desk.TicketID
	run     RunID
	lastRun RunID
	digest  string
	private bool
}

// The texts for looking up several cases at once.
const lookSize = 32

var lookSQL = func() string {
	q := `SELECT p.case_key, p.ticket, p.run, p.last_run, p.digest, t.private <> '' FROM desk_past p JOIN desk_ticket t ON t.id = p.ticket WHERE p.source = $1 AND p.case_key IN (`
	for i := range lookSize {
		if i > 0 {
			q += `, `
		}
		q += `$` + itoa(i+2)
	}
	return q + `)`
}()

// look finds those of the cases that are here already.
func look(tx *db.Tx, from SourceID, cases []Case) (map[string]known, error) {
	out := map[string]known{}
	for i := 0; i < len(cases); i += lookSize {
		args := []any{from}
		for j := range lookSize {
			args = append(args, cases[min(i+j, len(cases)-1)].Key)
		}
		rows, err := tx.Query(lookSQL, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var key string
			var k known
			if err := rows.Scan(&key, &k.ticket, &k.run, &k.lastRun, &k.digest, &k.private); err != nil {
				rows.Close()
				return nil, err
			}
			out[key] = k
		}
		if err := rows.Err(); err != nil {
			rows.Close()
			return nil, err
		}
		rows.Close()
	}
	return out, nil
}

var (
	ticketTable = inserting(`INSERT INTO desk_ticket (id, title, state, impact, turn, requester, owner_team, owner_person, site, service, channel, lang,
		created, updated, said_at, said_by_desk, solved_at, closed_at, tier, handoffs)`, 20)
	pastTable = inserting(`INSERT INTO desk_past (ticket, source, run, last_run, case_key, digest, title, requester, owner)`, 9)
	rowTable  = inserting(`INSERT INTO desk_past_row (ticket, run, seq, at, status, sub, state, waiting, team, person, line, impact, priority, kept,
		reassigned, reopened, opened, first, solved, closed, place, service)`, 22)
	messageTable = inserting(`INSERT INTO desk_message (ticket, author, from_desk, body, channel, at)`, 6)
)

// addRows collects the rows of a case.
func addRows(b *batch, id desk.TicketID, by RunID, rows []flow.Row) {
	for i, r := range rows {
		b.add(id, by, i+1, db.UsNull(r.At), r.Status, r.Sub, string(r.State), string(r.Wait), r.Team, r.Person, int(r.Line), r.Impact, r.Priority, r.Kept,
			kept(r.Reassigned), kept(r.Reopened), db.UsNull(r.Opened), db.UsNull(r.First), db.UsNull(r.Solved), db.UsNull(r.Closed), r.Place, r.Service)
	}
}

// kept is NULL for a counter that nobody kept.
func kept(n int) any {
	if n < 0 {
		return nil
	}
	return n
}
