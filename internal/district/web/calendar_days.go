package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// Days are entered in two steps: what is typed, then a page that says what it
// changes and, in a slot that others fill, what follows from that. Only what was
// shown there is saved.

// placesView are the boxes by which a form says where.
type placesPick struct {
	all    bool
	places []placeBox
	failed *frame.Failure
}

type placeBox struct {
	id     district.SiteID
	name   string
	ticked bool
}

// pick draws the boxes, with those ticked that were chosen.
func (c *calendarPages) pick(ctx context.Context, all bool, chosen []district.SiteID) (placesPick, error) {
	places, err := c.c.Places(ctx)
	v := placesPick{all: all}
	for _, p := range places {
		if p.ID != 0 {
			v.places = append(v.places, placeBox{p.ID, p.Name, slices.Contains(chosen, p.ID)})
		}
	}
	return v, err
}

// readPlaces reads them. Some of the places, but none named, is a slip.
func readPlaces(form *web.Form) (all bool, sites []district.SiteID) {
	all = form.String("where") != "some"
	for _, id := range form.IDs("place") {
		sites = append(sites, district.SiteID(id))
	}
	if !all && len(sites) == 0 {
		form.Fail("place", "calendar.where.none")
	}
	if all {
		return true, nil
	}
	return false, sites
}

type dayView struct {
	top               top
	name, first, last string
	kind, hours       string
	where             placesPick
	failed            *frame.Failure
}

var dayLabels = map[string]string{
	"name": "settings.name", "first": "calendar.first", "last": "calendar.day.last", "kind": "calendar.day.kind", "hours": "calendar.day.hours", "place": "calendar.where",
}

func (c *calendarPages) drawDay(w http.ResponseWriter, r *http.Request, v dayView) error {
	ctx := r.Context()
	v.failed.Labels(ctx, dayLabels)
	v.where.failed = v.failed
	v.top = c.head(ctx, t(ctx, "calendar.day.new"))
	return c.f.Desk(w, r, c.view(r, v.top.title, v.failed), dayPage(v))
}

func (c *calendarPages) dayForm(w http.ResponseWriter, r *http.Request) error {
	site, err := asked(r)
	if err != nil {
		return err
	}
	v := dayView{kind: string(calendar.Closed)}
	var chosen []district.SiteID
	if site != 0 {
		chosen = append(chosen, site)
	}
	if v.where, err = c.pick(r.Context(), site == 0, chosen); err != nil {
		return err
	}
	return c.drawDay(w, r, v)
}

func (c *calendarPages) enterDay(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := dayView{name: form.String("name"), first: form.String("first"), last: form.String("last"), kind: form.String("kind"), hours: form.String("hours")}
	all, sites := readPlaces(form)
	var in errs.Check
	x := calendar.Entry{First: dateIn(form, "first"), Last: dateIn(form, "last"), Clear: form.Bool("clear")}
	if !x.Clear {
		x.Day = calendar.Day{Kind: calendar.Kind(v.kind), Name: v.name, Hours: calendar.ReadSpans(&in, "hours", v.hours)}
	}
	enter := calendar.Enter{Sites: sites, Entries: []calendar.Entry{x}}
	if form.Bool("district") { // what the district said, whatever places said
		enter.Sites = []district.SiteID{0}
	}
	if err = form.Err(); err == nil {
		if err = in.Err(); err == nil {
			err = c.review(w, r, enter, false)
		}
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.where, err = c.pick(ctx, all, sites); err != nil {
			return err
		}
		return c.drawDay(w, r, v)
	}
	return err
}

type reviewView struct {
	top     top
	effects []calendar.Effect
	none    bool
	moved   bool // it is another one than was looked at
	what    string
	seen    string
	more    templ.Component // what follows, said by others
}

// review draws what entries would change. An error leaves the answer alone.
func (c *calendarPages) review(w http.ResponseWriter, r *http.Request, enter calendar.Enter, moved bool) error {
	ctx := r.Context()
	cmd, err := c.c.Plan(ctx, enter)
	if err != nil {
		return err
	}
	v := reviewView{top: c.head(ctx, t(ctx, "calendar.review")), moved: moved}
	if v.none = len(cmd.Changes) == 0; !v.none {
		rev, err := c.c.Review(ctx, cmd)
		if err != nil {
			return err
		}
		v.effects, v.seen, v.none = rev.Effects, rev.Seen, len(rev.Effects) == 0
		if c.Review != nil && !v.none {
			if v.more, err = c.Review(ctx, cmd); err != nil {
				return err
			}
		}
	}
	raw, err := json.Marshal(sentOf(enter))
	if err != nil {
		return err
	}
	v.what = string(raw)
	return c.f.Desk(w, r, c.view(r, v.top.title, nil), reviewPage(v))
}

// sent is what a review carries to the page that saves it.
type sent struct {
	Sites   []district.SiteID `json:"s,omitempty"`
	Entries []sentEntry       `json:"e"`
}

type sentEntry struct {
	First worktime.Date `json:"f"`
	Last  worktime.Date `json:"l"`
	Clear bool          `json:"x,omitempty"`
	Kind  calendar.Kind `json:"k,omitempty"`
	Hours string        `json:"h,omitempty"`
	Name  string        `json:"n,omitempty"`
}

func sentOf(in calendar.Enter) sent {
	out := sent{Sites: in.Sites}
	for _, x := range in.Entries {
		out.Entries = append(out.Entries, entryOf(x))
	}
	return out
}

