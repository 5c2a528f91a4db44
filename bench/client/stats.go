package client

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Times collects how long one kind of operation took.
type Times struct {
	mu sync.Mutex
	d  []time.Duration
}

// Add notes one.
func (t *Times) Add(d time.Duration) {
	t.mu.Lock()
	t.d = append(t.d, d)
	t.mu.Unlock()
}

// N is how many there are.
func (t *Times) N() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.d)
}

// Quantile is the time that a share q of all stayed under.
func (t *Times) Quantile(q float64) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.d) == 0 {
		return 0
	}
	s := slices.Clone(t.d)
	slices.Sort(s)
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

// String is count, median and 95th percentile.
func (t *Times) String() string {
	return fmt.Sprintf("n=%d median=%.2f ms p95=%.2f ms", t.N(), ms(t.Quantile(.5)), ms(t.Quantile(.95)))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Each runs fn for 0..n-1 on several workers and returns the first error.
func Each(n, workers int, fn func(i int) error) error {
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range next {
				if err := fn(i); err != nil {
					once.Do(func() { first = fmt.Errorf("item %d: %w", i, err) })
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return first
}
