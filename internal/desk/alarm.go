package desk

import (
	"slices"
	"time"

	"trellis/internal/platform/db"
)

// Point is how an alarm says when.
type Point string

const (
	AtShare Point = "share"  // Amount is percent of the promised time
	Before  Point = "before" // Amount is working seconds before it is due
	After   Point = "after"  // Amount is working seconds after it was due
)

// Points lists every Point.
var Points = []Point{AtShare, Before, After}

// Tell is who hears an alarm.
type Tell string

const (
	TellOwner Tell = "owner" // the one who owns the ticket, else those of its team who are here
	TellCover Tell = "cover" // whoever covers for the owner, while they are away
	TellLead  Tell = "lead"  // the lead of the team, or who covers for them
)

// Tells lists everybody whom an alarm may tell.
var Tells = []Tell{TellOwner, TellCover, TellLead}

// Alarm says who is told when a promise is at risk or broken.
type Alarm struct {
	Metric Metric
	Point  Point
	Amount int64 // percent, or working seconds
	Tell   Tell
}

// firstAlarms are where a district starts: the owner hears in time to act,
// whoever covers when the owner can't, the lead when it is late.
var firstAlarms = func() (out []Alarm) {
	for _, m := range Metrics {
		out = append(out, Alarm{m, AtShare, 75, TellOwner}, Alarm{m, AtShare, 75, TellCover}, Alarm{m, After, 0, TellOwner}, Alarm{m, After, 0, TellLead})
	}
	return out
}()

func scanAlarm(r *db.Rows, a *Alarm) error { return r.Scan(&a.Metric, &a.Point, &a.Amount, &a.Tell) }

func alarmsFor(tx *db.Tx, impact Impact) ([]Alarm, error) {
	list, err := db.List(tx, scanAlarm, `SELECT metric, point, amount, tell FROM desk_alarm WHERE impact = $1 ORDER BY id`, impact)
	if err == nil && len(list) == 0 {
		list = firstAlarms
	}
	return list, err
}

// bell is one alarm of one clock, at its time.
type bell struct {
	Alarm
	at time.Time
}

// bells are a clock's alarms in the order in which they ring. One that can't
// be placed, because there are no hours left, is left out.
func (b basis) bells(c clock) []bell {
	var out []bell
	for _, a := range b.alarms {
		if a.Metric != c.Metric {
			continue
		}
		if at, ok := b.place(a, c); ok {
			out = append(out, bell{a, at})
		}
	}
	slices.SortStableFunc(out, func(x, y bell) int { return x.at.Compare(y.at) })
	return out
}

// place finds when an alarm rings, in working time from when the clock is due.
// Pauses that lie between don't count: an alarm may ring early, never late.
func (b basis) place(a Alarm, c clock) (time.Time, bool) {
	span := time.Duration(a.Amount) * time.Second
	switch a.Point {
	case AtShare:
		span = -c.Target * time.Duration(100-a.Amount) / 100
	case Before:
		span = -span
	case After:
		span += time.Microsecond // not before it broke
	}
	at, err := b.cal.Add(c.Due, span, nil)
	if err != nil {
		return time.Time{}, false
	}
	if at.Before(c.Started) {
		at = c.Started
	}
	return at, true
}
