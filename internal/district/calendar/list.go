package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// A pasted list has one line for each thing: dates in any of the ways that people
// write them, anywhere in the line, and what is left is the name.

// months are the names by which people call them, in English and Spanish,
// folded; longer names begin with these.
var months = map[string]time.Month{
	"jan": 1, "ene": 1, "feb": 2, "mar": 3, "apr": 4, "abr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "ago": 8,
	"sep": 9, "oct": 10, "nov": 11, "dec": 12, "dic": 12,
}

const (
	monthName = `(?:jan(?:uary)?|ene(?:ro)?|feb(?:ruary|rero)?|mar(?:ch|zo)?|apr(?:il)?|abr(?:il)?|may(?:o)?|june?|junio|jul(?:y|io)?|aug(?:ust)?|ago(?:sto)?|sept?(?:ember|iembre)?|oct(?:ober|ubre)?|nov(?:ember|iembre)?|dec(?:ember)?|dic(?:iembre)?)\b\.?`
	weekday   = `(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|lun(?:es)?|mar(?:tes)?|mie(?:rcoles)?|jue(?:ves)?|vie(?:rnes)?|sab(?:ado)?|dom(?:ingo)?)\b\.?,?\s*`
	ordinal   = `(?:st|nd|rd|th)?`
	dash      = `\s*(?:-|to|through|thru|until|al?|hasta)\s*`
)

// Each way to write a date, or a range within one month. Group names say which
// part is which; d2 is the last day of a range.
var ways = []*regexp.Regexp{
	regexp.MustCompile(`\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\b`),
	regexp.MustCompile(`\b(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?\b`),
	regexp.MustCompile(`\b(?P<n>` + monthName + `)\s*(?P<d>\d{1,2})` + ordinal + `\b(?:` + dash + `(?:` + weekday + `)?(?P<d2>\d{1,2})` + ordinal + `\b)?(?:,?\s*(?P<y>(?:19|20)\d{2})\b)?`),
	regexp.MustCompile(`\b(?P<d>\d{1,2})` + ordinal + `(?:` + dash + `(?P<d2>\d{1,2})` + ordinal + `)?\s*(?:de\s+)?(?P<n>` + monthName + `)(?:,?\s*(?:del?\s+)?(?P<y>(?:19|20)\d{2})\b)?`),
}

// spot is a date, or a range, in a line.
type spot struct {
	at, end     int
	y, m, d, d2 int // y 0: not said
}

// between are the words that make a range of two dates. A comma or a tab right
// between two is how a table puts start and end.
var between = regexp.MustCompile(`^[\s"]*(?:-|\.\.|/|to|through|thru|until|al?|hasta)\s*(?:` + weekday + `)?(?:el\s+)?$|^"?[,;\t]"?$`)

var leading = regexp.MustCompile(`^(?:\s|[-,;:|*•"'()\[\].=]|(?:` + weekday + `)|(?:del|el|from|on)\s)+`)
var trailing = regexp.MustCompile(`(?:\s|[-,;:|"'(\[=]|\b(?:del|el|from|on)|` + weekday + `)+$`)

// maxLine bounds a line of a list: nobody writes a longer one.
const maxLine = 500

// readList reads a pasted list. A line without a date at its top is taken for a
// row of headings.
func readList(text string, today worktime.Date, window worktime.DateRange) (out []found, bad []skipped, err error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := 0
	for i, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if lines++; lines > maxEvents {
			return nil, nil, tooMany()
		}
		if len(l) > maxLine {
			bad = append(bad, skipped{i + 1, clean(l[:maxLine]), "district.calendar.import.long_line"})
			continue
		}
		list, words := readLine(l, today)
		name := cut(words, MaxName)
		switch {
		case len(list) == 0 && lines == 1 && !strings.ContainsAny(l, "0123456789"):
		case len(list) == 0:
			bad = append(bad, skipped{i + 1, clean(l), "district.calendar.import.no_date"})
		case name == "":
			bad = append(bad, skipped{i + 1, clean(l), "district.calendar.import.no_name"})
		}
		for _, r := range list {
			switch {
			case name == "":
			case r.Last.Before(r.First) || r.Last.Sub(r.First) >= maxEntryDays:
				bad = append(bad, skipped{i + 1, clean(l), "district.calendar.import.range"})
			case r.Last.Before(window.First) || window.Last.Before(r.First):
				bad = append(bad, skipped{i + 1, clean(l), "district.calendar.import.window"})
			case len(out) == maxFound:
				return nil, nil, tooMany()
			default:
				out = append(out, found{line: i + 1, name: name, words: words, dates: r})
			}
		}
	}
	return out, bad, nil
}

