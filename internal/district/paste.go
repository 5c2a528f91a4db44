package district

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"trellis/internal/platform/errs"
)

// A pasted list is bounded: what is longer belongs into a roster import.
const (
	maxPaste     = 1 << 20 // bytes
	maxPasteRows = 5_000
)

// What an import will do with a row.
const (
	ActionCreate = "create"
	ActionChange = "change" // there already, something differs
	ActionKeep   = "keep"   // there already, the same
	ActionRefuse = "refuse" // see its problems
)

// Problem is what is wrong with one cell of a pasted list.
type Problem struct {
	Row    int    // the line in the pasted text, from 1
	Column string // the column's name in the form and in JSON; "" for the whole row
	Key    string // message key
	Args   map[string]any
}

// pasted is one row of a list.
type pasted struct {
	row   int
	cells []string
	err   string // message key if the row can't be read
}

// paste cuts text as it comes from a spreadsheet, a file or a keyboard into
// rows. Columns are separated by tabs if there are any, else by semicolons if
// the first row has one and no comma, else by commas.
func paste(text string) ([]pasted, error) {
	var in errs.Check
	switch {
	case len(text) > maxPaste:
		return nil, errs.E(errs.TooLarge, "error.too_large")
	case !utf8.ValidString(text):
		in.Fail("text", "field.invalid")
		return nil, in.Err()
	}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if strings.TrimSpace(text) == "" {
		in.Fail("text", "field.required")
		return nil, in.Err()
	}
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\n "), "\n")
	sep := ','
	switch {
	case strings.Contains(first, "\t"):
		sep = '\t'
	case strings.Contains(first, ";") && !strings.Contains(first, ","):
		sep = ';'
	}
	// Quotes may hold line breaks in a file; a list of places has none, so
	// each line is read by itself and a forgotten quote spoils one row only.
	var out []pasted
	for i, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if len(out) == maxPasteRows {
			in.Fail("text", "district.import.too_many", "Max", maxPasteRows)
			return nil, in.Err()
		}
		out = append(out, cells(i+1, l, sep))
	}
	return out, nil
}

func cells(row int, l string, sep rune) pasted {
	r := csv.NewReader(strings.NewReader(l))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = sep, -1, true
	if sep == '\t' { // an empty first cell must stay one
		r.TrimLeadingSpace = false
	}
	rec, err := r.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return pasted{row: row}
		}
		return pasted{row: row, err: "district.import.quotes"}
	}
	for i := range rec {
		rec[i] = strings.TrimSpace(rec[i])
	}
	return pasted{row: row, cells: rec}
}

// problems turns what a check found in a row's cells into problems.
func problems(row int, in *errs.Check) []Problem {
	e, ok := errors.AsType[*errs.Error](in.Err())
	if !ok {
		return nil
	}
	out := make([]Problem, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = Problem{Row: row, Column: f.Name, Key: f.Key, Args: f.Args}
	}
	return out
}

// refused is the error of an import that would leave something out: nothing
// of it is done.
func refused(all []Problem) error {
	rows := map[int]bool{}
	for _, p := range all {
		rows[p.Row] = true
	}
	n := len(rows)
	var in errs.Check
	in.Fail("text", "district.import.refused", "Count", n)
	return in.Err()
}

// means finds which word of a table somebody wrote.
func means(table map[string][]string, said string) (string, bool) {
	said = Fold(said)
	for k, v := range table {
		if slices.Contains(v, said) {
			return k, true
		}
	}
	return "", false
}
