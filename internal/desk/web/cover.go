package web

import (
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/worktime"
)

// coveringWords say for whom the reader acts, "" for nobody.
func coveringWords(t times, list []desk.Covering) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, i18n.T(t.ctx, "queue.covering.one", "Name", c.Name, "When", t.back(c.Until)))
	}
	if len(parts) == 0 {
		return ""
	}
	return i18n.T(t.ctx, "queue.covering", "Names", names(t.ctx, parts))
}

// awayWords say that the owner of a ticket is away, and who covers for them.
func awayWords(t times, x desk.Ticket) string {
	switch a := x.Away; {
	case a == nil:
		return ""
	case x.Covering:
		return i18n.T(t.ctx, "deskui.away.you", "Name", x.Owner.Name, "When", t.back(a.Until))
	case a.Cover.ID != 0:
		return i18n.T(t.ctx, "deskui.away.covered", "Name", x.Owner.Name, "When", t.back(a.Until), "Cover", a.Cover.Name)
	default:
		return i18n.T(t.ctx, "deskui.away.alone", "Name", x.Owner.Name, "When", t.back(a.Until))
	}
}

// back is the last day of an absence, or the time of that day at which it
// ends. Until midnight is the whole of the day before.
func (t times) back(at time.Time) string {
	local := at.In(t.zone)
	if y, m, d := local.Date(); local.Equal(time.Date(y, m, d, 0, 0, 0, 0, t.zone)) {
		return t.day(worktime.DateOf(local.Add(-time.Microsecond)))
	}
	return t.until(at)
}
