package cover_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
	"trellis/internal/platform/policy"
)

func TestMessages(t *testing.T) {
	c, err := i18n.NewCatalogue(cover.Messages)
	if err != nil {
		t.Fatal(err)
	}
	keycheck.Check(t, ".", c, keycheck.Options{})
	for _, k := range c.Keys() {
		if slices.Equal(c.Texts("en-US", k), c.Texts("es-US", k)) {
			t.Errorf("%s is not translated", k)
		}
	}
}

// What is refused, each with the sentence that explains it.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		sam := h.as(h.sam)
		declare := func(from, until time.Time, by district.PersonID) error {
			_, err := h.Declare(sam, cover.Declare{Person: h.sam, From: from, Until: until, Cover: by})
			return err
		}
		field(t, declare(h.at(3, 0, 0), h.at(4, 0, 0), h.sam), "cover", "cover.self")
		field(t, declare(h.at(4, 0, 0), h.at(3, 0, 0), 0), "until", "cover.backward")
		field(t, declare(h.at(4, 0, 0), h.at(4, 0, 0), 0), "until", "cover.backward")
		field(t, declare(time.Time{}, h.at(1, 0, 0), 0), "until", "cover.past")
		field(t, declare(time.Time{}, time.Time{}, 0), "until", "field.required")
		field(t, declare(h.at(3, 0, 0), h.at(3, 0, 0).AddDate(3, 0, 0), 0), "until", "cover.long")
		field(t, declare(h.at(3, 0, 0), h.at(4, 0, 0), 999), "cover", "cover.not_staff")
		field(t, declare(h.at(3, 0, 0), h.at(4, 0, 0), h.tina), "cover", "cover.no_helper")
		_, err := h.Declare(sam, cover.Declare{Person: h.sam, From: h.at(3, 0, 0), Until: h.at(4, 0, 0), Why: "a\x00b"})
		field(t, err, "why", "field.invalid")

		// Kim is away in two absences that leave no break between them.
		h.out(h.kim, h.at(3, 0, 0), h.at(5, 0, 0), 0)
		h.out(h.kim, h.at(5, 0, 0), h.at(7, 0, 0), 0)
		field(t, declare(h.at(4, 0, 0), h.at(6, 0, 0), h.kim), "cover", "cover.away")
		if err := declare(h.at(4, 0, 0), h.at(7, 1, 0), h.kim); err != nil {
			t.Errorf("who is there for an hour can't cover: %v", err)
		}
		field(t, declare(h.at(6, 0, 0), h.at(9, 0, 0), 0), "until", "cover.overlap")
		if err := declare(h.at(7, 1, 0), h.at(9, 0, 0), 0); err != nil {
			t.Errorf("an absence that follows another: %v", err)
		}
	})
}

func TestChangeAndEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		sam := h.as(h.sam)
		id := must(h.Declare(sam, cover.Declare{Person: h.sam, From: h.at(3, 0, 0), Until: h.at(5, 0, 0), Cover: h.kim, Why: "Jury  duty"}))(t)
		if h.events("absence.declared") != 1 {
			t.Error("no event")
		}
		if got := h.told(h.kim); !slices.Equal(got, []string{"cover.notice.you_cover"}) {
			t.Errorf("Kim is told %v", got)
		}
		if got := h.told(h.rosa); !slices.Equal(got, []string{"cover.notice.out_covered"}) {
			t.Errorf("the lead is told %v", got)
		}
		if got := h.told(h.sam); len(got) != 0 {
			t.Errorf("Sam is told what he said himself: %v", got)
		}
		x := must(h.Absence(sam, id))(t)
		if x.Why != "Jury duty" || x.State(h.clock.Now()) != cover.Planned || !x.MayChange {
			t.Fatalf("%+v", x)
		}

		v := must(h.Change(sam, cover.Change{ID: id, Version: 1, From: h.at(3, 0, 0), Until: h.at(6, 0, 0), Cover: h.rosa, Why: x.Why}))(t)
		if v != 2 || h.events("absence.changed") != 1 {
			t.Errorf("version %d", v)
		}
		if got := h.told(h.kim); !slices.Equal(got, []string{"cover.notice.no_longer"}) {
			t.Errorf("Kim is told %v", got)
		}
		_, err := h.Change(sam, cover.Change{ID: id, Version: 1, From: h.at(3, 0, 0), Until: h.at(6, 0, 0)})
		refusedAs(t, err, errs.Precondition, "error.stale")

		// Begun, it keeps its beginning; back early, it ends.
		h.clock.Set(h.at(4, 9, 0))
		must(h.Change(sam, cover.Change{ID: id, Version: 2, From: h.at(5, 0, 0), Until: h.at(6, 0, 0), Cover: h.rosa}))(t)
		if x := must(h.Absence(sam, id))(t); !x.From.Equal(h.at(3, 0, 0)) || x.State(h.clock.Now()) != cover.Running {
			t.Errorf("%+v", x)
		}
		if h.here(h.sam, h.clock.Now()) {
			t.Error("Sam is here")
		}
		must(h.End(sam, id, 3))(t)
		if !h.here(h.sam, h.clock.Now()) || h.here(h.sam, h.at(4, 8, 59)) {
			t.Error("he came back at nine and not before")
		}
		_, err = h.End(sam, id, 4)
		refusedAs(t, err, errs.Conflict, "cover.over")
		_, err = h.Change(sam, cover.Change{ID: id, Version: 4, Until: h.at(9, 0, 0)})
		refusedAs(t, err, errs.Conflict, "cover.over")

		// What has not begun is canceled, leaves no trace in who is here, and
		// makes room.
		id = h.out(h.sam, h.at(5, 0, 0), h.at(6, 0, 0), h.kim)
		must(h.End(sam, id, 1))(t)
		if h.events("absence.canceled") != 1 || h.events("absence.ended") != 1 || !h.here(h.sam, h.at(5, 9, 0)) {
			t.Error("not canceled")
		}
		_, err = h.End(sam, id, 2)
		refusedAs(t, err, errs.Conflict, "cover.canceled")
		h.out(h.sam, h.at(5, 0, 0), h.at(6, 0, 0), h.kim)
		if list := must(h.Absences(sam, cover.Query{Person: h.sam}))(t); len(list) != 1 {
			t.Errorf("%d absences", len(list))
		}
	})
}

