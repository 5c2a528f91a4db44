package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// ImpactAlarms are the alarms for one kind of trouble.
type ImpactAlarms struct {
	Impact Impact // or PlanPromise
	Set    bool   // false: nobody chose them, this is where Trellis starts
	Alarms []Alarm
}

// Alarms are who is told when, for everything that is promised.
func (d *Desk) Alarms(ctx context.Context) ([]ImpactAlarms, error) {
	if _, err := helper(ctx); err != nil {
		return nil, err
	}
	var out []ImpactAlarms
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		for _, i := range Promised {
			list, err := db.List(tx, scanAlarm, alarmsOfSQL, i)
			if err != nil {
				return err
			}
			a := ImpactAlarms{Impact: i, Set: len(list) > 0, Alarms: list}
			if !a.Set {
				a.Alarms = slices.Clone(firstAlarms)
			}
			out = append(out, a)
		}
		return nil
	})
	return out, err
}

const alarmsOfSQL = `SELECT metric, point, amount, tell FROM desk_alarm WHERE impact = $1 ORDER BY id`

// SetAlarms replaces the alarms of one impact.
type SetAlarms struct {
	Impact Impact  // or PlanPromise
	Alarms []Alarm // at least one: a promise that nobody hears of is forgotten
	// Was, if not nil, must be what the alarms are now: somebody else may have
	// changed them since they were looked at.
	Was []Alarm
}

// maxAlarms bounds how many alarms one kind of trouble has.
const maxAlarms = 40

// SetAlarms says who is told when from now on. Administrators may. The clocks
// that run are looked at again by the sweep.
func (d *Desk) SetAlarms(ctx context.Context, c SetAlarms) error {
	if err := admin(ctx, district.ScopeDistrictWrite); err != nil {
		return err
	}
	_, err := write(ctx, d, "set alarms", func(tx *db.Tx) (struct{}, error) {
		var none struct{}
		if err := c.check(); err != nil {
			return none, err
		}
		before, err := alarmsFor(tx, c.Impact)
		if err != nil {
			return none, err
		}
		switch {
		case slices.Equal(before, c.Alarms):
			tx.Unlogged("nothing to change")
			return none, nil
		case c.Was != nil && !slices.Equal(before, c.Was):
			return none, errs.E(errs.Precondition, "error.stale")
		}
		if _, err := tx.Exec(`DELETE FROM desk_alarm WHERE impact = $1`, c.Impact); err != nil {
			return none, err
		}
		for _, a := range c.Alarms {
			if _, err := tx.Exec(`INSERT INTO desk_alarm (impact, metric, point, amount, tell) VALUES ($1, $2, $3, $4, $5)`, c.Impact, a.Metric, a.Point, a.Amount, a.Tell); err != nil {
				return none, err
			}
		}
		changes := []event.Change{{Field: "impact", To: string(c.Impact)}}
		for _, a := range before {
			if !slices.Contains(c.Alarms, a) {
				changes = append(changes, event.Change{Field: "alarm", From: a.said()})
			}
		}
		for _, a := range c.Alarms {
			if !slices.Contains(before, a) {
				changes = append(changes, event.Change{Field: "alarm", To: a.said()})
			}
		}
		var all []string // in their order, which the differences don't say
		for _, a := range c.Alarms {
			all = append(all, a.said())
		}
		changes = append(changes, event.Change{Field: "alarms", To: all})
		place := int64(slices.Index(Promised, c.Impact)) + 1
		if err := event.Emit(tx, event.Event{Kind: "promise.alarms_set", Subject: event.Ref{Kind: "promise_alarms", ID: place}, Changes: changes}); err != nil {
			return none, err
		}
		return none, outdateClocks(tx)
	})
	return err
}

// said is an alarm as an event has it.
func (a Alarm) said() string {
	return string(a.Metric) + " " + string(a.Point) + " " + strconv.FormatInt(a.Amount, 10) + " " + string(a.Tell)
}

func (c SetAlarms) check() error {
	var in errs.Check
	checkChoice(&in, "impact", c.Impact, Promised)
	switch {
	case len(c.Alarms) == 0:
		in.Fail("alarms", "desk.alarm.none")
	case len(c.Alarms) > maxAlarms:
		in.Fail("alarms", "field.too_many", "Max", maxAlarms)
	}
	for i, a := range c.Alarms {
		at := "alarms." + strconv.Itoa(i)
		checkChoice(&in, at+".metric", a.Metric, Metrics)
		checkChoice(&in, at+".point", a.Point, Points)
		checkChoice(&in, at+".tell", a.Tell, Tells)
		switch {
		case a.Point == AtShare && (a.Amount < 1 || a.Amount > 99):
			in.Fail(at+".amount", "desk.alarm.share")
		case a.Point != AtShare && (a.Amount < 0 || a.Amount > int64(maxPromise/time.Second)):
			in.Fail(at+".amount", "desk.promise.range")
		case slices.Index(c.Alarms, a) < i:
			in.Fail(at+".amount", "desk.alarm.twice")
		}
	}
	return in.Err()
}
