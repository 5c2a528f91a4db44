package calendar

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// MaxName is how long a name may be, in characters.
const MaxName = 120

// Dates lie this many years around today: what is further off is a slip.
const (
	yearsBack  = 5
	yearsAhead = 6
)

// yearAhead is how far a calendar must show hours.
const yearAhead = 365 * 24 * time.Hour

// oneLine brings a name into shape and notes what keeps it from being accepted.
func oneLine(in *errs.Check, field, s string) string {
	bad := func(r rune) bool {
		return unicode.IsControl(r) && !unicode.IsSpace(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, bad) {
		in.Fail(field, "field.invalid")
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "":
		in.Fail(field, "field.required")
	case utf8.RuneCountInString(s) > MaxName:
		in.Fail(field, "field.too_long", "Max", MaxName)
	}
	return s
}

// near notes a date that is far from today, or none.
func near(in *errs.Check, field string, d worktime.Date, now time.Time) bool {
	switch {
	case d == worktime.Date{}:
		in.Fail(field, "field.required")
		return false
	case !d.Valid() || d.Year < now.Year()-yearsBack || d.Year > now.Year()+yearsAhead:
		in.Fail(field, "district.calendar.far", "Date", d.String())
		return false
	}
	return true
}

// nearRange notes what is wrong with a range of dates.
func nearRange(in *errs.Check, r worktime.DateRange, now time.Time, backwards string) {
	a, b := near(in, "first", r.First, now), near(in, "last", r.Last, now)
	if a && b && r.Last.Before(r.First) {
		in.Fail("last", backwards)
	}
}

// timeOfDay is a time as people write it: 7:30, 07:30, 7.30, 7:30 am, 3 pm.
var timeOfDay = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?\s*(m)?\.?$`)

var dashes = strings.NewReplacer("–", "-", "—", "-", "−", "-", " to ", "-", " a ", "-", "\u00a0", " ", "\u202f", " ", " and ", ",", " y ", ",", ";", ",")

// ReadSpans reads the hours of one day as people write them: "7:30 am - 3:30 pm",
// "07:30-11:30, 12:15-15:30". Nothing is no hours. What can't be read is noted
// at the field.
func ReadSpans(in *errs.Check, field, said string) []worktime.Span {
	said = strings.ToLower(strings.TrimSpace(said))
	if said == "" {
		return nil
	}
	var parts []string
	for _, p := range strings.Split(dashes.Replace(said), ",") {
		a, b, ok := strings.Cut(p, "-")
		from, ok1 := minute(a)
		to, ok2 := minute(b)
		if !ok || !ok1 || !ok2 {
			in.Fail(field, "district.calendar.hours.form")
			return nil
		}
		parts = append(parts, from+"-"+to)
	}
	spans, err := worktime.ParseSpans(strings.Join(parts, ","))
	if err != nil {
		in.Fail(field, hoursKey(err))
		return nil
	}
	return spans
}

// minute turns 3:30 pm into 15:30.
func minute(s string) (string, bool) {
	m := timeOfDay.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || m[3] == "" && (m[2] == "" || m[4] != "") {
		return "", false
	}
	h, _ := strconv.Atoi(m[1])
	if m[3] != "" {
		if h < 1 || h > 12 {
			return "", false
		}
		if h %= 12; m[3] == "p" {
			h += 12
		}
	}
	if m[2] == "" {
		m[2] = "00"
	}
	return strconv.Itoa(h) + ":" + m[2], true
}

// checkSpans brings hours into order and notes what is wrong with them.
func checkSpans(in *errs.Check, field string, spans []worktime.Span) []worktime.Span {
	if len(spans) == 0 {
		return nil
	}
	out, err := worktime.ParseSpans(worktime.FormatSpans(spans))
	if err != nil {
		in.Fail(field, hoursKey(err))
	}
	return out
}

// Weekdays names the days of a week in fields of forms and in JSON, by
// time.Weekday.
var Weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// checkWeek does the same for a week, one field a day.
func checkWeek(in *errs.Check, w worktime.Week) worktime.Week {
	for d := range w {
		w[d] = checkSpans(in, Weekdays[d], w[d])
	}
	return w
}

// hoursKey is the sentence for hours that are none.
func hoursKey(err error) string {
	if p, ok := errors.AsType[*worktime.Problem](err); ok {
		switch p.Code {
		case worktime.OverMidnight:
			return "district.calendar.hours.midnight"
		case worktime.Overlap:
			return "district.calendar.hours.overlap"
		}
	}
	return "district.calendar.hours.form"
}

// refusal says why a plan is no calendar.
func refusal(err error, p Place) error {
	if pr, ok := errors.AsType[*worktime.Problem](err); ok {
		switch pr.Code {
		case worktime.NoZone, worktime.UnknownZone:
			return errs.E(errs.Conflict, "district.calendar.no_zone", "Place", p.Name).Because(err)
		case worktime.NoHours:
			return errs.E(errs.Invalid, "district.calendar.never", "Place", p.Name).Because(err)
		}
	}
	return err
}

// verify refuses what would leave a place without hours for a year, or can't be
// a calendar at all. Closed sites keep whatever they have.
func (e *everything) verify(sites []district.SiteID, now time.Time) error {
	for _, s := range sites {
		p, ok := e.place(s)
		if !ok || !p.Active {
			continue
		}
		c, err := compile(e.plan(s, p.Zone), p)
		if err != nil {
			return err
		}
		if c.HasHours(now, now.Add(yearAhead)) {
			continue
		}
		next, err := c.Next(now)
		if err != nil {
			return errs.E(errs.Invalid, "district.calendar.no_more", "Place", p.Name).Because(err)
		}
		return errs.E(errs.Invalid, "district.calendar.no_hours", "Place", p.Name, "Date", worktime.DateOf(next.In(c.Zone())).String())
	}
	return nil
}

// touched are the sites that a change at one touches: at the district, all.
func (e *everything) touched(sites ...district.SiteID) []district.SiteID {
	var out []district.SiteID
	whole := false
	for _, s := range sites {
		whole = whole || s == 0
	}
	for _, p := range e.places {
		for _, s := range sites {
			if whole || s == p.ID {
				out = append(out, p.ID)
				break
			}
		}
	}
	return out
}
