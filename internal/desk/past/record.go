package past

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"trellis/internal/desk/flow"
)

// A line as bytes, for sorting, for the disk and for the digest: strings with
// their length before them, numbers as varints, times as microseconds. The
// row's time stands outside (it is sorted by), and the number of the row in
// the file too (a case is the same wherever it stands).

var errRecord = errors.New("damaged record in a temporary file")

// noTime sorts before every time.
const noTime = math.MinInt64

func micros(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == noTime {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// labels, times and counts are the parts of a line in the order in which they
// are written.
func (l *line) labels() [15]*string {
	r := &l.row
	return [15]*string{&l.text[0], &l.text[1], &l.text[2], &l.text[3], &r.Status, &r.Sub, (*string)(&r.State), (*string)(&r.Wait),
		&r.Team, &r.Person, &r.Impact, &r.Priority, &r.Place, &r.Service, &r.Kept}
}

func (l *line) times() [4]*time.Time {
	return [4]*time.Time{&l.row.Opened, &l.row.First, &l.row.Solved, &l.row.Closed}
}

func (l *line) encode(b []byte) []byte {
	for _, s := range l.labels() {
		b = binary.AppendUvarint(b, uint64(len(*s)))
		b = append(b, *s...)
	}
	for _, t := range l.times() {
		b = binary.AppendVarint(b, micros(*t))
	}
	for _, n := range [3]int{int(l.row.Line), l.row.Reassigned, l.row.Reopened} {
		b = binary.AppendVarint(b, int64(n))
	}
	return b
}

func (l *line) decode(b []byte) error {
	for _, s := range l.labels() {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return errRecord
		}
		*s, b = string(b[size:size+int(n)]), b[size+int(n):]
	}
	number := func() (n int64, err error) {
		n, size := binary.Varint(b)
		if size <= 0 {
			return 0, errRecord
		}
		b = b[size:]
		return n, nil
	}
	for _, t := range l.times() {
		us, err := number()
		if err != nil {
			return err
		}
		*t = instant(us)
	}
	var counts [3]int
	for i := range counts {
		n, err := number()
		if err != nil {
			return err
		}
		counts[i] = int(n)
	}
	l.row.Line, l.row.Reassigned, l.row.Reopened = flow.Line(counts[0]), counts[1], counts[2]
	return nil
}
