package web_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/web/htmltest"
	"trellis/internal/testkit"
)

// cell is what a reader is told of a date.
func cell(t *testing.T, p *htmltest.Page, month, day string) string {
	t.Helper()
	for _, s := range p.Texts("#month-" + month + " td") {
		if s == day || strings.HasPrefix(s, day+" ") {
			return s
		}
	}
	t.Fatalf("%s has no day %s", month, day)
	return ""
}

// A snow day, from the page alone: entered, looked at, saved, seen, taken back.
func TestSnowDay(t *testing.T) {
	testkit.Each(t, setup(), func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b := w.as(c.rosa)
		at := b.get("/settings", 200).Link("Calendar")
		p := b.get(at, 200)
		has(t, p, "#default", "Monday to Friday, 7:30 am to 3:30 pm, without days off")
		if n := len(p.All("table.month")); n != 12 {
			t.Fatalf("a year of %d months", n)
		}

		day := p.Link("Add a day off or snow day")
		f := b.get(day, 200).Form("#day-form").Set("name", "Snow day").Set("first", "2026-03-05").Set("last", "2026-03-04")
		_, p = b.send(f, day, 422)
		has(t, p, "#f-last-error", "before the first")
		if got := value(p, "#day-form", "name"); got != "Snow day" {
			t.Fatalf("what was typed is lost: %q", got)
		}
		f = p.Form("#day-form").Set("last", "").Set("where", "some")
		_, p = b.send(f, day, 422)
		has(t, p, "#place-error", "at least one place")
		f = p.Form("#day-form").Set("where", "all").Set("last", "2026-03-08")
		_, p = b.send(f, day, 200)
		if rows := p.Texts("#effects tbody tr"); !slices.Equal(rows, []string{
			"Thu, Mar 5, 2026 All places 7:30 am – 3:30 pm Closed Snow day", "Fri, Mar 6, 2026 All places 7:30 am – 3:30 pm Closed Snow day"}) {
			t.Fatalf("the review says %q", rows)
		}
		if n := count(t, w, `SELECT count(*) FROM district_calendar_day`); n != 0 {
			t.Fatal("looking saved something")
		}
		review := p.Form("#review-form")

		// Meanwhile Marsh gets a half day: what would be saved is another thing now.
		half := b.get(day, 200).Form("#day-form").Set("name", "Parents").Set("first", "2026-03-05").Set("kind", "half_day").Set("hours", "7:30 am - 11:30 am").Set("where", "some").Set("place", id(c.marsh))
		_, q := b.send(half, day, 200)
		if to, _ := b.send(q.Form("#review-form"), day, 200); to != "/settings/calendar?done=days&site="+id(c.marsh) {
			t.Fatalf("saving led to %q", to)
		}
		_, p = b.send(review, day, 200)
		has(t, p, "#moved", "in the meantime")
		has(t, p, "#effects tbody tr", "Marsh Elementary School 7:30 am – 11:30 am Closed Snow day")
		to, p := b.send(p.Form("#review-form"), day, 200)
		if to != "/settings/calendar?done=days" {
			t.Fatalf("saving led to %q", to)
		}
		has(t, p, ".done", "Saved")
		if got := cell(t, p, "2026-03", "5"); got != "5 × closed, Snow day" {
			t.Errorf("the cell says %q", got)
		}
		if got := cell(t, p, "2026-03", "2"); got != "2 Today" {
			t.Errorf("today says %q", got)
		}
		if got := cell(t, p, "2026-03", "7"); got != "7 No hours" {
			t.Errorf("Saturday says %q", got)
		}
		if rows := p.Texts("#singles tbody tr"); len(rows) != 1 || !strings.HasPrefix(rows[0], "Thu, Mar 5, 2026 – Fri, Mar 6, 2026 Snow day Closed") {
			t.Fatalf("days that differ: %q", rows)
		}

		// Taken back: Marsh has its half day again.
		changes := "/settings/calendar/changes"
		p = b.get(changes, 200)
		rows := p.Texts("#changes tbody tr")
		if len(rows) != 2 || !strings.Contains(rows[0], "Snow day and more") || !strings.Contains(rows[0], "Rosa Delgado") {
			t.Fatalf("past changes: %q", rows)
		}
		to, p = b.send(p.Form("#changes tbody tr:first-child form"), changes, 200)
		if to != changes+"?done=back" || len(p.All("#changes tbody form")) != 2 {
			t.Fatalf("taking back led to %q", to)
		}
		p = b.get("/settings/calendar?site="+id(c.marsh), 200)
		if got := cell(t, p, "2026-03", "5"); !strings.HasPrefix(got, "5 ½ Parents, 7:30 am") {
			t.Errorf("the cell says %q", got)
		}

		// Removing it asks first, too.
		_, p = b.send(p.Form("#singles tbody form"), "/settings/calendar", 200)
		has(t, p, "#effects tbody tr", "Marsh Elementary School 7:30 am – 11:30 am 7:30 am – 3:30 pm")
		b.send(p.Form("#review-form"), day, 200)
		if n := count(t, w, `SELECT count(*) FROM district_calendar_day`); n != 0 {
			t.Errorf("%d days are left", n)
		}
	})
}

