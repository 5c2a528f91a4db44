package calendar_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// What holds at a site: its own before the district's, and the default where
// nobody has said anything.
func TestWhatHolds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.want(w.marsh, "2026-03-02", "07:30-15:30")
		w.want(w.marsh, "2026-03-07", "")
		w.want(0, "2026-07-01", "07:30-15:30")
		if s := must[calendar.Said](t)(w.c.Said(w.admin, w.marsh)); !s.Default || s.OwnHours() {
			t.Errorf("a district that said nothing is told %+v", s)
		}

		must[int64](t)(w.c.SetHours(w.admin, calendar.SetHours{Week: week(t, "Mon-Fri 08:00-11:30,12:15-16:00")}))
		v := must[int64](t)(w.c.SetHours(w.admin, calendar.SetHours{Site: w.oak, Week: week(t, "Mon-Thu 07:00-15:00")}))
		w.want(w.marsh, "2026-03-06", "08:00-11:30,12:15-16:00")
		w.want(w.oak, "2026-03-05", "07:00-15:00")
		w.want(w.oak, "2026-03-06", "")

		must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{Name: "Spring", Dates: dates(t, "2026-01-05", "2026-05-29")}))
		must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{Name: "Fall", Dates: dates(t, "2026-08-17", "2026-12-18")}))
		must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{Site: w.oak, Name: "All", Dates: dates(t, "2026-01-05", "2026-12-18")}))
		w.want(w.marsh, "2026-07-01", "")
		w.want(w.oak, "2026-07-01", "07:00-15:00")

		// A season of the district, and one of Marsh in the middle of it.
		must[calendar.RangeID](t)(w.c.SetSeason(w.admin, calendar.SetRange{Name: "Summer hours", Dates: dates(t, "2026-06-01", "2026-06-26"), Week: week(t, "Mon-Thu 09:00-13:00")}))
		own := must[calendar.RangeID](t)(w.c.SetSeason(w.admin, calendar.SetRange{Site: w.marsh, Name: "Camp", Dates: dates(t, "2026-06-08", "2026-06-12"), Week: week(t, "Mon-Fri 08:00-17:00")}))
		for date, hours := range map[string]string{"2026-06-04": "09:00-13:00", "2026-06-08": "08:00-17:00", "2026-06-12": "08:00-17:00", "2026-06-15": "09:00-13:00", "2026-06-26": "", "2026-06-29": ""} {
			w.want(w.marsh, date, hours)
		}
		w.want(w.oak, "2026-06-08", "09:00-13:00")

		// Days: the site's own wins on the same date.
		must[int64](t)(w.c.SetDays(w.admin, snow(t, 0, "2026-03-05")))
		must[int64](t)(w.c.SetDays(w.admin, calendar.SetDays{Changes: []calendar.DayChange{{Site: w.marsh, Date: day(t, "2026-03-05"),
			Day: calendar.Day{Kind: calendar.HalfDay, Hours: spans(t, "08:00-11:00"), Name: "Half day"}}}}))
		w.want(w.oak, "2026-03-05", "")
		w.want(w.marsh, "2026-03-05", "08:00-11:00")

		list := must[[]calendar.DateHours](t)(w.c.Dates(w.admin, w.marsh, dates(t, "2026-03-04", "2026-07-01")))
		for i, x := range map[int]calendar.DateHours{
			0: {Reason: calendar.Usual}, 1: {Reason: calendar.DayItself, Name: "Half day", Own: true}, 3: {Reason: calendar.Usual},
			96: {Reason: calendar.Season, Name: "Camp"}, 119: {Reason: calendar.NoTerm},
		} {
			if got := list[i]; got.Reason != x.Reason || got.Name != x.Name || got.Own != x.Own {
				t.Errorf("%s is %+v, want %+v", got.Date, got, x)
			}
		}
		var next []calendar.SchoolDay
		if err := w.db.Read(w.admin, func(tx *db.Tx) (err error) {
			next, err = calendar.SchoolDays(tx, w.oak, day(t, "2026-03-04"), 3)
			return err
		}); err != nil || len(next) != 3 || next[0].Date != day(t, "2026-03-04") || next[1].Date != day(t, "2026-03-09") {
			t.Errorf("the next days with hours are %v, %v", next, err)
		}

		// Taken away again.
		if err := w.c.DropSeason(w.admin, own, 1); err != nil {
			t.Fatal(err)
		}
		w.want(w.marsh, "2026-06-08", "09:00-13:00")
		if v := must[int64](t)(w.c.SetHours(w.admin, calendar.SetHours{Site: w.oak, Version: v, Drop: true})); v != 0 {
			t.Errorf("no hours of its own have version %d", v)
		}
		w.want(w.oak, "2026-03-06", "08:00-11:30,12:15-16:00")
	})
}

