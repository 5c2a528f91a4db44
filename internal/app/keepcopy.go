package app

import (
	"context"
	"path/filepath"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// keepCopy leaves a verified copy of the database in the folder's copies
// before an upgrade changes it, and logs what was verified.
func (d *District) keepCopy(ctx context.Context) error {
	dir := filepath.Join(d.Folder, "copies", clock.System().Now().Format("20060102-150405")+"-before-upgrade")
	if err := d.DB.Snapshot(ctx, dir); err != nil {
		return err
	}
	m := Manifest{Engine: d.DB.Engine().String()}
	if d.DB.Engine() == db.Postgres {
		var err error
		if m.Versions, err = d.DB.Versions(ctx, Schemas()); err != nil {
			return err
		}
		if m.Columns, err = d.DB.CopyColumns(ctx); err != nil {
			return err
		}
	}
	if err := checkDatabase(ctx, dir, &m, func(string, int64) {}); err != nil {
		return err
	}
	d.log.Info("kept a copy before the upgrade", "copy", dir, "checked", m.Checked)
	return nil
}
