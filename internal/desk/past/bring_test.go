package past_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	// What search makes of a text differs between the engines by design.
	testkit.EngineOwned = append(testkit.EngineOwned, "WITH found AS (", "INSERT INTO search_doc", "INSERT OR REPLACE INTO search_term")
	testkit.Main(m)
}

// world is a district with nobody but who runs it.
type world struct {
	t     *testing.T
	db    *db.DB
	past  *past.Past
	flow  *flow.Flow
	desk  *desk.Desk
	jobs  *job.Runner
	admin district.PersonID
	sam   district.PersonID // works the desk
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	c := clock.NewManual(testkit.Start)
	schemas := []db.Schema{{Name: "idem", FS: idem.Migrations}, {Name: "search", FS: search.Migrations}, {Name: "district", FS: district.Migrations}, {Name: "desk", FS: desk.Migrations}}
	testkit.Each(t, testkit.Setup{Schemas: schemas, Clock: c}, func(t *testing.T, d *db.DB) {
		blobs, err := blob.Open(t.TempDir()+"/blobs", blob.Options{OnFatal: func(err error) { t.Error(err) }})
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, db: d, flow: flow.New(flow.Deps{DB: d}), desk: desk.New(desk.Deps{DB: d, Blobs: blobs}), jobs: job.NewRunner(d, slog.New(slog.DiscardHandler), job.Options{})}
		w.past = past.New(past.Deps{DB: d, Blobs: blobs, Flow: w.flow, Folder: t.TempDir()})
		w.past.RegisterJobs(w.jobs)
		err = d.Write(system(), "fill", func(tx *db.Tx) error {
			tx.Unlogged("a test's world")
			for _, p := range []struct {
				id         *district.PersonID
				name, role string
			}{{&w.admin, "Ada Admin", "admin"}, {&w.sam, "Sam Specialist", "agent"}} {
				if err := tx.QueryRow(`INSERT INTO district_person (name, fold, email, email_fold, lang, created) VALUES ($1, $2, $3, $3, 'en-US', 0) RETURNING id`,
					p.name, district.Fold(p.name), strings.ToLower(strings.Fields(p.name)[0])+"@jv.example").Scan(p.id); err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO district_grant (person, role, site) VALUES ($1, $2, 0)`, *p.id, p.role); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`INSERT INTO district_profile (one, name, zone, lang) VALUES (1, 'Juniper Valley', 'America/Denver', 'en-US')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		f(t, w)
	})
}

func system() context.Context {
	return policy.WithActor(context.Background(), policy.SystemActor(policy.DoorJob))
}

// as is a context in which somebody with a role in the whole district acts.
func as(id district.PersonID, role string) context.Context {
	return policy.WithActor(context.Background(), policy.Actor{Kind: policy.Person, Person: int64(id), Grants: []policy.Grant{{Role: role}}, Door: policy.DoorWeb, RequestID: "test"})
}

func (w *world) boss() context.Context { return as(w.admin, "admin") }

func must[V any](t *testing.T) func(V, error) V {
	return func(v V, err error) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// bring sends a file, takes the guess and brings it in.
func (w *world) bring(name, file string) past.Run {
	w.t.Helper()
	r := must[past.Run](w.t)(w.past.AddDraft(w.boss(), strings.NewReader(file), name))
	must[past.Run](w.t)(w.past.Begin(w.boss(), r.ID))
	return w.drain(r.ID)
}

func (w *world) drain(id past.RunID) past.Run {
	w.t.Helper()
	if _, err := w.jobs.Drain(system()); err != nil {
		w.t.Fatal(err)
	}
	return must[past.Run](w.t)(w.past.Find(w.boss(), id))
}

func (w *world) export() string {
	w.t.Helper()
	var b strings.Builder
	if err := w.flow.Export(system(), func(cells []string) error { b.WriteString(strings.Join(cells, ",") + "\n"); return nil }, flow.Options{}); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

func (w *world) count(q string) (n int) {
	w.t.Helper()
	if err := w.db.Read(system(), func(tx *db.Tx) error { return tx.QueryRow(q).Scan(&n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// the tables that a past fills.
var filled = []string{"desk_ticket", "desk_message", "desk_past", "desk_past_row", "desk_flow", "search_doc"}

func (w *world) counts() (out []int) {
	for _, t := range filled {
		out = append(out, w.count(`SELECT count(*) FROM `+t))
	}
	return out
}

const oldDesk = `Ticket,Status,Opened,Solved,School,Category,Assignee,Requester,Subject,Description
T-1,Closed,2025-09-02 08:10,2025-09-02 09:40,Marsh Middle School,Printing,Sam Specialist,ada@jv.example,The label printer prints squares,Since the update
T-2,Closed,2025-09-03 10:00,2025-09-05 12:00,Somewhere Else,Sign-in,Kim,kim@elsewhere.example,Nobody gets past the sign-in page,Grade 7 too
T-3,Open,2025-09-04 11:00,,Marsh Middle School,Chromebooks,,lee@elsewhere.example,Cart 4 does not charge,
`

func TestBring(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		empty := w.counts()
		first := w.bring("old desk.csv", oldDesk)
		if first.State != past.Done || first.Added != 3 || first.Name != "old desk" || first.Share != 100 {
			t.Fatalf("%+v", first)
		}
		// Ordinary tickets of the past: found, shown, marked, not worked on.
		one := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -1))
		if one.Past == nil || one.Past.Number != "T-1" || one.State != desk.Closed || one.Requester.ID != w.admin || one.Owner.ID != w.sam || one.Place.SiteName != "Marsh Middle School" || one.Past.Open {
			t.Errorf("%+v %+v", one, one.Past)
		}
		if len(one.Messages) != 1 || one.Messages[0].Text != "Since the update" || one.ID.String() != "H-1" {
			t.Errorf("%+v", one.Messages)
		}
		if three := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -3)); !three.Past.Open || three.Requester.Name != "lee@elsewhere.example" {
			t.Errorf("%+v", three.Past)
		}
		for text, want := range map[string]desk.TicketID{"label printer": -1, "T-2": -2, "H-3": -3, "grade": -2} {
			if f := must[desk.Found](t)(w.desk.Search(as(w.sam, "agent"), text, "")); len(f.Items) != 1 || f.Items[0].ID != want {
				t.Errorf("%q finds %+v", text, f.Items)
			}
		}
		if _, err := w.desk.Reopen(as(w.sam, "agent"), -1, 0); !errs.Is(err, errs.Conflict) {
			t.Errorf("reopened: %v", err)
		}
		if c := must[desk.Counts](t)(w.desk.Counts(as(w.sam, "agent"))); c != (desk.Counts{}) {
			t.Errorf("the desk has work: %+v", c)
		}

		// The same again changes nothing at all.
		before, counts := w.export(), w.counts()
		if again := w.bring("old desk.csv", oldDesk); again.State != past.Done || again.Added+again.Changed != 0 || again.Same != 3 {
			t.Errorf("%+v", again)
		}
		if w.export() != before || !slices.Equal(w.counts(), counts) {
			t.Errorf("the second time made a difference: %v, then %v", counts, w.counts())
		}

		// A later export: one more, one solved since.
		later := strings.Replace(oldDesk, "T-3,Open,2025-09-04 11:00,,", "T-3,Closed,2025-09-04 11:00,2025-09-08 09:00,", 1) +
			"T-4,Open,2025-09-09 08:00,,Marsh Middle School,Printing,,,Toner,\n"
		later = strings.Replace(later, "Printing,Sam Specialist,ada@jv.example,The label printer prints squares,Since the update", "Labels,,lee@elsewhere.example,The label printer prints circles,", 1)
		last := w.count(`SELECT last_at FROM desk_past_source`)
		next := w.bring("old desk.csv", later)
		if next.Added != 1 || next.Changed != 2 || next.Same != 1 {
			t.Errorf("%+v", next)
		}
		if three := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -3)); three.Past.Open || three.SolvedAt.IsZero() {
			t.Errorf("%+v", three.Past)
		}

		if again := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -1)); again.Title != "The label printer prints circles" || again.ServiceName != "Labels" || again.Owner.ID != 0 ||
			again.Requester.ID == w.admin || len(again.Messages) != 0 {
			t.Errorf("%+v", again)
		}
		if f := must[desk.Found](t)(w.desk.Search(as(w.sam, "agent"), "squares", "")); f.Total != 0 {
			t.Errorf("found by words that are no longer there: %+v", f)
		}
		if w.count(`SELECT last_at FROM desk_past_source`) <= last {
			t.Error("the source did not go on")
		}

		// Only the last can be undone, and then all is as it was.
		if _, err := w.past.Undo(w.boss(), first.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("undo of the first: %v", err)
		}
		must[past.Run](t)(w.past.Undo(w.boss(), next.ID))
		if r := w.drain(next.ID); r.State != past.Undone || r.Stayed != 0 {
			t.Errorf("%+v", r)
		}
		if w.export() != before || !slices.Equal(w.counts(), counts) {
			t.Errorf("undone it differs: %v, then %v\n%s%s", counts, w.counts(), before, w.export())
		}
		if r := w.bring("old desk.csv", oldDesk); r.Same != 3 {
			t.Errorf("undone it counts as different: %+v", r)
		}
		if back := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -1)); back.Title != one.Title || back.Requester.ID != w.admin || back.Owner.ID != w.sam || back.Place != one.Place ||
			len(back.Messages) != 1 || back.Messages[0].Text != "Since the update" || !back.SolvedAt.Equal(one.SolvedAt) || w.count(`SELECT last_at FROM desk_past_source`) != last {
			t.Errorf("%+v, was %+v", back, one)
		}

		// What somebody has written on stays.
		must[desk.Jotted](t)(w.desk.AddNote(as(w.sam, "agent"), -2, "We had this twice", nil))
		must[past.Run](t)(w.past.Undo(w.boss(), first.ID))
		if r := w.drain(first.ID); r.State != past.Undone || r.Stayed != 1 {
			t.Errorf("%+v", r)
		}
		if n := w.count(`SELECT count(*) FROM desk_ticket`); n != empty[0]+1 {
			t.Errorf("%d tickets left", n)
		}
		// Numbers are never given again.
		r := w.bring("other.csv", oldDesk)
		if n := w.count(`SELECT min(id) FROM desk_ticket`); r.Added != 3 || n != -7 {
			t.Errorf("%+v, lowest %d", r, n)
		}
	})
}

