package past

import (
	"slices"
	"strings"
	"unicode"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

// Check says which fields name a column that the header doesn't have, or has
// twice, along with everything that Valid finds. A preset's own column may be
// absent unless nothing can be told without it.
func (m Map) Check(header []string) error {
	_, err := m.bind(header)
	return err
}

// bind finds the fields' columns: their indexes, -1 for none.
func (m Map) bind(header []string) (at [fields]int, err error) {
	var c errs.Check
	m.valid(&c)
	own := presets[m.Preset]
	for f := range fields {
		at[f] = -1
		name := *m.column(f)
		if name == "" {
			continue
		}
		i, times := find(header, name)
		preset := m.Preset != "" && name == *own.Map.column(f)
		for _, other := range own.also[f] {
			if times == 0 && preset {
				i, times = find(header, other)
			}
		}
		switch {
		case times == 1:
			at[f] = i
		case times > 1:
			c.Fail(fieldNames[f], "past.map.twice", "Column", name)
		case !preset || slices.Contains(own.needs, f):
			c.Fail(fieldNames[f], "past.map.missing", "Column", name)
		}
	}
	return at, c.Err()
}

// find is a column's index and how many have its name.
func find(header []string, name string) (at, times int) {
	for _, same := range []func(h string) bool{
		func(h string) bool { return strings.TrimSpace(h) == strings.TrimSpace(name) },
		func(h string) bool { s := squash(name); return s != "" && squash(h) == s },
	} {
		for i, h := range header {
			if same(h) {
				if times == 0 {
					at = i
				}
				times++
			}
		}
		if times > 0 {
			break
		}
	}
	return at, times
}

// squash is a column's name without capitals, accents and punctuation:
// "Ticket Number" and "TicketNumber" are one.
func squash(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, district.Fold(name))
}
