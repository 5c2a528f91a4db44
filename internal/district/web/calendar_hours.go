package web

import (
	"context"
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// weekView is a week's hours as typed, by time.Weekday.
type weekView [7]string

func viewWeek(ctx context.Context, w worktime.Week) (v weekView) {
	for d := range w {
		v[d] = hoursField(ctx, w[d])
	}
	return v
}

// readWeek reads the seven fields.
func readWeek(form *web.Form, in *errs.Check) (v weekView, w worktime.Week) {
	for d, name := range calendar.Weekdays {
		v[d] = form.String(name)
		w[d] = calendar.ReadSpans(in, name, v[d])
	}
	return v, w
}

// weekLabels name the fields of a week, with those of the rest of the form.
func weekLabels(more map[string]string) map[string]string {
	out := map[string]string{}
	for _, d := range calendar.Weekdays {
		out[d] = "calendar.weekday." + d
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

type hoursView struct {
	top     top
	place   calendar.Place
	own     bool
	version int64
	week    weekView
	failed  *frame.Failure
}

// whose is the name of a place, or the words for all.
func whose(ctx context.Context, p calendar.Place) string {
	if p.ID == 0 {
		return t(ctx, "calendar.whole")
	}
	return p.Name
}

func (c *calendarPages) drawHours(w http.ResponseWriter, r *http.Request, v hoursView) error {
	ctx := r.Context()
	v.failed.Labels(ctx, weekLabels(nil))
	v.top = c.head(ctx, t(ctx, "calendar.hours.of", "Place", whose(ctx, v.place)))
	return c.f.Desk(w, r, c.view(r, v.top.title, v.failed), hoursPage(v))
}

func (c *calendarPages) hoursForm(w http.ResponseWriter, r *http.Request) error {
	site, err := asked(r)
	if err != nil {
		return err
	}
	s, err := c.c.Said(r.Context(), site)
	if err != nil {
		return err
	}
	return c.drawHours(w, r, hoursView{place: s.Place, own: s.OwnHours(), version: s.Hours.Version, week: viewWeek(r.Context(), s.Week)})
}

func (c *calendarPages) changeHours(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	var in errs.Check
	cmd := calendar.SetHours{Site: district.SiteID(form.ID("site")), Version: form.Version(), Drop: form.String("do") == "drop"}
	v := hoursView{version: cmd.Version}
	if !cmd.Drop {
		v.week, cmd.Week = readWeek(form, &in)
	}
	s, err := c.c.Said(ctx, cmd.Site)
	if err != nil {
		return err
	}
	v.place, v.own = s.Place, s.OwnHours()
	if cmd.Drop {
		v.week = viewWeek(ctx, s.Week)
	}
	if err = form.Err(); err == nil {
		if err = in.Err(); err == nil {
			_, err = c.c.SetHours(ctx, cmd)
		}
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() { // sending it again now means it
			v.version = s.Hours.Version
			for d, name := range calendar.Weekdays {
				if now := viewWeek(ctx, s.Week)[d]; now != v.week[d] {
					v.failed.Note(ctx, name, now)
				}
			}
		}
		return c.drawHours(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, at("", cmd.Site, "done", "saved"))
}

// rangeView is a term or a season as its form shows it.
type rangeView struct {
	top         top
	kind        string // term, season
	id          calendar.RangeID
	version     int64
	place       calendar.Place
	name        string
	first, last string
	week        weekView
	failed      *frame.Failure
}

func (v rangeView) season() bool { return v.kind == "season" }

// text is a text about terms, or the same about seasons.
func (v rangeView) text(ctx context.Context, what string) string {
	if v.season() {
		return t(ctx, "calendar.season."+what)
	}
	return t(ctx, "calendar.term."+what)
}

var rangeLabels = map[string]string{"name": "settings.name", "first": "calendar.first", "last": "calendar.last"}

func (c *calendarPages) drawRange(w http.ResponseWriter, r *http.Request, v rangeView) error {
	ctx := r.Context()
	v.failed.Labels(ctx, weekLabels(rangeLabels))
	title := v.text(ctx, "change")
	if v.id == 0 {
		title = v.text(ctx, "new")
	}
	v.top = c.head(ctx, title)
	return c.f.Desk(w, r, c.view(r, v.top.title, v.failed), rangePage(v))
}

func (c *calendarPages) termForm(w http.ResponseWriter, r *http.Request) error {
	return c.rangeForm(w, r, "term")
}

func (c *calendarPages) seasonForm(w http.ResponseWriter, r *http.Request) error {
	return c.rangeForm(w, r, "season")
}

// foundRange is the range with an id among those of a place.
func foundRange(s calendar.Said, kind string, id calendar.RangeID) (calendar.Range, bool) {
	list := s.Terms
	if kind == "season" {
		list = s.Seasons
	}
	for _, x := range list {
		if x.ID == id && x.Site == s.Place.ID {
			return x, true
		}
	}
	return calendar.Range{}, false
}

func (c *calendarPages) rangeForm(w http.ResponseWriter, r *http.Request, kind string) error {
	ctx := r.Context()
	site, err := asked(r)
	if err != nil {
		return err
	}
	s, err := c.c.Said(ctx, site)
	if err != nil {
		return err
	}
	q := web.Query(r)
	v := rangeView{kind: kind, place: s.Place, id: calendar.RangeID(q.ID("id"))}
	if v.id != 0 {
		x, ok := foundRange(s, kind, v.id)
		if !ok {
			return errs.E(errs.NotFound, "")
		}
		v.version, v.name, v.first, v.last, v.week = x.Version, x.Name, x.Dates.First.String(), x.Dates.Last.String(), viewWeek(ctx, x.Week)
	}
	return c.drawRange(w, r, v)
}

func (c *calendarPages) changeTerm(w http.ResponseWriter, r *http.Request) error {
	return c.changeRange(w, r, "term", c.c.SetTerm, c.c.DropTerm)
}

func (c *calendarPages) changeSeason(w http.ResponseWriter, r *http.Request) error {
	return c.changeRange(w, r, "season", c.c.SetSeason, c.c.DropSeason)
}

func (c *calendarPages) changeRange(w http.ResponseWriter, r *http.Request, kind string,
	set func(context.Context, calendar.SetRange) (calendar.RangeID, error), drop func(context.Context, calendar.RangeID, int64) error) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	var in errs.Check
	v := rangeView{kind: kind, id: calendar.RangeID(form.ID("id")), version: form.Version(), name: form.String("name"), first: form.String("first"), last: form.String("last")}
	cmd := calendar.SetRange{ID: v.id, Version: v.version, Site: district.SiteID(form.ID("site")), Name: v.name,
		Dates: worktime.DateRange{First: dateIn(form, "first"), Last: dateIn(form, "last")}}
	dropped := form.String("do") == "drop"
	if v.season() && !dropped {
		v.week, cmd.Week = readWeek(form, &in)
	}
	s, err := c.c.Said(ctx, cmd.Site)
	if err != nil {
		return err
	}
	v.place = s.Place
	x, there := foundRange(s, kind, v.id)
	if v.id != 0 && !there {
		return errs.E(errs.NotFound, "")
	}
	done := "saved"
	if dropped {
		done = "dropped"
		v.name, v.first, v.last, v.week = x.Name, x.Dates.First.String(), x.Dates.Last.String(), viewWeek(ctx, x.Week)
		err = drop(ctx, v.id, v.version)
	} else if err = form.Err(); err == nil {
		if err = in.Err(); err == nil {
			_, err = set(ctx, cmd)
		}
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			v.version = x.Version
			differs(ctx, v.failed, "name", v.name, x.Name)
			differs(ctx, v.failed, "first", v.first, x.Dates.First.String())
			differs(ctx, v.failed, "last", v.last, x.Dates.Last.String())
		}
		return c.drawRange(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, at("", cmd.Site, "done", done))
}
