package obs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Health answers a supervisor's two questions.
type Health struct {
	log    *slog.Logger
	mu     sync.Mutex
	checks []check
}

type check struct {
	name string
	ask  func(ctx context.Context) error
}

// NewHealth makes a Health without checks. Why a check failed goes to log.
func NewHealth(log *slog.Logger) *Health { return &Health{log: log} }

// checkTime is how long one check may take before it counts as failed.
const checkTime = 2 * time.Second

// Add adds a named check to readiness. It should be cheap: it is asked every
// few seconds.
func (h *Health) Add(name string, ask func(ctx context.Context) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks = append(h.checks, check{name, ask})
}

// Live answers /healthz: the process runs and answers. It asks nothing else,
// because a restart does not mend a slow disk.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, report{Status: "ok"})
}

// Ready answers /readyz: every check passes, so this process may be sent
// requests. Reasons go to the log; the answer is for anyone to read.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	checks := append([]check(nil), h.checks...)
	h.mu.Unlock()
	results := make([]error, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { results[i] = c.run(r.Context()) })
	}
	wg.Wait()
	rep, status := report{Status: "ok", Checks: map[string]string{}}, http.StatusOK
	for i, c := range checks {
		rep.Checks[c.name] = "ok"
		if results[i] != nil {
			rep.Status, rep.Checks[c.name], status = "failing", "failing", http.StatusServiceUnavailable
			h.log.WarnContext(r.Context(), "not ready", "check", c.name, "err", results[i])
		}
	}
	answer(w, status, rep)
}

// run asks one check. One that hangs or panics has failed, and holds up
// nobody.
func (c check) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if recover() != nil {
				done <- errors.New("the check panicked")
			}
		}()
		done <- c.ask(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

type report struct {
	Status string            `json:"status"`
	Checks map[string]string `json:"checks,omitempty"`
}

func answer(w http.ResponseWriter, status int, r report) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(r) // whoever asked has gone
}
