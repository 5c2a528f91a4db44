package api

import (
	"context"
	"strings"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	door "trellis/internal/platform/api"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/worktime"
)

const tagCalendar = "calendar"

// Who may read and change calendars.
var (
	looks = calendar.Keeper.WithScope(district.ScopeDistrictRead)
	keeps = calendar.Keeper.WithScope(district.ScopeDistrictWrite)
)

// calendarOps are the operations about hours, terms and single days.
type calendarOps struct{ c *calendar.Calendars }

func (o *operations) calendar(a *door.API) {
	c := &calendarOps{calendar.New(calendar.Deps{DB: o.deps.DB})}
	door.Operation(a, get("get-calendar", "/calendar", tagCalendar, "A place's dates with their hours and why"), reads, c.dates)
	door.Operation(a, get("get-calendar-hours", "/calendar/hours", tagCalendar, "The usual hours, terms and seasons of a place"), reads, c.said)
	door.Operation(a, do("set-calendar-hours", "/calendar/hours", tagCalendar, "Set the usual hours of a place"), keeps, c.setHours)
	door.Operation(a, do("set-term", "/calendar/terms", tagCalendar, "Add or change a term"), keeps, c.setRange(c.c.SetTerm))
	door.Operation(a, gone("drop-term", "/calendar/terms/{id}", "Take a term away"), keeps, c.drop(c.c.DropTerm))
	door.Operation(a, do("set-season", "/calendar/seasons", tagCalendar, "Add or change a season"), keeps, c.setRange(c.c.SetSeason))
	door.Operation(a, gone("drop-season", "/calendar/seasons/{id}", "Take a season away"), keeps, c.drop(c.c.DropSeason))
	door.Operation(a, do("set-days", "/calendar/days", tagCalendar, "Close places on single days, or give the days other hours"), keeps, c.setDays)
	door.Operation(a, withBody(do("preview-calendar-import", "/calendar/import/preview", tagCalendar, "Read a calendar file or a list and say what it would change")), looks, c.propose)
	door.Operation(a, get("list-calendar-changes", "/calendar/changes", tagCalendar, "Past changes, newest first"), looks, c.past)
	door.Operation(a, do("take-back-calendar-change", "/calendar/changes/{id}/take-back", tagCalendar, "Take back a change of days"), keeps, c.takeBack)
}

// gone is an operation that takes something of the calendar away.
func gone(id, path, summary string) door.Op {
	op := remove(id, path, summary)
	op.Tags = []string{tagCalendar}
	return op
}

// withBody lets an operation take a calendar file: escaped in JSON it can be
// longer than it is.
func withBody(op door.Op) door.Op {
	op.MaxBodyBytes = 2*calendar.MaxImport + 1<<16
	return op
}

// CalendarHours are hours of a day: from 07:30 to 15:30.
type CalendarHours struct {
	From string `json:"from" doc:"Wall time, 07:30."`
	To   string `json:"to" doc:"Wall time, up to 24:00."`
}

// CalendarDate is one date at a place.
type CalendarDate struct {
	Date   string          `json:"date" format:"date"`
	Hours  []CalendarHours `json:"hours" doc:"In order; empty if closed."`
	Reason string          `json:"reason" enum:"usual,season,outside_term,day" doc:"What decides: the usual week, a season, lying between terms, or the day itself."`
	Name   string          `json:"name,omitempty" doc:"Of the day or season."`
	Kind   string          `json:"kind,omitempty" doc:"Of a day that differs: closed, half_day, late_start, hours."`
	Own    bool            `json:"own,omitempty" doc:"The place said it of the day itself, not the district."`
}

// Calendar is a place's dates.
type Calendar struct {
	Site  int64          `json:"site" doc:"0: the whole district."`
	Dates []CalendarDate `json:"dates"`
}

// OfPlace names the place. It is exported because inputs are read by
// reflection.
type OfPlace struct {
	Site int64 `query:"site" minimum:"0" doc:"Left out, the whole district."`
}

type listDates struct {
	OfPlace
	From string `query:"from" required:"true" format:"date" doc:"The first date."`
	To   string `query:"to" required:"true" format:"date" doc:"The last date, at most 800 days on."`
}

// calendarDate reads a date that the door has looked at already.
func calendarDate(in *errs.Check, field, s string) worktime.Date {
	d, err := worktime.ParseDate(s)
	if err != nil {
		in.Fail(field, "field.bad_date")
	}
	return d
}

func viewHours(spans []worktime.Span) []CalendarHours {
	out := make([]CalendarHours, len(spans))
	for i, s := range spans {
		out[i] = CalendarHours{s.From.String(), s.To.String()}
	}
	return out
}

func readHours(in *errs.Check, field string, list []CalendarHours) []worktime.Span {
	parts := make([]string, len(list))
	for i, h := range list {
		parts[i] = h.From + "-" + h.To
	}
	return calendar.ReadSpans(in, field, strings.Join(parts, ","))
}

func (o *calendarOps) dates(ctx context.Context, in *listDates) (*struct{ Body Calendar }, error) {
	var bad errs.Check
	r := worktime.DateRange{First: calendarDate(&bad, "first", in.From), Last: calendarDate(&bad, "last", in.To)}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	list, err := o.c.Dates(ctx, district.SiteID(in.Site), r)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body Calendar }{Calendar{Site: in.Site, Dates: make([]CalendarDate, len(list))}}
	for i, x := range list {
		d := CalendarDate{Date: x.Date.String(), Hours: viewHours(x.Hours), Reason: x.Reason, Name: x.Name, Own: x.Own}
		if x.Day != nil {
			d.Kind = string(x.Day.Kind)
		}
		out.Body.Dates[i] = d
	}
	return out, nil
}

