package durability_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"trellis/internal/testkit"
)

// The tests above are only worth what they find. Each deliberate flaw, built
// in by its tag, must be found by them.

func TestFlawAnswerBeforeCommitIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	// The sound program makes the example: the flawed one may not get that far.
	c := newChild(t, program(t, ""), filepath.Join(t.TempDir(), "demo"), "")
	c.start()
	c.kill()
	found := &recorder{TB: t}
	c.bin, c.t = program(t, "flaw_early"), found
	for range 10 { // a kill has to fall between an answer and its commit
		if found.run(func() { loop(found, c, 5, 100, nil) }); found.failed {
			return
		}
	}
	t.Error("answers before the commit were not noticed in 50 kills")
}

func TestFlawNoFsyncIsFound(t *testing.T) {
	needStrace(t)
	if unsynced(t, "flaw_nofsync") == 0 {
		t.Error("a log that is never synced was not noticed")
	}
}

func TestFlawIdempotencyIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	c := newChild(t, program(t, "flaw_norecord"), filepath.Join(t.TempDir(), "demo"), "")
	c.start()
	cl := c.as("teacher")
	var a, b struct{ ID int64 }
	for _, out := range []any{&a, &b} {
		if err := cl.Do(context.Background(), "POST", "/api/v1/requests", "same", map[string]any{"text": "Once"}, out); err != nil {
			t.Fatal(err)
		}
	}
	if a.ID == b.ID {
		t.Error("the flaw is not built in: the second ask was answered as the first")
	}
	goTestFails(t, "flaw_norecord", "./internal/platform/idem")
}

func TestFlawDroppedEventIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	goTestFails(t, "flaw_event", "./internal/platform/event")
}

// goTestFails runs a package's tests with a flaw built in and requires that
// they fail, and not for want of building.
func goTestFails(t *testing.T, tag, pkg string) {
	t.Helper()
	cmd := exec.Command("go", "test", "-tags", tag, "-count=1", pkg)
	cmd.Dir = testkit.Repo(t)
	out, err := cmd.CombinedOutput()
	if err == nil || strings.Contains(string(out), "[build failed]") {
		t.Errorf("%s with %s: %v\n%s", pkg, tag, err, out)
	}
}

// recorder is a test that takes note of failing instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

type stopped struct{}

func (r *recorder) run(f func()) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(stopped); !ok {
				panic(p)
			}
		}
	}()
	f()
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Error(...any)          { r.failed = true }
func (r *recorder) Failed() bool          { return r.failed }
func (r *recorder) Fatalf(string, ...any) { r.failed = true; panic(stopped{}) }
func (r *recorder) Fatal(...any)          { r.failed = true; panic(stopped{}) }
