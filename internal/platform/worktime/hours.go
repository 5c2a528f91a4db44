package worktime

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Minute is a wall time: minutes since midnight, 0 to 1440 (24:00, which only
// the end of a span can be).
type Minute int

// ParseMinute reads 7:30, 07:30 or 24:00.
func ParseMinute(s string) (Minute, error) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := digits(h, 1)
	minute, err2 := digits(m, 2)
	v := Minute(hour*60 + minute)
	if !ok || err1 != nil || err2 != nil || minute > 59 || v > 1440 {
		return 0, problem(BadTime, s, "%q is not a time of day; write it as 08:00, up to 24:00", s)
	}
	return v, nil
}

// digits reads min to 2 digits and nothing else: no sign, no space.
func digits(s string, min int) (int, error) {
	if len(s) < min || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(s)
}

// String is the time as 07:30.
func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// Span is hours within one day, half-open, From < To.
type Span struct{ From, To Minute }

// String is the span as 07:30-15:30.
func (s Span) String() string { return s.From.String() + "-" + s.To.String() }

// ParseSpans reads the hours of one day: 08:00-11:30,12:15-16:00. The result
// is sorted. Spans may touch; they may not overlap or pass midnight.
func ParseSpans(s string) ([]Span, error) {
	var out []Span
	for _, part := range strings.Split(s, ",") {
		part = strings.TrimSpace(part)
		a, b, ok := strings.Cut(part, "-")
		if !ok {
			return nil, problem(BadPart, part, "%q is not a span of hours; write it as 08:00-16:00", part)
		}
		from, err := ParseMinute(strings.TrimSpace(a))
		if err != nil {
			return nil, err
		}
		to, err := ParseMinute(strings.TrimSpace(b))
		if err != nil {
			return nil, err
		}
		out = append(out, Span{from, to})
	}
	return checkSpans(out)
}

// FormatSpans writes what ParseSpans reads.
func FormatSpans(spans []Span) string {
	var b strings.Builder
	for i, s := range spans {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.String())
	}
	return b.String()
}

// checkSpans sorts a copy and refuses what is not a day's hours.
func checkSpans(in []Span) ([]Span, error) {
	out := slices.Clone(in)
	slices.SortFunc(out, func(a, b Span) int { return int(a.From - b.From) })
	for i, s := range out {
		switch {
		case s.From < 0 || s.To > 1440:
			return nil, problem(BadTime, s.String(), "%s is not within one day", s)
		case s.To <= s.From:
			return nil, problem(OverMidnight, s.String(), "%s ends before it starts; hours over midnight are two spans, one up to 24:00 and one from 00:00 on the next day", s)
		case i > 0 && s.From < out[i-1].To:
			return nil, problem(Overlap, s.String(), "%s and %s overlap", out[i-1], s)
		}
	}
	return out, nil
}

// Week is the hours of every weekday, by time.Weekday. No spans: closed.
type Week [7][]Span

var dayNames = [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// ParseHours reads weekly hours: days, a space, hours; parts separated by
// semicolons.
//
//	Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00
//	Mon,Wed 7:30-15:30; Sat-Sun 10:00-12:00
//
// A range of days may pass the end of the week (Sat-Mon). A day named in two
// parts has the hours of both; they may not overlap.
func ParseHours(s string) (Week, error) {
	var w Week
	if strings.TrimSpace(s) == "" {
		return w, problem(NoHours, s, "there are no hours; write them as Mon-Fri 07:30-15:30")
	}
	for _, part := range strings.Split(s, ";") {
		part = strings.TrimSpace(part)
		cut := strings.IndexAny(part, " \t")
		if cut < 0 {
			return Week{}, problem(BadPart, part, "%q is not days and hours; write it as Mon-Fri 07:30-15:30", part)
		}
		// "Mon, Wed 08:00": the days end where the first digit starts.
		if d := strings.IndexAny(part, "0123456789"); d > 0 {
			cut = d
		}
		days, err := parseDays(strings.TrimSpace(part[:cut]))
		if err != nil {
			return Week{}, err
		}
		spans, err := ParseSpans(part[cut:])
		if err != nil {
			return Week{}, err
		}
		for _, d := range days {
			w[d] = append(w[d], spans...)
		}
	}
	for d := range w {
		if len(w[d]) == 0 {
			continue
		}
		spans, err := checkSpans(w[d])
		if err != nil {
			err.(*Problem).Text = dayNames[d] + ": " + err.Error()
			return Week{}, err
		}
		w[d] = spans
	}
	return w, nil
}

func parseDays(s string) ([]time.Weekday, error) {
	var out []time.Weekday
	for _, part := range strings.Split(s, ",") {
		a, b, ranged := strings.Cut(part, "-")
		first, last := parseDay(a), parseDay(a)
		if ranged {
			last = parseDay(b)
		}
		if first < 0 || last < 0 {
			return nil, problem(BadDay, part, "%q is not a day or a range of days; write Mon, Tue, Wed, Thu, Fri, Sat, Sun or Mon-Fri", strings.TrimSpace(part))
		}
		for d := first; ; d = (d + 1) % 7 {
			if slices.Contains(out, d) {
				return nil, problem(Overlap, part, "%s is named twice in %q", dayNames[d], s)
			}
			if out = append(out, d); d == last {
				break
			}
		}
	}
	return out, nil
}

func parseDay(s string) time.Weekday {
	for d, name := range dayNames {
		if strings.EqualFold(strings.TrimSpace(s), name) {
			return time.Weekday(d)
		}
	}
	return -1
}

// String writes what ParseHours reads, from Monday on, equal neighbors
// together. A week without hours is the empty string.
func (w Week) String() string {
	var parts []string
	for i := 0; i < 7; {
		d := (i + 1) % 7
		j := i + 1
		for j < 7 && slices.Equal(w[(j+1)%7], w[d]) {
			j++
		}
		if len(w[d]) > 0 {
			days := dayNames[d]
			if j-i > 1 {
				days += "-" + dayNames[j%7]
			}
			parts = append(parts, days+" "+FormatSpans(w[d]))
		}
		i = j
	}
	return strings.Join(parts, ";")
}

// Empty reports whether the week has no hours.
func (w Week) Empty() bool {
	return !slices.ContainsFunc(w[:], func(day []Span) bool { return len(day) > 0 })
}
