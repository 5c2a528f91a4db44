package worktime

import (
	"fmt"
	"time"
)

// Code says in one stable word what is wrong with a plan or with hours as
// text, so that a caller can say it in the reader's language.
type Code string

const (
	BadDay       Code = "bad_day"       // not a weekday or a range of them
	BadTime      Code = "bad_time"      // not a time of day from 00:00 to 24:00
	BadPart      Code = "bad_part"      // neither days nor hours can be made out
	OverMidnight Code = "over_midnight" // a span ends when or before it starts
	Overlap      Code = "overlap"       // two spans of a day, or two seasons, overlap
	NoHours      Code = "no_hours"      // there would never be any hours
	NoZone       Code = "no_zone"       // the zone is missing
	UnknownZone  Code = "unknown_zone"  // the zone data does not have that name
	BadDate      Code = "bad_date"      // no such date, or outside First to Last
	BadRange     Code = "bad_range"     // a range of dates ends before it starts
)

// Problem is what is wrong with a plan or with hours as text.
type Problem struct {
	Code Code
	Part string // the piece of the input that it is about
	Text string // the sentence in plain English
}

func (p *Problem) Error() string { return p.Text }

func problem(code Code, part, format string, args ...any) *Problem {
	return &Problem{code, part, fmt.Sprintf(format, args...)}
}

// Exhausted is the error of a question that reaches beyond the calendar's
// hours: its terms have ended, or a pause never does.
type Exhausted struct {
	Left   time.Duration // with Add, how much could not be placed
	Back   bool          // counting went backwards
	Paused bool          // a pause without an end stands in the way
}

func (e *Exhausted) Error() string {
	way := "no more working hours follow"
	switch {
	case e.Paused:
		way = "a pause has no end"
	case e.Back:
		way = "no working hours go before"
	}
	if e.Left <= 0 {
		return way
	}
	return fmt.Sprintf("%s; %v of the working time can't be placed", way, e.Left)
}
