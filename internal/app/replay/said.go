package replay

import (
	"fmt"
	"time"

	"trellis/internal/platform/event"
)

// said is an event as a command reads it.
type said struct{ event.Event }

// change is the first change of a field; ok is false if there is none.
func (e said) change(field string) (c event.Change, ok bool) {
	for _, c := range e.Changes {
		if c.Field == field {
			return c, true
		}
	}
	return c, false
}

func (e said) has(field string) bool { _, ok := e.change(field); return ok }

// text is what a field is afterwards, "" if nothing.
func (e said) text(field string) string {
	c, _ := e.change(field)
	s, _ := c.To.(string)
	return s
}

// number is what a field is afterwards, 0 if nothing.
func (e said) number(field string) int64 {
	c, _ := e.change(field)
	return number(c.To)
}

func (e said) yes(field string) bool {
	c, _ := e.change(field)
	b, _ := c.To.(bool)
	return b
}

// at is an instant that a field is afterwards, zero if none.
func (e said) at(field string) (time.Time, error) {
	s := e.text(field)
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return t, fmt.Errorf("%s: %w", field, err)
	}
	return t, nil
}

// numbers are what every change of a field says, in order.
func numbers[ID ~int64](e said, field string) (out []ID) {
	for _, c := range e.Changes {
		if c.Field == field && c.To != nil {
			out = append(out, ID(number(c.To)))
		}
	}
	return out
}

// number reads a whole number, which JSON made a float.
func number(v any) int64 {
	n, _ := v.(float64)
	return int64(n)
}

// or is what a field is afterwards, or what it was before if the event says
// nothing of it.
func textOr(e said, field, was string) string {
	if e.has(field) {
		return e.text(field)
	}
	return was
}

func numberOr[N ~int64 | ~int](e said, field string, was N) N {
	if e.has(field) {
		return N(e.number(field))
	}
	return was
}

func yesOr(e said, field string, was bool) bool {
	if e.has(field) {
		return e.yes(field)
	}
	return was
}

func changeTo(field string, to any) event.Change { return event.Change{Field: field, To: to} }
