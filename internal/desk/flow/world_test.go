package flow_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	// What search makes of a text differs between the engines by design.
	testkit.EngineOwned = append(testkit.EngineOwned, "WITH found AS (", "INSERT INTO search_doc", "INSERT OR REPLACE INTO search_term")
	testkit.Main(m)
}

var schemas = []db.Schema{
	{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations},
	{Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations},
}

// world is a district with a desk and room for a past.
type world struct {
	t     testing.TB
	d     *db.DB
	desk  *desk.Desk
	flow  *flow.Flow
	clock *clock.Manual

	marsh, orchard   district.SiteID
	help, network    district.TeamID
	signIn           district.ServiceID // network's
	sam, nora, tessa person             // in help, in network, a teacher
	director         person
	past             desk.TicketID // the newest of the past
}

type person struct {
	id     district.PersonID
	grants []policy.Grant
}

func (w *world) as(p person) context.Context {
	return policy.WithActor(context.Background(), policy.Actor{Kind: policy.Person, Person: int64(p.id), Grants: p.grants, Door: policy.DoorWeb, RequestID: "test"})
}

func system() context.Context {
	return policy.WithActor(context.Background(), policy.SystemActor(policy.DoorCLI))
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	c := clock.NewManual(testkit.Start)
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c, Once: true}, func(t *testing.T, d *db.DB) {
		c.Set(testkit.Start)
		w := &world{t: t, d: d, clock: c, desk: desk.New(desk.Deps{DB: d}), flow: flow.New(flow.Deps{DB: d})}
		w.fill()
		f(t, w)
	})
}

func (w *world) fill() {
	w.write(func(tx *db.Tx) {
		site := func(name, short string) (id district.SiteID) {
			w.scan(tx, &id, `INSERT INTO district_site (name, short, fold, level, zone) VALUES ($1, $2, $3, 'middle', 'America/Denver') RETURNING id`, name, short, strings.ToLower(name))
			return id
		}
		w.marsh, w.orchard = site("Marsh Middle School", "Marsh"), site("Orchard Elementary", "Orchard")
		someone := func(name string, grants ...policy.Grant) person {
			p := person{grants: grants}
			w.scan(tx, &p.id, `INSERT INTO district_person (name, fold, lang, site, created) VALUES ($1, $1, 'en-US', $2, $3) RETURNING id`, name, w.marsh, db.Us(tx.Now()))
			for _, g := range grants {
				w.exec(tx, `INSERT INTO district_grant (person, role, site) VALUES ($1, $2, $3)`, p.id, g.Role, g.Scope)
			}
			return p
		}
		w.sam, w.nora = someone("Sam", policy.Grant{Role: "agent"}), someone("Nora", policy.Grant{Role: "agent"})
		w.tessa, w.director = someone("Tessa", policy.Grant{Role: "teacher", Scope: int64(w.marsh)}), someone("Drew", policy.Grant{Role: "director"})
		team := func(name string, tier int, lead person) (id district.TeamID) {
			w.scan(tx, &id, `INSERT INTO district_team (name, fold, lead, tier) VALUES ($1, $1, $2, $3) RETURNING id`, name, lead.id, tier)
			w.exec(tx, `INSERT INTO district_member (team, person) VALUES ($1, $2)`, id, lead.id)
			return id
		}
		w.help, w.network = team("Help desk", 2, w.sam), team("Network", 3, w.nora)
		w.scan(tx, &w.signIn, `INSERT INTO district_service (kind, name, fold, owner, cover, team) VALUES ('service', 'Sign-in', 'sign-in', $1, $2, $3) RETURNING id`, w.nora.id, w.sam.id, w.network)
		w.exec(tx, `INSERT INTO district_profile (one, name, zone, lang, help_team) VALUES (1, 'Juniper Valley', 'America/Denver', 'en-US', $1)`, w.help)
		w.exec(tx, `INSERT INTO desk_private_named (kind, person) VALUES ('privacy', $1)`, w.sam.id)
	})
}

