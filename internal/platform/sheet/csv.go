package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"trellis/internal/platform/i18n"
)

// csvSource cuts delimited text into rows. Quotes are those of RFC 4180; a
// quote inside a cell that doesn't start with one is a character like any
// other, since that is how inches and hearsay are exported.
type csvSource struct {
	r     io.Reader
	enc   encoding
	delim byte
	lim   Limits

	chunk []byte // read and not yet looked at
	space [headLen]byte
	eof   bool

	row    int // read so far, empty ones too
	buf    []byte
	ends   []int // where in buf each cell ends
	over   int
	wrong  *fault // the first of this row
	tooBig bool   // the cell is longer than it may be; the rest is not kept
}

func (b *Book) openCSV(text *bufio.Reader, head []byte) error {
	enc := encodingOf(head)
	start, _ := io.ReadAll(enc.reader(bytes.NewReader(head))) // a character cut in two at its end does no harm
	s := &csvSource{r: enc.reader(text), enc: enc, lim: b.lim}
	delim, told := toldDelimiter(start)
	if !told {
		delim = guessDelimiter(start, len(head) < headLen)
	}
	s.delim = delim
	if told {
		if _, err := s.next(); err != nil && err != io.EOF {
			return err
		}
	}
	b.kind, b.src = "csv", s
	return nil
}

// fill makes chunk non-empty; false at the end.
func (s *csvSource) fill() (bool, error) {
	for len(s.chunk) == 0 {
		if s.eof {
			return false, nil
		}
		n, err := s.r.Read(s.space[:])
		s.chunk = s.space[:n]
		switch {
		case err == io.EOF:
			s.eof = true
		case err != nil:
			return false, err
		}
	}
	return true, nil
}

func (s *csvSource) next() (raw, error) {
	more, err := s.fill()
	if err != nil {
		return raw{}, err
	}
	if !more {
		return raw{}, io.EOF
	}
	s.row++
	s.buf, s.ends, s.over, s.wrong = s.buf[:0], s.ends[:0], 0, nil
	for col := 1; ; col++ {
		last, err := s.cell(col)
		if err != nil {
			return raw{}, err
		}
		if last {
			break
		}
	}
	if s.wrong != nil {
		return raw{}, s.wrong
	}
	return raw{n: s.row, cells: s.cells(), over: s.over}, nil
}

// cells are the row's, all parts of one string.
func (s *csvSource) cells() []string {
	text := string(s.buf)
	fine := utf8.ValidString(text)
	out := make([]string, len(s.ends))
	at := 0
	for i, end := range s.ends {
		out[i] = text[at:end]
		if !fine {
			out[i] = decode(out[i], s.enc)
		}
		at = end
	}
	return out
}

// cell reads one cell and the delimiter or line end after it, and says whether
// it is the row's last.
func (s *csvSource) cell(col int) (last bool, err error) {
	start := len(s.buf)
	s.tooBig = false
	defer func() {
		if err == nil {
			s.finish(col, start)
		}
	}()
	// Blanks before a quote are no part of the cell.
	for {
		more, err := s.fill()
		if err != nil || !more {
			return true, err
		}
		if s.chunk[0] != ' ' {
			break
		}
		s.keep(start, s.chunk[:1])
		s.chunk = s.chunk[1:]
	}
	if s.chunk[0] == '"' {
		s.buf, s.tooBig = s.buf[:start], false
		s.chunk = s.chunk[1:]
		if err := s.quoted(col, start); err != nil {
			return false, err
		}
	}
	return s.plain(start)
}

// plain reads up to the delimiter or the line's end.
func (s *csvSource) plain(start int) (last bool, err error) {
	for {
		more, err := s.fill()
		if err != nil || !more {
			return true, err
		}
		i := 0
		for i < len(s.chunk) && s.chunk[i] != s.delim && s.chunk[i] != '\n' && s.chunk[i] != '\r' {
			i++
		}
		s.keep(start, s.chunk[:i])
		if i == len(s.chunk) {
			s.chunk = nil
			continue
		}
		end := s.chunk[i]
		s.chunk = s.chunk[i+1:]
		if end == '\r' {
			return true, s.skipNewline()
		}
		return end == '\n', nil
	}
}

