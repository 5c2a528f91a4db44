package app

import "context"

// ReadBack is readBack with its figures.
func ReadBack(ctx context.Context, dir string, versions map[string]int64, columns map[string][]string) (tables, rows int, events, open int64, err error) {
	c, err := readBack(ctx, dir, versions, columns)
	return c.tables, c.rows, c.log.Events, c.log.Open, err
}

// Told is the place of the log up to which open pages were told.
func (d *District) Told() int64 { return d.told.Load() }