// An absence ends by itself: nothing runs, only the clock moves.
func TestEndsByItself(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.out(h.sam, time.Time{}, h.at(3, 0, 0), h.kim)
		for _, c := range []struct {
			at   time.Time
			here bool
		}{{h.at(2, 7, 5), false}, {h.at(2, 23, 59), false}, {h.at(3, 0, 0), true}} {
			h.clock.Set(c.at)
			if h.here(h.sam, h.clock.Now()) != c.here {
				t.Errorf("at %v he is here: %v", c.at, !c.here)
			}
			s := h.stand(h.sam, h.clock.Now())
			if c.here != (s.Person == h.sam) || !c.here && (s.Person != h.kim || !s.Until.Equal(h.at(3, 0, 0))) {
				t.Errorf("at %v: %+v", c.at, s)
			}
		}
		if len(must(h.Absences(h.as(h.sam), cover.Query{}))(t)) != 0 {
			t.Error("it is listed still")
		}
		if h.events("absence.ended") != 0 {
			t.Error("an event nobody caused")
		}
	})
}

// Who may declare for whom, and who reads why.
func TestRights(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		d := cover.Declare{Person: h.sam, From: h.at(3, 0, 0), Until: h.at(4, 0, 0), Cover: h.kim, Why: "Surgery"}
		for who, ctx := range map[string]context.Context{"a teacher": h.as(h.tina), "a colleague": h.as(h.kim), "a principal": h.as(h.pat), "the lead of another team": h.as(h.dana)} {
			if _, err := h.Declare(ctx, d); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s declares: %v", who, err)
			}
			if _, err := h.SetHours(ctx, cover.Hours{Person: h.sam, Week: "Mon 08:00-09:00"}); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s sets hours: %v", who, err)
			}
		}
		_, err := h.Declare(context.Background(), d)
		refusedAs(t, err, errs.Unauthenticated, "error.unauthenticated")
		narrow := policy.ActorFrom(h.as(h.sam))
		narrow.Session, narrow.Token, narrow.Scopes = 0, 1, []string{district.ScopeDistrictRead}
		_, err = h.Declare(policy.WithActor(context.Background(), narrow), d)
		refusedAs(t, err, errs.Forbidden, "error.forbidden")
		if h.events("absence.declared") != 0 {
			t.Fatal("refused, and written")
		}

		// Rosa leads Sam's team; he is told that she said it.
		id := must(h.Declare(h.as(h.rosa), d))(t)
		if got := h.told(h.sam); !slices.Equal(got, []string{"cover.notice.for_you"}) {
			t.Errorf("Sam is told %v", got)
		}
		for _, c := range []struct {
			who       string
			p         district.PersonID
			sees, why bool
		}{{"Sam", h.sam, true, true}, {"Rosa", h.rosa, true, true}, {"Kim", h.kim, true, false}, {"Pat", h.pat, true, false}, {"Dana", h.dana, true, false}, {"Tina", h.tina, false, false}} {
			x, err := h.Absence(h.as(c.p), id)
			if (err == nil) != c.sees || (x.Why == "Surgery") != c.why || x.MayChange != c.why {
				t.Errorf("%s: %+v, %v", c.who, x, err)
			}
			list := must(h.Absences(h.as(c.p), cover.Query{}))(t)
			if (len(list) == 1) != c.sees || c.sees && (list[0].Why == "Surgery") != c.why {
				t.Errorf("%s lists %+v", c.who, list)
			}
			_, err = h.Coverage(h.as(c.p), cover.CoverageQuery{})
			if (err == nil) != c.sees {
				t.Errorf("%s looks at coverage: %v", c.who, err)
			}
			if !c.why {
				if _, err := h.End(h.as(c.p), id, 1); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s ends it: %v", c.who, err)
				}
				if _, err := h.Change(h.as(c.p), cover.Change{ID: id, Version: 1, Until: h.at(9, 0, 0)}); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s changes it: %v", c.who, err)
				}
			}
		}
		// The reason never stands in the readable part of the log.
		h.read(func(tx *db.Tx) error {
			var n int
			if err := tx.QueryRow(`SELECT count(*) FROM event WHERE changes LIKE '%Surgery%'`).Scan(&n); err != nil || n != 0 {
				t.Errorf("the reason stands in %d events, %v", n, err)
			}
			return nil
		})
		_, err = h.Gaps(h.as(h.rosa), 5)
		refusedAs(t, err, errs.Forbidden, "error.forbidden")
	})
}
