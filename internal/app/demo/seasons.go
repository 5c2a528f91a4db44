package demo

import (
	"time"

	"trellis/internal/platform/worktime"
)

// monthly is how many requests come in each month, January first, as parts of
// a year's. School begins in August: three times as many come as in March.
var monthly = [12]int{70, 64, 60, 78, 84, 42, 20, 180, 120, 88, 74, 52}

func seasonOf(t time.Time) string {
	switch {
	case t.Month() == time.August, t.Month() == time.September && t.Day() <= 12:
		return "rush"
	case t.Month() >= time.September && t.Month() <= time.November:
		return "fall"
	case t.Month() == time.December, t.Month() <= time.March:
		return "winter"
	case t.Month() == time.April, t.Month() == time.May && t.Day() <= 10:
		return "testing"
	case t.Month() == time.May:
		return "spring"
	case t.Month() == time.June && t.Day() <= 20:
		return "end"
	}
	return "summer"
}

// topics are what people ask about: services, duties, a plan with a class, and
// what only a few may know.
var topics = []string{"signin", "wifi", "chromebooks", "displays", "printing", "gradebook", "platform", "testing", "phones", "accounts", "licenses", "data", "training", "plan", "private"}

// calls is how often each topic comes up in a season, in the order of topics.
var calls = map[string][]int{
	"rush":    {18, 9, 17, 9, 9, 4, 10, 1, 3, 11, 2, 7, 2, 1, 1},
	"fall":    {11, 8, 19, 12, 11, 8, 11, 2, 3, 4, 2, 3, 3, 3, 2},
	"winter":  {11, 9, 20, 12, 10, 9, 11, 3, 3, 3, 2, 3, 3, 3, 2},
	"testing": {11, 11, 19, 9, 8, 7, 7, 17, 2, 2, 1, 4, 2, 2, 2},
	"spring":  {9, 8, 20, 12, 11, 10, 10, 5, 3, 2, 3, 3, 3, 3, 2},
	"end":     {6, 4, 28, 9, 11, 16, 7, 1, 4, 6, 4, 8, 2, 1, 2},
	"summer":  {9, 8, 9, 8, 9, 3, 8, 1, 6, 17, 7, 10, 10, 0, 2},
}

// asks says who asks about what: parts of a hundred for teachers, staff,
// students and parents.
var asks = map[string][4]int{
	"signin": {55, 12, 15, 18}, "wifi": {72, 14, 14, 0}, "chromebooks": {48, 7, 35, 10}, "displays": {92, 8, 0, 0}, "printing": {66, 34, 0, 0},
	"gradebook": {82, 6, 3, 9}, "platform": {58, 5, 12, 25}, "testing": {88, 12, 0, 0}, "phones": {45, 55, 0, 0}, "accounts": {35, 45, 0, 20},
	"licenses": {78, 22, 0, 0}, "data": {50, 50, 0, 0}, "training": {82, 18, 0, 0}, "plan": {100, 0, 0, 0}, "private": {55, 25, 15, 5},
}

// askers are the roles in the order of asks.
var askers = []string{"teacher", "staff", "student", "guardian"}

// school is when people are at school, for what depends on that only roughly.
type school struct {
	zone  *time.Location
	first time.Time // the year begins
	now   time.Time
	days  map[worktime.Date]bool // false: no school on that weekday
}

// weight is how many requests a day has, compared with others of its month.
func (s school) weight(d worktime.Date) int {
	w := 100
	switch {
	case d.Weekday() == time.Saturday || d.Weekday() == time.Sunday:
		return 3
	case s.days[d]:
		return 6
	case d.Weekday() == time.Monday:
		w = 130
	case d.Weekday() == time.Friday:
		w = 80
	}
	if d.Month == time.August { // first the offices, then the teachers, then everybody
		w = w * (20 + 4*d.Day) / 60
	}
	return w
}

// times are n instants at which somebody asks, spread over the year as a
// school's requests are. They are not in order.
func (s school) times(dice *dice, n int) []time.Time {
	type share struct{ inside, all int }
	months := map[[2]int]*share{}
	begin, end := worktime.DateOf(s.first.In(s.zone)), worktime.DateOf(s.now.In(s.zone))
	var dates []worktime.Date
	for d := begin; !end.Before(d); d = d.AddDays(1) {
		dates = append(dates, d)
		key := [2]int{d.Year, int(d.Month)}
		if months[key] == nil {
			m := &share{}
			for x := (worktime.Date{Year: d.Year, Month: d.Month, Day: 1}); x.Month == d.Month; x = x.AddDays(1) {
				m.all += s.weight(x)
			}
			months[key] = m
		}
		months[key].inside += s.weight(d)
	}
	weights := make([]int, len(dates))
	for i, d := range dates {
		m := months[[2]int{d.Year, int(d.Month)}]
		weights[i] = monthly[d.Month-1] * s.weight(d) * 1000 / m.all
	}
	out := make([]time.Time, 0, n)
	for range n {
		d := dates[dice.weigh(weights)]
		at := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, s.zone).Add(s.hour(dice))
		if at.Before(s.now) && at.After(s.first) {
			out = append(out, at.UTC())
		}
	}
	return out
}

// hour is a time of day: before the first bell, in class, after school, and
// now and then in the evening.
func (s school) hour(dice *dice) time.Duration {
	slots := []struct{ from, minutes, weight int }{{6*60 + 40, 50, 12}, {7*60 + 30, 120, 38}, {9*60 + 30, 150, 22}, {12 * 60, 150, 18}, {14*60 + 30, 100, 8}, {17 * 60, 270, 2}}
	weights := make([]int, len(slots))
	for i, x := range slots {
		weights[i] = x.weight
	}
	x := slots[dice.weigh(weights)]
	return time.Duration(x.from)*time.Minute + time.Duration(dice.below(x.minutes*60))*time.Second
}
