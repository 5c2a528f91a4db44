package worktime

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the calendar, wherever it is lived.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// First and Last bound the dates on which there can be hours. The distance
// fits a time.Duration.
var (
	First = Date{1900, time.January, 1}
	Last  = Date{2149, time.December, 31}
)

// ParseDate reads 2026-03-02. The date must exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, problem(BadDate, s, "%q is not a date; write it as 2026-03-02", s)
	}
	return DateOf(t), nil
}

// DateOf is the date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// String is the date as 2026-03-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// Valid reports whether the date exists and lies within First to Last.
func (d Date) Valid() bool {
	return d.Year >= First.Year && d.Year <= Last.Year && dateOf(d.number()) == d
}

// Weekday is the date's day of the week.
func (d Date) Weekday() time.Weekday { return weekday(d.number()) }

// AddDays is the date n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return dateOf(d.number() + n) }

// Compare is negative if d comes before e, positive if after, 0 if they are one.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// Sub is how many days d comes after e.
func (d Date) Sub(e Date) int { return d.number() - e.number() }

// number counts days from 1 January 1970.
func (d Date) number() int {
	return int(floorDiv(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

func dateOf(number int) Date { return DateOf(time.Unix(int64(number)*86400, 0).UTC()) }

func weekday(number int) time.Weekday { return time.Weekday(((number+4)%7 + 7) % 7) }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// DateRange is every date from First to Last, both included.
type DateRange struct{ First, Last Date }

// Contains reports whether d lies in the range.
func (r DateRange) Contains(d Date) bool { return !d.Before(r.First) && !r.Last.Before(d) }

// String is the range as 2026-06-15 to 2026-08-23.
func (r DateRange) String() string { return r.First.String() + " to " + r.Last.String() }

func (r DateRange) check() error {
	for _, d := range []Date{r.First, r.Last} {
		if !d.Valid() {
			return problem(BadDate, d.String(), "%s is not a date between %s and %s", d, First, Last)
		}
	}
	if r.Last.Before(r.First) {
		return problem(BadRange, r.String(), "%s ends before it starts", r)
	}
	return nil
}
