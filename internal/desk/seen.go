package desk

import (
	"context"

	"trellis/internal/platform/db"
	"trellis/internal/platform/notice"
)

// Seen marks the actor's notices about a ticket as read: its page is in front
// of them. A page that nothing was told about writes nothing, and where
// nothing can be written the notices stay unread, which is true enough.
func (d *Desk) Seen(ctx context.Context, id TicketID) error {
	v, err := reader(ctx)
	if err != nil {
		return err
	}
	var unread bool
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		unread, err = notice.HasUnreadAbout(tx, int64(v.person), subject(id))
		return err
	})
	if err != nil || !unread || d.db.ReadOnly() {
		return err
	}
	return d.db.Write(ctx, "mark notices read", func(tx *db.Tx) error {
		_, err := notice.MarkAboutRead(tx, int64(v.person), subject(id))
		return err
	})
}
