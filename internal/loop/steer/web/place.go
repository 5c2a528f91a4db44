package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// PlacePath is the page of a place, by its name in addresses.
func PlacePath(slug string) string { return PlacesPath + "/" + slug }

func coverageHref(site district.SiteID) string {
	return "/coverage?" + url.Values{"place": {strconv.FormatInt(int64(site), 10)}}.Encode()
}

// places leads to the one place that is the reader's, or lists them.
func (s *pages) places(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := s.district.Sites(ctx, true)
	if err != nil {
		return err
	}
	slugs, actor := district.Slugs(all), policy.ActorFrom(ctx)
	var list []ui.LinkItem
	for _, x := range all {
		if x.Active && MayRead(actor, x.ID) {
			list = append(list, ui.LinkItem{Href: PlacePath(slugs[x.ID]), Title: x.Name})
		}
	}
	if len(list) == 1 {
		return web.Redirect(w, r, list[0].Href)
	}
	body := placesPage(t(ctx, "steer.places.title"), t(ctx, "steer.places.none"), list)
	view := frame.View{Title: t(ctx, "steer.places.title"), Place: placeKey(actor)}
	return s.draw(w, r, view, body)
}

// placeKey is where the page of a place stands in the navigation: who leads a
// school has a place of their own for it.
func placeKey(a policy.Actor) string {
	if district.Helper.Permits(a) {
		return "steer"
	}
	return "school"
}

// place is how the week goes at one place.
func (s *pages) place(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := policy.ActorFrom(ctx)
	all, err := s.district.Sites(ctx, true)
	if err != nil {
		return err
	}
	name := r.PathValue("place")
	var site district.Site
	for id, slug := range district.Slugs(all) {
		if slug == name {
			for _, x := range all {
				if x.ID == id && x.Active {
					site = x
				}
			}
		}
	}
	if site.ID == 0 || !MayRead(actor, site.ID) {
		return errs.E(errs.NotFound, "error.not_found")
	}
	v, err := s.lookAt(ctx, site.ID, askedWeek(r), PlacePath(name))
	if err != nil {
		return err
	}
	v.row = &v.Rows[0]
	help, err := s.cover.Help(ctx, site.ID, time.Time{})
	if err != nil {
		return err
	}
	v.help = &help
	if v.covered, err = s.covered(ctx, help); err != nil {
		return err
	}
	today := worktime.DateOf(v.Now.In(v.Zone))
	if v.closed, err = s.closedOn(ctx, site.ID, today); err != nil {
		return err
	}
	if v.days, err = s.nextDays(r, site.ID, v.says, today); err != nil {
		return err
	}
	view := frame.View{Title: t(ctx, "steer.place.title", "Place", site.Short), Place: placeKey(actor), Wide: true, Head: weekStyleLink()}
	return s.draw(w, r, view, placePage(v))
}

// hands are who helps first, and for whom they stand in.
func (v weekView) hands() (out []awayLine) {
	for _, h := range v.help.Here {
		l := awayLine{name: h.Name}
		if v.covered[h.For] != "" {
			l.name = v.says.t("steer.place.help.for", "Name", h.Name, "For", v.covered[h.For])
		}
		for i, x := range h.Hours {
			if i > 0 {
				l.until += ", "
			}
			l.until += v.says.hours(x)
		}
		out = append(out, l)
	}
	return out
}

// covered names those for whom somebody else helps today.
func (s *pages) covered(ctx context.Context, help cover.SiteHelp) (map[district.PersonID]string, error) {
	out := map[district.PersonID]string{}
	for _, h := range help.Here {
		if h.For == 0 {
			continue
		}
		// Who looks may see who covers; the name stands with the absence.
		list, err := s.cover.Absences(ctx, cover.Query{Person: h.For, Until: s.frame.Now().Add(time.Second), Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			out[h.For] = list[0].Name
		}
	}
	return out, nil
}

// hours writes a part of a day as people read the time.
func (s saying) hours(x worktime.Span) string {
	at := func(m worktime.Minute) string {
		return i18n.Time(s.ctx, time.Date(2001, 1, 1, 0, int(m), 0, 0, time.UTC), time.UTC)
	}
	return s.t("steer.between", "From", at(x.From), "To", at(x.To))
}

// closedOn reports that a place has no hours on a day.
func (s *pages) closedOn(ctx context.Context, site district.SiteID, d worktime.Date) (bool, error) {
	list, err := s.calendars.Dates(ctx, site, worktime.DateRange{First: d, Last: d})
	return err == nil && len(list) == 1 && len(list[0].Hours) == 0, err
}

// nextDays are the next single day that differs at a place, and those that
// begin on the same date.
func (s *pages) nextDays(r *http.Request, site district.SiteID, says saying, today worktime.Date) (out []string, err error) {
	list, err := s.calendars.Singles(r.Context(), site, today)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		if i > 0 && x.Dates.First != list[0].Dates.First {
			break
		}
		what := says.t("steer.place.days." + dayKey(x.Day.Kind))
		if len(x.Day.Hours) > 0 {
			what = says.t("steer.place.days."+dayKey(x.Day.Kind), "Hours", says.hours(x.Day.Hours[0]))
		}
		when := says.date(x.Dates.First)
		if x.Dates.Last != x.Dates.First {
			when = says.t("steer.between", "From", when, "To", says.date(x.Dates.Last))
		}
		out = append(out, says.t("steer.place.days.line", "Day", when, "Name", x.Day.Name, "What", what))
	}
	return out, nil
}

func dayKey(k calendar.Kind) string {
	switch k {
	case calendar.Closed:
		return "closed"
	case calendar.HalfDay:
		return "half"
	case calendar.LateStart:
		return "late"
	}
	return "other"
}
