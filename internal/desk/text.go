package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"trellis/internal/district"
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
	if !district.Shows(s) {
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

// titleOf is the first line of a text that shows something, cut at a word
// where that loses little.
func titleOf(text string) string {
	var first string
	for line := range strings.Lines(text) {
		if district.Shows(line) {
			first = district.Plain(line)
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
// among them: a message stands alone, and they end where it ends. In a line
// they would go on, so district.Line takes them out.
func turnsDirection(r rune) bool { return r >= 0x202a && r <= 0x202e }

// isTag reports whether s looks like a language tag: "es", "pt-BR".
func isTag(s string) bool {
	return s != "" && len(s) <= 35 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
