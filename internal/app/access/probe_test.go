package access_test

import (
	"flag"
	"regexp"
	"runtime"
	"slices"
	"testing"
	"trellis/internal/testkit"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/notice"
)

var only = flag.String("doors", "", "ask only at doors whose names match")

// asked are the doors that the flag leaves.
func asked(t *testing.T, doors []*access.Door) []*access.Door {
	t.Helper()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		t.Fatal(err)
	}
	doors = slices.DeleteFunc(slices.Clone(doors), func(d *access.Door) bool { return !pattern.MatchString(d.Name) })
	if len(doors) == 0 {
		t.Fatalf("no door is called %s", *only)
	}
	return doors
}

// Every object through every door as everybody: what somebody may not see
// answers as what does not exist, and no word of it stands in anything else
// that they are shown. Objects stand in every state. A run that is not long
// asks at every door about every object, but not as everybody: each time
// others ask.
func TestProbe(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			if e == db.Postgres && testing.Short() {
				t.Skip("not run: quick")
			}
			// PostgreSQL answers the same questions with the same SQL: a part
			// is asked there always.
			probe(t, e, testkit.Brief() || e == db.Postgres)
		})
	}
}

func probe(t *testing.T, e db.Engine, part bool) {
	d := &desks{world: build(t, e)}
	p := access.Prober{Handler: d, Base: address, Objects: d.all(shapes, desk.States), Ghost: d.ghost(), Identities: d.everybody(), Parallel: runtime.GOMAXPROCS(0)}
	p.Doors = slices.Concat(pagesOf(), commandsOf(), readsOf(), searchesOf(), listsOf(d))
	object, door, identity := map[*access.Object]int{}, map[*access.Door]int{}, map[*access.Identity]int{}
	for i, x := range p.Objects {
		object[x] = i
	}
	for i, x := range p.Doors {
		door[x] = i
	}
	for i, x := range p.Identities {
		identity[x] = i
	}
	p.Doors = asked(t, p.Doors)
	step := 2
	if part {
		step = 23 // of 24 identities, and in step with neither shapes nor states
	}
	p.Skip = func(who *access.Identity, at *access.Door, o *access.Object) bool {
		return at.Changes && of(who).key == "" && object[o] > 3 || (object[o]+door[at]+identity[who])%step != 0
	}
	d.read()
	head := events(d)
	took := clock.Stopwatch()
	r := p.Run()
	t.Logf("%d probes by %d requests: %d objects, %d doors, %d identities, %s", r.Probes, r.Requests, len(p.Objects), len(p.Doors), len(p.Identities), took())
	for _, l := range r.Summary() {
		t.Error(l)
	}
	if n := events(d); n != head {
		t.Errorf("%d events came of commands that were refused", n-head)
	}
	least := 50_000
	if part {
		least = 10_000
	}
	if *only == "" && r.Requests < least {
		t.Errorf("%d requests: the table has shrunk", r.Requests)
	}
}

// read marks all notices as read: to look at a request's page does, and what
// is asked later would be told apart by the number beside the bell.
func (d *desks) read() {
	d.t.Helper()
	d.ok(d.DB.Write(d.system(), "read notices", func(tx *db.Tx) error {
		for _, p := range d.people {
			if _, err := notice.MarkAllRead(tx, int64(p), tx.Now()); err != nil {
				return err
			}
		}
		return nil
	}))
}

// events is how many things have happened.
func events(d *desks) (n int64) {
	d.t.Helper()
	d.ok(d.DB.Read(d.t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM event`).Scan(&n) }))
	return n
}
