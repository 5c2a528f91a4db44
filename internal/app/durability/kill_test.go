package durability_test

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/testkit"
)

var cycles = flag.Int("cycles", 300, "how often the process is killed, per engine")

func markOf(s string) string {
	_, after, _ := strings.Cut(s, "mark-")
	mark, _, _ := strings.Cut(after, ".")
	return mark
}

// callers keep eight clients busy until ctx ends: they ask, reply, and upload
// pictures, each of which becomes a job.
type callers struct {
	c  *child
	l  *ledger
	n  *atomic.Int64
	wg sync.WaitGroup
	t  testing.TB
}

func (k *callers) run(ctx context.Context) {
	teacher, agent := k.c.as("teacher"), k.c.as("specialist")
	for i := range 8 {
		k.wg.Go(func() {
			for ctx.Err() == nil {
				who := teacher
				if i%2 == 1 {
					who = agent
				}
				mark := fmt.Sprintf("%d", k.n.Add(1))
				ask := &command{client: who, path: "/api/v1/requests", key: "k" + mark, mark: mark,
					body: map[string]any{"text": "The display is dark, mark-" + mark + ".", "impact": "slowed"}}
				if k.l.do(ctx, ask) != nil {
					return
				}
				rep := &command{client: agent, path: fmt.Sprintf("/api/v1/requests/%d/replies", ask.out.ID), key: "r" + mark, mark: mark + "r",
					body: map[string]any{"text": "I am coming, mark-" + mark + "r."}}
				if k.l.do(ctx, rep) != nil {
					return
				}
				if i%4 != 0 {
					continue
				}
				up := &command{client: teacher, path: "/api/v1/files?name=mark-" + mark + "p.png", key: "u" + mark, mark: mark + "p", upload: picture(int(k.n.Load()))}
				up.then = func() *command {
					return &command{client: teacher, path: fmt.Sprintf("/api/v1/requests/%d/replies", ask.out.ID), key: "w" + mark, mark: mark + "w",
						body: map[string]any{"text": "A picture, mark-" + mark + "w.", "files": []int64{up.out.ID}}}
				}
				if k.l.do(ctx, up) != nil || k.l.do(ctx, up.then()) != nil {
					return
				}
			}
		})
	}
}

func random(n int64) int64 {
	v, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		panic(err)
	}
	return v.Int64()
}

// loop kills the program again and again under load. After each start what
// was not answered is asked again and the district is compared with the
// ledger; every few cycles all of it is examined from the first page.
func loop(t testing.TB, c *child, cycles int, every int, before func(n int)) *ledger {
	t.Helper()
	l := &ledger{acked: map[string]*command{}}
	var n atomic.Int64
	c.start()
	for i := range cycles {
		k := &callers{c: c, l: l, n: &n, t: t}
		ctx, cancel := context.WithCancel(t.Context())
		k.run(ctx)
		// Killed in the midst of work, at no special moment of it: after some
		// answers, however slow the machine is, and a little later.
		for want, watch := l.answered()+5+int(random(40)), clock.Stopwatch(); l.answered() < want && watch() < 5*time.Second; {
			_ = clock.Sleep(t.Context(), clock.System(), time.Millisecond)
		}
		_ = clock.Sleep(t.Context(), clock.System(), time.Duration(random(20_000))*time.Microsecond)
		if before != nil {
			before(i)
		}
		c.kill()
		cancel()
		k.wg.Wait()
		c.start()
		l.settle(t, t.Context())
		last := i == cycles-1
		l.check(t, c, last)
		if i%every == every-1 || last {
			examine(t, c)
		}
		if t.Failed() {
			t.Fatalf("after %d kills", i+1)
		}
	}
	t.Logf("%d kills, %d commands sent, %d answered and all there once", cycles, l.tries, len(l.acked))
	return l
}

// Every write that was answered survives kill -9, once; every one that was
// not answered has exactly one effect when it is asked again.
func TestKillLoop(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			dsn := ""
			if e == db.Postgres {
				dsn = testkit.EmptyPostgres(t)
			}
			loop(t, newChild(t, program(t, ""), filepath.Join(t.TempDir(), "demo"), dsn), *cycles, 10, nil)
		})
	}
}
