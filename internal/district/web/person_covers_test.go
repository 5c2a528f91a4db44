package web_test

import (
	"testing"
	"time"

	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
)

// The page on which somebody is deactivated says for whom they cover, and leads
// to where another can be named.
func TestPersonCovers(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.rosa), "/settings/people/"+id(c.lee)
		if b.get(at, 200).Has("#covers") {
			t.Error("nobody is away")
		}
		from := time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC) // midnight in Denver
		absence := must[cover.AbsenceID](t)(w.cover.Declare(c.admin, cover.Declare{Person: c.dana, From: from, Until: from.Add(48 * time.Hour), Cover: c.lee}))
		p := b.get(at, 200)
		has(t, p, `a[href="/away?absence=`+id(absence)+`&person=`+id(c.dana)+`"]`, "Dana Whitfield Mar 9, 2026 until Tuesday, March 10, 2026")
		if w.as(c.rosa).get("/settings/people/"+id(c.dana), 200).Has("#covers") {
			t.Error("Dana covers for nobody")
		}
	})
}
