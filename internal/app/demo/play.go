package demo

import (
	"container/heap"
	"context"
	"fmt"
	"time"
)

// move is one thing that somebody does at an instant. It may bring about more.
type move struct {
	at time.Time
	n  int // moves of one instant keep their order
	do func(ctx context.Context) error
}

type moves []move

func (m moves) Len() int { return len(m) }
func (m moves) Less(i, j int) bool {
	if !m[i].at.Equal(m[j].at) {
		return m[i].at.Before(m[j].at)
	}
	return m[i].n < m[j].n
}
func (m moves) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *moves) Push(x any)   { *m = append(*m, x.(move)) }
func (m *moves) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}

// then puts a move in its place among those to come.
func (b *builder) then(at time.Time, do func(ctx context.Context) error) {
	b.count++
	heap.Push(&b.coming, move{at: at, n: b.count, do: do})
}

// play makes all moves in the order of time, many under one commit. What lies
// after now has not happened yet.
func (b *builder) play(ctx context.Context, now time.Time) error {
	for len(b.coming) > 0 && !b.coming[0].at.After(now) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := b.db.Together(ctx, "the example's year", func(ctx context.Context) error {
			for n := 0; n < groupSize && len(b.coming) > 0 && !b.coming[0].at.After(now); n++ {
				m := heap.Pop(&b.coming).(move)
				b.clock.Set(m.at)
				if err := m.do(ctx); err != nil {
					return fmt.Errorf("on %s: %w", m.at.In(b.zone).Format("Jan 2, 3:04 pm"), err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		b.progress(now)
	}
	return nil
}
