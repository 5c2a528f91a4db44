package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// The sheet's own style: a table that becomes lists on a phone, and one
// landscape page on paper.
//
//go:embed static/coverage.css
var sheetCSS []byte

const sheetPath = "/coverage/sheet.css"

var sheetTag = func() string {
	sum := sha256.Sum256(sheetCSS)
	return hex.EncodeToString(sum[:8])
}()

// sheetHref changes with the style, so that browsers keep it for good.
func sheetHref() string { return sheetPath + "?" + sheetTag }

func (p *pages) sheetStyle(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+sheetTag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(sheetCSS))
	return nil
}

// Days on the sheet. Moving goes by weeks, so that two sheets overlap rather
// than leave a day out.
const (
	sheetDays = 10
	maxDays   = 20
)

type coverageView struct {
	cover.Coverage
	now      time.Time
	district string
	days     int
	before   string // hrefs of the weeks beside, "" for none
	after    string
	groups   []coverageGroup
	heads    []string // of the columns, and on a phone of the lines
}

// coverageGroup are rows of one kind.
type coverageGroup struct {
	name string
	rows []cover.Row
}

func (p *pages) coverage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := web.Query(r)
	ask := cover.CoverageQuery{Days: sheetDays, Site: district.SiteID(q.ID("place"))}
	if n := int(q.Int("days")); n > 0 {
		ask.Days = min(n, maxDays)
	}
	if from := q.Date("from"); !from.IsZero() {
		ask.From = worktime.DateOf(from)
	}
	if !ask.From.Valid() { // none, or one that no calendar has
		ask.From = worktime.Date{}
	}
	c, err := p.Cover.Coverage(ctx, ask)
	if err != nil {
		return err
	}
	profile, err := p.d.Profile(ctx)
	if err != nil {
		return err
	}
	v := coverageView{Coverage: c, now: p.f.Now(), district: profile.Name, days: ask.Days}
	v.group(ctx)
	if c.Today.Before(c.From) {
		v.before = v.href(c.From.AddDays(-7))
	}
	if len(c.Days) > 0 {
		v.after = v.href(c.From.AddDays(7))
	}
	view := frame.View{Title: t(ctx, "coverage.title"), Place: coveragePlace(ctx), Wide: true, Done: saved(r), Head: sheetLink()}
	if district.Helper.Permits(policy.ActorFrom(ctx)) {
		return p.f.Desk(w, r, view, coveragePage(v))
	}
	return p.f.Help(w, r, view, coveragePage(v))
}

// coveragePlace is where the sheet stands in the navigation: with the desk for
// who works it, else with the tools.
func coveragePlace(ctx context.Context) string {
	if district.Helper.Permits(policy.ActorFrom(ctx)) {
		return "desk"
	}
	return "tools"
}

// href is this page from another day on.
func (v coverageView) href(from worktime.Date) string {
	q := url.Values{"from": {from.String()}}
	if v.Site != 0 {
		q.Set("place", number(v.Site))
	}
	if v.days != sheetDays {
		q.Set("days", decimal(int64(v.days)))
	}
	return "/coverage?" + q.Encode()
}

func (v *coverageView) group(ctx context.Context) {
	for _, k := range []string{cover.KindPlace, cover.KindService, cover.KindDuty} {
		g := coverageGroup{name: t(ctx, "coverage.kind."+k)}
		for _, r := range v.Rows {
			if r.Kind == k {
				g.rows = append(g.rows, r)
			}
		}
		if len(g.rows) > 0 {
			v.groups = append(v.groups, g)
		}
	}
	for _, d := range v.Days {
		at := noon(d, v.Zone)
		v.heads = append(v.heads, shortDay(ctx, at, v.Zone))
	}
}

// shortDay is a day as a narrow column has it, "Mon, Mar 2": as it is said some
// days later in the same year.
func shortDay(ctx context.Context, at time.Time, zone *time.Location) string {
	seen := at.AddDate(0, 0, -10)
	if at.Month() == time.January {
		seen = at.AddDate(0, 0, 10)
	}
	return i18n.When(ctx, at, seen, zone)
}

// noon stands for a day: no change of the clocks reaches it.
func noon(d worktime.Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}

// line is one line of a cell.
type line struct {
	text string
	time string // "" for the whole day
	gap  bool
}

// lines are what a cell says.
func (v coverageView) lines(ctx context.Context, c cover.Cell) (out []line) {
	afar := false
	for _, x := range c.Turns {
		l := line{gap: x.Person == 0}
		switch {
		case x.Afar && afar:
			continue // the team is named once
		case x.Afar:
			afar = true
			out = append(out, line{text: t(ctx, "coverage.afar", "Team", v.Help)})
			continue
		case l.gap:
			l.text = t(ctx, "coverage.nobody")
		case x.For != 0:
			l.text = t(ctx, "coverage.for", "Name", x.Name, "For", x.ForName)
		default:
			l.text = x.Name
		}
		if !x.Whole {
			l.time = v.between(ctx, x.From, x.Until)
		} else if x.Hours != nil {
			l.time = v.hours(ctx, x.Hours)
		}
		out = append(out, l)
	}
	return out
}

