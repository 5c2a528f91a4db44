package calendar

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"golang.org/x/text/encoding/charmap"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// Bounds of what is read from outside.
const (
	MaxImport = 2 << 20 // bytes
	maxEvents = 5_000
	maxFound  = 20_000 // dates that events with recurrences come to
)

// found is an event or a line, as dates.
type found struct {
	line  int // of the text, from 1
	name  string
	words string // all of its words: what is cut off a long name may say that it is for some only
	dates worktime.DateRange
	timed bool // a time of day, not whole days
}

// skipped is what could not be read.
type skipped struct {
	line int
	name string
	key  string // why, as a message key
}

// vevent is an event as its lines say it.
type vevent struct {
	line                int
	uid, name, words    string
	start, end          moment
	duration            time.Duration
	rule                string
	dates, not          []worktime.Date // RDATE, EXDATE
	instead             worktime.Date   // RECURRENCE-ID: which occurrence this one replaces
	cancelled, repeated bool
	broken              string
}

// moment is a DTSTART or the like: a date, or the local date of an instant.
type moment struct {
	date  worktime.Date
	at    time.Duration // since midnight
	timed bool
	set   bool
}

// decode makes text of bytes: UTF-8, else UTF-16 by its mark, else Windows-1252,
// which nearly everything else in this country is.
func decode(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		big := b[0] == 0xfe
		u := make([]uint16, 0, len(b)/2)
		for b = b[2:]; len(b) >= 2; b = b[2:] {
			if big {
				u = append(u, uint16(b[0])<<8|uint16(b[1]))
			} else {
				u = append(u, uint16(b[1])<<8|uint16(b[0]))
			}
		}
		return string(utf16.Decode(u))
	case utf8.Valid(b):
		return strings.TrimPrefix(string(b), "\ufeff")
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return string(s)
}

// isICal tells a calendar file from a pasted list.
func isICal(text string) bool {
	head := strings.ToUpper(text[:min(len(text), 4096)])
	return strings.Contains(head, "BEGIN:VCALENDAR") || strings.Contains(head, "BEGIN:VEVENT")
}

// maxWords bounds the words of a name that are looked at.
const maxWords = 1_000

// clean makes a name fit to show and to keep.
func clean(s string) string { return cut(plain(s), MaxName) }

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// plain is text on one line without what can't be seen.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// readICal reads a calendar file (RFC 5545) as the dates that its events fall on
// in a window. Lines that can't be read are passed over, and so are components
// other than events; zone is where the calendar holds.
func readICal(text string, zone *time.Location, window worktime.DateRange) (out []found, bad []skipped, err error) {
	list, bad, err := events(text, zone)
	if err != nil {
		return nil, nil, err
	}
	// An occurrence that was moved or called off is said by an event of its own.
	gone := map[string]map[worktime.Date]bool{}
	for _, e := range list {
		if e.uid == "" || !e.repeated {
			continue
		}
		if gone[e.uid] == nil {
			gone[e.uid] = map[worktime.Date]bool{}
		}
		gone[e.uid][e.instead] = true
	}
	work := budget
	for _, e := range list {
		switch {
		case e.cancelled:
			continue
		case e.broken != "" || !e.start.set:
			if e.broken == "" {
				e.broken = "district.calendar.import.no_date"
			}
			bad = append(bad, skipped{e.line, e.name, e.broken})
			continue
		}
		days, timed := e.length()
		not := make(map[worktime.Date]bool, len(e.not))
		for _, d := range e.not {
			not[d] = true
		}
		starts := append([]worktime.Date{e.start.date}, e.dates...)
		if e.rule != "" {
			more, spent, err := expand(e.rule, e.start.date, days, window, work)
			if err != nil {
				bad = append(bad, skipped{e.line, e.name, "district.calendar.import.rule"})
			}
			if work -= spent; err == nil {
				starts = append(starts, more...)
			}
		}
		slices.SortFunc(starts, compareDates)
		for _, d := range slices.Compact(starts) {
			r := worktime.DateRange{First: d, Last: d.AddDays(days - 1)}
			if not[d] || !e.repeated && gone[e.uid][d] || r.Last.Before(window.First) || window.Last.Before(d) {
				continue
			}
			if len(out) == maxFound {
				return nil, nil, tooMany()
			}
			out = append(out, found{line: e.line, name: e.name, words: e.words, dates: r, timed: timed})
		}
	}
	return out, bad, nil
}

func tooMany() error {
	var in errs.Check
	in.Fail("text", "district.calendar.import.many", "Max", maxEvents)
	return in.Err()
}

// length is how many dates an event covers, and whether it is about a time of
// day. An all-day end is the day after the last one (RFC 5545 §3.6.1).
func (e vevent) length() (days int, timed bool) {
	days, timed = 1, e.start.timed
	switch {
	case e.end.set && timed:
		days = e.end.date.Sub(e.start.date) + 1
		if e.end.at == 0 && days > 1 {
			days-- // until midnight
			timed = e.start.at != 0
		}
	case e.end.set:
		days = e.end.date.Sub(e.start.date)
	case e.duration > 0 && timed:
		end := e.start.at + e.duration
		days = int((end + 24*time.Hour - 1) / (24 * time.Hour))
		timed = e.start.at != 0 || end%(24*time.Hour) != 0
	case e.duration > 0:
		days = int((e.duration + 24*time.Hour - 1) / (24 * time.Hour))
	}
	return min(max(days, 1), maxEntryDays), timed
}

