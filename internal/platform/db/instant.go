package db

import (
	"database/sql"
	"fmt"
	"time"
)

// Us is an instant as a column holds it: microseconds since 1970 UTC.
func Us(t time.Time) int64 { return t.UnixMicro() }

// UsNull is Us, and NULL for the zero time.
func UsNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// FromUs is the instant that a column holds, in UTC.
func FromUs(us int64) time.Time { return time.UnixMicro(us).UTC() }

type at struct {
	t    *time.Time
	null bool
}

// At scans an instant column into t.
func At(t *time.Time) sql.Scanner { return at{t, false} }

// AtNull scans an instant column that may be NULL; NULL is the zero time.
func AtNull(t *time.Time) sql.Scanner { return at{t, true} }

func (a at) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*a.t = FromUs(v)
		return nil
	case nil:
		if a.null {
			*a.t = time.Time{}
			return nil
		}
	}
	return fmt.Errorf("%T is no instant", v)
}

type orZero[T any] struct{ p *T }

// OrZero scans a column that may be NULL; NULL is the zero value.
func OrZero[T any](p *T) sql.Scanner { return orZero[T]{p} }

func (o orZero[T]) Scan(v any) error {
	var n sql.Null[T]
	if err := n.Scan(v); err != nil {
		return err
	}
	*o.p = n.V
	return nil
}

// Null is NULL for the zero value and v otherwise.
func Null[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}
