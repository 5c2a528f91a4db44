package i18n

import (
	"context"
	"strconv"
	"time"
)

// format is how one language writes dates, times and numbers. The standard
// library writes English only, so the few words needed stand here.
type format struct {
	months, monthsLong     [12]string // from January
	weekdays, weekdaysLong [7]string  // from Sunday
	am, pm                 string
	group, point           byte

	dayMonth      func(f *format, day int, month time.Month) string // "Nov 23"
	date          func(dayMonth string, year int) string            // "Nov 23, 2026"
	longDate      func(f *format, t time.Time) string               // "Monday, November 23, 2026"
	yesterday     string
	tomorrow      string
	yesterdayText string // inside a sentence
	tomorrowText  string
	now           string
	units         [3][2]string // minutes, hours, days: one, more
	ago, in       func(span string) string
}

var english = format{
	months:       [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	monthsLong:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	weekdays:     [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	weekdaysLong: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	am:           "am", pm: "pm", group: ',', point: '.',
	dayMonth: func(f *format, d int, m time.Month) string { return f.months[m-1] + " " + strconv.Itoa(d) },
	date:     func(dm string, y int) string { return dm + ", " + strconv.Itoa(y) },
	longDate: func(f *format, t time.Time) string {
		return f.weekdaysLong[t.Weekday()] + ", " + f.monthsLong[t.Month()-1] + " " + strconv.Itoa(t.Day()) + ", " + strconv.Itoa(t.Year())
	},
	yesterday: "Yesterday", tomorrow: "Tomorrow", yesterdayText: "yesterday", tomorrowText: "tomorrow",
	now:   "just now",
	units: [3][2]string{{"min", "min"}, {"hour", "hours"}, {"day", "days"}},
	ago:   func(s string) string { return s + " ago" },
	in:    func(s string) string { return "in " + s },
}

var spanish = format{
	months:       [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
	monthsLong:   [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	weekdays:     [7]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
	weekdaysLong: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	am:           "a. m.", pm: "p. m.", group: ',', point: '.',
	dayMonth: func(f *format, d int, m time.Month) string { return strconv.Itoa(d) + " " + f.months[m-1] },
	date:     func(dm string, y int) string { return dm + " " + strconv.Itoa(y) },
	longDate: func(f *format, t time.Time) string {
		return f.weekdaysLong[t.Weekday()] + ", " + strconv.Itoa(t.Day()) + " de " + f.monthsLong[t.Month()-1] + " de " + strconv.Itoa(t.Year())
	},
	yesterday: "Ayer", tomorrow: "Mañana", yesterdayText: "ayer", tomorrowText: "mañana",
	now:   "hace un momento",
	units: [3][2]string{{"min", "min"}, {"hora", "horas"}, {"día", "días"}},
	ago:   func(s string) string { return "hace " + s },
	in:    func(s string) string { return "en " + s },
}

// Time is the time of day in zone: "8:14 am", "8:14 a. m.".
func Time(ctx context.Context, t time.Time, zone *time.Location) string {
	return From(ctx).lang.format.time(t.In(zone))
}

// Date is the day in zone: "Nov 23, 2026", "23 nov 2026".
func Date(ctx context.Context, t time.Time, zone *time.Location) string {
	return From(ctx).lang.format.day(t.In(zone))
}

// LongDate is the day in words: "Monday, November 23, 2026",
// "lunes, 23 de noviembre de 2026".
func LongDate(ctx context.Context, t time.Time, zone *time.Location) string {
	f := From(ctx).lang.format
	return f.longDate(f, t.In(zone))
}

// DateTime is day and time in zone: "Nov 23, 2026, 3:05 pm".
func DateTime(ctx context.Context, t time.Time, zone *time.Location) string {
	f := From(ctx).lang.format
	return f.day(t.In(zone)) + ", " + f.time(t.In(zone))
}

// When says an instant as people say it, seen from now, standing alone as in a
// list: "8:14 am" today, "Yesterday 3:05 pm", "Tomorrow 8:00 am",
// "Mon, Nov 23" within the year, "Nov 23, 2025" beyond.
func When(ctx context.Context, t, now time.Time, zone *time.Location) string {
	f := From(ctx).lang.format
	return f.when(t.In(zone), now.In(zone), f.yesterday, f.tomorrow)
}

// WhenInside is When for the inside of a sentence: "yesterday 3:05 pm".
func WhenInside(ctx context.Context, t, now time.Time, zone *time.Location) string {
	f := From(ctx).lang.format
	return f.when(t.In(zone), now.In(zone), f.yesterdayText, f.tomorrowText)
}

// Ago is the distance from now in one rounded-down unit: "just now",
// "5 min ago", "3 days ago", "in 2 hours". Prefer When wherever a person must
// act by a time: nobody should have to add up.
func Ago(ctx context.Context, t, now time.Time) string {
	f := From(ctx).lang.format
	d, say := now.Sub(t), f.ago
	if d < 0 {
		d, say = -d, f.in
	}
	var n, unit int64
	switch {
	case d < time.Minute:
		return f.now
	case d < time.Hour:
		n, unit = int64(d/time.Minute), 0
	case d < 24*time.Hour:
		n, unit = int64(d/time.Hour), 1
	default:
		n, unit = int64(d/(24*time.Hour)), 2
	}
	word := f.units[unit][1]
	if n == 1 {
		word = f.units[unit][0]
	}
	return say(string(appendGrouped(nil, f, n)) + " " + word)
}

// Number writes an amount with separators: 12,345.
func Number(ctx context.Context, n int64) string {
	return string(appendGrouped(nil, From(ctx).lang.format, n))
}

// Decimal writes an amount with so many decimal places: 12,345.6.
func Decimal(ctx context.Context, v float64, places int) string {
	return string(appendDecimal(nil, From(ctx).lang.format, v, places))
}

// Size writes a number of bytes as file managers do: "812 KB", "3.4 MB".
func Size(ctx context.Context, bytes int64) string {
	return From(ctx).lang.format.size(bytes)
}

func (f *format) size(bytes int64) string {
	if bytes < 1000 {
		return string(appendGrouped(nil, f, bytes)) + " B"
	}
	v, units := float64(bytes)/1000, []string{"KB", "MB", "GB", "TB"}
	for len(units) > 1 && v >= 999.5 {
		v, units = v/1000, units[1:]
	}
	places := 0
	if v < 9.95 && units[0] != "KB" {
		places = 1
	}
	return string(appendDecimal(nil, f, v, places)) + " " + units[0]
}

func (f *format) time(t time.Time) string {
	h, half := t.Hour(), f.am
	if h >= 12 {
		half = f.pm
	}
	if h = h % 12; h == 0 {
		h = 12
	}
	b := strconv.AppendInt(make([]byte, 0, 12), int64(h), 10)
	b = append(b, ':', byte('0'+t.Minute()/10), byte('0'+t.Minute()%10), ' ')
	return string(append(b, half...))
}

func (f *format) day(t time.Time) string {
	return f.date(f.dayMonth(f, t.Day(), t.Month()), t.Year())
}

func (f *format) when(t, now time.Time, yesterday, tomorrow string) string {
	switch daysBetween(now, t) {
	case 0:
		return f.time(t)
	case -1:
		return yesterday + " " + f.time(t)
	case 1:
		return tomorrow + " " + f.time(t)
	}
	if t.Year() == now.Year() {
		return f.weekdays[t.Weekday()] + ", " + f.dayMonth(f, t.Day(), t.Month())
	}
	return f.day(t)
}

// daysBetween counts calendar days from a to b, both in one zone; days that
// are 23 or 25 hours long count as days.
func daysBetween(a, b time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(b).Sub(day(a)) / (24 * time.Hour))
}

func appendGrouped(b []byte, f *format, n int64) []byte {
	return group(b, f, strconv.AppendInt(make([]byte, 0, 20), n, 10))
}

// appendDecimal writes v with so many places; -1 is as many as it needs.
func appendDecimal(b []byte, f *format, v float64, places int) []byte {
	s := strconv.AppendFloat(make([]byte, 0, 32), v, 'f', places, 64)
	for i, c := range s {
		if c == '.' {
			b = append(group(b, f, s[:i]), f.point)
			return append(b, s[i+1:]...)
		}
	}
	return group(b, f, s)
}

func group(b []byte, f *format, digits []byte) []byte {
	if len(digits) > 0 && digits[0] == '-' {
		b, digits = append(b, '-'), digits[1:]
	}
	if len(digits) == 0 || digits[0] < '0' || digits[0] > '9' { // NaN, Inf
		return append(b, digits...)
	}
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, f.group)
		}
		b = append(b, c)
	}
	return b
}
