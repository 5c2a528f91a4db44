package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// away are the pages about who is not here and who acts for them.
func (p *pages) away(m *web.Mux) {
	m.Route("GET /away", district.Staff, p.awayPage)
	m.Route("POST /away", district.Staff, p.saveAway)
	m.Route("POST /away/{id}/end", district.Staff, p.endAway)
	m.Route("GET /away/hours", district.Staff, p.supportForm)
	m.Route("POST /away/hours", district.Staff, p.saveSupport)
	m.Route("GET /coverage", cover.Viewer, p.coverage)
	m.Route("GET "+sheetPath, policy.Public, p.sheetStyle, web.Bare(), web.Quiet())
}

// What a day is chosen by.
const (
	whenToday    = "today"
	whenTomorrow = "tomorrow"
	whenDays     = "days"
)

// awayView is the page about a person's absences: one's own, or those of
// somebody whom one may speak for.
type awayView struct {
	person district.PersonID
	name   string // "" for oneself
	zone   *time.Location
	now    time.Time
	list   []cover.Absence // running and planned
	acts   []cover.Covering
	work   cover.Work
	helper bool // may name anybody who works here
	others bool // may speak for others
	team   []ui.Option
	form   awayForm
	failed *frame.Failure
}

// awayForm is what was typed, or what is saved of the absence that is changed.
type awayForm struct {
	id      cover.AbsenceID // 0 for a new one
	version int64
	begun   bool
	when    string
	from    string
	until   string // the last day
	cover   string // an id
	other   string // a name, in place of it
	why     string
	covers  []ui.Option
}

// running is the absence that the person is in, nil if they are here.
func (v awayView) running() *cover.Absence {
	for i := range v.list {
		if v.list[i].State(v.now) == cover.Running {
			return &v.list[i]
		}
	}
	return nil
}

func (p *pages) awayPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := web.Query(r)
	if typed := q.String("name"); typed != "" {
		return p.awayOther(w, r, q, typed)
	}
	v, err := p.viewAway(ctx, district.PersonID(q.ID("person")))
	if err != nil {
		return err
	}
	if id := cover.AbsenceID(q.ID("absence")); id != 0 {
		i := slices.IndexFunc(v.list, func(x cover.Absence) bool { return x.ID == id && x.MayChange })
		if i < 0 { // it may be somebody else's
			x, err := p.Cover.Absence(ctx, id)
			if err != nil {
				return err
			}
			if x.Person != v.person && x.MayChange {
				return web.Redirect(w, r, awayHref(x.Person, x.ID))
			}
			return web.Redirect(w, r, awayHref(v.person, 0))
		}
		v.form.fill(v.list[i], v)
	} else if day := q.Date("from"); !day.IsZero() {
		v.form.when, v.form.from, v.form.until = whenDays, day.Format(time.DateOnly), day.Format(time.DateOnly)
	}
	return p.drawAway(w, r, v)
}

// awayOther finds whom somebody wants to speak for.
func (p *pages) awayOther(w http.ResponseWriter, r *http.Request, q *web.Form, typed string) error {
	ctx := r.Context()
	id, err := p.findPerson(ctx, q, "name", typed, 0, "")
	if err == nil {
		err = q.Err()
	}
	if err == nil && id != 0 {
		if _, _, err = p.Cover.Person(ctx, id); err == nil {
			return web.Redirect(w, r, awayHref(id, 0))
		}
		q.Fail("name", "away.other.not_yours", "Name", typed)
		err = q.Err()
	}
	failed, again := frame.Fail(ctx, err)
	if !again {
		return err
	}
	v, err := p.viewAway(ctx, 0)
	if err != nil {
		return err
	}
	v.failed = failed
	return p.drawAway(w, r, v)
}

func awayHref(person district.PersonID, id cover.AbsenceID) string {
	q := url.Values{}
	if person != 0 {
		q.Set("person", number(person))
	}
	if id != 0 {
		q.Set("absence", number(id))
	}
	if len(q) == 0 {
		return "/away"
	}
	return "/away?" + q.Encode()
}

// viewAway is the page of a person; 0 is oneself. Whoever may not speak for
// them finds nothing.
func (p *pages) viewAway(ctx context.Context, person district.PersonID) (awayView, error) {
	me, err := p.d.Me(ctx)
	if err != nil {
		return awayView{}, err
	}
	v := awayView{person: person, now: p.f.Now(), helper: district.Helper.Permits(policy.ActorFrom(ctx))}
	if person == 0 {
		v.person = me.Person
	}
	name, zone, err := p.Cover.Person(ctx, v.person)
	if err != nil {
		return v, err
	}
	v.zone = zone
	if v.person != me.Person {
		v.name = name
	}
	if v.list, err = p.Cover.Absences(ctx, cover.Query{Person: v.person}); err != nil {
		return v, err
	}
	if v.work, err = p.Cover.Work(ctx, v.person); err != nil {
		return v, err
	}
	if v.name == "" {
		if v.acts, err = p.Cover.Covering(ctx, v.person, time.Time{}); err != nil {
			return v, err
		}
		if err = p.speaksFor(ctx, me, &v); err != nil {
			return v, err
		}
	}
	v.form.when = whenToday
	v.form.from, v.form.until = day(v.now, zone), day(v.now, zone)
	v.form.covers, err = p.coverOptions(ctx, v)
	return v, err
}