// manyCases is a log with n cases.
func manyCases(n int) string {
	var b strings.Builder
	b.WriteString("case,time,status,team\n")
	for i := range n {
		for j, s := range []string{"Open", "Waiting on customer", "Resolved"} {
			fmt.Fprintf(&b, "C%d,2025-%02d-%02d %02d:%02d,%s,Team %d\n", i, 9+j, 1+i%28, 8+j, i%60, s, (i+j)%3)
		}
	}
	return b.String()
}

// A run that was stopped, or cut off, and begun again ends as one that was not.
func TestStopAndGoOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(manyCases(230)), "log.csv"))
		must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
		ctx, cancel := context.WithCancel(system())
		stopped := false
		past.OnGroup(w.past, func(done int) {
			if done == 100 && !stopped {
				stopped = true
				must[past.Run](t)(w.past.Stop(w.boss(), r.ID))
			}
			if done == 150 {
				cancel()
			}
		})
		if got := w.drain(r.ID); got.State != past.Stopped || got.Added != 100 {
			t.Fatalf("%+v", got)
		}
		must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
		_ = past.Work(w.past, ctx, r.ID) // cut off
		if got := must[past.Run](t)(w.past.Find(w.boss(), r.ID)); got.State != past.Running || got.Added < 150 || got.Added == 230 {
			t.Fatalf("%+v", got)
		}
		past.OnGroup(w.past, nil)
		if got := w.drain(r.ID); got.State != past.Done || got.Added != 230 || got.Changed+got.Same != 0 {
			t.Fatalf("%+v", got)
		}
		whole := w.export()
		if n := strings.Count(whole, "\n"); n != 231 {
			t.Errorf("%d lines", n)
		}
		must[past.Run](t)(w.past.Undo(w.boss(), r.ID))
		w.drain(r.ID)
		w.bring("log.csv", manyCases(230))
		if w.export() != whole {
			t.Error("in one go it differs")
		}
	})
}

