package past

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"trellis/internal/desk/flow"
	"trellis/internal/platform/sheet"
)

// How much is looked at to find out how a file writes its times.
const (
	sampleRows  = 2000
	sampleBytes = 8 << 20
)

// Limits of one reading.
const (
	mostCases = 2_000_000 // so many keys are held in memory
	mostRows  = 2_000     // of one case; more is a map that takes the wrong column for the case
	chunkRows = 200_000   // that are sorted in memory
	chunkSize = 64 << 20  // likewise, bytes
)

// Book is a table that is read row by row: *sheet.Book.
type Book interface {
	Header() []string
	Next() (sheet.Row, error) // io.EOF at the end
	Share() int
	Close() error
}

// Options of a reading.
type Options struct {
	Dir      string                // for temporary files; "": the system's
	Chunk    int                   // rows held in memory; 0: 200,000
	Problems int                   // how many are kept; 0: 1,000. All are counted
	Progress func(rows, share int) // told now and then: rows read, percent of the file
}

// Case is what the old desk had under one number.
type Case struct {
	Key       string // that number, or "row 17" where the file has none
	Title     string // as its last row that has one says; so the others
	Body      string
	Requester string
	Owner     string
	Rows      []flow.Row // by time, equal times as in the file
	First     int        // the first of its rows, as a person finds it in the file
	Digest    string     // equal for what comes to the same rows and texts
}

// Reading is a file that was read and checked as a whole, and whose cases can
// be taken once. It must be closed.
type Reading struct {
	Rows     int       // that the file has
	Refused  int       // of them, for a problem
	Cases    int       // that the others belong to
	Problems []Problem // the first of them
	Last     time.Time // the last moment that the file speaks of; zero: of none
	Unknown  []string  // statuses of which the map doesn't say what they mean

	ctx   context.Context
	sort  sorter
	in    stream
	ahead record
	more  bool
	keys  []string
	byKey map[string]int
	count []int32
	most  int
	seq   int

	scratch []byte
}

// Read reads a whole file by a map. Rows with a problem are counted, told of
// and left out. The error is a *sheet.Problem if the file breaks off or can't
// be taken for a table, Invalid if the map doesn't fit it, and otherwise what
// the system says; then nothing is left behind.
func Read[B Book](ctx context.Context, open func() (B, error), m Map, opt Options) (_ *Reading, err error) {
	b, err := open()
	if err != nil {
		return nil, err
	}
	defer b.Close()
	r := &Reading{ctx: ctx, byKey: map[string]int{}, most: opt.Problems, sort: sorter{dir: opt.Dir, rows: opt.Chunk, bytes: chunkSize}}
	if r.most == 0 {
		r.most = 1000
	}
	if r.sort.rows == 0 {
		r.sort.rows = chunkRows
	}
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	rows, err := newRows(m, b.Header(), r.problem)
	if err != nil {
		return nil, err
	}
	if err := r.take(b, rows, opt.Progress); err != nil {
		return nil, err
	}
	r.Unknown = rows.unknown
	r.byKey, r.count = nil, nil
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	if r.in, err = r.sort.sorted(); err != nil {
		return nil, err
	}
	return r, r.step()
}

// take reads all rows. The first wait until it is known how the file writes
// its times.
func (r *Reading) take(b Book, rows *rows, progress func(rows, share int)) error {
	var waiting []sheet.Row
	learned, size := false, 0
	flush := func() error {
		sample := make([][]string, len(waiting))
		for i, w := range waiting {
			sample[i] = w.Cells
		}
		rows.learn(sample)
		learned = true
		for _, w := range waiting {
			if err := r.row(rows, w); err != nil {
				return err
			}
		}
		waiting = nil
		return nil
	}
	var broken *sheet.Problem
	for {
		row, err := b.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if r.Rows++; r.Rows%512 == 0 {
			if err := r.ctx.Err(); err != nil {
				return err
			}
			if progress != nil {
				progress(r.Rows, b.Share())
			}
		}
		if broken = nil; errors.As(err, &broken) {
			r.Refused++
			r.problem(Problem{Row: broken.Row, Column: broken.Column, Key: broken.Key, Args: broken.Args})
			continue
		}
		if err != nil {
			return err
		}
		if learned {
			err = r.row(rows, row)
		} else {
			waiting = append(waiting, row)
			if size += weight(row.Cells); len(waiting) >= sampleRows || size >= sampleBytes {
				err = flush()
			}
		}
		if err != nil {
			return err
		}
	}
	if broken != nil {
		// Nothing came after what could not be read: nobody knows how much of
		// the file that was.
		return broken
	}
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if !learned {
		if err := flush(); err != nil {
			return err
		}
	}
	if progress != nil {
		progress(r.Rows, 100)
	}
	return nil
}

