package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	door "trellis/internal/platform/api"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

const tagCover = "absence and cover"

var views = cover.Viewer.WithScope(district.ScopeDistrictRead)

// staffOwns: who works here says it of themselves, leads of their team; the
// methods ask again.
var staffOwns = district.Staff.WithScope(district.ScopeDistrictWrite)

// Absence is a stretch of time in which somebody is not present.
type Absence struct {
	ID        int64      `json:"id"`
	Person    int64      `json:"person"`
	Name      string     `json:"name"`
	From      time.Time  `json:"from"`
	Until     time.Time  `json:"until" doc:"When they are back."`
	Cover     int64      `json:"cover,omitempty" doc:"Who acts for them."`
	CoverName string     `json:"cover_name,omitempty"`
	Why       string     `json:"why,omitempty" doc:"Only for the person, who leads a team of theirs, and administrators."`
	State     string     `json:"state" enum:"planned,running,over,canceled"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"When it was ended early or canceled."`
	Version   int64      `json:"version"`
}

func (o *operations) viewAbsence(x cover.Absence) Absence {
	return Absence{ID: int64(x.ID), Person: int64(x.Person), Name: x.Name, From: x.From.UTC(), Until: x.Until.UTC(), Cover: int64(x.Cover), CoverName: x.CoverName,
		Why: x.Why, State: string(x.State(o.deps.DB.Clock().Now())), EndedAt: instant(x.EndedAt), Version: x.Version}
}

// Standing is who acts for a person or a service.
type Standing struct {
	Person int64      `json:"person,omitempty" doc:"Who acts; left out of a gap."`
	Chain  []int64    `json:"chain" doc:"From whom was asked for to who acts."`
	Gap    bool       `json:"gap" doc:"Nobody acts."`
	Circle bool       `json:"circle,omitempty" doc:"The chain comes back to somebody in it."`
	Until  *time.Time `json:"until,omitempty" doc:"When the answer may be another."`
}

func viewStanding(s cover.Standing) Standing {
	return Standing{int64(s.Person), idList(s.Chain), s.Gap, s.Circle, instant(s.Until)}
}

func idList(in []district.PersonID) []int64 {
	out := make([]int64, len(in))
	for i, id := range in {
		out[i] = int64(id)
	}
	return out
}

// Covering is somebody for whom another acts.
type Covering struct {
	For   int64      `json:"for"`
	Name  string     `json:"name"`
	Chain []int64    `json:"chain"`
	Until *time.Time `json:"until,omitempty"`
}

// SiteHelp is who gives first help at a place.
type SiteHelp struct {
	Here []Hand `json:"here" doc:"Who is in on the day."`
	Afar bool   `json:"afar" doc:"They help from elsewhere: nobody of the place's own team is in."`
	Gap  bool   `json:"gap" doc:"Nobody of the place's own team is in, or nobody helps at all."`
}

// Hand is somebody who helps.
type Hand struct {
	Person int64   `json:"person"`
	Name   string  `json:"name"`
	For    int64   `json:"for,omitempty" doc:"Whose turn it would be."`
	Chain  []int64 `json:"chain"`
	Hours  string  `json:"hours" doc:"Of the day; empty: the place is closed."`
	Now    bool    `json:"now"`
}

// Hours are when somebody gives support.
type Hours struct {
	Week    string `json:"week" doc:"Such as Mon-Fri 10:10-10:55; empty: whenever their site is open."`
	First   string `json:"first,omitempty" doc:"First day of the contract."`
	Last    string `json:"last,omitempty" doc:"Last day of the contract."`
	Version int64  `json:"version" doc:"0 without own hours."`
}

// Coverage is who covers what on the school days ahead.
type Coverage struct {
	Days []string      `json:"days"`
	Rows []CoverageRow `json:"rows"`
	Gaps []CoverageGap `json:"gaps"`
}

