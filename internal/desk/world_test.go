package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
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

// world is a small district with a desk.
type world struct {
	t     testing.TB
	d     *db.DB
	desk  *desk.Desk
	clock *clock.Manual

	marsh, orchard     district.SiteID
	room214, room105   district.RoomID // at Marsh, at Orchard
	help, network      district.TeamID
	vendor             district.TeamID // speaks with the vendor; stands on no path
	signIn, printing   district.ServiceID
	admin, lead        person // of the district; lead leads help
	sam, dana          person // sam: agent for all, in help; dana: first help at Marsh and a teacher there
	nora               person // agent, in network
	omar               person // first help at Orchard
	tessa, luis        person // teachers at Marsh
	priya              person // teacher at Orchard
	kim                person // student at Marsh
	counselor, officer person // staff; the officer is the one named for privacy
}

type person struct {
	id     district.PersonID
	name   string
	grants []policy.Grant
}

// as is a context in which a person acts.
func (w *world) as(p person) context.Context {
	return policy.WithActor(context.Background(), policy.Actor{Kind: policy.Person, Person: int64(p.id), Grants: p.grants, Door: policy.DoorWeb, RequestID: "test"})
}

func system() context.Context {
	return policy.WithActor(context.Background(), policy.SystemActor(policy.DoorJob))
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	c := clock.NewManual(testkit.Start)
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(testkit.Start)
		f(t, newWorld(t, d, c))
	})
}

