package sheet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"unicode"

	"trellis/internal/platform/i18n"
)

// Limits bound what a table may be. Zero means the default.
type Limits struct {
	Bytes   int64 // of the file as it lies there, and of all that it unpacks to; 1 GiB
	Rows    int   // with content, without the header; 5,000,000
	Columns int   // a row; 500
	Cell    int   // bytes a cell; 64 KiB
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 1 << 30
	}
	if l.Rows <= 0 {
		l.Rows = 5_000_000
	}
	if l.Columns <= 0 {
		l.Columns = 500
	}
	if l.Cell <= 0 {
		l.Cell = 64 << 10
	}
	return l
}

// Row is one row of a table.
type Row struct {
	// N is where a person finds the row in the file. In a sheet it is the
	// sheet's own number; in delimited text the header is usually 1, and empty
	// lines count, so that it is the number of the line as long as no cell has
	// line breaks; in an event log it is the number of the event plus 1.
	N     int
	Cells []string // as many as the header has
}

// Book is an open table. It is for one goroutine, except for Share.
type Book struct {
	kind   string
	lim    Limits
	file   *os.File
	src    source
	header []string
	rows   int // with content, so far
	at     int // the last row that was read, for problems that don't know theirs
	done   bool

	used  atomic.Int64 // bytes taken from the file
	total atomic.Int64 // bytes that there are to take; never 0
}

// source is one format: it yields raw rows and knows nothing of headers.
type source interface {
	// next returns the next row, which may be blank; io.EOF at the end, a
	// *fault for what is wrong with the file.
	next() (raw, error)
}

type raw struct {
	n     int
	cells []string // at most as many as there may be columns
	over  int      // the first column with content beyond those, 0 for none
}

// Open opens the table in a file and reads its header. It looks at the
// content, not at the name. The error is a *Problem if the file can't be
// taken for a table, and otherwise what the operating system says.
func Open(path string, lim Limits) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	b := &Book{lim: lim.withDefaults(), file: f}
	if err := b.open(); err != nil {
		err = b.problem(err)
		f.Close()
		return nil, err
	}
	return b, nil
}

func (b *Book) open() error {
	info, err := b.file.Stat()
	if err != nil {
		return err
	}
	switch size := info.Size(); {
	case !info.Mode().IsRegular():
		return about("sheet.not_a_file")
	case size == 0:
		return about("sheet.empty")
	case size > b.lim.Bytes:
		return about("sheet.too_large", "Size", i18n.Bytes(size), "Max", i18n.Bytes(b.lim.Bytes))
	default:
		b.total.Store(size)
	}
	if err := b.pick(); err != nil {
		return err
	}
	if b.header != nil { // the format knows its columns
		return b.checkHeader(1)
	}
	for {
		r, err := b.src.next()
		if err == io.EOF {
			b.at = 0
			return about("sheet.empty")
		}
		if err != nil {
			return err
		}
		b.at = r.n
		if blank(r) {
			continue
		}
		if r.over > 0 {
			return &fault{row: r.n, key: "sheet.too_many_columns", args: []any{"Max", b.lim.Columns}}
		}
		b.header = r.cells
		return b.checkHeader(r.n)
	}
}

// checkHeader makes the first row's cells names: trimmed, none empty, no two
// equal.
func (b *Book) checkHeader(row int) error {
	first := make(map[string]int, len(b.header))
	for i, h := range b.header {
		h = strings.TrimFunc(h, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
		if h == "" {
			h = fmt.Sprintf("column %d", i+1)
		}
		b.header[i] = h
		if at := first[h]; at > 0 {
			return &fault{row: row, col: i + 1, key: "sheet.same_name", args: []any{"First", at, "Second", i + 1}}
		}
		first[h] = i + 1
	}
	return nil
}

// name is what a column is called.
func (b *Book) name(col int) string {
	if col <= len(b.header) && b.header[col-1] != "" {
		return b.header[col-1]
	}
	return fmt.Sprintf("column %d", col)
}

// Kind is the format: "csv" for any delimited text, "xlsx" or "xes".
func (b *Book) Kind() string { return b.kind }

// Header is the names of the columns, each once: those of the first row with
// content, trimmed; an empty one is named after its place ("column 7"). An
// event log has "case", "seq" (from 1 within the case), the keys of its events
// and "case:" with the keys of its traces. The caller must not change it.
func (b *Book) Header() []string { return b.header }

// Next is the next row with content, io.EOF after the last. A row without
// enough cells is filled up with empty ones.
//
// The error is a *Problem for what is wrong with the file. Next may be called
// again after it: it goes on with the row after, if that can be told, and with
// io.EOF otherwise.
func (b *Book) Next() (Row, error) {
	for !b.done {
		r, err := b.src.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			f, ok := errors.AsType[*fault](err)
			b.done = !ok || !f.goesOn
			if ok && f.row > 0 {
				b.at = f.row
			}
			return Row{}, b.problem(err)
		}
		b.at = r.n
		if blank(r) {
			continue
		}
		if b.rows++; b.rows > b.lim.Rows {
			b.done = true
			return Row{}, b.problem(&fault{row: r.n, key: "sheet.too_many_rows", args: []any{"Max", b.lim.Rows}})
		}
		return b.fit(r)
	}
	b.done = true
	return Row{}, io.EOF
}

// fit gives a row as many cells as the header has.
func (b *Book) fit(r raw) (Row, error) {
	over := r.over
	for i := len(b.header); i < len(r.cells); i++ {
		if !isBlank(r.cells[i]) {
			over = i + 1
			break
		}
	}
	if over > 0 {
		return Row{}, b.problem(&fault{row: r.n, col: over, key: "sheet.long_row", args: []any{"Max", len(b.header)}})
	}
	for len(r.cells) < len(b.header) {
		r.cells = append(r.cells, "")
	}
	return Row{N: r.n, Cells: r.cells[:len(b.header):len(b.header)]}, nil
}

func blank(r raw) bool {
	for _, c := range r.cells {
		if !isBlank(c) {
			return false
		}
	}
	return r.over == 0
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// Share is how much of the file has been read, in percent. It may be asked
// while another goroutine reads.
func (b *Book) Share() int {
	return int(min(b.used.Load()*100/b.total.Load(), 100))
}

// Close lets the file go. Only the first call does anything.
func (b *Book) Close() error {
	b.done = true
	if b.file == nil {
		return nil
	}
	f := b.file
	b.file = nil
	if err := f.Close(); err != nil {
		return fmt.Errorf("close table: %w", err)
	}
	return nil
}
