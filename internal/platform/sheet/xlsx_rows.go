package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strconv"

	"trellis/internal/platform/i18n"
)

// xlsxSource yields the rows of one worksheet.
type xlsxSource struct {
	p        *pack
	lim      Limits
	formats  []format
	shared   []string
	from1904 bool

	t      *tokens
	inData bool
	done   bool
	row    int
	cells  []string
	over   int
	wrong  *fault
	text   richText
}

// begin goes to the start of a worksheet. It stays open as long as the book.
func (x *xlsxSource) begin(f *zip.File) error {
	t, _, err := x.p.tokens(f)
	x.t, x.inData, x.done, x.row = t, false, false, 0
	return err
}

// filled reports whether a worksheet has any row with content.
func (x *xlsxSource) filled(f *zip.File) (bool, error) {
	if err := x.begin(f); err != nil {
		return false, err
	}
	for {
		r, err := x.next()
		switch {
		case err == io.EOF:
			return false, nil
		case err != nil:
			if f, ok := err.(*fault); ok && f.goesOn {
				return true, nil
			}
			return false, err
		case !blank(r):
			return true, nil
		}
	}
}

func (x *xlsxSource) next() (raw, error) {
	for !x.done {
		tok, err := x.t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return raw{}, x.place(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch {
			case tok.Name.Local == "sheetData":
				x.inData = true
			case x.inData && tok.Name.Local == "row":
				return x.readRow(tok)
			}
		case xml.EndElement:
			x.done = tok.Name.Local == "sheetData"
		}
	}
	x.done = true
	return raw{}, io.EOF
}

// place gives the error of a piece that is too long the row it stands in.
func (x *xlsxSource) place(err error) error {
	if err == errLongPiece {
		return &fault{row: x.row, key: errLongPiece.key}
	}
	return err
}

func (x *xlsxSource) readRow(e xml.StartElement) (raw, error) {
	n := x.row + 1
	if r := attr(e, "r"); r != "" {
		var err error
		if n, err = strconv.Atoi(r); err != nil || n <= x.row || n > 1<<24 {
			return raw{}, about("sheet.damaged")
		}
	}
	x.row, x.cells, x.over, x.wrong = n, nil, 0, nil
	col := 0
	for down := x.t.depth - 1; x.t.depth > down; {
		tok, err := x.t.next()
		if err != nil {
			return raw{}, x.place(err)
		}
		c, ok := tok.(xml.StartElement)
		if !ok || c.Name.Local != "c" {
			continue
		}
		col++
		if ref := attr(c, "r"); ref != "" {
			at := columnOf(ref)
			if at < col {
				return raw{}, about("sheet.damaged")
			}
			col = at
		}
		if err := x.cell(c, col); err != nil {
			return raw{}, x.place(err)
		}
	}
	if x.wrong != nil {
		return raw{}, x.wrong
	}
	return raw{n: n, cells: x.cells, over: x.over}, nil
}

// columnOf is the number of the column that a reference such as "AB12" names,
// 0 if it names none.
func columnOf(ref string) int {
	col := 0
	for i := 0; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		if col = col*26 + int(ref[i]-'A') + 1; col > 1<<20 {
			return 0
		}
	}
	return col
}

func (x *xlsxSource) cell(c xml.StartElement, col int) error {
	kind, style := attr(c, "t"), attr(c, "s")
	var formula, valued bool
	value := ""
	for down := x.t.depth - 1; x.t.depth > down; {
		tok, err := x.t.next()
		if err != nil {
			return err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "f":
			formula = true
			if err := x.t.skip(); err != nil {
				return err
			}
		case "v":
			if value, err = x.value(); err != nil {
				return err
			}
			valued = value != "" || kind == "str"
		case "is":
			if err := x.text.read(x.t, x.lim.Cell); err != nil {
				return err
			}
			value, valued = unescape(string(x.text.b)), true
		}
	}
	if kind == "s" && value != "" {
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(x.shared) {
			return about("sheet.damaged")
		}
		value = x.shared[i]
	}
	switch kind {
	case "b":
		value = strconv.FormatBool(value == "1" || value == "true")
	case "d":
		value = isoDate(value)
	case "str":
		value = unescape(value)
	case "", "n":
		value = x.format(style).show(value, x.from1904)
	}
	x.put(col, value, formula && !valued)
	return nil
}

// value reads the text of the element that was just started.
func (x *xlsxSource) value() (string, error) {
	x.text.b = x.text.b[:0]
	for down := x.t.depth - 1; x.t.depth > down; {
		tok, err := x.t.next()
		if err != nil {
			return "", err
		}
		if d, ok := tok.(xml.CharData); ok {
			x.text.b = append(x.text.b, d[:min(len(d), x.lim.Cell+1-len(x.text.b))]...)
		}
	}
	return string(x.text.b), nil
}

func (x *xlsxSource) format(style string) format {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(x.formats) {
		return format{}
	}
	return x.formats[i]
}

func (x *xlsxSource) put(col int, value string, uncomputed bool) {
	switch {
	case x.wrong != nil:
	case uncomputed:
		x.wrong = &fault{row: x.row, col: col, key: "sheet.uncomputed", goesOn: true}
	case len(value) > x.lim.Cell:
		x.wrong = &fault{row: x.row, col: col, key: "sheet.long_cell", args: []any{"Limit", i18n.Bytes(x.lim.Cell)}, goesOn: true}
	}
	switch {
	case value == "":
	case col > x.lim.Columns:
		if x.over == 0 && !isBlank(value) {
			x.over = col
		}
	default:
		for len(x.cells) < col {
			x.cells = append(x.cells, "")
		}
		x.cells[col-1] = value
	}
}
