package web

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"trellis/internal/platform/clock"
)

// Rate is how often something may happen.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Limiter holds one rate per key: an address, a token, an account. It keeps
// the keys used last, 20,000 of them, so that inventing keys costs no memory.
type Limiter struct {
	clock clock.Clock
	rate  Rate
	mu    sync.Mutex
	keys  map[string]*list.Element
	last  *list.List // front is newest
}

type limited struct {
	key string
	lim *rate.Limiter
}

const maxLimited = 20_000

// NewLimiter makes a limiter.
func NewLimiter(c clock.Clock, r Rate) *Limiter {
	return &Limiter{clock: c, rate: r, keys: map[string]*list.Element{}, last: list.New()}
}

// Allow takes one turn for the key. If there is none left it says after how
// long there will be.
func (l *Limiter) Allow(key string) (ok bool, after time.Duration) {
	now := l.clock.Now()
	res := l.of(key).ReserveN(now, 1)
	if !res.OK() {
		return false, time.Minute
	}
	if d := res.DelayFrom(now); d > 0 {
		res.CancelAt(now)
		return false, d
	}
	return true, 0
}

// Left reports whether a turn is left, without taking it. Failures are
// counted this way: ask before, take a turn only if it failed.
func (l *Limiter) Left(key string) (ok bool, after time.Duration) {
	now := l.clock.Now()
	t := l.of(key).TokensAt(now)
	if t >= 1 {
		return true, 0
	}
	return false, time.Duration((1 - t) / l.rate.PerSecond * float64(time.Second))
}

func (l *Limiter) of(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.keys[key]; ok {
		l.last.MoveToFront(e)
		return e.Value.(*limited).lim
	}
	for l.last.Len() >= maxLimited {
		old := l.last.Back()
		delete(l.keys, old.Value.(*limited).key)
		l.last.Remove(old)
	}
	lim := rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
	l.keys[key] = l.last.PushFront(&limited{key, lim})
	return lim
}

// AddrKey is the key of a client address. An IPv6 client owns its whole /64
// and could use a new address each time.
func AddrKey(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
