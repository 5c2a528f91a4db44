package web_test

import (
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
)

// covers asks the ground floor who acts for whom, as the program does.
type covers struct{}

func (covers) StandIn(tx *db.Tx, p district.PersonID, at time.Time) (district.PersonID, error) {
	s, err := cover.StandIn(tx, p, at)
	return s.Person, err
}

func (covers) CoveredBy(tx *db.Tx, p district.PersonID, at time.Time) (out []desk.Covering, err error) {
	list, err := cover.CoveredBy(tx, p, at)
	for _, c := range list {
		out = append(out, desk.Covering{Person: desk.Person{ID: c.For, Name: c.Name}, Until: c.Until})
	}
	return out, err
}

func (covers) Hours(*db.Tx, district.PersonID, time.Time) (bool, time.Time, error) {
	return true, time.Time{}, nil
}

// Nora covers for Sam until Wednesday at midnight, from Monday on: her list
// and the request say whose it is, the asking side reads who has it, and what
// she does is said to be done for him.
func TestCoverPages(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		h.clock.Set(time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)) // Monday, 9:00 in Denver
		id := h.tessa.ask("Projector flickers")
		got[desk.Changed](t)(h.desk.Take(h.sam.ctx(), id))
		if h.nora.get(path(id)).Code != 404 || h.nora.page("/desk/mine").Has(".list-note") {
			t.Error("Nora covers before Sam is away")
		}
		must(t, h.db.Write(system(), "away", func(tx *db.Tx) error {
			tx.Unlogged("test")
			_, err := tx.Exec(`INSERT INTO district_absence (person, from_at, until, cover, created) VALUES ($1, $2, $3, $4, $2)`,
				h.sam.id, db.Us(tx.Now()), db.Us(time.Date(2026, 3, 5, 7, 0, 0, 0, time.UTC)), h.nora.id)
			return err
		}))
		list := h.nora.page("/desk/mine")
		if got := list.Text(".list-note"); got != "You cover for Sam Kim until Wed, Mar 4." {
			t.Errorf("above the list: %q", got)
		}
		contains(t, list.Text(".rows"), "Sam Kim’s")
		contains(t, list.Text(".rows"), "you cover until Wed, Mar 4")
		if got := h.nora.page("/desk/places"); got.Has(".list-note") || !strings.Contains(got.Text(".rows"), "Sam Kim’s") {
			t.Error("another list says it for all, or not on the line")
		}
		page := h.nora.page(path(id))
		contains(t, page.Text("main"), "Sam Kim is away until Wed, Mar 4. You cover.")
		contains(t, h.rosa.page(path(id)).Text("main"), "Sam Kim is away until Wed, Mar 4. Nora Quist covers.")
		asked := h.tessa.page(path(id)).Text("main")
		contains(t, asked, "Nora Quist, who covers for Sam Kim, has it")
		if strings.Contains(asked, "Mar 4") {
			t.Error("who asked reads when Sam is back")
		}
		f := page.Form("#p-state form")
		page = h.nora.follow(h.nora.post(f.Press("Done: it is solved")))
		contains(t, page.Text("#talk"), "Nora Quist, for Sam Kim, solved it")
		h.clock.Set(time.Date(2026, 3, 5, 7, 0, 0, 0, time.UTC))
		if h.nora.get(path(id)).Code != 404 {
			t.Error("Nora still covers")
		}
	})
}