// Nothing of a file that is not understood is brought in, and each fault is
// told by row and column.
func TestBadFiles(t *testing.T) {
	const head = "Ticket,Status,Opened,Solved\n"
	const good = "T-1,Closed,2025-09-02 08:10,2025-09-02 09:40\nT-2,Closed,2025-09-14 08:10,2025-09-15 09:40\n"
	each(t, func(t *testing.T, w *world) {
		empty := w.counts()
		columns := past.Map{Case: "Ticket", Status: "Status", Opened: "Opened", Solved: "Solved"}
		for name, c := range map[string]struct {
			file   string
			row    int
			column string
		}{
			"two headers":           {head + good + head + good, 4, ""},
			"ends before it begins": {head + good + "T-3,Closed,2025-09-02 08:10,2025-09-01 09:40\n", 4, "Solved"},
			"another form of date":  {head + good + "T-3,Closed,09/16/2025 08:10,\n", 4, "Opened"},
			"no date at all":        {head + good + "T-3,Closed,soon,\n", 4, "Opened"},
			"a formula":             {head + good + "T-3,=HYPERLINK(\"http://x\"),2025-09-02 08:10,\n", 4, "Status"},
			"no number":             {head + good + ",Closed,2025-09-02 08:10,\n", 4, "Ticket"},
			"a cell too many":       {head + good + "T-3,Closed,2025-09-02 08:10,,,,more\n", 4, "column 7"},
		} {
			r := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(c.file), name+".csv"))
			must[past.Run](t)(w.past.Set(w.boss(), r.ID, past.Change{Name: name, Map: columns}))
			must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
			r = w.drain(r.ID)
			if r.State != past.Failed || r.Refused == 0 || len(r.Problems) == 0 || r.Problems[0].Row != c.row || r.Problems[0].Column != c.column {
				t.Errorf("%s: %s, %d refused, %+v", name, r.State, r.Refused, r.Problems)
			}
			if got := w.counts(); !slices.Equal(got, empty) {
				t.Errorf("%s left something behind: %v", name, got)
			}
			if err := w.past.Drop(w.boss(), r.ID); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.past.AddDraft(w.boss(), strings.NewReader("%PDF-1.7 …"), "report.pdf"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a PDF: %v", err)
		}
		// The good rows, if that is what is wanted.
		r := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(head+good+"T-3,Closed,soon,\n"), "good.csv"))
		must[past.Run](t)(w.past.Set(w.boss(), r.ID, past.Change{Name: "good", Map: columns, Good: true}))
		must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
		if r = w.drain(r.ID); r.State != past.Done || r.Added != 2 || r.Refused != 1 || r.Problems[0].Row != 4 {
			t.Errorf("%+v", r)
		}
	})
}

