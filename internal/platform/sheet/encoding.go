package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// encoding is how a text file writes its characters, as far as it has to be
// known before the file is cut into cells.
type encoding uint8

const (
	utf8Text encoding = iota // or an 8-bit one: told cell by cell, see decode
	utf8Mark                 // UTF-8 that says so with a byte order mark
	utf16Little
	utf16Big
)

var utf8BOM = []byte("\xef\xbb\xbf")

// encodingOf judges by the byte order mark, or by where the zeros are.
func encodingOf(head []byte) encoding {
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		return utf8Mark
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16Little
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16Big
	}
	head = head[:min(len(head), 1024)]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 4:
	case zeros[0] == 0 && zeros[1] > half*2/3:
		return utf16Little
	case zeros[1] == 0 && zeros[0] > half*2/3:
		return utf16Big
	}
	return utf8Text
}

// reader turns the text into UTF-8 without a mark; utf8Text is left as it is.
func (e encoding) reader(r io.Reader) io.Reader {
	switch e {
	case utf8Mark:
		return &unmarked{r: r}
	case utf16Little:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
	case utf16Big:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(r)
	}
	return r
}

// unmarked leaves out the three bytes of the mark.
type unmarked struct {
	r    io.Reader
	read bool
}

func (u *unmarked) Read(p []byte) (int, error) {
	if !u.read {
		u.read = true
		if _, err := io.CopyN(io.Discard, u.r, int64(len(utf8BOM))); err != nil {
			return 0, err
		}
	}
	return u.r.Read(p)
}

// decode makes a cell UTF-8. A cell that is not is taken for Windows-1252,
// which is what spreadsheets write that don't say otherwise; it is told cell
// by cell because the first character that differs may come after millions
// that don't, and because exports glue texts of both kinds together.
func decode(cell string, e encoding) string {
	if utf8.ValidString(cell) {
		return cell
	}
	if e != utf8Text {
		return strings.ToValidUTF8(cell, "\ufffd")
	}
	s, err := charmap.Windows1252.NewDecoder().String(cell)
	if err != nil {
		return strings.ToValidUTF8(cell, "\ufffd")
	}
	return s
}
