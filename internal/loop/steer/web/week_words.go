package web

import (
	"math"
	"net/url"
	"strconv"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/worktime"
)

// deskHref is one of the desk's lists, of a place or with 0 of all.
func deskHref(view string, site district.SiteID) string {
	if site == 0 {
		return "/desk/" + view
	}
	return "/desk/" + view + "?" + url.Values{"site": {strconv.FormatInt(int64(site), 10)}}.Encode()
}

// days says which week it is.
func (v weekView) span() string {
	return v.says.t("steer.week.days", "From", v.says.date(v.Monday), "To", v.says.date(v.Sunday))
}

// lead says how many asked, and whether the rest of the map is quiet.
func (v weekView) lead() (out []string) {
	s, all := v.says, v.Whole.All
	switch {
	case v.Story.Plot == steer.Nothing:
		return []string{s.t("steer.week.empty")}
	case all.Veil != steer.Shown:
		return []string{s.t("steer.week.lead_hidden")}
	case all.Round:
		out = append(out, s.t("steer.week.lead_about", "N", s.number(all.N)))
	default:
		out = append(out, s.t("steer.week.lead", "Count", all.N, "People", s.number(all.People)))
	}
	if all.Known {
		key := "steer.week.usual"
		if v.Running {
			key = "steer.week.usual_now"
		}
		low, high := s.count(all.Low, all.Round), s.count(all.High, all.Round)
		if low == high { // "under 10 to under 10"
			key = "steer.week.usual_one"
		}
		out = append(out, s.t(key, "Low", low, "High", high))
	}
	switch v.Story.Plot {
	case steer.OneCell, steer.OneWide, steer.OnePlace, steer.Outbreak:
		if v.Story.Rest > 0 {
			out = append(out, s.t("steer.week.rest", "Count", v.Story.Rest))
		} else {
			out = append(out, s.t("steer.week.rest_none"))
		}
	}
	return out
}

// column names a service of the map.
func (v weekView) column(c steer.Column) string {
	if c.ID == 0 {
		return v.says.t("steer.map.none")
	}
	return c.Name
}

// rate is a number per 100 people: small ones keep a digit.
func (s saying) rate(r float64) string {
	if r < 9.95 && r != math.Trunc(r) {
		return i18n.Decimal(s.ctx, max(r, .1), 1)
	}
	return i18n.Number(s.ctx, int64(math.Round(r)))
}

// square is a cell of a table: what it shows, what it says aloud, where it
// leads.
type square struct {
	text, label, href string
	class             string
	veiled            bool
}

func (v weekView) square(place, service string, c steer.Cell, f flow.Filter) square {
	s := v.says
	switch {
	case c.Veil == steer.Hidden:
		return square{text: "–", label: s.t("steer.map.hidden"), class: "hx", veiled: true}
	case c.Veil == steer.Small:
		return square{text: "–", label: s.t("steer.map.small"), class: "hx", veiled: true}
	case c.N == 0:
		return square{text: "·", label: "0", class: "h0", veiled: true}
	}
	key, class := "steer.map.cell", "h"+strconv.Itoa(c.Heat)
	if c.Mark {
		key, class = "steer.map.cell_mark", class+" mk"
	}
	return square{text: s.rate(c.Rate), class: class, href: v.list(f, flow.Every),
		label: s.t(key, "Place", place, "Service", service, "Rate", s.rate(c.Rate), "N", s.number(c.N))}
}

// total is the sum of a line or column as a number of requests.
func (v weekView) total(name string, c steer.Cell, f flow.Filter) square {
	s := v.says
	if c.Veil != steer.Shown {
		return square{text: "–", label: s.t("steer.map.hidden"), veiled: true}
	}
	if c.N == 0 {
		return square{text: "·", label: "0", veiled: true}
	}
	n := s.count(c.N, c.Round)
	return square{text: s.number(c.N), label: s.t("steer.map.total_label", "Place", name, "N", n), href: v.listed(f, flow.Every)}
}

// toDo is what is open at a place now.
func (v weekView) toDo(name string, l steer.Line, site district.SiteID) square {
	s := v.says
	switch {
	case l.OpenOff != steer.Shown:
		return square{text: "–", label: s.t("steer.map.hidden"), veiled: true}
	case l.Open.Todo == 0 && !l.Round:
		return square{text: "·", label: "0", veiled: true}
	}
	n := s.count(l.Open.Todo, l.Round)
	if l.Open.Todo == 0 {
		return square{text: "–", label: n, veiled: true}
	}
	return square{text: s.number(l.Open.Todo), label: s.t("steer.map.open_label", "Place", name, "N", n), href: v.desk("places", site)}
}

// levels are the rows of the map by kind of school, in the order of a child's
// years.
func (v weekView) levels() (out []level) {
	for _, l := range district.Levels {
		g := level{name: v.says.t("steer.level." + l)}
		for _, r := range v.Rows {
			if r.Site.Level == l {
				g.rows = append(g.rows, r)
			}
		}
		if len(g.rows) > 0 {
			out = append(out, g)
		}
	}
	return out
}

