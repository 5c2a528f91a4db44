package calendar

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"
	rrule "github.com/teambition/rrule-go"

	"trellis/internal/platform/worktime"
)

// Recurrences are computed on dates alone: whether school is closed is a
// question of the day. Rules finer than a day are refused.

// budget is how many steps the recurrences of one file may take together. A
// step is well under a microsecond.
const budget = 2_000_000

// A rule that never comes true is followed by the library to the end of year
// 9999, which takes a while by days. Weekdays and dates repeat every 400 years,
// so every rule is computed as near to that end as it goes.
const shift = 19 * 400

var errRule = errors.New("a rule that can't be followed")

// ruleParts are what a rule of whole days can have.
var ruleParts = []string{"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}

// expand lists the first dates of the occurrences of a rule that touch the
// window, for an event of so many days. spent is how many steps were taken at
// most; if they would be more than left, nothing is done.
func expand(rule string, start worktime.Date, days int, window worktime.DateRange, left int) (out []worktime.Date, spent int, err error) {
	if len(rule) > 400 {
		return nil, 0, errRule
	}
	parts := map[string]string{}
	for _, kv := range strings.Split(strings.TrimRight(rule, "; "), ";") {
		k, v, ok := strings.Cut(strings.TrimSpace(kv), "=")
		if !ok || v == "" || parts[k] != "" {
			return nil, 0, errRule
		}
		switch k {
		case "BYHOUR", "BYMINUTE", "BYSECOND":
			continue // the date stays the same
		}
		if !slices.Contains(ruleParts, k) {
			return nil, 0, errRule
		}
		parts[k] = v
	}
	cost, err := price(parts, start, window.Last)
	if err != nil || cost > left {
		return nil, 0, errRule
	}
	last := window.Last
	if v := parts["UNTIL"]; v != "" {
		until, ok := untilDate(v)
		if !ok {
			return nil, 0, errRule
		}
		if until.Before(last) {
			last = until
		}
		delete(parts, "UNTIL")
	}
	var text []string
	for _, k := range ruleParts {
		if v := parts[k]; v != "" {
			text = append(text, k+"="+v)
		}
	}
	o, err := rrule.StrToROption(strings.Join(text, ";"))
	if err != nil {
		return nil, 0, err
	}
	o.Dtstart, o.Until = shifted(start), shifted(last)
	r, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, 0, err
	}
	from := window.First.AddDays(1 - days)
	next := r.Iterator()
	for n := 0; n < maxFound; n++ {
		t, ok := next()
		if !ok {
			return out, cost, nil
		}
		d := worktime.Date{Year: t.Year() - shift, Month: t.Month(), Day: t.Day()}
		if last.Before(d) {
			return out, cost, nil
		}
		if !d.Before(from) {
			out = append(out, d)
		}
	}
	return out, cost, nil
}

func shifted(d worktime.Date) time.Time {
	return time.Date(d.Year+shift, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// price is at most how many steps a rule takes.
func price(parts map[string]string, start, last worktime.Date) (int, error) {
	number := func(key string, most int) (int, error) {
		n, err := strconv.Atoi(parts[key])
		if parts[key] == "" {
			return 1, nil
		}
		if err != nil || n < 1 || n > most {
			return 0, errRule
		}
		return n, nil
	}
	every, err := number("INTERVAL", 4_000)
	if err != nil {
		return 0, err
	}
	if _, err := number("COUNT", 1_000_000); err != nil {
		return 0, err
	}
	by := 0
	for _, k := range ruleParts[5:] {
		by += len(parts[k])
	}
	// With conditions nothing may ever match: then it is to the end of the world.
	years := last.Year + 1 - start.Year
	if by > 0 {
		years = 9999 - shift - start.Year
	}
	a := map[string]int{"DAILY": 366, "WEEKLY": 53 * 7, "MONTHLY": 366, "YEARLY": 366}[parts["FREQ"]]
	if a == 0 {
		return 0, errRule
	}
	return max(years, 1) * a / every, nil
}

// untilDate reads the end of a rule: a date, or a local time.
func untilDate(v string) (worktime.Date, bool) {
	if len(v) < 8 {
		return worktime.Date{}, false
	}
	t, err := time.Parse("20060102", v[:8])
	d := worktime.DateOf(t)
	return d, err == nil && d.Year >= worktime.First.Year
}

// localUntil turns the instant at which a rule ends into the date that it is
// then where the calendar holds.
func localUntil(rule string, p *ical.BaseProperty, zone *time.Location) string {
	head, tail, _ := strings.Cut(rule, "UNTIL=")
	v, rest, more := strings.Cut(tail, ";")
	if m, ok := readMoment(p, v, zone); ok {
		v = strings.ReplaceAll(m.date.String(), "-", "")
	}
	if more {
		rest = ";" + rest
	}
	return head + "UNTIL=" + v + rest
}
