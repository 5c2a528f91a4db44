package web

import (
	"strconv"
	"time"

	"trellis/internal/desk/flow"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/chart"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
)

type flowView struct {
	flow.Report
	says     saying
	district string
	now      time.Time
	findings []steer.Finding
	notes    []steer.Note
	past     string // where a past is brought in, "" for who may not
}

// link is a line of words that may lead somewhere.
type link struct{ text, href string }

// card is one measure.
type card struct {
	key   string // of its name and of how it is counted
	value string
	of    string // small, behind the value
	href  string
	lines []link
}

func (v flowView) to(b flow.Behind) string { return behindHref(v.Filter, b) }

// headline is the sentence that the page begins with.
func (v flowView) headline() string {
	m, s := v.Whole, v.says
	half := m.Solve.By(.5)
	switch {
	case m.Requests == 0:
		return s.t("steer.headline.nothing")
	case half.None || m.Solved == 0 && m.Ended > 0:
		return s.t("steer.headline.unrecorded")
	case half.More:
		return s.t("steer.headline.not_half")
	case m.School.Of >= steer.Few:
		return s.t(v.clocked("steer.headline.school_"), "Time", s.span(half.Seconds), "Share", s.share(m.School))
	}
	return s.t(v.clocked("steer.headline.half_"), "Time", s.span(half.Seconds))
}

// clocked picks the words for the chosen way of counting time.
func (v flowView) clocked(key string) string {
	if v.Filter.Wall {
		return key + "wall"
	}
	return key + "work"
}

// lead says what was counted.
func (v flowView) lead() string {
	m, s := v.Whole, v.says
	if m.Requests == 0 {
		return s.t("steer.lead.nothing")
	}
	args := []any{"Count", m.Requests, "Total", m.Open, "Source", v.sourceName()}
	if v.First.IsZero() {
		return s.t("steer.lead.undated", args...)
	}
	from, to := s.day(v.First), s.day(v.Last)
	if from == to {
		return s.t("steer.lead.day", append(args, "From", from)...)
	}
	return s.t("steer.lead", append(args, "From", from, "To", to)...)
}

func (v flowView) sourceName() string {
	for _, x := range v.Sources {
		if x.ID == v.Filter.Source {
			return v.says.source(x)
		}
	}
	return v.says.t("steer.source.all")
}

// finding writes one sentence that a rule found.
func (v flowView) finding(f steer.Finding) link {
	s := v.says
	key := "steer.finding." + string(f.Kind)
	switch f.Kind {
	case steer.Waiting:
		return link{s.t(key+"_"+string(f.Wait), "Share", s.percent(f.Part)), v.to(f.Behind)}
	case steer.Apart:
		to := href(FlowPath, v.Filter)
		if g, ok := inGroup(v.Filter, *f.Slow); ok {
			to = behindHref(g, flow.EverSolved)
		}
		return link{s.t(key, "Slow", s.group(v.Report, *f.Slow), "SlowTime", s.within(f.Slow.Solve.By(.5)),
			"Fast", s.group(v.Report, *f.Fast), "FastTime", s.within(f.Fast.Solve.By(.5))), to}
	case steer.Tail:
		return link{s.t(key, "Long", s.within(f.Long), "Half", s.span(f.Half.Seconds)), v.to(f.Behind)}
	}
	return link{s.t(key, "Share", s.percent(f.Part), "N", s.number(f.N), "Of", s.number(f.Of)), v.to(f.Behind)}
}

