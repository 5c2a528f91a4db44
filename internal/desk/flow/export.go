package flow

import (
	"context"

	"trellis/internal/platform/db"
)

// Options say what Export writes.
type Options struct {
	Source string // the name of one past; "": all of them, and what was born here
	Hours         // in place of the sources' and sites' own
}

// Export writes one row a ticket, the names of the columns first: the tickets
// of the past in the order in which they came, source by source, then those
// that were born here. Every row is computed from the ticket's own history, in
// bounded memory. Private tickets are not among them. Columns are those of
// ByNumber if every ticket is of a source that says so, else those of ByCase.
//
// For Reader, and Trellis itself. Errors: NotFound for a name that no source
// has, a *worktime.Problem for hours that can't be read.
func (f *Flow) Export(ctx context.Context, w func(cells []string) error, o Options) error {
	if err := authorise(ctx); err != nil {
		return err
	}
	if err := o.Hours.check(); err != nil {
		return err
	}
	var from []source
	var born bool
	number := ByNumber
	err := f.db.Read(ctx, func(tx *db.Tx) (err error) {
		if from, err = sources(tx, o.Source); err != nil {
			return err
		}
		number, born, err = kindOf(tx, from, o.Source == "")
		return err
	})
	if err != nil {
		return err
	}
	if err := w(Columns(number)); err != nil {
		return err
	}
	return f.walk(ctx, pick{from: from, born: born, Hours: o.Hours}, func(t *ticket) error {
		return w(Record(number, t.key, Compute(t.rows, t.c), t.from != nil && t.from.floats()))
	})
}

// kindOf says which columns an export has, and whether anything was born here.
func kindOf(tx *db.Tx, from []source, all bool) (number string, born bool, err error) {
	if all {
		if err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_ticket WHERE id > 0 AND private = '')`).Scan(&born); err != nil {
			return "", false, err
		}
	}
	numbers, cases := false, born
	for _, s := range from {
		var some bool
		if err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_past WHERE source = $1)`, s.ID).Scan(&some); err != nil {
			return "", false, err
		}
		numbers = numbers || some && s.Number == ByNumber
		cases = cases || some && s.Number != ByNumber
	}
	if numbers && !cases {
		return ByNumber, born, nil
	}
	return ByCase, born, nil
}
