package replay

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trellis/internal/app"
	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
)

// most is how many differences of one table are told.
const most = 5

// Compare says where the rows of two districts on the same engine differ: all
// tables, row by row and column by column, but those in apart. No differences
// are nil.
func Compare(ctx context.Context, a, b *db.DB) (differences []string, err error) {
	if a.Engine() != b.Engine() {
		return nil, errors.New("compare: the districts live on different engines")
	}
	var all []db.Table
	if err := a.Read(ctx, func(ta *db.Tx) error {
		return b.Read(ctx, func(tb *db.Tx) (err error) {
			differences, all, err = tables(ta, tb)
			return err
		})
	}); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	if len(all) == 0 {
		return nil, errors.New("compare: there is nothing to compare")
	}
	more, err := index(ctx, a, b)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	return append(differences, more...), nil
}

func tables(a, b *db.Tx) (out []string, all []db.Table, err error) {
	if all, err = db.Tables(a); err != nil {
		return nil, nil, err
	}
	other, err := db.Tables(b)
	if err != nil {
		return nil, nil, err
	}
	if !slices.EqualFunc(all, other, func(x, y db.Table) bool { return x.Name == y.Name && slices.Equal(x.Columns, y.Columns) }) {
		return nil, nil, errors.New("the districts have different tables")
	}
	counts := map[string]bool{} // which migrations ran, and when
	for _, s := range app.Schemas() {
		counts[s.Name+"_version"] = true
	}
	for _, t := range all {
		if apart[t.Name] != "" || counts[t.Name] {
			continue
		}
		list, err := rows(a, b, t)
		if err != nil {
			return nil, nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
		out = append(out, list...)
	}
	return out, all, nil
}

// rows goes through both tables side by side, along their key.
func rows(a, b *db.Tx, t db.Table) ([]string, error) {
	var columns []string
	for _, c := range t.Columns {
		if apart[t.Name+"."+c] == "" {
			columns = append(columns, c)
		}
	}
	d := diff{table: t.Name, columns: columns}
	for _, k := range t.Key {
		i := slices.Index(columns, k)
		if i < 0 {
			return nil, fmt.Errorf("its key column %s is not compared", k)
		}
		d.key = append(d.key, i)
	}
	if len(d.key) == 0 {
		for i := range columns {
			d.key = append(d.key, i)
		}
	}
	var left [][]any
	if err := t.Each(a, columns, func(row []any) error { left = append(left, row); return nil }); err != nil {
		return nil, err
	}
	err := t.Each(b, columns, func(row []any) error {
		for len(left) > 0 && d.compare(left[0], row) < 0 {
			d.only("the first", left[0])
			left = left[1:]
		}
		if len(left) == 0 || d.compare(left[0], row) > 0 {
			d.only("the second", row)
			return nil
		}
		d.both(left[0], row)
		left = left[1:]
		return nil
	})
	for _, row := range left {
		d.only("the first", row)
	}
	return d.end(), err
}

// diff gathers what differs in one table.
type diff struct {
	table   string
	columns []string
	key     []int
	found   int
	out     []string
}

func (d *diff) say(format string, args ...any) {
	if d.found++; d.found <= most {
		d.out = append(d.out, d.table+" "+fmt.Sprintf(format, args...))
	}
}

func (d *diff) end() []string {
	if d.found > most {
		d.out = append(d.out, fmt.Sprintf("%s: %d differences more", d.table, d.found-most))
	}
	return d.out
}

func (d *diff) name(row []any) string {
	var b strings.Builder
	for _, i := range d.key {
		fmt.Fprintf(&b, "%s=%s ", d.columns[i], shown(row[i]))
	}
	return strings.TrimSpace(b.String())
}

func (d *diff) only(where string, row []any) { d.say("%s: only in %s", d.name(row), where) }

func (d *diff) both(x, y []any) {
	var said []string
	for i, c := range d.columns {
		if order(x[i], y[i]) != 0 {
			said = append(said, fmt.Sprintf("%s is %s and %s", c, shown(x[i]), shown(y[i])))
		}
	}
	if len(said) > 0 {
		d.say("%s: %s", d.name(x), strings.Join(said, ", "))
	}
}

func (d *diff) compare(x, y []any) int {
	for _, i := range d.key {
		if c := order(x[i], y[i]); c != 0 {
			return c
		}
	}
	return 0
}

// order sorts values as the engines do.
func order(x, y any) int {
	switch a := x.(type) {
	case nil:
		if y == nil {
			return 0
		}
		return -1
	case int64:
		if b, ok := y.(int64); ok {
			return cmp.Compare(a, b)
		}
	case string:
		if b, ok := y.(string); ok {
			return cmp.Compare(a, b)
		}
	case bool:
		if b, ok := y.(bool); ok {
			return cmp.Compare(text(a), text(b))
		}
	case []byte:
		if b, ok := y.([]byte); ok {
			return bytes.Compare(a, b)
		}
	}
	if y == nil {
		return 1
	}
	return cmp.Compare(text(x), text(y))
}

func text(v any) string { return fmt.Sprintf("%T %v", v, v) }

// shown is a value, not too long: it may be a text of many lines.
func shown(v any) string {
	if b, ok := v.([]byte); ok {
		v = fmt.Sprintf("%x", b)
	}
	s := fmt.Sprintf("%v", v)
	if _, is := v.(string); is {
		s = fmt.Sprintf("%q", s)
	}
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

// index compares under which words things are found.
func index(ctx context.Context, a, b *db.DB) ([]string, error) {
	x, err := search.Holds(ctx, a)
	if err != nil {
		return nil, err
	}
	y, err := search.Holds(ctx, b)
	if err != nil {
		return nil, err
	}
	d := diff{table: "search index", columns: []string{"doc", "words"}, key: []int{0}}
	row := func(h search.Held) []any { return []any{h.Doc, h.Words} }
	for len(x)+len(y) > 0 {
		switch {
		case len(y) == 0 || len(x) > 0 && x[0].Doc < y[0].Doc:
			d.only("the first", row(x[0]))
			x = x[1:]
		case len(x) == 0 || y[0].Doc < x[0].Doc:
			d.only("the second", row(y[0]))
			y = y[1:]
		default:
			d.both(row(x[0]), row(y[0]))
			x, y = x[1:], y[1:]
		}
	}
	return d.end(), nil
}