func weight(cells []string) (n int) {
	for _, c := range cells {
		n += len(c)
	}
	return n
}

func (r *Reading) problem(p Problem) {
	if len(r.Problems) < r.most {
		r.Problems = append(r.Problems, p)
	}
}

// row understands one row and hands it to the sorting.
func (r *Reading) row(rows *rows, in sheet.Row) error {
	l, ok := rows.read(in.N, in.Cells)
	if !ok {
		r.Refused++
		return nil
	}
	of := r.Cases
	if rows.at[fCase] >= 0 {
		if known, ok := r.byKey[l.key]; ok {
			of = known
		}
	}
	switch {
	case of == mostCases:
		rows.fail(-1, "cases", "Most", mostCases)
	case of < r.Cases && r.count[of] >= mostRows:
		rows.fail(fCase, "case_rows", "Most", mostRows)
	}
	if !rows.fine {
		r.Refused++
		return nil
	}
	if of == r.Cases {
		r.Cases++
		key := strings.Clone(l.key) // a cell keeps its whole row in memory
		r.keys, r.count = append(r.keys, key), append(r.count, 0)
		if rows.at[fCase] >= 0 {
			r.byKey[key] = of
		}
	}
	r.count[of]++
	r.seq++
	for _, t := range [...]time.Time{l.row.At, l.row.Opened, l.row.First, l.row.Solved, l.row.Closed} {
		if t.After(r.Last) {
			r.Last = t
		}
	}
	r.scratch = l.encode(r.scratch[:0])
	return r.sort.add(record{of: of, at: micros(l.row.At), seq: r.seq, n: l.n, body: bytes.Clone(r.scratch)})
}

// step looks at the record that comes next.
func (r *Reading) step() error {
	next, err := r.in.take()
	if errors.Is(err, io.EOF) {
		r.ahead, r.more = record{}, false
		return nil
	}
	r.ahead, r.more = next, err == nil
	return err
}

// Next is the next case, in the order in which the file first names them;
// io.EOF after the last.
func (r *Reading) Next() (Case, error) {
	if err := r.ctx.Err(); err != nil {
		return Case{}, err
	}
	if !r.more {
		return Case{}, io.EOF
	}
	of := r.ahead.of
	c := Case{Key: r.keys[of], First: r.ahead.n}
	sum := sha256.New()
	var head []byte
	for r.more && r.ahead.of == of {
		l := line{}
		if err := l.decode(r.ahead.body); err != nil {
			return Case{}, err
		}
		l.row.At = instant(r.ahead.at)
		c.Rows = append(c.Rows, l.row)
		c.First = min(c.First, r.ahead.n)
		for i, to := range []*string{&c.Title, &c.Body, &c.Requester, &c.Owner} {
			if l.text[i] != "" {
				*to = l.text[i]
			}
		}
		head = binary.AppendVarint(head[:0], r.ahead.at)
		head = binary.AppendUvarint(head, uint64(len(r.ahead.body)))
		sum.Write(head)
		sum.Write(r.ahead.body)
		if err := r.step(); err != nil {
			return Case{}, err
		}
	}
	c.Digest = hex.EncodeToString(sum.Sum(nil))
	return c, nil
}

// Close lets go of the temporary file.
func (r *Reading) Close() error {
	r.more = false
	return r.sort.close()
}
