package web

import (
	"context"
	"io"
	"net/http"
	"slices"

	"trellis/internal/desk"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/web"
)

// fileField carries ids of files that came with an earlier step of the form;
// filesField carries new ones.
const (
	fileField  = "file"
	filesField = "files"
)

// sent is a form that may have brought files.
type sent struct {
	*web.Form
	files []desk.FileID // those of an earlier step that are still wanted, and the new ones
	err   error         // why a file could not be kept; the rest of the form is there
}

// receive reads a form with files. A file that can't be kept spoils only
// itself: what was typed beside it must come back with the reason.
func (s *pages) receive(r *http.Request) (sent, error) {
	var out sent
	var fresh []desk.FileID
	form, err := web.Upload(r, filesField, maxUpload, func(name, _ string, file io.Reader) error {
		if out.err != nil || len(fresh) > desk.MaxFiles {
			return nil
		}
		f, err := s.desk.AddFile(r.Context(), name, file)
		if e := web.AsError(err); err != nil && e.Kind != errs.Internal {
			var in errs.Check
			in.Fail(filesField, e.Key, flat(e.Args)...)
			out.err = in.Err()
			return nil
		}
		fresh = append(fresh, f.ID)
		return err
	})
	if err != nil {
		return out, err
	}
	out.Form = form
	for _, id := range form.IDs(fileField) {
		out.files = append(out.files, desk.FileID(id))
	}
	out.files = append(out.files, fresh...)
	return out, nil
}

// flat turns a message's arguments back into pairs.
func flat(args map[string]any) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

// Err is what was malformed, and which file could not be kept.
func (s sent) Err() error {
	if s.err != nil {
		return s.err
	}
	return s.Form.Err()
}

// kept describes the files of a form that is drawn again. One that is gone, or
// was never theirs, is left out.
func (s *pages) kept(ctx context.Context, ids []desk.FileID) ([]desk.File, error) {
	ids = slices.Compact(slices.Clone(ids))
	var out []desk.File
	for _, id := range ids[:min(len(ids), desk.MaxFiles)] {
		c, err := s.desk.OpenFile(ctx, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c.File)
		if err := c.Close(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
