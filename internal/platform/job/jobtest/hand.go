package jobtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/job"
)

// byHand: what a person may do with a job in each state.
func byHand(t *testing.T, d *db.DB) {
	c := driven(t, d)
	answer := map[int64]error{}
	r, _ := script(d, "a", job.How{}, func(_ context.Context, j job.Job) error { return answer[j.ID] })
	in := map[job.State]func() int64{
		job.Available: func() int64 { return enqueue(t, d, job.New{Kind: "do", RunAt: c.Now().Add(time.Hour)}) },
		job.Retryable: func() int64 { return ran(t, d, r, answer, errTest) },
		job.Completed: func() int64 { return ran(t, d, r, answer, nil) },
		job.Discarded: func() int64 { return ran(t, d, r, answer, job.Permanent(errTest)) },
		job.Cancelled: func() int64 {
			id := enqueue(t, d, job.New{Kind: "do"})
			write(t, d, func(tx *db.Tx) error { return job.Discard(tx, id) })
			return id
		},
		job.Running: func() int64 {
			id := enqueue(t, d, job.New{Kind: "do"})
			dies(t, d, id)
			return id
		},
	}
	for _, x := range []struct {
		name string
		do   func(*db.Tx, int64) error
		to   map[job.State]job.State // others are a Conflict
		kind string
	}{
		{"retry", job.Retry, map[job.State]job.State{job.Discarded: job.Available, job.Cancelled: job.Available, job.Retryable: job.Available}, "job.retried"},
		{"discard", job.Discard, map[job.State]job.State{job.Discarded: job.Cancelled, job.Available: job.Cancelled, job.Retryable: job.Cancelled}, "job.cancelled"},
	} {
		for _, from := range []job.State{job.Available, job.Retryable, job.Completed, job.Discarded, job.Cancelled, job.Running} {
			id := in[from]()
			if got := get(t, d, id).State; got != from {
				t.Fatalf("%s instead of %s", got, from)
			}
			before := kinds(t, d, id)
			err := d.Write(t.Context(), x.name, func(tx *db.Tx) error { return x.do(tx, id) })
			to, allowed := x.to[from]
			after := get(t, d, id)
			if !allowed {
				if !errs.Is(err, errs.Conflict) || after.State != from {
					t.Errorf("%s of %s: %v, and now %s", x.name, from, err, after.State)
				}
				continue
			}
			if err != nil || after.State != to {
				t.Errorf("%s of %s: %v, and now %s", x.name, from, err, after.State)
			}
			if diff := cmp.Diff(append(before, x.kind), kinds(t, d, id)); diff != "" {
				t.Errorf("%s of %s: %s", x.name, from, diff)
			}
			if to == job.Available {
				answer[id] = nil
				if drain(t, r); get(t, d, id).State != job.Completed || get(t, d, id).Attempt != 1 {
					t.Errorf("%s of %s: then %s after %d attempts", x.name, from, get(t, d, id).State, get(t, d, id).Attempt)
				}
			}
		}
		if err := try(t, d, func(tx *db.Tx) error { return x.do(tx, 1<<40) }); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s of nothing: %v", x.name, err)
		}
	}
	counts(t, d, r, answer)
	twins(t, d, r, answer)
}

// ran enqueues a job and runs it to an answer.
func ran(t *testing.T, d *db.DB, r *job.Runner, answer map[int64]error, a error) int64 {
	t.Helper()
	id := enqueue(t, d, job.New{Kind: "do"})
	answer[id] = a
	if n := drain(t, r); n != 1 {
		t.Fatalf("ran %d", n)
	}
	return id
}

// counts: Stats agrees with the rows.
func counts(t *testing.T, d *db.DB, r *job.Runner, answer map[int64]error) {
	c := driven(t, d)
	ran(t, d, r, answer, errTest)
	ran(t, d, r, answer, job.Permanent(errTest))
	enqueue(t, d, job.New{Kind: "do", RunAt: c.Now().Add(2 * time.Hour)})
	due := c.Now()
	enqueue(t, d, job.New{Kind: "do"})
	read(t, d, func(tx *db.Tx) error {
		got, err := job.Stats(tx)
		if err != nil {
			return err
		}
		want := job.Counts{Due: due}
		list, err := db.List(tx, func(rows *db.Rows, s *string) error { return rows.Scan(s) }, `SELECT state FROM job`)
		for _, s := range list {
			switch job.State(s) {
			case job.Available:
				want.Available++
			case job.Running:
				want.Running++
			case job.Retryable:
				want.Retryable++
			case job.Discarded:
				want.Discarded++
			}
		}
		if want.Available < 2 || want.Running < 1 || want.Retryable < 1 || want.Discarded < 1 {
			t.Errorf("the rows are not of every state: %+v", want)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

// twins: a dead letter can't come back beside a job of its name that waits.
func twins(t *testing.T, d *db.DB, r *job.Runner, answer map[int64]error) {
	id := enqueue(t, d, job.New{Kind: "do", Unique: "u"})
	answer[id] = job.Permanent(errTest)
	drain(t, r)
	twin := enqueue(t, d, job.New{Kind: "do", Unique: "u", RunAt: d.Clock().Now().Add(time.Hour)})
	retry := func(tx *db.Tx) error { return job.Retry(tx, id) }
	if err := try(t, d, retry); !errs.Is(err, errs.Conflict) || twin == id {
		t.Errorf("retry beside a twin: %v", err)
	}
	write(t, d, func(tx *db.Tx) error { return job.Discard(tx, twin) })
	if err := try(t, d, retry); err != nil {
		t.Errorf("retry without a twin: %v", err)
	}
	if !slices.Equal(kinds(t, d, id), []string{"job.dead", "job.retried"}) {
		t.Errorf("events %v", kinds(t, d, id))
	}
}
