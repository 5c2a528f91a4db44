package web

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

const (
	maxParts  = 1000
	maxValues = 1 << 20 // bytes of all fields that are no files
)

// Upload reads a form with files. Each file in the named field goes to save
// while it arrives and is never held in memory; save sees at most limit bytes
// of one file and a TooLarge error instead of the rest. The name and type are
// what the sender claims. All other fields are in the returned Form, whether
// they came before or after. A file chosen for another field is refused; a
// file field left empty is skipped.
//
// If the form breaks off, Upload fails after save may have seen some files:
// what save keeps counts only once Upload has returned without error.
func Upload(r *http.Request, field string, limit int64, save func(name, contentType string, file io.Reader) error) (*Form, error) {
	if f := formOf(r.Context()); f != nil {
		return f, nil
	}
	mr, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return ReadForm(r)
	}
	if err != nil {
		return nil, errs.E(errs.Invalid, "error.bad_content_type").Because(err)
	}
	values := url.Values{}
	all := sha256.New()
	left := int64(maxValues)
	for n := 0; ; n++ {
		part, err := mr.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, BodyError(err)
		}
		if n == maxParts {
			return nil, tooLarge()
		}
		name := part.FormName()
		if !isFile(part) {
			v, err := io.ReadAll(io.LimitReader(part, left+1))
			if err != nil {
				return nil, BodyError(err)
			}
			if left -= int64(len(v)); left < 0 {
				return nil, tooLarge()
			}
			values.Add(name, string(v))
			if name != KeyField {
				fmt.Fprintf(all, "%q %q\n", name, v)
			}
			continue
		}
		if err := readFile(part, field, limit, save, all); err != nil {
			return nil, err
		}
	}
	// The closing boundary may be followed by nothing but the body's end.
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, BodyError(err)
	}
	return keepForm(r, values, [32]byte(all.Sum(nil)))
}

// isFile tells a file from a text field: only a file carries a filename, even
// an empty one when nothing was chosen.
func isFile(p *multipart.Part) bool {
	return strings.Contains(p.Header.Get("Content-Disposition"), "filename")
}

func readFile(p *multipart.Part, field string, limit int64, save func(string, string, io.Reader) error, all io.Writer) error {
	name := p.FileName()
	var first [1]byte
	n, err := io.ReadFull(p, first[:])
	switch {
	case err == io.EOF && name == "":
		return nil // nothing was chosen
	case err != nil && err != io.EOF:
		return BodyError(err)
	case field == "" || p.FormName() != field || save == nil:
		return errs.E(errs.Invalid, "web.error.file")
	}
	name = cleanName(name)
	sum := sha256.New()
	src := &bounded{r: io.MultiReader(strings.NewReader(string(first[:n])), p), left: limit, limit: limit}
	kind := p.Header.Get("Content-Type")
	if err := save(name, kind, io.TeeReader(src, sum)); err != nil {
		if src.err != nil {
			return src.err // what save wraps may hide why its input ended
		}
		return err
	}
	// save may have stopped early; the repeat of this form must hash alike.
	if _, err := io.Copy(sum, src); err != nil {
		return BodyError(err)
	}
	fmt.Fprintf(all, "%q %q %q %x\n", p.FormName(), name, kind, sum.Sum(nil))
	return nil
}

// bounded reads at most left bytes and then fails, instead of pretending
// that the file ended there.
type bounded struct {
	r           io.Reader
	left, limit int64
	err         error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		b.err = errs.E(errs.TooLarge, "error.file_too_large", "Max", i18n.Bytes(b.limit))
		return 0, b.err
	}
	if err != nil && err != io.EOF {
		b.err = BodyError(err)
		return n, b.err
	}
	return n, err
}

// cleanName makes a file name from outside harmless to show and to offer:
// no folders, no control characters, nothing that turns the reading direction
// or hides, at most 200 characters.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(sound(name), "\\", "/"))
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028' || c == '\u2029' {
			return -1
		}
		return c
	}, name)
	name = strings.TrimSpace(name)
	if r := []rune(name); len(r) > 200 {
		ext := []rune(path.Ext(name))
		if len(ext) > 20 {
			ext = nil
		}
		name = string(r[:200-len(ext)]) + string(ext)
	}
	if name == "" || name == "." || name == ".." || name == "/" {
		return "file"
	}
	return name
}
