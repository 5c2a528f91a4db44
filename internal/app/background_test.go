package app_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// as is the context in which one of the example's people acts.
func as(t *testing.T, d *app.District, shown []demo.Shown, role string) context.Context {
	t.Helper()
	for _, s := range shown {
		if s.Role != role {
			continue
		}
		p, err := d.District.Person(system(t.Context()), s.Person)
		if err != nil {
			t.Fatal(err)
		}
		a := policy.ActorFrom(district.AsPerson(t.Context(), s.Person))
		for _, g := range p.Grants {
			a.Grants = append(a.Grants, policy.Grant{Role: g.Role, Scope: int64(g.Site)})
		}
		return policy.WithActor(t.Context(), a)
	}
	t.Fatal("nobody is shown as " + role)
	return nil
}

// engines are those that a test runs on: one of them where it must be quick.
func engines() []db.Engine {
	if testing.Short() {
		return []db.Engine{db.SQLite}
	}
	return []db.Engine{db.SQLite, db.Postgres}
}

// running does the district's background work until the test ends.
func running(t *testing.T, d *app.District) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		_ = clock.Sleep(t.Context(), clock.System(), 5*time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// quietly waits until a figure stands still for half a second.
func quietly(t *testing.T, figure func() int64) {
	t.Helper()
	last := int64(-1)
	eventually(t, "it comes to rest", func() bool {
		was := last
		last = figure()
		_ = clock.Sleep(t.Context(), clock.System(), 500*time.Millisecond)
		return last == was && figure() == last
	})
}

// In an open district a request comes back when its wait ends, also when the
// wait was written after everything else had been found to be due later. In
// between nobody asks the database.
func TestThingsHappenAtTheirHour(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.String(), func(t *testing.T) {
			d, shown := example(t, e)
			c := d.DB.Clock().(*clock.Manual)
			running(t, d)
			due := func() time.Time {
				at, err := d.Desk.NextDue(system(t.Context()))
				if err != nil {
					t.Fatal(err)
				}
				return at
			}
			eventually(t, "what is over is put away", func() bool { return due().After(c.Now()) })
			if e == db.SQLite { // on PostgreSQL other nodes have to be asked
				quietly(t, func() int64 { return d.DB.Stats().Reads })
			}
			dana := as(t, d, shown, "specialist")
			made, err := d.Desk.CreateTicket(dana, desk.CreateTicket{Text: "A lamp is on its way", Impact: desk.Slowed})
			if err != nil {
				t.Fatal(err)
			}
			until := c.Now().Add(time.Minute)
			if !due().After(until) {
				t.Fatalf("something is due at %v already: the test proves nothing", due())
			}
			if _, err := d.Desk.Wait(dana, desk.Wait{Ticket: made.ID, On: desk.OnPart, Until: until}); err != nil {
				t.Fatal(err)
			}
			_ = clock.Sleep(t.Context(), clock.System(), 300*time.Millisecond)
			state := func() desk.State {
				x, err := d.Desk.FindTicket(dana, made.ID)
				if err != nil {
					t.Fatal(err)
				}
				return x.State
			}
			if s := state(); s != desk.Waiting {
				t.Fatalf("it is %s before its hour", s)
			}
			c.Set(until)
			eventually(t, "the request is back", func() bool { return state() == desk.Open })
			next := due()
			c.Set(next)
			eventually(t, "the next one moves at its hour", func() bool { return due().After(next) || due().IsZero() })
		})
	}
}

// Open pages hear of everything that one transaction did, however much.
func TestPagesHearAll(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.String(), func(t *testing.T) {
			d, _ := example(t, e)
			running(t, d)
			heard := func() bool {
				var head int64
				if err := d.DB.Read(t.Context(), func(tx *db.Tx) (err error) { head, err = event.Head(tx); return err }); err != nil {
					t.Fatal(err)
				}
				return d.Told() == head
			}
			eventually(t, "pages hear of the past", heard)
			// Another commit would wake who missed something of this one.
			quietly(t, func() int64 { return d.DB.Stats().Writes })
			before := d.Told()
			if err := d.DB.Write(system(t.Context()), "an import", func(tx *db.Tx) error {
				for i := range int64(1300) {
					if err := event.Emit(tx, event.Event{Kind: "ticket.created", Subject: event.Ref{Kind: desk.SubjectTicket, ID: 100_000 + i}}); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "pages hear of all of it", func() bool { return heard() && d.Told() >= before+1300 })
		})
	}
}

// Attachments that no row names go after two days, the others stay; and the
// folder is walked once a day, however often the district is opened.
func TestTidyFiles(t *testing.T) {
	d, shown := example(t, db.SQLite)
	lee := as(t, d, shown, "teacher")
	if _, err := d.Desk.AddFile(lee, "notes.txt", bytes.NewReader([]byte("named by a row"))); err != nil {
		t.Fatal(err)
	}
	before := blobs(t, d)
	put := func(text string) string {
		t.Helper()
		info, err := d.Blobs.Put(t.Context(), bytes.NewReader([]byte(text)), 1000)
		if err != nil {
			t.Fatal(err)
		}
		return info.Hash
	}
	first := put("nobody names this")
	age(t, d, 3*24*time.Hour)
	fresh := put("somebody is about to name this")
	d.Tidy(system(t.Context()))
	now := blobs(t, d)
	for hash := range before {
		if !now[hash] {
			t.Errorf("an attachment that a row names was removed")
		}
	}
	if now[first] || !now[fresh] {
		t.Errorf("what nobody names: three days old and there is %v, fresh and there is %v", now[first], now[fresh])
	}
	age(t, d, 3*24*time.Hour)
	d.Tidy(system(t.Context()))
	if !blobs(t, d)[fresh] {
		t.Error("the folder was walked twice within a day")
	}
	state := filepath.Join(d.Folder, "tidied.json")
	yesterday := `{"files":"` + clock.System().Now().Add(-25*time.Hour).Format(time.RFC3339) + `"}`
	if err := os.WriteFile(state, []byte(yesterday), 0o600); err != nil {
		t.Fatal(err)
	}
	d.Tidy(system(t.Context()))
	if blobs(t, d)[fresh] {
		t.Error("the folder was not walked after a day")
	}
	sound(t, d)
}

func blobs(t *testing.T, d *app.District) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for b, err := range d.Blobs.Walk(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[b.Hash] = true
	}
	return out
}

// age makes all attachments look as if they had been put that long ago.
func age(t *testing.T, d *app.District, by time.Duration) {
	t.Helper()
	at := clock.System().Now().Add(-by)
	err := filepath.WalkDir(filepath.Join(d.Folder, "blobs"), func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			err = os.Chtimes(p, at, at)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
