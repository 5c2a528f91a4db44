package jobtest

import (
	"bufio"
	"context"
	"crypto/rand"
	"flag"
	"io"
	"log/slog"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/job"
)

var cycles = flag.Int("cycles", 6, "how often the kill suite kills the runner's process, per engine")

// perCycle is how many jobs each cycle adds; each enqueues another one.
const perCycle = 60

// childEnv tells a process that it is the runner to be killed.
const childEnv = "TRELLIS_JOBTEST_CHILD"

// shortLease keeps the suite quick; its proper length is tested on a driven
// clock.
const shortLease = time.Second

// Kill kills a process that runs jobs at random moments, many times, and then
// requires that each job, and what each enqueued, had its effect exactly once.
// d must have the system's clock and Schema. The test binary must call Child
// first in its TestMain.
func Kill(t *testing.T, d *db.DB) {
	want := map[int64]int{}
	for range *cycles {
		write(t, d, func(tx *db.Tx) error {
			for i := range perCycle {
				n := int64(len(want) + i + 1)
				// Some are due at once, some in a moment.
				_, err := job.Enqueue(tx, job.New{Kind: "work", Args: n, MaxAttempts: 1000, RunAt: tx.Now().Add(time.Duration(i) * 5 * time.Millisecond)})
				if err != nil {
					return err
				}
			}
			return nil
		})
		for n := int64(len(want)); len(want) < int(n)+perCycle; {
			want[int64(len(want)+1)] = 1
		}
		c := startChild(t, d)
		_ = clock.Sleep(t.Context(), clock.System(), time.Duration(20+below(280))*time.Millisecond)
		c.kill()
	}
	for n := int64(1); n <= int64(*cycles)*perCycle; n++ {
		want[-n] = 1 // what job n enqueued
	}
	c := startChild(t, d)
	defer c.kill()
	var open, interrupted int
	eventually(t, "what is left gets done", func() bool {
		read(t, d, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT coalesce(sum(CASE WHEN open THEN 1 ELSE 0 END), 0), coalesce(sum(attempt - 1), 0) FROM job`).Scan(&open, &interrupted)
		})
		return open == 0
	})
	got := effects(t, d)
	for n := range want {
		if got[n] != 1 {
			t.Errorf("job %d had its effect %d times", n, got[n])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d effects, want %d", len(got), len(want))
	}
	if interrupted == 0 {
		t.Error("no kill met a running job: the suite shows nothing")
	}
	t.Logf("%d kills interrupted %d of %d jobs", *cycles, interrupted, len(want))
}

// below is a random number under n.
func below(n int64) int64 {
	v, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		panic(err)
	}
	return v.Int64()
}

type child struct {
	cmd *exec.Cmd
	out io.Closer
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.out.Close()
	_ = c.cmd.Wait()
}

// startChild starts a process that runs the database's jobs, and returns when
// it has begun.
func startChild(t *testing.T, d *db.DB) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	where := d.Path()
	if d.Engine() == db.Postgres {
		where = d.DSN()
	}
	cmd.Env = append(os.Environ(), childEnv+"="+d.Engine().String()+"|"+where)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd, out}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "running" {
		c.kill()
		t.Fatalf("the child said %q: %v", line, err)
	}
	return c
}

// Child runs jobs until it is killed, if this process was started for that;
// otherwise it returns at once.
func Child() {
	engine, where, ok := strings.Cut(os.Getenv(childEnv), "|")
	if !ok {
		return
	}
	if err := work(engine, where); err != nil {
		_, _ = io.WriteString(os.Stderr, "child: "+err.Error()+"\n")
		os.Exit(1)
	}
}

func work(engine, where string) error {
	ctx := context.Background()
	opt := db.Options{Engine: db.SQLite, Path: where}
	if engine == db.Postgres.String() {
		opt = db.Options{Engine: db.Postgres, DSN: where}
	}
	d, err := db.Open(ctx, opt)
	if err != nil {
		return err
	}
	r := job.NewRunner(d, slog.New(slog.DiscardHandler), job.Options{Node: "child", Lease: shortLease, Poll: 20 * time.Millisecond})
	pause := func(ctx context.Context) error {
		return clock.Sleep(ctx, clock.System(), time.Duration(below(40))*time.Millisecond)
	}
	r.RegisterApply("work", testPolicy, job.How{}, func(ctx context.Context, j job.Job) (func(*db.Tx) error, error) {
		var n int64
		if err := j.Decode(&n); err != nil {
			return nil, err
		}
		return func(tx *db.Tx) error {
			if err := effect(tx, j.ID, n); err != nil {
				return err
			}
			_, err := job.Enqueue(tx, job.New{Kind: "after", Args: -n, MaxAttempts: 1000})
			return err
		}, pause(ctx)
	})
	r.RegisterApply("after", testPolicy, job.How{}, func(ctx context.Context, j job.Job) (func(*db.Tx) error, error) {
		var n int64
		if err := j.Decode(&n); err != nil {
			return nil, err
		}
		return func(tx *db.Tx) error { return effect(tx, j.ID, n) }, pause(ctx)
	})
	if _, err := io.WriteString(os.Stdout, "running\n"); err != nil {
		return err
	}
	r.Run(ctx)
	return nil
}