// cards are the measures, each with what leads to its requests.
func (v flowView) cards() []card {
	m, s := v.Whole, v.says
	count := func(key string, n int64, b flow.Behind) []link {
		if n == 0 {
			return nil
		}
		return []link{{s.t(key, "Count", n), v.to(b)}}
	}
	of := func(x flow.Ratio) string {
		if x.Of == 0 {
			return ""
		}
		return s.t("steer.of", "N", s.number(x.N), "Of", s.number(x.Of))
	}
	join := func(lists ...[]link) (out []link) {
		for _, l := range lists {
			out = append(out, l...)
		}
		return out
	}
	times := func(x flow.Spread, b flow.Behind, open []link, missing []link) []link {
		if x.By(.5).None {
			return join(open, missing)
		}
		to := ""
		if x.Happened > 0 {
			to = v.to(b)
		}
		return join([]link{{s.t("steer.by80", "Time", s.within(x.By(.8))), to}, {s.t("steer.by90", "Time", s.within(x.By(.9))), to}}, open, missing)
	}
	handoffs := card{"handoffs", s.mean(m.Handoffs.Mean(), m.Handoffs.Known()), s.t("steer.handoffs.mean"), v.to(flow.Passed), nil}
	for i, b := range []flow.Behind{flow.Passed0, flow.Passed1, flow.Passed2, flow.Passed3} {
		if known := m.Handoffs.Known(); known > 0 {
			handoffs.lines = append(handoffs.lines, link{s.t("steer.handoffs.times_"+strconv.Itoa(i), "Share", s.percent(float64(m.Handoffs.By[i])/float64(known))), v.to(b)})
		}
	}
	if m.Handoffs.Unsaid > 0 {
		handoffs.lines = append(handoffs.lines, link{s.t("steer.unsaid_of", "Count", m.Handoffs.Unsaid), ""})
	}
	half := func(x flow.Spread) string {
		if x.By(.5).None {
			return "" // "not recorded" stands alone
		}
		return s.t("steer.half")
	}
	answered := flow.Answered
	if m.First.Happened+m.First.Still == 0 && m.First.Unsaid > 0 {
		answered = flow.NoAnswer
	}
	unsaid := func(n int64) []link {
		if n == 0 {
			return nil
		}
		return []link{{s.t("steer.unsaid_of", "Count", n), ""}}
	}
	return []card{
		{"requests", s.number(m.Requests), "", v.to(flow.Every), join(count("steer.still_open", m.Open, flow.NeverSolved), count("steer.over_unsaid", m.Ended, flow.Ended))},
		{"solved", s.within(m.Solve.By(.5)), half(m.Solve), v.to(flow.EverSolved), times(m.Solve, flow.EverSolved, count("steer.counted_open", m.Solve.Still, flow.NeverSolved), unsaid(m.Solve.Unsaid))},
		{"first", s.within(m.First.By(.5)), half(m.First), v.to(answered), times(m.First, flow.Answered, count("steer.unanswered", m.First.Still, flow.Unanswered), count("steer.unsaid_of", m.First.Unsaid, flow.NoAnswer))},
		{"school", s.share(m.School), of(m.School), v.to(flow.AtSchool), join(count("steer.school.beyond", m.School.Of-m.School.N, flow.Beyond), count("steer.unsaid_of", m.School.Unsaid, flow.NoLine))},
		handoffs,
		{"ping_pong", s.share(m.PingPong), of(m.PingPong), v.to(flow.Returned), unsaid(m.PingPong.Unsaid)},
		{"kept", s.share(m.Kept), of(m.Kept), v.to(flow.PromiseKept), join(count("steer.kept.missed", m.Kept.Of-m.Kept.N, flow.PromiseNot), count("steer.kept.none", m.Kept.Unsaid, flow.NoPromise))},
		{"reopened", s.share(m.Reopened), of(m.Reopened), v.to(flow.Came), unsaid(m.Reopened.Unsaid)},
	}
}

// waits is the chart of on whom requests waited.
func (v flowView) waits() chart.BarsProps {
	s, m := v.says, v.Whole.Waits
	days := saying{s.ctx, true, s.zone} // waiting goes by the wall clock, whatever the rest does
	out := chart.BarsProps{ID: "waits", Caption: s.t("steer.waits.caption"), Head: [2]string{s.t("steer.waits.on"), s.t("steer.waits.share")}}
	for i, on := range flow.WaitsOn {
		b := chart.Bar{Label: s.t("steer.wait." + string(on)), Part: m.Part(i), Value: s.percent(m.Part(i))}
		if m.Requests[i] > 0 {
			b.Href = v.to(flow.WaitBehind(i))
			b.Note = s.t("steer.waits.note", "Time", days.span(m.Seconds[i]), "Count", m.Requests[i])
		}
		out.Bars = append(out.Bars, b)
	}
	return out
}

// drawn are the groups that the curve shows: the largest, of periods the
// latest, without those of which there are few. One alone is the whole.
func (v flowView) drawn() (out []flow.Group, names []string) {
	for _, g := range v.Groups {
		if !g.Rest && g.Solve.Happened+g.Solve.Still >= steer.Few {
			out = append(out, g)
		}
	}
	if len(out) > chart.MaxSeries {
		if v.Filter.By == flow.ByPeriod {
			out = out[len(out)-chart.MaxSeries:]
		} else {
			out = out[:chart.MaxSeries]
		}
	}
	if len(out) < 2 {
		return []flow.Group{{Measures: v.Whole}}, []string{v.says.t("steer.whole")}
	}
	for _, g := range out {
		names = append(names, v.says.group(v.Report, g))
	}
	return out, names
}

// detail is how many points a line is drawn with at most.
const detail = 150

// curve is the chart of the share solved within a time.
func (v flowView) curve() chart.CurveProps {
	s := v.says
	groups, names := v.drawn()
	out := chart.CurveProps{ID: "curve", Caption: s.t(v.clocked("steer.curve.caption_")), Summary: s.t("steer.curve.numbers"),
		Head: []string{s.t("steer.by." + string(v.Filter.By)), s.t("steer.table.requests"), s.t("steer.curve.half"), s.t("steer.curve.p80"), s.t("steer.curve.p90")}}
	var to int64
	for _, g := range groups {
		to = max(to, reach(g.Solve))
	}
	to, ticks := axis(to, s.wall)
	for _, x := range ticks {
		out.X = append(out.X, chart.Tick{At: float64(x) / float64(to), Text: s.tick(x, to)})
	}
	for _, y := range []float64{0, .25, .5, .75, 1} {
		out.Y = append(out.Y, chart.Tick{At: y, Text: s.percent(y)})
	}
	for i, g := range groups {
		line := chart.Series{Name: names[i]}
		for k := range int64(detail + 1) {
			line.Points = append(line.Points, chart.Point{X: float64(k) / detail, Y: g.Solve.At(to * k / detail)})
		}
		out.Series = append(out.Series, line)
		out.Rows = append(out.Rows, []string{names[i], s.number(g.Requests), s.within(g.Solve.By(.5)), s.within(g.Solve.By(.8)), s.within(g.Solve.By(.9))})
	}
	return out
}