// What follows from a change is said by others, on the page that asks.
func TestReviewSlot(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		asked := 0
		w.review = func(change calendar.SetDays) templ.Component {
			asked += len(change.Changes)
			return templ.ComponentFunc(func(_ context.Context, out io.Writer) error {
				_, err := io.WriteString(out, `<p id="slot">Two would move</p>`)
				return err
			})
		}
		b, day := w.as(c.rosa), "/settings/calendar/day"
		_, p := b.send(b.get(day, 200).Form("#day-form").Set("name", "Snow day").Set("first", "2026-03-05"), day, 200)
		has(t, p, "#slot", "Two would move")
		if asked != 1 {
			t.Errorf("asked about %d days", asked)
		}
	})
}

func TestHoursTermsAndSeasons(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, place := w.as(c.rosa), "/settings/calendar?site="+id(c.marsh)

		at := b.get(place, 200).Link("Change the hours")
		mine := b.get(at, 200).Form("#hours-form").Set("fri", "8-12")
		_, p := b.send(mine, at, 422)
		has(t, p, "#f-fri-error", "Write hours such as")
		mine = p.Form("#hours-form").Set("fri", "8:00 am - 12:00 pm").Set("sat", "")
		other := w.as(c.rosa)
		other.send(other.get(at, 200).Form("#hours-form").Set("mon", "9:00-15:00"), at, 200)
		_, p = b.send(mine, at, 412)
		has(t, p, "#f-mon-error", "9:00 am – 3:00 pm")
		to, p := b.send(p.Form("#hours-form"), at, 200)
		if to != "/settings/calendar?done=saved&site="+id(c.marsh) {
			t.Fatalf("saving led to %q", to)
		}
		has(t, p, ".kv div", "Friday 8:00 am – 12:00 pm")
		has(t, p, ".kv div", "Monday – Thursday 7:30 am – 3:30 pm")
		has(t, p, "section p", "These are its own")
		_, p = b.send(b.get(at, 200).Form("#hours-form").Press("Go by the district's hours again"), at, 200)
		has(t, p, ".kv div", "Monday – Friday 7:30 am – 3:30 pm")

		at = p.Link("Add a term")
		f := b.get(at, 200).Form("#range-form").Set("name", "Spring 2026").Set("first", "2026-05-29").Set("last", "2026-01-05")
		_, p = b.send(f, at, 422)
		has(t, p, "#f-last-error", "ends before it begins")
		_, p = b.send(p.Form("#range-form").Set("first", "2027-08-16").Set("last", "2027-12-17"), at, 422)
		has(t, p, "#errors", "Marsh Elementary School would have no hours until 2027-08-16")
		_, p = b.send(p.Form("#range-form").Set("first", "2026-01-05").Set("last", "2026-05-29"), at, 200)
		edit := p.One(`a[href*="/term?id="]`).Attr("href")
		if got := cell(t, p, "2026-06", "1"); got != "1 No hours" {
			t.Errorf("after the term the cell says %q", got)
		}

		at = p.Link("Add a season")
		f = b.get(at, 200).Form("#range-form").Set("name", "Camp").Set("first", "2026-06-08").Set("last", "2026-06-12")
		_, p = b.send(f, at, 422)
		has(t, p, "#f-mon-error", "At least one day")
		_, p = b.send(p.Form("#range-form").Set("mon", "9:00 am - 12:00 pm"), at, 200)
		if got := cell(t, p, "2026-06", "8"); got != "8 ~ Camp, 9:00 am – 12:00 pm" {
			t.Errorf("the season's cell says %q", got)
		}
		to, p = b.send(b.get(edit, 200).Form("#range-form").Press("Take this term away"), edit, 200)
		if !strings.HasPrefix(to, "/settings/calendar?done=dropped") || p.Has(`a[href="`+edit+`"]`) {
			t.Errorf("taking away led to %q", to)
		}
		b.get(edit, http.StatusNotFound)
		b.get("/settings/calendar?site=999", http.StatusNotFound)
	})
}

