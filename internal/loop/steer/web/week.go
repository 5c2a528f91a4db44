package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// The map's own style, so that pages without one don't carry it.
//
//go:embed static/week.css
var weekCSS []byte

const weekStylePath = "/steer/week.css"

var weekTag = func() string {
	sum := sha256.Sum256(weekCSS)
	return hex.EncodeToString(sum[:8])
}()

// weekStyleHref changes with the style, so that browsers keep it for good.
func weekStyleHref() string { return weekStylePath + "?" + weekTag }

func (s *pages) weekStyle(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+weekTag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(weekCSS))
	return nil
}

// weekView is a week as both pages of it show it.
type weekView struct {
	steer.Week
	says     saying
	sentence steer.Sentence
	district string
	path     string // this page, for other weeks
	flow     bool   // the reader may open how support flowed
	slugs    map[district.SiteID]string
	opens    func(district.SiteID) bool // whose page of a place the reader may open

	away []awayLine
	all  bool // the reader may see all of who covers

	row     *steer.Row // of one place
	help    *cover.SiteHelp
	covered map[district.PersonID]string // names of those for whom others help
	closed  bool                         // it has no hours today
	days    []string
}

// awayLine is somebody who is away today.
type awayLine struct{ name, until, cover string }

// now reports that the week is this one, so that what is open now fits.
func (v weekView) now() bool { return v.Running }

// askedWeek is the week of an address; what can't be read is this week.
func askedWeek(r *http.Request) worktime.Date { return day(web.Query(r).Date("week")) }

// week is the first page of Steer.
func (s *pages) week(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.lookAt(ctx, 0, askedWeek(r), WeekPath)
	if err != nil {
		return err
	}
	if v.Opens && v.now() {
		if v.away, err = s.awayToday(ctx, v.says); err != nil {
			return err
		}
		v.all = cover.Viewer.Permits(policy.ActorFrom(ctx))
	}
	view := frame.View{Title: t(ctx, "steer.week.title"), Place: "steer", Wide: true, Head: weekStyleLink()}
	return s.draw(w, r, view, weekPage(v))
}

// draw picks the shell: who helps has the desk's, who leads that of everybody.
func (s *pages) draw(w http.ResponseWriter, r *http.Request, view frame.View, body templ.Component) error {
	if district.Helper.Permits(policy.ActorFrom(r.Context())) {
		return s.frame.Desk(w, r, view, body)
	}
	return s.frame.Help(w, r, view, body)
}

// lookAt reads a week at a place, 0 for all.
func (s *pages) lookAt(ctx context.Context, site district.SiteID, week worktime.Date, path string) (weekView, error) {
	read, err := s.weeks.Week(ctx, site, week)
	if err != nil {
		return weekView{}, err
	}
	profile, err := s.district.Profile(ctx)
	if err != nil {
		return weekView{}, err
	}
	sites, err := s.district.Sites(ctx, true)
	if err != nil {
		return weekView{}, err
	}
	actor := policy.ActorFrom(ctx)
	v := weekView{Week: steer.Look(read), says: saying{ctx, false, read.Zone}, district: profile.Name, path: path, slugs: district.Slugs(sites),
		flow: district.Helper.Permits(actor), opens: func(id district.SiteID) bool { return MayRead(actor, id) }}
	v.sentence = v.Sentence(ctx)
	return v, nil
}

// MayRead reports whether an actor may see the page of a place.
func MayRead(a policy.Actor, site district.SiteID) bool {
	return district.HelpsAt(a, site) || district.LeadsAt(site).Permits(a)
}

// maxAway is how many of those who are away the page names.
const maxAway = 6

// awayToday are those who are away now, and who acts for them.
func (s *pages) awayToday(ctx context.Context, says saying) (out []awayLine, err error) {
	now := s.frame.Now()
	list, err := s.cover.Absences(ctx, cover.Query{From: now, Until: now.Add(time.Second), Limit: maxAway})
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.State(now) != cover.Running {
			continue
		}
		zone, err := time.LoadLocation(a.Zone)
		if err != nil {
			zone = says.zone
		}
		l := awayLine{name: a.Name, until: cover.SayUntil(ctx, a.End(), zone)}
		// The one who is named may be away as well; who really acts is asked.
		stands, err := s.cover.Standing(ctx, a.Person, now)
		switch {
		case errs.Is(err, errs.NotFound):
		case err != nil:
			return nil, err
		case !stands.Gap && stands.Person != a.Person:
			l.cover = a.CoverName
			if p, err := s.district.Person(ctx, stands.Person); err == nil {
				l.cover = p.Name
			} else if !errs.Is(err, errs.NotFound) {
				return nil, err
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// list is where a number leads, "" for who may not open the requests.
func (v weekView) list(f flow.Filter, b flow.Behind) string {
	if !v.Opens || !v.flow {
		return ""
	}
	return behindHref(f, b)
}

// desk is one of the desk's lists at a place, "" likewise.
func (v weekView) desk(view string, site district.SiteID) string {
	if !v.Opens || !v.flow {
		return ""
	}
	switch {
	case site != 0 || v.All:
	case len(v.Sites) == 1:
		site = v.Sites[0].ID
	default: // the list has what a team of theirs was given elsewhere as well
		return ""
	}
	return deskHref(view, site)
}

// placeHref is a place's own page, "" for who may not see it.
func (v weekView) placeHref(site district.SiteID) string {
	if v.row != nil || !v.opens(site) {
		return ""
	}
	return PlacePath(v.slugs[site])
}

// weekHref is this page for another week, "" if there is none.
func (v weekView) weekHref(monday worktime.Date) string {
	if !monday.Valid() {
		return ""
	}
	return v.path + "?week=" + monday.String()
}
