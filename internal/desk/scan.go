package desk

import "fmt"

// Scanners for the columns of long lists. database/sql finds its way to a
// named type by reflection, which for a page of fifty lines of twenty columns
// costs more than reading them; a Scanner is asked directly. NULL is the zero
// value.

// textScan scans text into a string of any name: (*textScan)(&t.State).
type textScan string

func (t *textScan) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*t = textScan(v)
	case []byte:
		*t = textScan(v)
	case nil:
		*t = ""
	default:
		return fmt.Errorf("%T is no text", v)
	}
	return nil
}

// intScan scans a number into an integer of any name.
type intScan int64

func (i *intScan) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*i = intScan(v)
	case nil:
		*i = 0
	default:
		return fmt.Errorf("%T is no integer", v)
	}
	return nil
}

// flagScan scans a truth value, which one engine has as a number.
type flagScan bool

func (f *flagScan) Scan(v any) error {
	switch v := v.(type) {
	case bool:
		*f = flagScan(v)
	case int64:
		*f = v != 0
	default:
		return fmt.Errorf("%T is not true or false", v)
	}
	return nil
}
