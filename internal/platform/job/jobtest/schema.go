// Package jobtest is the suite that the job runner must pass on every engine:
// Run for its rules, under a driven clock, and Kill for what happens when its
// process dies.
package jobtest

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
)

// Schema holds the table in which jobs leave their traces.
var Schema = db.Schema{Name: "jobtest", FS: fstest.MapFS{"migrations/00001_jobtest.sql": {Data: []byte(`-- +goose Up
CREATE TABLE jobtest_effect (id {{id}}, job {{int}} NOT NULL, n {{int}} NOT NULL) {{strict}};
`)}}}

var testPolicy = policy.Policy{Name: "test", Sentence: "tests", Allow: func(policy.Actor) bool { return false }}

func effect(tx *db.Tx, jobID, n int64) error {
	_, err := tx.Exec(`INSERT INTO jobtest_effect (job, n) VALUES ($1, $2)`, jobID, n)
	return err
}

// effects counts what each n has left.
func effects(t *testing.T, d *db.DB) map[int64]int {
	t.Helper()
	out := map[int64]int{}
	read(t, d, func(tx *db.Tx) error {
		list, err := db.List(tx, func(rows *db.Rows, n *int64) error { return rows.Scan(n) }, `SELECT n FROM jobtest_effect`)
		for _, n := range list {
			out[n]++
		}
		return err
	})
	return out
}

func read(t *testing.T, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := try(t, d, f); err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, d *db.DB, f func(tx *db.Tx) error) error {
	t.Helper()
	return d.Write(t.Context(), "test", func(tx *db.Tx) error { tx.Unlogged("test"); return f(tx) })
}

func enqueue(t *testing.T, d *db.DB, n job.New) (id int64) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) { id, err = job.Enqueue(tx, n); return err })
	return id
}

func get(t *testing.T, d *db.DB, id int64) (j job.Job) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) { j, err = job.Get(tx, id); return err })
	return j
}

func drain(t *testing.T, r *job.Runner) int {
	t.Helper()
	n, err := r.Drain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func driven(t *testing.T, d *db.DB) *clock.Manual {
	t.Helper()
	m, ok := d.Clock().(*clock.Manual)
	if !ok {
		t.Fatal("jobtest needs a database with a manual clock")
	}
	return m
}

// eventually waits in real time for what other goroutines do.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 3000 {
		if ok() {
			return
		}
		_ = clock.Sleep(context.Background(), clock.System(), 10*time.Millisecond)
	}
	t.Fatalf("did not happen: %s", what)
}

var errTest = errors.New("the other side said no")
