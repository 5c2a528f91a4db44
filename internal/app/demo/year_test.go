package demo_test

import (
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// The year of the example is one that a district would recognise.
func TestYear(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: quick")
	}
	zone, err := time.LoadLocation(demo.Zone)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.November, 24, 9, 40, 0, 0, zone)
	past := clock.NewManual(now)
	base, err := url.Parse("http://127.0.0.1:8420")
	if err != nil {
		t.Fatal(err)
	}
	d, err := app.OpenDistrict(t.Context(), app.Options{Slug: "juniper-valley", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: base, Clock: past})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := demo.Build(t.Context(), demo.Parts{DB: d.DB, District: d.District, Cover: d.Cover, Desk: d.Desk}, past, demo.Options{Now: now, Scale: 1}); err != nil {
		t.Fatal(err)
	}
	number := func(q string, args ...any) (n int) {
		t.Helper()
		if err := d.DB.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(q, args...).Scan(&n) }); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		return n
	}
	month := func(year int, m time.Month) (from, to int64) {
		first := time.Date(year, m, 1, 0, 0, 0, 0, zone)
		return db.Us(first), db.Us(first.AddDate(0, 1, 0))
	}
	asked := func(year int, m time.Month) int {
		from, to := month(year, m)
		return number(`SELECT count(*) FROM desk_ticket WHERE created >= $1 AND created < $2`, from, to)
	}
	morning := db.Us(time.Date(2026, time.November, 24, 7, 30, 0, 0, zone))
	requests := number(`SELECT count(*) FROM desk_ticket`)
	for _, c := range []struct {
		what           string
		low, high, got int
	}{
		{"people", 7300, 7700, number(`SELECT count(*) FROM district_person`)},
		{"requests", 5800, 6200, requests},
		{"places", 13, 13, number(`SELECT count(*) FROM district_site`)},
		{"services", 9, 9, number(`SELECT count(*) FROM district_service WHERE kind = 'service'`)},
		{"places that asked", 13, 13, number(`SELECT count(DISTINCT site) FROM desk_ticket`)},
		{"services asked about", 9, 9, number(`SELECT count(DISTINCT t.service) FROM desk_ticket t JOIN district_service s ON s.id = t.service WHERE s.kind = 'service'`)},
		{"August, in percent of March", 260, 340, 100 * asked(2026, time.August) / asked(2026, time.March)},
		{"promises missed, in parts of a thousand", 30, 80,
			1000 * number(`SELECT count(*) FROM desk_clock WHERE missed IS NOT NULL OR stopped > due`) / number(`SELECT count(*) FROM desk_clock WHERE (missed IS NOT NULL OR stopped IS NOT NULL) AND NOT dropped`)},
		{"private requests", 40, 250, number(`SELECT count(*) FROM desk_ticket WHERE private <> ''`)},
		{"requests in Spanish", 100, 700, number(`SELECT count(*) FROM desk_ticket WHERE lang = 'es-US'`)},
		{"plans with a class", 60, 300, number(`SELECT count(*) FROM desk_ticket WHERE kind = 'plan'`)},
		{"passed on to the district", 60, 800, number(`SELECT count(DISTINCT ticket) FROM desk_handoff`)},
		{"reopened", 50, 500, number(`SELECT count(DISTINCT ticket) FROM desk_mark WHERE kind = 'reopened'`)},
		{"sign-in requests of this morning that are open", 20, 60, number(`SELECT count(*) FROM desk_ticket t JOIN district_service s ON s.id = t.service WHERE s.name = 'Sign-in' AND t.state = 'open' AND t.created >= $1`, morning)},
		{"open", 40, 250, number(`SELECT count(*) FROM desk_ticket WHERE state = 'open'`)},
		{"snow days", 1, 1, number(`SELECT count(*) FROM district_calendar_day WHERE name = 'Snow day'`)},
		{"coaches away, with somebody who covers", 1, 1, number(`SELECT count(*) FROM district_absence a JOIN district_person p ON p.id = a.person WHERE p.title = 'Learning coach' AND a.cover IS NOT NULL AND a.from_at <= $1 AND a.until > $1`, db.Us(now))},
		{"placeholders left in what is said", 0, 0, number(`SELECT count(*) FROM desk_message WHERE body LIKE '%' || $1 || '%' OR body LIKE '%{%'`, "\x01")},
	} {
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: %d, want %d to %d", c.what, c.got, c.low, c.high)
		}
	}
	if err := d.DB.Read(t.Context(), func(tx *db.Tx) error {
		twice, err := db.List(tx, func(r *db.Rows, s *string) error { return r.Scan(s) },
			`SELECT body FROM desk_message WHERE id IN (SELECT min(id) FROM desk_message GROUP BY ticket) GROUP BY body HAVING count(*) > 1`)
		for _, text := range twice {
			t.Errorf("asked twice: %q", text)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := number(`SELECT count(*) FROM desk_flow`); n < requests-300 || n > requests {
		t.Errorf("the flow of %d of %d requests is computed", n, requests)
	}
}

// Whatever the day, the example opens on a school morning that is not long
// past, and has a year behind it.
func TestMorning(t *testing.T) {
	zone, err := time.LoadLocation(demo.Zone)
	if err != nil {
		t.Fatal(err)
	}
	for day := 0; day < 730; day++ {
		at := time.Date(2026, 1, 1, 15, 0, 0, 0, zone).AddDate(0, 0, day)
		m := demo.Morning(at).In(zone)
		if w := m.Weekday(); w == time.Saturday || w == time.Sunday || m.Hour() != 9 || m.Minute() != 40 {
			t.Errorf("%s opens on %s", at.Format(time.DateOnly), m.Format("Mon 2006-01-02 15:04"))
		}
		if d := m.Sub(at); d < -12*time.Hour || d > 14*24*time.Hour {
			t.Errorf("%s opens %s away", at.Format(time.DateOnly), d)
		}
		if demo.Morning(at.Add(-14*time.Hour)) != demo.Morning(at.Add(8*time.Hour)) {
			t.Errorf("%s has two mornings", at.Format(time.DateOnly))
		}
	}
}
