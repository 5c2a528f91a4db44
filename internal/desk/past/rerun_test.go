package past_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/desk/past"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Files of one source that follow each other are taken back one by one, and
// each leaves what was before it.
func TestUndoInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		solvedAt := func(day string) string {
			return strings.Replace(oldDesk, "T-3,Open,2025-09-04 11:00,,", "T-3,Closed,2025-09-04 11:00,2025-09-"+day+" 09:00,", 1)
		}
		w.bring("old desk.csv", oldDesk)
		first := w.export()
		second := w.bring("old desk.csv", solvedAt("08"))
		between := w.export()
		third := w.bring("old desk.csv", solvedAt("09"))
		if second.Changed != 1 || third.Changed != 1 {
			t.Fatalf("%+v\n%+v", second, third)
		}

		// Nothing is taken back while another file is on its way.
		on := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(oldDesk), "old desk.csv"))
		must[past.Run](t)(w.past.Begin(w.boss(), on.ID))
		if _, err := w.past.Undo(w.boss(), third.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("undo beside a run: %v", err)
		}
		must[past.Run](t)(w.past.Stop(w.boss(), on.ID))
		w.drain(on.ID)

		must[past.Run](t)(w.past.Undo(w.boss(), third.ID))
		w.drain(third.ID)
		if w.export() != between {
			t.Error("the third undone is not the second")
		}
		if r := w.bring("old desk.csv", solvedAt("08")); r.Same != 3 {
			t.Errorf("the second again: %+v", r)
		}
		must[past.Run](t)(w.past.Undo(w.boss(), second.ID))
		w.drain(second.ID)
		if w.export() != first {
			t.Error("the second undone is not the first")
		}
		if r := w.bring("old desk.csv", oldDesk); r.Same != 3 {
			t.Errorf("the first again: %+v", r)
		}
		if three := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -3)); !three.SolvedAt.IsZero() || !three.Past.Open {
			t.Errorf("solved at %v", three.SolvedAt)
		}
	})
}

// A run that is stopped and begun again while its job still reads has two
// jobs. Each case is counted once.
func TestTwoJobsOfARun(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(manyCases(230)), "log.csv"))
		must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
		again := false
		past.OnGroup(w.past, func(done int) {
			if done == 100 && !again {
				again = true
				must[past.Run](t)(w.past.Stop(w.boss(), r.ID))
				must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
				if err := past.Work(w.past, system(), r.ID); err != nil {
					t.Error(err)
				}
			}
		})
		if got := w.drain(r.ID); got.State != past.Done || got.Added != 230 || got.Same+got.Changed != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// A run of which the file is gone ends, says why, and stands in nobody's way.
func TestFileGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := must[past.Run](t)(w.past.AddDraft(w.boss(), strings.NewReader(oldDesk), "old desk.csv"))
		must[past.Run](t)(w.past.Begin(w.boss(), r.ID))
		err := w.db.Write(system(), "lose a file", func(tx *db.Tx) error {
			tx.Unlogged("a test's accident")
			_, err := tx.Exec(`UPDATE desk_past_run SET hash = $1 WHERE id = $2`, strings.Repeat("0", 64), r.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.drain(r.ID); got.State != past.Stopped || len(got.Problems) != 1 || got.Problems[0].Key != "past.problem.gone" {
			t.Errorf("%+v", got)
		}
		if got := w.bring("old desk.csv", oldDesk); got.State != past.Done || got.Added != 3 {
			t.Errorf("%+v", got)
		}
	})
}

// What was brought in at the command line goes on there alone, with what it
// was begun with.
func TestCommandLine(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := filepath.Join(t.TempDir(), "log.csv")
		if err := os.WriteFile(path, []byte(manyCases(230)), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(system())
		past.OnGroup(w.past, func(done int) {
			if done == 100 {
				cancel()
			}
		})
		cut, err := w.past.BringFile(ctx, past.BringFile{Path: path})
		if err == nil {
			t.Fatalf("not cut off: %+v", cut)
		}
		past.OnGroup(w.past, nil)
		must[past.Run](t)(w.past.Stop(w.boss(), cut.ID))
		if _, err := w.past.Begin(w.boss(), cut.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("begun where its file is not: %v", err)
		}
		other := cut.Map
		other.Team = ""
		another := must[past.Run](t)(w.past.BringFile(system(), past.BringFile{Path: path, Map: &other}))
		if another.ID == cut.ID || another.State != past.Done || another.Changed != 100 || another.Added != 130 {
			t.Errorf("by another map: %+v", another)
		}
		// What a later one recorded is not replaced by going on with the first.
		if r := must[past.Run](t)(w.past.BringFile(system(), past.BringFile{Path: path})); r.ID == cut.ID || r.Changed != 230 {
			t.Errorf("%+v", r)
		}
	})
}

// Who owns a ticket sees it: an address in a column of owners makes nobody one
// who doesn't work the desk. A name that two places have is neither.
func TestWhoAndWhereAreMeant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		err := w.db.Write(system(), "more people and places", func(tx *db.Tx) error {
			tx.Unlogged("a test's world")
			if _, err := tx.Exec(`INSERT INTO district_person (name, fold, email, email_fold, lang, created) VALUES ('Tessa', 'tessa', 'tessa@jv.example', 'tessa@jv.example', 'en-US', 0)`); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO district_site (name, short, fold, level, zone) VALUES ('Lincoln Elementary', 'Lincoln', 'lincoln elementary', 'elementary', 'America/Denver'),
				('Lincoln High', 'Lincoln', 'lincoln high', 'high', 'America/Denver')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.bring("old desk.csv", `Ticket,Status,Opened,Solved,School,Assignee,Requester,Subject
T-1,Closed,2025-09-02 08:10,2025-09-02 09:40,Lincoln,tessa@jv.example,kim@elsewhere.example,Screen
T-2,Closed,2025-09-02 08:10,2025-09-02 09:40,Lincoln High,sam@jv.example,lee@elsewhere.example,Sound
`)
		one, two := must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -1)), must[desk.Ticket](t)(w.desk.FindTicket(w.boss(), -2))
		if one.Owner.ID != 0 || two.Owner.ID != w.sam {
			t.Errorf("owned by %+v and %+v", one.Owner, two.Owner)
		}
		if n := w.count(`SELECT count(*) FROM desk_ticket t JOIN desk_past_source s ON s.site = t.site WHERE t.id = -1`); n != 1 || two.Place.SiteName != "Lincoln High" {
			t.Errorf("the first at a real place, the second at %s", two.Place.SiteName)
		}
		// Those who are stood in for are many: their requests are nobody's earlier ones.
		if list := must[[]desk.Item](t)(w.desk.Earlier(as(w.sam, "agent"), one.Requester.ID, -1, 5)); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}
