package durability_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"trellis/internal/platform/clock"
)

func needStrace(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("not run: quick")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatalf("strace is needed (./scripts/test installs it): %v", err)
	}
}

// attach traces a running child until stop is called.
func attach(t *testing.T, c *child, args ...string) (stop func()) {
	t.Helper()
	cmd := exec.Command("strace", append([]string{"-f", "-qq", "-p", fmt.Sprint(c.cmd.Process.Pid)}, args...)...)
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// strace says nothing when it has attached; the kernel does.
	for range 400 {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
		if strings.Contains(string(raw), fmt.Sprintf("TracerPid:\t%d\n", cmd.Process.Pid)) {
			_ = clock.Sleep(t.Context(), clock.System(), 300*time.Millisecond) // the other threads
			return func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() }
		}
		_ = clock.Sleep(t.Context(), clock.System(), 10*time.Millisecond)
	}
	t.Fatalf("strace did not attach: %s", said.String())
	return nil
}

// Between the write of a ticket to SQLite's log and the answer to whoever
// asked there is a finished fsync of that log. kill -9 can't show this: it
// keeps what the kernel holds.
func TestAnswerWaitsForTheDisk(t *testing.T) {
	needStrace(t)
	if n := unsynced(t, ""); n > 0 {
		t.Errorf("%d answers were given before the log was on disk", n)
	}
}

// unsynced asks for a few tickets under strace and counts answers of success
// whose ticket was not on disk: since its words were first written to the log,
// no fsync of the log was begun and finished. What others write to the log
// meanwhile, as watchers do, says nothing about it.
func unsynced(t *testing.T, tags string) int {
	t.Helper()
	c := newChild(t, program(t, tags), filepath.Join(t.TempDir(), "demo"), "")
	c.start()
	log := filepath.Join(t.TempDir(), "trace")
	// Whole pages, since the words may stand anywhere on one.
	stop := attach(t, c, "-y", "-s", "4096", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", log)
	teacher := c.as("teacher")
	const asked = 10
	word := func(i int) string { return fmt.Sprintf("Ask number %d.", i) }
	for i := range asked {
		cmd := command{client: teacher, path: "/api/v1/requests", key: fmt.Sprint("s", i), body: map[string]any{"text": word(i)}}
		if err := cmd.send(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var (
		pid     = regexp.MustCompile(`^(\d+)\s+(.*)$`)
		syncing = map[string]bool{} // threads inside an fsync of the log that was begun after the words were written
		written bool                // the words of the ticket that is not answered yet
		safe    bool                // and an fsync of the log after them
		answers int
		bad     int
	)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := pid.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		line := m[2]
		sync := strings.HasPrefix(line, "fsync(") || strings.HasPrefix(line, "fdatasync(")
		wal := strings.Contains(line, "district.db-wal>")
		switch {
		case strings.HasPrefix(line, "pwrite64(") && wal:
			written = written || strings.Contains(line, word(answers))
		case sync && wal && strings.Contains(line, "unfinished"):
			syncing[m[1]] = written
		case sync && wal && strings.Contains(line, "= 0"):
			safe = safe || written
		case strings.Contains(line, "sync resumed>"):
			safe = safe || syncing[m[1]] && strings.Contains(line, "= 0")
			delete(syncing, m[1])
		case strings.HasPrefix(line, "write(") && strings.Contains(line, "HTTP/1.1 201"):
			if !safe {
				bad++
			}
			answers, written, safe = answers+1, false, false
			clear(syncing)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if answers != asked {
		t.Fatalf("the trace shows %d answers, not %d: the test looks at the wrong place", answers, asked)
	}
	return bad
}

// A disk that fails to sync: the process ends, tells nobody that it wrote,
// and what it had answered before is there when it is started again.
func TestFailingDiskStops(t *testing.T) {
	needStrace(t)
	c := newChild(t, program(t, ""), filepath.Join(t.TempDir(), "demo"), "")
	c.start()
	l := &ledger{acked: map[string]*command{}}
	ask := func(mark string) error {
		return l.do(context.Background(), &command{client: c.as("teacher"), path: "/api/v1/requests", key: mark, mark: mark, body: map[string]any{"text": "Dark, mark-" + mark + "."}})
	}
	if err := ask("before"); err != nil {
		t.Fatal(err)
	}
	stop := attach(t, c, "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")
	defer stop()
	if err := ask("during"); err == nil {
		t.Error("a write was answered with success although its fsync failed")
	}
	if err, ended := c.wait(10 * time.Second); !ended || err == nil {
		t.Errorf("the process lives on after a failed fsync (%v)", err)
	}
	if !strings.Contains(c.out.String(), "storage failed") {
		t.Errorf("the log doesn't say why it stopped:\n%s", c.out.String())
	}
	stop()
	c.kill()
	c.start()
	l.settle(t, t.Context())
	l.check(t, c, true)
	examine(t, c)
}
