package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// calendarPages are the pages about hours, terms and single days.
type calendarPages struct {
	*pages
	c *calendar.Calendars
}

// calendar adds them. Who leads technology may come in too: a snow day is no
// matter of running Trellis.
func (p *pages) calendar(m *web.Mux) {
	c := &calendarPages{p, calendar.New(calendar.Deps{DB: p.DB})}
	keeper := calendar.Keeper
	m.Route("GET "+monthsPath, policy.Public, c.monthsStyle, web.Bare(), web.Quiet())
	m.Route("GET /settings/calendar", keeper, c.year)
	m.Route("GET /settings/calendar/hours", keeper, c.hoursForm)
	m.Route("POST /settings/calendar/hours", keeper, c.changeHours)
	m.Route("GET /settings/calendar/term", keeper, c.termForm)
	m.Route("POST /settings/calendar/term", keeper, c.changeTerm)
	m.Route("GET /settings/calendar/season", keeper, c.seasonForm)
	m.Route("POST /settings/calendar/season", keeper, c.changeSeason)
	m.Route("GET /settings/calendar/day", keeper, c.dayForm)
	m.Route("POST /settings/calendar/day", keeper, c.enterDay)
	m.Route("POST /settings/calendar/review", keeper, c.saveDays, web.MaxBody(bigForm))
	m.Route("GET /settings/calendar/import", keeper, c.importForm)
	m.Route("POST /settings/calendar/import", keeper, c.lookAtImport, web.MaxBody(bigForm))
	m.Route("POST /settings/calendar/import/choose", keeper, c.chooseImport, web.MaxBody(bigForm))
	m.Route("GET /settings/calendar/changes", keeper, c.changes)
	m.Route("POST /settings/calendar/changes/{id}/take-back", keeper, c.takeBack)
}

// bigForm holds a calendar file, or all the lines of one.
const bigForm = 4 << 20

// head is what stands above each of these pages. Tabs to pages that don't exist
// for the person are left out.
func (c *calendarPages) head(ctx context.Context, title string) top {
	x := c.top(ctx, "calendar", title)
	if !district.Admin.Permits(policy.ActorFrom(ctx)) {
		x.tabs = []ui.Tab{{Text: t(ctx, "calendar.title"), Href: calendarHref(0), Current: true}}
	}
	return x
}

// calendarHref leads to a place's calendar.
func calendarHref(site district.SiteID) string { return at("", site) }

// at is a page of the calendar about a place; more are name, value pairs.
func at(page string, site district.SiteID, more ...string) string {
	q := url.Values{}
	if site != 0 {
		q.Set("site", number(site))
	}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	if len(q) == 0 {
		return "/settings/calendar" + page
	}
	return "/settings/calendar" + page + "?" + q.Encode()
}

// asked is the place that the address names, 0 for the district.
func asked(r *http.Request) (district.SiteID, error) {
	q := web.Query(r)
	id := q.ID("site")
	if q.Err() != nil {
		return 0, errs.E(errs.NotFound, "")
	}
	return district.SiteID(id), nil
}

type yearView struct {
	top        top
	said       calendar.Said
	options    []ui.Option
	singles    []calendar.Single
	months     []monthView
	back, next string // addresses of the years around
	year       string // "2026–27"
}

type monthView struct {
	id, name string
	weeks    [][]dateView
}

// dateView is one cell: a date of the month, or an empty one before and after.
type dateView struct {
	day   string
	class string
	mark  string // what the cell shows besides the number
	says  string // what it says to who can't see it
	today bool
}

// startOfYear is the first day of the school year that has a date in it.
func startOfYear(d worktime.Date) worktime.Date {
	y := d.Year
	if d.Month < time.July {
		y--
	}
	return worktime.Date{Year: y, Month: time.July, Day: 1}
}

func (c *calendarPages) year(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	site, err := asked(r)
	if err != nil {
		return err
	}
	v := yearView{top: c.head(ctx, t(ctx, "calendar.title"))}
	if v.said, err = c.c.Said(ctx, site); err != nil {
		return err
	}
	if v.options, err = c.placeOptions(ctx); err != nil {
		return err
	}
	first := startOfYear(v.said.Today)
	if y := web.Query(r).Int("year"); y > 0 {
		first.Year = int(min(max(y, int64(first.Year-2)), int64(first.Year+2)))
	}
	now := startOfYear(v.said.Today).Year
	if first.Year > now-2 {
		v.back = at("", site, "year", strconv.Itoa(first.Year-1))
	}
	if first.Year < now+2 {
		v.next = at("", site, "year", strconv.Itoa(first.Year+1))
	}
	last := worktime.Date{Year: first.Year + 1, Month: time.June, Day: 30}
	list, err := c.c.Dates(ctx, site, worktime.DateRange{First: first, Last: last})
	if err != nil {
		return err
	}
	v.year = strconv.Itoa(first.Year) + "–" + strconv.Itoa(last.Year%100)
	v.months = monthsOf(ctx, list, v.said.Today)
	if v.singles, err = c.c.Singles(ctx, site, v.said.Today.AddDays(-7)); err != nil {
		return err
	}
	return c.f.Desk(w, r, c.view(r, v.top.title, nil), calendarPage(v))
}

// view is a page of the calendar, with what was just done.
func (c *calendarPages) view(r *http.Request, title string, failed *frame.Failure) frame.View {
	v := settingsView(r, title, failed)
	v.Wide, v.Head = true, calendarHead()
	ctx := r.Context()
	switch q := r.URL.Query(); q.Get("done") {
	case "days":
		v.Done = t(ctx, "calendar.done.days")
	case "same":
		v.Done = t(ctx, "calendar.done.same")
	case "dropped":
		v.Done = t(ctx, "calendar.done.dropped")
	case "back":
		v.Done = t(ctx, "calendar.done.back")
	case "partly":
		v.Done = t(ctx, "calendar.done.partly")
	}
	return v
}