// speaksFor finds for whom else the person may declare an absence.
func (p *pages) speaksFor(ctx context.Context, me district.Me, v *awayView) error {
	v.others = district.Admin.Permits(policy.ActorFrom(ctx))
	teams, err := p.d.Teams(ctx, false)
	if err != nil {
		return err
	}
	for _, x := range teams {
		if x.Lead != me.Person {
			continue
		}
		for _, m := range x.Members {
			o := ui.Option{Value: number(m.ID), Text: m.Name}
			if m.Active && m.ID != me.Person && !slices.ContainsFunc(v.team, func(t ui.Option) bool { return t.Value == o.Value }) {
				v.team = append(v.team, o)
			}
		}
	}
	return nil
}

// soon is how far ahead the page looks when it offers who could cover.
const soon = 60 * 24 * time.Hour

// coverOptions are who could cover: the members of the person's teams, those
// who are out today marked.
func (p *pages) coverOptions(ctx context.Context, v awayView) ([]ui.Option, error) {
	all, err := p.Cover.Candidates(ctx, v.person, v.now, v.now.Add(soon))
	if err != nil {
		return nil, err
	}
	today, err := p.Cover.Candidates(ctx, v.person, v.now, nextDay(v.now, v.zone, 1))
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Value: "0", Text: t(ctx, "away.cover.nobody"), Note: t(ctx, "away.cover.nobody.text")}}
	var late []ui.Option
	for _, c := range all {
		o := ui.Option{Value: number(c.Person), Text: c.Name}
		if slices.ContainsFunc(today, func(x cover.Candidate) bool { return x.Person == c.Person && !x.Away }) {
			out = append(out, o)
			continue
		}
		o.Note = t(ctx, "away.cover.out_today")
		late = append(late, o)
	}
	return append(out, late...), nil
}

// nextDay is when the day so many days after t begins in a zone.
func nextDay(t time.Time, zone *time.Location, days int) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, zone)
}

// fill puts a saved absence into the form. Its end is said as its last day.
func (f *awayForm) fill(x cover.Absence, v awayView) {
	f.id, f.version, f.begun = x.ID, x.Version, x.State(v.now) == cover.Running
	f.when, f.from, f.until = whenDays, day(x.From, v.zone), day(x.Until.Add(-time.Microsecond), v.zone)
	f.cover, f.why = strconv.FormatInt(int64(x.Cover), 10), x.Why
	if x.Cover != 0 && !slices.ContainsFunc(f.covers, func(o ui.Option) bool { return o.Value == f.cover }) {
		f.covers = append(f.covers, ui.Option{Value: f.cover, Text: x.CoverName})
	}
}

// read puts what was sent in place of that, and finds out what it means.
func (p *pages) readAway(ctx context.Context, form *web.Form, v *awayView) (d cover.Declare, err error) {
	f := &v.form
	f.version, f.when, f.from, f.until = form.Version(), form.String("when"), form.String("from"), form.String("until")
	f.cover, f.other, f.why = form.String("cover"), form.String("other"), form.String("why")
	d = cover.Declare{Person: v.person, Why: f.why}
	switch f.when {
	case whenToday:
		d.Until = nextDay(v.now, v.zone, 1)
	case whenTomorrow:
		d.From, d.Until = nextDay(v.now, v.zone, 1), nextDay(v.now, v.zone, 2)
	case whenDays:
		d.From = midnight(form.Date("from"), v.zone)
		if last := form.Date("until"); !last.IsZero() {
			d.Until = midnight(last.AddDate(0, 0, 1), v.zone)
		} else if f.until == "" {
			form.Fail("until", "field.required")
		}
	default:
		form.Fail("when", "field.unknown_choice")
	}
	if f.cover != "0" && f.cover != "" {
		d.Cover = district.PersonID(form.ID("cover"))
	}
	if f.other != "" {
		if d.Cover, err = p.findPerson(ctx, form, "other", f.other, 0, ""); err != nil {
			return d, err
		}
	}
	return d, form.Err()
}

