package idem

import (
	"context"
	"crypto/rand"
	"sync/atomic"
)

// MaxKey is the longest key a caller may choose, in bytes.
const MaxKey = 200

// Key names one command of one caller.
type Key struct {
	Key   string // what the caller chose, 1 to MaxKey printable ASCII characters
	Actor string // whose key it is; two callers may choose the same one
	Route string // method and pattern, for whoever reads the table
	Hash  [32]byte
}

// Valid reports whether a caller's key can be accepted.
func Valid(key string) bool {
	if key == "" || len(key) > MaxKey {
		return false
	}
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}

// New is a key for a form's hidden field: 128 random bits.
func New() string { return rand.Text() }

type ctxKey struct{}

// Slot holds the key of a request whose body has not been read yet. A door
// hangs an empty slot into the context when the request arrives and fills it
// when the form has been read; what runs below sees the key without being
// handed another context.
type Slot struct{ key atomic.Pointer[Key] }

// Fill names the command. Filling a slot again replaces the name.
func (s *Slot) Fill(k Key) { s.key.Store(&k) }

// Hold returns a context with an empty slot.
func Hold(ctx context.Context) (context.Context, *Slot) {
	s := new(Slot)
	return context.WithValue(ctx, ctxKey{}, s), s
}

// With returns a context in which the command is named.
func With(ctx context.Context, k Key) context.Context {
	ctx, s := Hold(ctx)
	s.Fill(k)
	return ctx
}

// Without returns a context in which no command is named, for work that
// happens along the way and is not the command itself.
func Without(ctx context.Context) context.Context {
	ctx, _ = Hold(ctx)
	return ctx
}

// From is the key of the command in ctx, if it has one.
func From(ctx context.Context) (Key, bool) {
	s, _ := ctx.Value(ctxKey{}).(*Slot)
	if s == nil {
		return Key{}, false
	}
	if k := s.key.Load(); k != nil {
		return *k, true
	}
	return Key{}, false
}