// events reads the lines. golang-ical unfolds and cuts each of them; putting them
// together is done here, because a file with one bad line is still a calendar.
func events(text string, zone *time.Location) (list []vevent, bad []skipped, err error) {
	stream := ical.NewCalendarStream(strings.NewReader(text))
	var stack []string
	var e *vevent
	for {
		raw, line, err := stream.ReadLine()
		if raw != nil && len(*raw) > 0 {
			p, perr := ical.ParseProperty(*raw)
			switch {
			case perr != nil || p == nil:
			case strings.EqualFold(p.IANAToken, "BEGIN"):
				kind := strings.ToUpper(strings.TrimSpace(p.Value))
				if kind == "VEVENT" { // one that was not ended is over now
					if e != nil {
						list = append(list, *e)
					}
					e, stack = &vevent{line: line}, nil
				} else if len(stack) < 20 {
					stack = append(stack, kind)
				}
			case strings.EqualFold(p.IANAToken, "END"):
				if kind := strings.ToUpper(strings.TrimSpace(p.Value)); kind == "VEVENT" || kind == "VCALENDAR" {
					if e != nil {
						list = append(list, *e)
					}
					e, stack = nil, nil
				} else if len(stack) > 0 {
					stack = stack[:len(stack)-1]
				}
			case e != nil && len(stack) == 0: // not in an alarm inside of it
				e.take(p, zone)
			}
			if len(list) > maxEvents {
				return nil, nil, tooMany()
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				bad = append(bad, skipped{line: line, key: "district.calendar.import.broken"})
			}
			break
		}
	}
	if e != nil {
		list = append(list, *e)
	}
	return list, bad, nil
}

// maxListed bounds the dates that one event lists.
const maxListed = 1_000

// take reads one property of an event.
func (e *vevent) take(p *ical.BaseProperty, zone *time.Location) {
	one := func() moment {
		m, ok := readMoment(p, p.Value, zone)
		if !ok {
			e.broken = "district.calendar.import.no_date"
		}
		return m
	}
	list := func(to *[]worktime.Date) {
		for _, v := range strings.Split(p.Value, ",") {
			v, _, _ = strings.Cut(v, "/") // a period: where it begins
			if m, ok := readMoment(p, v, zone); ok && len(*to) < maxListed {
				*to = append(*to, m.date)
			}
		}
	}
	switch strings.ToUpper(p.IANAToken) {
	case "UID":
		e.uid = p.Value
	case "SUMMARY":
		e.words = cut(plain(ical.FromText(p.Value)), maxWords)
		e.name = cut(e.words, MaxName)
	case "STATUS":
		e.cancelled = strings.EqualFold(strings.TrimSpace(p.Value), "CANCELLED")
	case "DTSTART":
		e.start = one()
	case "DTEND":
		if m, ok := readMoment(p, p.Value, zone); ok { // without one it lasts a day
			e.end = m
		}
	case "DURATION":
		e.duration = readDuration(p.Value)
	case "RRULE":
		if e.rule != "" {
			e.broken = "district.calendar.import.rule"
		}
		if e.rule = strings.ToUpper(strings.TrimSpace(p.Value)); strings.Contains(e.rule, "UNTIL=") {
			e.rule = localUntil(e.rule, p, zone)
		}
	case "RDATE":
		list(&e.dates)
	case "EXDATE":
		list(&e.not)
	case "RECURRENCE-ID":
		if m, ok := readMoment(p, p.Value, zone); ok {
			e.instead, e.repeated = m.date, true
		}
	}
}

// readMoment reads a DATE or DATE-TIME. An instant, and a time in a zone of its
// own, become what a clock in ours shows.
func readMoment(p *ical.BaseProperty, value string, zone *time.Location) (m moment, ok bool) {
	value = strings.ToUpper(strings.TrimSpace(value))
	if len(value) == 8 {
		t, err := time.Parse("20060102", value)
		m = moment{date: worktime.DateOf(t), set: true}
		return m, err == nil && m.date.Valid()
	}
	from := zone
	digits, utc := strings.CutSuffix(value, "Z")
	if ids := p.ICalParameters["TZID"]; utc {
		from = time.UTC
	} else if len(ids) == 1 {
		from = named(ids[0], zone)
	}
	t, err := time.ParseInLocation("20060102T150405", digits, from)
	if err != nil {
		if t, err = time.ParseInLocation("20060102T1504", digits, from); err != nil {
			return moment{}, false
		}
	}
	t = t.In(zone)
	m = moment{date: worktime.DateOf(t), timed: true, set: true,
		at: time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second}
	return m, m.date.Valid()
}

// named is a zone by its name; files put paths before it. One that we don't know
// is taken for ours: what a school's own calendar says is local time.
func named(id string, ours *time.Location) *time.Location {
	parts := strings.Split(strings.Trim(id, `"/ `), "/")
	for n := min(3, len(parts)); n > 0; n-- {
		name := strings.Join(parts[len(parts)-n:], "/")
		if len(name) > 64 || strings.EqualFold(name, "local") {
			continue
		}
		if loc, err := time.LoadLocation(name); err == nil && name != "" {
			return loc
		}
	}
	return ours
}

// readDuration reads P1D, PT8H, P1W, P1DT12H (RFC 5545 §3.3.6), 0 if it is none.
func readDuration(s string) time.Duration {
	s, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "+"), "P")
	if !ok {
		return 0
	}
	var sum time.Duration
	number := ""
	for _, r := range s {
		switch unit, known := map[rune]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}[r]; {
		case r >= '0' && r <= '9' && len(number) < 7:
			number += string(r)
		case known && number != "":
			n, _ := strconv.Atoi(number)
			sum, number = sum+min(time.Duration(n), 100_000)*unit, ""
			if sum > maxEntryDays*24*time.Hour {
				return maxEntryDays * 24 * time.Hour
			}
		case r != 'T':
			return 0
		}
	}
	return sum
}