// A change raises the revision of what it touches, what it doesn't touch keeps
// its own, and a calendar in memory is never one that came to nothing.
func TestRevision(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, before := w.of(w.marsh)
		must[int64](t)(w.c.SetDays(w.admin, snow(t, w.marsh, "2026-03-03")))
		_, marsh := w.of(w.marsh)
		_, oak := w.of(w.oak)
		if marsh <= before || oak != before {
			t.Fatalf("revisions %d and %d after %d", marsh, oak, before)
		}
		must[int64](t)(w.c.SetDays(w.admin, snow(t, 0, "2026-03-04")))
		_, marsh2 := w.of(w.marsh)
		_, oak2 := w.of(w.oak)
		if marsh2 <= marsh || oak2 <= oak {
			t.Fatalf("revisions %d and %d after a change of all", marsh2, oak2)
		}
		added := must[district.SiteID](t)(w.d.CreateSite(w.admin, district.CreateSite{Name: "Ash School", Level: district.LevelHigh}))
		w.want(added, "2026-03-04", "")
		if _, rev := w.of(added); rev != oak2 {
			t.Errorf("a new site goes by revision %d, the others by %d", rev, oak2)
		}

		// Seen inside a transaction that fails, and then another one with the same
		// revision.
		boom := errors.New("boom")
		err := w.db.Write(w.admin, "fail", func(tx *db.Tx) error {
			tx.Unlogged("it fails")
			if _, err := tx.Exec(`INSERT INTO district_calendar_day (site, date, kind, hours, name) VALUES ($1, '2026-03-10', 'closed', '', 'Ghost')`, w.marsh); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE district_calendar_rev SET revision = revision + 1, sum = 'ghost' WHERE site = $1`, w.marsh); err != nil {
				return err
			}
			c, _, err := calendar.Of(tx, w.marsh)
			if err == nil && len(c.HoursOn(day(t, "2026-03-10"))) != 0 {
				t.Error("a transaction doesn't see its own change")
			}
			return errors.Join(err, boom)
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		w.want(w.marsh, "2026-03-10", "07:30-15:30")
		must[int64](t)(w.c.SetDays(w.admin, snow(t, w.marsh, "2026-03-11")))
		w.want(w.marsh, "2026-03-10", "07:30-15:30")
		w.want(w.marsh, "2026-03-11", "")

		// Another zone is another calendar at once.
		c, _ := w.of(w.oak)
		s := must[district.Site](t)(w.d.Site(w.admin, w.oak))
		must[int64](t)(w.d.ChangeSite(w.admin, district.ChangeSite{ID: s.ID, Version: s.Version, Name: s.Name, Short: s.Short, Level: s.Level, Zone: "Pacific/Honolulu"}))
		if c2, _ := w.of(w.oak); c.Zone().String() != "America/Denver" || c2.Zone().String() != "Pacific/Honolulu" {
			t.Errorf("zones %s and %s", c.Zone(), c2.Zone())
		}
	})
}

// Nonsense is refused with the sentence that explains it, and changes nothing.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bad := func(key string, err error) map[string]any {
			t.Helper()
			return refused(t, err, key)
		}
		hours := func(x calendar.SetHours) error { _, err := w.c.SetHours(w.admin, x); return err }
		term := func(x calendar.SetRange) error { _, err := w.c.SetTerm(w.admin, x); return err }
		season := func(x calendar.SetRange) error { _, err := w.c.SetSeason(w.admin, x); return err }
		days := func(x ...calendar.DayChange) error {
			_, err := w.c.SetDays(w.admin, calendar.SetDays{Changes: x})
			return err
		}
		at := func(date string, d calendar.Day) calendar.DayChange {
			return calendar.DayChange{Site: w.marsh, Date: day(t, date), Day: d}
		}
		before := w.count(`SELECT count(*) FROM event`)

		var night, twice worktime.Week
		night[1] = []worktime.Span{{From: 22 * 60, To: 6 * 60}}
		twice[2] = []worktime.Span{{From: 480, To: 720}, {From: 700, To: 900}}
		bad("district.calendar.hours.midnight", hours(calendar.SetHours{Week: night}))
		bad("district.calendar.hours.overlap", hours(calendar.SetHours{Week: twice}))
		bad("district.calendar.hours.none", hours(calendar.SetHours{}))
		bad("district.calendar.term.backwards", term(calendar.SetRange{Name: "Fall", Dates: dates(t, "2026-12-18", "2026-08-17")}))
		bad("district.calendar.far", term(calendar.SetRange{Name: "Fall", Dates: dates(t, "2026-08-17", "2062-12-18")}))
		bad("field.required", term(calendar.SetRange{Name: " ", Dates: dates(t, "2026-08-17", "2026-12-18")}))
		bad("district.calendar.hours.none", season(calendar.SetRange{Name: "Summer", Dates: dates(t, "2026-06-01", "2026-07-01")}))

		args := bad("district.calendar.no_hours", term(calendar.SetRange{Site: w.marsh, Name: "Some day", Dates: dates(t, "2027-08-16", "2027-12-17")}))
		if args["Place"] != "Marsh Elementary School" || args["Date"] != "2027-08-16" {
			t.Errorf("the sentence names %v", args)
		}
		if args := bad("district.calendar.no_more", term(calendar.SetRange{Name: "Over", Dates: dates(t, "2025-08-16", "2025-12-17")})); args["Place"] != "Juniper Valley" {
			t.Errorf("the sentence names %v", args)
		}

		half := calendar.Day{Kind: calendar.HalfDay, Hours: spans(t, "08:00-11:00"), Name: "Half day"}
		bad("district.calendar.days.contradict", days(at("2026-03-05", half), at("2026-03-05", calendar.Day{Kind: calendar.Closed, Name: "Snow day"})))
		bad("district.calendar.days.contradict", days(at("2026-03-05", half), calendar.DayChange{Site: w.marsh, Date: day(t, "2026-03-05"), Clear: true}))
		bad("district.calendar.days.closed_hours", days(at("2026-03-05", calendar.Day{Kind: calendar.Closed, Hours: half.Hours, Name: "Snow day"})))
		bad("district.calendar.days.no_hours", days(at("2026-03-05", calendar.Day{Kind: calendar.LateStart, Name: "Ice"})))
		bad("field.unknown_choice", days(at("2026-03-05", calendar.Day{Kind: "party", Name: "Ice"})))
		bad("field.required", days(at("2026-03-05", calendar.Day{Kind: calendar.Closed})))
		bad("field.required", days())
		bad("district.calendar.far", days(at("1926-03-05", calendar.Day{Kind: calendar.Closed, Name: "Snow day"})))
		bad("error.not_found", days(calendar.DayChange{Site: 999, Date: day(t, "2026-03-05"), Day: half}))

		if n := w.count(`SELECT count(*) FROM event`); n != before {
			t.Errorf("%d events were told of what was refused", n-before)
		}
		w.want(w.marsh, "2026-03-05", "07:30-15:30")

		// Terms of one place don't overlap; of two places they may.
		if err := term(calendar.SetRange{Name: "Year", Dates: dates(t, "2026-01-05", "2026-12-18")}); err != nil {
			t.Fatal(err)
		}
		bad("district.calendar.term.overlap", term(calendar.SetRange{Name: "Fall", Dates: dates(t, "2026-12-18", "2027-02-01")}))
		if err := term(calendar.SetRange{Site: w.oak, Name: "Fall", Dates: dates(t, "2026-03-01", "2027-02-01")}); err != nil {
			t.Error(err)
		}

		// A place without a zone.
		if err := w.db.Write(w.admin, "lose zone", func(tx *db.Tx) error {
			tx.Unlogged("test")
			_, err := tx.Exec(`UPDATE district_site SET zone = '' WHERE id = $1`, w.oak)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if args := bad("district.calendar.no_zone", days(calendar.DayChange{Site: w.oak, Date: day(t, "2026-03-05"), Day: half})); args["Place"] != "Oak High School" {
			t.Errorf("the sentence names %v", args)
		}
		err := w.db.Read(w.admin, func(tx *db.Tx) error { _, _, err := calendar.Of(tx, w.oak); return err })
		bad("district.calendar.no_zone", err)
		if err := days(at("2026-03-05", half)); err != nil {
			t.Errorf("another place's missing zone keeps Marsh from changing: %v", err)
		}
	})
}

// A snow day for all closes every place, whatever it had said for itself, and
// taking it back brings that back.
func TestSnowDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		half := calendar.Day{Kind: calendar.HalfDay, Hours: spans(t, "08:00-11:00"), Name: "Parent day"}
		must[int64](t)(w.c.SetDays(w.admin, calendar.SetDays{Changes: []calendar.DayChange{{Site: w.marsh, Date: day(t, "2026-03-05"), Day: half}}}))

		cmd := must[calendar.SetDays](t)(w.c.Plan(w.admin, calendar.Enter{Entries: []calendar.Entry{
			{First: day(t, "2026-03-05"), Last: day(t, "2026-03-08"), Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}))
		if len(cmd.Changes) != 3 { // Thursday and Friday of all, and Marsh's own; not the weekend
			t.Fatalf("planned %+v", cmd.Changes)
		}
		r := must[calendar.Review](t)(w.c.Review(w.admin, cmd))
		if len(r.Effects) != 3 || !r.Effects[2].All || len(r.Effects[0].Places)+len(r.Effects[1].Places) != 3 {
			t.Fatalf("the review says %+v", r.Effects)
		}
		w.want(w.marsh, "2026-03-05", "08:00-11:00") // nothing is saved by looking
		err := w.db.Read(w.admin, func(tx *db.Tx) error {
			d, err := calendar.Would(tx, cmd)
			if err != nil {
				return err
			}
			c, err := d.Of(w.marsh)
			if err == nil && (len(c.HoursOn(day(t, "2026-03-05"))) != 0 || len(d.Sites()) != 4) {
				t.Errorf("the draft of %v has hours %v", d.Sites(), c.HoursOn(day(t, "2026-03-05")))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}

		event := must[int64](t)(w.c.SetDays(w.admin, cmd))
		for _, s := range []district.SiteID{w.marsh, w.oak, w.office} {
			w.want(s, "2026-03-05", "")
			w.want(s, "2026-03-06", "")
		}
		if again := must[int64](t)(w.c.SetDays(w.admin, cmd)); again != 0 {
			t.Errorf("the same again tells event %d", again)
		}

		// Somebody changes one of the days after that: it stays when the rest is
		// taken back.
		must[int64](t)(w.c.SetDays(w.admin, calendar.SetDays{Changes: []calendar.DayChange{{Date: day(t, "2026-03-06"), Day: calendar.Day{Kind: calendar.Closed, Name: "Power out"}}}}))
		back := must[calendar.TakenBack](t)(w.c.TakeBack(w.admin, event))
		if back.Undone != 2 || back.Kept != 1 {
			t.Fatalf("taken back %+v", back)
		}
		w.want(w.marsh, "2026-03-05", "08:00-11:00")
		w.want(w.oak, "2026-03-05", "07:30-15:30")
		w.want(w.oak, "2026-03-06", "")
		_, err = w.c.TakeBack(w.admin, event)
		refused(t, err, "district.calendar.back.none")
		_, err = w.c.TakeBack(w.admin, 999_999)
		refused(t, err, "error.not_found")

		past := must[[]calendar.Past](t)(w.c.Past(w.admin, 10))
		if len(past) != 4 || past[0].Back != event || past[2].CanBack || !past[0].CanBack || past[2].Days != 3 || past[2].Title != "Snow day" || past[0].Name != "Rosa Delgado" {
			t.Errorf("the past says %+v", past)
		}
		list := must[[]calendar.Single](t)(w.c.Singles(w.admin, w.marsh, day(t, "2026-03-01")))
		if len(list) != 2 || list[0].Site != w.marsh || list[1].Site != 0 || list[1].Day.Name != "Power out" {
			t.Errorf("the single days are %+v", list)
		}
	})
}

// The same command sent twice happens once and answers the same.
func TestIdempotent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := idem.With(w.admin, idem.Key{Key: idem.New(), Actor: "person:1", Route: "POST /x", Hash: [32]byte{1}})
		first := must[int64](t)(w.c.SetDays(ctx, snow(t, 0, "2026-03-05")))
		before := w.count(`SELECT count(*) FROM event`)
		if again := must[int64](t)(w.c.SetDays(ctx, snow(t, 0, "2026-03-05"))); again != first || first == 0 {
			t.Errorf("event %d and then %d", first, again)
		}
		if n := w.count(`SELECT count(*) FROM event`); n != before {
			t.Error("the second one told an event")
		}
	})
}

// Two people change the same hours or term: the second is told.
func TestStale(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must[int64](t)(w.c.SetHours(w.admin, calendar.SetHours{Week: week(t, "Mon-Fri 08:00-16:00")}))
		_, err := w.c.SetHours(w.as(w.lena), calendar.SetHours{Week: week(t, "Mon-Fri 09:00-16:00")})
		if !errs.Is(err, errs.Precondition) {
			t.Errorf("stale hours: %v", err)
		}
		id := must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{Name: "Year", Dates: dates(t, "2026-01-05", "2026-12-18")}))
		must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{ID: id, Version: 1, Name: "School year", Dates: dates(t, "2026-01-05", "2026-12-18")}))
		_, err = w.c.SetTerm(w.as(w.lena), calendar.SetRange{ID: id, Version: 1, Name: "The year", Dates: dates(t, "2026-01-05", "2026-12-18")})
		if !errs.Is(err, errs.Precondition) {
			t.Errorf("stale term: %v", err)
		}
		if err := w.c.DropTerm(w.admin, id, 1); !errs.Is(err, errs.Precondition) {
			t.Errorf("stale drop: %v", err)
		}
		if err := w.c.DropSeason(w.admin, id, 2); !errs.Is(err, errs.NotFound) {
			t.Errorf("a term dropped as a season: %v", err)
		}
		if err := w.c.DropTerm(w.admin, id, 2); err != nil {
			t.Error(err)
		}
	})
}

// Each method, called validly: who has no right is refused and changes nothing;
// then who has it succeeds.
func TestRights(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		keep, all := []district.PersonID{w.lena, w.rosa}, []district.PersonID{w.rosa, w.lena, w.sam, w.pat, w.tina, w.stu}
		event := must[int64](t)(w.c.SetDays(w.admin, snow(t, w.oak, "2026-03-09")))
		year := must[calendar.RangeID](t)(w.c.SetTerm(w.admin, calendar.SetRange{Name: "Year", Dates: dates(t, "2026-01-05", "2026-12-18")}))
		test := must[calendar.RangeID](t)(w.c.SetSeason(w.admin, calendar.SetRange{Name: "Tests", Dates: dates(t, "2026-04-06", "2026-04-10"), Week: week(t, "Mon-Fri 08:00-12:00")}))
		enter := calendar.Enter{Entries: []calendar.Entry{{First: day(t, "2026-03-05"), Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}
		for _, x := range []struct {
			method string
			may    []district.PersonID
			writes bool
			call   func(ctx context.Context) error
		}{
			{"Places", all, false, func(c context.Context) error { _, err := w.c.Places(c); return err }},
			{"Said", all, false, func(c context.Context) error { _, err := w.c.Said(c, w.marsh); return err }},
			{"Dates", all, false, func(c context.Context) error {
				_, err := w.c.Dates(c, w.marsh, dates(t, "2026-03-01", "2026-03-09"))
				return err
			}},
			{"Singles", all, false, func(c context.Context) error { _, err := w.c.Singles(c, w.marsh, day(t, "2026-03-01")); return err }},
			{"Past", keep, false, func(c context.Context) error { _, err := w.c.Past(c, 5); return err }},
			{"Plan", keep, false, func(c context.Context) error { _, err := w.c.Plan(c, enter); return err }},
			{"Review", keep, false, func(c context.Context) error { _, err := w.c.Review(c, snow(t, 0, "2026-03-05")); return err }},
			{"Propose", keep, false, func(c context.Context) error {
				_, err := w.c.Propose(c, calendar.Import{Data: []byte("3/5/2026 Snow day")})
				return err
			}},
			{"SetHours", keep, true, func(c context.Context) error {
				_, err := w.c.SetHours(c, calendar.SetHours{Week: week(t, "Mon-Fri 08:00-16:00")})
				return err
			}},
			{"SetTerm", keep, true, func(c context.Context) error {
				_, err := w.c.SetTerm(c, calendar.SetRange{Name: "Next", Dates: dates(t, "2027-01-05", "2027-05-18")})
				return err
			}},
			{"DropTerm", keep, true, func(c context.Context) error { return w.c.DropTerm(c, year, 1) }},
			{"SetSeason", keep, true, func(c context.Context) error {
				_, err := w.c.SetSeason(c, calendar.SetRange{Name: "Tests", Dates: dates(t, "2026-05-04", "2026-05-08"), Week: week(t, "Mon-Fri 08:00-12:00")})
				return err
			}},
			{"DropSeason", keep, true, func(c context.Context) error { return w.c.DropSeason(c, test, 1) }},
			{"SetDays", keep, true, func(c context.Context) error { _, err := w.c.SetDays(c, snow(t, w.marsh, "2026-03-05")); return err }},
			{"TakeBack", keep, true, func(c context.Context) error { _, err := w.c.TakeBack(c, event); return err }},
		} {
			narrow := policy.ActorFrom(w.as(w.rosa))
			narrow.Session, narrow.Token, narrow.Scopes = 0, 1, []string{"other:scope"}
			tries := map[string]context.Context{"nobody": context.Background(), "a token without the scope": policy.WithActor(context.Background(), narrow)}
			for _, id := range all {
				if !slices.Contains(x.may, id) {
					tries[must[district.Person](t)(w.d.Person(w.admin, id)).Name] = w.as(id)
				}
			}
			told := w.count(`SELECT count(*) FROM event WHERE kind LIKE 'calendar.%'`)
			for who, ctx := range tries {
				if err := x.call(ctx); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.Unauthenticated) {
					t.Errorf("%s by %s: %v", x.method, who, err)
				}
			}
			if n := w.count(`SELECT count(*) FROM event WHERE kind LIKE 'calendar.%'`); n != told {
				t.Errorf("%s was refused and changed something", x.method)
			}
			if err := x.call(w.as(x.may[0])); err != nil {
				t.Errorf("%s: %v", x.method, err)
			}
			if n := w.count(`SELECT count(*) FROM event WHERE kind LIKE 'calendar.%'`); (n != told) != x.writes {
				t.Errorf("%s told %d events", x.method, n-told)
			}
		}
	})
}

// Hours as people write them.
func TestReadSpans(t *testing.T) {
	for said, want := range map[string]string{
		"7:30 am - 3:30 pm": "07:30-15:30", "7:30-15:30": "07:30-15:30", "07:30–11:30, 12:15–15:30": "07:30-11:30,12:15-15:30",
		"8 a.m. to 4 p.m.": "08:00-16:00", "12:15 PM - 12:45 PM, 7am-11am": "07:00-11:00,12:15-12:45", "": "", "8.30-9.00": "08:30-09:00", "0:00-24:00": "00:00-24:00",
	} {
		var in errs.Check
		if got := worktime.FormatSpans(calendar.ReadSpans(&in, "mon", said)); got != want || in.Err() != nil {
			t.Errorf("%q is %q, %v", said, got, in.Err())
		}
	}
	for said, key := range map[string]string{
		"8-4": "district.calendar.hours.form", "morning": "district.calendar.hours.form", "22:00-6:00": "district.calendar.hours.midnight", "8:00-12:00,11:00-13:00": "district.calendar.hours.overlap",
		"13 pm - 2 pm": "district.calendar.hours.form", "8:00": "district.calendar.hours.form", "25:00-26:00": "district.calendar.hours.form",
	} {
		var in errs.Check
		calendar.ReadSpans(&in, "mon", said)
		refused(t, in.Err(), key)
	}
}

// A wall clock's hours, once around the year, in the zone of the place.
func TestZone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c, _ := w.of(w.marsh)
		from := time.Date(2026, 3, 6, 22, 0, 0, 0, time.UTC) // Friday, 15:00 in Denver; Sunday the clocks change
		due, err := c.Add(from, time.Hour, nil)
		if want := time.Date(2026, 3, 9, 14, 0, 0, 0, time.UTC); err != nil || !due.Equal(want) {
			t.Errorf("due %v, want %v (%v)", due, want, err)
		}
	})
}
