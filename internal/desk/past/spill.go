package past

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
)

// record is one row on its way through the sorting: its case by the order in
// which the file first names them, its time, its place in the file, and the
// rest as bytes.
type record struct {
	of   int   // the case
	at   int64 // microseconds, noTime without
	seq  int   // which row of the file it was, from 0
	n    int   // as a person finds it
	body []byte
}

func (a record) compare(b record) int {
	return cmp.Or(cmp.Compare(a.of, b.of), cmp.Compare(a.at, b.at), cmp.Compare(a.seq, b.seq))
}

// sorter sorts more records than memory holds: it keeps a chunk, writes each
// full one sorted into a temporary file, and in the end merges the chunks.
type sorter struct {
	dir   string
	rows  int // a chunk
	bytes int // likewise
	held  []record
	size  int
	file  *os.File
	gone  bool // the file has no name any more
	runs  []span
	end   int64
}

type span struct{ from, size int64 }

// add takes a record; its body must stay as it is.
func (s *sorter) add(r record) error {
	s.held = append(s.held, r)
	s.size += len(r.body)
	if len(s.held) >= s.rows || s.size >= s.bytes {
		return s.spill()
	}
	return nil
}

// spill writes the chunk.
func (s *sorter) spill() error {
	if len(s.held) == 0 {
		return nil
	}
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "past-*.tmp")
		if err != nil {
			return fmt.Errorf("sort history: %w", err)
		}
		s.file = f
		// A file without a name can't be left behind, however the process
		// ends. Where a system doesn't allow it, close removes it.
		s.gone = os.Remove(f.Name()) == nil
	}
	slices.SortFunc(s.held, record.compare)
	w := bufio.NewWriterSize(s.file, 256<<10)
	var head []byte
	from := s.end
	for _, r := range s.held {
		head = binary.AppendUvarint(head[:0], uint64(r.of))
		head = binary.AppendVarint(head, r.at)
		head = binary.AppendUvarint(head, uint64(r.seq))
		head = binary.AppendUvarint(head, uint64(r.n))
		head = binary.AppendUvarint(head, uint64(len(r.body)))
		s.end += int64(len(head) + len(r.body))
		w.Write(head)
		w.Write(r.body) // an error stays with the writer until Flush
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort history: %w", err)
	}
	s.runs = append(s.runs, span{from, s.end - from})
	clear(s.held)
	s.held, s.size = s.held[:0], 0
	return nil
}

// sorted is all records in order.
func (s *sorter) sorted() (stream, error) {
	if len(s.runs) == 0 {
		slices.SortFunc(s.held, record.compare)
		return &chunk{s.held}, nil
	}
	if err := s.spill(); err != nil {
		return nil, err
	}
	s.held = nil
	buffer := min(max(8<<20/len(s.runs), 4<<10), 256<<10)
	m := &merge{}
	for _, r := range s.runs {
		c := &cursor{in: bufio.NewReaderSize(io.NewSectionReader(s.file, r.from, r.size), buffer)}
		if err := c.next(); err != nil {
			return nil, err
		}
		m.cursors = append(m.cursors, c)
	}
	heap.Init(m)
	return m, nil
}

// close lets the temporary file go.
func (s *sorter) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if !s.gone {
		err = cmp.Or(os.Remove(s.file.Name()), err)
	}
	s.file = nil
	return err
}

// stream yields records in order; io.EOF at the end.
type stream interface{ take() (record, error) }

type chunk struct{ left []record }

func (c *chunk) take() (record, error) {
	if len(c.left) == 0 {
		return record{}, io.EOF
	}
	r := c.left[0]
	c.left[0] = record{}
	c.left = c.left[1:]
	return r, nil
}

// cursor stands in one sorted chunk of the file.
type cursor struct {
	in  *bufio.Reader
	now record
}

// next moves on; io.EOF at the chunk's end.
func (c *cursor) next() error {
	of, err := binary.ReadUvarint(c.in)
	if err != nil {
		return err // io.EOF only between records
	}
	at, e1 := binary.ReadVarint(c.in)
	seq, e2 := binary.ReadUvarint(c.in)
	n, e3 := binary.ReadUvarint(c.in)
	size, e4 := binary.ReadUvarint(c.in)
	if e1 != nil || e2 != nil || e3 != nil || e4 != nil {
		return errRecord
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(c.in, body); err != nil {
		return errRecord
	}
	c.now = record{int(of), at, int(seq), int(n), body}
	return nil
}

type merge struct{ cursors []*cursor }

func (m *merge) Len() int           { return len(m.cursors) }
func (m *merge) Less(i, j int) bool { return m.cursors[i].now.compare(m.cursors[j].now) < 0 }
func (m *merge) Swap(i, j int)      { m.cursors[i], m.cursors[j] = m.cursors[j], m.cursors[i] }
func (m *merge) Push(x any)         { m.cursors = append(m.cursors, x.(*cursor)) }

// Pop takes the last cursor off, as heap wants it.
func (m *merge) Pop() any {
	last := len(m.cursors) - 1
	c := m.cursors[last]
	m.cursors = m.cursors[:last]
	return c
}

func (m *merge) take() (record, error) {
	if len(m.cursors) == 0 {
		return record{}, io.EOF
	}
	r := m.cursors[0].now
	switch err := m.cursors[0].next(); err {
	case nil:
		heap.Fix(m, 0)
	case io.EOF:
		heap.Pop(m)
	default:
		return record{}, fmt.Errorf("sort history: %w", err)
	}
	return r, nil
}
