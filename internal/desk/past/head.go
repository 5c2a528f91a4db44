package past

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/sheet"
)

// Head is the beginning of a run's file.
type Head struct {
	Header []string
	Sample [][]string // the first rows; of long cells their beginning
}

// heads keeps the beginnings of the files that were looked at last, by hash: a
// page that shows one must not read half a gigabyte for it.
type heads struct {
	mu   sync.Mutex
	list []hashedHead
}

type hashedHead struct {
	hash string
	Head
}

// keptHeads is how many there are.
const keptHeads = 8

func (h *heads) find(hash string) (Head, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, x := range h.list {
		if x.hash == hash {
			return x.Head, true
		}
	}
	return Head{}, false
}

func (h *heads) keep(hash string, head Head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.list = append(h.list, hashedHead{hash, head}); len(h.list) > keptHeads {
		h.list = slices.Clone(h.list[1:])
	}
}

// Head is the beginning of a run's file. The caller must not change it.
func (p *Past) Head(ctx context.Context, id RunID) (h Head, err error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return h, err
	}
	r, err := p.load(ctx, id)
	if err != nil {
		return h, err
	}
	if h, ok := p.heads.find(r.hash); ok && r.Kept {
		return h, nil
	}
	err = p.with(ctx, id, func(open func() (*sheet.Book, error)) error {
		b, err := open()
		if err != nil {
			return err
		}
		defer b.Close()
		h.Header = slices.Clone(b.Header())
		for range sampled {
			row, err := b.Next()
			if err != nil {
				break // Preview meets it again, and says so
			}
			cells := make([]string, len(row.Cells))
			for i, c := range row.Cells {
				cells[i] = cut(c)
			}
			h.Sample = append(h.Sample, cells)
		}
		p.heads.keep(r.hash, h)
		return nil
	})
	return h, err
}

// Guess is what the file of a run seems to mean, as AddDraft found it.
func (p *Past) Guess(ctx context.Context, id RunID) (m Map, err error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return m, err
	}
	err = p.with(ctx, id, func(open func() (*sheet.Book, error)) (err error) {
		m, err = GuessFile(open)
		return err
	})
	return m, err
}

// Learn adds the statuses that the columns of a map have in a run's file, with
// what they seem to mean, to those that the map knows.
func (p *Past) Learn(ctx context.Context, id RunID, m Map) (out Map, err error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return m, err
	}
	err = p.with(ctx, id, func(open func() (*sheet.Book, error)) error {
		out, err = learn(open, m)
		return err
	})
	return out, err
}

func learn(open func() (*sheet.Book, error), m Map) (Map, error) {
	b, err := open()
	if err != nil {
		return m, err
	}
	defer b.Close()
	at, err := m.bind(b.Header())
	if err != nil {
		return m, err
	}
	if at[fStatus] < 0 && at[fSub] < 0 {
		return m, nil
	}
	known := map[[2]string]bool{}
	var different [][]string
	for n := 0; n < statusRows && len(known) < mostValues; n++ {
		row, err := b.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if bad := (*sheet.Problem)(nil); errors.As(err, &bad) {
			continue // Preview tells of it
		}
		if err != nil {
			return m, err
		}
		var says [2]string
		for i, f := range []int{fStatus, fSub} {
			if at[f] >= 0 {
				says[i] = row.Cells[at[f]]
			}
		}
		if !known[says] {
			known[says] = true
			different = append(different, row.Cells)
		}
	}
	return m.Learn(b.Header(), different), nil
}

// Bound is the map with each column as the header spells it, and without those
// of a preset that this file does not have.
func (m Map) Bound(header []string) Map {
	at, err := m.bind(header)
	if err != nil {
		return m // it names what is not there: Check says which
	}
	for f := range fields {
		*m.column(f) = ""
		if at[f] >= 0 {
			*m.column(f) = header[at[f]]
		}
	}
	return m
}

// with opens the file of a run for as long as fn takes.
func (p *Past) with(ctx context.Context, id RunID, fn func(open func() (*sheet.Book, error)) error) error {
	r, err := p.load(ctx, id)
	if err != nil {
		return err
	}
	if !r.Kept {
		return errs.E(errs.NotFound, "past.run_not_found")
	}
	open, drop, err := p.file(r)
	if err != nil {
		return err
	}
	defer drop()
	return said(fn(open))
}

// Example is a time written in one of Forms.
func Example(name string) string {
	if name == "iso" {
		return "2024-12-31T14:05:00"
	}
	f, _ := formOf(name)
	return f.example()
}