// CoverageRow is one service, duty or place.
type CoverageRow struct {
	Kind string        `json:"kind" enum:"service,duty,place"`
	ID   int64         `json:"id"`
	Name string        `json:"name"`
	Days []CoverageDay `json:"days" doc:"One for each of the days above."`
}

// CoverageDay is one row on one day.
type CoverageDay struct {
	Closed bool           `json:"closed,omitempty"`
	Gap    bool           `json:"gap,omitempty"`
	Turns  []CoverageTurn `json:"turns"`
}

// CoverageTurn is who covers in a part of a day.
type CoverageTurn struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Person int64     `json:"person,omitempty" doc:"Left out where nobody covers."`
	Name   string    `json:"name,omitempty"`
	For    int64     `json:"for,omitempty" doc:"Whose turn it would be."`
	Hours  string    `json:"hours,omitempty" doc:"Own hours of who helps at a place."`
	Afar   bool      `json:"afar,omitempty" doc:"Helps from elsewhere."`
}

// CoverageGap is a stretch in which nobody covers.
type CoverageGap struct {
	Kind    string    `json:"kind" enum:"service,duty,place"`
	ID      int64     `json:"id"`
	Name    string    `json:"name"`
	Day     string    `json:"day"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Absence int64     `json:"absence,omitempty" doc:"The absence that leaves it."`
	Lead    int64     `json:"lead,omitempty" doc:"Who can say who covers."`
}

func viewCoverage(c cover.Coverage) Coverage {
	out := Coverage{Days: []string{}, Rows: []CoverageRow{}, Gaps: []CoverageGap{}}
	for _, d := range c.Days {
		out.Days = append(out.Days, d.String())
	}
	for _, r := range c.Rows {
		row := CoverageRow{Kind: r.Kind, ID: r.ID, Name: r.Name, Days: []CoverageDay{}}
		for _, x := range r.Cells {
			day := CoverageDay{Closed: x.Closed, Gap: x.Gap, Turns: []CoverageTurn{}}
			for _, t := range x.Turns {
				day.Turns = append(day.Turns, CoverageTurn{t.From.UTC(), t.Until.UTC(), int64(t.Person), t.Name, int64(t.For), worktime.FormatSpans(t.Hours), t.Afar})
			}
			row.Days = append(row.Days, day)
		}
		out.Rows = append(out.Rows, row)
	}
	for _, g := range c.Gaps {
		out.Gaps = append(out.Gaps, CoverageGap{g.Kind, g.ID, g.Name, g.Day.String(), g.From.UTC(), g.Until.UTC(), int64(g.Absence), int64(g.Lead)})
	}
	return out
}

type listAbsences struct {
	door.PageIn
	Person int64     `query:"person" minimum:"0" doc:"Whose; left out: everybody's, as far as the caller may see."`
	From   time.Time `query:"from" doc:"Those that end after it; left out: after now."`
	Until  time.Time `query:"until" doc:"Those that begin before it."`
}

type declareAbsence struct {
	Body struct {
		Person int64      `json:"person,omitempty" minimum:"0" doc:"Left out: the caller."`
		From   *time.Time `json:"from,omitempty" doc:"Left out, or past: now."`
		Until  time.Time  `json:"until" doc:"When they are back."`
		Cover  int64      `json:"cover,omitempty" minimum:"0"`
		Why    string     `json:"why,omitempty" maxLength:"200"`
	}
}

type changeAbsence struct {
	ByID
	door.IfMatch
	Body struct {
		From  *time.Time `json:"from,omitempty" doc:"Of an absence that has begun it stays as it is."`
		Until *time.Time `json:"until,omitempty"`
		Cover *int64     `json:"cover,omitempty" minimum:"0" doc:"0: nobody in particular."`
		Why   *string    `json:"why,omitempty" maxLength:"200"`
	}
}

type askAt struct {
	ByID
	At time.Time `query:"at" doc:"The instant; left out: now."`
}

type setHours struct {
	ByID
	Body struct {
		Week    string `json:"week" maxLength:"400"`
		First   string `json:"first,omitempty" maxLength:"10"`
		Last    string `json:"last,omitempty" maxLength:"10"`
		Version int64  `json:"version" minimum:"0" doc:"As it was read; 0 without own hours."`
	}
}

type askCoverage struct {
	From string `query:"from" doc:"The first day, such as 2026-03-02; left out: today."`
	Days int    `query:"days" minimum:"1" maximum:"40" default:"10" doc:"How many school days."`
	Site int64  `query:"site" minimum:"0" doc:"One place by its own calendar."`
}

func (o *operations) readAbsence(ctx context.Context, id cover.AbsenceID) (*one[Absence], error) {
	x, err := o.deps.Cover.Absence(ctx, id)
	if err != nil {
		return nil, err
	}
	return at(x.Version, o.viewAbsence(x)), nil
}

func (o *operations) cover(a *door.API) {
	c := o.deps.Cover
	door.Operation(a, get("list-absences", "/absences", tagCover, "Absences by their beginning"), staff, o.listAbsences)
	door.Operation(a, get("get-absence", "/absences/{id}", tagCover, "An absence"), staff, func(ctx context.Context, in *ByID) (*one[Absence], error) {
		return o.readAbsence(ctx, cover.AbsenceID(in.ID))
	})
	door.Operation(a, create("declare-absence", "/absences", tagCover, "Say that somebody is, or will be, away"), staffOwns, func(ctx context.Context, in *declareAbsence) (*one[Absence], error) {
		b := in.Body
		d := cover.Declare{Person: district.PersonID(b.Person), Until: b.Until, Cover: district.PersonID(b.Cover), Why: b.Why}
		set(&d.From, b.From)
		if d.Person == 0 {
			d.Person = self(ctx)
		}
		id, err := c.Declare(ctx, d)
		if err != nil {
			return nil, err
		}
		return o.readAbsence(ctx, id)
	})
	door.Operation(a, change("change-absence", "/absences/{id}", tagCover, "Change an absence that is not over"), staffOwns, func(ctx context.Context, in *changeAbsence) (*one[Absence], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		x, err := c.Absence(ctx, cover.AbsenceID(in.ID))
		if err != nil {
			return nil, err
		}
		ch := cover.Change{ID: x.ID, Version: v, From: x.From, Until: x.Until, Cover: x.Cover, Why: x.Why}
		set(&ch.From, in.Body.From)
		set(&ch.Until, in.Body.Until)
		setID(&ch.Cover, in.Body.Cover)
		set(&ch.Why, in.Body.Why)
		if _, err := c.Change(ctx, ch); err != nil {
			return nil, err
		}
		return o.readAbsence(ctx, x.ID)
	})
	door.Operation(a, do("end-absence", "/absences/{id}/end", tagCover, "End an absence now, or cancel what is planned"), staffOwns, switched(c.End, o.readAbsence))
	door.Operation(a, get("get-stand-in", "/people/{id}/stand-in", tagCover, "Who acts for a person"), staff, func(ctx context.Context, in *askAt) (*struct{ Body Standing }, error) {
		s, err := c.Standing(ctx, district.PersonID(in.ID), in.At)
		return &struct{ Body Standing }{viewStanding(s)}, err
	})
	door.Operation(a, get("list-covering", "/people/{id}/covering", tagCover, "For whom a person acts"), staff, func(ctx context.Context, in *askAt) (*struct {
		Body struct {
			Items []Covering `json:"items"`
		}
	}, error) {
		list, err := c.Covering(ctx, district.PersonID(in.ID), in.At)
		out := &struct {
			Body struct {
				Items []Covering `json:"items"`
			}
		}{}
		out.Body.Items = []Covering{}
		for _, x := range list {
			out.Body.Items = append(out.Body.Items, Covering{int64(x.For), x.Name, idList(x.Chain), instant(x.Until)})
		}
		return out, err
	})
	door.Operation(a, get("get-service-cover", "/services/{id}/cover", tagCover, "Who acts for a service or duty"), views, func(ctx context.Context, in *askAt) (*struct{ Body Standing }, error) {
		s, err := c.Service(ctx, district.ServiceID(in.ID), in.At)
		return &struct{ Body Standing }{viewStanding(s)}, err
	})
	door.Operation(a, get("get-first-help", "/sites/{id}/first-help", tagCover, "Who gives first help at a place"), views, func(ctx context.Context, in *askAt) (*struct{ Body SiteHelp }, error) {
		h, err := c.Help(ctx, district.SiteID(in.ID), in.At)
		out := SiteHelp{Here: []Hand{}, Afar: h.Afar, Gap: h.Gap}
		for _, x := range h.Here {
			out.Here = append(out.Here, Hand{int64(x.Person), x.Name, int64(x.For), idList(x.Chain), worktime.FormatSpans(x.Hours), x.Now})
		}
		return &struct{ Body SiteHelp }{out}, err
	})
	door.Operation(a, get("get-coverage", "/coverage", tagCover, "Who covers every service, duty and place on the school days ahead"), views, o.readCoverage)
	o.hours(a)
}

func (o *operations) listAbsences(ctx context.Context, in *listAbsences) (*list[Absence], error) {
	name := fmt.Sprintf("absences %d %d %d", in.Person, in.From.Unix(), in.Until.Unix())
	q := cover.Query{Person: district.PersonID(in.Person), From: in.From, Until: in.Until, Limit: min(in.Limit, 100) + 1}
	if err := o.deps.Cursors.Decode(name, in.Cursor, &q.After); err != nil {
		return nil, err
	}
	all, err := o.deps.Cover.Absences(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &list[Absence]{Body: door.Page[Absence]{Items: []Absence{}}}
	if len(all) == q.Limit {
		all = all[:q.Limit-1]
		last := all[len(all)-1]
		if out.Body.Next, err = o.deps.Cursors.Encode(name, cover.AfterAbsence{From: last.From, ID: last.ID}); err != nil {
			return nil, err
		}
	}
	for _, x := range all {
		out.Body.Items = append(out.Body.Items, o.viewAbsence(x))
	}
	return out, nil
}

func (o *operations) readCoverage(ctx context.Context, in *askCoverage) (*struct{ Body Coverage }, error) {
	q := cover.CoverageQuery{Days: in.Days, Site: district.SiteID(in.Site)}
	if in.From != "" {
		d, err := worktime.ParseDate(in.From)
		if err != nil || !d.Valid() {
			var bad errs.Check
			bad.Fail("from", "field.bad_date")
			return nil, bad.Err()
		}
		q.From = d
	}
	c, err := o.deps.Cover.Coverage(ctx, q)
	return &struct{ Body Coverage }{viewCoverage(c)}, err
}

func (o *operations) readHours(ctx context.Context, p district.PersonID) (*struct{ Body Hours }, error) {
	h, err := o.deps.Cover.Hours(ctx, p)
	return &struct{ Body Hours }{Hours{h.Week, h.First, h.Last, h.Version}}, err
}

func (o *operations) hours(a *door.API) {
	door.Operation(a, get("get-hours", "/people/{id}/hours", tagCover, "When a person gives support"), staff, func(ctx context.Context, in *ByID) (*struct{ Body Hours }, error) {
		return o.readHours(ctx, district.PersonID(in.ID))
	})
	op := do("set-hours", "/people/{id}/hours", tagCover, "Say when a person gives support")
	op.Method = http.MethodPut
	door.Operation(a, op, staffOwns, func(ctx context.Context, in *setHours) (*struct{ Body Hours }, error) {
		b, p := in.Body, district.PersonID(in.ID)
		if _, err := o.deps.Cover.SetHours(ctx, cover.Hours{Person: p, Week: b.Week, First: b.First, Last: b.Last, Version: b.Version}); err != nil {
			return nil, err
		}
		return o.readHours(ctx, p)
	})
}
