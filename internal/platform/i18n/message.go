package i18n

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// message is one text with placeholders, cut up when the catalogue is built
// so that filling it is a walk over its pieces.
type message struct {
	counted bool     // has plural forms
	forms   [6]piece // by plural.Form; forms[plural.Other] always has text
}

// piece is one plural form.
type piece struct {
	parts []part
	size  int // bytes of fixed text
}

// part is fixed text or, if name is set, a placeholder.
type part struct {
	text string
	name string
}

var placeholder = regexp.MustCompile(`\{\{\s*\.([A-Z][A-Za-z0-9]*)\s*\}\}`)

// cut splits a text at its placeholders. Braces that are no placeholder are an
// error: a text is data, and {{anything}} else would reach the page as it is.
func cut(text string) (piece, error) {
	var p piece
	at := 0
	add := func(s string) error {
		if strings.Contains(s, "{{") || strings.Contains(s, "}}") {
			return fmt.Errorf("braces that are not a placeholder like {{.Name}}: %q", s)
		}
		if s != "" {
			p.parts = append(p.parts, part{text: s})
			p.size += len(s)
		}
		return nil
	}
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		if err := add(text[at:m[0]]); err != nil {
			return p, err
		}
		p.parts = append(p.parts, part{name: text[m[2]:m[3]]})
		at = m[1]
	}
	return p, add(text[at:])
}

// names lists a form's placeholders, each once, sorted.
func (p piece) names() []string {
	var out []string
	for _, s := range p.parts {
		if s.name != "" {
			out = append(out, s.name)
		}
	}
	sort.Strings(out)
	uniq := out[:0]
	for i, n := range out {
		if i == 0 || n != out[i-1] {
			uniq = append(uniq, n)
		}
	}
	return uniq
}

// formNames are the plural forms' names in message files.
var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// pick chooses the plural form for a count.
func (m *message) pick(l *Language, count int64) piece {
	if count < 0 {
		count = -count
	}
	// The rules look at no more than the last digits; x/text wants them within
	// ten million.
	n := int(count)
	if count >= 10_000_000 {
		n = int(count%10_000_000) + 10_000_000
	}
	if p := m.forms[plural.Cardinal.MatchPlural(l.rules, n, 0, 0, 0, 0)]; p.parts != nil {
		return p
	}
	return m.forms[plural.Other]
}

// amounts are the arguments that say how much, written with the language's
// separators. Any other integer names something (a room, a year, R-4821) and
// is written as plain digits.
func isAmount(name string) bool {
	switch name {
	case "Count", "Total", "Min", "Max", "Limit":
		return true
	}
	return false
}

// appendValue writes one argument; false if it has no way to be written.
func appendValue(b []byte, l *Language, name string, v any) ([]byte, bool) {
	if n, ok := asInt(v); ok {
		if isAmount(name) {
			return appendGrouped(b, l.format, n), true
		}
		return strconv.AppendInt(b, n, 10), true
	}
	if n, ok := v.(Bytes); ok {
		return append(b, l.format.size(int64(n))...), true
	}
	if l.Dir == "rtl" {
		// First-strong isolates keep a name or code in Latin letters from
		// turning the sentence around it.
		b, ok := appendText(append(b, "\u2068"...), l, v)
		return append(b, "\u2069"...), ok
	}
	return appendText(b, l, v)
}

func appendText(b []byte, l *Language, v any) ([]byte, bool) {
	switch v := v.(type) {
	case string:
		b = append(b, v...)
	case float64:
		b = appendDecimal(b, l.format, v, -1)
	case fmt.Stringer:
		b = append(b, v.String()...)
	default:
		return b, false
	}
	return b, true
}

// Bytes is an argument that is a number of bytes; a text says it as "3.4 MB".
type Bytes int64

func asInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case int16:
		return int64(v), true
	case int8:
		return int64(v), true
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint32:
		return int64(v), true
	}
	return 0, false
}
