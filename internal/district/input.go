package district

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

// How long, in characters, the texts of the district may be.
const (
	maxName  = 120
	maxShort = 40
	maxPhone = 40
	maxEmail = 254
)

// line brings one line of text into shape and notes what keeps it from being
// accepted.
func line(c *errs.Check, field, s string, limit int, required bool) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable) {
		c.Fail(field, "field.invalid")
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "" && required:
		c.Fail(field, "field.required")
	case utf8.RuneCountInString(s) > limit:
		c.Fail(field, "field.too_long", "Max", limit)
	}
	return s
}

// unprintable are control characters, and those that make a name read
// differently from what it is.
func unprintable(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// address checks an e-mail address by its shape only: whether it is read is
// found out by writing to it.
func address(c *errs.Check, field, s string, required bool) string {
	s = strings.TrimSpace(s)
	if s == "" {
		if required {
			c.Fail(field, "field.required")
		}
		return ""
	}
	if len(s) > maxEmail {
		c.Fail(field, "field.too_long", "Max", maxEmail)
		return ""
	}
	local, host, ok := strings.Cut(s, "@")
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || unprintable(r) || strings.ContainsRune(`"(),:;<>[\]@`, r)
	}
	if !ok || local == "" || len(local) > 64 || !utf8.ValidString(s) || strings.ContainsFunc(local, odd) || strings.ContainsFunc(host, odd) ||
		!strings.Contains(host, ".") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") {
		c.Fail(field, "field.not_email")
		return ""
	}
	return s
}

// zone checks the name of a time zone.
func zone(c *errs.Check, field, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		c.Fail(field, "field.required")
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" || len(s) > 64 {
		c.Fail(field, "district.zone.unknown")
	}
	return s
}

// language finds the offered language that s means; "" stays "".
func language(c *errs.Check, field, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	base, _, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	for _, l := range i18n.Offered() {
		own, _, _ := strings.Cut(l.Tag, "-")
		if strings.EqualFold(base, own) {
			return l.Tag
		}
	}
	c.Fail(field, "field.unknown_choice")
	return ""
}
