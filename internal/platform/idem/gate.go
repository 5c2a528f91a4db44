package idem

import (
	"context"
	"sync"
)

// Gate knows which commands are running in this process. The zero Gate is
// ready to use.
type Gate struct {
	mu      sync.Mutex
	running map[[2]string]chan struct{}
}

// Try enters if no command with this key is running. The returned leave must
// be called when the command has ended; calling it again does nothing.
func (g *Gate) Try(k Key) (leave func(), ok bool) {
	leave, busy := g.enter(k)
	return leave, busy == nil
}

// Wait enters as soon as no command with this key is running, or returns the
// context's error.
func (g *Gate) Wait(ctx context.Context, k Key) (leave func(), err error) {
	for {
		leave, busy := g.enter(k)
		if busy == nil {
			return leave, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (g *Gate) enter(k Key) (leave func(), busy chan struct{}) {
	id := [2]string{k.Actor, k.Key}
	g.mu.Lock()
	defer g.mu.Unlock()
	if c, ok := g.running[id]; ok {
		return nil, c
	}
	if g.running == nil {
		g.running = map[[2]string]chan struct{}{}
	}
	c := make(chan struct{})
	g.running[id] = c
	return sync.OnceFunc(func() {
		g.mu.Lock()
		delete(g.running, id)
		g.mu.Unlock()
		close(c)
	}), nil
}