// Who does not run Trellis brings nothing and reads nothing of it.
func TestRights(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(oldDesk), "old.csv"))
		for name, call := range map[string]func(ctx context.Context) error{
			"AddDraft": func(ctx context.Context) error {
				_, err := w.past.AddDraft(ctx, strings.NewReader(oldDesk), "x.csv")
				return err
			},
			"Set": func(ctx context.Context) error {
				_, err := w.past.Set(ctx, r.ID, past.Change{Name: "x", Map: r.Map})
				return err
			},
			"Preview": func(ctx context.Context) error { _, err := w.past.Preview(ctx, r.ID); return err },
			"Find":    func(ctx context.Context) error { _, err := w.past.Find(ctx, r.ID); return err },
			"List":    func(ctx context.Context) error { _, err := w.past.List(ctx); return err },
			"Begin":   func(ctx context.Context) error { _, err := w.past.Begin(ctx, r.ID); return err },
			"Stop":    func(ctx context.Context) error { _, err := w.past.Stop(ctx, r.ID); return err },
			"Undo":    func(ctx context.Context) error { _, err := w.past.Undo(ctx, r.ID); return err },
			"Drop":    func(ctx context.Context) error { return w.past.Drop(ctx, r.ID) },
			"BringFile": func(ctx context.Context) error {
				_, err := w.past.BringFile(ctx, past.BringFile{Path: "/nowhere"})
				return err
			},
		} {
			if err := call(context.Background()); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s by nobody: %v", name, err)
			}
			for _, role := range []string{"agent", "director", "teacher", "principal"} {
				if err := call(as(w.sam, role)); !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s by a %s: %v", name, role, err)
				}
			}
		}
	})
}