func (v coverageView) between(ctx context.Context, from, until time.Time) string {
	return t(ctx, "coverage.between", "From", i18n.Time(ctx, from, v.Zone), "Until", i18n.Time(ctx, until, v.Zone))
}

// hours writes spans as people read the time.
func (v coverageView) hours(ctx context.Context, spans []worktime.Span) string {
	var out []string
	for _, s := range spans {
		at := func(m worktime.Minute) time.Time { return time.Date(2001, 1, 1, 0, int(m), 0, 0, time.UTC) }
		out = append(out, t(ctx, "coverage.between", "From", i18n.Time(ctx, at(s.From), time.UTC), "Until", i18n.Time(ctx, at(s.To), time.UTC)))
	}
	return join(out)
}

// headline is the finding: how many gaps there are, or that there are none.
func (v coverageView) headline(ctx context.Context) string {
	switch n := len(v.Days); {
	case n == 0:
		return t(ctx, "coverage.no_days")
	case len(v.Gaps) == 0:
		return t(ctx, "coverage.no_gaps", "Count", n)
	case len(v.Gaps) == 1:
		return t(ctx, "coverage.one_gap", "Count", n)
	default:
		return t(ctx, "coverage.gaps", "Total", len(v.Gaps), "Count", n)
	}
}

// gapText says where and when nobody covers.
func (v coverageView) gapText(ctx context.Context, g gapLine) string {
	long := i18n.LongDate(ctx, noon(g.Day, v.Zone), v.Zone)
	if g.Whole {
		return t(ctx, "coverage.gap", "What", join(g.names), "Day", long)
	}
	return t(ctx, "coverage.gap.part", "What", join(g.names), "Day", long, "Time", v.between(ctx, g.From, g.Until))
}

// gapHref leads to where cover is declared, for who may.
func gapHref(g cover.Gap) string {
	if g.Absence != 0 {
		return awayHref(g.Person, g.Absence)
	}
	return awayHref(g.Person, 0) + "&from=" + g.Day.String()
}

// gapHelp says who can mend it, to who can't.
func gapHelp(ctx context.Context, g cover.Gap) string {
	if g.LeadName == "" {
		return ""
	}
	return t(ctx, "coverage.ask", "Name", g.LeadName)
}

func placeOptions(ctx context.Context, v coverageView) []ui.Option {
	return siteOptions(v.Sites, t(ctx, "coverage.every_place"))
}

// firstGaps is how many lines of gaps are listed; the sheet has them all.
const firstGaps = 8

// listed are the gaps as lines: those that one absence leaves at one time
// stand together.
func (v coverageView) listed() (out []gapLine, more int) {
	for _, g := range v.Gaps {
		i := slices.IndexFunc(out, func(l gapLine) bool { return l.same(g) })
		switch {
		case i >= 0:
			out[i].names = append(out[i].names, g.Name)
		case len(out) < firstGaps:
			out = append(out, gapLine{g, []string{g.Name}})
		default:
			more++
		}
	}
	return out, more
}

// gapLine are gaps with one cause.
type gapLine struct {
	cover.Gap
	names []string
}

func (l gapLine) same(g cover.Gap) bool {
	return l.Day == g.Day && l.From.Equal(g.From) && l.Until.Equal(g.Until) && l.Person == g.Person && l.Absence == g.Absence && l.Lead == g.Lead
}

// run are days in a row on which a cell says the same: one cell of the sheet.
type run struct {
	days  int
	head  string // the days, for a phone
	lines []line
	cell  cover.Cell
}

func (v coverageView) runs(ctx context.Context, r cover.Row) (out []run) {
	first := 0
	for i, c := range r.Cells {
		lines := v.lines(ctx, c)
		if k := len(out) - 1; k >= 0 && !c.Gap && !out[k].cell.Gap && c.Closed == out[k].cell.Closed && slices.Equal(lines, out[k].lines) {
			out[k].days++
			out[k].head = t(ctx, "coverage.between", "From", v.heads[first], "Until", v.heads[i])
			continue
		}
		first = i
		out = append(out, run{1, v.heads[i], lines, c})
	}
	return out
}

// where names the place that a sheet is about.
func (v coverageView) where(ctx context.Context) string {
	if i := slices.IndexFunc(v.Sites, func(s district.Site) bool { return s.ID == v.Site }); i >= 0 {
		return v.Sites[i].Name
	}
	return t(ctx, "coverage.every_place")
}
