package db

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Table is one of the database's own, as its catalogue has it.
type Table struct {
	Name    string
	Columns []string // in their order
	Key     []string // of the primary key
}

// Tables lists all that migrations made, by name: not those of the engine, nor
// those in which an index keeps its words.
func Tables(tx *Tx) ([]Table, error) {
	type column struct {
		table, name string
		key         int64
	}
	q := `SELECT l.name, c.name, c.pk FROM pragma_table_list AS l JOIN pragma_table_info(l.name) AS c
		WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite_%' ORDER BY l.name, c.cid`
	if tx.Engine() == Postgres {
		q = `SELECT c.relname::text, a.attname::text, coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
			WHERE c.relkind = 'r' ORDER BY c.relname, a.attnum`
	}
	list, err := List(tx, func(r *Rows, c *column) error { return r.Scan(&c.table, &c.name, &c.key) }, q)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	var out []Table
	var keys []column
	for i, c := range list {
		if i == 0 || list[i-1].table != c.table {
			out, keys = append(out, Table{Name: c.table}), nil
		}
		t := &out[len(out)-1]
		t.Columns = append(t.Columns, c.name)
		if c.key == 0 {
			continue
		}
		keys = append(keys, c)
		slices.SortFunc(keys, func(a, b column) int { return cmp.Compare(a.key, b.key) })
		t.Key = nil
		for _, k := range keys {
			t.Key = append(t.Key, k.name)
		}
	}
	return out, nil
}

// Each calls f with every row of a table, as the columns that are asked for,
// in the order of its key, or of those columns where it has none. A value is
// nil, int64, float64, bool, string or []byte; f may keep the row.
func (t Table) Each(tx *Tx, columns []string, f func(row []any) error) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = quoted(c)
	}
	order := t.Key
	if len(order) == 0 {
		order = columns
	}
	by := make([]string, len(order))
	for i, c := range order {
		by[i] = quoted(c) + " NULLS FIRST"
	}
	rows, err := tx.Query("SELECT " + strings.Join(names, ", ") + " FROM " + quoted(t.Name) + " ORDER BY " + strings.Join(by, ", "))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, len(columns))
		to := make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
