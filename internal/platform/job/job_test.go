package job_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/job"
	"trellis/internal/platform/job/jobtest"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) {
	jobtest.Child()
	testkit.Main(m)
}

func TestConformance(t *testing.T) {
	jobtest.Run(t, func(t *testing.T, f func(*testing.T, *db.DB)) {
		testkit.Each(t, testkit.Setup{Schemas: []db.Schema{jobtest.Schema}}, f)
	})
}

func TestKilled(t *testing.T) {
	testkit.Each(t, testkit.Setup{Schemas: []db.Schema{jobtest.Schema}, Clock: clock.System()}, jobtest.Kill)
}

// Later attempts wait longer, never more than the bound, and never for nothing.
func TestBackoffGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-3, 1<<40).Draw(t, "attempt")
		a, b := job.Backoff(n), job.Backoff(n+1)
		if a < time.Second || b < a || b > 12*time.Hour {
			t.Errorf("after attempt %d %v, after the next %v", n, a, b)
		}
	})
	if d := job.Backoff(5); d != 625*time.Second {
		t.Errorf("after attempt 5: %v", d)
	}
}
