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

// Line brings one line of text that somebody typed or pasted into shape, as
// Plain does, and notes in c what keeps it from being accepted: nothing where
// something is required, more than limit characters, bytes that are no text.
// It is the one rule for names, titles, places and addresses of every module.
func Line(c *errs.Check, field, s string, limit int, required bool) string {
	if len(s) > 64*(limit+1) { // not worth reading
		c.Fail(field, "field.too_long", "Max", limit)
		return ""
	}
	if !utf8.ValidString(s) {
		c.Fail(field, "field.invalid")
		return ""
	}
	if s = Plain(s); !Shows(s) {
		s = ""
	}
	switch {
	case s == "" && required:
		c.Fail(field, "field.required")
	case utf8.RuneCountInString(s) > limit:
		c.Fail(field, "field.too_long", "Max", limit)
	}
	return s
}

// Plain is a text as one line of single spaces that reads as what it is:
// control characters and those that turn the writing direction are gone. They
// come along when something is copied, so nobody is asked to find them; a line
// stands beside other words, which an isolate left open would turn as well.
func Plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unprintable(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// unprintable are control characters that are no space, and those that make a
// text read differently from what it is.
func unprintable(r rune) bool {
	return unicode.IsControl(r) && !unicode.IsSpace(r) ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// Shows reports whether a text has anything to see: spaces and characters
// that show nothing are no name and no message.
func Shows(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !invisible(r) })
}

func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
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
