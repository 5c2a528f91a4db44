package past

import (
	"strconv"
	"strings"

	"trellis/internal/platform/db"
)

// batch collects rows for one table and writes them many at a time: a
// statement costs more than a row, though on SQLite a parameter costs the more
// the more there are. Each batch uses two texts, so that both engines keep them
// prepared.
type batch struct {
	*table
	args []any
}

// table is an INSERT of some columns, for 8 rows and for one.
type table struct {
	cols  int
	texts [2]string
}

var sizes = [2]int{8, 1}

// inserting makes the texts. head ends before VALUES.
func inserting(head string, cols int) *table {
	t := &table{cols: cols}
	for i, n := range sizes {
		var b strings.Builder
		b.WriteString(head + ` VALUES `)
		for r := range n {
			for c := range cols {
				switch {
				case c > 0:
					b.WriteString(`, `)
				case r > 0:
					b.WriteString(`, (`)
				default:
					b.WriteString(`(`)
				}
				b.WriteString(`$` + strconv.Itoa(r*cols+c+1))
			}
			b.WriteString(`)`)
		}
		t.texts[i] = b.String()
	}
	return t
}

func (b *batch) add(row ...any) { b.args = append(b.args, row...) }

// write sends what was collected.
func (b *batch) write(tx *db.Tx) error {
	for i, n := range sizes {
		for len(b.args) >= n*b.cols {
			if _, err := tx.Exec(b.texts[i], b.args[:n*b.cols]...); err != nil {
				return err
			}
			b.args = b.args[n*b.cols:]
		}
	}
	return nil
}
