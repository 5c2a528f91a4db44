package web

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// spanLike is an amount of time as people type it, in either language.
var spanLike = regexp.MustCompile(`^(?:(\d{1,6}(?:[.,]\d{1,4})?) ?(?:h|hr|hrs|hours?|horas?)\.?)? ?(?:(\d{1,6}) ?(?:m|min|mins|minutes?|minutos?)\.?)? ?(?:(\d{1,6}) ?(?:s|sec|secs|seconds?|seg|segundos?)\.?)?$`)

var clockLike = regexp.MustCompile(`^(\d{1,4}):([0-5]\d)$`)

// parseSpan reads "15 min", "4 h", "1 h 30 min", "1.5 hours" or "1:30"; nothing
// is no time at all. A number alone could be either and is neither.
func parseSpan(text string) (time.Duration, bool) {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	if text == "0" {
		return 0, true
	}
	if m := clockLike.FindStringSubmatch(text); m != nil {
		return whole(m[1])*time.Hour + whole(m[2])*time.Minute, true
	}
	m := spanLike.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	hours, _ := strconv.ParseFloat(strings.Replace("0"+m[1], ",", ".", 1), 64)
	return time.Duration(hours*float64(time.Hour)).Round(time.Second) + whole(m[2])*time.Minute + whole(m[3])*time.Second, true
}

func whole(digits string) time.Duration {
	n, _ := strconv.ParseInt("0"+digits, 10, 64)
	return time.Duration(n)
}

// spanText writes an amount of time so that parseSpan reads the same: "" for
// none. The units are the same in every language offered.
func spanText(d time.Duration) string {
	var parts []string
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{time.Hour, " h"}, {time.Minute, " min"}, {time.Second, " s"}} {
		if n := d / u.of; n > 0 {
			parts = append(parts, strconv.FormatInt(int64(n), 10)+u.name)
			d -= n * u.of
		}
	}
	return strings.Join(parts, " ")
}
