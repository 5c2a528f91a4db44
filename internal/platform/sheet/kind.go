package sheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"sync/atomic"
)

// headLen is how much of a text is looked at to know what it is.
const headLen = 64 << 10

// pick finds the format by the content.
func (b *Book) pick() error {
	var magic [8]byte
	n, err := b.file.ReadAt(magic[:], 0)
	if err != nil && err != io.EOF {
		return err
	}
	switch head := magic[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return b.openXLSX()
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return oldOffice(b.file)
	}
	text, err := b.text()
	if err != nil {
		return err
	}
	head, err := text.Peek(headLen)
	if err != nil && err != io.EOF {
		return err
	}
	switch what := sniff(head); what {
	case "csv":
		return b.openCSV(text, head)
	case "xml":
		return b.openXES()
	default:
		return about(what)
	}
}

// text reads the file from its start as what it unpacks to, counted.
func (b *Book) text() (*bufio.Reader, error) {
	if _, err := b.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	b.used.Store(0)
	plain := bufio.NewReaderSize(&meter{r: b.file, n: &b.used}, headLen)
	left := b.lim.Bytes
	magic, err := plain.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.Equal(magic, []byte("\x1f\x8b")) {
		return bufio.NewReaderSize(&ration{r: plain, left: &left}, headLen), nil
	}
	z, err := gzip.NewReader(plain)
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return bufio.NewReaderSize(&ration{r: z, left: &left}, headLen), nil
}

// meter counts what is taken from a reader.
type meter struct {
	r io.Reader
	n *atomic.Int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n.Add(int64(n))
	return n, err
}

// ration ends with errTooMuch when more has been read than was left. Several
// readers may share what is left.
type ration struct {
	r    io.Reader
	left *int64
}

func (r *ration) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if *r.left -= int64(n); *r.left < 0 {
		return 0, errTooMuch
	}
	return n, err
}

// signs are the first bytes of files that people take for tables, and of some
// that they choose by mistake. A weak one is also how a text may begin.
var signs = []struct {
	head, key string
	weak      bool
}{
	{"%PDF-", "sheet.is.pdf", false},
	{"\x89PNG\r\n", "sheet.is.image", false},
	{"\xff\xd8\xff", "sheet.is.image", false},
	{"GIF8", "sheet.is.image", true},
	{"II*\x00", "sheet.is.image", false},
	{"MM\x00*", "sheet.is.image", false},
	{"BM", "sheet.is.image", true},
	{"RIFF", "sheet.is.image", true},
	{"{\\rtf", "sheet.is.word", false},
	{"\x1f\x8b", "sheet.is.archive", false},
	{"PK\x03\x04", "sheet.is.archive", false},
	{"7z\xbc\xaf\x27\x1c", "sheet.is.archive", false},
	{"Rar!\x1a\x07", "sheet.is.archive", false},
	{"BZh", "sheet.is.archive", true},
	{"\xfd7zXZ\x00", "sheet.is.archive", false},
	{"\x28\xb5\x2f\xfd", "sheet.is.archive", false},
}

// sniff judges the beginning of what a file unpacks to: "csv", "xml" or the
// key of what it is instead.
func sniff(head []byte) string {
	odd := binary(head)
	for _, s := range signs {
		if bytes.HasPrefix(head, []byte(s.head)) && (odd || !s.weak) {
			return s.key
		}
	}
	enc := encodingOf(head)
	if enc == utf8Text && odd {
		return "sheet.is.binary"
	}
	start, _ := io.ReadAll(io.LimitReader(enc.reader(bytes.NewReader(head)), 1024))
	text := strings.ToLower(strings.TrimLeft(string(start), "\ufeff \t\r\n"))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style", "<div"} {
		if strings.HasPrefix(text, tag) {
			return "sheet.is.web_page"
		}
	}
	for _, tag := range []string{"<?xml", "<!doctype", "<!--", "<log"} {
		if strings.HasPrefix(text, tag) {
			return "xml"
		}
	}
	if strings.HasPrefix(text, `{"`) || strings.HasPrefix(text, "[{") || strings.HasPrefix(text, "{\n") || strings.HasPrefix(text, "{\r") {
		return "sheet.is.json"
	}
	return "csv"
}

// binary reports bytes that no text has so many of. A few are a slip that is
// worth its row and column.
func binary(head []byte) bool {
	head = head[:min(len(head), 1024)]
	odd := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			odd++
		}
	}
	return odd > 3 && odd*20 > len(head)
}

// oldOffice tells what is in the container of old office files, which is also
// the one of new files with a password. Its directory names the streams.
func oldOffice(r io.ReaderAt) error {
	var head [512]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	shift := uint(head[30]) // the size of a sector is a power of two: 512 or 4096
	if shift != 9 && shift != 12 {
		return about("sheet.is.old_excel")
	}
	sector := int64(head[48]) | int64(head[49])<<8 | int64(head[50])<<16 | int64(head[51])<<24
	dir := make([]byte, 4096)
	n, err := r.ReadAt(dir, (sector+1)<<shift)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	dir = dir[:n]
	has := func(stream string) bool {
		wide := make([]byte, 0, 2*len(stream))
		for i := range len(stream) {
			wide = append(wide, stream[i], 0)
		}
		return bytes.Contains(dir, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return about("sheet.is.locked")
	case has("WordDocument"):
		return about("sheet.is.word")
	}
	return about("sheet.is.old_excel")
}
