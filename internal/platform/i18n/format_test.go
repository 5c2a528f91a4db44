package i18n_test

import (
	"context"
	"math"
	"testing"
	"time"
	_ "time/tzdata"

	"trellis/internal/platform/i18n"
)

func TestFormats(t *testing.T) {
	c := catalogue(t, english, spanish)
	en := i18n.With(t.Context(), c, "en-US")
	es := i18n.With(t.Context(), c, "es-US")
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v.UTC()
	}
	now := at("2026-11-24 10:00") // a Tuesday
	when := func(s string) func(context.Context) string {
		return func(ctx context.Context) string { return i18n.When(ctx, at(s), now, zone) }
	}
	inside := func(s string) func(context.Context) string {
		return func(ctx context.Context) string { return i18n.WhenInside(ctx, at(s), now, zone) }
	}
	ago := func(d time.Duration) func(context.Context) string {
		return func(ctx context.Context) string { return i18n.Ago(ctx, now.Add(-d), now) }
	}
	for _, x := range []struct {
		say    func(context.Context) string
		en, es string
	}{
		{func(c context.Context) string { return i18n.Time(c, at("2026-11-23 00:05"), zone) }, "12:05 am", "12:05 a. m."},
		{func(c context.Context) string { return i18n.Time(c, at("2026-11-23 12:00"), zone) }, "12:00 pm", "12:00 p. m."},
		{func(c context.Context) string { return i18n.Date(c, at("2026-11-23 23:59"), zone) }, "Nov 23, 2026", "23 nov 2026"},
		{func(c context.Context) string { return i18n.LongDate(c, at("2026-09-02 07:00"), zone) }, "Wednesday, September 2, 2026", "miércoles, 2 de septiembre de 2026"},
		{func(c context.Context) string { return i18n.DateTime(c, at("2026-11-23 15:05"), zone) }, "Nov 23, 2026, 3:05 pm", "23 nov 2026, 3:05 p. m."},
		{when("2026-11-24 08:14"), "8:14 am", "8:14 a. m."},
		{when("2026-11-24 23:59"), "11:59 pm", "11:59 p. m."},
		{when("2026-11-23 15:05"), "Yesterday 3:05 pm", "Ayer 3:05 p. m."},
		{inside("2026-11-23 15:05"), "yesterday 3:05 pm", "ayer 3:05 p. m."},
		{when("2026-11-25 08:00"), "Tomorrow 8:00 am", "Mañana 8:00 a. m."},
		{when("2026-11-22 15:05"), "Sun, Nov 22", "dom, 22 nov"},
		{when("2026-12-01 15:05"), "Tue, Dec 1", "mar, 1 dic"},
		{when("2025-11-24 15:05"), "Nov 24, 2025", "24 nov 2025"},
		{ago(30 * time.Second), "just now", "hace un momento"},
		{ago(-30 * time.Second), "just now", "hace un momento"},
		{ago(5*time.Minute + 59*time.Second), "5 min ago", "hace 5 min"},
		{ago(time.Hour), "1 hour ago", "hace 1 hora"},
		{ago(-2 * time.Hour), "in 2 hours", "en 2 horas"},
		{ago(25 * time.Hour), "1 day ago", "hace 1 día"},
		{ago(1200 * 24 * time.Hour), "1,200 days ago", "hace 1,200 días"},
		{func(c context.Context) string { return i18n.Number(c, -1234567) }, "-1,234,567", "-1,234,567"},
		{func(c context.Context) string { return i18n.Number(c, math.MinInt64) }, "-9,223,372,036,854,775,808", "-9,223,372,036,854,775,808"},
		{func(c context.Context) string { return i18n.Number(c, 999) }, "999", "999"},
		{func(c context.Context) string { return i18n.Decimal(c, 12345.64, 1) }, "12,345.6", "12,345.6"},
		{func(c context.Context) string { return i18n.Size(c, 999) }, "999 B", "999 B"},
		{func(c context.Context) string { return i18n.Size(c, 811_600) }, "812 KB", "812 KB"},
		{func(c context.Context) string { return i18n.Size(c, 999_600) }, "1.0 MB", "1.0 MB"},
		{func(c context.Context) string { return i18n.Size(c, 25_000_000) }, "25 MB", "25 MB"},
		{func(c context.Context) string { return i18n.Size(c, 3_400_000_000) }, "3.4 GB", "3.4 GB"},
	} {
		if got := x.say(en); got != x.en {
			t.Errorf("got %q, want %q", got, x.en)
		}
		if got := x.say(es); got != x.es {
			t.Errorf("got %q, want %q", got, x.es)
		}
	}
	// A day that is 25 hours long is one day: clocks went back on November 1.
	if got := i18n.When(en, at("2026-10-31 00:30"), at("2026-11-01 23:30"), zone); got != "Yesterday 12:30 am" {
		t.Errorf("over the change of clocks: %q", got)
	}
}
