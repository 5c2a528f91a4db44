package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

// Draft is what the calendars would be with a change that is not saved.
type Draft struct {
	e     *everything
	sites []district.SiteID
}

// Would is the draft of a change of days. The error is that of saving it.
func Would(tx *db.Tx, cmd SetDays) (*Draft, error) {
	cmd, err := cmd.check(tx.Now())
	if err != nil {
		return nil, err
	}
	e, err := load(tx, all)
	if err != nil {
		return nil, err
	}
	d := &Draft{e: e}
	real, _, err := e.apply(cmd)
	if err != nil {
		return nil, err
	}
	var named []district.SiteID
	for _, x := range real {
		if !slices.Contains(named, x.Site) {
			named = append(named, x.Site)
		}
	}
	d.sites = e.touched(named...)
	return d, e.verify(d.sites, tx.Now())
}

// Sites are the places whose calendar the change touches; site 0 stands for the
// district itself.
func (d *Draft) Sites() []district.SiteID { return slices.Clone(d.sites) }

// Of is a site's calendar as it would be, or with site 0 the district's.
func (d *Draft) Of(site district.SiteID) (*worktime.Calendar, error) {
	p, ok := d.e.place(site)
	if !ok {
		return nil, notFound()
	}
	return compile(d.e.plan(site, p.Zone), p)
}

// Effect is what a change does on one date at places where it does the same.
type Effect struct {
	Date   worktime.Date
	All    bool // at every open place
	Places []Place
	Before []worktime.Span
	After  []worktime.Span
	Day    *Day // what is said of the date afterwards, nil if nothing
}

// Review is what saving a change would do.
type Review struct {
	Effects []Effect
	// Seen names exactly this: if saving would do something else by then, it is
	// another one.
	Seen string
}

// Review says what a change of days would do at the open places. The error is
// that of saving it.
func (c *Calendars) Review(ctx context.Context, cmd SetDays) (out Review, err error) {
	if err := authorise(ctx, mayLook); err != nil {
		return out, err
	}
	if cmd, err = cmd.check(c.db.Clock().Now()); err != nil {
		return out, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		before, err := load(tx, all)
		if err != nil {
			return err
		}
		after := before.clone()
		real, _, err := after.apply(cmd)
		if err != nil {
			return err
		}
		var named []district.SiteID
		for _, x := range real {
			named = append(named, x.Site)
		}
		if err := after.verify(after.touched(named...), tx.Now()); err != nil {
			return err
		}
		out.Effects, err = effects(before, after, real)
		return err
	})
	if err != nil {
		return out, err
	}
	raw, err := json.Marshal(out.Effects)
	if err != nil {
		return out, err
	}
	h := sha256.Sum256(raw)
	out.Seen = hex.EncodeToString(h[:8])
	return out, nil
}

// effects compares what is with what would be on the dates of the changes.
func effects(before, after *everything, real []DayChange) ([]Effect, error) {
	var dates []worktime.Date
	where := map[worktime.Date][]district.SiteID{}
	for _, x := range real {
		if where[x.Date] == nil {
			dates = append(dates, x.Date)
		}
		where[x.Date] = append(where[x.Date], x.Site)
	}
	open := 0
	type pair struct{ before, after *worktime.Calendar }
	cals := map[district.SiteID]pair{}
	for _, p := range before.places {
		if p.ID == 0 || !p.Active {
			continue
		}
		open++
		b, err := compile(before.plan(p.ID, p.Zone), p)
		if err != nil {
			return nil, err
		}
		a, err := compile(after.plan(p.ID, p.Zone), p)
		if err != nil {
			return nil, err
		}
		cals[p.ID] = pair{b, a}
	}
	var out []Effect
	for _, d := range dates {
		first := len(out)
		for _, p := range after.places {
			c, ok := cals[p.ID]
			if !ok || !slices.Contains(where[d], 0) && !slices.Contains(where[d], p.ID) {
				continue
			}
			was, _, had := before.day(p.ID, d)
			is, _, has := after.day(p.ID, d)
			x := Effect{Date: d, Before: c.before.HoursOn(d), After: c.after.HoursOn(d)}
			if has {
				x.Day = &is
			}
			if had == has && was.Equal(is) {
				continue // its own day outweighs the district's
			}
			same := slices.IndexFunc(out[first:], func(y Effect) bool { return x.same(y) })
			if same < 0 {
				out = append(out, x)
				same = len(out) - 1 - first
			}
			out[first+same].Places = append(out[first+same].Places, p)
		}
		for i := first; i < len(out); i++ {
			out[i].All = len(out[i].Places) == open
		}
	}
	return out, nil
}

func (x Effect) same(y Effect) bool {
	return slices.Equal(x.Before, y.Before) && slices.Equal(x.After, y.After) && (x.Day == nil) == (y.Day == nil) && (x.Day == nil || x.Day.Equal(*y.Day))
}
