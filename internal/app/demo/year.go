package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/platform/worktime"
)

// The school year of the example: two semesters and a short summer school, so
// that on any day of the year somebody learns and somebody helps.
const (
	summerSchool = "Summer school"

	usualHours  = "Mon-Fri 07:30-15:30"
	highHours   = "Mon-Fri 07:15-15:00"
	summerHours = "Mon-Thu 08:00-12:30"
	freePeriod  = "Mon-Fri 10:10-10:55" // in which a librarian gives first help
)

// schoolYear is the year in which the school year began that the example's
// past lies in.
func schoolYear(now time.Time) int {
	past := now.AddDate(0, 0, -30)
	if past.Month() > time.August || past.Month() == time.August && past.Day() >= 15 {
		return past.Year()
	}
	return past.Year() - 1
}

// closures are the days of a school year that differ for everybody.
func closures(year int) map[worktime.Date]calendar.Day {
	out := map[worktime.Date]calendar.Day{}
	closed := func(name string, from worktime.Date, days int) {
		for i := range days {
			if d := from.AddDays(i); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
				out[d] = calendar.Day{Kind: calendar.Closed, Name: name}
			}
		}
	}
	closed("Labor Day", nth(year, time.September, time.Monday, 1), 1)
	thanks := nth(year, time.November, time.Thursday, 4)
	closed("Thanksgiving break", thanks, 2)
	out[thanks.AddDays(-1)] = half("Early release before Thanksgiving")
	closed("Winter break", worktime.Date{Year: year, Month: time.December, Day: 24}, 9)
	closed("Martin Luther King Jr. Day", nth(year+1, time.January, time.Monday, 3), 1)
	closed("Presidents' Day", nth(year+1, time.February, time.Monday, 3), 1)
	closed("Spring break", nth(year+1, time.April, time.Monday, 2), 5)
	closed("Memorial Day", nth(year+1, time.June, time.Monday, 1).AddDays(-7), 1)
	closed("Independence Day", worktime.Date{Year: year + 1, Month: time.July, Day: 4}, 1)
	return out
}

func half(name string) calendar.Day {
	return calendar.Day{Kind: calendar.HalfDay, Hours: []worktime.Span{{From: 7*60 + 30, To: 11*60 + 30}}, Name: name}
}

// nth is a weekday of a month: the fourth Thursday.
func nth(year int, month time.Month, day time.Weekday, n int) worktime.Date {
	d := worktime.Date{Year: year, Month: month, Day: 1}
	for d.Weekday() != day {
		d = d.AddDays(1)
	}
	return d.AddDays(7 * (n - 1))
}

// special are the days that differ in the school years from one instant to the
// year after another.
func special(from, now time.Time) map[worktime.Date]calendar.Day {
	out := map[worktime.Date]calendar.Day{}
	for y := schoolYear(from); y <= schoolYear(now)+1; y++ {
		for d, x := range closures(y) {
			out[d] = x
		}
	}
	return out
}

// summer are the first and last day of a year's summer school.
func summer(year int) (first, last worktime.Date) {
	return worktime.Date{Year: year, Month: time.June, Day: 21}, worktime.Date{Year: year, Month: time.August, Day: 14}
}

// ahead is the school day n days from now or the next after it.
func ahead(now time.Time, zone *time.Location, n int) worktime.Date {
	differs := special(now, now)
	for d := worktime.DateOf(now.In(zone)).AddDays(n); ; d = d.AddDays(1) {
		if _, is := differs[d]; !is && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			return d
		}
	}
}

// year enters the calendar: the term that holds now comes first, because a
// calendar without hours in the year to come is refused.
func (b *builder) year(ctx context.Context, now time.Time) error {
	ctx = b.as(ctx, "ruth")
	c := calendar.New(calendar.Deps{DB: b.db})
	short, err := worktime.ParseHours(summerHours)
	if err != nil {
		return err
	}
	var terms []calendar.SetRange
	for y := schoolYear(b.began); y <= schoolYear(now)+1; y++ {
		term := func(name string, from, to worktime.Date) {
			terms = append(terms, calendar.SetRange{Name: name, Dates: worktime.DateRange{First: from, Last: to}})
		}
		term("Fall semester", worktime.Date{Year: y, Month: time.August, Day: 15}, worktime.Date{Year: y + 1, Month: time.January, Day: 15})
		term("Spring semester", worktime.Date{Year: y + 1, Month: time.January, Day: 16}, worktime.Date{Year: y + 1, Month: time.June, Day: 20})
		first, last := summer(y + 1)
		term(summerSchool, first, last)
	}
	today := worktime.DateOf(b.clock.Now().In(b.zone))
	holds := slices.IndexFunc(terms, func(t calendar.SetRange) bool { return !today.Before(t.Dates.First) && !t.Dates.Last.Before(today) })
	for _, t := range slices.Concat(terms[holds:], terms[:holds]) {
		if _, err := c.SetTerm(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if t.Name != summerSchool {
			continue
		}
		if _, err := c.SetSeason(ctx, calendar.SetRange{Name: "Summer hours", Dates: t.Dates, Week: short}); err != nil {
			return err
		}
	}
	for _, x := range [][2]string{{"", usualHours}, {"high", highHours}} {
		place := x[0]
		week, err := worktime.ParseHours(x[1])
		if err != nil {
			return err
		}
		if _, err := c.SetHours(ctx, calendar.SetHours{Site: b.sites[place], Week: week}); err != nil {
			return err
		}
	}
	cmd := calendar.SetDays{}
	for d, x := range special(b.began, now) {
		cmd.Changes = append(cmd.Changes, calendar.DayChange{Date: d, Day: x})
	}
	cmd.Changes = append(cmd.Changes, calendar.DayChange{Date: ahead(now, b.zone, 6), Day: half("Family conferences")})
	slices.SortFunc(cmd.Changes, func(x, y calendar.DayChange) int { return x.Date.Compare(y.Date) })
	_, err = c.SetDays(ctx, cmd)
	return err
}

// watches says who helps when: a librarian in one free period, and somebody
// who will be at a training while another covers.
func (b *builder) watches(ctx context.Context, now time.Time) error {
	if _, err := b.cover.SetHours(b.as(ctx, "sam"), cover.Hours{Person: b.people["sam"], Week: freePeriod}); err != nil {
		return err
	}
	first := ahead(now, b.zone, 3)
	from := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, b.zone)
	_, err := b.cover.Declare(b.as(ctx, "wes"), cover.Declare{Person: b.people["wes"], From: from, Until: from.AddDate(0, 0, 2), Cover: b.people["dana"], Why: "Training in repairs"})
	return err
}

// ring does what time alone brings about, as Trellis does by itself while it
// runs: waits end, promises come due, solved requests are closed.
func (b *builder) ring(ctx context.Context) error {
	return b.desk.Sweep(system(ctx))
}