func (p *pages) saveAway(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.viewAway(ctx, district.PersonID(form.ID("person")))
	if err != nil {
		return err
	}
	var was cover.Absence
	if id := cover.AbsenceID(form.ID("absence")); id != 0 {
		if was, err = p.Cover.Absence(ctx, id); err != nil {
			return err
		}
		v.form.fill(was, v)
	}
	saved := v.form
	d, err := p.readAway(ctx, form, &v)
	if err == nil && was.ID != 0 {
		// An end in the middle of a day stays if its day does.
		if v.form.until == saved.until {
			d.Until = was.Until
		}
		if v.form.from == saved.from {
			d.From = was.From
		}
		_, err = p.Cover.Change(ctx, cover.Change{ID: was.ID, Version: v.form.version, From: d.From, Until: d.Until, Cover: d.Cover, Why: d.Why})
	} else if err == nil {
		_, err = p.Cover.Declare(ctx, d)
	}
	failed, again := frame.Fail(ctx, err)
	if !again && err != nil {
		return err
	}
	if again {
		if failed.Stale() {
			v.form.version = saved.version
			differs(ctx, failed, "from", v.form.from, saved.from)
			differs(ctx, failed, "until", v.form.until, saved.until)
			differs(ctx, failed, "cover", v.form.cover, saved.cover, was.CoverName)
			differs(ctx, failed, "why", v.form.why, saved.why)
		}
		if v.form.other != "" {
			failed.Rename("cover", "other")
		}
		v.failed = failed
		return p.drawAway(w, r, v)
	}
	to := url.Values{"done": {"saved"}}
	if v.name != "" {
		to.Set("person", number(v.person))
	}
	return web.Redirect(w, r, "/away?"+to.Encode())
}

func (p *pages) endAway(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	version := form.Version()
	if err := form.Err(); err != nil {
		return err
	}
	x, err := p.Cover.Absence(ctx, cover.AbsenceID(id))
	if err != nil {
		return err
	}
	if _, err = p.Cover.End(ctx, x.ID, version); err != nil {
		failed, again := frame.Fail(ctx, err)
		if !again {
			return err
		}
		v, err := p.viewAway(ctx, x.Person)
		if err != nil {
			return err
		}
		v.failed = failed
		return p.drawAway(w, r, v)
	}
	to := url.Values{"done": {"ended"}}
	if me, err := p.d.Me(ctx); err != nil {
		return err
	} else if x.Person != me.Person {
		to.Set("person", number(x.Person))
	}
	return web.Redirect(w, r, "/away?"+to.Encode())
}

var awayLabels = map[string]string{
	"when": "away.when", "from": "away.from", "until": "away.until", "cover": "away.cover", "other": "away.cover.other", "why": "away.why", "name": "away.other.name",
	"week": "away.hours.week", "first": "away.hours.first", "last": "away.hours.last",
}

func (p *pages) drawAway(w http.ResponseWriter, r *http.Request, v awayView) error {
	ctx := r.Context()
	title := t(ctx, "away.title")
	if v.name != "" {
		title = t(ctx, "away.title.other", "Name", v.name)
	}
	v.failed.Labels(ctx, awayLabels)
	return p.f.Help(w, r, frame.View{Title: title, Failed: v.failed, Done: saved(r), Head: sheetLink()}, awayPage(v, title))
}

// supportView is when somebody gives support, as a form.
type supportView struct {
	cover.Hours
	name   string // "" for oneself
	failed *frame.Failure
}

func (p *pages) viewSupport(ctx context.Context, person district.PersonID) (v supportView, err error) {
	me, err := p.d.Me(ctx)
	if err != nil {
		return v, err
	}
	if person == 0 {
		person = me.Person
	}
	if person != me.Person {
		if v.name, _, err = p.Cover.Person(ctx, person); err != nil {
			return v, err
		}
	}
	v.Hours, err = p.Cover.Hours(ctx, person)
	return v, err
}

func (p *pages) drawSupport(w http.ResponseWriter, r *http.Request, v supportView) error {
	ctx := r.Context()
	title := t(ctx, "away.hours.title")
	if v.name != "" {
		title = t(ctx, "away.hours.title.other", "Name", v.name)
	}
	v.failed.Labels(ctx, awayLabels)
	back := &ui.Link{Text: t(ctx, "away.title"), Href: "/away"}
	if v.name != "" {
		back = &ui.Link{Text: v.name, Href: awayHref(v.Person, 0)}
	}
	return p.f.Help(w, r, frame.View{Title: title, Failed: v.failed, Done: saved(r), Back: back}, supportPage(v, title))
}

func (p *pages) supportForm(w http.ResponseWriter, r *http.Request) error {
	v, err := p.viewSupport(r.Context(), district.PersonID(web.Query(r).ID("person")))
	if err != nil {
		return err
	}
	return p.drawSupport(w, r, v)
}

func (p *pages) saveSupport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.viewSupport(ctx, district.PersonID(form.ID("person")))
	if err != nil {
		return err
	}
	now := v.Hours
	v.Version, v.Week, v.First, v.Last = form.Int("seen"), form.String("week"), form.String("first"), form.String("last")
	if err = form.Err(); err == nil {
		_, err = p.Cover.SetHours(ctx, v.Hours)
	}
	failed, again := frame.Fail(ctx, err)
	if !again && err != nil {
		return err
	}
	if again {
		if failed.Stale() {
			v.Version = now.Version
			differs(ctx, failed, "week", v.Week, now.Week)
			differs(ctx, failed, "first", v.First, now.First)
			differs(ctx, failed, "last", v.Last, now.Last)
		}
		v.failed = failed
		return p.drawSupport(w, r, v)
	}
	to := url.Values{"done": {"saved"}}
	if v.name != "" {
		to.Set("person", number(v.Person))
	}
	return web.Redirect(w, r, "/away/hours?"+to.Encode())
}
