package api_test

import (
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

// Dana is away and Omar covers: lists and requests say whose they are, and the
// history for whom he acted.
func TestCoverOverTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.want(w.tessa, "POST", "/requests", obj{"text": "Projector shows nothing"}, 201, "ticket.created").num("id")
		w.want(w.dana, "POST", request(id, "/take"), nil, 200, "ticket.taken")
		w.want(w.omar, "GET", request(id, ""), nil, 404, "")
		var until time.Time
		if err := w.db.Write(system(), "away", func(tx *db.Tx) error {
			tx.Unlogged("test")
			until = tx.Now().Add(24 * time.Hour)
			_, err := tx.Exec(`INSERT INTO district_absence (person, from_at, until, cover, created) VALUES ($1, $2, $3, $4, $2)`, w.dana.id, db.Us(tx.Now()), db.Us(until), w.omar.id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		end := until.Format(time.RFC3339Nano)
		mine := w.want(w.omar, "GET", "/requests?view=mine", nil, 200, "")
		if mine.len("items") != 1 || mine.num("items.0.for.id") != int64(w.dana.id) || mine.num("items.0.owner.id") != int64(w.dana.id) || mine.text("items.0.cover_until") != end {
			t.Error(mine.raw)
		}
		if n := w.want(w.omar, "GET", "/requests/counts", nil, 200, ""); n.num("mine") != 1 {
			t.Error(n.raw)
		}
		one := w.want(w.omar, "GET", request(id, ""), nil, 200, "")
		if one.num("for.id") != int64(w.dana.id) || one.num("owner_away.cover.id") != int64(w.omar.id) || one.text("owner_away.until") != end {
			t.Error(one.raw)
		}
		asked := w.want(w.tessa, "GET", request(id, ""), nil, 200, "")
		if asked.at("for") != nil || asked.num("owner_away.cover.id") != int64(w.omar.id) || asked.at("owner_away.until") != nil {
			t.Error(asked.raw)
		}
		w.want(w.omar, "POST", request(id, "/take"), nil, 409, "")
		w.want(w.omar, "POST", request(id, "/replies"), obj{"text": "Is the cable in?"}, 201, "ticket.replied")
		lines := w.want(w.tessa, "GET", request(id, "/history"), nil, 200, "")
		if lines.at("lines.0.for") != nil || lines.num("lines.2.for.id") != int64(w.dana.id) || lines.text("lines.2.text") != "Omar Reyes, for Dana Whitfield, wrote" {
			t.Error(lines.raw)
		}
	})
}