func (s *csvSource) skipNewline() error {
	more, err := s.fill()
	if more && s.chunk[0] == '\n' {
		s.chunk = s.chunk[1:]
	}
	return err
}

// quoted reads up to the closing quote, and the blanks after it.
func (s *csvSource) quoted(col, start int) error {
	for {
		more, err := s.fill()
		if err != nil {
			return err
		}
		if !more {
			return &fault{row: s.row, col: col, key: "sheet.open_quote"}
		}
		i := bytes.IndexByte(s.chunk, '"')
		if i < 0 {
			s.keep(start, s.chunk)
			s.chunk = nil
			continue
		}
		s.keep(start, s.chunk[:i])
		s.chunk = s.chunk[i+1:]
		if more, err = s.fill(); err != nil {
			return err
		}
		if more && s.chunk[0] == '"' {
			s.keep(start, s.chunk[:1])
			s.chunk = s.chunk[1:]
			continue
		}
		break
	}
	for {
		more, err := s.fill()
		if err != nil || !more {
			return err
		}
		switch c := s.chunk[0]; c {
		case ' ':
			s.chunk = s.chunk[1:]
		case s.delim, '\n', '\r':
			return nil
		default:
			return &fault{row: s.row, col: col, key: "sheet.stray_quote"}
		}
	}
}

// keep adds to the cell what there is still room for.
func (s *csvSource) keep(start int, b []byte) {
	if room := s.lim.Cell - (len(s.buf) - start); len(b) > room {
		b, s.tooBig = b[:room], true
	}
	s.buf = append(s.buf, b...)
}

// finish checks a cell that has been read.
func (s *csvSource) finish(col, start int) {
	cell := s.buf[start:]
	switch {
	case s.wrong != nil:
	case s.tooBig:
		s.wrong = &fault{row: s.row, col: col, key: "sheet.long_cell", args: []any{"Limit", i18n.Bytes(s.lim.Cell)}, goesOn: true}
	case bytes.IndexByte(cell, 0) >= 0:
		s.wrong = &fault{row: s.row, col: col, key: "sheet.nul", goesOn: true}
	}
	if len(s.ends) < s.lim.Columns {
		s.ends = append(s.ends, len(s.buf))
		return
	}
	if s.over == 0 && len(bytes.TrimSpace(cell)) > 0 {
		s.over = col
	}
	s.buf = s.buf[:start]
}

// toldDelimiter reads the line "sep=;" that some spreadsheets put first.
func toldDelimiter(start []byte) (byte, bool) {
	if len(start) < 5 || !strings.EqualFold(string(start[:4]), "sep=") {
		return 0, false
	}
	if d := start[4]; strings.IndexByte(delimiters, d) >= 0 && (len(start) == 5 || start[5] == '\n' || start[5] == '\r') {
		return d, true
	}
	return 0, false
}

const delimiters = ",;\t|"

// guessDelimiter tries each on the beginning of the text: the right one gives
// the header and the rows after it the same number of cells, more than one.
func guessDelimiter(start []byte, whole bool) byte {
	best, bestScore := byte(','), 0
	for _, d := range []byte(delimiters) {
		s := &csvSource{r: bytes.NewReader(start), delim: d, lim: Limits{Cell: headLen, Columns: headLen}}
		width, same, rows := 0, 0, 0
		for rows < 50 {
			r, err := s.next()
			if err != nil {
				break
			}
			if !whole && s.eof && len(s.chunk) == 0 && rows > 0 {
				break // perhaps cut off
			}
			if blank(r) {
				continue
			}
			rows++
			if width == 0 {
				width = len(r.cells)
			}
			if len(r.cells) == width {
				same++
			}
		}
		if width < 2 {
			continue
		}
		// First how well the rows agree, then how many cells that makes.
		if score := same*1_000_000/rows + min(width, 1000); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}
