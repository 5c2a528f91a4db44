package web

import (
	"trellis/internal/platform/ui"
	"trellis/internal/platform/worktime"
)

// paperRows is how many lines of the table a printed page has.
const paperRows = 18

// head are the columns of the table.
func (v flowView) head() []ui.Column {
	s := v.says
	out := []ui.Column{{Text: s.t("steer.by." + string(v.Filter.By))}}
	for _, key := range []string{"steer.table.requests", "steer.table.open", "steer.table.first", "steer.table.half", "steer.table.p80", "steer.table.school",
		"steer.table.handoffs", "steer.table.ping_pong", "steer.table.kept", "steer.table.reopened"} {
		out = append(out, ui.Column{Text: s.t(key), Number: true})
	}
	return out
}

func dateValue(d worktime.Date) string {
	if !d.Valid() {
		return ""
	}
	return d.String()
}