// reach is how far to the right a line is worth drawing: to where nine in ten
// are solved, or where that is not known some way past the last part that is.
func reach(x flow.Spread) int64 {
	for _, p := range []struct {
		part  float64
		times int64
	}{{.9, 1}, {.8, 2}, {.5, 4}} {
		if w := x.By(p.part); !w.More && !w.None {
			return min(w.Seconds*p.times, x.Longest())
		}
	}
	return x.Longest()
}

// tick writes a mark of the axis in the unit of its right edge; the unit stands
// there alone, because a phone has no room for more.
func (s saying) tick(seconds, edge int64) string {
	key, unit := "steer.span.hours", 3600.0
	switch {
	case edge < 3600:
		key, unit = "steer.span.minutes", 60
	case s.wall && edge >= 48*3600:
		key, unit = "steer.span.days", 86400
	}
	places := 0
	if v := float64(seconds) / unit; v != float64(int64(v)) {
		places = 1
	}
	n := i18n.Decimal(s.ctx, float64(seconds)/unit, places)
	if seconds < edge {
		return n
	}
	return s.t(key, "N", n)
}

// axis chooses a right edge that is a round number, and the marks on the way.
func axis(to int64, days bool) (edge int64, ticks []int64) {
	steps := []int64{60, 120, 300, 600, 1800, 3600, 7200, 4 * 3600, 8 * 3600}
	unit := int64(3600)
	if days {
		steps = append(steps, 12*3600)
		unit = 86400
	}
	for n := int64(10); n < 1e6; n *= 10 {
		for _, k := range []int64{n / 10, n / 5, n / 2} {
			if k*unit > steps[len(steps)-1] {
				steps = append(steps, k*unit)
			}
		}
	}
	step := steps[len(steps)-1]
	for _, x := range steps {
		if x*5 >= to {
			step = x
			break
		}
	}
	for x := int64(0); ; x += step {
		ticks = append(ticks, x)
		if x >= to && x > 0 {
			return x, ticks
		}
	}
}

// options of the filter.

func (v flowView) sourceOptions() (out []ui.Option) {
	for _, x := range v.Sources {
		out = append(out, ui.Option{Value: strconv.FormatInt(x.ID, 10), Text: v.says.source(x)})
	}
	if len(out) != 1 {
		out = append(out, ui.Option{Value: strconv.FormatInt(flow.All, 10), Text: v.says.t("steer.source.all")})
	}
	return out
}

func (v flowView) labelOptions(any string, labels []string, chosen string) []ui.Option {
	out := []ui.Option{{Value: "", Text: v.says.t(any)}}
	found := chosen == "" || chosen == flow.Unsaid
	for _, x := range labels {
		out = append(out, ui.Option{Value: x, Text: v.says.label(x)})
		found = found || x == chosen
	}
	if !found {
		out = append(out, ui.Option{Value: chosen, Text: v.says.label(chosen)})
	}
	return append(out, ui.Option{Value: unsaid, Text: v.says.t("steer.unsaid")})
}

// said is a label as the form has it.
func said(label string) string {
	if label == flow.Unsaid {
		return unsaid
	}
	return label
}

func (v flowView) byOptions() (out []ui.Option) {
	for _, b := range flow.Bys {
		out = append(out, ui.Option{Value: string(b), Text: v.says.t("steer.by." + string(b))})
	}
	return out
}

func (v flowView) clockOptions() []ui.Option {
	return []ui.Option{{Value: "work", Text: v.says.t("steer.clock.work")}, {Value: "wall", Text: v.says.t("steer.clock.wall")}}
}

func (v flowView) clock() string {
	if v.Filter.Wall {
		return "wall"
	}
	return "work"
}

// chosen says on paper what the form says on the screen.
func (v flowView) chosen() string {
	s, f := v.says, v.Filter
	out := v.sourceName()
	for _, x := range []string{f.Place, f.Service, f.Impact} {
		if x != "" {
			out += ", " + s.label(x)
		}
	}
	if f.From.Valid() || f.To.Valid() {
		from, to := s.t("steer.bound.begin"), s.t("steer.bound.end")
		if f.From.Valid() {
			from = s.date(f.From)
		}
		if f.To.Valid() {
			to = s.date(f.To)
		}
		out += ", " + s.t("steer.between", "From", from, "To", to)
	}
	return out + ", " + s.t("steer.clock."+v.clock())
}

// measured are how the numbers are counted, in the order of the page.
var measured = []string{"requests", "solved", "first", "school", "handoffs", "ping_pong", "kept", "reopened", "waits"}