// source is a past to bring tickets to.
func (w *world) source(name, number, zone, closed string, last time.Time) (id flow.SourceID) {
	w.write(func(tx *db.Tx) {
		w.scan(tx, &id, `INSERT INTO desk_past_source (name, map, zone, hours, closed, last_at, site, team, person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
			name, `{"Case": "case", "Number": "`+number+`", "Impacts": {"High": "stopped"}}`, zone, officeHours, strings.ReplaceAll(closed, " ", ","), db.UsNull(last), w.marsh, w.help, w.sam.id)
	})
	return id
}

// bring brings histories over and writes their facts.
func (w *world) bring(s flow.SourceID, all []history) (first desk.TicketID) {
	w.t.Helper()
	first = w.past - 1
	for list := range slices.Chunk(all, 100) {
		w.write(func(tx *db.Tx) {
			c, err := w.flow.Counting(tx, s)
			try(err)
			var put []flow.Put
			for _, h := range list {
				w.past--
				w.exec(tx, `INSERT INTO desk_ticket (id, title, state, impact, turn, requester, owner_team, site, channel, lang, created, updated, said_at, said_by_desk)
					VALUES ($1, 'Past', 'closed', 'slowed', 0, $2, $3, $4, 'web', 'en-US', $5, $5, $5, TRUE)`, w.past, w.sam.id, w.help, w.marsh, db.Us(tx.Now()))
				w.exec(tx, `INSERT INTO desk_past (ticket, source, run, last_run, case_key, digest) VALUES ($1, $2, 1, 1, $3, '')`, w.past, s, h.key)
				for i, r := range h.rows {
					w.insert(tx, w.past, i, r)
				}
				put = append(put, flow.Put{Ticket: w.past, Source: s, Facts: flow.Compute(h.rows, c)})
			}
			try(w.flow.Put(tx, put))
		})
	}
	return first
}

func (w *world) run() {
	w.write(func(tx *db.Tx) {
		w.exec(tx, `INSERT INTO desk_past_run (file, hash, size, state, begun) VALUES ('log.csv', '', 0, 'done', $1)`, db.Us(tx.Now()))
	})
}

func (w *world) insert(tx *db.Tx, id desk.TicketID, seq int, r flow.Row) {
	counter := func(n int) any {
		if n < 0 {
			return nil
		}
		return n
	}
	w.exec(tx, `INSERT INTO desk_past_row (ticket, run, seq, at, status, sub, state, waiting, team, person, line, impact, priority, kept, reassigned, reopened, opened, first, solved, closed, place, service)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`, id, seq, db.UsNull(r.At), r.Status, r.Sub, r.State, r.Wait, r.Team, r.Person,
		int64(r.Line), r.Impact, r.Priority, r.Kept, counter(r.Reassigned), counter(r.Reopened), db.UsNull(r.Opened), db.UsNull(r.First), db.UsNull(r.Solved), db.UsNull(r.Closed), r.Place, r.Service)
}

func (w *world) write(f func(tx *db.Tx)) {
	w.t.Helper()
	if err := w.d.Write(context.Background(), "test", func(tx *db.Tx) (err error) {
		tx.Unlogged("test")
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%v", p)
			}
		}()
		f(tx)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

// try fails the write that it is in: a test that ended there would leave the
// writer waiting.
func try(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *world) exec(tx *db.Tx, q string, args ...any) {
	_, err := tx.Exec(q, args...)
	try(err)
}

func (w *world) scan(tx *db.Tx, into any, q string, args ...any) {
	try(tx.QueryRow(q, args...).Scan(into))
}

// refresh computes tickets anew.
func (w *world) refresh(ids ...desk.TicketID) {
	w.t.Helper()
	w.write(func(tx *db.Tx) {
		try(w.flow.Refresh(tx, ids...))
	})
}

// watch has the watcher see everything that happened.
func (w *world) watch() {
	w.t.Helper()
	for range 300 {
		if _, err := event.Seal(context.Background(), w.d); err != nil {
			w.t.Fatal(err)
		}
		for {
			n, err := event.Step(context.Background(), w.d, w.flow.Watcher())
			if err != nil {
				w.t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		if w.count(`SELECT count(*) FROM event WHERE place IS NULL`) == 0 {
			return
		}
		_ = clock.Sleep(context.Background(), clock.System(), 10*time.Millisecond)
	}
	w.t.Fatal("not everything was sealed")
}

func (w *world) count(q string, args ...any) (n int64) {
	w.t.Helper()
	if err := w.d.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(q, args...).Scan(&n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// export is what Export writes.
func (w *world) export(o flow.Options) (out [][]string) {
	w.t.Helper()
	if err := w.flow.Export(system(), func(cells []string) error { out = append(out, slices.Clone(cells)); return nil }, o); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// stored are the rows of desk_flow as text, by ticket.
func (w *world) stored() map[int64]string {
	w.t.Helper()
	out := map[int64]string{}
	err := w.d.Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT ticket, source || '|' || events || '|' || coalesce(start_at, 0) || '|' || coalesce(first_at, 0) || '|' || coalesce(solved_at, 0) || '|' || coalesce(end_at, 0)
			|| '|' || coalesce(first_s, -1) || '|' || coalesce(first_biz, -1) || '|' || coalesce(solve_s, -1) || '|' || coalesce(solve_biz, -1) || '|' || coalesce(solve_own, -1)
			|| '|' || handoffs || '|' || owners || '|' || ups || '|' || downs || '|' || CASE WHEN pingpong THEN 1 ELSE 0 END || '|' || triples
			|| '|' || wait_requester || '|' || wait_vendor || '|' || wait_part || '|' || wait_date || '|' || wait_other || '|' || CASE WHEN reopened THEN 1 ELSE 0 END
			|| '|' || first_line || '|' || max_line || '|' || solved_line || '|' || kept || '|' || place || '|' || service || '|' || impact FROM desk_flow ORDER BY ticket`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			var text string
			if err := rows.Scan(&id, &text); err != nil {
				return err
			}
			out[id] = text
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func ok[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// calendar is Marsh's.
func (w *world) calendar() (c *worktime.Calendar) {
	w.t.Helper()
	err := w.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		c, _, err = calendar.Of(tx, w.marsh)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}
