package sheet

import (
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

// Messages are the words of this package: what can be wrong with a table.
//
//go:embed messages/*.json
var Messages embed.FS

// Problem is what is wrong with a table that came from outside, and where.
type Problem struct {
	Row    int    // as Row.N; 0 if it is about the file as a whole
	Column string // the column's name in the header, "" if it is about a whole row
	Key    string // message key: what happened, what is safe, what to do
	Args   []any  // name, value pairs for the message; Row and Column are among them
}

// Error is the text for logs; never show it to a person.
func (p *Problem) Error() string {
	switch {
	case p.Row == 0:
		return p.Key
	case p.Column == "":
		return fmt.Sprintf("row %d: %s", p.Row, p.Key)
	}
	return fmt.Sprintf("row %d, column %q: %s", p.Row, p.Column, p.Key)
}

// Unwrap lets a door answer a Problem as it answers every other input that
// can't be accepted.
func (p *Problem) Unwrap() error { return errs.E(errs.Invalid, p.Key, p.Args...) }

// fault is a Problem as a source knows it: the column by its number, and
// whether what follows can still be read.
type fault struct {
	row, col int
	column   string // where a column has a name before it has a number
	key      string
	args     []any
	goesOn   bool
}

func (f *fault) Error() string { return f.key }

// about is a fault of the file as a whole.
func about(key string, args ...any) *fault { return &fault{key: key, args: args} }

// errTooMuch is the error of a reader that has unpacked all it may.
var errTooMuch = errors.New("unpacked more than the limit")

// problem says in a person's terms why a table could not be read. What is
// nobody's fault but the machine's stays an ordinary error.
func (b *Book) problem(err error) error {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		if f = diagnose(err, b.lim); f == nil {
			return fmt.Errorf("read table: %w", err)
		}
	}
	p := &Problem{Row: f.row, Key: f.key, Args: slices.Clip(f.args)}
	if p.Row == 0 {
		p.Row = b.at // the last that could be read
	}
	if p.Row > 0 {
		p.Args = append(p.Args, "Row", p.Row)
	}
	if p.Column = f.column; f.col > 0 {
		p.Column = b.name(f.col)
	}
	if p.Column != "" {
		p.Args = append(p.Args, "Column", p.Column)
	}
	return p
}

// diagnose finds the errors of the decoders that mean a bad file.
func diagnose(err error, lim Limits) *fault {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, errTooMuch):
		return about("sheet.unpacks_too_large", "Max", i18n.Bytes(lim.Bytes))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &corrupt),
		errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum),
		errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, zip.ErrChecksum):
		return about("sheet.damaged")
	}
	return nil
}
