package district

import (
	"sync"
	"time"
)

// fresh is how long something read may be believed without asking the
// database again. What this process changes is forgotten at its commit; the
// limit is for what another node changed: revoking works everywhere within it.
const fresh = 5 * time.Second

// maxCached bounds each cache. A district's signed-in people at one moment
// fit; beyond it the cache starts over rather than grow.
const maxCached = 20_000

type cache[K comparable, V any] struct {
	mu sync.RWMutex
	m  map[K]held[V]
}

type held[V any] struct {
	v   V
	gen uint64
	at  time.Time
}

// Forget lets go of what was cached, as if this process had changed it. Who
// changes an absence calls it after the commit.
func (d *District) Forget() { d.forget() }

// get finds what was put in the same generation and not too long ago. A clock
// that was set back makes everything old.
func (c *cache[K, V]) get(k K, gen uint64, now time.Time) (V, bool) {
	c.mu.RLock()
	h, ok := c.m[k]
	c.mu.RUnlock()
	age := now.Sub(h.at)
	if !ok || h.gen != gen || age < 0 || age > fresh {
		var none V
		return none, false
	}
	return h.v, true
}

// put keeps what was read after gen and now were: a commit in between has
// moved the generation on, and then this is never believed.
func (c *cache[K, V]) put(k K, v V, gen uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil || len(c.m) >= maxCached {
		c.m = make(map[K]held[V])
	}
	c.m[k] = held[V]{v, gen, now}
}