func newWorld(t *testing.T, d *db.DB, c *clock.Manual) *world {
	t.Helper()
	dir := t.TempDir() + "/blobs"
	blobs, err := blob.Open(dir, blob.Options{OnFatal: func(err error) { t.Errorf("blobs: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, d: d, clock: c, desk: desk.New(desk.Deps{DB: d, Blobs: blobs})}
	w.fill()
	return w
}

// fill makes the places, people, teams and services.
func (w *world) fill() {
	w.write(func(tx *db.Tx) {
		site := func(name, short string) (id district.SiteID) {
			w.scan(tx, &id, `INSERT INTO district_site (name, short, fold, level, zone) VALUES ($1, $2, $3, 'middle', 'America/Denver') RETURNING id`, name, short, strings.ToLower(name))
			return id
		}
		w.marsh, w.orchard = site("Marsh Middle School", "Marsh"), site("Orchard Elementary", "Orchard")
		room := func(s district.SiteID, name string) (id district.RoomID) {
			w.scan(tx, &id, `INSERT INTO district_room (site, name, fold) VALUES ($1, $2, $2) RETURNING id`, s, name)
			return id
		}
		w.room214, w.room105 = room(w.marsh, "214"), room(w.orchard, "105")
		w.admin = w.person(tx, "Ada Admin", 0, policy.Grant{Role: "admin"})
		w.lead = w.person(tx, "Lee Lead", 0, policy.Grant{Role: "agent"})
		w.sam = w.person(tx, "Sam Specialist", w.marsh, policy.Grant{Role: "agent"})
		w.dana = w.person(tx, "Dana Librarian", w.marsh, policy.Grant{Role: "tier1", Scope: int64(w.marsh)}, policy.Grant{Role: "teacher", Scope: int64(w.marsh)})
		w.nora = w.person(tx, "Nora Network", w.orchard, policy.Grant{Role: "agent", Scope: int64(w.orchard)})
		w.omar = w.person(tx, "Omar Coach", w.orchard, policy.Grant{Role: "tier1", Scope: int64(w.orchard)})
		w.tessa = w.person(tx, "Tessa Okafor", w.marsh, policy.Grant{Role: "teacher", Scope: int64(w.marsh)})
		w.luis = w.person(tx, "Luis Prado", w.marsh, policy.Grant{Role: "teacher", Scope: int64(w.marsh)})
		w.priya = w.person(tx, "Priya Nair", w.orchard, policy.Grant{Role: "teacher", Scope: int64(w.orchard)})
		w.kim = w.person(tx, "Kim Student", w.marsh, policy.Grant{Role: "student", Scope: int64(w.marsh)})
		w.counselor = w.person(tx, "Cora Counselor", w.marsh, policy.Grant{Role: "staff", Scope: int64(w.marsh)})
		w.officer = w.person(tx, "Olu Officer", 0, policy.Grant{Role: "staff"})
		team := func(name string, lead person, members ...person) (id district.TeamID) {
			w.scan(tx, &id, `INSERT INTO district_team (name, fold, lead, tier) VALUES ($1, $1, $2, 2) RETURNING id`, name, lead.id)
			for _, m := range append(members, lead) {
				w.exec(tx, `INSERT INTO district_member (team, person) VALUES ($1, $2)`, id, m.id)
			}
			return id
		}
		w.help, w.network = team("Help desk", w.lead, w.sam), team("Network", w.nora)
		w.scan(tx, &w.vendor, `INSERT INTO district_team (name, fold, lead, tier) VALUES ('Vendor desk', 'vendor desk', $1, 3) RETURNING id`, w.sam.id)
		w.exec(tx, `INSERT INTO district_member (team, person) VALUES ($1, $2)`, w.vendor, w.sam.id)
		service := func(name string, t any) (id district.ServiceID) {
			w.scan(tx, &id, `INSERT INTO district_service (kind, name, fold, owner, cover, team) VALUES ('service', $1, $1, $2, $3, $4) RETURNING id`, name, w.sam.id, w.lead.id, t)
			return id
		}
		w.signIn, w.printing = service("Sign-in", w.network), service("Printing", nil)
		w.exec(tx, `INSERT INTO district_profile (one, name, zone, lang, help_team) VALUES (1, 'Juniper Valley', 'America/Denver', 'en-US', $1)`, w.help)
		w.exec(tx, `INSERT INTO desk_private_named (kind, person) VALUES ('privacy', $1)`, w.officer.id)
	})
}

func (w *world) person(tx *db.Tx, name string, site district.SiteID, grants ...policy.Grant) person {
	p := person{name: name, grants: grants}
	w.scan(tx, &p.id, `INSERT INTO district_person (name, fold, lang, site, phone, created) VALUES ($1, $2, 'en-US', $3, '(555) 0142', $4) RETURNING id`,
		name, strings.ToLower(name), db.Null(site), db.Us(tx.Now()))
	for _, g := range grants {
		w.exec(tx, `INSERT INTO district_grant (person, role, site) VALUES ($1, $2, $3)`, p.id, g.Role, g.Scope)
	}
	return p
}

// write changes the database beneath the desk, as another module would.
func (w *world) write(f func(tx *db.Tx)) {
	w.t.Helper()
	if err := w.d.Write(context.Background(), "test", func(tx *db.Tx) error {
		tx.Unlogged("test")
		f(tx)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(tx *db.Tx, q string, args ...any) {
	w.t.Helper()
	if _, err := tx.Exec(q, args...); err != nil {
		w.t.Fatalf("%s: %v", q, err)
	}
}

func (w *world) scan(tx *db.Tx, into any, q string, args ...any) {
	w.t.Helper()
	if err := tx.QueryRow(q, args...).Scan(into); err != nil {
		w.t.Fatalf("%s: %v", q, err)
	}
}

// away has people be absent for a day from now on, or here again.
func (w *world) away(yes bool, people ...person) {
	w.t.Helper()
	w.write(func(tx *db.Tx) {
		now := db.Us(tx.Now())
		for _, p := range people {
			w.exec(tx, `UPDATE district_absence SET ended_at = $1 WHERE person = $2 AND ended_at IS NULL`, now, p.id)
			if yes {
				w.exec(tx, `INSERT INTO district_absence (person, from_at, until, created) VALUES ($1, $2, $3, $2)`, p.id, now, db.Us(tx.Now().Add(24*time.Hour)))
			}
		}
	})
}

// count asks the database directly.
func (w *world) count(q string, args ...any) (n int64) {
	w.t.Helper()
	if err := w.d.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRow(q, args...).Scan(&n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// ask is a request of a person, with what else f says.
func (w *world) ask(p person, text string, f ...func(*desk.CreateTicket)) desk.TicketID {
	w.t.Helper()
	c := desk.CreateTicket{Text: text}
	for _, f := range f {
		f(&c)
	}
	made, err := w.desk.CreateTicket(w.as(p), c)
	if err != nil {
		w.t.Fatalf("%s asks %q: %v", p.name, text, err)
	}
	return made.ID
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) find(p person, id desk.TicketID) desk.Ticket {
	w.t.Helper()
	return must[desk.Ticket](w.t)(w.desk.FindTicket(w.as(p), id))
}

func ok(t *testing.T, _ any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func idsOf(people ...person) (out []district.PersonID) {
	for _, p := range people {
		out = append(out, p.id)
	}
	return out
}