func (c *calendarPages) placeOptions(ctx context.Context) ([]ui.Option, error) {
	places, err := c.c.Places(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Option, len(places))
	for i, p := range places {
		out[i] = ui.Option{Value: number(p.ID), Text: p.Name}
		if p.ID == 0 {
			out[i].Text = t(ctx, "calendar.whole")
		}
	}
	return out, nil
}

// monthsOf lays dates out as months of weeks from Sunday on.
func monthsOf(ctx context.Context, list []calendar.DateHours, today worktime.Date) []monthView {
	var out []monthView
	for _, x := range list {
		if x.Date.Day == 1 {
			m := monthView{id: x.Date.String()[:7], name: t(ctx, "calendar.month."+strconv.Itoa(int(x.Date.Month))) + " " + strconv.Itoa(x.Date.Year)}
			out = append(out, m)
		}
		m := &out[len(out)-1]
		if len(m.weeks) == 0 || x.Date.Weekday() == time.Sunday {
			m.weeks = append(m.weeks, make([]dateView, 7))
		}
		m.weeks[len(m.weeks)-1][x.Date.Weekday()] = dateOf(ctx, x, x.Date == today)
	}
	return out
}

// dateOf is a date as its cell shows it: by a sign and words as well as by color.
func dateOf(ctx context.Context, x calendar.DateHours, today bool) dateView {
	v := dateView{day: strconv.Itoa(x.Date.Day), today: today}
	switch {
	case x.Day != nil && len(x.Hours) == 0:
		v.class, v.mark, v.says = "shut", "×", t(ctx, "calendar.says.closed", "Name", x.Name)
	case x.Day != nil:
		v.class, v.mark, v.says = "part", "½", t(ctx, "calendar.says.hours", "Name", x.Name, "Hours", hoursText(ctx, x.Hours))
	case len(x.Hours) == 0:
		v.class, v.says = "off", t(ctx, "calendar.says.off")
	case x.Reason == calendar.Season:
		v.class, v.mark, v.says = "season", "~", t(ctx, "calendar.says.hours", "Name", x.Name, "Hours", hoursText(ctx, x.Hours))
	}
	return v
}

// clockText is a time of day in words.
func clockText(ctx context.Context, m worktime.Minute) string {
	if m == 24*60 {
		return t(ctx, "calendar.midnight")
	}
	return i18n.Time(ctx, time.Date(2000, 1, 1, int(m)/60, int(m)%60, 0, 0, time.UTC), time.UTC)
}

// hoursText is the hours of a day in words, "Closed" for none.
func hoursText(ctx context.Context, spans []worktime.Span) string {
	if len(spans) == 0 {
		return t(ctx, "calendar.kind.closed")
	}
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = clockText(ctx, s.From) + " – " + clockText(ctx, s.To)
	}
	return strings.Join(parts, ", ")
}

// hoursField is the hours of a day as a field has them.
func hoursField(ctx context.Context, spans []worktime.Span) string {
	if len(spans) == 0 {
		return ""
	}
	for _, s := range spans {
		if s.To == 24*60 {
			return worktime.FormatSpans(spans)
		}
	}
	return hoursText(ctx, spans)
}

// weekdaysInOrder are the days of a week as schools count them.
var weekdaysInOrder = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// weekFacts are a week's hours; days in a row with the same are one line.
func weekFacts(ctx context.Context, w worktime.Week) []ui.Fact {
	var out []ui.Fact
	for i := 0; i < 7; {
		d := weekdaysInOrder[i]
		j := i + 1
		for j < 7 && worktime.FormatSpans(w[weekdaysInOrder[j]]) == worktime.FormatSpans(w[d]) {
			j++
		}
		name := weekdayText(ctx, d)
		if j-i > 1 {
			name += " – " + weekdayText(ctx, weekdaysInOrder[j-1])
		}
		out = append(out, ui.Fact{Name: name, Value: hoursText(ctx, w[d])})
		i = j
	}
	return out
}

func weekdayText(ctx context.Context, d time.Weekday) string {
	return t(ctx, "calendar.weekday."+calendar.Weekdays[d])
}

// dateText is a date in words, with its weekday.
func dateText(ctx context.Context, d worktime.Date) string {
	at := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return t(ctx, "calendar.short."+calendar.Weekdays[d.Weekday()]) + ", " + i18n.Date(ctx, at, time.UTC)
}

func datesText(ctx context.Context, r worktime.DateRange) string {
	if r.First == r.Last {
		return dateText(ctx, r.First)
	}
	return dateText(ctx, r.First) + " – " + dateText(ctx, r.Last)
}

// dayText is what a single day is: "Closed", "Half day, 7:30 am – 11:30 am".
func dayText(ctx context.Context, d calendar.Day) string {
	s := t(ctx, "calendar.kind."+string(d.Kind))
	if len(d.Hours) > 0 {
		s += ", " + hoursText(ctx, d.Hours)
	}
	return s
}

// dateIn reads a date field, the zero Date if it is empty.
func dateIn(f *web.Form, name string) worktime.Date {
	at := f.Date(name)
	if at.IsZero() {
		return worktime.Date{}
	}
	return worktime.DateOf(at)
}

// dateField is a date as a date field has it.
func dateField(d worktime.Date) string {
	if d == (worktime.Date{}) {
		return ""
	}
	return d.String()
}
