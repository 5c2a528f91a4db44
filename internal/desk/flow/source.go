package flow

import (
	"encoding/json"
	"fmt"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// SourceID numbers the pasts that were brought over. 0 is none: born here.
type SourceID int64

// source is where a past came from, as far as it counts.
type source struct {
	ID     SourceID
	Name   string
	Number string // ByCase or ByNumber
	Impact map[string]string
	hoursOf
	LastAt time.Time
}

// floats reports whether its times are local ones of nobody knows where.
func (s source) floats() bool { return s.zone == "" }

const sourceColumns = `id, name, map, zone, hours, closed, last_at`

func scanSource(r *db.Rows, s *source) error {
	var text string
	if err := r.Scan(&s.ID, &s.Name, &text, &s.zone, &s.hours, &s.closed, db.AtNull(&s.LastAt)); err != nil {
		return err
	}
	var m struct {
		Number  string
		Impacts map[string]string
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return fmt.Errorf("map of source %d: %w", s.ID, err)
		}
	}
	if s.Number, s.Impact = ByCase, m.Impacts; m.Number == ByNumber {
		s.Number = ByNumber
	}
	return nil
}

// sources are all pasts, or the one with a name, in the order in which they
// were first brought.
func sources(tx *db.Tx, name string) ([]source, error) {
	list, err := db.List(tx, scanSource, `SELECT `+sourceColumns+` FROM desk_past_source WHERE $1 = '' OR name = $1 ORDER BY id`, name)
	if err == nil && name != "" && len(list) == 0 {
		err = errs.E(errs.NotFound, "error.not_found")
	}
	return list, err
}

func sourceOf(tx *db.Tx, id SourceID) (source, error) {
	list, err := db.List(tx, scanSource, `SELECT `+sourceColumns+` FROM desk_past_source WHERE id = $1`, id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("no source %d", id)
	}
	if err != nil {
		return source{}, err
	}
	return list[0], nil
}

// Counting is the working time of a source, for whoever computes facts of rows
// in hand.
func (f *Flow) Counting(tx *db.Tx, id SourceID) (Counting, error) {
	s, err := sourceOf(tx, id)
	if err != nil {
		return Counting{}, err
	}
	return f.counting(s.hoursOf)
}