func entryOf(x calendar.Entry) sentEntry {
	if x.Last == (worktime.Date{}) {
		x.Last = x.First
	}
	return sentEntry{x.First, x.Last, x.Clear, x.Day.Kind, worktime.FormatSpans(x.Day.Hours), x.Day.Name}
}

func (s sentEntry) entry() (calendar.Entry, error) {
	x := calendar.Entry{First: s.First, Last: s.Last, Clear: s.Clear, Day: calendar.Day{Kind: s.Kind, Name: s.Name}}
	if s.Hours == "" {
		return x, nil
	}
	var err error
	x.Day.Hours, err = worktime.ParseSpans(s.Hours)
	return x, err
}

// damaged is a form that no page of ours made.
func damaged(err error) error { return errs.E(errs.Invalid, "web.error.key").Because(err) }

func readSent(text string) (calendar.Enter, error) {
	var s sent
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return calendar.Enter{}, damaged(err)
	}
	out := calendar.Enter{Sites: s.Sites}
	for _, e := range s.Entries {
		x, err := e.entry()
		if err != nil {
			return out, damaged(err)
		}
		out.Entries = append(out.Entries, x)
	}
	return out, nil
}

func (c *calendarPages) saveDays(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	enter, err := readSent(form.Raw("what"))
	if err != nil {
		return err
	}
	cmd, err := c.c.Plan(ctx, enter)
	if err != nil {
		return err
	}
	done := "same"
	if len(cmd.Changes) > 0 {
		rev, err := c.c.Review(ctx, cmd)
		if err != nil {
			return err
		}
		if len(rev.Effects) > 0 && rev.Seen != form.String("seen") {
			return c.review(w, r, enter, true)
		}
		told, err := c.c.SetDays(ctx, cmd)
		if err != nil {
			return err
		}
		if told != 0 {
			done = "days"
		}
	}
	site := district.SiteID(0)
	if len(enter.Sites) == 1 {
		site = enter.Sites[0]
	}
	return web.Redirect(w, r, at("", site, "done", done))
}

// shortPlaces is how many places are named in a table; of more it says how many,
// and names them when asked.
const shortPlaces = 4

// effectPlaces names the places of an effect.
func effectPlaces(ctx context.Context, x calendar.Effect) string {
	if x.All {
		return t(ctx, "calendar.where.all")
	}
	s := ""
	for i, p := range x.Places {
		if i > 0 {
			s += ", "
		}
		s += p.Name
	}
	return s
}

type changesView struct {
	top    top
	rows   []changeRow
	failed *frame.Failure
}

type changeRow struct {
	past              calendar.Past
	when              ui.Moment
	who, what, where_ string
}

// shownChanges bounds the list of past changes.
const shownChanges = 100

func (c *calendarPages) changes(w http.ResponseWriter, r *http.Request) error {
	return c.drawChanges(w, r, nil)
}

func (c *calendarPages) drawChanges(w http.ResponseWriter, r *http.Request, failed *frame.Failure) error {
	ctx := r.Context()
	v := changesView{top: c.head(ctx, t(ctx, "calendar.changes")), failed: failed}
	past, err := c.c.Past(ctx, shownChanges)
	if err != nil {
		return err
	}
	places, err := c.c.Places(ctx)
	if err != nil {
		return err
	}
	names := map[district.SiteID]string{}
	for _, p := range places {
		names[p.ID] = whose(ctx, p)
	}
	for _, p := range past {
		v.rows = append(v.rows, changeRow{past: p, when: c.f.Moment(ctx, p.At), who: p.Name, what: pastText(ctx, p), where_: names[p.Site]})
	}
	return c.f.Desk(w, r, c.view(r, v.top.title, failed), changesPage(v))
}

// pastText says what a change was.
func pastText(ctx context.Context, p calendar.Past) string {
	switch {
	case p.Back != 0:
		return t(ctx, "calendar.past.back", "Name", p.Title, "Dates", datesText(ctx, p.Dates))
	case p.Kind == calendar.DaysSet && p.Days == 1:
		return t(ctx, "calendar.past.day", "Name", p.Title, "Dates", datesText(ctx, p.Dates))
	case p.Kind == calendar.DaysSet:
		return t(ctx, "calendar.past.days", "Name", p.Title, "Dates", datesText(ctx, p.Dates), "Days", i18n.Number(ctx, int64(p.Days)))
	case p.Kind == calendar.TermSet:
		return t(ctx, "calendar.past.term", "Name", p.Title)
	case p.Kind == calendar.TermDropped:
		return t(ctx, "calendar.past.term_dropped", "Name", p.Title)
	case p.Kind == calendar.SeasonSet:
		return t(ctx, "calendar.past.season", "Name", p.Title)
	case p.Kind == calendar.SeasonDropped:
		return t(ctx, "calendar.past.season_dropped", "Name", p.Title)
	}
	return t(ctx, "calendar.past.hours")
}

func (c *calendarPages) takeBack(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	back, err := c.c.TakeBack(r.Context(), id)
	if failed, again := frame.Fail(r.Context(), err); again {
		return c.drawChanges(w, r, failed)
	}
	if err != nil {
		return err
	}
	done := "back"
	if back.Kept > 0 {
		done = "partly"
	}
	return web.Redirect(w, r, "/settings/calendar/changes?done="+done)
}
