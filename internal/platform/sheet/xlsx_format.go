package sheet

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// format is what a cell's number format makes of its number, as far as it
// changes what the number means.
type format struct {
	kind   formatKind
	digits int // of a code, padded with zeros
}

type formatKind uint8

const (
	number  formatKind = iota
	date               // has a day
	daytime            // a time of day
	elapsed            // hours, minutes and seconds that may go beyond a day
	padded             // zeros before the number belong to it: room 0042
)

// stamp is how instants come out of a sheet: without a zone, as they have none.
const stamp = "2006-01-02T15:04:05"

// formats reads the kinds of the workbook's cell styles, by their number.
func (p *pack) formats(part string) ([]format, error) {
	var out []format
	own := map[string]format{}
	inCells := false
	err := p.walk(part, func(t *tokens, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if len(own) < 10_000 {
					own[attr(e, "numFmtId")] = formatOf(attr(e, "formatCode"))
				}
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells && len(out) < 1<<17 {
					id := attr(e, "numFmtId")
					f, ok := own[id]
					if !ok {
						f = builtIn(id)
					}
					out = append(out, f)
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inCells = false
			}
		}
		return nil
	})
	return out, err
}

// builtIn are the formats that have a number and no code.
func builtIn(id string) format {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
	case n >= 14 && n <= 17, n == 22, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return format{kind: date}
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n == 45, n == 47, n == 55, n == 56:
		return format{kind: daytime}
	case n == 46:
		return format{kind: elapsed}
	}
	return format{}
}

// formatOf judges a format by its letters, quoted texts and colors left out.
func formatOf(code string) format {
	code, _, _ = strings.Cut(code, ";")
	if code != "" && strings.Trim(code, "0") == "" {
		return format{kind: padded, digits: min(len(code), 40)}
	}
	if strings.EqualFold(code, "general") {
		return format{}
	}
	var day, month, clock bool
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return format{}
			}
			i += end + 1
		case code[i] == '\\', code[i] == '_', code[i] == '*':
			i++
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return format{}
			}
			if in := strings.ToLower(code[i+1 : i+end]); in != "" && (strings.Trim(in, "h") == "" || strings.Trim(in, "m") == "" || strings.Trim(in, "s") == "") {
				return format{kind: elapsed}
			}
			i += end
		case c == 'y', c == 'd':
			day = true
		case c == 'm':
			month = true
		case c == 'h', c == 's':
			clock = true
		}
	}
	switch {
	case day, month && !clock:
		return format{kind: date}
	case clock:
		return format{kind: daytime}
	}
	return format{}
}

// show writes a number as the rest of the program reads it: dates as stamp,
// times of day as 15:04:05, time that has elapsed as hours:15:04, anything else
// as plain digits, however the sheet shows it.
func (f format) show(value string, from1904 bool) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return value
	}
	switch f.kind {
	case date, daytime:
		if f.kind == daytime && n >= 0 && n < 1 && seconds(n) < 86400 {
			return time.Unix(seconds(n), 0).UTC().Format("15:04:05")
		}
		if n >= 1 && n < 2_958_466 || from1904 && n >= 0 && n < 2_957_004 {
			return serial(n, from1904).Format(stamp)
		}
	case elapsed:
		if s := seconds(math.Abs(n)); math.Abs(n) < 1e9 {
			sign := ""
			if n < 0 {
				sign = "-"
			}
			return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
		}
	case padded:
		if n >= 0 && n == math.Trunc(n) && n < 1e15 {
			return fmt.Sprintf("%0*d", f.digits, int64(n))
		}
	}
	if math.Abs(n) >= 1e21 {
		return value
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func seconds(days float64) int64 { return int64(math.Round(days * 86400)) }

// serial is the instant of a number of days, to the second. Sheets count a
// February 29 in 1900 that there never was.
func serial(n float64, from1904 bool) time.Time {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		start = start.AddDate(0, 0, 1)
	}
	day := math.Floor(n)
	return start.AddDate(0, 0, int(day)).Add(time.Duration(seconds(n-day)) * time.Second)
}

// isoDate shortens the date of a cell that is typed as one.
func isoDate(s string) string {
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(stamp)
		}
	}
	return s
}
