package access_test

import (
	"runtime"
	"slices"
	"testing"
	"trellis/internal/testkit"

	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// Every object through every door as everybody: what somebody may not see
// answers as what does not exist, and no word of it stands in anything else
// that they are shown. PostgreSQL answers the same questions with the same
// SQL, so a part of the table is asked there.
func TestProbe(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			if e == db.Postgres && testkit.Brief() {
				t.Skip("not run: quick")
			}
			probe(t, e, testkit.Brief() || e == db.Postgres)
		})
	}
}

func probe(t *testing.T, e db.Engine, part bool) {
	d := &desks{world: build(t, e)}
	states := desk.States
	if part {
		states = []desk.State{desk.Open, desk.Solved}
	}
	p := access.Prober{Handler: d, Base: address, Objects: d.all(shapes, states), Ghost: d.ghost(), Identities: d.everybody(), Parallel: runtime.GOMAXPROCS(0)}
	p.Doors = slices.Concat(pagesOf(), commandsOf(), readsOf(), searchesOf(), listsOf(d))
	nth := map[*access.Object]int{}
	for i, o := range p.Objects {
		nth[o] = i
	}
	step := 2
	if part {
		step = 5
	}
	row := map[*access.Door]int{}
	for i, door := range p.Doors {
		row[door] = i
	}
	p.Skip = func(who *access.Identity, door *access.Door, o *access.Object) bool {
		return door.Changes && of(who).key == "" && nth[o] > 3 || (nth[o]+row[door])%step != 0
	}
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
	if !part && r.Requests < 50_000 {
		t.Errorf("%d requests: the table has shrunk", r.Requests)
	}
}

// events is how many things have happened.
func events(d *desks) (n int64) {
	d.t.Helper()
	d.ok(d.DB.Read(d.t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM event`).Scan(&n) }))
	return n
}
