package api

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// CalendarEntry is something that happens on some days in a row.
type CalendarEntry struct {
	First string          `json:"first" format:"date"`
	Last  string          `json:"last,omitempty" format:"date" doc:"Included. Left out, the first day alone."`
	Clear bool            `json:"clear,omitempty" doc:"Nothing differs on these days any more."`
	Kind  string          `json:"kind,omitempty" enum:"closed,half_day,late_start,hours"`
	Hours []CalendarHours `json:"hours,omitempty" maxItems:"20" doc:"Unless closed."`
	Name  string          `json:"name,omitempty" maxLength:"120" doc:"Such as Snow day."`
}

func (e CalendarEntry) entry(in *errs.Check) calendar.Entry {
	x := calendar.Entry{First: calendarDate(in, "first", e.First), Clear: e.Clear}
	if e.Last != "" {
		x.Last = calendarDate(in, "last", e.Last)
	}
	if !x.Clear {
		x.Day = calendar.Day{Kind: calendar.Kind(e.Kind), Name: e.Name, Hours: readHours(in, "hours", e.Hours)}
	}
	return x
}

func viewEntry(x calendar.Entry) CalendarEntry {
	return CalendarEntry{First: x.First.String(), Last: x.Last.String(), Kind: string(x.Day.Kind), Hours: viewHours(x.Day.Hours), Name: x.Day.Name}
}

type setDays struct {
	Body struct {
		Sites   []int64         `json:"sites,omitempty" maxItems:"1000" doc:"Left out, every place, whatever it had said of these days for itself; 0 is what the district says, which a place's own day outweighs."`
		Entries []CalendarEntry `json:"entries" minItems:"1" maxItems:"2000"`
		DryRun  bool            `json:"dry_run,omitempty" doc:"Only say what would change."`
	}
}

// DaysSet is what a change of days did or would do.
type DaysSet struct {
	Change  int64            `json:"change" doc:"By which it can be taken back; 0 if nothing had to change or it was a dry run."`
	Effects []CalendarEffect `json:"effects"`
}

// CalendarEffect is one date at places where it changes alike.
type CalendarEffect struct {
	Date   string          `json:"date" format:"date"`
	Sites  []int64         `json:"sites"`
	Before []CalendarHours `json:"before" doc:"Empty: closed."`
	After  []CalendarHours `json:"after"`
}

func siteIDs(list []int64) (out []district.SiteID) {
	for _, id := range list {
		out = append(out, district.SiteID(id))
	}
	return out
}

func (o *calendarOps) setDays(ctx context.Context, in *setDays) (*struct{ Body DaysSet }, error) {
	var bad errs.Check
	enter := calendar.Enter{Sites: siteIDs(in.Body.Sites)}
	for _, e := range in.Body.Entries {
		enter.Entries = append(enter.Entries, e.entry(&bad))
		if err := bad.Err(); err != nil {
			return nil, err
		}
	}
	cmd, err := o.c.Plan(ctx, enter)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body DaysSet }{DaysSet{Effects: []CalendarEffect{}}}
	if len(cmd.Changes) == 0 {
		return out, nil
	}
	r, err := o.c.Review(ctx, cmd)
	if err != nil {
		return nil, err
	}
	for _, x := range r.Effects {
		e := CalendarEffect{Date: x.Date.String(), Sites: []int64{}, Before: viewHours(x.Before), After: viewHours(x.After)}
		for _, p := range x.Places {
			e.Sites = append(e.Sites, int64(p.ID))
		}
		out.Body.Effects = append(out.Body.Effects, e)
	}
	if !in.Body.DryRun {
		out.Body.Change, err = o.c.SetDays(ctx, cmd)
	}
	return out, err
}

type proposeDays struct {
	Body struct {
		Text  string          `json:"text" maxLength:"2097152" doc:"A calendar file (iCalendar, RFC 5545), or a list with one thing a line: dates in any usual way, and a name."`
		Sites []int64         `json:"sites,omitempty" maxItems:"1000" doc:"As for setting days."`
		Short []CalendarHours `json:"short,omitempty" maxItems:"20" doc:"The hours of half days."`
		Late  []CalendarHours `json:"late,omitempty" maxItems:"20" doc:"The hours of late starts."`
	}
}