type level struct {
	name string
	rows []steer.Row
}

// promise is a line of what became of promises.
type promise struct {
	name, kept, missed, label, usual, result string
	href                                     string
	slow                                     bool
}

// promises are all of them, and those of each impact.
func (v weekView) promises() (out []promise) {
	s := v.says
	add := func(name string, impact string, k steer.Kept) {
		p := promise{name: name, result: s.t("steer.kept.result.early")}
		f := v.Filter(v.site(), nil)
		f.Impact = impact
		switch {
		case k.Veil != steer.Shown:
			p.kept, p.result = s.t("steer.map.hidden"), ""
			out = append(out, p)
			return
		case k.Of() == 0:
			return
		}
		p.kept = s.t("steer.promises.of", "N", s.count(k.Kept, k.Round), "Of", s.number(k.Of()))
		if k.Missed > 0 {
			p.missed = s.t("steer.promises.missed", "Count", k.Missed)
			p.label = s.t("steer.promises.missed_label", "Missed", p.missed, "What", name)
			p.href = v.listed(f, flow.PromiseNot)
		}
		if k.Known {
			p.usual = s.percent(k.Usual)
			p.result = s.t("steer.kept.result.as_usual")
		}
		switch {
		case k.Slow:
			p.slow, p.result = true, s.t("steer.kept.result.slow")
			if !k.Known {
				p.result = s.t("steer.kept.result.many")
			}
		case k.Missed == 0:
			p.result = s.t("steer.kept.result.kept")
		}
		out = append(out, p)
	}
	for _, i := range v.Impacts {
		if i.Veil != steer.Shown {
			continue
		}
		add(s.label(string(i.Impact)), string(i.Impact), i.Kept)
	}
	if len(v.Impacts) != 1 || len(out) == 0 {
		add(s.t("steer.promises.all"), "", v.Whole.Kept)
	}
	return out
}

// count is a number; of a rounded one it says so.
func (s saying) count(n int64, round bool) string {
	switch {
	case round && n == 0:
		return s.t("steer.under")
	case round:
		return s.t("steer.about", "N", s.number(n))
	}
	return s.number(n)
}

// site is the one that the page is about, 0 for all.
func (v weekView) site() district.SiteID {
	if v.row != nil {
		return v.row.Site.ID
	}
	return 0
}

// figure is one number of what is open now.
type figure struct {
	n, what, href string
	bad           bool
}

func (v weekView) figures() []figure {
	s, o := v.says, v.Whole.Open
	n := func(x int64) string { return s.count(x, v.Whole.Round) }
	out := []figure{{n(o.Todo), s.t("steer.now.todo"), v.desk("places", 0), false}}
	if v.Opens { // how many are late is a small group of itself
		out = append(out, figure{n(o.Late), s.t("steer.now.late"), v.desk("late", 0), o.Late > 0})
	}
	out = append(out, figure{n(o.Waiting), s.t("steer.now.waiting"), v.desk("waiting", 0), false})
	return out
}

// hows are how the numbers come about, in the order of the page.
func (v weekView) hows() []string {
	out := []string{"week", "people", "usual", "mark", "kept", "now", "private"}
	if !v.Opens {
		out = append(out, "hidden")
	}
	return out
}

// asked is a line of a place's own page: a service, or with no column those of
// which nothing may be told.
type asked struct {
	name string
	steer.Cell
	column *steer.Column
}

// asked are the services of a place's own page, and how many are left out
// because too few people stand behind each.
func (v weekView) asked() (out []asked, left int) {
	for i, c := range v.row.Cells {
		if c.Veil == steer.Hidden && c.PastVeil == steer.Hidden {
			left++
			continue
		}
		out = append(out, asked{v.column(v.Columns[i]), c, &v.Columns[i]})
	}
	return out, left
}

// usual is what a square is held against.
func (v weekView) usual(c steer.Cell) string {
	s := v.says
	low, high := s.count(c.Low, !v.Opens), s.count(c.High, !v.Opens)
	switch {
	case !c.Known:
		return "–"
	case low == high:
		return low
	}
	return s.t("steer.to", "Low", low, "High", high)
}

// proof is where the sentence's own requests are listed, "" for nowhere.
func (v weekView) proof() string {
	st := v.Story
	f := v.Filter(v.site(), st.Service)
	if len(st.Places) == 1 {
		f = v.Filter(st.Places[0].ID, st.Service)
	}
	switch st.Plot {
	case steer.Outbreak:
		f.Impact = string(desk.Stopped)
		f.From = worktime.DateOf(v.Now.In(v.Zone))
	case steer.OnePlace, steer.InAll:
		f.Service = ""
	case steer.Slowness:
		return v.listed(f, flow.PromiseNot)
	case steer.OneCell, steer.OneWide:
	default:
		return ""
	}
	return v.listed(f, flow.Every)
}

// listed is a list over several places, for who works on all that it counts.
func (v weekView) listed(f flow.Filter, b flow.Behind) string {
	if f.Place == "" && !v.All {
		return ""
	}
	return v.list(f, b)
}