// A feed that reaches too far, from the page alone.
func TestBringInACalendar(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		b, at := w.as(c.rosa), "/settings/calendar/import"
		_, p := b.send(b.get(at, 200).Form("#import-form"), at, 422)
		has(t, p, "#f-text-error", "fill this in")
		text := "11/11/2026 St Martin's Day\nNov 23-27, 2026 Thanksgiving break\n10/14/2026 Early dismissal\n12/26/2026 Holiday\nsomething else"
		_, p = b.send(p.Form("#import-form").Set("text", text), at, 200)
		boxes := map[string]bool{}
		for _, l := range p.All("#choose-form label.check") {
			boxes[l.String()] = l.Has("input[checked]")
		}
		if len(boxes) != 2 || !boxes["Mon, Nov 23, 2026 – Fri, Nov 27, 2026: Thanksgiving break Closed"] || boxes["Wed, Nov 11, 2026: St Martin's Day"] {
			t.Fatalf("the lines are %v", boxes)
		}
		has(t, p, "#choose-form fieldset", "Early dismissal")
		has(t, p, "#unread li", "Line 5: something else. We can't find a date here")
		has(t, p, "section p", "One falls on a day on which nobody works anyway")

		none := p.Form("#choose-form")
		delete(none.Values, "line")
		_, q := b.send(none, at, 422)
		has(t, q, "#f-text-error", "at least one line")

		_, p = b.send(p.Form("#choose-form"), at, 200)
		if n := len(p.All("#effects tbody tr")); n != 5 {
			t.Fatalf("%d days would change", n)
		}
		b.send(p.Form("#review-form"), at, 200)
		if got := cell(t, b.get("/settings/calendar?year=2026", 200), "2026-11", "26"); got != "26 × closed, Thanksgiving break" {
			t.Errorf("the cell says %q", got)
		}
		_, p = b.send(b.get(at, 200).Form("#import-form").Set("text", text).Set("short", "7:30-11:30"), at, 200)
		has(t, p, "section p", "One is already there")
		has(t, p, "#choose-form label.check", "Early dismissal Half day, 7:30 am – 11:30 am")
	})
}

// Who leads technology may enter a snow day and sees no way to pages that
// don't exist for them.
func TestDirectorKeepsCalendars(t *testing.T) {
	onSQLite(t, func(t *testing.T, d *db.DB) {
		w := build(t, d)
		c := w.open()
		lena := must[district.PersonID](t)(w.d.CreatePerson(c.admin, district.CreatePerson{Name: "Lena Ortiz", Email: "lena@jv.example", Grants: []district.Grant{{Role: district.RoleDirector}}}))
		b := w.as(lena)
		if p := b.get("/account", 200); !p.Has(`header a[href="/settings/calendar"]`) || p.Has(`header a[href="/settings"]`) {
			t.Error("a director finds no way to the calendar, or one to the settings")
		}
		if p := w.as(c.dana).get("/account", 200); p.Has(`a[href="/settings/calendar"]`) {
			t.Error("who helps at a school is led to a page that doesn't exist for them")
		}
		if p := b.get("/settings/calendar", 200); p.Has(`a[href="/settings/people"]`) {
			t.Error("a director is shown tabs that lead nowhere")
		}
		_, p := b.send(b.get("/settings/calendar/day", 200).Form("#day-form").Set("name", "Snow day").Set("first", "2026-03-05"), "/settings/calendar/day", 200)
		b.send(p.Form("#review-form"), "/settings/calendar/day", 200)
		if n := count(t, w, `SELECT count(*) FROM district_calendar_day`); n != 1 {
			t.Errorf("%d days", n)
		}
		w.as(c.tessa).get("/settings/calendar", 404)
		w.as(c.dana).get("/settings/calendar/day", 404)
	})
}