// readLine finds the dates of a line and its other words.
func readLine(l string, today worktime.Date) (list []worktime.DateRange, words string) {
	low, back := folded(l)
	spots := spotsIn(low)
	if len(spots) == 0 {
		return nil, ""
	}
	for i := 0; i < len(spots); i++ {
		a := spots[i]
		b, joined := a, false
		if i+1 < len(spots) && a.d2 == 0 && between.MatchString(low[a.end:spots[i+1].at]) {
			b, joined = spots[i+1], true
			i++
		}
		r, ok := rangeOf(a, b, joined, today)
		if !ok {
			return nil, ""
		}
		list = append(list, r)
	}
	// What is left, without the words around the dates.
	var rest []string
	pos := 0
	for i, s := range spots {
		part := low[pos:s.at]
		cut := len(part)
		if m := trailing.FindStringIndex(part); m != nil {
			cut = m[0]
		}
		if i == 0 || !between.MatchString(part) {
			rest = append(rest, lead(l[back[pos]:back[pos+cut]]))
		}
		pos = s.end
	}
	rest = append(rest, lead(l[back[pos]:]))
	return list, plain(strings.Trim(strings.Join(rest, " "), " \t\",;|-–—:()[]"))
}

// lead cuts the weekday, bullets and the like at the beginning.
func lead(part string) string {
	for {
		low, back := folded(part)
		m := leading.FindStringIndex(low)
		if m == nil || m[1] == 0 {
			return part
		}
		part = part[back[m[1]]:]
	}
}

// folded is a line in small letters without accents and with plain dashes, and
// for each of its bytes (and its end) where that stands in the line.
func folded(l string) (string, []int) {
	var b strings.Builder
	var back []int
	for i, r := range l {
		s := ""
		switch r {
		case '–', '—', '−', '‐', '‑':
			s = "-"
		case '\u00a0', '\u202f', ' ':
			s = " "
		case '\t', '.', ',', ';', ':', '-', '/', '"', '\'', '(', ')', '[', ']', '|', '*', '=', '•':
			s = string(r)
		default:
			if s = district.Fold(string(r)); s == "" || len(s) > 4 {
				s = "?"
			}
		}
		for range len(s) {
			back = append(back, i)
		}
		b.WriteString(s)
	}
	return b.String(), append(back, len(l))
}

// spotsIn finds the dates in a folded line, in order.
func spotsIn(low string) []spot {
	var out []spot
	for pos := 0; pos < len(low) && len(out) < 50; {
		best := spot{at: len(low)}
		for _, w := range ways {
			m := w.FindStringSubmatchIndex(low[pos:])
			if m == nil || pos+m[0] > best.at || pos+m[0] == best.at && pos+m[1] <= best.end {
				continue
			}
			s := spot{at: pos + m[0], end: pos + m[1]}
			for g, name := range w.SubexpNames() {
				if g == 0 || name == "" || m[2*g] < 0 {
					continue
				}
				v := low[pos+m[2*g] : pos+m[2*g+1]]
				n, _ := strconv.Atoi(v)
				switch name {
				case "y":
					if s.y = n; n < 100 {
						s.y += 2000
					}
				case "m":
					s.m = n
				case "n":
					s.m = int(months[v[:3]])
				case "d":
					s.d = n
				case "d2":
					s.d2 = n
				}
			}
			best = s
		}
		if best.at == len(low) {
			break
		}
		out = append(out, best)
		pos = best.end
	}
	return out
}

// rangeOf makes dates of one spot or two. A year that isn't said is that of the
// other one, or else the first in which the day is not long past.
func rangeOf(a, b spot, joined bool, today worktime.Date) (worktime.DateRange, bool) {
	if !joined {
		if b.d2 != 0 {
			b.d = b.d2
		}
	}
	switch {
	case a.y == 0 && b.y == 0:
		a.y = today.Year
		if last := (worktime.Date{Year: a.y, Month: time.Month(a.m), Day: a.d}); last.Valid() && today.Sub(last) > 60 {
			a.y++
		}
		b.y = a.y
		if b.m < a.m {
			b.y++
		}
	case a.y == 0:
		if a.y = b.y; a.m > b.m {
			a.y--
		}
	case b.y == 0:
		if b.y = a.y; b.m < a.m {
			b.y++
		}
	}
	r := worktime.DateRange{First: worktime.Date{Year: a.y, Month: time.Month(a.m), Day: a.d}, Last: worktime.Date{Year: b.y, Month: time.Month(b.m), Day: b.d}}
	return r, a.m >= 1 && a.m <= 12 && b.m >= 1 && b.m <= 12 && r.First.Valid() && r.Last.Valid()
}
