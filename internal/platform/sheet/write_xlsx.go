package sheet

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// What a workbook can hold.
const (
	xlsxRows      = excelize.TotalRows
	xlsxCellUnits = excelize.TotalCellChars // UTF-16 units
	xlsxNameUnits = excelize.MaxSheetNameLength
	xlsxDigits    = 999_999_999_999_999 // whole numbers beyond lose their last digits
)

// NewXLSX writes a workbook of one sheet with that name, as far as a sheet can
// have it: the header bold and always in sight, instants as dates in the wall
// time of their zone, to the second. No cell is a formula. A text longer than
// a cell can be ends in "…"; a whole number with more digits than a sheet
// keeps is a text.
//
// Rows go to a temporary file once they are many; w gets the workbook at
// Close. Row fails with a *Problem where a sheet has no more rows.
func NewXLSX(w io.Writer, sheetName string) Writer {
	return &xlsxWriter{w: w, name: sheetTitle(sheetName)}
}

type xlsxWriter struct {
	w          io.Writer
	name       string
	f          *excelize.File
	stream     *excelize.StreamWriter
	bold, date int // styles
	row        int
	err        error
	cells      []any
}

func (x *xlsxWriter) Row(cells ...any) error {
	if x.err == nil {
		x.err = x.write(cells)
	}
	return x.err
}

func (x *xlsxWriter) write(cells []any) error {
	if x.row == xlsxRows {
		return &Problem{Row: x.row + 1, Key: "sheet.full", Args: []any{"Max", xlsxRows}}
	}
	if x.stream == nil {
		if err := x.start(cells); err != nil {
			return fmt.Errorf("start workbook: %w", err)
		}
	}
	x.row++
	x.cells = x.cells[:0]
	for _, v := range cells {
		c, err := x.cell(v)
		if err != nil {
			return err
		}
		x.cells = append(x.cells, c)
	}
	if err := x.stream.SetRow(fmt.Sprintf("A%d", x.row), x.cells); err != nil {
		return fmt.Errorf("write workbook row %d: %w", x.row, err)
	}
	return nil
}

// start makes the empty workbook. Widths and panes go before the first row.
func (x *xlsxWriter) start(header []any) (err error) {
	x.f = excelize.NewFile()
	if err = x.f.SetDocProps(&excelize.DocProperties{Creator: "Trellis"}); err != nil {
		return err
	}
	if err = x.f.SetSheetName("Sheet1", x.name); err != nil {
		return err
	}
	if x.bold, err = x.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	code := "yyyy-mm-dd hh:mm:ss"
	if x.date, err = x.f.NewStyle(&excelize.Style{CustomNumFmt: &code}); err != nil {
		return err
	}
	if x.stream, err = x.f.NewStreamWriter(x.name); err != nil {
		return err
	}
	for i, h := range header {
		text, _ := h.(string)
		if err = x.stream.SetColWidth(i+1, i+1, float64(min(max(utf8.RuneCountInString(text)+2, 12), 40))); err != nil {
			return err
		}
	}
	return x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (x *xlsxWriter) cell(v any) (any, error) {
	var style int
	if x.row == 1 {
		style = x.bold
	}
	switch n := v.(type) {
	case string:
		v = shorten(Neutral(n))
	case int, int64, float64, bool, nil:
		text, err := plainText(v)
		if err != nil {
			return nil, err
		}
		f, isFloat := v.(float64)
		switch {
		case text == "":
			return nil, nil
		case isFloat && f == math.Trunc(f) && math.Abs(f) > xlsxDigits:
			// Sheets show no more digits of it than it has.
		case tooLong(v):
			v = text
		}
	case time.Time:
		// The sheet's own calendar begins in 1900, and with a mistake.
		switch {
		case n.IsZero():
			return nil, nil
		case n.Year() <= 1900 || n.Year() > 9999:
			v = n.Format(time.RFC3339)
		default:
			style = x.date
			v = time.Date(n.Year(), n.Month(), n.Day(), n.Hour(), n.Minute(), n.Second(), 0, time.UTC)
		}
	default:
		return nil, fmt.Errorf("write workbook: a cell can't be a %T", v)
	}
	return excelize.Cell{StyleID: style, Value: v}, nil
}

func tooLong(v any) bool {
	switch n := v.(type) {
	case int:
		return int64(n) > xlsxDigits || int64(n) < -xlsxDigits
	case int64:
		return n > xlsxDigits || n < -xlsxDigits
	}
	return false
}

// Close writes the workbook out. Without rows it is an empty sheet.
func (x *xlsxWriter) Close() error {
	if x.err == nil && x.stream == nil {
		x.err = x.start(nil)
	}
	if x.f == nil {
		return x.err
	}
	defer x.f.Close() // removes the temporary file
	if x.err != nil {
		return x.err
	}
	if err := x.stream.Flush(); err != nil {
		return fmt.Errorf("finish workbook: %w", err)
	}
	if err := x.f.Write(x.w); err != nil {
		return fmt.Errorf("finish workbook: %w", err)
	}
	return nil
}

// units is the length of a text as sheets count it.
func units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// shorten cuts a text to what a cell can hold.
func shorten(s string) string {
	if len(s) <= xlsxCellUnits {
		return s
	}
	n, room := 0, 0
	for i, r := range s {
		if n += units(r); n < xlsxCellUnits {
			room = i + utf8.RuneLen(r)
		}
		if n > xlsxCellUnits {
			return s[:room] + "…"
		}
	}
	return s
}

// sheetTitle makes a name that a sheet may have.
func sheetTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, clean(s))
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i, r := range s {
		if n += units(r); n > xlsxNameUnits {
			s = s[:i]
			break
		}
	}
	if s = strings.Trim(s, "' "); s == "" {
		return "Table"
	}
	return s
}
