package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"trellis/internal/platform/errs"
)

// How long texts may be, in characters.
const (
	MaxText    = 20_000
	MaxTitle   = 120
	MaxPlace   = 200
	MaxContact = 200
	// MaxFiles is how many files a message or a note may carry.
	MaxFiles = 10
)

// body brings a message into shape: line ends are \n, control characters and
// what turns the writing direction are gone, blank space around it too. It
// notes in c what keeps it from being accepted.
func body(c *errs.Check, field, s string, required bool) string {
	if len(s) > utf8.UTFMax*MaxText { // not worth reading
		c.Fail(field, "field.too_long", "Max", MaxText)
		return ""
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029', r == '\v', r == '\f':
			return '\n'
		case r != '\n' && r != '\t' && unicode.IsControl(r), turnsDirection(r):
			return -1
		}
		return r
	}, s)
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0x200b || r == 0xfeff })
	if !shows(s) {
		s = ""
	}
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		c.Fail(field, "field.required")
	case n > MaxText:
		c.Fail(field, "field.too_long", "Max", MaxText)
	}
	return s
}

// line is body for a text of one line.
func line(c *errs.Check, field, s string, limit int, required bool) string {
	var own errs.Check
	s = body(&own, field, s, false)
	if own.Err() != nil {
		c.Fail(field, "field.too_long", "Max", limit)
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		c.Fail(field, "field.required")
	case n > limit:
		c.Fail(field, "field.too_long", "Max", limit)
	}
	return s
}

// titleOf is the first line of a text that shows something, cut at a word
// where that loses little.
func titleOf(text string) string {
	var first string
	for line := range strings.Lines(text) {
		if shows(line) {
			first = strings.Join(strings.Fields(line), " ")
			break
		}
	}
	if utf8.RuneCountInString(first) <= MaxTitle {
		return first
	}
	runes := []rune(first)[:MaxTitle-1]
	cut := string(runes)
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*3/4 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:") + "…"
}

// turnsDirection are the characters that make a text read differently from
// what it is. The marks and isolates that right-to-left writing needs are not
// among them.
func turnsDirection(r rune) bool { return r >= 0x202a && r <= 0x202e }

// shows reports whether a text has anything to see.
func shows(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !invisible(r) })
}

// invisible are characters that show nothing.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
}

// isTag reports whether s looks like a language tag: "es", "pt-BR".
func isTag(s string) bool {
	return s != "" && len(s) <= 35 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
