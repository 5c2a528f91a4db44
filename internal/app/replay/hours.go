package replay

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"trellis/internal/app"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/platform/worktime"
)

func weekSaid(text string) (w worktime.Week, err error) {
	if text != "" {
		w, err = worktime.ParseHours(text)
	}
	return w, err
}

func setHours(ctx context.Context, p *teller, e said) error {
	week, err := weekSaid(e.text("hours"))
	if err != nil {
		return err
	}
	site := e.number("site")
	_, err = p.calendars.SetHours(ctx, calendar.SetHours{Site: district.SiteID(site), Version: p.known.turns[hoursRef(site)], Week: week, Drop: week.Empty()})
	return err
}

func setRange(ctx context.Context, p *teller, e said) (err error) {
	ref := rangeRef(e.number("range"))
	c := calendar.SetRange{Site: district.SiteID(e.number("site")), Name: textOr(e, "name", p.known.text(ref, "name"))}
	if c.Version = p.known.turns[ref]; c.Version > 0 {
		c.ID = calendar.RangeID(ref.ID)
	}
	first, last, _ := strings.Cut(textOr(e, "dates", p.known.text(ref, "dates")), " to ")
	if c.Dates.First, err = worktime.ParseDate(first); err != nil {
		return err
	}
	if c.Dates.Last, err = worktime.ParseDate(last); err != nil {
		return err
	}
	if e.Kind == calendar.TermSet {
		_, err = p.calendars.SetTerm(ctx, c)
		return err
	}
	if c.Week, err = weekSaid(textOr(e, "hours", p.known.text(ref, "hours"))); err != nil {
		return err
	}
	_, err = p.calendars.SetSeason(ctx, c)
	return err
}

func dropRange(ctx context.Context, p *teller, e said) error {
	c, _ := e.change("range")
	ref := rangeRef(number(c.From))
	if e.Kind == calendar.TermDropped {
		return p.calendars.DropTerm(ctx, calendar.RangeID(ref.ID), p.known.turns[ref])
	}
	return p.calendars.DropSeason(ctx, calendar.RangeID(ref.ID), p.known.turns[ref])
}

func setDays(ctx context.Context, p *teller, e said) error {
	var cmd calendar.SetDays
	for _, c := range e.Changes {
		if c.Field == "takes_back" {
			cmd.Back = number(c.To)
			continue
		}
		site, date, _ := strings.Cut(c.Field, "/")
		n, err := strconv.ParseInt(site, 10, 64)
		if err != nil {
			return err
		}
		ch := calendar.DayChange{Site: district.SiteID(n), Clear: c.To == nil}
		if ch.Date, err = worktime.ParseDate(date); err != nil {
			return err
		}
		if !ch.Clear {
			if ch.Day, err = daySaid(c.To); err != nil {
				return fmt.Errorf("%s: %w", c.Field, err)
			}
		}
		cmd.Changes = append(cmd.Changes, ch)
	}
	_, err := p.calendars.SetDays(ctx, cmd)
	return err
}

func daySaid(v any) (d calendar.Day, err error) {
	said, ok := v.(map[string]any)
	if !ok {
		return d, fmt.Errorf("a day is told as %v", v)
	}
	kind, _ := said["kind"].(string)
	d.Kind = calendar.Kind(kind)
	d.Name, _ = said["name"].(string)
	if hours, _ := said["hours"].(string); hours != "" {
		d.Hours, err = worktime.ParseSpans(hours)
	}
	return d, err
}

func declareAbsence(ctx context.Context, p *teller, e said) (err error) {
	c := cover.Declare{Person: district.PersonID(e.number("person")), Cover: district.PersonID(e.number("cover")), Why: e.text("why")}
	if c.From, err = e.at("from"); err != nil {
		return err
	}
	if c.Until, err = e.at("until"); err != nil {
		return err
	}
	_, err = p.d.Cover.Declare(ctx, c)
	return err
}

func changeAbsence(ctx context.Context, p *teller, e said) error {
	was, err := p.d.Cover.Absence(app.AsSystem(ctx), cover.AbsenceID(e.Subject.ID))
	if err != nil {
		return err
	}
	c := cover.Change{ID: was.ID, Version: was.Version, From: was.From, Until: was.Until, Cover: numberOr(e, "cover", was.Cover), Why: textOr(e, "why", was.Why)}
	if e.has("from") {
		if c.From, err = e.at("from"); err != nil {
			return err
		}
	}
	if e.has("until") {
		if c.Until, err = e.at("until"); err != nil {
			return err
		}
	}
	_, err = p.d.Cover.Change(ctx, c)
	return err
}

func endAbsence(ctx context.Context, p *teller, e said) error {
	was, err := p.d.Cover.Absence(app.AsSystem(ctx), cover.AbsenceID(e.Subject.ID))
	if err != nil {
		return err
	}
	_, err = p.d.Cover.End(ctx, was.ID, was.Version)
	return err
}

func setOwnHours(ctx context.Context, p *teller, e said) error {
	was, err := p.d.Cover.Hours(app.AsSystem(ctx), district.PersonID(e.Subject.ID))
	if err != nil {
		return err
	}
	_, err = p.d.Cover.SetHours(ctx, cover.Hours{Person: was.Person, Version: was.Version, Week: textOr(e, "week", was.Week),
		First: textOr(e, "first", was.First), Last: textOr(e, "last", was.Last)})
	return err
}

func warnOfGaps(ctx context.Context, p *teller, e said) error {
	_, err := p.d.Cover.Gaps(ctx, int(e.number("days")))
	return err
}
