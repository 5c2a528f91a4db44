package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// tokens reads XML piece by piece. It keeps nothing of what it has read, so it
// must bound only what one piece can hold and how deep they nest. Names are
// compared without their namespace prefix.
type tokens struct {
	d     *xml.Decoder
	gate  *gate
	depth int
}

// maxDepth is far more than any table needs.
const maxDepth = 64

// newTokens reads from r, which is UTF-8 or names its 8-bit encoding. No piece
// may be longer than a cell, whatever entities it is written in, with room for
// the markup around it.
func newTokens(r io.Reader, lim Limits) *tokens {
	g := &gate{r: r, most: int64(lim.Cell)*8 + 1<<20}
	d := xml.NewDecoder(g)
	d.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(name) {
		case "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii": // decoded before, or the same
			return in, nil
		case "iso-8859-1", "latin1", "windows-1252":
			return charmap.Windows1252.NewDecoder().Reader(in), nil
		}
		return nil, about("sheet.bad_charset", "Name", name)
	}
	return &tokens{d: d, gate: g}
}

// gate ends with errTooMuch when one piece takes too many bytes.
type gate struct {
	r           io.Reader
	since, most int64
	err         error // of r, other than its end
}

var errLongPiece = about("sheet.long_piece")

func (g *gate) Read(p []byte) (int, error) {
	if g.since > g.most {
		return 0, errLongPiece
	}
	n, err := g.r.Read(p)
	g.since += int64(n)
	if err != nil && err != io.EOF {
		g.err = err
	}
	return n, err
}

// next is the next start, end or text; io.EOF only where every start has had
// its end. A text is valid until the next call.
func (t *tokens) next() (xml.Token, error) {
	for {
		t.gate.since = 0
		tok, err := t.d.RawToken()
		if err != nil {
			return nil, t.diagnose(err)
		}
		switch tok.(type) {
		case xml.StartElement:
			if t.depth++; t.depth > maxDepth {
				return nil, about("sheet.bad_xml_deep")
			}
		case xml.EndElement:
			if t.depth--; t.depth < 0 {
				return nil, io.ErrUnexpectedEOF
			}
		case xml.CharData:
		case xml.Directive:
			return nil, about("sheet.bad_xml_dtd")
		default:
			continue
		}
		return tok, nil
	}
}

// diagnose tells the decoder's own errors from those of what it reads.
func (t *tokens) diagnose(err error) error {
	if _, told := errors.AsType[*fault](err); told || t.gate.err != nil && errors.Is(err, t.gate.err) {
		return err
	}
	if err == io.EOF {
		if t.depth != 0 {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	line, _ := t.d.InputPos()
	return about("sheet.bad_xml", "Line", line)
}

// skip reads to the end of the element that was just started.
func (t *tokens) skip() error {
	for down := t.depth - 1; t.depth > down; {
		if _, err := t.next(); err != nil {
			return err
		}
	}
	return nil
}

// attr is an attribute's value, "" if it isn't there.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
