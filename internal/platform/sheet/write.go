package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Writer writes a table, row by row; the first row is the header. A cell is a
// string, int, int64, float64, bool, time.Time or nil (empty). A number that
// is none (NaN, infinite) and the zero time are empty cells.
//
// Close ends the table and must be called; it does not close what is written
// to. After an error nothing more is written.
type Writer interface {
	Row(cells ...any) error
	Close() error
}

// NewCSV writes UTF-8 with commas, lines that end in \n, and times in RFC 3339.
func NewCSV(w io.Writer) Writer { return &csvWriter{w: csv.NewWriter(w)} }

type csvWriter struct {
	w   *csv.Writer
	row []string
}

func (c *csvWriter) Row(cells ...any) error {
	c.row = c.row[:0]
	for _, v := range cells {
		s, err := plainText(v)
		if err != nil {
			return err
		}
		c.row = append(c.row, s)
	}
	if err := c.w.Write(c.row); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func (c *csvWriter) Close() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func plainText(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return Neutral(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", nil
		}
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case time.Time:
		if v.IsZero() {
			return "", nil
		}
		return v.Format(time.RFC3339), nil
	}
	return "", fmt.Errorf("write table: a cell can't be a %T", v)
}

// Neutral is a text that no spreadsheet takes for a formula, wherever it is
// opened: an apostrophe stands before a = + - or @ (full-width ones too, which
// some take for the same) at the start of the text, and before those that
// would start a cell if the table were cut at other separators than its own,
// as spreadsheets do in countries that write 3,5 for three and a half. A text
// that starts with a tab or line break gets one too. Control characters and
// bytes that are no UTF-8 are left out: a terminal would obey them.
func Neutral(s string) string {
	s = clean(s)
	var b strings.Builder
	from := 0
	start := true // a cell might start here
	for i, r := range s {
		if i == 0 && (r == '\t' || r == '\r' || r == '\n') || start && startsFormula(r) {
			b.WriteString(s[from:i])
			b.WriteByte('\'')
			from = i
		}
		switch {
		case strings.ContainsRune(",;|\"\t\r\n", r):
			start = true
		case !unicode.IsSpace(r):
			start = false
		}
	}
	if from == 0 && b.Len() == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

func startsFormula(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		return true
	}
	return false
}

func clean(s string) string {
	ok := func(r rune) bool {
		return r >= ' ' && r < 0x7f || r == '\t' || r == '\n' || r == '\r' || r > 0x9f && r != 0xfffe && r != 0xffff
	}
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !ok(r) }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if ok(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
}
