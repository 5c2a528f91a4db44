package past

import (
	"context"
	"errors"
	"io"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/sheet"
)

// sampled is how many rows a preview shows as they are.
const sampled = 8

// Preview is what bringing a file in would do. Nothing has been done.
type Preview struct {
	Header   []string
	Sample   [][]string // the first rows
	Rows     int
	Cases    int
	Added    int // tickets that are not here
	Changed  int // that are here and are recorded differently
	Same     int
	Refused  int // rows that are not understood
	Problems []Problem
	First    time.Time // the earliest time in it, zero if it has none
	Last     time.Time
	Firsts   []Case // the first cases, as they would be brought in
}

// Preview reads the whole file of a run, and says what it would do.
func (p *Past) Preview(ctx context.Context, id RunID) (Preview, error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return Preview{}, err
	}
	r, err := p.load(ctx, id)
	if err != nil {
		return Preview{}, err
	}
	open, drop, err := p.file(r)
	if err != nil {
		return Preview{}, err
	}
	defer drop()
	return p.preview(ctx, open, r.Map, r.Name)
}

// PreviewFile is Preview for a file that is not kept. Trellis itself asks, for
// the command line.
func (p *Past) PreviewFile(ctx context.Context, open func() (*sheet.Book, error), m Map, name string) (Preview, error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return Preview{}, err
	}
	return p.preview(ctx, open, m, name)
}

func (p *Past) preview(ctx context.Context, open func() (*sheet.Book, error), m Map, name string) (v Preview, err error) {
	b, err := open()
	if err != nil {
		return v, said(err)
	}
	v.Header = b.Header()
	for range sampled {
		row, err := b.Next()
		if err != nil {
			break // Read meets it again, and says so
		}
		v.Sample = append(v.Sample, row.Cells)
	}
	b.Close()
	if err := m.Check(v.Header); err != nil {
		return v, err
	}
	reading, err := Read(ctx, open, m, Options{Dir: p.folder})
	var bad *sheet.Problem
	if errors.As(err, &bad) {
		v.Refused, v.Problems = 1, []Problem{fromSheet(bad)}
		return v, nil
	}
	if err != nil {
		return v, err
	}
	defer reading.Close()
	v.Rows, v.Cases, v.Refused, v.Problems, v.Last = reading.Rows, reading.Cases, reading.Refused, reading.Problems, reading.Last
	var from source
	err = p.db.Read(ctx, func(tx *db.Tx) (err error) {
		from, _, err = findSource(tx, name)
		return err
	})
	if err != nil {
		return v, err
	}
	var group []Case
	compare := func() error {
		if len(group) == 0 {
			return nil
		}
		err := p.db.Read(ctx, func(tx *db.Tx) error {
			here, err := look(tx, from.ID, group)
			if err != nil {
				return err
			}
			for _, c := range group {
				switch k, is := here[c.Key]; {
				case !is:
					v.Added++
				case k.digest == c.Digest:
					v.Same++
				default:
					v.Changed++
				}
			}
			return nil
		})
		group = group[:0]
		return err
	}
	for {
		c, err := reading.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return v, err
		}
		if len(v.Firsts) < sampled {
			v.Firsts = append(v.Firsts, c)
		}
		for _, r := range c.Rows {
			if !r.At.IsZero() && (v.First.IsZero() || r.At.Before(v.First)) {
				v.First = r.At
			}
		}
		if group = append(group, c); len(group) == lookSize*8 {
			if err := compare(); err != nil {
				return v, err
			}
		}
	}
	return v, compare()
}
