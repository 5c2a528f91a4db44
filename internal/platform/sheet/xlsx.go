package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// A workbook is read by hand and not with the library that writes it: a table
// needs the stored value of each cell with the kind of its number format, one
// row at a time, and a bound on everything that is unpacked on the way there.

// maxDirectory bounds the zip's list of parts, which has to be read whole.
const maxDirectory = 4 << 20

// pack is the workbook's zip.
type pack struct {
	parts map[string]*zip.File
	left  int64 // bytes that may still be unpacked
	lim   Limits
}

// counted is the file as the zip reads it. While it has a ration no more than
// that is read: a directory of a gigabyte is no workbook.
type counted struct {
	b      *Book
	ration int64 // -1: none
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // where a directory that lies would have a part
		return 0, zip.ErrFormat
	}
	if c.ration >= 0 {
		if c.ration -= int64(len(p)); c.ration < 0 {
			return 0, errTooMuch
		}
	}
	n, err := c.b.file.ReadAt(p, off)
	c.b.used.Add(int64(n))
	return n, err
}

// unzip opens the workbook's zip and checks what it says of itself.
func (b *Book) unzip() (*pack, error) {
	at := &counted{b: b, ration: maxDirectory}
	z, err := zip.NewReader(at, b.total.Load())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // parts are looked up by name, never written
		return nil, err
	}
	at.ration = -1
	p := &pack{parts: make(map[string]*zip.File, len(z.File)), left: b.lim.Bytes, lim: b.lim}
	most, locked := uint64(b.lim.Bytes), false
	for _, f := range z.File {
		if f.UncompressedSize64 > most {
			return nil, errTooMuch
		}
		most -= f.UncompressedSize64
		locked = locked || f.Flags&1 != 0
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if _, twice := p.parts[name]; !twice {
			p.parts[name] = f
		}
	}
	if locked {
		return nil, about("sheet.is.locked")
	}
	return p, nil
}

// otherThanXLSX is the key of what a zip is that holds no such workbook.
func (p *pack) otherThanXLSX() string {
	has := func(name string) bool { return p.parts[name] != nil }
	switch {
	case has("xl/workbook.bin"):
		return "sheet.is.xlsb"
	case has("word/document.xml"):
		return "sheet.is.word"
	case has("mimetype") && has("content.xml"):
		return "sheet.is.ods"
	}
	return "sheet.is.archive"
}

// walk reads a part piece by piece; without the part it does nothing.
func (p *pack) walk(name string, each func(t *tokens, tok xml.Token) error) error {
	f := p.parts[strings.ToLower(name)]
	if f == nil {
		return nil
	}
	t, done, err := p.tokens(f)
	if err != nil {
		return err
	}
	defer done()
	for {
		tok, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(t, tok); err != nil {
			return err
		}
	}
}

func (p *pack) tokens(f *zip.File) (*tokens, func(), error) {
	r, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	return newTokens(&ration{r: r, left: &p.left}, p.lim), func() { r.Close() }, nil
}

// relations maps the ids of a part's links to their targets; the part's own
// kind of link is what its type ends in.
type relation struct{ kind, target string }

func (p *pack) relations(part string) (map[string]relation, error) {
	dir, file := path.Split(part)
	out := map[string]relation{}
	err := p.walk(dir+"_rels/"+file+".rels", func(t *tokens, tok xml.Token) error {
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || len(out) > 10_000 || attr(e, "TargetMode") == "External" {
			return nil
		}
		target := strings.ReplaceAll(attr(e, "Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		kind := attr(e, "Type")
		out[attr(e, "Id")] = relation{kind[strings.LastIndexByte(kind, '/')+1:], strings.TrimPrefix(path.Clean(target), "/")}
		return nil
	})
	return out, err
}

// openXLSX finds the first sheet that a person would see with something in it.
func (b *Book) openXLSX() error {
	p, err := b.unzip()
	if err != nil {
		return err
	}
	book := "xl/workbook.xml"
	top, err := p.relations("")
	if err != nil {
		return err
	}
	for _, r := range top {
		if r.kind == "officeDocument" {
			book = r.target
		}
	}
	if p.parts[strings.ToLower(book)] == nil || !strings.HasPrefix(book, "xl/") {
		return about(p.otherThanXLSX())
	}
	links, err := p.relations(book)
	if err != nil {
		return err
	}
	x := &xlsxSource{p: p, lim: b.lim}
	var sheets []string
	err = p.walk(book, func(t *tokens, tok xml.Token) error {
		e, ok := tok.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "workbookPr":
			on := attr(e, "date1904")
			x.from1904 = on == "1" || on == "true"
		case e.Name.Local == "sheet" && attr(e, "state") != "hidden" && attr(e, "state") != "veryHidden":
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" && links[a.Value].kind == "worksheet" && len(sheets) < 10_000 {
					sheets = append(sheets, links[a.Value].target)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var styles, shared string
	for _, r := range links {
		switch r.kind {
		case "styles":
			styles = r.target
		case "sharedStrings":
			shared = r.target
		}
	}
	if x.formats, err = p.formats(styles); err != nil {
		return err
	}
	if x.shared, err = p.texts(shared); err != nil {
		return err
	}
	for _, name := range sheets {
		f := p.parts[strings.ToLower(name)]
		if f == nil {
			return about("sheet.damaged")
		}
		left := p.left
		filled, err := x.filled(f)
		if err != nil {
			return err
		}
		if !filled {
			continue
		}
		// The share of the whole file would jump where the sheets before
		// this one were looked at.
		p.left = left // its first rows are unpacked twice and count once
		b.used.Store(0)
		b.total.Store(max(int64(f.CompressedSize64), 1))
		if err := x.begin(f); err != nil {
			return err
		}
		b.kind, b.src = "xlsx", x
		return nil
	}
	return about("sheet.empty")
}

// maxShared bounds the table of shared texts, which cells may name in any
// order and which therefore stays in memory.
const maxShared = 256 << 20

// texts reads the table of shared texts.
func (p *pack) texts(part string) ([]string, error) {
	var (
		out  []string
		size int
		text richText
	)
	err := p.walk(part, func(t *tokens, tok xml.Token) error {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "si" {
			if err := text.read(t, p.lim.Cell); err != nil {
				return err
			}
			if size += len(text.b) + 16; size > maxShared {
				return errTooMuch
			}
			out = append(out, unescape(string(text.b)))
		}
		return nil
	})
	return out, err
}

// richText joins the runs of a text. Of one that is longer than a cell may be
// it keeps one byte too many, which tells.
type richText struct{ b []byte }

func (r *richText) read(t *tokens, limit int) error {
	r.b = r.b[:0]
	inText := false
	for down := t.depth - 1; t.depth > down; {
		tok, err := t.next()
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "rPh": // how the text is spoken
				if err := t.skip(); err != nil {
					return err
				}
			case "t":
				inText = true
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				r.b = append(r.b, tok[:min(len(tok), limit+1-len(r.b))]...)
			}
		}
	}
	return nil
}

// unescape resolves the _x000D_ by which workbooks write characters that XML
// does not have.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if s[i+6] != '_' || err != nil || n >= 0xd800 && n < 0xe000 {
			b.WriteString("_x")
			s = s[i+2:]
			continue
		}
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
}