// CalendarRange is a term or a season.
type CalendarRange struct {
	ID      int64  `json:"id"`
	Site    int64  `json:"site" doc:"Whose it is; 0: the whole district's."`
	Name    string `json:"name"`
	First   string `json:"first" format:"date"`
	Last    string `json:"last" format:"date" doc:"Included."`
	Hours   string `json:"hours,omitempty" doc:"Of a season: Mon-Fri 08:00-12:00."`
	Version int64  `json:"version"`
}

// CalendarSaid is what was said about a place.
type CalendarSaid struct {
	Site    int64           `json:"site"`
	Zone    string          `json:"zone"`
	Hours   string          `json:"hours" doc:"That hold there: Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00."`
	Own     bool            `json:"own" doc:"The hours are its own."`
	Default bool            `json:"default" doc:"Nobody has set any: what every district starts from."`
	Version int64           `json:"version" doc:"Of its own hours, 0 if it has none."`
	Terms   []CalendarRange `json:"terms" doc:"That hold there; none: all year."`
	Seasons []CalendarRange `json:"seasons"`
}

func viewRanges(list []calendar.Range) []CalendarRange {
	out := make([]CalendarRange, len(list))
	for i, r := range list {
		out[i] = CalendarRange{int64(r.ID), int64(r.Site), r.Name, r.Dates.First.String(), r.Dates.Last.String(), r.Week.String(), r.Version}
	}
	return out
}

func (o *calendarOps) read(ctx context.Context, site district.SiteID) (*one[CalendarSaid], error) {
	s, err := o.c.Said(ctx, site)
	if err != nil {
		return nil, err
	}
	return at(s.Hours.Version, CalendarSaid{int64(site), s.Place.Zone, s.Week.String(), s.OwnHours(), s.Default, s.Hours.Version, viewRanges(s.Terms), viewRanges(s.Seasons)}), nil
}

func (o *calendarOps) said(ctx context.Context, in *OfPlace) (*one[CalendarSaid], error) {
	return o.read(ctx, district.SiteID(in.Site))
}

type setCalendarHours struct {
	door.IfMatch
	Body struct {
		Site  int64  `json:"site,omitempty" minimum:"0" doc:"Left out, the whole district."`
		Hours string `json:"hours" maxLength:"1000" doc:"Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00. Empty: none of its own any more."`
	}
}

// calendarWeek reads weekly hours, none for nothing.
func calendarWeek(s string) (w worktime.Week, err error) {
	if strings.TrimSpace(s) == "" {
		return w, nil
	}
	if w, err = worktime.ParseHours(s); err != nil {
		var in errs.Check
		in.Fail("hours", "district.calendar.hours.week")
		return w, in.Err()
	}
	return w, nil
}

func (o *calendarOps) setHours(ctx context.Context, in *setCalendarHours) (*one[CalendarSaid], error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	w, err := calendarWeek(in.Body.Hours)
	if err != nil {
		return nil, err
	}
	cmd := calendar.SetHours{Site: district.SiteID(in.Body.Site), Version: v, Week: w, Drop: w.Empty()}
	if _, err := o.c.SetHours(ctx, cmd); err != nil {
		return nil, err
	}
	return o.read(ctx, cmd.Site)
}

type setRange struct {
	Body struct {
		ID      int64  `json:"id,omitempty" minimum:"0" doc:"Left out, a new one."`
		Version int64  `json:"version,omitempty" minimum:"0" doc:"Of the one that you read."`
		Site    int64  `json:"site,omitempty" minimum:"0" doc:"Of a new one. Left out, the whole district."`
		Name    string `json:"name" maxLength:"120"`
		First   string `json:"first" format:"date"`
		Last    string `json:"last" format:"date" doc:"Included."`
		Hours   string `json:"hours,omitempty" maxLength:"1000" doc:"Of a season: Mon-Fri 08:00-12:00."`
	}
}

// Saved names what was saved.
type Saved struct {
	ID int64 `json:"id"`
}

func (o *calendarOps) setRange(run func(context.Context, calendar.SetRange) (calendar.RangeID, error)) func(context.Context, *setRange) (*struct{ Body Saved }, error) {
	return func(ctx context.Context, in *setRange) (*struct{ Body Saved }, error) {
		b := in.Body
		w, err := calendarWeek(b.Hours)
		if err != nil {
			return nil, err
		}
		var bad errs.Check
		r := worktime.DateRange{First: calendarDate(&bad, "first", b.First), Last: calendarDate(&bad, "last", b.Last)}
		if err := bad.Err(); err != nil {
			return nil, err
		}
		id, err := run(ctx, calendar.SetRange{ID: calendar.RangeID(b.ID), Version: b.Version, Site: district.SiteID(b.Site), Name: b.Name, Dates: r, Week: w})
		return &struct{ Body Saved }{Saved{int64(id)}}, err
	}
}

func (o *calendarOps) drop(run func(context.Context, calendar.RangeID, int64) error) func(context.Context, *AtVersion) (*nothing, error) {
	return func(ctx context.Context, in *AtVersion) (*nothing, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		return &nothing{}, run(ctx, calendar.RangeID(in.ID), v)
	}
}

// problemText is what is wrong with a line, in the caller's language.
func problemText(ctx context.Context, key string) string { return i18n.T(ctx, key) }