// ImportPreview is a reviewed difference; nothing of it is saved. Send the
// entries that you choose to /calendar/days.
type ImportPreview struct {
	From   string           `json:"from" format:"date" doc:"What lies before is left out."`
	To     string           `json:"to" format:"date"`
	Lines  []ImportProposal `json:"lines"`
	Unread []ImportUnread   `json:"unread" doc:"Lines and events that could not be used."`
}

// ImportProposal is what would become of one line.
type ImportProposal struct {
	Line     int           `json:"line" doc:"Of the text, from 1."`
	Entry    CalendarEntry `json:"entry"`
	Verdict  string        `json:"verdict" enum:"add,change,same,idle,other,hours" doc:"idle: nobody works on these days anyway; other: its words don't say that anything is closed; hours: a short day whose hours are not known."`
	Proposed bool          `json:"proposed" doc:"Its words say that places are closed, or open for part of the day."`
	Timed    bool          `json:"timed,omitempty" doc:"It is about a time of day."`
	Was      string        `json:"was,omitempty" doc:"The name of what is there now, if it would change."`
}

// ImportUnread is what could not be used.
type ImportUnread struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Message string `json:"message" doc:"Why, in the caller's language."`
}

func (o *calendarOps) propose(ctx context.Context, in *proposeDays) (*struct{ Body ImportPreview }, error) {
	var bad errs.Check
	imp := calendar.Import{Data: []byte(in.Body.Text), Sites: siteIDs(in.Body.Sites), Short: readHours(&bad, "short", in.Body.Short), Late: readHours(&bad, "late", in.Body.Late)}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	f, err := o.c.Propose(ctx, imp)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body ImportPreview }{ImportPreview{From: f.Window.First.String(), To: f.Window.Last.String(), Lines: []ImportProposal{}, Unread: []ImportUnread{}}}
	for _, p := range f.Lines {
		l := ImportProposal{Line: p.Line, Entry: viewEntry(p.Entry), Verdict: p.Verdict, Proposed: p.Ticked, Timed: p.Timed}
		if p.Was != nil {
			l.Was = p.Was.Name
		}
		out.Body.Lines = append(out.Body.Lines, l)
	}
	for _, u := range f.Unread {
		out.Body.Unread = append(out.Body.Unread, ImportUnread{u.Line, u.Text, problemText(ctx, u.Key)})
	}
	return out, nil
}

// CalendarChange is a change that was made.
type CalendarChange struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	Kind    string    `json:"kind" doc:"The event's kind, such as calendar.days_set."`
	By      int64     `json:"by" doc:"The person, 0 for Trellis itself."`
	Name    string    `json:"name,omitempty" doc:"Of the day, term or season."`
	Site    int64     `json:"site" doc:"0: the whole district, or several places."`
	First   string    `json:"first,omitempty" format:"date"`
	Last    string    `json:"last,omitempty" format:"date"`
	Days    int       `json:"days,omitempty" doc:"How many days at how many places, counted singly."`
	Back    int64     `json:"takes_back,omitempty" doc:"The change that it took back."`
	CanBack bool      `json:"can_take_back"`
}

type listChanges struct {
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// CalendarChanges are past changes, newest first.
type CalendarChanges struct {
	Items []CalendarChange `json:"items"`
}

func (o *calendarOps) past(ctx context.Context, in *listChanges) (*struct{ Body CalendarChanges }, error) {
	list, err := o.c.Past(ctx, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body CalendarChanges }{CalendarChanges{[]CalendarChange{}}}
	for _, p := range list {
		x := CalendarChange{ID: p.Event, At: p.At.UTC(), Kind: p.Kind, By: int64(p.Actor), Name: p.Title, Site: int64(p.Site), Days: p.Days, Back: p.Back, CanBack: p.CanBack}
		if p.Dates != (worktime.DateRange{}) {
			x.First, x.Last = p.Dates.First.String(), p.Dates.Last.String()
		}
		out.Body.Items = append(out.Body.Items, x)
	}
	return out, nil
}

// TakenBack says what became of taking back.
type TakenBack struct {
	Change int64 `json:"change" doc:"That tells of it, and can be taken back itself."`
	Undone int   `json:"undone" doc:"Days that are as they were before."`
	Kept   int   `json:"kept" doc:"Days that were changed again since then: they stay."`
}

func (o *calendarOps) takeBack(ctx context.Context, in *ByID) (*struct{ Body TakenBack }, error) {
	b, err := o.c.TakeBack(ctx, in.ID)
	return &struct{ Body TakenBack }{TakenBack{b.Event, b.Undone, b.Kept}}, err
}
